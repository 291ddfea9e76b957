"""The data folder as frames: nothing else in the package reads it."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import pandas as pd

from cls_analysis.checks import check_tables
from cls_analysis.errors import DataError
from cls_analysis.package import PACKAGE, read_package
from cls_analysis.rules import FACETS

Frames = dict[str, pd.DataFrame]

_INSTALLED = Path(__file__).parent / "data"  # in a wheel; a clone has its data at the top
DATA = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "data"

CORPUS = [
    "territories",
    "perimeters",
    "contracts",
    "statements",
    "axes",
    "councils",
    "milestones",
    "signatories",
    "actions",
    "surveys",
    "diagnostics",
    "sources",
]
REFERENCE = ["reference-contracts", "reference-axes", "reference-codings"]
CODEBOOK = ["codebook-codes", "codebook-terms"]
NATIONAL = "national-councils"


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Tell one state of the files from another by their times and sizes."""
    try:
        # Without a data package it is a wrong folder, and may be a very large one.
        files = sorted(folder.rglob("*")) if (folder / PACKAGE).is_file() else []
        states = [(file, file.lstat()) for file in files]
    except OSError:
        return ()
    return tuple((str(file), state.st_mtime_ns, state.st_size) for file, state in states)


@lru_cache(maxsize=4)
def _examine(
    folder: Path, state: tuple[tuple[str, int, int], ...]
) -> tuple[pd.DataFrame, list[str], Frames]:
    """Check a folder; with `state` the answer lasts only as long as the files stay the same."""
    return check_tables(folder, [*CORPUS, *CODEBOOK, *REFERENCE, NATIONAL])


def examine_folder(folder: Path | str | None = None) -> tuple[pd.DataFrame, list[str], Frames]:
    """Read and check all tables of a folder.

    The same unchanged files are checked once only: it takes some tenths of a second.

    Parameters
    ----------
    folder
        A folder with a `datapackage.json`; without it, the data that travel with the package.

    Returns
    -------
    problems, notes, tables
        The problems (none: the data are good), notes on what was read in spite of an oddity,
        and the tables that have no problem by their names, with their types.

    """
    where = Path(folder) if folder is not None else DATA
    problems, notes, tables = _examine(where.absolute(), _state(where))
    return problems.copy(), [*notes], {name: table.copy() for name, table in tables.items()}


def check_folder(folder: Path | str | None = None) -> pd.DataFrame:
    """Check a folder and return every problem at once.

    Parameters
    ----------
    folder
        A folder with a `datapackage.json`; without it, the data that travel with the package.

    Returns
    -------
    DataFrame
        One row per problem: file, row (the header is row 1), column, value, problem, allowed,
        remedy. No row: the data are good.

    """
    return examine_folder(folder)[0]


def load_tables(names: Collection[str] | None = None, folder: Path | str | None = None) -> Frames:
    """Read some tables of a folder.

    Parameters
    ----------
    names
        Names of tables in the data package; without them, all that it lists.
    folder
        A folder with a `datapackage.json`; without it, the data that travel with the package.

    Returns
    -------
    dict of DataFrame
        Text has dtype `str`, whole numbers `Int64`, numbers `Float64`, true or false `boolean`;
        dates stay text, as precise as their source. An empty cell is missing: the source is
        silent.

    Raises
    ------
    DataError
        If one of the tables has a problem; it tells every problem of the folder.

    """
    problems, _, tables = examine_folder(folder)
    if len(problems) if names is None else not set(names) <= set(tables):
        raise DataError(problems)
    return {name: tables[name] for name in names or tables}


def load_corpus(folder: Path | str | None = None) -> Frames:
    """Read what the five territories state.

    Parameters
    ----------
    folder
        As in `load_tables`.

    Returns
    -------
    dict of DataFrame
        territories, contracts, statements, axes, councils, milestones, signatories, actions,
        surveys, diagnostics and sources, typed as `load_tables` says. The columns are described
        in the data folder's README.

    Raises
    ------
    DataError
        If one of these tables has a problem; it tells every problem of the folder.

    """
    return load_tables(CORPUS, folder)


def load_reference(folder: Path | str | None = None) -> Frames:
    """Read the reference contracts, their axes and the codings of these.

    Parameters
    ----------
    folder
        As in `load_tables`.

    Returns
    -------
    dict of DataFrame
        `contracts` (with the address of their source as `source_url`); `axes`; `codings` in long
        form: one row per axis_text, coder, facet and code. A text to which a coder gave no code
        in a facet has no row there.

    Raises
    ------
    DataError
        If one of these tables has a problem; it tells every problem of the folder.

    """
    tables = load_tables([*REFERENCE, "sources"], folder)
    contracts, axes, codings = (tables[name] for name in REFERENCE)
    urls = tables["sources"].set_index("source_id")["url"]
    long = (
        codings.rename(columns=FACETS)
        .melt(["axis_text", "coder"], list(FACETS.values()), "facet", "code")
        .dropna(subset="code")
    )
    long = long.assign(code=long["code"].str.split(";")).explode("code", ignore_index=True)
    return {
        "contracts": contracts.assign(source_url=contracts["source_id"].map(urls)),
        "axes": axes,
        "codings": long.astype("str"),
    }


def load_national(folder: Path | str | None = None) -> pd.DataFrame:
    """Read the number of active mental-health councils (CLSM) in France by date.

    Parameters
    ----------
    folder
        As in `load_tables`.

    Returns
    -------
    DataFrame
        One row per figure that a source publishes: date (as precise as the source; missing where
        it gives none), active, in_project, population_covered_millions, definition, the source,
        confidence, note. Figures of different definitions do not make one series.

    Raises
    ------
    DataError
        If one of these tables has a problem; it tells every problem of the folder.

    """
    return load_tables([NATIONAL], folder)[NATIONAL]


def describe_data(folder: Path | str | None = None) -> dict[str, str]:
    """Read which data these are, for captions.

    Parameters
    ----------
    folder
        As in `load_tables`.

    Returns
    -------
    dict
        `version` and `created_on` (a day) of the data package; without the ones that the package
        does not give.

    Raises
    ------
    DataError
        Where there is no data package that can be read.

    """
    package, problems = read_package(Path(folder) if folder is not None else DATA)
    if problems:
        raise DataError(problems)
    found = {"version": package.get("version"), "created_on": str(package.get("created", ""))[:10]}
    return {name: value for name, value in found.items() if value}

"""The tables that a reader consults: names instead of keys, each row with its address."""

import pandas as pd

from cls_analysis.stated import Frames


def list_contracts(corpus: Frames) -> pd.DataFrame:
    """All contracts that the sources know, the oldest first within each territory.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        territory, generation, status (at the date of the source), current (by all public
        sources), period_start, period_end, axes_announced, carried_by, perimeter (its name),
        population_count (inhabitants of the perimeter), url. Empty: the source is silent.

    """
    perimeters = corpus["perimeters"].set_index("perimeter_id")
    contracts = _named(corpus["contracts"], corpus)
    return contracts.assign(
        population_count=contracts["perimeter"].map(perimeters["population"]),
        perimeter=contracts["perimeter"].map(perimeters["name"]),
    )[
        [
            "territory",
            "generation",
            "status",
            "current",
            "period_start",
            "period_end",
            "axes_announced",
            "carried_by",
            "perimeter",
            "population_count",
            "url",
        ]
    ]


def list_signatories(corpus: Frames) -> pd.DataFrame:
    """Who signed which contract, as each source writes it.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        territory, contract_id, signatories (names as written, with ``; `` between them), url; one
        row per contract and source. A contract that is not here: no source names its signatories.

    """
    signatories = _named(corpus["signatories"], corpus)
    # By source and not by address, and with those that have none: each source is a row.
    keys = ["territory", "contract_id", "source_id", "url"]
    groups = signatories.groupby(keys, sort=False, dropna=False)["signatory"]
    listed = groups.agg("; ".join).reset_index()
    return listed.rename(columns={"signatory": "signatories"})[
        ["territory", "contract_id", "signatories", "url"]
    ]


def list_axes(corpus: Frames, coded: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every title that a page lists, priority or not, word for word.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.
    coded
        Result of `normalise` on the titles; adds the columns `code` and `words`, one row per
        code.

    Returns
    -------
    DataFrame
        territory, contract_id, kind, axis_text, and with `coded` code and words, then url. `kind`
        tells a stated priority from a need, a scope or a domain.

    """
    axes = _named(corpus["axes"], corpus).rename(columns={"label": "axis_text"})
    columns = ["territory", "contract_id", "kind", "axis_text"]
    if coded is not None:
        codes = coded[["axis_text", "code", "words"]].drop_duplicates()
        axes = axes.merge(codes, on="axis_text", how="left")
        columns += ["code", "words"]
    return axes[[*columns, "url"]]


def list_disagreements(corpus: Frames) -> pd.DataFrame:
    """Where a second source answers the same question on a contract.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        territory, contract_id, question (a column of `contracts`), answer (of the contract's own
        row; empty where it is silent), other_answer, agrees (missing where the first is silent),
        url of the second source.

    """
    others = _named(corpus["statements"], corpus)
    answers = corpus["contracts"].set_index("contract_id").astype("str")
    first = pd.Series(
        [answers.at[row.contract_id, row.column] if row.column in answers else pd.NA
         for row in others.itertuples()],
        index=others.index, dtype="str",
    ).replace({"<NA>": pd.NA, "nan": pd.NA})  # fmt: skip
    agrees = (first == others["value"]).astype("boolean").mask(first.isna())
    return others.assign(question=others["column"], answer=first, agrees=agrees).rename(
        columns={"value": "other_answer"}
    )[["territory", "contract_id", "question", "answer", "other_answer", "agrees", "url"]]


def list_steps(corpus: Frames, chronology: pd.DataFrame) -> pd.DataFrame:
    """List the dated steps with the address of each source.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.
    chronology
        Result of `chronology.chronology`.

    Returns
    -------
    DataFrame
        territory, event, date, date_until, precision, certainty, url.

    """
    urls = corpus["sources"].set_index("source_id")["url"]
    return chronology.assign(url=chronology["source_id"].map(urls))[
        ["territory", "event", "date", "date_until", "precision", "certainty", "url"]
    ]


def _named(table: pd.DataFrame, corpus: Frames) -> pd.DataFrame:
    """Add the name of the territory and the address of the source; territories in their order."""
    territories = corpus["territories"]
    if "territory_id" not in table:
        owners = corpus["contracts"].set_index("contract_id")["territory_id"]
        table = table.assign(territory_id=table["contract_id"].map(owners))
    place = {name: number for number, name in enumerate(territories["territory_id"])}
    table = table.sort_values("territory_id", key=lambda ids: ids.map(place), kind="stable")
    names = territories.set_index("territory_id")["name"]
    urls = corpus["sources"].set_index("source_id")["url"]
    return table.assign(
        territory=table["territory_id"].map(names), url=table["source_id"].map(urls)
    ).reset_index(drop=True)


def name_territories(frame: pd.DataFrame, corpus: Frames) -> pd.DataFrame:
    """Add the column `territory`, the name that goes with `territory_id`.

    Parameters
    ----------
    frame
        Any frame with `territory_id`.
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        The same rows.

    """
    names = corpus["territories"].set_index("territory_id")["name"]
    return frame.assign(territory=frame["territory_id"].map(names))


def name_pairs(matrix: pd.DataFrame, priorities: pd.DataFrame) -> pd.DataFrame:
    """Write territories instead of contracts at both sides of a square table.

    Parameters
    ----------
    matrix
        Result of `compare.similarity`, contract_id by contract_id.
    priorities
        Result of `compare.priorities` for the same contracts.

    Returns
    -------
    DataFrame
        The same values, territory names by territory names, in the order of the territories.

    """
    of_contract = priorities.drop_duplicates("contract_id").set_index("contract_id")["territory"]
    names = of_contract.to_dict()
    named = matrix.rename(index=names, columns=names)
    order = list(names.values())
    return named.loc[order, order].rename_axis(index="territory", columns=None)

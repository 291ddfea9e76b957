"""Codings set side by side: which codes each gives to the same axes.

A *coding* is a frame with the columns axis_text, facet and code: one row per text and code, and
one row with facet and code missing for a text without code. `normalise()` returns such a frame,
`select_coding()` makes one from the long codings of the reference set.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

FACETS = ("theme", "population", "lever")

Ints = npt.NDArray[np.int_]
Mask = npt.NDArray[np.bool_]


def select_coding(codings: pd.DataFrame, coder: str, axes: pd.DataFrame) -> pd.DataFrame:
    """Return what one coder gave to the texts of some axes, texts without code included.

    Parameters
    ----------
    codings : DataFrame
        Long codings: axis_text, coder, facet, code. A text without code has no row.
    coder : str
        For the reference set "coder_a", "coder_b" or "adjudicated".
    axes : DataFrame
        The axes that the coder had before them (column axis_text). Texts outside are left out.

    Returns
    -------
    DataFrame
        axis_text, facet, code: one row per distinct text and code, in the order of `axes`; facet
        and code are missing in the one row of a text without code.

    Raises
    ------
    ValueError
        If the coder does not occur in `codings`.
    """
    known = sorted(codings["coder"].unique())
    if coder not in known:
        raise ValueError(f"No coder {coder!r} in the codings; there are: {', '.join(known)}.")
    texts = axes[["axis_text"]].drop_duplicates()
    given = codings.loc[codings["coder"] == coder, ["axis_text", "facet", "code"]]
    return texts.merge(given, on="axis_text", how="left").reset_index(drop=True)


def align_codings(
    first: pd.DataFrame, second: pd.DataFrame, axes: pd.DataFrame | None
) -> tuple[list[str], Ints, Ints]:
    """Put two codings over the same units.

    Parameters
    ----------
    first, second : DataFrame
        Two codings of the same texts.
    axes : DataFrame, optional
        Column axis_text. The units are its rows; without it, the distinct texts, sorted.

    Returns
    -------
    keys : list of str
        "facet:code" for each of the K codes that occur in either, by facet and code.
    first_codes, second_codes : array, shape (units, K)
        1 where the coding gives the code to the unit, else 0.

    Raises
    ------
    ValueError
        If the codings and the axes do not hold the same texts, or hold none.
    """
    texts = {
        "the first coding": set(first["axis_text"]),
        "the second coding": set(second["axis_text"]),
    }
    if axes is not None:
        texts["the axes"] = set(axes["axis_text"])
    everything: set[str] = set().union(*texts.values())
    if not everything:
        raise ValueError("There is no axis to compare.")
    for name, held in texts.items():
        if missing := sorted(everything - held):
            shown = "; ".join(f"« {text} »" for text in missing[:5])
            raise ValueError(
                f"{len(missing)} of {len(everything)} texts are not in {name}: {shown}. All must "
                "hold the same texts. select_coding() keeps the texts of the axes and adds a row "
                "for each that got no code."
            )
    given = [frame.dropna(subset="code") for frame in (first, second)]
    labels = [frame["facet"] + ":" + frame["code"] for frame in given]
    keys = sorted({*labels[0], *labels[1]}, key=lambda key: (FACETS.index(key.split(":")[0]), key))
    units = sorted(everything) if axes is None else axes["axis_text"].tolist()
    matrices = []
    for frame, label in zip(given, labels, strict=True):
        sets = label.groupby(frame["axis_text"]).agg(set).to_dict()
        rows = [sets.get(text, set()) for text in units]
        matrices.append(MultiLabelBinarizer(classes=keys).fit_transform(rows))
    return keys, matrices[0], matrices[1]


def split_facets(keys: list[str]) -> list[tuple[str, Mask]]:
    """Return each facet with the mask of the keys that belong to it, and "all" with all of them."""
    facets = np.array([key.split(":")[0] for key in keys], dtype=str)
    inside = [(facet, np.asarray(facets == facet)) for facet in FACETS]
    return [*inside, ("all", np.ones(len(keys), dtype=bool))]


def frame_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make a frame of measures with explicit types: a missing value is pd.NA, never NaN.

    Columns that begin with n_, support and given are Int64, facet, code and note are text, all
    others Float64.
    """
    frame = pd.DataFrame(rows)
    names = [str(name) for name in frame]
    types = {name: "Int64" if name.startswith("n_") else "Float64" for name in names}
    types |= {"support": "Int64", "given": "Int64"}
    types |= {"facet": "string", "code": "string", "note": "string"}
    return frame.astype({name: types[name] for name in names})

"""Agreement between two codings of the same axes, and a coding measured against another.

The codings of the reference set were made in two separate machine-assisted passes, blind to each
other, and then adjudicated. No two humans have coded these axes: what is measured here is
consistency with the codebook, not human agreement.

A coding is a frame as `normalise()` and `codings.select_coding()` return it: axis_text, facet,
code. The unit is the axis, so a wording that two contracts share counts in both. Intervals are
95 % percentile bootstraps over contracts. Where a number is undefined, it is missing (pd.NA).
"""

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import f1_score, precision_recall_fscore_support

from cls_analysis.alpha import NOMINAL, masi, measure_alpha
from cls_analysis.bootstrap import divide, find_interval, resample_contracts
from cls_analysis.codings import align_codings, frame_of, split_facets


def alpha_by_code(
    first: pd.DataFrame, second: pd.DataFrame, axes: pd.DataFrame, codes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Measure for each code whether two codings give it to the same axes.

    Krippendorff's alpha, nominal, on "given" and "not given" for each axis: 1 is full agreement,
    0 is chance, below 0 is worse than chance.

    Parameters
    ----------
    first, second : DataFrame
        Two codings of the same texts: axis_text, facet, code.
    axes : DataFrame
        contract_id, axis_text: the axes, with the same texts as the codings.
    codes : DataFrame, optional
        facet, code: the codes to report and their order, those that never occur included; default,
        the codes that occur, by facet and code.

    Returns
    -------
    DataFrame
        facet, code, n_axes (all axes), n_used (axes to which either gives the code), agreement
        (share of axes on which both say the same), alpha, alpha_low, alpha_high, note. `note` says
        why a value is missing or an interval has no width: never_used and always_used (the axes do
        not vary: alpha is undefined), few_contracts (fewer than 5 contracts use the code: no
        interval), no_disagreement (alpha is 1 in every resample too); else missing.

    Raises
    ------
    ValueError
        If the two codings and the axes do not hold the same texts.
    """
    keys, one, two = align_codings(first, second, axes)
    contract = pd.factorize(axes["contract_id"])[0]
    wanted = keys if codes is None else list(codes["facet"] + ":" + codes["code"])
    nowhere = np.zeros(len(one), dtype=int)
    rows = []
    for key in wanted:
        values = [m[:, keys.index(key)] if key in keys else nowhere for m in (one, two)]
        measured = measure_alpha(np.stack(values), NOMINAL, np.any(values, axis=0), contract)
        facet, code = key.split(":")
        rows.append({"facet": facet, "code": code, **measured})
    return frame_of(rows)


def alpha_by_facet(first: pd.DataFrame, second: pd.DataFrame, axes: pd.DataFrame) -> pd.DataFrame:
    """Measure for each facet whether two codings give the axes the same sets of codes.

    The value of an axis is the set of its codes in the facet, the empty set included; alpha is
    Krippendorff's with the MASI distance between sets (see `alpha.masi()`), so that two sets that
    share a code disagree less than two that share none.

    Parameters
    ----------
    first, second, axes
        As in `alpha_by_code()`.

    Returns
    -------
    DataFrame
        facet (theme, population, lever, and "all": all codes of an axis as one set) and the
        measures of `alpha_by_code()`; n_used counts the axes to which either gives any code,
        agreement is the share of axes with equal sets.

    Raises
    ------
    ValueError
        If the two codings and the axes do not hold the same texts.
    """
    keys, one, two = align_codings(first, second, axes)
    contract = pd.factorize(axes["contract_id"])[0]
    rows = []
    for facet, inside in split_facets(keys):
        both = np.vstack([one[:, inside], two[:, inside]])
        sets, value = np.unique(both, axis=0, return_inverse=True)
        values = value.reshape(2, -1)
        used = np.asarray((one[:, inside] | two[:, inside]).any(axis=1))
        rows.append({"facet": facet, **measure_alpha(values, masi(sets), used, contract)})
    return frame_of(rows)


def count_confusions(first: pd.DataFrame, second: pd.DataFrame, axes: pd.DataFrame) -> pd.DataFrame:
    """Count which code one coding gives where the other gives another.

    Only axes whose codes in the facet differ count. Codes that both give are left aside; each code
    that only the first gives is paired with each that only the second gives.

    Parameters
    ----------
    first, second, axes
        As in `alpha_by_code()`.

    Returns
    -------
    DataFrame
        facet, code_first, code_second, n_axes, the most frequent pair first. A missing code: that
        coding gives nothing in its place.

    Raises
    ------
    ValueError
        If the two codings and the axes do not hold the same texts.
    """
    keys, one, two = align_codings(first, second, axes)
    pairs: list[tuple[Any, ...]] = []
    for facet, inside in split_facets(keys)[:-1]:
        codes = [key.split(":")[1] for key in np.array(keys, dtype=str)[inside]]
        for a, b in zip(one[:, inside], two[:, inside], strict=True):
            only_a = [codes[i] for i in np.flatnonzero(a > b)] or [pd.NA]
            only_b = [codes[i] for i in np.flatnonzero(b > a)] or [pd.NA]
            if (a != b).any():
                pairs += [(facet, *pair) for pair in product(only_a, only_b)]
    columns = ["facet", "code_first", "code_second"]
    found = pd.DataFrame(pairs, columns=columns).astype("string")
    counts = found.groupby(columns, dropna=False).size().rename("n_axes").reset_index()
    order = ["n_axes", *columns]
    return counts.sort_values(order, ascending=[False, True, True, True], ignore_index=True)


def evaluate(
    coded: pd.DataFrame, coding: pd.DataFrame, axes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Measure a coding, such as the normaliser's, against the one held to be right.

    Parameters
    ----------
    coded : DataFrame
        What is measured: a result of `normalise()` or another coding (axis_text, facet, code).
    coding : DataFrame
        What it is measured against, for instance `select_coding(codings, "adjudicated", axes)`.
    axes : DataFrame, optional
        contract_id, axis_text. Given, each axis counts and the values get intervals over
        contracts; else each distinct text counts once.

    Returns
    -------
    DataFrame
        One row for each facet and one for "all": facet, n_axes, n_contracts, n_codes (codes that
        occur in `coding`), micro_f1, micro_f1_low, micro_f1_high, macro_f1 (mean over the n_codes
        codes), exact (share of axes whose codes are all right), exact_low, exact_high. An F1 is
        missing where no code occurs.

    Raises
    ------
    ValueError
        If `coded`, `coding` and `axes` do not hold the same texts; the message names them.
    """
    keys, found, right = align_codings(coded, coding, axes)
    contract = None if axes is None else pd.factorize(axes["contract_id"])[0]
    rows = []
    for facet, inside in split_facets(keys):
        p, y = found[:, inside], right[:, inside]
        occurs = np.flatnonzero(y.any(axis=0))
        micro = f1_score(y, p, average="micro") if (p | y).any() else None
        macro = f1_score(y, p, labels=occurs, average="macro") if len(occurs) else None
        exact = (p == y).all(axis=1)
        # F1 = 2tp / (2tp + fp + fn): both parts add up over axes, so contracts can be resampled.
        hits = 2 * (p & y).sum(axis=1)
        f1_parts = np.column_stack([hits, hits + (p != y).sum(axis=1)])
        rows.append(
            {
                "facet": facet,
                "n_axes": len(p),
                "n_contracts": None if contract is None else contract.max() + 1,
                "n_codes": len(occurs),
                "micro_f1": micro,
                **_interval("micro_f1", f1_parts, contract),
                "macro_f1": macro,
                "exact": exact.mean(),
                **_interval("exact", np.column_stack([exact, np.ones(len(p))]), contract),
            }
        )
    return frame_of(rows)


def evaluate_by_code(
    coded: pd.DataFrame, coding: pd.DataFrame, axes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Measure each code of a coding against the one held to be right.

    Parameters
    ----------
    coded, coding, axes
        As in `evaluate()`.

    Returns
    -------
    DataFrame
        One row for each code that occurs in either: facet, code, support (axes that have it in
        `coding`), given (axes that have it in `coded`), precision (missing where never given),
        recall (missing where the support is 0), f1.

    Raises
    ------
    ValueError
        If `coded`, `coding` and `axes` do not hold the same texts.
    """
    keys, found, right = align_codings(coded, coding, axes)
    precision, recall, f1, support = precision_recall_fscore_support(
        right, found, labels=range(len(keys)), average=None, zero_division=np.nan
    )
    rows = [
        dict(zip(("facet", "code"), key.split(":"), strict=True))
        | {"support": support[i], "given": found[:, i].sum()}
        | {"precision": precision[i], "recall": recall[i], "f1": f1[i]}
        for i, key in enumerate(keys)
    ]
    return frame_of(rows)


def _interval(
    name: str, parts: npt.NDArray[Any], contract: npt.NDArray[np.int_] | None
) -> dict[str, float | None]:
    """Return the interval of a ratio of sums; `parts` holds its two parts for each axis."""
    if contract is None:
        return {f"{name}_low": None, f"{name}_high": None}
    sums = resample_contracts(parts, contract)
    low, high = find_interval(divide(sums[:, 0], sums[:, 1]))
    return {f"{name}_low": low, f"{name}_high": high}

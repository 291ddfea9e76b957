"""Krippendorff's alpha for two codings of the same axes, with any distance between values.

Source: Krippendorff 2018, Content Analysis, 4th ed., chapter 12. The value comes from the
`krippendorff` package; the bootstrap uses the same formula on sums over contracts.
"""

from typing import Any

import krippendorff
import numpy as np
import numpy.typing as npt

from cls_analysis.bootstrap import divide, find_interval, resample_contracts

MIN_CONTRACTS = 5  # a value used by fewer contracts gets no interval: resampling them says nothing

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int_]
NOMINAL = 1 - np.eye(2)  # distances of the two values "not given" and "given"


def alpha_of_counts(counts: Ints, distances: Floats) -> float:
    """Return alpha for any number of coders.

    Parameters
    ----------
    counts : array, shape (N, V)
        How many coders gave each of V values to each of N units.
    distances : array, shape (V, V)
        The distance between each two values: 1 - identity for nominal data.

    Returns
    -------
    float
        NaN where all units have the same value: alpha is not defined there.
    """
    if np.count_nonzero(counts.any(axis=0)) < 2:
        return float("nan")

    def distance(v1: Any, v2: Any, i1: Ints, i2: Ints, n_v: Any, dtype: Any = float) -> Any:
        return distances[i1, i2].astype(dtype)

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=distance))


def resampled_alphas(disagreement: Floats, totals: Floats, distances: Floats) -> Floats:
    """Return alpha for B samples of units to which each of two coders gave a value.

    Parameters
    ----------
    disagreement : array, shape (B,)
        The distance between the two coders' values, summed over the sample's units.
    totals : array, shape (B, V)
        How often each value occurs in the sample, both coders together.
    distances : array, shape (V, V)
        As in `alpha_of_counts()`.

    Returns
    -------
    array, shape (B,)
        NaN where all units of the sample have the same value.
    """
    n = totals.sum(axis=1)
    expected = np.einsum("bv,vw,bw->b", totals, distances, totals, optimize=True)
    return 1 - divide(2 * disagreement * (n - 1), expected)


def measure_alpha(
    values: Ints, distances: Floats, used: npt.NDArray[np.bool_], contract: Ints
) -> dict[str, Any]:
    """Return agreement, alpha and its interval for two codings' values.

    Parameters
    ----------
    values : array, shape (2, N)
        The value of each of N axes in either coding, as a number from 0 to V - 1.
    distances : array, shape (V, V)
        As in `alpha_of_counts()`.
    used : array, shape (N,)
        Whether either coding gives the axis anything.
    contract : array, shape (N,)
        The number of each axis' contract, from 0.

    Returns
    -------
    dict
        n_axes, n_used, agreement, alpha, alpha_low, alpha_high, note: the columns that
        `agreement.alpha_by_code()` describes.
    """
    counts = (values[..., None] == np.arange(len(distances))).sum(axis=0)
    alpha, low, high, note = alpha_of_counts(counts, distances), np.nan, np.nan, None
    if np.isnan(alpha):
        note = "always_used" if used.any() else "never_used"
    elif len(np.unique(contract[used])) < MIN_CONTRACTS:
        note = "few_contracts"
    else:
        between = distances[values[0], values[1]]
        sums = resample_contracts(np.column_stack([between, counts]), contract)
        low, high = find_interval(resampled_alphas(sums[:, 0], sums[:, 1:], distances))
        note = None if (values[0] != values[1]).any() else "no_disagreement"
    return {
        "n_axes": values.shape[1],
        "n_used": np.count_nonzero(used),
        "agreement": (values[0] == values[1]).mean(),
        "alpha": alpha,
        "alpha_low": low,
        "alpha_high": high,
        "note": note,
    }


def masi(sets: Ints) -> Floats:
    """Return the MASI distance between each two sets (Passonneau 2006, LREC).

    One minus the Jaccard index times 1 for equal sets, 2/3 where one holds the other, 1/3 where
    they overlap, 0 where they share nothing.

    Parameters
    ----------
    sets : array, shape (V, C)
        One set a row: 1 where it holds the code, else 0.

    Returns
    -------
    array, shape (V, V)
        0 for equal sets (two empty ones too), 1 for sets that share nothing.
    """
    both = sets @ sets.T
    size = sets.sum(axis=1)
    either = size[:, None] + size[None, :] - both
    jaccard = np.divide(both, either, out=np.ones(both.shape), where=either > 0)
    smaller = np.minimum(size[:, None], size[None, :])
    weight = np.select([both == either, both == smaller, both > 0], [1.0, 2 / 3, 1 / 3], 0.0)
    return np.asarray(1 - jaccard * weight)

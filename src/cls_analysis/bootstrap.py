"""Intervals for shares and agreements of axes: a percentile bootstrap over contracts.

All axes of a contract are drawn together, because axes of one contract are not independent. The
draws are seeded, so that two runs give the same numbers.
"""

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000
SEED = 20240422
LEVEL = 0.95

Floats = npt.NDArray[np.float64]


def resample_contracts(values: npt.ArrayLike, contract: npt.NDArray[np.int_]) -> Floats:
    """Sum columns over bootstrap samples of contracts.

    Parameters
    ----------
    values : array, shape (N, K)
        K numbers for each of N axes.
    contract : array, shape (N,)
        The number of each axis' contract, from 0.

    Returns
    -------
    array, shape (RESAMPLES, K)
        The sums of the columns in each sample of as many contracts as there are.
    """
    values = np.asarray(values, dtype=float)
    n = int(contract.max()) + 1
    by_contract = np.zeros((n, values.shape[1]))
    np.add.at(by_contract, contract, values)
    weights = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    return np.asarray(weights @ by_contract)


def find_interval(estimates: Floats) -> tuple[float, float]:
    """Return the ends of the middle 95 % of estimates; NaN estimates (undefined) are left out."""
    estimates = estimates[~np.isnan(estimates)]
    if not len(estimates):
        return float("nan"), float("nan")
    low, high = np.quantile(estimates, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def divide(upper: Floats, lower: Floats) -> Floats:
    """Return the ratios, NaN where the lower number is not above 0."""
    ratios = np.full(upper.shape, np.nan)
    np.divide(upper, lower, out=ratios, where=lower > 0)
    return ratios

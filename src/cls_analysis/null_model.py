"""What chance alone would draw: tables with the same row and column totals."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Trades before the first draw and between two draws, per row of the table. On the themes of the
# reference, two successive draws then differ in as many cells (28.0 %) as two draws far apart
# (28.1 %).
BURN_IN, THINNING = 50, 10


def curveball(
    matrix: NDArray[np.bool_],
    n_draws: int = 999,
    seed: int = 0,
    *,
    burn_in: int = BURN_IN,
    thinning: int = THINNING,
) -> Iterator[NDArray[np.bool_]]:
    """Draw random tables that keep the row and the column totals of a table.

    Here: every contract keeps its number of codes and every code its number of contracts, and
    which codes go together is left to chance.

    Parameters
    ----------
    matrix
        Contracts by codes, shape (n, m).
    n_draws
        Number of tables.
    seed
        Of NumPy's generator; the same seed gives the same tables.
    burn_in, thinning
        Trades per row before the first draw and before each later one.

    Yields
    ------
    ndarray of bool
        Shape (n, m). A table with fewer than two rows comes back as it is.

    Notes
    -----
    Curveball algorithm of Strona et al. 2014 (doi:10.1038/ncomms5114): two rows at a time put
    the codes that only one of them has into a pool, and draw back as many as each had. A trade
    that changes nothing counts as a step, so that all tables are equally likely (Carstens 2015,
    doi:10.1103/PhysRevE.91.042812).

    """
    rng = np.random.default_rng(seed)
    matrix = np.asarray(matrix, dtype=bool)
    rows = [set(np.flatnonzero(row).tolist()) for row in matrix]
    for draw in range(n_draws):
        _trade(rows, rng, len(rows) * (burn_in if draw == 0 else thinning))
        drawn = np.zeros_like(matrix)
        for place, codes in enumerate(rows):
            drawn[place, list(codes)] = True
        yield drawn


def _trade(rows: list[set[int]], rng: np.random.Generator, n_trades: int) -> None:
    """Let pairs of rows trade the codes that only one of the two has, in place."""
    if len(rows) < 2:
        return
    first = rng.integers(len(rows), size=n_trades)
    second = (first + rng.integers(1, len(rows), size=n_trades)) % len(rows)
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        common = rows[one] & rows[other]
        pool = sorted(rows[one] ^ rows[other])
        n_one = len(rows[one]) - len(common)
        if 0 < n_one < len(pool):
            pool = rng.permutation(pool).tolist()
            rows[one] = common.union(pool[:n_one])
            rows[other] = common.union(pool[n_one:])


def compare_with_null(observed: dict[str, float], null: pd.DataFrame) -> pd.DataFrame:
    """Set each measure beside its distribution under the null model.

    Parameters
    ----------
    observed
        Measures of the table itself, by name; see `measure_structure`.
    null
        One row per random table, one column per measure.

    Returns
    -------
    DataFrame
        One row per measure: measure, k (missing for the cophenetic correlation), observed,
        expected (mean of the null), null_low, null_high (its 2.5 % and 97.5 % points), p
        ((1 + draws at least as large) / (1 + draws)).

    """
    measures = pd.Series(observed)
    cuts = measures.filter(regex=r"^silhouette_")
    ks = {name: int(name.rpartition("_")[2]) for name in cuts.index}
    ks["best_silhouette"] = ks[str(cuts.idxmax())]
    # Equal values may differ in the last digit.
    as_large = (null[measures.index] >= measures - 1e-9).sum()
    summary = pd.DataFrame(
        {
            "k": pd.Series(ks, dtype="Int64").reindex(measures.index),
            "observed": measures,
            "expected": null[measures.index].mean(),
            "null_low": null[measures.index].quantile(0.025),
            "null_high": null[measures.index].quantile(0.975),
            "p": (1 + as_large) / (1 + len(null)),
        }
    )
    return summary.rename_axis("measure").reset_index()

"""A tree of contracts by what they state, and how well it fits their distances."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import cophenet, cut_tree, linkage
from scipy.spatial.distance import pdist, squareform

from cls_analysis.stated import keep_facet, state_matrix

MOST_CLUSTERS = 8


def make_matrix(stated: pd.DataFrame, facet: str | None = "theme") -> pd.DataFrame:
    """Contracts by codes, for the signed contracts with complete lists that state a code.

    Parameters
    ----------
    stated
        Result of `reference_stated`.
    facet
        "theme", "population" or "lever"; all three when None.

    Returns
    -------
    DataFrame of bool
        contract_id by code. `.attrs["without_code"]` lists the contracts with a complete list
        that were left out because they state no code of the facet: they have no distance.

    Raises
    ------
    DataError
        A facet that does not exist.

    """
    stated = keep_facet(stated, facet)
    matrix = state_matrix(stated[stated["complete"]])
    kept = matrix[matrix.any(axis=1)].copy()
    kept.attrs["without_code"] = matrix.index[~matrix.any(axis=1)].tolist()
    return kept


def build_tree(matrix: pd.DataFrame) -> tuple[NDArray[np.float64], list[Any]]:
    """Cluster contracts by average linkage on their Jaccard distances.

    Parameters
    ----------
    matrix
        Result of `make_matrix`, two contracts or more.

    Returns
    -------
    linkage : ndarray
        As `scipy.cluster.hierarchy.linkage`.
    leaves : list
        Index values of `matrix`, in the order in which the linkage numbers them. Contracts are
        sorted by what they state, so that ties are settled alike whatever the order of rows.

    """
    order = _sort_rows(matrix.to_numpy())
    tree = linkage(pdist(matrix.to_numpy()[order], "jaccard"), "average")
    return tree, matrix.index[order].tolist()


def cut_clusters(matrix: pd.DataFrame, k: int) -> pd.Series:
    """Cut the tree into k clusters.

    Parameters
    ----------
    matrix
        Result of `make_matrix`, at least k contracts.
    k
        Number of clusters.

    Returns
    -------
    Series of int
        Cluster of each contract, numbered from 1, the largest first; index as `matrix`.

    """
    tree, leaves = build_tree(matrix)
    labels = pd.Series(cut_tree(tree, [k])[:, 0].tolist(), index=leaves)
    sizes = labels.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    numbers = {label: number for number, label in enumerate(sizes.index, start=1)}
    return labels.map(numbers).reindex(matrix.index).rename("cluster")


def measure_structure(matrix: NDArray[np.bool_]) -> dict[str, float]:
    """Measure how well the tree and its cuts fit the distances.

    Parameters
    ----------
    matrix
        Contracts by codes, shape (n, m), each row with a code, n >= 4.

    Returns
    -------
    dict of float
        "silhouette_2" to "silhouette_8" (mean silhouette of the cut in k clusters, k <= n / 2),
        "best_silhouette" (the largest of them) and "cophenetic" (correlation of the distances
        with those that the tree draws; 1 where all distances are equal).

    """
    distances = pdist(matrix[_sort_rows(matrix)], "jaccard")
    tree, square = linkage(distances, "average"), squareform(distances)
    ks = range(2, min(MOST_CLUSTERS, len(matrix) // 2) + 1)
    cuts = cut_tree(tree, ks)
    measures = {
        f"silhouette_{k}": measure_silhouette(square, cuts[:, place]) for place, k in enumerate(ks)
    }
    measures["best_silhouette"] = max(measures.values())
    flat = np.ptp(distances) == 0
    measures["cophenetic"] = 1.0 if flat else float(cophenet(tree, distances)[0])
    return measures


def measure_silhouette(distances: NDArray[np.float64], labels: NDArray[np.int_]) -> float:
    """Mean silhouette of a partition (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7).

    Parameters
    ----------
    distances
        Between n contracts, shape (n, n).
    labels
        Cluster of each contract from 0, shape (n,); two clusters or more, none empty.

    Returns
    -------
    float
        From -1 to 1; a contract alone in its cluster counts 0. It is what scikit-learn's
        `silhouette_score` gives (a test compares them), without the checks of the input that
        would take most of the time of a null model.

    """
    own = labels[:, None] == np.arange(labels.max() + 1)
    sizes = own.sum(axis=0)
    totals = distances @ own
    within = totals[own] / np.maximum(sizes[labels] - 1, 1)
    nearest = np.where(own, np.inf, totals / sizes).min(axis=1)
    widest = np.maximum(within, nearest)
    defined = (sizes[labels] > 1) & (widest > 0)
    return float(np.mean(np.where(defined, (nearest - within) / np.where(defined, widest, 1), 0)))


def _sort_rows(matrix: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Order of the rows by what they state, the first column counting most."""
    return np.lexsort(matrix.T[::-1])

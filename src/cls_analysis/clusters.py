"""Do contracts fall into types? Hierarchical clusters, their stability, and what chance draws."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from cls_analysis.null_model import compare_with_null, curveball
from cls_analysis.tree import cut_clusters, make_matrix, measure_structure

# Hennig's limits for the mean bootstrap Jaccard of a cluster.
STABLE, NO_CLUSTER = 0.75, 0.6
LEVEL = 0.05


def measure_stability(
    matrix: pd.DataFrame, k: int, n_samples: int = 200, seed: int = 0
) -> pd.DataFrame:
    """Measure how often each cluster comes back when contracts or codes are taken away.

    Parameters
    ----------
    matrix
        Result of `make_matrix`, more than k contracts.
    k
        Number of clusters.
    n_samples
        Bootstrap samples of the contracts.
    seed
        Of NumPy's generator.

    Returns
    -------
    DataFrame
        One row per cluster: cluster, n_contracts, codes (list: stated by at least half of its
        contracts), bootstrap_jaccard (mean over the samples of the Jaccard similarity with the
        most similar cluster found there; missing where no sample holds the cluster),
        leave_one_out_mean, leave_one_out_min (the same without each code in turn), weakest_code
        (the code whose absence gives the minimum) and verdict: "stable" (bootstrap_jaccard
        >= 0.75), "not_a_cluster" (< 0.6) or "doubtful".

    Notes
    -----
    Clusterwise stability of Hennig 2007 (doi:10.1016/j.csda.2006.11.025). A contract drawn
    several times enters a sample once, as in his own program.

    """
    clusters = cut_clusters(matrix, k)
    rng = np.random.default_rng(seed)
    samples = []
    for _ in range(n_samples):
        places = np.unique(rng.integers(len(matrix), size=len(matrix)))
        samples.append(_recover(clusters, matrix.iloc[places], k))
    without = {
        code: _recover(clusters, left[left.any(axis=1)], k)
        for code in matrix.columns
        if (left := matrix.drop(columns=code)).any(axis=1).sum() > k
    }
    numbers = range(1, k + 1)
    bootstrap = pd.DataFrame(samples, columns=numbers).mean()
    lost = pd.DataFrame(without, index=numbers).T.dropna(how="all", axis=1)
    verdict = pd.cut(
        bootstrap,
        [-np.inf, NO_CLUSTER, STABLE, np.inf],
        right=False,
        labels=["not_a_cluster", "doubtful", "stable"],
    )
    stating = matrix.groupby(clusters).mean()
    frame = pd.DataFrame(
        {
            "n_contracts": clusters.value_counts(),
            "codes": [stating.columns[row >= 0.5].tolist() for row in stating.to_numpy()],
            "bootstrap_jaccard": bootstrap,
            "leave_one_out_mean": lost.mean(),
            "leave_one_out_min": lost.min(),
            "weakest_code": lost.idxmin(),
            "verdict": verdict.astype("str"),
        },
        index=pd.Index(numbers, name="cluster"),
    )
    return frame.reset_index()


def _recover(clusters: pd.Series, part: pd.DataFrame, k: int) -> dict[int, float]:
    """Cluster a part again; give each old cluster its best Jaccard with a new one."""
    if len(part) <= k:
        return {}
    old = clusters[part.index].to_numpy()[:, None] == np.arange(1, k + 1)
    new = cut_clusters(part, k).to_numpy()[:, None] == np.arange(1, k + 1)
    both = old.T.astype(int) @ new
    either = old.sum(axis=0)[:, None] + new.sum(axis=0) - both
    best = (both / either).max(axis=1)
    return {place + 1: best[place] for place in np.flatnonzero(old.any(axis=0)).tolist()}


def find_reason(matrix: pd.DataFrame) -> str | None:
    """Say why contracts cannot be clustered, or None where they can.

    Parameters
    ----------
    matrix
        Result of `make_matrix`.

    Returns
    -------
    str or None
        "too_few_contracts" (fewer than four) or "all_alike" (all state the same codes).

    """
    if len(matrix) < 4:
        return "too_few_contracts"
    return "all_alike" if len(matrix.drop_duplicates()) == 1 else None


def conclude(p: float, stability: pd.DataFrame) -> str:
    """Decide whether the contracts fall into types, by one rule fixed beforehand.

    Parameters
    ----------
    p
        Of the best silhouette under the null model, in which the best number of clusters is
        chosen anew for every draw.
    stability
        Result of `measure_stability`.

    Returns
    -------
    str
        "some_structure" when p <= 0.05 and at least two clusters are stable; otherwise
        "no_more_than_chance".

    """
    stable = (stability["verdict"] == "stable").sum()
    return "some_structure" if p <= LEVEL and stable >= 2 else "no_more_than_chance"


def find_clusters(
    stated: pd.DataFrame,
    facet: str | None = "theme",
    n_draws: int = 999,
    seed: int = 0,
    *,
    n_samples: int = 200,
) -> dict[str, Any]:
    """Answer the question as a whole: clusters, stability, null model, decision.

    Parameters
    ----------
    stated
        Result of `reference_stated`.
    facet
        "theme", "population" or "lever"; all three when None.
    n_draws
        Random tables of the null model.
    seed
        Of NumPy's generator; the same seed gives the same result.
    n_samples
        Bootstrap samples for the stability of the clusters.

    Returns
    -------
    dict
        matrix (`make_matrix`), reason (`find_reason`), decision ("no_more_than_chance",
        "some_structure", or "not_tested" where there is a reason); and where there is none: k
        (best by silhouette), k_at_limit (whether it is the largest k tried, so that the number of
        clusters is not settled), clusters (`cut_clusters`), summary (`compare_with_null`), null
        (one row per draw, one column per measure), stability (`measure_stability`).

    Raises
    ------
    DataError
        A facet that does not exist.

    """
    matrix = make_matrix(stated, facet)
    reason = find_reason(matrix)
    if reason is not None:
        return {"matrix": matrix, "reason": reason, "decision": "not_tested"}
    draws = curveball(matrix.to_numpy(), n_draws, seed)
    null = pd.DataFrame(measure_structure(draw) for draw in draws)
    summary = compare_with_null(measure_structure(matrix.to_numpy()), null)
    best = summary.set_index("measure").loc["best_silhouette"].to_dict()
    k = int(best["k"])
    stability = measure_stability(matrix, k, n_samples, seed)
    return {
        "matrix": matrix,
        "reason": None,
        "decision": conclude(best["p"], stability),
        "k": k,
        "k_at_limit": k == summary["k"].max(),
        "clusters": cut_clusters(matrix, k),
        "summary": summary,
        "null": null,
        "stability": stability,
    }


def find_by_facet(
    stated: pd.DataFrame, n_draws: int = 999, seed: int = 0
) -> dict[str, dict[str, Any]]:
    """Ask the same question of every facet.

    Parameters
    ----------
    stated, n_draws, seed
        As in `find_clusters`.

    Returns
    -------
    dict
        Result of `find_clusters` by facet, and for all codes together under "all".

    """
    facets = dict.fromkeys(stated["facet"])
    found = {facet: find_clusters(stated, facet, n_draws, seed) for facet in facets}
    return found | {"all": find_clusters(stated, None, n_draws, seed)}


def compare_facets(found: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Set the answers of all facets side by side, corrected for having asked several times.

    Parameters
    ----------
    found
        Result of `find_by_facet`.

    Returns
    -------
    DataFrame
        One row per facet: facet, n_contracts (that state a code of it), n_without_code (complete
        contracts left out since they state none), k, k_at_limit, observed and expected (best
        silhouette), p, p_adjusted (Benjamini-Hochberg over the rows), decision: "not_tested",
        "not_settled" (k is the largest tried), or else the rule of `conclude` with p_adjusted.
        Numbers are missing where a facet cannot be tested.

    """
    rows: list[dict[str, Any]] = []
    for facet, result in found.items():
        row = {
            "facet": facet,
            "n_contracts": len(result["matrix"]),
            "n_without_code": len(result["matrix"].attrs["without_code"]),
            "decision": result["decision"],
        }
        if result["reason"] is None:
            best = result["summary"].set_index("measure").loc["best_silhouette"]
            row |= {"k": result["k"], "k_at_limit": result["k_at_limit"]}
            row |= best[["observed", "expected", "p"]].to_dict()
        rows.append(row)
    columns = ["facet", "n_contracts", "n_without_code", "k", "k_at_limit", "observed", "expected"]
    frame = pd.DataFrame(rows).reindex(columns=[*columns, "p", "p_adjusted", "decision"])
    tested = frame["p"].notna()
    p = frame.loc[tested, "p"].astype("float64")
    frame.loc[tested, "p_adjusted"] = false_discovery_control(p) if len(p) else p
    for place in p.index:
        row, result = frame.loc[place], found[frame.loc[place, "facet"]]
        decision = conclude(row["p_adjusted"], result["stability"])
        frame.loc[place, "decision"] = "not_settled" if row["k_at_limit"] else decision
    return frame.astype({"k": "Int64", "k_at_limit": "boolean"})

"""Priorities by territory, the share of contracts that state each code, and how alike they are."""

from typing import Literal

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform
from scipy.stats import binomtest

from cls_analysis.names import look_up, slug
from cls_analysis.stated import (
    STATES,
    Evidence,
    Frames,
    corpus_stated,
    keep_facet,
    reference_stated,
    select_contracts,
    state_matrix,
)
from cls_analysis.tables import load_corpus, load_reference

GROUPS = ["region", "period", "territory_type"]
UNKNOWN = "unknown"


def priorities(
    corpus: Frames | None = None,
    facet: str | None = None,
    evidence: Evidence = "all",
    *,
    stated: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare the five territories: what each states as a priority, code by code.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`; loaded when None.
    facet
        "theme", "population" or "lever"; all three when None.
    evidence
        "own_page" (the contract that the territory's own page describes, by that page alone) or
        "all" (the current contract, by all public sources).
    stated
        Result of `corpus_stated` for the same evidence, where it was made before.

    Returns
    -------
    DataFrame
        One row per territory and code, territories in the order of their table, codes in the
        order of the codebook: territory_id, territory (the name), contract_id (missing where the
        evidence knows no contract), status, facet, code, state. `state` has the categories
        stated, mentioned, not_stated, no_text (see `reference_stated`).

    Raises
    ------
    DataError
        A facet or an evidence that does not exist.

    """
    corpus = load_corpus() if corpus is None else corpus
    stated = corpus_stated(corpus, evidence=evidence) if stated is None else stated
    stated = keep_facet(stated, facet)
    territories = corpus["territories"][["territory_id", "name"]]
    chosen = select_contracts(corpus, evidence)[["territory_id", "contract_id", "status"]]
    rows = territories.merge(chosen, on="territory_id", how="left")
    rows = rows.merge(stated[["facet", "code"]].drop_duplicates(), how="cross")
    rows = rows.merge(stated, on=["contract_id", "facet", "code"], how="left")
    state = rows["state"].astype("object").fillna("no_text")
    rows["state"] = pd.Categorical(state, categories=STATES)
    return rows.drop(columns="complete").rename(columns={"name": "territory"})


def count_states(priorities: pd.DataFrame) -> pd.DataFrame:
    """Count the cells of each state by territory, for captions.

    Parameters
    ----------
    priorities
        Result of `priorities`.

    Returns
    -------
    DataFrame
        One row per territory: territory_id, territory, stated, mentioned, not_stated, no_text
        (numbers of codes) and has_text (True where the contract states priorities at all: the
        denominator of a caption is their number, the others are silent).

    """
    keys = ["territory_id", "territory"]
    counts = priorities.groupby(keys, sort=False)["state"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=STATES, fill_value=0).reset_index().rename_axis(columns=None)
    return counts.assign(has_text=(counts["stated"] + counts["not_stated"]) > 0)


def prevalence(
    reference: Frames | None = None,
    by: Literal["region", "period", "territory_type"] | None = None,
    facet: str | None = None,
    *,
    stated: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Share of the signed contracts that state each code, with its 95 % interval.

    The share is taken over the signed contracts whose list of axes is complete. A contract with
    an incomplete list may say yes and can never say no: counting its yes in the share would
    raise every share, so it has a column of its own. Contracts in preparation do not count.

    Parameters
    ----------
    reference
        Tables of `load_reference()`; loaded when None.
    by
        "region", "period" (five years, of the signature or else of the start) or
        "territory_type"; all contracts together when None.
    facet
        "theme", "population" or "lever"; all three when None.
    stated
        Result of `reference_stated`, where it was made before or made otherwise.

    Returns
    -------
    DataFrame
        One row per group and code, codes in the order of the codebook:

        - group: "all", or the value of `by` ("unknown" where the table is silent),
        - facet, code,
        - n_stating: complete lists that state the code, n_contracts: complete lists,
        - n_incomplete_stating: incomplete lists that state it all the same,
        - n_silent: signed contracts that neither state it nor can say no,
        - share, share_low, share_high: fraction and Wilson interval (Wilson 1927,
          doi:10.1080/01621459.1927.10502953); missing where n_contracts is 0,
        - reason: "no_complete_list" where the share is missing, else missing.

    Raises
    ------
    DataError
        A facet or a grouping that does not exist.

    Notes
    -----
    The contract is the unit. A territory with two contracts counts twice.

    """
    reference = load_reference() if reference is None else reference
    stated = keep_facet(reference_stated(reference) if stated is None else stated, facet)
    contracts = reference["contracts"]
    signed = contracts[contracts["status"] != "in_preparation"]
    groups = signed[["contract_id"]].assign(group=_group(signed, by))
    rows = stated.merge(groups, on="contract_id")
    yes = rows["state"] == "stated"
    rows = rows.assign(
        n_stating=yes & rows["complete"],
        n_contracts=rows["complete"],
        n_incomplete_stating=yes & ~rows["complete"],
        n_silent=~yes & ~rows["complete"],
    )
    counts = rows.groupby(["group", "facet", "code"], sort=False)[
        ["n_stating", "n_contracts", "n_incomplete_stating", "n_silent"]
    ].sum()
    counts = (
        counts.astype("int64")
        .reset_index()
        .sort_values("group", kind="stable", key=lambda names: names.map(slug))
    )
    shares = [
        wilson(*pair) for pair in zip(counts["n_stating"], counts["n_contracts"], strict=True)
    ]
    counts[["share", "share_low", "share_high"]] = np.array(shares).reshape(-1, 3)
    reason = pd.Series("no_complete_list", index=counts.index, dtype="string")
    return counts.assign(reason=reason.where(counts["n_contracts"] == 0)).reset_index(drop=True)


def _group(contracts: pd.DataFrame, by: str | None) -> "pd.Series[str]":
    """Name the group of each contract."""
    if by is None:
        return pd.Series("all", index=contracts.index)
    if look_up(by, GROUPS, "grouping") != "period":
        return contracts[by].astype("object").fillna(UNKNOWN)
    first = read_year(contracts) // 5 * 5
    return (first.astype("string") + "-" + (first + 4).astype("string")).fillna(UNKNOWN)


def read_year(contracts: pd.DataFrame) -> "pd.Series[int]":
    """Year of each contract: of its signature, or else of the start of its period.

    Parameters
    ----------
    contracts
        With `signature_date` (text that begins with the year) and `period_start`.

    Returns
    -------
    Series of Int64
        Missing where both are.

    """
    signed = contracts["signature_date"].astype("string").str[:4]
    year = signed.fillna(contracts["period_start"].astype("string").str[:4])
    return pd.to_numeric(year).astype("Int64")


def wilson(n_stating: int, n_contracts: int) -> tuple[float, float, float]:
    """Give a share with its Wilson 95 % interval.

    Parameters
    ----------
    n_stating, n_contracts
        Numerator and denominator.

    Returns
    -------
    tuple of float
        Share, low and high end, as fractions; all three missing where nothing was counted.

    """
    if n_contracts == 0:
        return np.nan, np.nan, np.nan
    interval = binomtest(n_stating, n_contracts).proportion_ci(method="wilson")
    return n_stating / n_contracts, float(interval.low), float(interval.high)


def similarity(stated: pd.DataFrame, facet: str | None = None) -> pd.DataFrame:
    """Jaccard similarity of the contracts: codes that both state / codes that either states.

    Parameters
    ----------
    stated
        Result of `corpus_stated` or `reference_stated`, or both stacked.
    facet
        "theme", "population" or "lever"; all three when None.

    Returns
    -------
    DataFrame
        Square, contract_id by contract_id, from 0 (nothing in common) to 1. Missing, never 0,
        in the row and the column of a contract that states no code of the facet or whose list is
        incomplete.

    Raises
    ------
    DataError
        A facet that does not exist.

    """
    stated = keep_facet(stated, facet)
    matrix = state_matrix(stated[stated["complete"]]).reindex(
        stated["contract_id"].unique(), fill_value=False
    )
    states = matrix.to_numpy(dtype=bool)
    alike = np.ones((len(matrix), len(matrix)))
    if len(matrix) > 1:
        alike = 1 - squareform(pdist(states, metric="jaccard"))
    silent = ~states.any(axis=1)
    alike[silent, :] = alike[:, silent] = np.nan
    return pd.DataFrame(alike, index=matrix.index, columns=matrix.index)

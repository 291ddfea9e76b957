"""What one contract states that few others do, and what most others state and it does not."""

import pandas as pd
from scipy.stats import false_discovery_control

from cls_analysis.compare import wilson
from cls_analysis.names import look_up
from cls_analysis.stated import (
    Evidence,
    Frames,
    corpus_stated,
    keep_facet,
    reference_stated,
    select_contracts,
)
from cls_analysis.tables import load_corpus, load_reference

# What "few others" and "most others" mean.
FEW, MOST = 0.2, 0.5
COLUMNS = {
    "facet": "str",
    "code": "str",
    "finding": "str",
    "states": "bool",
    "n_others_stating": "int64",
    "n_others": "int64",
    "share_others": "float64",
    "share_low": "float64",
    "share_high": "float64",
    "p": "float64",
    "p_adjusted": "float64",
}


def distinctive(
    territory: str,
    facet: str | None = None,
    evidence: Evidence = "all",
    *,
    corpus: Frames | None = None,
    reference: Frames | None = None,
    stated: pd.DataFrame | None = None,
    background: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Set one contract against the signed reference contracts with complete lists.

    Parameters
    ----------
    territory
        A `territory_id` of the five, or a `contract_id` of the reference.
    facet
        "theme", "population" or "lever"; all three when None.
    evidence
        "own_page" or "all", for one of the five.
    corpus, reference
        Tables of `load_corpus()` and `load_reference()`; loaded when None.
    stated, background
        Results of `corpus_stated` and `reference_stated`, where they were made before.

    Returns
    -------
    DataFrame
        One row per code of the facet, the least probable first:

        - facet, code,
        - finding: "stated_by_few" (stated here and by at most a fifth of the others),
          "omitted" (not stated here, stated by at least half of the others), else missing,
        - states: whether this contract states the code,
        - n_others_stating, n_others, share_others, share_low, share_high (Wilson 95 %),
        - p: exact probability, p_adjusted: corrected for the number of codes
          (Benjamini-Hochberg).

        No row, and the reason in `.attrs["reason"]`, where nothing can be said:
        "in_preparation", "no_text" (no axis can be read), "incomplete_list" or
        "no_background". `.attrs["reason"]` is missing (None) otherwise. `.attrs["smallest_p"]`
        is the smallest `p_adjusted` that one lone code could reach: above 0.05, no single code
        can be called unusual with a background of this size, whatever the contract states.
        `.attrs["volets"]` lists the parts of a contract that its axes belong to, where it is
        signed in parts: what a later part may add cannot be known.

    Raises
    ------
    DataError
        A territory, a facet or an evidence that does not exist.

    Notes
    -----
    The contract and its n others are taken as exchangeable. Given that t of the n + 1 contracts
    state a code, the probability that one drawn at random states it is t / (n + 1), and that it
    does not is 1 - t / (n + 1); `p` is the one of the two that happened. It is Fisher's exact
    test (one-sided) of one contract against n. The other contracts of the same territory are
    left out of the background: a contract and its predecessor are not independent.

    """
    corpus = load_corpus() if corpus is None else corpus
    reference = load_reference() if reference is None else reference
    background = reference_stated(reference) if background is None else background
    five, contracts = corpus["territories"], reference["contracts"]
    known = [*five["territory_id"], *contracts["contract_id"]]
    territory = look_up(territory, known, "territory")
    if territory in set(five["territory_id"]):
        stated = corpus_stated(corpus, evidence=evidence) if stated is None else stated
        chosen = select_contracts(corpus, evidence)
        chosen = chosen[chosen["territory_id"] == territory]
        names = five.loc[five["territory_id"] == territory, "name"]
    else:
        stated = background
        chosen = contracts[contracts["contract_id"] == territory]
        names = chosen["territory"]
    own = keep_facet(stated, facet)
    own = own[own["contract_id"].isin(chosen["contract_id"])]
    same = contracts.loc[contracts["territory"].isin(names), "contract_id"]
    others = keep_facet(background, facet)
    others = others[others["complete"] & ~others["contract_id"].isin(same)]
    rows = _compare(own, others, _reason(own, others, chosen))
    axes = corpus["axes"][corpus["axes"]["contract_id"].isin(chosen["contract_id"])]
    rows.attrs["volets"] = axes["volet"].dropna().unique().tolist()
    return rows


def _reason(own: pd.DataFrame, others: pd.DataFrame, chosen: pd.DataFrame) -> str | None:
    """Say why a contract cannot be compared, or None where it can."""
    if (chosen["status"] == "in_preparation").any():
        return "in_preparation"
    if not own["complete"].any():
        return "incomplete_list" if (own["state"] == "stated").any() else "no_text"
    return "no_background" if others.empty else None


def _compare(own: pd.DataFrame, others: pd.DataFrame, reason: str | None) -> pd.DataFrame:
    """Compare the rows of one contract with those of the others, code by code."""
    n_others = others["contract_id"].nunique()
    rows = own[["facet", "code"]].assign(states=own["state"] == "stated", n_others=n_others)
    rows = rows if reason is None else rows.head(0)
    stating = others[others["state"] == "stated"].groupby("code").size()
    rows["n_others_stating"] = rows["code"].map(stating).fillna(0).astype("int64")
    intervals = [wilson(x, n_others) for x in rows["n_others_stating"]]
    shares = pd.DataFrame(
        intervals, index=rows.index, columns=["share_others", "share_low", "share_high"]
    )
    rows = rows.join(shares.astype("float64"))
    same = rows["n_others_stating"].where(rows["states"], n_others - rows["n_others_stating"])
    rows["p"] = (same + 1) / (n_others + 1)
    rows["p_adjusted"] = false_discovery_control(rows["p"]) if len(rows) else rows["p"]
    finding = pd.Series(pd.NA, index=rows.index, dtype="str")
    finding[rows["states"] & (rows["share_others"] <= FEW)] = "stated_by_few"
    finding[~rows["states"] & (rows["share_others"] >= MOST)] = "omitted"
    rows = rows.assign(finding=finding).sort_values("p", kind="stable")
    rows = rows[list(COLUMNS)].astype(COLUMNS).reset_index(drop=True)
    smallest = min(1.0, own["code"].nunique() / (n_others + 1)) if reason is None else None
    rows.attrs = {"reason": reason, "smallest_p": smallest}
    return rows

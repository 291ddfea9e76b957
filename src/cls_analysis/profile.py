"""One contract beside the others: what it states, how common that is, and what is unusual."""

from typing import Any

import pandas as pd

from cls_analysis.compare import prevalence, priorities
from cls_analysis.distinctive import distinctive
from cls_analysis.find import find
from cls_analysis.names import look_up
from cls_analysis.stated import Evidence, Frames, keep_evidence, reference_stated
from cls_analysis.tables import load_corpus, load_reference
from cls_analysis.texts import number_table


def profile(
    territory: str,
    evidence: Evidence = "own_page",
    *,
    corpus: Frames | None = None,
    reference: Frames | None = None,
) -> dict[str, Any]:
    """Describe one contract, one of the five or one of the reference.

    Parameters
    ----------
    territory
        A `territory_id` of the five, or a `contract_id` of the reference.
    evidence
        "own_page" or "all", for one of the five.
    corpus, reference
        Tables of `load_corpus()` and `load_reference()`; loaded when None.

    Returns
    -------
    dict
        name (of the territory), url (of its page; missing where no contract is known), codes
        (facet, code, state, and of the other contracts share, share_low, share_high, n_stating,
        n_contracts; codes in the order of the codebook; the shares are missing where there is no
        other contract), axes (kind, axis_text, codes, source_url; by the evidence asked for, and
        all of them for a reference contract), unusual (result of `distinctive`),
        reason (why nothing can be compared, or "compared").

    Raises
    ------
    DataError
        A territory or an evidence that does not exist; the message names the nearest ones.

    """
    corpus = load_corpus() if corpus is None else corpus
    reference = load_reference() if reference is None else reference
    five, contracts = corpus["territories"], reference["contracts"]
    territory = look_up(territory, [*five["territory_id"], *contracts["contract_id"]], "territory")
    background = reference_stated(reference)
    if territory in set(five["territory_id"]):
        own = priorities(corpus, evidence=evidence)
        own = own[own["territory_id"] == territory]
        name = str(five.set_index("territory_id")["name"][territory])
        # A territory whose contract the evidence does not know has no page to show.
        chosen = corpus["contracts"].merge(own[["contract_id"]].drop_duplicates())
        pages = chosen[["source_id"]].merge(corpus["sources"], how="left")["url"]
        url = next(iter(pages), None)
    else:
        own = background[background["contract_id"] == territory]
        row = contracts.set_index("contract_id").loc[territory]
        name, url = str(row["territory"]), row["source_url"]
    spoken = corpus | {"axes": keep_evidence(corpus["axes"], corpus, evidence)}
    axes = find(corpus=spoken, reference=reference)
    axes = axes[axes["contract_id"].isin(own["contract_id"])]
    others = contracts[contracts["territory"] != name]
    kept = background[background["contract_id"].isin(others["contract_id"])]
    shares = prevalence(reference, stated=kept)
    columns = ["code", "share", "share_low", "share_high", "n_stating", "n_contracts"]
    unusual = distinctive(
        territory, None, evidence, corpus=corpus, reference=reference, background=background
    )
    return {
        "name": name,
        "url": url,
        "codes": own[["facet", "code", "state"]].merge(shares[columns], on="code", how="left"),
        "axes": axes[["kind", "axis_text", "codes", "source_url"]],
        "unusual": unusual,
        "reason": unusual.attrs["reason"] or "compared",
    }


def summarise_profile(found: dict[str, Any], evidence: Evidence) -> pd.DataFrame:
    """Numbers on one contract beside the others.

    Parameters
    ----------
    found
        Result of `profile`.
    evidence
        The evidence that it was made with.

    Returns
    -------
    DataFrame
        See `texts.number_table`. `reason` says why nothing is unusual here: the reason of
        `distinctive`, or "compared".

    """
    codes, unusual = found["codes"], found["unusual"]
    by_finding = unusual.groupby("finding")["code"].agg(list) if len(unusual) else {}
    others = codes["n_contracts"].dropna()
    n = {state: int((codes["state"] == state).sum()) for state in codes["state"].cat.categories}
    return number_table(
        "cls_analysis.profile.summarise_profile",
        {
            "evidence": (evidence, "evidence"),
            "name": (found["name"], "name"),
            "reason": (found["reason"], "reason"),
            "n_codes": (len(codes), "codes"),
            "n_stated": (n["stated"], "codes"),
            "n_mentioned": (n["mentioned"], "codes"),
            "n_others": (int(codes["n_contracts"].max() if len(others) else 0), "contracts"),
            "stated": (codes.loc[codes["state"] == "stated", "code"].tolist(), "codes"),
            "mentioned": (codes.loc[codes["state"] == "mentioned", "code"].tolist(), "codes"),
            "rare": (by_finding.get("stated_by_few", []), "codes"),
            "omitted": (by_finding.get("omitted", []), "codes"),
            "smallest_p": (unusual.attrs["smallest_p"], "probability"),
            "first_part": ([found["name"]] if unusual.attrs["volets"] else [], "names"),
            "n_unlikely": (int((unusual["p_adjusted"] <= 0.05).sum()), "codes"),
        },
    )

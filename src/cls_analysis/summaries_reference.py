"""The numbers that sentences need on the taxonomy, the clusters and the map."""

from typing import Any

import pandas as pd

from cls_analysis.agreement import evaluate_by_code
from cls_analysis.stated import Evidence
from cls_analysis.texts import number_table


def summarise_taxonomy(
    codes: pd.DataFrame, agreement: pd.DataFrame, facets: pd.DataFrame, peers: pd.DataFrame
) -> pd.DataFrame:
    """Numbers on the codebook, the agreement of two codings, and the normaliser beside its peers.

    Parameters
    ----------
    codes
        Codes of `load_codebook()`.
    agreement, facets
        Results of `agreement.alpha_by_code` and `agreement.alpha_by_facet`.
    peers
        Result of `peers.compare_with_peers`.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    terms = peers[peers["peer"] == "terms"]
    coders = peers[(peers["part"] == "unread") & (peers["peer"] == "coders")]
    learnt = peers[(peers["part"] == "unread") & ~peers["peer"].isin(["terms", "coders"])]
    best = learnt.iloc[int(learnt["micro_f1"].astype("float64").argmax())]
    every = facets[facets["facet"] == "all"].iloc[0]
    firm = agreement["alpha_low"] >= 0.8
    measured = agreement["alpha_low"].notna()
    numbers: dict[str, tuple[Any, str]] = {
        "n_codes": (len(codes), "codes"),
        **{
            f"n_{facet}s": (int((codes["facet"] == facet).sum()), "codes")
            for facet in ("theme", "population", "lever")
        },
        "n_axes": (int(every["n_axes"]), "axes"),
        "alpha": (float(every["alpha"]), "alpha"),
        "alpha_low": (float(every["alpha_low"]), "alpha"),
        "alpha_high": (float(every["alpha_high"]), "alpha"),
        "n_firm": (int((firm & measured).sum()), "codes"),
        "n_measured": (int(measured.sum()), "codes"),
        "n_unmeasured": (int((~measured).sum()), "codes"),
        "best_peer": (best["peer"], "peer"),
        "best_peer_f1": (float(best["micro_f1"]), "F1"),
    }
    for part in ("read", "unread", "unread_new"):
        row = terms[terms["part"] == part].iloc[0]
        for name in ("n_axes", "n_contracts"):
            numbers[f"{part}_{name}"] = (int(row[name]), name[2:])
        for name in ("micro_f1", "micro_f1_low", "micro_f1_high", "macro_f1", "exact"):
            numbers[f"{part}_{name}"] = (float(row[name]), "F1" if "f1" in name else "share")
    numbers["lost"] = (numbers["read_micro_f1"][0] - numbers["unread_micro_f1"][0], "F1")
    numbers["coders_f1"] = (float(coders["micro_f1"].iloc[0]), "F1")
    return number_table("cls_analysis.summaries_reference.summarise_taxonomy", numbers)


def list_weak_codes(coded: pd.DataFrame, right: pd.DataFrame, axes: pd.DataFrame) -> pd.DataFrame:
    """Codes by how well the normaliser gives them, the weakest first.

    Parameters
    ----------
    coded, right, axes
        As in `agreement.evaluate_by_code`.

    Returns
    -------
    DataFrame
        As `agreement.evaluate_by_code`.

    """
    return evaluate_by_code(coded, right, axes).sort_values("f1", ignore_index=True)


def list_uncoded(coded: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Texts without any code, and whether the reference coding gives them one.

    Parameters
    ----------
    coded
        Result of `normalise`.
    right
        The coding held to be right: axis_text, code.

    Returns
    -------
    DataFrame
        axis_text, missed (list of the codes that `right` gives; empty where it gives none
        either: such a title states nothing that the codebook knows).

    """
    uncoded = coded.loc[coded["code"].isna(), ["axis_text"]].drop_duplicates()
    given = right.dropna(subset="code").groupby("axis_text")["code"].agg(list)
    missed = [given.get(text, []) for text in uncoded["axis_text"]]
    return uncoded.reset_index(drop=True).assign(missed=pd.Series(missed, dtype="object"))


def summarise_clusters(
    found: dict[str, Any], core: pd.DataFrame, stated: pd.DataFrame
) -> pd.DataFrame:
    """Numbers on clusters, the null model and the core.

    Parameters
    ----------
    found
        Result of `clusters.find_clusters`.
    core
        Result of `landscape.find_core`.
    stated
        Result of `stated.reference_stated`, from which `found` was made.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    Raises
    ------
    ValueError
        Where there is nothing to cluster: fewer than four contracts, or all alike.

    """
    if found["reason"] is not None:
        raise ValueError(f"the contracts cannot be clustered: {found['reason']}")
    summary = found["summary"].set_index("measure")
    best, tree = summary.loc["best_silhouette"], summary.loc["cophenetic"]
    stability = found["stability"]
    return number_table(
        "cls_analysis.summaries_reference.summarise_clusters",
        {
            "decision": (found["decision"], "decision"),
            "n_contracts": (len(found["matrix"]), "contracts"),
            "n_reference": (stated["contract_id"].nunique(), "contracts"),
            "n_excluded": (stated["contract_id"].nunique() - len(found["matrix"]), "contracts"),
            "n_core_all": (int(found["matrix"][core["code"]].all(axis=1).sum()), "contracts"),
            "n_largest": (int(stability["n_contracts"].max()), "contracts"),
            "n_without_code": (len(found["matrix"].attrs["without_code"]), "contracts"),
            "n_draws": (len(found["null"]), "tables"),
            "k": (int(found["k"]), "clusters"),
            "observed": (float(best["observed"]), "silhouette"),
            "expected": (float(best["expected"]), "silhouette"),
            "p": (float(best["p"]), "probability"),
            "cophenetic": (float(tree["observed"]), "correlation"),
            "cophenetic_expected": (float(tree["expected"]), "correlation"),
            "cophenetic_p": (float(tree["p"]), "probability"),
            "n_stable": (int((stability["verdict"] == "stable").sum()), "clusters"),
            "core": (core["code"].tolist(), "codes"),
            "n_core": (len(core), "codes"),
        },
    )


def summarise_places(five: pd.DataFrame, frame: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Numbers on where the five stand among the contracts.

    Parameters
    ----------
    five
        Result of `landscape.place_five`.
    frame
        Result of `landscape.map_contracts`.
    evidence
        The evidence by which the five are placed.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    shares = frame.attrs["shares"] or [0.0, 0.0]
    return number_table(
        "cls_analysis.summaries_reference.summarise_places",
        {
            "evidence": (evidence, "evidence"),
            "placed": (five.loc[five["basis"] == "stated", "territory"].tolist(), "names"),
            "by_mentions": (five.loc[five["basis"] == "mentioned", "territory"].tolist(), "names"),
            "unplaced": (five.loc[five["basis"].isna(), "territory"].tolist(), "names"),
            "n_reference": (int((frame["basis"] == "reference").sum()), "contracts"),
            "map_share": (sum(shares), "share"),
        },
    )


def gather(**parts: pd.DataFrame) -> pd.DataFrame:
    """Put several tables of numbers into one.

    Parameters
    ----------
    **parts
        Results of `texts.number_table`.

    Returns
    -------
    DataFrame
        The same rows; each name begins with that of its part and a dot.

    """
    return pd.concat(
        [part.assign(name=f"{name}." + part["name"]) for name, part in parts.items()],
        ignore_index=True,
    )

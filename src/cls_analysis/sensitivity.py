"""Do the main statements hold under other choices? One row a statement, one column a variant."""

from typing import Any

import numpy as np
import pandas as pd

from cls_analysis.clusters import find_clusters
from cls_analysis.compare import prevalence, priorities
from cls_analysis.landscape import find_core, find_nearest, place_five
from cls_analysis.stated import Frames, corpus_stated, reference_stated
from cls_analysis.tables import load_corpus, load_reference
from cls_analysis.tree import make_matrix

FACET = "theme"
STATEMENTS = [
    "no_types",
    "most_frequent",
    "second_most_frequent",
    "majority_mental_health",
    "core",
    "five_readable",
    "shared_by_readable",
    "aunis_unreadable",
    "nearest_saint_etienne",
    "marseille_farther_from_core",
]
ON_REFERENCE = STATEMENTS[:5]
ON_FIVE = STATEMENTS[5:8]
# What a variant cannot change: the reference has no own pages, and the five are always coded by
# the terms. That such a statement stays the same would say nothing.
UNTOUCHED = {"own_page": ON_REFERENCE} | dict.fromkeys(["coder_a", "coder_b", "machine"], ON_FIVE)


def table(
    corpus: Frames | None = None,
    reference: Frames | None = None,
    *,
    coded: pd.DataFrame | None = None,
    n_draws: int = 199,
    n_samples: int = 100,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure every main statement again under every variant.

    Parameters
    ----------
    corpus, reference
        Tables of `load_corpus()` and `load_reference()`; loaded when None.
    coded
        Codes of the five's axis texts (axis_text, facet, code); made by `normalise` when None.
    n_draws
        Random tables of the null model, for each variant.
    n_samples
        Bootstrap samples for the stability of the clusters, for each variant.
    seed
        Of NumPy's generator.

    Returns
    -------
    DataFrame
        One row per statement and variant, both in order: statement (one of `STATEMENTS`),
        variant, value (number, see below; missing where the statement is on names), low and high
        (ends of the 95 % interval of a share; missing for other numbers), names (list of codes
        or territories; empty where it is on a number), holds (whether the finding is
        that of the baseline; missing where the variant takes away what the statement is about,
        and where it cannot change it: "own_page" changes the five alone, and a coder changes the
        reference alone, since the five are always coded by the terms).

        Variants: "baseline" (all sources, adjudicated codes), "own_page", "no_transversal",
        "without:CODE" for the two most frequent themes, "coder_a", "coder_b", "machine".

        Statements, all on themes: no_types (value: p of the best silhouette), most_frequent and
        second_most_frequent (names: the theme, value: its share), majority_mental_health
        (value: share; the finding is whether its interval lies above one half), core (names),
        five_readable (names: territories whose priorities can be read), shared_by_readable
        (names: themes that all of them state), aunis_unreadable (value: number of themes that
        it states), nearest_saint_etienne (names: territories of the reference contracts at the
        smallest distance, value: that distance; holds while a contract of the baseline's is among
        them),
        marseille_farther_from_core (value: how much farther than Saint-Étienne).

    """
    corpus = load_corpus() if corpus is None else corpus
    reference = load_reference() if reference is None else reference
    shares = prevalence(reference, facet=FACET).sort_values("share", ascending=False, kind="stable")
    variants: dict[str, dict[str, Any]] = {
        "baseline": {},
        "own_page": {"evidence": "own_page"},
        "no_transversal": {"transversal": False},
        **{f"without:{code}": {"without": code} for code in shares["code"].head(2)},
        **{coder: {"coder": coder} for coder in ("coder_a", "coder_b", "machine")},
    }
    draws: dict[str, Any] = {"n_draws": n_draws, "n_samples": n_samples, "seed": seed}
    rows: list[dict[str, Any]] = []
    baseline: dict[str, dict[str, Any]] = {}
    for variant, choices in variants.items():
        found = _measure(corpus, reference, coded, **draws, **choices)
        baseline = baseline or found
        for statement in STATEMENTS:
            cell = found[statement]
            holds = None
            if statement not in UNTOUCHED.get(variant, []):
                holds = _holds(baseline[statement], cell, choices.get("without"))
            cell = {name: cell.get(name) for name in ("value", "low", "high")} | {
                "names": cell.get("names", [])
            }
            rows.append({"statement": statement, "variant": variant, **cell, "holds": holds})
    numbers = dict.fromkeys(["value", "low", "high"], "float64")
    frame = pd.DataFrame(rows).astype({**numbers, "holds": "boolean"})
    order = frame["statement"].map(STATEMENTS.index)
    return frame.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _holds(before: dict[str, Any], now: dict[str, Any], without: str | None) -> bool | None:
    """Compare a finding with that of the baseline, or None where its object was taken away."""
    if without is not None and without in before.get("about", []):
        return None
    if "overlap" in before:
        return before == now or not before["overlap"].isdisjoint(now["overlap"])
    finding = before["finding"]
    return bool((finding - {without} if isinstance(finding, set) else finding) == now["finding"])


def _measure(
    corpus: Frames,
    reference: Frames,
    coded: pd.DataFrame | None,
    *,
    evidence: Any = "all",
    coder: Any = "adjudicated",
    transversal: bool = True,
    without: str | None = None,
    **draws: int,
) -> dict[str, dict[str, Any]]:
    """Value, names and finding (what must stay the same) of every statement in one variant."""
    others = reference_stated(reference, coder=coder, transversal=transversal)
    own = corpus_stated(corpus, evidence=evidence, transversal=transversal, coded=coded)
    if without is not None:
        others, own = others[others["code"] != without], own[own["code"] != without]
    matrix = make_matrix(others, FACET)
    cells = priorities(corpus, FACET, evidence, stated=own)
    five = place_five(cells, matrix)
    clusters = find_clusters(others, FACET, **draws)
    shares = prevalence(reference, facet=FACET, stated=others).dropna(subset="share")
    shares = shares.sort_values("share", ascending=False, kind="stable").set_index("code")
    mental = _interval(shares, ["mental_health"])
    core = find_core(matrix)["code"].tolist()
    readable = five[five["basis"] == "stated"]
    shared = [c for c in matrix.columns if len(readable) and all(c in x for x in readable["codes"])]
    aunis = cells[cells["territory_id"] == "aunis-atlantique"]["state"] == "stated"
    nearest = find_nearest(
        five[five["territory_id"] == "saint-etienne"], matrix, reference, len(matrix)
    )
    nearest = nearest[nearest["rank"] == 1]
    distance = five.set_index("territory_id")["distance_to_core"]
    farther = distance.get("marseille", np.nan) - distance.get("saint-etienne", np.nan)
    p = np.nan
    if "summary" in clusters:
        p = clusters["summary"].set_index("measure")["p"]["best_silhouette"]

    first, second = shares.index[:1].tolist(), shares.index[1:2].tolist()
    closest = nearest["territory"].drop_duplicates().tolist()
    codes = {"core": core, "shared_by_readable": shared}
    return {
        "no_types": {"value": p, "finding": clusters["decision"]},
        "most_frequent": {
            **_interval(shares, first), "names": first, "finding": first, "about": first,
        },
        "second_most_frequent": {
            **_interval(shares, second), "names": second, "finding": second,
            "about": [*first, *second],
        },
        "majority_mental_health": {
            **mental, "finding": mental.get("low", 0) > 0.5, "about": ["mental_health"],
        },
        **{name: {"names": found, "finding": set(found)} for name, found in codes.items()},
        "five_readable": {
            "names": readable["territory_id"].tolist(),
            "finding": readable["territory_id"].tolist(),
        },
        "aunis_unreadable": {"value": float(aunis.sum()), "finding": not aunis.any()},
        "nearest_saint_etienne": {
            "names": closest, "value": nearest["distance"].min(),
            "overlap": set(nearest["contract_id"]),
        },
        "marseille_farther_from_core": {"value": farther, "finding": bool(farther > 0)},
    }  # fmt: skip


def _interval(shares: pd.DataFrame, codes: list[str]) -> dict[Any, Any]:
    """Share of the one code in a list with its interval; nothing where it has no share."""
    found = shares[shares.index.isin(codes)]
    columns = {"share": "value", "share_low": "low", "share_high": "high"}
    return found[list(columns)].rename(columns=columns).iloc[0].to_dict() if len(found) else {}

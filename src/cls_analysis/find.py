"""Who wrote an axis on what: the axes of the five and of the reference that match a question."""

from typing import Any

import pandas as pd

from cls_analysis.codebook import load_codebook
from cls_analysis.compare import read_year
from cls_analysis.errors import DataError
from cls_analysis.names import look_up, slug
from cls_analysis.normalise import normalise
from cls_analysis.stated import PRIORITY_KINDS, Frames
from cls_analysis.tables import load_corpus, load_reference

COLUMNS = [
    "territory",
    "departement",
    "region",
    "contract_id",
    "status",
    "signature_date",
    "period_start",
    "period_end",
    "kind",
    "state",
    "axis_text",
    "codes",
    "source_url",
]
LABELS = ["label_fr", "label_en"]


def find(
    theme: str | list[str] | None = None,
    population: str | list[str] | None = None,
    lever: str | list[str] | None = None,
    region: str | None = None,
    departement: str | None = None,
    since: int | None = None,
    *,
    corpus: Frames | None = None,
    reference: Frames | None = None,
    coded: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find the axes that state given codes, with their contract, date and link.

    Parameters
    ----------
    theme, population, lever
        A code, or several that the axis must state together; no condition when None. A label of
        the codebook, French or English, may stand for its code ("Santé mentale").
    region, departement
        As the tables write them (a département by its number). Here and in codes and labels,
        case, accents, hyphens and the kind of apostrophe do not matter.
    since
        Year: contracts signed, or else begun, in that year or later.
    corpus, reference
        Tables of `load_corpus()` and `load_reference()`; loaded when None.
    coded
        Codes of the five's axis texts (axis_text, facet, code); made by `normalise` when None.

    Returns
    -------
    DataFrame
        One row per axis, all generations of contracts and all kinds of axes, the five first, then
        the reference: territory, departement, region, contract_id, status, signature_date,
        period_start, period_end, kind, state, axis_text, codes (list), source_url. `state` is
        "stated" for a priority of a signed contract, and "mentioned" for a need, a scope, or any
        axis of a contract in preparation. `.attrs["without_date"]` counts the axes that match but
        belong to contracts without a date, and were therefore left out by `since`.

    Raises
    ------
    DataError
        A code, region or département that does not exist, with the nearest ones; a code of
        another facet, with the facet to ask.

    """
    corpus = load_corpus() if corpus is None else corpus
    reference = load_reference() if reference is None else reference
    wanted = _look_up_codes(theme=theme, population=population, lever=lever)
    axes = pd.concat([_list_corpus(corpus, coded), _list_reference(reference)], ignore_index=True)
    priority = axes["kind"].isin(PRIORITY_KINDS) & (axes["status"] != "in_preparation")
    axes["state"] = priority.map({True: "stated", False: "mentioned"})
    axes = axes[COLUMNS]
    for column, value in (("region", region), ("departement", departement)):
        if value is not None:
            name = look_up(str(value), sorted(axes[column].dropna().unique()), column)
            axes = axes[axes[column].map(slug, na_action="ignore") == slug(name)]
    axes = axes[[wanted <= set(codes) for codes in axes["codes"]]]
    undated = 0
    if since is not None:
        year = read_year(axes)
        undated = int(year.isna().sum())
        axes = axes[(year >= since).fillna(False).astype(bool)]
    axes = axes.reset_index(drop=True)
    axes.attrs = {"without_date": undated}
    return axes


def _look_up_codes(**asked: str | list[str] | None) -> set[str]:
    """Check the codes or labels asked for, facet by facet."""
    codes = load_codebook()["codes"]
    found = set()
    for facet, value in asked.items():
        own = codes[codes["facet"] == facet]
        labels = {str(row[name]): row["code"] for name in LABELS for _, row in own.iterrows()}
        for name in [value] if isinstance(value, str) else value or []:
            _refuse_other_facet(name, facet, codes)
            found.add(look_up(name, own["code"], facet, labels))
    return found


def _refuse_other_facet(name: str, facet: str, codes: pd.DataFrame) -> None:
    """Say which facet to ask, where a code or label belongs to another one only."""
    written = codes[["code", *LABELS]].map(slug, na_action="ignore")
    facets = codes.loc[(written == slug(name)).any(axis=1), "facet"].tolist()
    if facets and facet not in facets:
        other = facets[0]
        problem = f"is a {other}: use {other}=… (on the command line: --{other})"
        raise DataError([{"column": facet, "value": name, "problem": problem}])


def _gather_codes(texts: "pd.Series[str]", coded: pd.DataFrame) -> "pd.Series[Any]":
    """List the codes of each text, in the order of the coding."""
    pairs = coded[["axis_text", "code"]].dropna().drop_duplicates()
    lists = pairs.groupby("axis_text", sort=False)["code"].agg(list)
    return pd.Series([lists.get(text, []) for text in texts], index=texts.index, dtype="object")


def _list_corpus(corpus: Frames, coded: pd.DataFrame | None) -> pd.DataFrame:
    """List the axes of the five, all generations."""
    axes = corpus["axes"].rename(columns={"label": "axis_text"})
    axes = axes[["contract_id", "kind", "axis_text", "source_id"]]
    signed = corpus["milestones"]
    signed = signed[(signed["event"] == "signature") & (signed["certainty"] != "planned")]
    # The most precise date that a source gives.
    dates = signed.dropna(subset="date").sort_values(
        "date", key=lambda date: date.str.len(), ascending=False, kind="stable"
    )
    by_contract = dates.drop_duplicates("contract_id").set_index("contract_id")["date"]
    contracts = corpus["contracts"].drop(columns="source_id")
    contracts = contracts.assign(signature_date=contracts["contract_id"].map(by_contract))
    places = corpus["territories"][["territory_id", "name", "departement", "region"]]
    urls = corpus["sources"][["source_id", "url"]]
    rows = axes.merge(contracts, on="contract_id").merge(places, on="territory_id")
    rows = rows.merge(urls, on="source_id", how="left")
    rows = rows.rename(columns={"name": "territory", "url": "source_url"})
    coded = normalise(rows["axis_text"].tolist()) if coded is None else coded
    return rows.assign(codes=_gather_codes(rows["axis_text"], coded))


def _list_reference(reference: Frames) -> pd.DataFrame:
    """List the axes of the reference contracts."""
    axes = reference["axes"][["contract_id", "kind", "axis_text"]]
    rows = axes.merge(reference["contracts"], on="contract_id")
    codings = reference["codings"]
    adjudicated = codings[codings["coder"] == "adjudicated"]
    return rows.assign(codes=_gather_codes(rows["axis_text"], adjudicated))

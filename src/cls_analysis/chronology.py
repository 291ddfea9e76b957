"""When things happened, as precisely as the sources say: diagnostic, axes, signature, council."""

import pandas as pd

from cls_analysis.dates import intervals
from cls_analysis.stated import Evidence, Frames, keep_evidence, select_contracts

# From the first step of a contract to the body that may come with it.
EVENTS = [
    "diagnostic",
    "survey",
    "axes",
    "signature",
    "implementation",
    "period",
    "council",
    "other_body",
]
MILESTONES = {
    "axes_validated": "axes",
    "signature": "signature",
    "implementation_start": "implementation",
}


def chronology(corpus: Frames, evidence: Evidence = "own_page") -> pd.DataFrame:
    """Dated steps of the contract that each territory's evidence speaks of, and of its council.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.
    evidence
        "own_page" or "all", see `select_contracts`.

    Returns
    -------
    DataFrame
        One row per statement: territory_id, contract_id (missing for a council), event (one of
        `EVENTS`), date and date_until (text, as precise as the source; missing where the source
        gives none), first and last (the days between which it lies), precision (``day``,
        ``month``, ``year``; of `date`), certainty (``stated``, ``planned``, ``deduced``) and
        source_id. ``other_body`` is a body of another name, which is not a council. A step that a
        source names without a date keeps its row: it is known and undated, which is not silence.

    """
    contracts = select_contracts(corpus, evidence)[["contract_id", "territory_id"]]

    def of_contracts(table: str) -> pd.DataFrame:
        return keep_evidence(corpus[table], corpus, evidence).merge(contracts, on="contract_id")

    milestones = of_contracts("milestones")
    milestones = milestones[milestones["event"].isin(list(MILESTONES))]
    diagnostics = of_contracts("diagnostics")
    diagnostics = diagnostics[diagnostics["kind"] == "health"]
    surveys = of_contracts("surveys")
    chosen = corpus["contracts"][corpus["contracts"]["contract_id"].isin(contracts["contract_id"])]
    periods = chosen.dropna(subset=["period_start"])
    councils = keep_evidence(corpus["councils"], corpus, evidence)
    steps = [
        milestones.assign(event=milestones["event"].map(MILESTONES)),
        diagnostics.assign(
            event="diagnostic",
            date=diagnostics["period_start"].fillna(diagnostics["report_date"]),
            date_until=diagnostics["period_end"],
            certainty=_certainty(diagnostics["status"]),
        ),
        surveys.assign(
            event="survey",
            date=surveys["opens"].fillna(surveys["closes"]),
            date_until=surveys["closes"].where(surveys["opens"].notna()),
            certainty=_certainty(surveys["status"]),
        ),
        periods.assign(
            event="period",
            date=periods["period_start"],
            date_until=periods["period_end"],
            certainty="stated",
        ),
        councils.assign(
            event=councils["body"].map({"clsm": "council", "other_body": "other_body"}),
            date=councils["since"].fillna(councils["attested_on"]),
            date_until=None,
            certainty=_certainty(councils["status"]),
        ),
    ]
    columns = ["territory_id", "contract_id", "event", "date", "date_until", "certainty"]
    frame = pd.concat([step.reindex(columns=[*columns, "source_id"]) for step in steps])
    frame = frame.reset_index(drop=True)
    dates, until = intervals(frame["date"]), intervals(frame["date_until"])
    frame = frame.assign(
        first=dates["first"],
        last=until["last"].fillna(dates["last"]),
        precision=dates["precision"],
    )
    territories = corpus["territories"]["territory_id"].tolist()
    frame = frame.assign(
        territory_place=frame["territory_id"].map(territories.index),
        event_place=frame["event"].map(EVENTS.index),
    )
    places = ["territory_place", "event_place"]
    frame = frame.sort_values([*places, "first"], kind="stable", ignore_index=True)
    return frame.drop(columns=places)


def _certainty(status: pd.Series) -> pd.Series:
    return status.map(lambda value: "planned" if value == "planned" else "stated")

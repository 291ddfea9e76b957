"""The dated steps, against what the pages of the five say (expectations written by hand)."""

import pandas as pd
import pytest
from small import make_corpus

from cls_analysis.chronology import EVENTS, chronology
from cls_analysis.errors import DataError
from cls_analysis.tables import load_corpus

AIX, MARSEILLE, AUNIS = "aix-en-provence", "marseille", "aunis-atlantique"
STEPHANOIS, KREMLIN = "saint-etienne", "le-kremlin-bicetre"


@pytest.fixture(scope="module")
def corpus():
    return load_corpus()


@pytest.fixture(scope="module", params=["own_page", "all"])
def evidence(request):
    return request.param


@pytest.fixture(scope="module")
def own(corpus):
    return chronology(corpus, "own_page")


@pytest.fixture(scope="module")
def every(corpus):
    return chronology(corpus, "all")


def steps_of(frame, territory, event):
    """Date, end, precision and certainty of each row, None where missing."""
    rows = frame[(frame["territory_id"] == territory) & (frame["event"] == event)]
    rows = rows[["date", "date_until", "precision", "certainty"]].astype(object)
    return [tuple(row) for row in rows.where(rows.notna(), None).itertuples(index=False)]


# By the own pages: every step that they name, written by hand from facts/five_territories.md.
OWN_PAGES = {
    (AIX, "diagnostic"): [(None, None, None, "stated")],
    (AIX, "survey"): [("2025-05-04", None, "day", "stated")],
    (AIX, "signature"): [("2025", None, "year", "planned")],
    (AIX, "council"): [(None, None, None, "planned")],
    (MARSEILLE, "signature"): [("2024-04-22", None, "day", "stated")],
    (MARSEILLE, "period"): [("2024", "2026", "year", "stated")],
    (AUNIS, "diagnostic"): [
        ("2018-11", "2019-05", "month", "stated"),
        ("2019", "2019", "year", "stated"),
    ],
    (AUNIS, "axes"): [("2019-06", "2019-09", "month", "stated")],
    (AUNIS, "signature"): [("2020-02", None, "month", "stated")],
    (AUNIS, "implementation"): [("2020-09", None, "month", "stated")],
    (AUNIS, "council"): [("2020-07", None, "month", "stated")],
    (STEPHANOIS, "diagnostic"): [(None, None, None, "stated")],
    (STEPHANOIS, "period"): [("2023", "2027", "year", "stated")],
    (KREMLIN, "diagnostic"): [(None, None, None, "planned")],
    (KREMLIN, "survey"): [(None, None, None, "planned")],
}


@pytest.mark.parametrize("step", OWN_PAGES, ids=" ".join)
def test_step_of_an_own_page_is_as_precise_as_the_page(own, step):
    assert steps_of(own, *step) == OWN_PAGES[step]


def test_own_pages_give_no_other_step(own):
    assert set(zip(own["territory_id"], own["event"], strict=True)) == set(OWN_PAGES)
    assert len(own) == 16


def test_marseille_was_signed_on_one_day(own):
    row = own[(own["territory_id"] == MARSEILLE) & (own["event"] == "signature")].iloc[0]
    assert row["first"] == row["last"] == pd.Timestamp("2024-04-22")


def test_two_statements_on_one_diagnostic_stay_two_rows(own):
    """Trap 4: "2019" and "novembre 2018 à mai 2019" stand on the same page."""
    rows = own[(own["territory_id"] == AUNIS) & (own["event"] == "diagnostic")]
    assert rows["first"].tolist() == [pd.Timestamp("2018-11-01"), pd.Timestamp("2019-01-01")]
    assert rows["last"].tolist() == [pd.Timestamp("2019-05-31"), pd.Timestamp("2019-12-31")]


def test_contract_and_council_of_aunis_have_their_own_dates(own):
    """Trap 6: the contract is of February, the council was labelled in July."""
    rows = own[own["territory_id"] == AUNIS].set_index("event")
    assert rows.at["signature", "last"] == pd.Timestamp("2020-02-29")
    assert rows.at["council", "first"] == pd.Timestamp("2020-07-01")
    assert pd.isna(rows.at["council", "contract_id"])


def test_signature_of_saint_etienne_is_unsaid_by_its_page_and_deduced_with_all_sources(own, every):
    assert steps_of(own, STEPHANOIS, "signature") == []
    assert steps_of(every, STEPHANOIS, "signature") == [("2023-03-28", None, "day", "deduced")]


def test_diagnostic_of_saint_etienne_is_dated_by_another_source(every):
    assert steps_of(every, STEPHANOIS, "diagnostic") == [
        ("2020", "2022", "year", "stated"),
        (None, None, None, "stated"),
    ]


def test_survey_of_le_kremlin_bicetre_is_known_and_undated(own):
    """Trap 20: from the month of March, of a year that nobody gives."""
    row = own[(own["territory_id"] == KREMLIN) & (own["event"] == "survey")].iloc[0]
    assert row[["date", "date_until", "first", "last", "precision"]].isna().all()
    assert row["certainty"] == "planned"


def test_social_needs_analysis_is_no_health_diagnostic(own):
    """Trap 21: it was done, and the health diagnostic is still to come."""
    assert steps_of(own, KREMLIN, "diagnostic") == [(None, None, None, "planned")]


def test_body_of_another_name_is_never_a_council(own, every):
    assert not (own["territory_id"].eq(MARSEILLE) & own["event"].isin(["council"])).any()
    marseille = every[every["territory_id"] == MARSEILLE]
    assert "council" not in set(marseille["event"])
    assert steps_of(every, MARSEILLE, "other_body") == [
        ("2006", None, "year", "stated"),
        ("2006", None, "year", "stated"),
        (None, None, None, "stated"),
    ]
    assert every.loc[every["event"] == "other_body", "territory_id"].unique().tolist() == [
        MARSEILLE
    ]


def test_all_sources_speak_of_the_second_contract_of_aunis(every):
    assert steps_of(every, AUNIS, "signature") == [("2025-04", None, "month", "deduced")]
    assert steps_of(every, AUNIS, "period") == [("2025", "2029", "year", "stated")]
    assert steps_of(every, AUNIS, "diagnostic") == []


def test_plan_in_aix_stays_a_plan_with_all_sources(every):
    assert steps_of(every, AIX, "signature") == [("2025", None, "year", "planned")]
    assert steps_of(every, AIX, "council") == [(None, None, None, "planned")]


def test_rows_are_in_the_order_of_territories_and_steps(corpus, evidence):
    frame = chronology(corpus, evidence)
    territories = corpus["territories"]["territory_id"].tolist()
    places = [
        (territories.index(territory), EVENTS.index(event))
        for territory, event in zip(frame["territory_id"], frame["event"], strict=True)
    ]
    assert places == sorted(places)


def test_every_row_has_a_source_and_its_days_follow_from_its_date(corpus, evidence):
    frame = chronology(corpus, evidence)
    assert frame["source_id"].isin(corpus["sources"]["source_id"]).all()
    assert frame["certainty"].isin(["stated", "planned", "deduced"]).all()
    assert frame["first"].isna().equals(frame["date"].isna())
    assert frame["last"].isna().equals(frame["date"].isna())
    assert (frame["first"] <= frame["last"])[frame["date"].notna()].all()


def test_order_of_the_tables_rows_does_not_matter(corpus, evidence):
    turned = {
        name: table if name == "territories" else table.iloc[::-1] for name, table in corpus.items()
    }
    keys = ["territory_id", "event", "source_id", "date"]
    frames = [chronology(tables, evidence)[keys] for tables in (corpus, turned)]
    first, second = (frame.sort_values(keys, ignore_index=True) for frame in frames)
    assert first.equals(second)


def test_step_disappears_with_its_row(corpus):
    milestones = corpus["milestones"]
    gone = corpus | {"milestones": milestones[milestones["contract_id"] != "marseille-4"]}
    assert steps_of(chronology(gone, "own_page"), MARSEILLE, "signature") == []


def test_unknown_evidence_names_those_that_exist(corpus):
    with pytest.raises(DataError, match="own_page"):
        chronology(corpus, "press")


@pytest.fixture
def small():
    """A corpus whose tables of steps are all there, and empty."""
    columns = {
        "diagnostics": "contract_id kind status period_start period_end report_date source_id",
        "surveys": "contract_id status opens closes source_id",
        "councils": "territory_id status since attested_on body source_id",
    }
    tables = {
        name: pd.DataFrame(columns=names.split(), dtype="str") for name, names in columns.items()
    }
    return make_corpus(**tables)


def test_corpus_without_any_step_gives_no_row(small, evidence):
    frame = chronology(small, evidence)
    assert frame.empty
    assert {"territory_id", "event", "first", "last", "precision"} <= set(frame.columns)


def add_row(tables, name, **values):
    row = pd.DataFrame([values]).reindex(columns=tables[name].columns).astype("str")
    return tables | {name: pd.concat([tables[name], row], ignore_index=True)}


def test_survey_that_only_closes_is_dated_by_its_last_day(small):
    source = {"contract_id": "aix-0", "source_id": "own-aix-en-provence"}
    small = add_row(small, "surveys", status="open", closes="2025-05-04", **source)
    assert steps_of(chronology(small), AIX, "survey") == [("2025-05-04", None, "day", "stated")]


def test_survey_that_opens_and_closes_runs_from_one_to_the_other(small):
    source = {"contract_id": "aix-0", "source_id": "own-aix-en-provence"}
    small = add_row(small, "surveys", status="done", opens="2025-03", closes="2025-05-04", **source)
    frame = chronology(small)
    assert steps_of(frame, AIX, "survey") == [("2025-03", "2025-05-04", "month", "stated")]
    assert frame.loc[0, "first"] == pd.Timestamp("2025-03-01")
    assert frame.loc[0, "last"] == pd.Timestamp("2025-05-04")


def test_report_dates_a_diagnostic_without_period(small):
    source = {"contract_id": "aunis-1", "source_id": "own-aunis-atlantique"}
    small = add_row(
        small, "diagnostics", kind="health", status="done", report_date="2019-12", **source
    )
    assert steps_of(chronology(small), AUNIS, "diagnostic") == [
        ("2019-12", None, "month", "stated")
    ]


def test_row_of_another_source_is_left_out_of_the_own_pages(small):
    row = {"contract_id": "marseille-4", "event": "signature", "date": "2024-04-22"}
    small = add_row(small, "milestones", certainty="stated", source_id="other", **row)
    assert chronology(small, "own_page").empty
    assert len(chronology(small, "all")) == 1

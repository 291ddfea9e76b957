"""How far each territory is with its mental-health council, and since when."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import make_corpus, make_reference

from cls_analysis.councils import (
    STEPS,
    count_steps,
    ladder,
    measure_lag,
    national_series,
    reference_uptake,
)
from cls_analysis.errors import DataError

COLUMNS = ["territory_id", "status", "since", "attested_on", "name", "body", "source_id"]
ROWS = [
    ("aix-en-provence", "planned", None, None, "CLSM", "clsm", "own-aix-en-provence"),
    ("marseille", "active", "2006", None, "COSM", "other_body", "other"),
    ("aunis-atlantique", "labelled", "2020-07", None, "CLSM", "clsm", "own-aunis-atlantique"),
    ("aunis-atlantique", "labelled", "2020", "2021-05", "CLSM", "clsm", "other"),
    ("saint-etienne", "created", None, "2013", None, "clsm", "other"),
    ("saint-etienne", "active", None, None, "CLSM", "clsm", "other"),
]
SIGNED = [
    ("aunis-1", "signature", "2020-02", "stated", "own-aunis-atlantique"),
    ("aunis-1", "signature", "2019", "stated", "other"),
    ("aunis-2", "signature", "2025-04", "deduced", "other"),
    ("aix-0", "signature", "2025", "planned", "own-aix-en-provence"),
]


def corpus_of(rows=ROWS, signed=SIGNED):
    milestones = ["contract_id", "event", "date", "certainty", "source_id"]
    return make_corpus(
        councils=pd.DataFrame(rows, columns=COLUMNS, dtype="str"),
        milestones=pd.DataFrame(signed, columns=milestones, dtype="str"),
    )


def steps(evidence, **tables):
    return ladder(corpus_of(**tables), evidence).set_index("territory_id")


def test_own_pages_tell_of_one_plan_and_one_label():
    assert steps("own_page")["step"].to_dict() == {
        "marseille": "no_statement",
        "aunis-atlantique": "labelled",
        "saint-etienne": "no_statement",
        "aix-en-provence": "planned",
    }


def test_all_sources_add_an_active_council_without_a_date():
    row = steps("all").loc["saint-etienne"]
    assert row["step"] == "active"
    assert pd.isna(row["since"])
    assert row["precision"] == "missing"
    assert row["attested_on"] == "2013"


def test_the_most_precise_date_is_shown():
    row = steps("all").loc["aunis-atlantique"]
    assert (row["since"], row["precision"], row["n_statements"]) == ("2020-07", "month", 2)
    assert row["source_url"] == "https://example.org/aunis-atlantique"


def test_a_body_of_another_name_is_shown_and_not_counted():
    row = steps("all").loc["marseille"]
    assert (row["step"], row["other_body"], row["other_since"]) == ("no_statement", "COSM", "2006")
    assert count_steps(steps("all")["step"]).set_index("step")["n"]["no_statement"] == 1


def test_silent_territories_stay_in_the_denominator():
    counts = count_steps(steps("own_page")["step"])
    assert counts["step"].tolist() == STEPS
    assert counts["n"].tolist() == [2, 1, 0, 1, 0]
    assert counts["n_all"].unique().tolist() == [4]


def test_no_council_at_all_leaves_all_silent():
    assert (steps("all", rows=[])["step"] == "no_statement").all()


def test_an_unknown_evidence_is_refused():
    with pytest.raises(DataError, match="did you mean own_page"):
        steps("own_pages")


def test_the_lag_is_an_interval_when_dates_are_months():
    lag = measure_lag(corpus_of(), "own_page")
    # From 29 February to 1 July 2020, and from 1 February to 31 July 2020.
    assert lag[["contract_id", "lag_min_days", "lag_max_days"]].to_numpy().tolist() == [
        ["aunis-1", 123, 181]
    ]
    assert lag["n_contradicting"].tolist() == [0]


def test_a_council_older_than_the_contract_has_a_negative_lag():
    lag = measure_lag(corpus_of(), "all").set_index("contract_id")
    assert lag.index.tolist() == ["aunis-1", "aunis-2"]
    assert lag.loc["aunis-2", "lag_max_days"] < 0
    assert lag.loc["aunis-1", "signed_on"] == "2020-02"
    assert lag.loc["aunis-1", "n_contradicting"] == 1


def test_two_days_give_a_lag_of_one_number():
    rows = [("marseille", "created", "2021-03-01", None, "CLSM", "clsm", "other")]
    signed = [("marseille-4", "signature", "2021-02-01", "stated", "other")]
    lag = measure_lag(corpus_of(rows, signed))
    assert lag[["lag_min_days", "lag_max_days"]].to_numpy().tolist() == [[28, 28]]


def test_no_date_gives_no_lag():
    assert measure_lag(corpus_of(rows=[])).empty
    assert measure_lag(corpus_of(signed=[])).empty


def test_reference_pages_are_counted_with_the_silent_ones():
    reference = make_reference(
        {name: ["nutrition"] for name in "abcd"},
        in_preparation=["d"],
        clsm_status={"a": "active", "b": "planned", "d": "planned"},
    )
    assert reference_uptake(reference)["n"].tolist() == [1, 1, 0, 0, 1]
    assert reference_uptake(reference)["n_all"].unique().tolist() == [3]


def test_no_reference_contract_gives_zeros():
    assert reference_uptake(make_reference({}))["n"].tolist() == [0] * 5


def test_the_national_series_puts_a_year_at_its_middle_and_the_undated_last():
    national = pd.DataFrame(
        {
            "date": pd.array([None, "2018-01-01", "2010"], "str"),
            "active": [298, 192, 35],
            "definition": ["undated", "active", "active"],
        }
    )
    series = national_series(national)
    assert series["active"].tolist() == [35, 192, 298]
    assert series["precision"].tolist() == ["year", "day", "missing"]
    assert series["middle"].iloc[0] == pd.Timestamp("2010-07-02")
    assert series["middle"].isna().tolist() == [False, False, True]


@settings(max_examples=8, deadline=None)
@given(st.permutations(ROWS))
def test_the_order_of_statements_does_not_matter(rows):
    for evidence in ("own_page", "all"):
        shown = ["step", "since", "precision", "attested_on", "other_since", "n_statements"]
        pd.testing.assert_frame_equal(
            steps(evidence, rows=rows)[shown], steps(evidence)[shown], check_column_type=False
        )

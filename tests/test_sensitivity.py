"""The main statements under every variant, on small tables."""

import pandas as pd
import pytest
from small import CODES, code_texts, make_corpus, make_reference

from cls_analysis import sensitivity, stated

AXES = [
    ("marseille-4", "own-marseille", "priority", "souffrance"),
    ("marseille-4", "own-marseille", "priority", "obésité"),
    ("saint-etienne-2", "own-saint-etienne", "axis", "santé mentale"),
    ("saint-etienne-2", "own-saint-etienne", "transversal", "accès"),
]
CODED = code_texts(
    {
        "souffrance": ["mental_health"],
        "obésité": ["nutrition"],
        "santé mentale": ["mental_health"],
        "accès": ["care_access"],
    }
)
LISTS = {
    "a": ["care_access", "mental_health"],
    "b": ["care_access", "mental_health"],
    "c": ["care_access", "mental_health", "nutrition"],
    "d": ["care_access", "nutrition"],
    "e": ["care_access", "care_supply"],
}


def make_disputed():
    """Give a reference in which coder B never saw mental health."""
    reference = make_reference(LISTS, territory={"a": "Arras", "b": "Brest"})
    other = reference["codings"]["coder"] == "coder_b"
    wrong = reference["codings"]["code"] == "mental_health"
    reference["codings"] = reference["codings"][~(other & wrong)]
    return reference


def run(reference):
    machine = reference["codings"][reference["codings"]["coder"] == "adjudicated"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stated, "normalise", lambda texts: machine)
        patch.setattr(stated, "load_codebook", lambda: {"codes": CODES})
        return sensitivity.table(make_corpus(AXES), reference, coded=CODED, n_draws=9, n_samples=5)


@pytest.fixture(scope="module")
def frame():
    return run(make_disputed())


def test_each_statement_has_a_cell_for_each_variant(frame):
    assert frame["statement"].unique().tolist() == sensitivity.STATEMENTS
    assert frame["variant"].unique().tolist() == [
        "baseline",
        "own_page",
        "no_transversal",
        "without:care_access",
        "without:mental_health",
        "coder_a",
        "coder_b",
        "machine",
    ]
    assert len(frame) == len(sensitivity.STATEMENTS) * 8


def test_a_statement_holds_fails_or_has_lost_its_object(frame):
    cells = frame.set_index(["statement", "variant"])
    assert cells.loc["most_frequent", "baseline"]["names"] == ["care_access"]
    assert cells.loc["most_frequent", "baseline"]["value"] == 1
    assert cells.loc["core", "baseline"]["names"] == ["care_access", "mental_health"]
    assert cells.loc["five_readable", "baseline"]["names"] == ["marseille", "saint-etienne"]
    majority = cells.loc["majority_mental_health", "baseline"]
    # Three of five is more than half, but the interval is not: no majority is found.
    assert (majority["value"], majority["low"] < 0.5) == (0.6, True)
    holds = cells["holds"]
    assert holds.xs("baseline", level="variant").all()
    assert pd.isna(holds["most_frequent", "without:care_access"])
    assert pd.isna(holds["majority_mental_health", "without:mental_health"])
    assert holds["core", "without:mental_health"]
    # Coder B never saw mental health in these texts.
    assert not holds["core", "coder_b"]
    assert holds["majority_mental_health", "coder_b"]
    assert holds["core", "machine"]


@pytest.mark.parametrize(
    ("variants", "statements"),
    [
        (
            ["own_page"],
            ["no_types", "most_frequent", "second_most_frequent", "majority_mental_health", "core"],
        ),
        (
            ["coder_a", "coder_b", "machine"],
            ["five_readable", "shared_by_readable", "aunis_unreadable"],
        ),
    ],
)
def test_what_a_variant_cannot_change_does_not_hold_or_fail(frame, variants, statements):
    inside = frame[frame["variant"].isin(variants)]
    untouched = inside["statement"].isin(statements)
    assert inside.loc[untouched, "holds"].isna().all()
    assert inside.loc[~untouched, "holds"].notna().all()


def test_a_majority_needs_its_interval_above_one_half():
    many = {name: ["mental_health", "care_access"] for name in "abcdefgh"}
    reference = make_reference(many | {"i": ["nutrition"]})
    other = reference["codings"]["coder"] == "coder_b"
    few = reference["codings"]["axis_text"].isin([f"axe {name}" for name in "abcd"])
    reference["codings"] = reference["codings"][~(other & few)]
    holds = run(reference).set_index(["statement", "variant"])["holds"]
    assert holds["majority_mental_health", "coder_a"]
    assert not holds["majority_mental_health", "coder_b"]


def test_the_nearest_holds_while_one_of_the_nearest_stays(frame):
    cells = frame.set_index(["statement", "variant"])
    assert cells.loc["nearest_saint_etienne", "baseline"]["names"] == ["Arras", "Brest"]
    assert cells.loc["nearest_saint_etienne", "baseline"]["value"] == 0
    assert cells.loc["nearest_saint_etienne", "no_transversal"]["holds"]


def test_two_runs_give_the_same_table(frame):
    pd.testing.assert_frame_equal(frame, run(make_disputed()))

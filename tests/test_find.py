"""The axes that match a question, and what a reader may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import code_texts, make_corpus, make_reference

from cls_analysis.codebook import load_codebook
from cls_analysis.errors import DataError
from cls_analysis.find import find
from cls_analysis.names import look_up, slug

AXES = [
    ("marseille-4", "own-marseille", "priority", "souffrance des jeunes"),
    ("aunis-1", "own-aunis-atlantique", "need", "médecins"),
    ("aix-0", "own-aix-en-provence", "domain", "sport"),
]
CODED = code_texts(
    {"souffrance des jeunes": ["mental_health", "children_youth"], "médecins": ["care_supply"]}
)


def search(**question):
    corpus = make_corpus(AXES)
    corpus["milestones"].loc[0] = ["marseille-4", "signature", "2024", "stated", "other"]
    corpus["milestones"].loc[1] = ["marseille-4", "signature", "2024-04-22", "stated", "other"]
    corpus["milestones"].loc[2] = ["aunis-1", "signature", "2025", "planned", "other"]
    reference = make_reference(
        {
            "lens": ["mental_health"],
            "nice": ["mental_health", "nutrition"],
            "mute": ["mental_health", "children_youth"],
        },
        departement={"lens": "62", "nice": "06"},
        region={"lens": "Hauts-de-France", "nice": "Provence-Alpes-Côte d'Azur"},
        signature_date={"lens": "2019-03"},
        period_start={"nice": "2024"},
    )
    return find(**question, corpus=corpus, reference=reference, coded=CODED)


def test_an_axis_must_state_all_codes_asked_for():
    assert search(theme="mental_health")["contract_id"].tolist() == [
        "marseille-4",
        "lens",
        "nice",
        "mute",
    ]
    both = search(theme="mental_health", population="children_youth")
    assert both["contract_id"].tolist() == ["marseille-4", "mute"]
    assert search(theme=["mental_health", "nutrition"])["contract_id"].tolist() == ["nice"]


def test_a_region_is_found_with_either_apostrophe_and_without_accents():
    for name in ("Provence-Alpes-Côte d’Azur", "provence-alpes-cote d'azur"):
        assert search(region=name)["contract_id"].tolist() == ["marseille-4", "nice"]


def test_a_departement_is_asked_by_its_number():
    assert search(departement="62")["contract_id"].tolist() == ["lens"]


def test_since_leaves_out_undated_contracts_and_counts_their_axes():
    found = search(theme="mental_health", since=2020)
    assert found["contract_id"].tolist() == ["marseille-4", "nice"]
    assert found.attrs["without_date"] == 1


def test_a_planned_signature_is_no_date():
    assert search(theme="care_supply", since=2020).empty


def test_each_axis_comes_with_kind_date_and_link():
    row = search(theme="mental_health").iloc[0]
    assert row["kind"] == "priority"
    assert row["signature_date"] == "2024-04-22"
    assert row["source_url"] == "https://example.org/marseille"
    assert row["codes"] == ["mental_health", "children_youth"]


def test_no_condition_lists_every_axis():
    assert len(search()) == 6


def test_nothing_found_is_an_empty_table():
    assert search(theme="addictions").empty


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ({"theme": "mental_helth"}, "mental_health"),
        ({"population": ["children_yuth"]}, "children_youth"),
        ({"theme": "Santé mentalle"}, "Santé mentale"),
        ({"theme": "Mental healt"}, "mental_health"),
        ({"region": "Haut de France"}, "Hauts-de-France"),
    ],
)
def test_what_does_not_exist_is_an_error_that_names_the_nearest(question, near):
    with pytest.raises(DataError, match="did you mean") as error:
        search(**question)
    assert near in error.value.problems["remedy"].iloc[0]


@pytest.mark.parametrize(
    "name", ["Santé mentale", "sante mentale", "Mental health", "sante-mentale", "MENTAL_HEALTH"]
)
def test_a_label_of_either_language_stands_for_its_code(name):
    found = search(theme=name, population="Enfants et jeunes")
    assert found["contract_id"].tolist() == ["marseille-4", "mute"]


@pytest.mark.parametrize(
    "name", ["children_youth", "Enfants et jeunes", "children and young people"]
)
def test_a_code_of_another_facet_is_sent_to_that_facet(name):
    with pytest.raises(DataError, match="is a population: use population=…"):
        search(theme=name)


def test_a_code_that_does_not_exist_is_answered_with_codes_only():
    with pytest.raises(DataError) as error:
        search(lever="zzz")
    allowed = error.value.problems["allowed"].iloc[0].split(", ")
    codes = load_codebook()["codes"]
    assert allowed == codes.loc[codes["facet"] == "lever", "code"].tolist()


def test_priorities_are_stated_and_needs_and_plans_are_mentioned():
    found = search().set_index("contract_id")
    assert found["state"].drop("aix-0").eq("stated").sum() == len(found) - 2
    assert found.loc["aunis-1", "state"] == "mentioned"
    assert found.loc["aix-0", ["kind", "state"]].tolist() == ["domain", "mentioned"]
    assert list(found.columns[7:10]) == ["kind", "state", "axis_text"]


def test_a_name_far_from_all_gets_the_list_of_what_is_allowed():
    with pytest.raises(DataError, match="allowed: nutrition, addictions"):
        look_up("zzz", ["nutrition", "addictions"], "theme")


def test_the_beginning_of_a_long_name_is_near_enough():
    with pytest.raises(DataError, match="did you mean angers-loire-metropole-2019"):
        look_up("angres", ["angers-loire-metropole-2019", "nice"], "territory")


@given(st.text())
def test_a_slug_of_any_text_is_its_own_slug(text):
    assert slug(slug(text)) == slug(text)

"""Priorities, prevalence and similarity: numbers worked out by hand, and relations."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import CODES, THEMES, code_texts, make_corpus, make_reference

from cls_analysis.compare import count_states, prevalence, priorities, similarity, wilson
from cls_analysis.errors import DataError
from cls_analysis.stated import corpus_stated, reference_stated, state_matrix

AXES = [
    ("marseille-4", "own-marseille", "priority", "souffrance"),
    ("marseille-4", "own-marseille", "priority", "freins"),
    ("aunis-1", "own-aunis-atlantique", "need", "médecins"),
    ("saint-etienne-2", "own-saint-etienne", "axis", "offre"),
    ("saint-etienne-2", "own-saint-etienne", "transversal", "aller vers"),
    ("aix-0", "own-aix-en-provence", "domain", "soins"),
]
CODED = code_texts(
    {
        "souffrance": ["mental_health", "children_youth"],
        "freins": ["care_access"],
        "médecins": ["care_access"],
        "offre": ["care_supply", "care_access"],
        "aller vers": ["outreach"],
        "soins": ["care_supply"],
    }
)


def compare(evidence="own_page", facet="theme", **options):
    corpus = make_corpus(AXES)
    stated = corpus_stated(corpus, evidence=evidence, coded=CODED, codes=CODES, **options)
    frame = priorities(corpus, facet, evidence, stated=stated)
    return frame.pivot(index="territory_id", columns="code", values="state").astype("object")


def stated_of(reference, **options):
    return reference_stated(reference, codes=CODES, **options)


def test_the_four_states_by_the_own_pages():
    cells = compare()
    assert cells.loc["marseille", "mental_health"] == "stated"
    assert cells.loc["marseille", "nutrition"] == "not_stated"
    assert cells.loc["aunis-atlantique", "care_access"] == "mentioned"
    assert cells.loc["aunis-atlantique", "nutrition"] == "no_text"
    assert cells.loc["aix-en-provence", "care_supply"] == "mentioned"
    assert cells.loc["aix-en-provence", "care_access"] == "no_text"


def test_all_evidence_takes_the_current_contract():
    assert (compare("all").loc["aunis-atlantique"] == "no_text").all()


def test_own_page_takes_no_row_of_another_source():
    axes = [*AXES, ("saint-etienne-2", "other", "axis", "souffrance")]
    corpus = make_corpus(axes)
    for evidence, state in (("own_page", "not_stated"), ("all", "stated")):
        stated = corpus_stated(corpus, evidence=evidence, coded=CODED, codes=CODES)
        cell = stated[
            (stated["contract_id"] == "saint-etienne-2") & (stated["code"] == "mental_health")
        ]
        assert cell["state"].tolist() == [state]


def test_transversal_axes_can_be_left_out():
    assert compare(facet="lever").loc["saint-etienne", "outreach"] == "stated"
    left = compare(facet="lever", transversal=False)
    assert left.loc["saint-etienne", "outreach"] == "not_stated"


def test_a_contract_in_preparation_never_states():
    corpus = make_corpus([("aix-0", "own-aix-en-provence", "axis", "soins")])
    stated = corpus_stated(corpus, coded=CODED, codes=CODES)
    assert set(stated["state"]) == {"mentioned", "no_text"}
    assert not stated["complete"].any()


def test_a_list_shorter_than_announced_cannot_say_no():
    corpus = make_corpus([AXES[0]])  # two priorities announced, one listed
    stated = corpus_stated(corpus, coded=CODED, codes=CODES)
    rows = stated[stated["contract_id"] == "marseille-4"].set_index("code")
    assert not rows["complete"].any()
    assert rows["state"]["mental_health"] == "stated"
    assert rows["state"]["nutrition"] == "no_text"


def test_rows_and_columns_keep_the_order_of_their_tables():
    corpus = make_corpus(AXES)
    frame = priorities(corpus, stated=corpus_stated(corpus, coded=CODED, codes=CODES))
    assert frame["territory_id"].unique().tolist() == corpus["territories"]["territory_id"].tolist()
    assert frame["code"].unique().tolist() == CODES["code"].tolist()


def test_states_are_counted_for_the_caption():
    corpus = make_corpus(AXES)
    stated = corpus_stated(corpus, coded=CODED, codes=CODES)
    counts = count_states(priorities(corpus, "theme", stated=stated)).set_index("territory_id")
    assert counts.loc["marseille", ["stated", "not_stated"]].tolist() == [2, 2]
    assert counts["has_text"].sum() == 2


@pytest.mark.parametrize(("argument", "near"), [("themes", "theme"), ("levers", "lever")])
def test_an_unknown_facet_names_the_nearest(argument, near):
    corpus = make_corpus(AXES)
    stated = corpus_stated(corpus, coded=CODED, codes=CODES)
    with pytest.raises(DataError, match=f"did you mean {near}"):
        priorities(corpus, argument, stated=stated)


def test_an_unknown_evidence_is_refused():
    with pytest.raises(DataError, match="own_page"):
        priorities(make_corpus(AXES), evidence="own_pages")


def test_wilson_interval_of_15_in_20():
    # Newcombe 1998 tabulates the method; worked out by hand: 0.5313 to 0.8881.
    assert wilson(15, 20) == pytest.approx((0.75, 0.5313, 0.8881), abs=5e-5)


def test_wilson_interval_of_81_in_263():
    # Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
    assert wilson(81, 263) == pytest.approx((0.3080, 0.2553, 0.3662), abs=5e-5)


def test_a_share_is_taken_over_complete_signed_lists():
    reference = make_reference(
        {
            "a": ["mental_health"],
            "b": ["nutrition"],
            "partial-yes": ["mental_health"],
            "partial-no": ["nutrition"],
            "later": ["mental_health"],
        },
        incomplete=["partial-yes", "partial-no"],
        in_preparation=["later"],
        silent=["mute"],
    )
    row = prevalence(reference, stated=stated_of(reference)).set_index("code").loc["mental_health"]
    counts = row[["n_stating", "n_contracts", "n_incomplete_stating", "n_silent"]]
    assert counts.tolist() == [1, 2, 1, 2]
    assert row["share"] == 0.5


def test_a_group_without_a_complete_list_has_no_share_and_says_why():
    reference = make_reference(
        {"a": ["nutrition"], "b": ["nutrition"]},
        incomplete=["b"],
        region={"a": "Corse", "b": "Guyane"},
    )
    frame = prevalence(reference, "region", stated=stated_of(reference)).set_index("group")
    assert frame.loc["Guyane", "share"].isna().all()
    assert (frame.loc["Guyane", "reason"] == "no_complete_list").all()
    assert frame.loc["Corse", "reason"].isna().all()


def test_periods_are_five_years_of_the_signature_or_else_of_the_start():
    reference = make_reference(
        {name: ["nutrition"] for name in "abc"},
        signature_date={"a": "2019-12-04"},
        period_start={"a": "2020", "b": "2020"},
    )
    frame = prevalence(reference, "period", stated=stated_of(reference))
    assert frame["group"].unique().tolist() == ["2015-2019", "2020-2024", "unknown"]


def test_an_unknown_grouping_is_refused():
    reference = make_reference({"a": ["nutrition"]})
    with pytest.raises(DataError, match="did you mean region"):
        prevalence(reference, "regions", stated=stated_of(reference))


def test_no_contract_gives_an_empty_table():
    reference = make_reference({})
    assert prevalence(reference, facet="theme", stated=stated_of(reference)).empty
    assert similarity(stated_of(reference), "theme").empty


def test_jaccard_by_hand_and_never_0_for_silence():
    reference = make_reference(
        {
            "a": ["mental_health", "nutrition"],
            "b": ["nutrition", "care_supply"],
            "c": ["care_access"],
            "lever-only": ["outreach"],
            "partial": ["nutrition"],
        },
        incomplete=["partial"],
    )
    alike = similarity(stated_of(reference), "theme")
    assert alike.loc["a", "b"] == pytest.approx(1 / 3)
    assert alike.loc["a", "c"] == 0
    assert alike.loc["a", "a"] == 1
    for name in ("lever-only", "partial"):
        assert alike.loc[name].isna().all()
        assert alike[name].isna().all()


def test_one_contract_is_like_itself():
    alike = similarity(stated_of(make_reference({"a": ["nutrition"]})))
    assert alike.to_numpy().tolist() == [[1.0]]


LISTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4),
    st.lists(st.sampled_from(THEMES), min_size=1, unique=True),
    min_size=1,
    max_size=8,
)


def shares_of(reference):
    return prevalence(reference, stated=stated_of(reference)).set_index("code")["share"]


@settings(max_examples=8, deadline=None)
@given(LISTS)
def test_a_silent_contract_changes_no_share(lists):
    pd.testing.assert_series_equal(
        shares_of(make_reference(lists)), shares_of(make_reference(lists, silent=["zzzzz"]))
    )


@settings(max_examples=8, deadline=None)
@given(LISTS, st.randoms(use_true_random=False))
def test_order_and_names_of_contracts_do_not_matter(lists, random):
    names = random.sample(sorted(lists), len(lists))
    other = make_reference({f"x-{name}": lists[name] for name in names})
    before = make_reference(lists)
    pd.testing.assert_series_equal(shares_of(before), shares_of(other))
    alike = similarity(stated_of(before)).loc[names, names].to_numpy()
    np.testing.assert_allclose(alike, similarity(stated_of(other)).to_numpy())


def test_the_matrix_keeps_the_order_of_contracts_and_codes():
    stated = stated_of(make_reference({"b": ["nutrition"], "a": ["outreach"]}))
    matrix = state_matrix(stated)
    assert matrix.index.tolist() == ["b", "a"]
    assert matrix.columns.tolist() == CODES["code"].tolist()
    assert matrix.to_numpy().sum(axis=1).tolist() == [1, 1]

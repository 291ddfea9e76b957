"""What is unusual in a contract: exact probabilities, and silence where nothing can be said."""

import pytest
from scipy.stats import fisher_exact
from small import CODES, code_texts, make_corpus, make_reference

from cls_analysis.distinctive import distinctive
from cls_analysis.errors import DataError
from cls_analysis.stated import corpus_stated, reference_stated

AXES = [
    ("marseille-4", "own-marseille", "priority", "obésité"),
    ("marseille-4", "own-marseille", "priority", "souffrance"),
    ("aix-0", "own-aix-en-provence", "domain", "soins"),
]
CODED = code_texts(
    {"obésité": ["nutrition"], "souffrance": ["mental_health"], "soins": ["care_supply"]}
)
LISTS = {
    **{f"m{n}": ["mental_health", "care_access"] for n in range(6)},
    "odd": ["care_supply", "nutrition"],
    "older": ["care_access"],
    "partial": ["nutrition"],
    "later": ["nutrition"],
}


def ask(territory, axes=AXES, lists=LISTS, facet="theme"):
    corpus = make_corpus(axes)
    reference = make_reference(
        lists, incomplete=["partial"], in_preparation=["later"], territory={"older": "odd"}
    )
    return distinctive(
        territory,
        facet,
        corpus=corpus,
        reference=reference,
        stated=corpus_stated(corpus, coded=CODED, codes=CODES),
        background=reference_stated(reference, codes=CODES),
    )


def test_the_probability_is_fishers_exact_test_of_one_against_the_others():
    rows = ask("marseille").set_index("code")
    # Eight others with complete lists: one states nutrition, six mental health.
    assert rows["n_others"].unique().tolist() == [8]
    assert rows.loc["nutrition", "p"] == pytest.approx(2 / 9)
    for code, stating in (("nutrition", 1), ("mental_health", 6)):
        test = fisher_exact([[1, 0], [stating, 8 - stating]], alternative="greater")
        assert rows.loc[code, "p"] == pytest.approx(test.pvalue)
    assert rows.loc["care_access", "p"] == pytest.approx(2 / 9)


def test_findings_are_the_rare_and_the_omitted():
    findings = ask("marseille").set_index("code")["finding"].dropna().to_dict()
    assert findings == {"nutrition": "stated_by_few", "care_access": "omitted"}


def test_the_correction_is_benjamini_hochbergs():
    rows = ask("marseille")
    # p sorted: 2/9, 2/9, 7/9, 8/9, each times 4 / rank, never above a later one.
    assert rows["p"].tolist() == pytest.approx([2 / 9, 2 / 9, 7 / 9, 8 / 9])
    assert rows["p_adjusted"].tolist() == pytest.approx([4 / 9, 4 / 9, 8 / 9, 8 / 9])
    assert rows.attrs["smallest_p"] == pytest.approx(4 / 9)


def test_a_reference_contract_is_compared_with_the_others_without_its_own_territory():
    rows = ask("odd").set_index("code")
    assert rows["n_others"].unique().tolist() == [6]
    assert rows.loc["care_supply", "n_others_stating"] == 0
    assert rows.loc["care_supply", "p"] == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    ("territory", "reason"),
    [
        ("aix-en-provence", "in_preparation"),
        ("later", "in_preparation"),
        ("aunis-atlantique", "no_text"),
        ("partial", "incomplete_list"),
    ],
)
def test_nothing_is_said_of_a_contract_that_cannot_say_no(territory, reason):
    rows = ask(territory)
    assert rows.empty
    assert rows.attrs["reason"] == reason


def test_a_contract_without_any_other_has_no_background():
    assert ask("odd", lists={"odd": ["nutrition"]}).attrs["reason"] == "no_background"


def test_a_territory_may_be_typed_by_its_name():
    assert ask("Marseille").attrs["reason"] is None


def test_an_unknown_territory_names_the_nearest():
    with pytest.raises(DataError, match="did you mean marseille"):
        ask("Marseile")

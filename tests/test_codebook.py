import pandas as pd
import pytest

from cls_analysis.codebook import load_codebook
from cls_analysis.errors import DataError
from cls_analysis.normalise import normalise
from cls_analysis.terms import check_terms, read_term

CODES = load_codebook()["codes"]


def book(*rows):
    terms = pd.DataFrame(rows, columns=["code", "term", "beside", "not_beside"][: len(rows[0])])
    return {"codes": CODES, "terms": terms}


def problems(*rows):
    return [
        (found["row"], found["column"], str(found["problem"]))
        for found in check_terms(book(*rows)["terms"], CODES, "terms.csv")
    ]


def codes(codebook, text):
    return normalise([text], codebook)["code"].dropna().tolist()


def test_codebook_has_the_31_codes_in_order():
    assert CODES["facet"].value_counts(sort=False).to_dict() == {
        "theme": 17,
        "population": 7,
        "lever": 7,
    }
    assert CODES["code"].iloc[[0, 16, 17, 30]].tolist() == [
        "mental_health",
        "prevention_promotion",
        "children_youth",
        "innovation",
    ]


def test_every_code_has_a_term_and_every_set_is_used():
    terms = load_codebook()["terms"]
    assert set(CODES["code"]) <= set(terms["code"])
    text = " ".join(terms[["term", "beside", "not_beside"]].fillna("").to_numpy().ravel())
    assert [name for name in set(terms["code"]) if name[0] == "<" and name not in text] == []


def test_changing_a_loaded_codebook_leaves_the_next_one_whole():
    first = load_codebook()
    first["terms"].loc[:, "code"] = "none"
    assert len(normalise(["santé mentale"])["code"].dropna()) == 1
    assert set(load_codebook()["terms"]["code"]) > set(CODES["code"])


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (("mental", "santé mentale"), "code", "is not a code"),
        (("", "santé mentale"), "code", "is not a code"),
        (("<a b>", "santé mentale"), "code", "is not a code"),
        (("<theme>", "santé"), "code", "is the name of a code or facet"),
        (("nutrition", ""), "term", "it is empty"),
        (("nutrition", "de la"), "term", "takes no word"),
        (("nutrition", "[manger]"), "term", "takes no word"),
        (("nutrition", "(manger)"), "term", "takes no word"),
        (("nutrition", "manger ["), "term", "not closed"),
        (("nutrition", "manger ]"), "term", "do not pair"),
        (("nutrition", "manger (bien"), "term", "not closed"),
        (("nutrition", "manger)"), "term", "do not pair"),
        (("nutrition", "... manger"), "term", "begins or ends with a gap"),
        (("nutrition", "manger & boire"), "term", "“&” is not a word"),
        (("nutrition", "man*ger"), "term", "“man*ger” is not a word"),
        (("nutrition", "bien-manger|repas"), "term", "two words"),
        (("nutrition", "manger <repas>"), "term", "unknown repas"),
        (("nutrition", "manger", "<repas>"), "beside", "unknown repas"),
        (("nutrition", "manger", "", "bien ["), "not_beside", "cannot be read"),
        (("nutrition", "manger", "bien", "biens"), "not_beside", "contradicts"),
        (("<food>", "manger", "bien"), "beside", "a condition on a set"),
    ],
)
def test_bad_term_is_reported_with_its_row(row, column, problem):
    cells = (*row, *[""] * (4 - len(row)))
    found = problems(("addictions", "tabac", "", ""), cells)
    assert [(at, where) for at, where, _ in found] == [(3, column)]
    assert problem in found[0][2]


def test_same_term_in_another_spelling_is_a_duplicate():
    assert problems(
        ("nutrition", "l’obésité"), ("addictions", "tabac"), ("nutrition", "OBÉSITÉ")
    ) == [(4, "term", "repeats row 2")]


def test_code_and_none_for_the_same_term_contradict_each_other():
    assert problems(("nutrition", "manger"), ("none", "manger")) == [
        (3, "term", "contradicts row 2, which gives “nutrition”")
    ]
    assert problems(("nutrition", "manger"), ("physical_activity", "manger")) == []


def test_set_of_another_set_is_reported():
    found = problems(("<a>", "x"), ("<b>", "<a>"), ("nutrition", "<b> manger"))
    assert found == [(3, "term", "is a set of another set")]


def test_all_bad_rows_are_told_at_once_with_row_and_remedy():
    codebook = book(("food", "manger"), ("nutrition", ""), ("nutrition", "("))
    with pytest.raises(DataError) as caught:
        normalise(["Manger mieux"], codebook)
    assert caught.value.problems["row"].tolist() == [2, 3, 4]
    assert caught.value.problems["remedy"].notna().all()


def test_optional_words_give_two_ways_to_fit():
    assert [len(way) for way in read_term("accès (égal) aux soins")] == [3, 2]


def test_word_stands_for_its_inflections():
    codebook = book(("mental_health", "trouble mental"))
    assert codes(codebook, "les Troubles mentaux") == ["mental_health"]
    assert codes(codebook, "trou mental") == []


def test_star_stands_for_any_ending_and_equals_for_this_spelling_alone():
    assert codes(book(("nutrition", "aliment*")), "l’alimentaire") == ["nutrition"]
    assert codes(book(("nutrition", "=repas")), "le répit") == []
    assert codes(book(("nutrition", "=repas")), "REPAS") == ["nutrition"]


def test_gap_of_two_dots_stops_at_a_comma_and_that_of_three_does_not():
    text, near = "accès à la culture, aux soins", "accès facile et rapide aux soins"
    assert codes(book(("care_access", "accès .. soins")), text) == []
    assert codes(book(("care_access", "accès ... soins")), text) == ["care_access"]
    assert codes(book(("care_access", "accès .. soins")), near) == ["care_access"]


def test_gap_has_an_end():
    inside = " ".join(["mot"] * 10)
    codebook = book(("care_access", "accès ... soins"))
    assert codes(codebook, f"accès {inside} soins") == ["care_access"]
    assert codes(codebook, f"accès {inside} mot soins") == []


def test_no_term_reaches_into_the_next_text():
    found = normalise(["accès", "aux soins"], book(("care_access", "accès ... soins")))
    assert found["code"].isna().all()


def test_longest_term_takes_the_words():
    codebook = book(("diseases_screening", "éducation thérapeutique"), ("training", "éducation"))
    assert codes(codebook, "éducation thérapeutique") == ["diseases_screening"]
    assert codes(codebook, "éducation, thérapeutique") == ["training"]


def test_of_equally_long_terms_the_last_one_takes_the_words():
    codebook = book(("care_supply", "offre de santé"), ("mental_health", "santé mentale"))
    assert codes(codebook, "offre de santé mentale") == ["mental_health"]


def test_terms_of_the_same_words_hold_together():
    codebook = book(("autonomy_ageing", "bien vieillir"), ("older_people", "bien vieillir"))
    assert codes(codebook, "le bien-vieillir") == ["autonomy_ageing", "older_people"]


def test_none_swallows_words():
    codebook = book(("physical_activity", "mobile"), ("none", "équipe mobile"))
    assert codes(codebook, "équipe mobile") == []
    assert codes(codebook, "équipe, mobile") == ["physical_activity"]


def test_bracketed_words_must_stand_there_and_stay_free():
    codebook = book(("professionals", "[installation] médecins"), ("care_supply", "installation"))
    assert codes(codebook, "installation de médecins") == ["care_supply", "professionals"]
    assert codes(codebook, "les médecins") == []


def test_term_may_refer_to_a_code_and_to_a_set():
    codebook = book(
        ("<against>", "lutte contre"),
        ("<against>", "prévention"),
        ("addictions", "tabac*"),
        ("prevention_promotion", "prévention"),
        ("none", "<against> [<addictions>]"),
        ("coordination", "réseau <theme>"),
    )
    assert codes(codebook, "prévention du tabac") == ["addictions"]
    assert codes(codebook, "prévention, tabac") == ["addictions", "prevention_promotion"]
    assert codes(codebook, "réseau tabac") == ["coordination"]


def test_condition_looks_at_the_whole_text():
    codebook = book(
        ("physical_activity", "marche", "sport", ""),
        ("nutrition", "repas", "", "sport"),
    )
    assert codes(codebook, "Sport ; marche et repas") == ["physical_activity"]
    assert codes(codebook, "marche et repas") == ["nutrition"]


def test_condition_may_name_a_code():
    codebook = book(
        ("prevention_promotion", "bien-être", "", ""),
        ("none", "bien-être", "<mental_health>", ""),
        ("mental_health", "psychique", "", ""),
    )
    assert codes(codebook, "Bien-être des jeunes, trouble psychique") == ["mental_health"]
    assert codes(codebook, "Bien-être") == ["prevention_promotion"]


def test_condition_may_name_a_set_of_words_or_of_codes():
    codebook = book(
        ("<game>", "ballon", "", ""),
        ("<topic>", "<nutrition>", "", ""),
        ("nutrition", "repas", "", ""),
        ("physical_activity", "marche", "<game>", ""),
        ("mental_health", "calme", "<topic>", ""),
    )
    assert codes(codebook, "marche, ballon") == ["physical_activity"]
    assert codes(codebook, "repas au calme") == ["mental_health", "nutrition"]
    assert codes(codebook, "marche au calme") == []


def test_terms_without_condition_columns_are_enough():
    codebook = {"codes": CODES, "terms": pd.DataFrame({"code": ["nutrition"], "term": ["repas"]})}
    assert codes(codebook, "les repas") == ["nutrition"]


def test_codebook_without_terms_codes_nothing():
    codebook = {"codes": CODES, "terms": pd.DataFrame({"code": [], "term": []})}
    assert codes(codebook, "santé mentale") == []

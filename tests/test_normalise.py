# ruff: noqa: E501 - titles are verbatim, one a line
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cls_analysis.codebook import load_codebook
from cls_analysis.normalise import normalise

COLUMNS = ["row", "axis_text", "facet", "code", "words"]

# Titles of the five territories, with the codes that the coding rules demand. Written by hand
# before any term was tried on them.
TERRITORIES = {
    "accès et organisation des soins": "care_access care_supply",
    "actions de prévention et promotion de la santé": "prevention_promotion",
    "santé environnementale": "environmental_health",
    "Prise en compte de la souffrance psycho-sociale des enfants et des jeunes habitants confrontés à un cadre de vie dégradé": "mental_health living_environment children_youth",
    "Lutte contre les freins d’accès à la santé, en allant -vers les populations les plus éloignées de la santé": "care_access vulnerable_people outreach",
    "Accès à la santé des personnes en situation de handicap": "care_access people_with_disability",
    "Lutte contre l’obésité infantile": "nutrition children_youth",
    "Améliorer l’accès à une activité physique": "physical_activity",
    "un accès aux soins qui n’est pas le même pour tous en médecine générale": "care_access care_supply",
    "une absence de spécialistes sur nos 20 communes": "care_supply",
    "un isolement de nombreuses personnes âgées": "social_conditions older_people",
    "des problèmes d’accession aux logements": "living_environment",
    "renforcement de l’offre et de l’accès à la santé et aux droits": "care_supply care_access rights_access",
    "communication et sensibilisation aux politiques locales de santé": "communication",
    "prévention et promotion de la santé": "prevention_promotion",
    "santé mentale": "mental_health",
    "la notion de santé et environnement": "environmental_health",
    "« l’aller vers »": "outreach",
    "soins": "care_supply",
    "prévention": "prevention_promotion",
    "accompagnement médico-social": "autonomy_ageing",
    "Améliorer la qualité de l’air intérieur et extérieur.": "environmental_health",
    "Lutter contre l’habitat indigne en lien avec des conditions de vie négligées (syndrome de Diogène).": "living_environment",
    "Agir sur l’exposition aux perturbateurs endocriniens des populations particulièrement sensibles.": "environmental_health vulnerable_people",
    "Promouvoir l’activité physique.": "physical_activity",
    "Mieux prévenir pour lutter contre les conduites addictives.": "addictions",
    "Promouvoir un environnement favorable à la santé du jeune enfant.": "living_environment children_youth",
    "Favoriser l’accès aux soins et l’accompagnement des personnes en renoncement de soins et en situation de fragilité.": "care_access vulnerable_people",
    "Promouvoir l’égalité devant la santé dès les premiers âges de la vie (enfants et adolescents)": "health_equity children_youth",
    "Anticiper et accompagner le vieillissement de la population (personnes âgées)": "autonomy_ageing older_people",
    "Prise en charge et insertion des personnes atteintes d’un handicap": "care_pathways social_conditions people_with_disability",
    "Accès aux soins, à la prévention et amélioration de la prise en charge.": "care_access prevention_promotion care_pathways",
    "Promouvoir la santé sur le territoire et favoriser la prévention pour améliorer durablement la santé des habitants": "prevention_promotion",
    "Accompagner le vieillissement et la perte d’autonomie (personnes âgées et personnes en situation de handica": "autonomy_ageing older_people people_with_disability",
}

# Invented titles, one or more for each rule.
RULES = {
    "Renforcer l’accès aux soins et la santé mentale des jeunes": "mental_health care_access children_youth",
    "Renforcer": "",
    "Coordination des acteurs": "coordination",
    "Prévention des cancers": "diseases_screening",
    "Lutte contre les addictions": "addictions",
    "Promouvoir la santé mentale": "mental_health",
    "Prévention, santé mentale": "mental_health prevention_promotion",
    "Promotion de la santé par une alimentation saine": "nutrition prevention_promotion",
    "Éducation à la santé des enfants": "prevention_promotion children_youth",
    "Offre et accès aux soins": "care_supply care_access",
    "Accès aux soins de premier recours": "care_supply care_access",
    "Accès à l’offre de soins": "care_access",
    "Organisation des soins": "care_supply",
    "Système de santé": "care_supply",
    "Prise en charge des personnes âgées": "care_pathways older_people",
    "Prise en charge des addictions": "addictions",
    "Accompagnement des personnes âgées": "older_people",
    "Environnement": "environmental_health",
    "Environnement favorable à la santé": "living_environment",
    "Santé environnementale et cadre de vie": "environmental_health living_environment",
    "Accès aux droits": "rights_access",
    "Accès à la prévention": "prevention_promotion",
    "Accès à une activité physique": "physical_activity",
    "Accès aux soins, aux droits et à la prévention": "care_access rights_access prevention_promotion",
    "La santé pour tous les habitants": "",
    "Bien vieillir": "autonomy_ageing older_people",
    "Perte d’autonomie": "autonomy_ageing",
    "Attirer des professionnels de santé": "care_supply professionals",
    "Attractivité du territoire": "care_supply",
    "Soutenir les professionnels": "professionals",
    "Bien-être et santé mentale": "mental_health",
    "Bien-être psychique": "mental_health",
    "Bien-être": "prevention_promotion",
    "La santé à tous les âges": "prevention_promotion",
    "Création d’un conseil local de santé mentale": "mental_health",
    "Vie affective et sexuelle, périnatalité et parentalité": "sexual_reproductive_health perinatal_parenting",
    "Réduire les inégalités sociales de santé": "health_equity",
    "Rompre l’isolement des aidants": "social_conditions families_carers",
    "Santé des femmes en situation de handicap": "people_with_disability women",
    "Former les acteurs et observer la santé": "professionals training observation",
    "Médiation en santé et participation des habitants": "outreach participation",
    "Communication, information et numérique": "communication innovation",
}
TITLES = [*TERRITORIES, *RULES]


def coded(*texts):
    found = normalise(texts)
    return [
        " ".join(found["code"][found["row"] == row].dropna()) for row in range(1, len(texts) + 1)
    ]


def in_order(codes):
    return " ".join(code for code in load_codebook()["codes"]["code"] if code in codes.split())


@pytest.mark.parametrize(("title", "codes"), [*TERRITORIES.items(), *RULES.items()])
def test_title_gets_the_codes_that_the_rules_demand(title, codes):
    assert coded(title) == [in_order(codes)]


def test_one_row_per_text_and_code_in_the_order_of_the_codebook():
    found = normalise(["Jeunes et santé mentale", "Renforcer", "Sport"])
    assert found.columns.tolist() == COLUMNS
    assert found["row"].tolist() == [1, 1, 2, 3]
    assert found["code"].fillna("-").tolist() == [
        "mental_health",
        "children_youth",
        "-",
        "physical_activity",
    ]
    assert found["facet"].fillna("-").tolist() == ["theme", "population", "-", "theme"]
    assert found["words"].fillna("-").tolist() == ["santé mentale", "Jeunes", "-", "Sport"]
    assert found["words"][2] is pd.NA


def test_words_are_those_of_the_text_as_written():
    found = normalise(["L’ACCÈS facile aux  soins,\u00a0la Sante\u0301 mentale"])
    assert found["words"].tolist() == ["Sante\u0301 mentale", "ACCÈS … soins"]


def test_words_from_several_places_stand_in_the_order_of_the_text():
    assert normalise(["Sport, vélo et sport"])["words"].tolist() == ["Sport … vélo … sport"]


def test_every_word_shown_stands_in_its_text():
    found = normalise(TITLES).dropna()
    assert len(found) > 100
    for text, words in zip(found["axis_text"], found["words"], strict=True):
        place = 0
        for piece in words.split(" … "):
            place = text.index(piece, place) + len(piece)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, float("nan")])
def test_missing_text_keeps_its_row_without_a_code(missing):
    found = normalise(["Sport", missing, "Sport"])
    assert found["row"].tolist() == [1, 2, 3]
    assert found.iloc[1, 1:].isna().all()


@pytest.mark.parametrize("text", ["", " ", "\n", "…", "« »", "-", "\u200b", "12", "🙂"])
def test_text_without_words_is_uncoded_and_as_given(text):
    found = normalise([text])
    assert found["axis_text"].tolist() == [text]
    assert found.loc[0, ["facet", "code", "words"]].isna().all()


def test_no_text_gives_an_empty_frame_of_the_same_types():
    pd.testing.assert_series_equal(normalise([]).dtypes, normalise(["Sport"]).dtypes)
    assert len(normalise([])) == 0


@pytest.mark.parametrize(
    "texts",
    [
        ("Sport", None, "Jeunes"),
        pd.Series(["Sport", None, "Jeunes"], index=[7, 7, 1]),
        pd.Series(["Sport", None, "Jeunes"], dtype="category"),
        (text for text in ["Sport", None, "Jeunes"]),
        np.array(["Sport", None, "Jeunes"], dtype=object),
    ],
)
def test_any_iterable_gives_the_same(texts):
    pd.testing.assert_frame_equal(normalise(texts), normalise(["Sport", None, "Jeunes"]))


def test_one_text_instead_of_a_list_is_refused():
    with pytest.raises(TypeError, match="takes a list of texts"):
        normalise("Sport")


@pytest.mark.parametrize("value", [3, 2.5, b"Sport", ["Sport"], True])
def test_what_is_no_text_is_refused_with_its_place(value):
    with pytest.raises(TypeError, match="text 2 is"):
        normalise(["Sport", value])


def test_half_a_character_is_refused_with_its_place():
    with pytest.raises(ValueError, match="text 2 is not valid Unicode"):
        normalise(["Sport", "Sport \ud800"])


def test_column_of_a_frame_without_text_is_refused():
    with pytest.raises(TypeError, match="text 1 is"):
        normalise(pd.Series([1.5, 2.5]))


VARIANTS = {
    "capitals": str.upper,
    "small letters": str.lower,
    "no accents": lambda t: "".join(
        c for c in unicodedata.normalize("NFKD", t) if not unicodedata.combining(c)
    ),
    "decomposed": lambda t: unicodedata.normalize("NFD", t),
    "composed": lambda t: unicodedata.normalize("NFC", t),
    "straight apostrophe": lambda t: t.replace("’", "'"),
    "letter apostrophe": lambda t: t.replace("’", "ʼ"),
    "opening apostrophe": lambda t: t.replace("’", "‘"),
    "no-break space": lambda t: t.replace(" ", "\u00a0"),
    "narrow no-break space": lambda t: t.replace(" ", "\u202f"),
    "double spaces": lambda t: t.replace(" ", "  "),
    "line break": lambda t: t.replace(" ", "\n"),
    "no-break hyphen": lambda t: t.replace("-", "‑"),
    "en dash": lambda t: t.replace("-", "–"),
    "soft hyphen": lambda t: t.replace("nt", "n\u00adt"),
    "zero width": lambda t: t.replace("a", "a\u200b"),
    "ligature": lambda t: t.replace("œ", "oe").replace("æ", "ae"),
    "quotes": lambda t: f"« {t} »",
    "full stop": lambda t: f"{t}.",
    "semicolon": lambda t: f"{t} ;",
    "spaces around": lambda t: f"  {t}\t",
}
NUMBERS = [
    *("Axe 3 : ", "AXE III - ", "Axe n°2 – ", "Axe stratégique 1 : ", "Orientation 2 : ", "1/ "),
    *(
        "Objectif 1.2 ",
        "Priorité 4 : ",
        "1. ",
        "a) ",
        "- ",
        "• ",
        "Axe transversal : ",
        "– ",
        "1) ",
    ),
    *("Axe 1\u00a0: ", "AXE 1. ", "Orientation stratégique n° 3 : ", "Thématique 2 - ", "I. "),
]


@pytest.mark.parametrize("name", VARIANTS)
def test_same_codes_in_another_spelling(name):
    assert coded(*map(VARIANTS[name], TITLES)) == coded(*TITLES)


@pytest.mark.parametrize("number", NUMBERS)
def test_same_codes_after_a_number_or_bullet(number):
    assert coded(*(number + title for title in TITLES)) == coded(*TITLES)


@settings(deadline=None)
@given(
    st.sampled_from(TITLES),
    st.lists(st.sampled_from(sorted(VARIANTS))),
    st.sampled_from(["", *NUMBERS]),
)
def test_same_codes_in_any_mixture_of_spellings(title, names, number):
    varied = title
    for name in names:
        varied = VARIANTS[name](varied)
    assert coded(number + varied) == coded(title)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.none() | st.sampled_from(TITLES) | st.text(), max_size=4))
def test_a_text_is_coded_the_same_whatever_stands_around_it(texts):
    together = normalise(texts)
    assert together["row"].unique().tolist() == list(range(1, len(texts) + 1))
    for row, text in enumerate(texts, start=1):
        alone = normalise([text]).drop(columns="row")
        among = together[together["row"] == row].drop(columns="row").reset_index(drop=True)
        pd.testing.assert_frame_equal(among, alone)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_coded_or_reported(text):
    found = normalise([text])
    assert (found["axis_text"] == text).all()
    assert found["code"].notna().all() or len(found) == 1


@pytest.mark.parametrize(
    "part",
    [
        *("a", "é", "\u0301", " ", "-", ",", "🙂", "soins", "x" * 999 + " ", "accès et "),
        *("accès aux droits, ", "santé et environnement et ", "prévention et promotion de la "),
    ],
)
def test_very_long_text_is_coded(part):
    text = (part * 100_000)[:100_000]
    found = normalise([text, "Sport"])
    assert found["code"].iloc[-1] == "physical_activity"
    assert (found["axis_text"][:-1] == text).all()


def test_a_long_text_has_the_codes_of_its_parts():
    assert set(coded(" ; ".join(TITLES * 20))[0].split()) >= {
        code for codes in coded("santé mentale", "Sport", "Nutrition") for code in codes.split()
    }


def test_many_texts_are_coded_like_few():
    many = normalise(TITLES * 1_000)
    few = normalise(TITLES)
    assert len(many) == 1_000 * len(few)
    last = many.iloc[-len(few) :].reset_index(drop=True)
    last["row"] -= 999 * len(TITLES)
    pd.testing.assert_frame_equal(last, few)


def test_list_given_stays_as_it_was():
    texts = ["Sport", None]
    normalise(texts)
    assert texts == ["Sport", None]

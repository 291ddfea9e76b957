"""Sentences and labels: complete in both languages, with their numbers, dates, lists and signs."""

import re
import string

import pandas as pd
import pytest
from babel.numbers import format_decimal

from cls_analysis import texts
from cls_analysis.clusters import NO_CLUSTER, STABLE
from cls_analysis.codebook import load_codebook
from cls_analysis.figures_taxonomy import FLOORS
from cls_analysis.texts import (
    label,
    number_table,
    say,
    typography,
    write_date,
    write_list,
    write_share,
)

NB, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
SPECS = {"", "percent", "decimal", "probability", "date", "list", "label", "labels"}


def find_leaves(table, path=()):
    for name, value in table.items():
        if isinstance(value, str):
            yield ".".join(path), table
            return
        yield from find_leaves(value, (*path, name))


LEAVES = dict(find_leaves(texts._templates()))
SENTENCES = {key: both for key, both in LEAVES.items() if not key.startswith("labels.")}


def find_fields(template):
    """Place and kind of each value; two nouns make a count, whatever they are."""
    fields = [(name, spec) for _, name, spec, _ in string.Formatter().parse(template) if name]
    return sorted((name, "count" if "|" in spec else spec) for name, spec in fields)


@pytest.fixture
def write(monkeypatch):
    """Fill in a template that is not in the file."""

    whole = texts._templates()

    def fill(fr, en="", lang="fr", **values):
        monkeypatch.setattr(texts, "_templates", lambda: {**whole, "key": {"fr": fr, "en": en}})
        return say("key", lang, **values)

    return fill


# ------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("key", LEAVES)
def test_each_text_is_in_both_languages_with_the_same_values(key):
    both = LEAVES[key]
    assert set(both) == {"fr", "en"}
    assert both["fr"].strip()
    assert both["en"].strip()
    assert find_fields(both["fr"]) == find_fields(both["en"])


@pytest.mark.parametrize("key", SENTENCES)
def test_each_value_of_a_sentence_has_a_known_way_of_writing(key):
    for template in SENTENCES[key].values():
        for _, name, spec, _ in string.Formatter().parse(template):
            if name:
                assert spec.count("|") == 1 or spec in SPECS, (name, spec)


def test_no_number_is_typed_but_those_of_the_methods():
    """A threshold is typed as the code has it; 2014 is a reference, 2022 a fact of the series."""
    thresholds = {
        "fr": {format_decimal(x, locale="fr") for x in (*FLOORS, STABLE, NO_CLUSTER)},
        "en": {format_decimal(x, locale="en") for x in (*FLOORS, STABLE, NO_CLUSTER)},
    }
    known = {"null.caption": {"2014"}, "national.caption": {"2022"}}
    for key, both in SENTENCES.items():
        for lang, template in both.items():
            bare = re.sub(r"\{[^}]*\}|\bF1\b|\b95 ?%", "", template)
            typed = {number.rstrip(".,") for number in re.findall(r"\d[\d.,]*", bare)}
            allowed = thresholds[lang] | known.get(key, set())
            trimmed = {re.sub(r"(?<=[.,]\d)0$", "", number) for number in typed}
            assert trimmed <= allowed, f"{key} ({lang})"


def test_quotes_are_those_of_the_language():
    for key, both in LEAVES.items():
        assert not set('"“”') & set(both["fr"]), key
        assert not set('"«»') & set(both["en"]), key


def test_no_sign_sticks_to_the_word_before_it_in_french():
    for key, both in LEAVES.items():
        bare = re.sub(r"\{[^}]*\}", "x", both["fr"])
        assert not re.search(r"\w[;:?!%»]", bare), key


def test_french_has_its_accents():
    """Words of the domain that lose their accents most easily."""
    bare = ["priorites?", "enonce\\w*", "sante", "etape\\w*", "perimetre", "periode", "numero"]
    bare += ["theme\\w*", "enquete", "mediation", "prevention", "acces", "preparation", "meme\\w*"]
    bare += ["reference", "donnees?", "detail", "groupes? a", "etat", "deduit", "intitules?"]
    pattern = re.compile(rf"\b({'|'.join(bare)})\b", re.IGNORECASE)
    codes = load_codebook()["codes"]
    french = [re.sub(r"\{[^}]*\}", "", both["fr"]) for both in LEAVES.values()]
    for text in [*french, *codes["label_fr"]]:
        assert not pattern.search(text), text


def test_a_label_and_a_code_never_share_a_name():
    codes = set(load_codebook()["codes"]["code"])
    assert not codes & set(texts._templates()["labels"])


# ---------------------------------------------------------------------------------- ways to fail


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match=r"'de' is not one of fr, en"):
        say("corpus.answer", "de")


@pytest.mark.parametrize(
    "key", ["nothing", "corpus.nothing", "corpus", "corpus.answer.fr", "corpus.answer.fr.x", ""]
)
def test_a_key_that_is_no_text_is_named(key):
    with pytest.raises(ValueError, match=re.escape(repr(key))):
        say(key, "fr")


@pytest.mark.parametrize("empty", [None, pd.NA, float("nan"), pd.NaT])
def test_a_missing_or_empty_value_is_named(empty):
    with pytest.raises(ValueError, match=r"'landscape.axis' needs a value for place, share"):
        say("landscape.axis", "fr", place=empty)


# ---------------------------------------------------------------------------- numbers and lists


@pytest.mark.parametrize(
    ("lang", "count", "expected"),
    [
        ("fr", 0, "0 contrat"),
        ("fr", 1, "1 contrat"),
        ("fr", 5, "5 contrats"),
        ("fr", 1234, f"1{NARROW}234 contrats"),
        ("en", 0, "0 contracts"),
        ("en", 1, "1 contract"),
        ("en", 1234, "1,234 contracts"),
    ],
)
def test_a_count_agrees_with_its_noun_and_stays_beside_it(write, lang, count, expected):
    filled = write("{n:contrat|contrats}", "{n:contract|contracts}", lang, n=count)
    assert filled == expected.replace(" ", NB)


@pytest.mark.parametrize(
    ("spec", "value", "fr", "en"),
    [
        ("percent", 0.7878, f"79{NB}%", "79%"),
        ("percent", 0, f"0{NB}%", "0%"),
        ("percent", 1, f"100{NB}%", "100%"),
        ("decimal", 0.1849, "0,18", "0.18"),
        ("decimal", 1, "1,00", "1.00"),
        ("probability", 0.85, "0,85", "0.85"),
        ("probability", 0.042, "0,042", "0.042"),
        ("probability", 0.0001, f"<{NB}0,001", f"<{NB}0.001"),
        ("date", "2024-04-22", "22 avril 2024", "22 April 2024"),
        ("date", "2020-02", "février 2020", "February 2020"),
        ("date", "2025", "2025", "2025"),
        ("list", [], "néant", "none"),
        ("list", ["Marseille"], "Marseille", "Marseille"),
        ("list", ["A", "B"], "A et B", "A and B"),
        ("list", ["A", "B", "C"], "A, B et C", "A, B, and C"),
        ("label", "mental_health", "Santé mentale", "Mental health"),
        ("label", "own_page", "la page propre de chaque territoire", "each territory’s own page"),
        ("labels", ["mental_health", "outreach"], "Santé mentale et Aller-vers et médiation", None),
        ("labels", [], "néant", "none"),
        ("", 12345, f"12{NARROW}345", "12,345"),
        ("", "un nom", "un nom", "un nom"),
    ],
)
def test_a_value_is_written_as_its_language_writes_it(write, spec, value, fr, en):
    template = f"{{value:{spec}}}" if spec else "{value}"
    assert write(template, template, "fr", value=value) == fr
    if en is not None:
        assert write(template, template, "en", value=value) == en


def test_numbers_come_from_the_table_and_own_values_win():
    numbers = number_table("a.b", {"place": (1, "rank"), "share": (0.11, "share")})
    assert numbers.to_dict("list")["made_by"] == ["a.b", "a.b"]
    assert say("landscape.axis", "en", numbers) == "coordinate 1 (11% of the variance)"
    assert say("landscape.axis", "en", numbers, place=2) == "coordinate 2 (11% of the variance)"


def test_head_and_foot_are_the_four_texts_of_a_figure():
    numbers = number_table(
        "x",
        {
            "evidence": ("all", ""),
            **dict.fromkeys(
                ("n_steps", "n_day", "n_month", "n_year", "n_undated", "n_periods"), (2, "steps")
            ),
        },
    )
    title, note = texts.head("timeline", "fr", numbers)
    assert title == say("timeline.title", "fr", numbers)
    assert note.startswith(f"Sources retenues{NB}: toutes les sources publiques.")
    assert set(texts.foot("timeline", "en", numbers)) == {"caption", "alt"}


def test_an_unknown_label_is_itself():
    assert label("Nom propre", "fr") == "Nom propre"


def test_dates_shares_and_lists_are_written_alone_too():
    assert write_date("2020-02", "en") == "February 2020"
    assert write_share(0.5, "fr").replace(NARROW, NB) == f"50{NB}%"
    assert write_list(iter(["A", "B"]), "fr") == "A et B"


# ------------------------------------------------------------------------------------- typography


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Preuves : un ; deux ? trois ! 95 %", "Preuves_: un_; deux_? trois_! 95_%"),
        ("« Santé »", "«_Santé_»"),
        ("«Santé»", "«_Santé_»"),
        (f"79{NARROW}% des contrats", "79_% des contrats"),
        (f"déjà{NB}: bien", "déjà_: bien"),
        ("l'été, aujourd'hui, d'« elle »", "l’été, aujourd’hui, d’«_elle_»"),
        ("p = 0,85", "p_=_0,85"),
        ("https://example.org/a?b=c;d", "https://example.org/a?b=c;d"),
        ("à 10:30 précises", "à 10:30 précises"),
        ("sans signe", "sans signe"),
    ],
)
def test_french_signs_have_the_spaces_they_demand(text, expected):
    assert typography(text, "fr") == expected.replace("_", NB)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Krippendorff's alpha: 95%", "Krippendorff’s alpha: 95%"),
        ("the contracts' pages", "the contracts’ pages"),
        ("at 10:30, https://example.org/a?b", "at 10:30, https://example.org/a?b"),
    ],
)
def test_english_signs_stay_close_and_apostrophes_are_curly(text, expected):
    assert typography(text, "en") == expected


@pytest.mark.parametrize("text", ["« a » : b ; c ? d !", "l'an p = 1 « b »", "x : https://a.fr/b"])
@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_typography_done_twice_changes_nothing_more(text, lang):
    once = typography(text, lang)
    assert typography(once, lang) == once


def test_sentences_in_french_break_at_no_sign():
    for key, both in SENTENCES.items():
        plain = re.sub(r"\{[^}]*\}", "x", both["fr"]).replace("\n", " ")
        assert not re.search(r" [;:?!%»]|« ", typography(plain, "fr")), key

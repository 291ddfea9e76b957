"""Every sentence a reader sees, in French and in English, with its numbers filled in.

The sentences are in ``texts.toml``. A place for a value is written ``{name}``, and what follows
a colon says how to write the value in the reader's language:

=========================  ======================================================
``{n:contrat|contrats}``   a count with its noun: « 1 contrat », « 5 contrats »
``{share:percent}``        a fraction from 0 to 1 as a percentage
``{value:decimal}``        a number with two decimals
``{p:probability}``        a p-value
``{on:date}``              a date, as precise as it is: ``2020-02``, « février 2020 »
``{names:list}``           several names with commas and « et »; "none" where there is none
``{code:label}``           the label of a code or of a column; ``{codes:labels}`` of several
=========================  ======================================================

Straight apostrophes and plain spaces are enough in the file: French typography (curly
apostrophes, no-break spaces before ``: ; ? ! %`` and inside « ») is put in here.
"""

from __future__ import annotations

import datetime as dt
import re
import string
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from cls_analysis.codebook import load_codebook
from cls_analysis.tables import describe_data

LANGUAGES = ("fr", "en")
NO_BREAK = "\N{NO-BREAK SPACE}"


def say(key: str, lang: str, numbers: pd.DataFrame | None = None, **values: Any) -> str:
    """Fill in one sentence of ``texts.toml``.

    Parameters
    ----------
    key
        Dotted name in ``texts.toml``, as in ``"priorities.title"``.
    lang
        ``"fr"`` or ``"en"``.
    numbers
        Frame with the columns `name` and `value` (see `number_table`).
    **values
        More values; they win over `numbers`.

    Returns
    -------
    str
        The sentence, with the typography of its language.

    Raises
    ------
    ValueError
        When the language or the key does not exist, or a value that the sentence needs is
        missing or empty: a reader never sees a gap.

    """
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
    template: Any = _templates()
    for part in key.split("."):
        if not isinstance(template, dict) or part not in template:
            raise ValueError(f"texts.toml has no text {key!r}")
        template = template[part]
    if not isinstance(template, dict) or not isinstance(template.get(lang), str):
        raise ValueError(f"texts.toml has no text {key!r}")
    if numbers is not None:
        values = dict(zip(numbers["name"], numbers["value"], strict=True)) | values
    needed = {name for _, name, _, _ in string.Formatter().parse(template[lang]) if name}
    gaps = sorted(name for name in needed if name not in values or _is_missing(values[name]))
    if gaps:
        raise ValueError(f"text {key!r} needs a value for {', '.join(gaps)}")
    sentence = template[lang].replace("\n", " ").strip()
    return typography(_Sentence(lang).vformat(sentence, (), values), lang)


def head(key: str, lang: str, numbers: pd.DataFrame | None = None, **values: Any) -> list[str]:
    """Title and note of a figure, as every ``plot_`` function takes them; see `say`."""
    return [say(f"{key}.{part}", lang, numbers, **values) for part in ("title", "note")]


def foot(
    key: str,
    lang: str,
    numbers: pd.DataFrame | None = None,
    data: str | Path | None = None,
    **values: Any,
) -> dict[str, str]:
    """Caption and alternative text of a figure, as `save_figure` takes them; see `say`.

    The caption ends with the version and the date of the data: those of the folder `data`, or of
    the data that travel with the package.
    """
    about = describe_data(data)
    which = "dated" if {"version", "created_on"} <= set(about) else "undated"
    caption = say(f"{key}.caption", lang, numbers, **values)
    return {
        "caption": f"{caption} {say(f'data.{which}', lang, None, **about)}",
        "alt": say(f"{key}.alt", lang, numbers, **values),
    }


def label(name: str, lang: str) -> str:
    """Name of a code, column or state in the reader's language; itself where there is none."""
    labels = _labels(lang)
    return typography(labels.get(name, name), lang)


def number_table(made_by: str, values: dict[str, tuple[Any, str]]) -> pd.DataFrame:
    """Numbers that a text may use, each with its unit and the function that made it.

    Parameters
    ----------
    made_by
        Dotted name of the function.
    values
        Name to value and unit (``"count"``, ``"share"``, ``"names"``, ``"days"``...).

    Returns
    -------
    DataFrame
        Columns `name`, `value`, `unit`, `made_by`; one row per number.

    """
    rows = [(name, value, unit, made_by) for name, (value, unit) in values.items()]
    # As objects: a column of whole numbers and one missing value must not become fractions.
    frame = pd.DataFrame(rows, columns=["name", "value", "unit", "made_by"], dtype="object")
    return frame.astype({"name": "str", "unit": "str", "made_by": "str"})


def write_date(date: str, lang: str) -> str:
    """Write a date of the tables as precisely as it is: day, month or year."""
    year, *rest = (int(part) for part in str(date).split("-"))
    if not rest:
        return str(year)
    pattern = "d MMMM y" if len(rest) == 2 else "MMMM y"
    return format_date(dt.date(year, *[*rest, 1][:2]), pattern, locale=lang)


def write_share(share: float, lang: str) -> str:
    """Write a fraction as a whole percentage."""
    return format_percent(share, locale=lang)


def write_list(names: Iterable[str], lang: str) -> str:
    """Write names one after another, the last after « et » or "and"."""
    names = [str(name) for name in names]
    none = {"fr": "néant", "en": "none"}[lang]  # « aucun » would need a gender
    return format_list(names, locale=lang) if names else none


def typography(text: str, lang: str) -> str:
    """Put curly apostrophes, and in French the no-break spaces that its signs demand."""
    text = re.sub(r"(?<=\w)'", "’", text)
    text = re.sub(r"\b([pk]) ([=<]) ", rf"\1{NO_BREAK}\2{NO_BREAK}", text)
    if lang == "fr":
        text = re.sub(r"(?<=[^\s:/]) ?[ \u00a0\u202f]([;?!%»]|:(?=\s|$))", rf"{NO_BREAK}\1", text)
        text = re.sub(r"«[ \u00a0\u202f]?", f"«{NO_BREAK}", text)
        text = re.sub(r"(?<=\S)»", f"{NO_BREAK}»", text)
    return text


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _write_count(count: int, nouns: str, lang: str) -> str:
    singular, plural = nouns.split("|")
    noun = singular if Locale(lang).plural_form(count) == "one" else plural
    return f"{format_decimal(count, locale=lang)}{NO_BREAK}{noun}"


def _write_probability(p: float, lang: str) -> str:
    if p < 0.001:
        return f"<{NO_BREAK}{format_decimal(0.001, '0.000', locale=lang)}"
    return format_decimal(p, "0.000" if p < 0.1 else "0.00", locale=lang)


class _Sentence(string.Formatter):
    """Python's own formatter with the ways of writing a value listed above."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: Any, spec: str) -> str:
        lang = self.lang
        if "|" in spec:
            return _write_count(value, spec, lang)
        match spec:
            case "percent":
                return write_share(value, lang)
            case "decimal":
                return format_decimal(value, "0.00", locale=lang)
            case "probability":
                return _write_probability(value, lang)
            case "date":
                return write_date(value, lang)
            case "list":
                return write_list(value, lang)
            case "label":
                return label(value, lang)
            case "labels":
                return write_list([label(name, lang) for name in value], lang)
            case _:
                return value if isinstance(value, str) else format_decimal(value, locale=lang)


@cache
def _templates() -> dict[str, Any]:
    return tomllib.loads(files("cls_analysis").joinpath("texts.toml").read_text("utf-8"))


@cache
def _labels(lang: str) -> dict[str, str]:
    codes = load_codebook()["codes"]
    named = {name: text[lang] for name, text in _templates()["labels"].items()}
    return named | dict(zip(codes["code"], codes[f"label_{lang}"], strict=True))

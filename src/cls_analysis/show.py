"""Tables as readers see them: labels, numbers and dates of their language, links, no gaps."""

import numbers
import re
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from babel.numbers import format_decimal
from IPython.display import HTML
from jinja2 import Environment

from cls_analysis.texts import label, write_date, write_share

MISSING = "—"
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
# Columns that quote a page: a word there is never taken for the name of a code.
_QUOTED = {"axis_text", "words", "name", "other_body", "signatories", "carried_by", "perimeter"}


def show_table(frame: pd.DataFrame, lang: str, caption: str | None = None) -> HTML:
    """Show a table in a notebook and in the report.

    Parameters
    ----------
    frame
        Columns are named by their labels in `texts.toml`, and so are codes and states in the
        cells. `share` and `share_*` are fractions, shown as percentages; an address becomes a
        link; a missing value is shown as a dash. The index is not shown.
    lang
        `fr` or `en`.
    caption
        What the table holds, one sentence; also its name for a screen reader.

    Returns
    -------
    HTML
        The same text for the same frame. Each number and date keeps its raw value in
        `data-value`, for sorting and copying.

    """
    numeric = [
        pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
        for kind in frame.dtypes
    ]
    columns = list(zip(map(str, frame.columns), numeric, strict=True))
    html = _template().render(
        name=caption or {"fr": "Tableau", "en": "Table"}[lang],
        caption=caption,
        columns=[{"label": label(name, lang), "number": number} for name, number in columns],
        rows=[
            [_cell(value, *column, lang) for value, column in zip(row, columns, strict=True)]
            for row in frame.astype(object).itertuples(index=False)
        ],
    )
    return HTML(html)


def _template() -> Any:
    source = files("cls_analysis").joinpath("templates/table.html.j2").read_text("utf-8")
    return Environment(autoescape=True).from_string(source)


def _cell(value: Any, column: str, number: bool, lang: str) -> dict[str, Any]:
    """Text, raw value and link of one cell."""
    if isinstance(value, list | tuple):
        value = ", ".join(label(str(item), lang) for item in value)
    if pd.isna(value):
        return {"text": MISSING, "number": number}
    if isinstance(value, bool) or (number and isinstance(value, numbers.Real)):
        return {"text": _write(value, column, lang), "raw": _raw(value), "number": number}
    text = str(value)
    if text.startswith(("https://", "http://")):
        return {"text": urlsplit(text).netloc.removeprefix("www."), "link": text}
    if _DATE.fullmatch(text):
        return {"text": write_date(text, lang), "raw": text}
    return {"text": _name(text, column, lang)}


def _name(text: str, column: str, lang: str) -> str:
    """Name a code or a state; `column:text` where the same word means another thing elsewhere."""
    if column in _QUOTED or not _IDENTIFIER.fullmatch(text):
        return text
    special = f"{column}:{text}"
    named = label(special, lang)
    return label(text, lang) if named == special else named


def _raw(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else format(value, ".8g")


def _write(value: Any, column: str, lang: str) -> str:
    """Write a number or a yes or no; a year has no thousands to part."""
    if isinstance(value, bool):
        return {"fr": ("non", "oui"), "en": ("no", "yes")}[lang][value]
    if column == "share" or column.startswith("share_"):
        return write_share(value, lang)
    if column.endswith("_year") or column == "year":
        return str(int(value))
    if value == int(value):
        pattern = "#,##0"
    elif abs(value) < 0.0005:
        pattern = "@@#"  # small, and not nothing
    else:
        pattern = "0.000" if abs(value) < 1 else "#,##0.00"
    return format_decimal(value, pattern, locale=lang)

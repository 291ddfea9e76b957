"""Every table that the notebooks show: no name of a column or of a code is left as it is."""

import re

import pandas as pd
import pytest
from drawn import run_notebook

from cls_analysis import texts
from cls_analysis.show import show_table

# Columns whose cells are words of the pages, and never names to translate.
VERBATIM = {"words", "axis_text"}
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def find_names(frame):
    """Names of columns and of the cells that look like codes, each with its column."""
    for column in frame:
        yield "", str(column)
        if column in VERBATIM or pd.api.types.is_numeric_dtype(frame[column]):
            continue
        for cell in frame[column].dropna():
            for name in cell if isinstance(cell, list) else [cell]:
                if isinstance(name, str) and IDENTIFIER.fullmatch(name):
                    yield str(column), name


@pytest.mark.parametrize("lang", texts.LANGUAGES)
@pytest.mark.parametrize("number", ["01", "02", "03", "04", "05", "06"])
def test_each_column_and_code_that_a_notebook_shows_has_a_label(number, lang):
    labels = texts._labels(lang)
    shown = run_notebook(number, lang, "all").tables
    assert shown
    for frame, table_lang, caption in shown:
        assert table_lang == lang
        assert caption
        for column, name in find_names(frame):
            if IDENTIFIER.fullmatch(name):
                assert name in labels or f"{column}:{name}" in labels, (caption, column, name)


@pytest.mark.parametrize("number", ["01", "02", "03", "04", "05", "06"])
def test_no_table_shows_a_gap_as_python_writes_it(number):
    for table in run_notebook(number, "fr", "all").tables:
        assert not re.search(r">\s*(nan|NaN|NaT|None|<NA>|&lt;NA&gt;)\s*<", show_table(*table).data)


def test_a_quoted_word_is_not_taken_for_the_name_of_a_code():
    frame = pd.DataFrame({"words": ["population"], "code": ["mental_health"]})
    html = show_table(frame, "fr").data
    assert ">population<" in html
    assert "Santé mentale" in html

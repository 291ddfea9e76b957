"""Every real axis of the reference has the same codes however it is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_normalise import NUMBERS, VARIANTS

from cls_analysis.normalise import normalise
from cls_analysis.tables import load_reference

AXES = sorted(set(load_reference()["axes"]["axis_text"]))


def codes_of(texts):
    """Set of codes of each text, by its place."""
    given = normalise(texts).dropna(subset="code")
    return given.groupby("row")["code"].agg(frozenset).to_dict()


def changed(varied):
    """Places of the axes that get other codes; their words are not printed (unread part)."""
    plain, other = codes_of(AXES), codes_of(varied)
    return [row for row in range(1, len(AXES) + 1) if plain.get(row) != other.get(row)]


@pytest.mark.parametrize("name", VARIANTS)
def test_real_axes_have_the_same_codes_in_another_spelling(name):
    assert changed([VARIANTS[name](text) for text in AXES]) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_real_axes_have_the_same_codes_after_a_number(number):
    assert changed([number + text for text in AXES]) == []


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(sorted(VARIANTS)), max_size=4), st.sampled_from(NUMBERS))
def test_real_axes_have_the_same_codes_in_any_mixture(names, number):
    varied = AXES
    for name in names:
        varied = [VARIANTS[name](text) for text in varied]
    assert changed([number + text for text in varied]) == []

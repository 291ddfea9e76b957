"""The curveball keeps its margins, reaches every table alike, and gives honest p-values."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cls_analysis.null_model import compare_with_null, curveball


@settings(max_examples=40, deadline=None)
@given(arrays(bool, st.tuples(st.integers(0, 8), st.integers(0, 6))))
def test_every_draw_keeps_row_and_column_totals(matrix):
    for drawn in curveball(matrix, 5):
        assert drawn.shape == matrix.shape
        assert drawn.sum(axis=0).tolist() == matrix.sum(axis=0).tolist()
        assert drawn.sum(axis=1).tolist() == matrix.sum(axis=1).tolist()


def test_the_same_seed_gives_the_same_tables():
    matrix = np.random.default_rng(1).random((12, 6)) < 0.4
    first, again, other = (np.array(list(curveball(matrix, 5, seed))) for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).any()


def test_the_table_that_was_given_is_left_alone():
    matrix = np.eye(5, dtype=bool)
    list(curveball(matrix, 3))
    assert (matrix == np.eye(5, dtype=bool)).all()


def test_all_tables_with_these_margins_are_equally_likely():
    # One code per contract and one contract per code: the six permutations of three.
    draws = Counter(drawn.tobytes() for drawn in curveball(np.eye(3, dtype=bool), 3000))
    assert len(draws) == 6
    assert min(draws.values()) > 430
    assert max(draws.values()) < 570


def test_a_table_with_one_arrangement_comes_back_as_it_is():
    nested = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=bool)
    assert all((drawn == nested).all() for drawn in curveball(nested, 10))


def test_p_counts_the_observed_table_among_the_draws():
    null = pd.DataFrame({"silhouette_2": [0.1, 0.2, 0.3], "cophenetic": [0.9, 0.9, 0.9]})
    null["best_silhouette"] = null["silhouette_2"]
    observed = {"silhouette_2": 0.2, "best_silhouette": 0.2, "cophenetic": 0.95}
    summary = compare_with_null(observed, null).set_index("measure")
    assert summary.loc["silhouette_2", "p"] == (1 + 2) / (1 + 3)
    assert summary.loc["cophenetic", "p"] == 1 / 4
    assert summary.loc["best_silhouette", "k"] == 2
    assert summary.loc["best_silhouette", "expected"] == pytest.approx(0.2)
    assert pd.isna(summary.loc["cophenetic", "k"])

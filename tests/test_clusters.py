"""Types that are there are found, types that chance would draw are not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster
from sklearn.metrics import silhouette_score
from small import CODES, THEMES, make_corpus, make_reference

from cls_analysis.clusters import (
    compare_facets,
    conclude,
    find_clusters,
    find_reason,
    measure_stability,
)
from cls_analysis.compare import priorities
from cls_analysis.errors import DataError
from cls_analysis.landscape import find_core, find_nearest, map_contracts, place_five
from cls_analysis.null_model import compare_with_null, curveball
from cls_analysis.stated import corpus_stated, reference_stated
from cls_analysis.tree import (
    build_tree,
    cut_clusters,
    make_matrix,
    measure_silhouette,
    measure_structure,
)


def frame_of(cells, names=None):
    cells = np.asarray(cells, dtype=bool)
    names = names or [f"c{place}" for place in range(len(cells))]
    return pd.DataFrame(cells, index=names, columns=[f"t{n}" for n in range(cells.shape[1])])


def two_types(n=12):
    rng = np.random.default_rng(0)
    likely = np.where(np.arange(10) < 5, 0.85, 0.05)
    cells = np.vstack([rng.random((n, 10)) < likely, rng.random((n, 10)) < likely[::-1]])
    return frame_of(cells)


def stated_of(frame):
    """Long form of a table of yes and no, as `reference_stated` gives it."""
    long = frame.rename_axis("contract_id").melt(ignore_index=False, var_name="code")
    long = long.reset_index().assign(facet="theme", complete=True)
    long["state"] = np.where(long["value"], "stated", "not_stated")
    order = {name: place for place, name in enumerate(frame.index)}
    return long.sort_values("contract_id", key=lambda names: names.map(order), kind="stable")


def test_silhouette_is_that_of_scikit_learn():
    rng = np.random.default_rng(5)
    for _ in range(20):
        distances = rng.random((9, 9))
        distances = distances + distances.T
        np.fill_diagonal(distances, 0)
        labels = np.unique(rng.integers(0, 4, 9), return_inverse=True)[1]
        expected = silhouette_score(distances, labels, metric="precomputed")
        assert measure_silhouette(distances, labels) == pytest.approx(expected)


def test_two_planted_types_are_found():
    found = find_clusters(stated_of(two_types()), n_draws=99)
    assert found["decision"] == "some_structure"
    assert found["k"] == 2
    assert set(found["clusters"].iloc[:12]) != set(found["clusters"].iloc[12:])
    assert found["clusters"].iloc[:12].nunique() == 1
    assert (found["stability"]["verdict"] == "stable").all()


def test_codes_dealt_at_random_give_no_types():
    cells = np.random.default_rng(4).random((30, 8)) < np.linspace(0.1, 0.8, 8)
    found = find_clusters(stated_of(frame_of(cells[cells.any(axis=1)])), n_draws=99)
    assert found["decision"] == "no_more_than_chance"


def test_p_is_spread_evenly_where_chance_dealt_the_codes():
    p = []
    for seed in range(12):
        cells = np.random.default_rng(seed).random((20, 6)) < np.linspace(0.2, 0.8, 6)
        cells = cells[cells.any(axis=1)]
        null = pd.DataFrame(measure_structure(draw) for draw in curveball(cells, 39, seed))
        summary = compare_with_null(measure_structure(cells), null).set_index("measure")
        p.append(summary.loc["best_silhouette", "p"])
    assert 0.25 < np.mean(p) < 0.75
    assert np.mean(np.array(p) <= 0.1) <= 0.34


def test_two_runs_give_the_same_numbers():
    stated = stated_of(two_types(6))
    one, two = (find_clusters(stated, n_draws=9, n_samples=20) for _ in range(2))
    for name in ("summary", "null", "stability"):
        pd.testing.assert_frame_equal(one[name], two[name])


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(16)))
def test_order_and_names_of_contracts_do_not_matter(order):
    frame = frame_of(np.random.default_rng(7).random((16, 6)) < 0.5)
    frame = frame[frame.any(axis=1)]
    order = [place for place in order if place < len(frame)]
    other = frame.iloc[order].rename(index="x-{}".format)
    assert measure_structure(frame.to_numpy()) == measure_structure(other.to_numpy())
    # Contracts that state the same codes are interchangeable, so sizes are compared.
    sizes = [cut_clusters(table, 4).value_counts().tolist() for table in (frame, other)]
    assert sizes[0] == sizes[1]


def test_cuts_are_those_of_scipy_where_nothing_is_tied():
    frame = two_types()
    tree, leaves = build_tree(frame)
    expected = pd.Series(fcluster(tree, 2, "maxclust"), index=leaves)[frame.index]
    assert (pd.crosstab(expected, cut_clusters(frame, 2)) > 0).sum().sum() == 2


def test_contracts_without_a_code_of_the_facet_are_left_out_and_listed():
    reference = make_reference({"a": ["nutrition"], "b": ["outreach"], "c": ["care_access"]})
    matrix = make_matrix(reference_stated(reference, codes=CODES))
    assert matrix.index.tolist() == ["a", "c"]
    assert matrix.attrs["without_code"] == ["b"]


@pytest.mark.parametrize(
    ("lists", "reason"),
    [
        ({}, "too_few_contracts"),
        ({"a": ["nutrition"]}, "too_few_contracts"),
        ({name: ["outreach"] for name in "abcde"}, "too_few_contracts"),
        ({name: ["nutrition"] for name in "abcde"}, "all_alike"),
    ],
)
def test_what_cannot_be_clustered_says_why(lists, reason):
    stated = reference_stated(make_reference(lists), codes=CODES)
    found = find_clusters(stated, n_draws=9)
    assert found["reason"] == reason
    assert found["decision"] == "not_tested"


def test_a_facet_without_any_code_is_refused():
    stated = reference_stated(make_reference({"a": ["nutrition"]}), codes=CODES.head(4))
    with pytest.raises(DataError, match="allowed: theme"):
        find_clusters(stated, "lever")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=4, max_size=9))
def test_small_tables_give_numbers_or_a_reason(cells):
    frame = frame_of(cells)
    frame = frame[frame.any(axis=1)]
    found = find_clusters(stated_of(frame), n_draws=5, n_samples=10)
    if found["reason"] is None:
        assert found["summary"].drop(columns="k").notna().all(axis=None)
        assert found["stability"]["bootstrap_jaccard"].notna().all()


def test_one_code_alone_makes_all_contracts_alike():
    assert find_reason(frame_of([[1]] * 6)) == "all_alike"


def test_the_rule_needs_both_the_null_model_and_stable_clusters():
    for verdicts, decision in (
        (["stable", "stable"], "some_structure"),
        (["stable", "doubtful"], "no_more_than_chance"),
    ):
        assert conclude(0.01, pd.DataFrame({"verdict": verdicts})) == decision
    stable = pd.DataFrame({"verdict": ["stable", "stable"]})
    assert conclude(0.06, stable) == "no_more_than_chance"


def facet_result(p, *, at_limit=False, verdicts=("stable", "stable"), without=()):
    """Give what `find_clusters` finds of a facet, as far as facets are compared by it."""
    matrix = frame_of([[1, 0], [0, 1]])
    matrix.attrs["without_code"] = list(without)
    if p is None:
        return {"matrix": matrix, "reason": "too_few_contracts", "decision": "not_tested"}
    best = {"measure": "best_silhouette", "observed": 0.5, "expected": 0.3, "p": p}
    return {
        "matrix": matrix,
        "reason": None,
        "decision": conclude(p, pd.DataFrame({"verdict": verdicts})),
        "k": 2,
        "k_at_limit": at_limit,
        "summary": pd.DataFrame([best]),
        "stability": pd.DataFrame({"verdict": verdicts}),
    }


def test_facets_are_decided_by_the_corrected_p_and_a_settled_number_of_groups():
    table = compare_facets(
        {
            "theme": facet_result(0.04, without=["x", "y"]),
            "population": facet_result(0.001, at_limit=True),
            "lever": facet_result(0.001, verdicts=("stable", "doubtful")),
            "all": facet_result(0.5),
        }
    ).set_index("facet")
    # 0.04 alone would pass; as the third of four it does not.
    assert table.loc["theme", "p_adjusted"] == pytest.approx(0.04 * 4 / 3)
    assert table["decision"].to_dict() == {
        "theme": "no_more_than_chance",
        "population": "not_settled",
        "lever": "no_more_than_chance",
        "all": "no_more_than_chance",
    }
    assert table["n_without_code"].tolist() == [2, 0, 0, 0]


def test_a_facet_with_a_low_corrected_p_and_stable_groups_has_structure():
    table = compare_facets({"theme": facet_result(0.01), "lever": facet_result(None)})
    assert table["decision"].tolist() == ["some_structure", "not_tested"]
    assert table["p_adjusted"].isna().tolist() == [False, True]


def test_a_cluster_of_its_own_codes_is_stable_and_names_them():
    frame = frame_of([[1, 1, 0, 0]] * 6 + [[0, 0, 1, 1]] * 5)
    stability = measure_stability(frame, 2, 50)
    assert stability["bootstrap_jaccard"].tolist() == [1, 1]
    assert stability["n_contracts"].tolist() == [6, 5]
    assert stability["codes"].tolist() == [["t0", "t1"], ["t2", "t3"]]


LISTS = {
    "a": ["nutrition", "care_access"],
    "b": ["nutrition", "care_access"],
    "c": ["nutrition", "mental_health"],
    "d": ["care_supply"],
}
AXES = [
    ("marseille-4", "own-marseille", "priority", "one"),
    ("marseille-4", "own-marseille", "priority", "two"),
    ("saint-etienne-2", "own-saint-etienne", "axis", "aller vers"),
    ("aix-0", "own-aix-en-provence", "domain", "offre"),
]
CODED = pd.DataFrame(
    [
        ("one", "theme", "nutrition"),
        ("two", "theme", "mental_health"),
        ("aller vers", "lever", "outreach"),
        ("offre", "theme", "care_supply"),
    ],
    columns=["axis_text", "facet", "code"],
)


def stand():
    reference = make_reference(LISTS)
    matrix = make_matrix(reference_stated(reference, codes=CODES))
    corpus = make_corpus(AXES)
    stated = corpus_stated(corpus, coded=CODED, codes=CODES)
    return reference, matrix, place_five(priorities(corpus, "theme", stated=stated), matrix)


def test_the_core_is_what_half_of_the_contracts_state():
    _, matrix, _ = stand()
    core = find_core(matrix)
    assert core["code"].tolist() == ["nutrition", "care_access"]
    assert core["share"].tolist() == [0.75, 0.5]


def test_the_five_are_placed_or_say_why_not():
    _, _, five = stand()
    five = five.set_index("territory_id")
    # nutrition is shared; mental_health and care_access are not: 1 - 1/3.
    assert five.loc["marseille", "distance_to_core"] == pytest.approx(2 / 3)
    assert five.loc["marseille", "core_missing"] == ["care_access"]
    assert five.loc["aix-en-provence", "basis"] == "mentioned"
    assert five.loc["aix-en-provence", "distance_to_core"] == 1
    assert five["reason"].dropna().to_dict() == {
        "aunis-atlantique": "no_text",
        "saint-etienne": "no_code",
    }
    assert five.loc["aunis-atlantique", ["basis", "distance_to_core"]].isna().all()


def test_the_nearest_contracts_are_named_with_link_and_ties():
    reference, matrix, five = stand()
    nearest = find_nearest(five, matrix, reference, 2).set_index(["territory_id", "contract_id"])
    assert nearest.loc[("marseille", "c"), ["rank", "distance", "n_tied"]].tolist() == [1, 0, 1]
    second = nearest.loc[("marseille", "a")]
    assert second["distance"] == pytest.approx(2 / 3)
    assert second["n_tied"] == 2
    assert second["shared"] == ["nutrition"]
    assert second["source_url"] == "https://example.org/a"


def test_the_map_keeps_distances_where_two_dimensions_are_enough():
    # Three contracts without a code in common: all at squared distance 1 from each other.
    matrix = frame_of(np.eye(3))
    five = pd.DataFrame({"territory_id": ["x"], "basis": ["stated"], "codes": [["t0"]]})
    places = map_contracts(matrix, five)
    assert places.attrs["shares"] == pytest.approx([0.5, 0.5])
    points = places[["x", "y"]].to_numpy()
    gaps = np.square(points[:3, None] - points[None, :3]).sum(axis=2)
    np.testing.assert_allclose(gaps, 1 - np.eye(3), atol=1e-8)
    # The territory states what the first contract states: it stands where that one stands.
    np.testing.assert_allclose(points[3], points[0], atol=1e-8)
    assert places["n_here"].tolist() == [1, 1, 1, 1]


def test_two_kinds_of_contracts_lie_on_a_line():
    matrix = frame_of([[1, 0], [1, 0], [0, 1]])
    places = map_contracts(matrix, pd.DataFrame(columns=["territory_id", "basis", "codes"]))
    assert (places["y"] == 0).all()
    assert places["n_here"].tolist() == [2, 2, 1]


@pytest.mark.parametrize(("n", "reason"), [(2, "too_few_contracts"), (4, "all_alike")])
def test_a_map_that_cannot_be_drawn_says_why(n, reason):
    places = map_contracts(frame_of([[1, 0]] * n), pd.DataFrame())
    assert places.empty
    assert places.attrs["reason"] == reason


def test_the_map_does_not_depend_on_the_order_of_contracts():
    frame = frame_of(np.random.default_rng(2).random((10, len(THEMES) + 3)) < 0.5)
    frame = frame[frame.any(axis=1)]
    five = pd.DataFrame({"territory_id": ["x"], "basis": ["stated"], "codes": [["t1", "t2"]]})
    one, two = (map_contracts(t, five).set_index("id") for t in (frame, frame[::-1]))
    np.testing.assert_allclose(one[["x", "y"]], two.loc[one.index, ["x", "y"]], atol=1e-6)

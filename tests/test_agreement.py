"""Agreement and evaluation: published numbers, numbers worked out by hand, relations."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cls_analysis import agreement, alpha, bootstrap, codings
from cls_analysis.codings import select_coding
from cls_analysis.tables import load_reference

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, examples A and B
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbccceddd")


def make_coding(sets, facet="theme"):
    """One text a set: a, b, ... hold codes of one facet; an empty set is an uncoded text."""
    rows = [
        (f"axe {i}", facet if codes else None, code)
        for i, codes in enumerate(sets)
        for code in sorted(codes) or [None]
    ]
    return pd.DataFrame(rows, columns=["axis_text", "facet", "code"]).astype("string")


def make_axes(n, per_contract=1):
    return pd.DataFrame(
        {
            "contract_id": [f"c{i // per_contract}" for i in range(n)],
            "axis_text": [f"axe {i}" for i in range(n)],
        }
    )


@pytest.fixture(scope="module")
def reference():
    return load_reference()


@pytest.fixture(scope="module")
def coders(reference):
    return [select_coding(reference["codings"], f"coder_{c}", reference["axes"]) for c in "ab"]


def test_alpha_of_a_code_is_krippendorffs_binary_example():
    one, two = (make_coding([{"x"} if v == "1" else set() for v in row]) for row in BINARY)
    row = agreement.alpha_by_code(one, two, make_axes(10)).iloc[0]
    assert row["alpha"] == pytest.approx(0.095, abs=5e-4)
    assert (row["n_axes"], row["n_used"], row["agreement"]) == (10, 5, 0.6)


def test_alpha_of_a_facet_with_one_code_each_is_krippendorffs_nominal_example():
    one, two = (make_coding([{v} for v in row]) for row in NOMINAL)
    facets = agreement.alpha_by_facet(one, two, make_axes(12)).set_index("facet")
    assert facets.loc["theme", "alpha"] == pytest.approx(0.692, abs=5e-4)
    assert facets.loc["all", "alpha"] == facets.loc["theme", "alpha"]


@pytest.mark.parametrize(
    ("coders", "published"),
    [
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
        ((".....34121133.3", "1.213343.......", "..21344.21133.4"), 0.691),
    ],
)
def test_alpha_with_missing_values_is_the_published_one(coders, published):
    # Krippendorff 2011, example C (4 observers, 12 units); the three coders of the common example
    values = sorted({v for row in coders for v in row} - {"."})
    counts = np.array([[unit.count(v) for v in values] for unit in zip(*coders, strict=True)])
    distances = 1 - np.eye(len(values))
    assert alpha.alpha_of_counts(counts, distances) == pytest.approx(published, abs=5e-4)


def test_masi_weighs_jaccard_by_the_kind_of_overlap():
    sets = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]])
    distance = alpha.masi(sets)
    assert distance[0, 0] == distance[2, 2] == 0  # equal, the empty set too
    assert distance[1, 2] == pytest.approx(1 - 1 / 2 * 2 / 3)  # one holds the other
    assert distance[2, 3] == pytest.approx(1 - 1 / 3 * 1 / 3)  # overlap
    assert distance[1, 4] == distance[0, 1] == 1  # nothing shared
    assert (distance == distance.T).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_formula_of_the_bootstrap_is_that_of_the_package(seed):
    rng = np.random.default_rng(seed)
    sets = np.unique(rng.integers(0, 2, (6, 3)), axis=0)
    values = rng.integers(0, len(sets), (2, 20))
    counts = (values[..., None] == np.arange(len(sets))).sum(axis=0)
    distances = alpha.masi(sets)
    between = distances[values[0], values[1]].sum(keepdims=True)
    ours = alpha.resampled_alphas(between, counts.sum(axis=0, keepdims=True), distances)
    assert ours[0] == pytest.approx(alpha.alpha_of_counts(counts, distances), nan_ok=True)


def test_a_code_that_never_occurs_has_no_alpha_and_a_reason():
    one = make_coding([{"x"}, set()] * 6)
    codes = pd.DataFrame({"facet": ["theme", "lever"], "code": ["x", "never"]})
    found = agreement.alpha_by_code(one, one, make_axes(12), codes).set_index("code")
    assert found.index.tolist() == ["x", "never"]
    assert found.loc["never", "note"] == "never_used"
    assert found.loc["never", ["alpha", "alpha_low", "alpha_high"]].isna().all()
    assert not found.loc["never", ["alpha"]].map(lambda v: isinstance(v, float)).any()


def test_a_code_on_every_axis_has_no_alpha_and_a_reason():
    found = agreement.alpha_by_code(*[make_coding([{"x"}] * 6)] * 2, make_axes(6)).iloc[0]
    assert found["note"] == "always_used"
    assert found["alpha"] is pd.NA


def test_a_code_of_few_contracts_has_no_interval_and_a_reason():
    one = make_coding([{"x"}] * 4 + [set()] * 4)
    found = agreement.alpha_by_code(one, one, make_axes(8, per_contract=2)).iloc[0]
    assert (found["alpha"], found["note"]) == (1, "few_contracts")
    assert found["alpha_low"] is pd.NA


def test_full_agreement_says_that_its_interval_has_no_width():
    one = make_coding([{"x"}, set()] * 6)
    found = agreement.alpha_by_code(one, one, make_axes(12)).iloc[0]
    assert found[["alpha_low", "alpha_high"]].tolist() == [1, 1]
    assert found["note"] == "no_disagreement"


def test_a_coding_agrees_fully_with_itself(reference, coders):
    for frame in (agreement.alpha_by_code, agreement.alpha_by_facet):
        assert (frame(coders[0], coders[0], reference["axes"])["alpha"] == 1).all()
    assert agreement.count_confusions(coders[0], coders[0], reference["axes"]).empty
    measured = agreement.evaluate(coders[0], coders[0], reference["axes"])
    assert (measured[["micro_f1", "macro_f1", "exact", "exact_low"]] == 1).all(axis=None)


def test_the_order_of_coders_and_rows_does_not_matter(reference, coders):
    axes, (a, b) = reference["axes"], coders
    shuffled = [frame.sample(frac=1, random_state=1) for frame in coders]
    for frame in (agreement.alpha_by_code, agreement.alpha_by_facet):
        pd.testing.assert_frame_equal(frame(a, b, axes), frame(b, a, axes))
        pd.testing.assert_frame_equal(frame(a, b, axes), frame(*shuffled, axes))
        values = frame(a, b, axes.sample(frac=1, random_state=2)).drop(
            columns=["alpha_low", "alpha_high"]
        )
        pd.testing.assert_frame_equal(values, frame(a, b, axes)[values.columns])


def test_intervals_hold_the_value_and_are_the_same_twice(reference, coders):
    first = agreement.alpha_by_code(*coders, reference["axes"])
    pd.testing.assert_frame_equal(first, agreement.alpha_by_code(*coders, reference["axes"]))
    known = first.dropna(subset="alpha_low")
    assert (known["alpha_low"] <= known["alpha"]).all()
    assert (known["alpha"] <= known["alpha_high"]).all()


def test_resampling_draws_whole_contracts():
    contract = np.repeat(np.arange(5), 4)
    sums = bootstrap.resample_contracts(np.ones((20, 1)), contract)
    assert (sums == 20).all()  # five contracts of four axes each, whichever are drawn
    marks = bootstrap.resample_contracts((contract == 0)[:, None], contract)
    assert set(np.unique(marks % 4)) == {0}
    assert marks.mean() == pytest.approx(4, rel=0.1)


def test_confusion_pairs_the_codes_that_only_one_gives():
    one = make_coding([{"a", "b"}, {"a"}, {"a"}, {"a"}])
    two = make_coding([{"a", "c"}, {"c"}, set(), {"a"}])
    found = agreement.count_confusions(one, two, make_axes(4))
    assert found.fillna("-").to_numpy().tolist() == [
        ["theme", "a", "c", 1],
        ["theme", "a", "-", 1],
        ["theme", "b", "c", 1],
    ]
    swapped = agreement.count_confusions(two, one, make_axes(4))
    assert sorted(swapped.fillna("-")["code_second"]) == ["a", "a", "b"]


def test_f1_worked_out_by_hand():
    # a: tp 2, fp 1, fn 0 -> 0.8; b: tp 1, fn 1 -> 2/3; c: fp 1, not in the coding -> no part
    coded = make_coding([{"a", "b"}, {"a"}, {"a", "c"}, set()])
    coding = make_coding([{"a", "b"}, {"a", "b"}, set(), set()])
    row = agreement.evaluate(coded, coding).set_index("facet").loc["theme"]
    assert row["micro_f1"] == pytest.approx(2 * 3 / (2 * 3 + 2 + 1))
    assert row["macro_f1"] == pytest.approx((0.8 + 2 / 3) / 2)
    assert (row["exact"], row["n_axes"], row["n_codes"]) == (0.5, 4, 2)
    assert row[["n_contracts", "micro_f1_low", "exact_high"]].isna().all()

    codes = agreement.evaluate_by_code(coded, coding).set_index("code")
    assert codes.loc["a", ["support", "given", "precision", "recall"]].tolist() == [2, 3, 2 / 3, 1]
    assert codes.loc["b", "f1"] == pytest.approx(2 / 3)
    assert codes.loc["c", "recall"] is pd.NA
    assert codes.loc["c", "precision"] == 0


def test_a_facet_without_code_has_no_f1():
    coding = make_coding([{"a"}, set()])
    row = agreement.evaluate(coding, coding, make_axes(2)).set_index("facet").loc["lever"]
    assert row[["micro_f1", "micro_f1_low", "macro_f1"]].isna().all()
    assert (row["exact"], row["n_codes"]) == (1, 0)


def test_a_wording_of_two_contracts_counts_in_both():
    coded, coding = make_coding([{"a"}, {"b"}]), make_coding([{"a"}, {"a"}])
    axes = make_axes(2)
    twice = pd.concat([axes, axes.iloc[:1].assign(contract_id="another")])
    assert agreement.evaluate(coded, coding, twice)["exact"].iloc[-1] == pytest.approx(2 / 3)
    assert agreement.evaluate(coded, coding, twice)["n_contracts"].iloc[-1] == 3


@pytest.mark.parametrize("missing_in", ["coded", "coding", "axes"])
def test_texts_that_are_not_everywhere_are_named(missing_in):
    frames = {"coded": make_coding([{"a"}] * 3), "coding": make_coding([{"a"}] * 3)}
    frames["axes"] = make_axes(3)
    frames[missing_in] = frames[missing_in].iloc[:2]
    with pytest.raises(ValueError, match=r"1 of 3 texts are not in .*« axe 2 »"):
        agreement.evaluate(**frames)


def test_no_axis_at_all_is_said():
    with pytest.raises(ValueError, match="no axis"):
        agreement.evaluate(make_coding([]), make_coding([]))


def test_selected_coding_keeps_texts_without_code_and_leaves_other_texts_out(reference):
    long = make_coding([{"a", "b"}, {"c"}]).assign(coder="coder_a")
    axes = pd.DataFrame({"axis_text": ["axe 0", "sans code", "axe 0"]})
    found = select_coding(long, "coder_a", axes)
    assert found["code"].fillna("-").tolist() == ["a", "b", "-"]
    with pytest.raises(ValueError, match=r"'coder_c'.*coder_a"):
        select_coding(long, "coder_c", axes)


def test_the_two_coders_of_the_reference_are_consistent(reference, coders):
    everything = agreement.evaluate(*coders, reference["axes"]).set_index("facet").loc["all"]
    assert everything["n_axes"] == len(reference["axes"])
    assert everything["micro_f1"] == pytest.approx(0.991, abs=5e-4)
    assert everything["exact"] == pytest.approx(0.973, abs=5e-4)
    assert (agreement.alpha_by_facet(*coders, reference["axes"])["alpha"] > 0.97).all()


def test_each_key_belongs_to_one_facet_and_to_all():
    masks = dict(codings.split_facets(["theme:a", "population:b", "lever:c"]))
    assert [masks[f].tolist() for f in codings.FACETS] == np.eye(3, dtype=bool).tolist()
    assert masks["all"].all()

"""The peers are measured on the same axes, without having seen them."""

import pandas as pd
import pytest

from cls_analysis import peers
from cls_analysis.codebook import load_codebook
from cls_analysis.codings import select_coding
from cls_analysis.tables import load_reference


@pytest.fixture(scope="module")
def reference():
    return load_reference()


@pytest.fixture(scope="module")
def measured(reference):
    return peers.compare_with_peers(reference).set_index(["part", "peer"])


def test_every_coder_is_measured_on_the_same_axes(measured):
    names = ["coders", *peers.PEERS]
    assert measured.index.tolist() == [
        (part, name) for part in ("read", "unread", "unread_new") for name in names
    ]
    sizes = measured.groupby("part")[["n_axes", "n_contracts", "n_codes"]].nunique()
    assert (sizes == 1).all(axis=None)
    assert measured.loc["read", "n_axes"].iloc[0] == 252
    assert measured.loc["unread", "n_axes"].iloc[0] == 124
    assert measured.loc["unread_new", "n_axes"].iloc[0] < 124


def test_the_terms_do_better_than_the_peers_in_every_part(measured):
    for part in ("read", "unread", "unread_new"):
        f1 = measured.loc[part, "micro_f1"]
        assert f1["terms"] > f1[["rapidfuzz", "tfidf_logreg"]].max()


def test_the_peers_do_what_such_peers_do(measured):
    f1 = measured.loc["unread", "micro_f1"]
    assert 0.7 < f1["rapidfuzz"] < 0.9
    assert 0.75 < f1["tfidf_logreg"] < 0.92
    assert f1["coders"] > 0.98


def test_a_learning_peer_never_sees_an_axis_that_it_codes(reference):
    seen = []

    def spy(training, codes, axes):
        seen.append((set(training["axis_text"]), set(axes["axis_text"])))
        return select_coding(reference["codings"], "adjudicated", axes)

    found = peers.compare_with_peers(reference, peers={"spy": spy}).set_index(["part", "peer"])
    assert (found.xs("spy", level="peer")[["micro_f1", "exact"]] == 1).all(axis=None)
    *folds, (read, _), (read_again, new) = seen
    assert len(folds) == peers.FOLDS
    assert not any(training & tested for training, tested in folds)
    assert read == read_again
    assert not read & new


def test_rapidfuzz_reads_the_terms_of_the_codebook():
    axes = pd.DataFrame({"axis_text": ["Sport et assistance", "Rien"]})
    found = peers.code_by_rapidfuzz(pd.DataFrame(), load_codebook()["codes"], axes)
    assert found["code"].fillna("-").tolist() == ["physical_activity", "-"]


def test_a_reference_without_unread_part_is_refused(reference):
    contracts = reference["contracts"].assign(part="read")
    with pytest.raises(ValueError, match="both parts"):
        peers.compare_with_peers(reference | {"contracts": contracts})

"""The second opinion finds errors, and says so when it cannot learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold

from cls_analysis.codings import select_coding
from cls_analysis.normalise import normalise
from cls_analysis.second_opinion import MIN_TEXTS, list_disagreements, review, train_model
from cls_analysis.tables import load_reference

COLUMNS = ["row", "axis_text", "facet", "code", "terms", "model", "probability", "surety"]


@pytest.fixture(scope="module")
def reference():
    return load_reference()


@pytest.fixture(scope="module")
def adjudicated(reference):
    return select_coding(reference["codings"], "adjudicated", reference["axes"])


def number_rows(coding):
    return coding.assign(row=pd.factorize(coding["axis_text"])[0] + 1)


def weaken(coding, rng):
    """Drop a fifth of the codes at random, as a normaliser with terms missing would."""
    lost = coding["code"].notna() & (rng.random(len(coding)) < 0.2)
    return coding.assign(facet=coding["facet"].mask(lost), code=coding["code"].mask(lost)), coding[
        lost
    ]


def test_every_line_is_a_disagreement_and_the_surest_come_first():
    texts = ["Accès aux soins et santé mentale des jeunes", "Coordination", "Santé environnement"]
    found = review([*texts, "Tralala"])
    assert found.columns.tolist() == COLUMNS
    assert (found["terms"] != found["model"]).all()
    assert found["surety"].is_monotonic_decreasing
    assert found["surety"].between(0.5, 1).all()
    assert ((found["probability"] > 0.5) == found["model"]).all()
    coded = normalise(texts)
    given = set(zip(coded["row"], coded["code"], strict=True))
    pairs = zip(found["row"], found["code"], strict=True)
    assert [pair in given for pair in pairs] == found["terms"].tolist()


def test_the_review_is_the_same_twice_and_cut_at_n(reference):
    texts = [f"{text} à Brest" for text in reference["axes"]["axis_text"]]
    whole = review(texts, reference)
    pd.testing.assert_frame_equal(whole, review(texts))
    pd.testing.assert_frame_equal(whole.head(3), review(texts, n=3))
    with pytest.raises(ValueError, match="not 0"):
        review(texts, n=0)


def test_no_text_gives_an_empty_list_with_the_same_columns():
    found = review([])
    assert found.empty
    assert found.columns.tolist() == COLUMNS


def test_the_codes_too_rare_to_learn_are_those_of_the_docstring(adjudicated):
    _, keys = train_model(adjudicated, MIN_TEXTS)
    _, every = train_model(adjudicated)
    rare = {key.split(":")[1] for key in set(every) - set(keys)}
    told = {"sexual_reproductive_health", "families_carers", "outreach", "training", "innovation"}
    assert rare == told
    assert all(code in review.__doc__ for code in told)


def test_a_rare_code_is_never_listed(adjudicated):
    text = adjudicated.loc[adjudicated["code"] == "outreach", "axis_text"].iloc[0]
    coded = pd.DataFrame({"row": [1], "axis_text": [text], "facet": [None], "code": [None]})
    assert "outreach" not in list_disagreements(coded, adjudicated)["code"].tolist()


def test_a_dropped_code_of_a_known_text_is_found_first(adjudicated):
    coded = number_rows(adjudicated)
    text = coded.loc[coded["code"] == "mental_health", "axis_text"].iloc[0]
    wrong = coded[(coded["axis_text"] != text) | (coded["code"] != "mental_health")]
    rest = coded[coded["axis_text"] == text].assign(facet=pd.NA, code=pd.NA).head(1)
    coded = pd.concat([wrong, rest], ignore_index=True)
    found = list_disagreements(coded, adjudicated)
    mine = found[found["axis_text"] == text].iloc[0]
    assert (mine["code"], mine["terms"], mine["model"]) == ("mental_health", False, True)


def test_the_top_of_the_list_finds_more_errors_than_chance(reference):
    # Cross-validated over the territories of the read part; ten normalisers without a fifth of
    # their codes. Chance: the share of errors in the whole list, and in the codes of any axis.
    axes = reference["axes"].merge(reference["contracts"], on="contract_id")
    axes = axes[axes["part"] == "read"].drop_duplicates("axis_text")
    lists, errors, cells = [], 0, 0
    for train, test in GroupKFold(5).split(axes, groups=axes["territory"]):
        learnt, right = (
            select_coding(reference["codings"], "adjudicated", axes.iloc[part])
            for part in (train, test)
        )
        for seed in range(3):
            weak, lost = weaken(right, np.random.default_rng(seed))
            found = list_disagreements(number_rows(weak), learnt)
            true = found.merge(lost[["axis_text", "code"]], how="left", indicator="error")
            lists.append(true.assign(error=true["error"] == "both"))
            errors += len(lost)
            cells += axes.iloc[test]["axis_text"].nunique() * 31
    found = pd.concat(lists).sort_values("surety", ascending=False)
    top = found["error"].head(len(found) // 4).mean()
    assert top > 1.4 * found["error"].mean()
    assert found["error"].mean() > 10 * errors / cells
    assert found["error"].sum() > errors / 2


def test_nothing_to_learn_from_is_said():
    coding = pd.DataFrame(
        {"axis_text": ["un", "deux"], "facet": "theme", "code": ["nutrition", "nutrition"]}
    )
    with pytest.raises(ValueError, match="needs two codes with 5 texts"):
        list_disagreements(coding.assign(row=[1, 2]), coding)

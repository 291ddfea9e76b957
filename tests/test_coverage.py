"""What each own page answers, against what is written in the facts (by hand)."""

import pandas as pd
import pytest

from cls_analysis.coverage import ANSWERS, QUESTIONS, coverage
from cls_analysis.tables import load_corpus

# One line a question: s(aid), a(nnounced) or - (unsaid), in the order of the territories:
# Aix-en-Provence, Marseille, Aunis Atlantique, Saint-Étienne, Le Kremlin-Bicêtre.
BY_HAND = {
    "signature": "a s s - -",
    "period": "- s - s -",
    "signatories": "- s - s -",
    "priorities": "- s a s -",
    "actions": "- - - s -",
    "diagnostic": "s - s s a",
    "diagnostic_author": "- - s - -",
    "survey": "s - - - a",
    "steering_committee": "a - s - a",
    "council": "a - s - -",
}
WORDS = {"s": "said", "a": "announced", "-": "unsaid"}


@pytest.fixture(scope="module")
def corpus():
    return load_corpus()


def answer(corpus, territory, question):
    frame = coverage(corpus).set_index(["territory_id", "question"])
    return frame.at[(territory, question), "answer"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_page_answers_as_the_facts_say(corpus, question):
    frame = coverage(corpus)
    answers = frame.loc[frame["question"] == question, "answer"].tolist()
    assert answers == [WORDS[letter] for letter in BY_HAND[question].split()]


def test_every_territory_gets_an_answer_to_every_question(corpus):
    frame = coverage(corpus)
    assert len(frame) == 50
    assert not frame.duplicated(["territory_id", "question"]).any()
    assert frame["answer"].notna().all()
    assert frame["answer"].cat.categories.tolist() == ANSWERS
    counts = frame["answer"].value_counts()
    assert counts.to_dict() == {"unsaid": 27, "said": 16, "announced": 7}


def test_author_of_the_social_needs_analysis_is_not_that_of_the_health_diagnostic(corpus):
    """Trap 21: Ithéa Conseil wrote the first, and the second is still to come."""
    table = corpus["diagnostics"]
    assert "Ithéa Conseil" in set(table["carried_out_by"])
    assert answer(corpus, "le-kremlin-bicetre", "diagnostic_author") == "unsaid"
    taken = table.assign(kind=table["kind"].replace("social_needs", "health"))
    assert answer(corpus | {"diagnostics": taken}, "le-kremlin-bicetre", "diagnostic_author") == (
        "said"
    )


def test_aunis_announces_its_axes_without_naming_them(corpus):
    """Trap 1: five announced, none listed; the needs of its diagnostic are no axes."""
    axes = corpus["axes"]
    own = axes[axes["source_id"] == "own-aunis-atlantique"]
    assert own["kind"].unique().tolist() == ["need"]
    assert answer(corpus, "aunis-atlantique", "priorities") == "announced"


def test_domains_of_a_contract_in_preparation_are_no_priorities(corpus):
    """Trap 22: fields in brackets, in an open list."""
    assert answer(corpus, "aix-en-provence", "priorities") == "unsaid"


def test_axis_on_mental_health_is_no_council(corpus):
    """Trap 16."""
    assert "santé mentale" in set(corpus["axes"]["label"])
    assert answer(corpus, "saint-etienne", "council") == "unsaid"


def keep(corpus, name, rows):
    return corpus | {name: corpus[name][rows(corpus[name])]}


@pytest.mark.parametrize(
    ("territory", "question", "table"),
    [
        ("marseille", "signature", "milestones"),
        ("marseille", "signatories", "signatories"),
        ("marseille", "priorities", "axes"),
        ("saint-etienne", "actions", "actions"),
        ("saint-etienne", "diagnostic", "diagnostics"),
        ("aunis-atlantique", "diagnostic_author", "diagnostics"),
        ("aunis-atlantique", "council", "councils"),
        ("aunis-atlantique", "steering_committee", "milestones"),
        ("aix-en-provence", "survey", "surveys"),
        ("aix-en-provence", "signature", "milestones"),
    ],
)
def test_answer_without_its_rows_is_unsaid_and_the_others_stay(corpus, territory, question, table):
    own = f"own-{territory}"
    less = keep(corpus, table, lambda rows: rows["source_id"] != own)
    before, after = answer(corpus, territory, question), answer(less, territory, question)
    assert before != "unsaid"
    # Marseille announces the number of its priorities as well.
    assert after == (
        "announced" if (territory, question) == ("marseille", "priorities") else "unsaid"
    )
    other = coverage(corpus)["territory_id"] != territory
    assert coverage(corpus)[other].equals(coverage(less)[other])


@pytest.mark.parametrize(
    ("territory", "question", "table", "column"),
    [
        ("marseille", "signature", "milestones", "certainty"),
        ("aix-en-provence", "diagnostic", "diagnostics", "status"),
        ("aix-en-provence", "survey", "surveys", "status"),
        ("aunis-atlantique", "council", "councils", "status"),
    ],
)
def test_what_is_only_planned_is_announced(corpus, territory, question, table, column):
    rows = corpus[table]
    own = rows["source_id"] == f"own-{territory}"
    planned = corpus | {table: rows.assign(**{column: rows[column].mask(own, "planned")})}
    assert answer(corpus, territory, question) == "said"
    assert answer(planned, territory, question) == "announced"


def test_what_is_both_said_and_planned_is_said(corpus):
    councils = corpus["councils"]
    row = councils[councils["source_id"] == "own-aunis-atlantique"].assign(status="planned")
    more = corpus | {"councils": pd.concat([councils, row], ignore_index=True)}
    assert answer(more, "aunis-atlantique", "council") == "said"


def test_other_sources_never_answer_for_the_own_page(corpus):
    sources = corpus["sources"]
    own = sources.loc[sources["kind"] == "own_page", "source_id"]
    tables = ["milestones", "signatories", "axes", "actions", "diagnostics", "surveys", "councils"]
    less = corpus | {name: corpus[name][corpus[name]["source_id"].isin(own)] for name in tables}
    assert coverage(less).equals(coverage(corpus))


def test_empty_tables_are_silence(corpus):
    tables = ["milestones", "signatories", "axes", "actions", "diagnostics", "surveys", "councils"]
    contracts = corpus["contracts"].assign(period_start=pd.NA, axes_announced=pd.NA)
    silent = corpus | {name: corpus[name].head(0) for name in tables} | {"contracts": contracts}
    assert set(coverage(silent)["answer"]) == {"unsaid"}


def test_territory_without_an_own_page_is_silent(corpus):
    contracts = corpus["contracts"]
    less = corpus | {"contracts": contracts[contracts["source_id"] != "own-marseille"]}
    marseille = coverage(less).query("territory_id == 'marseille'")
    assert len(marseille) == 10
    assert set(marseille["answer"]) == {"unsaid"}

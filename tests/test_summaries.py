"""The numbers of the sentences: they add up, have names and units, and none is ever a gap."""

import pandas as pd
import pytest

from cls_analysis.chronology import chronology
from cls_analysis.clusters import find_clusters
from cls_analysis.codebook import load_codebook
from cls_analysis.compare import prevalence, priorities, similarity
from cls_analysis.councils import ladder, national_series, reference_uptake
from cls_analysis.coverage import coverage
from cls_analysis.errors import DataError
from cls_analysis.landscape import find_core, map_contracts, place_five
from cls_analysis.listings import name_pairs
from cls_analysis.stated import corpus_stated, reference_stated
from cls_analysis.summaries import (
    summarise_chronology,
    summarise_corpus,
    summarise_prevalence,
    summarise_priorities,
    summarise_similarity,
)
from cls_analysis.summaries_councils import (
    summarise_councils,
    summarise_national,
    summarise_uptake,
)
from cls_analysis.summaries_reference import (
    gather,
    list_uncoded,
    summarise_clusters,
    summarise_places,
    summarise_taxonomy,
)
from cls_analysis.tables import load_corpus, load_national, load_reference
from cls_analysis.texts import say

STEPS = ["milestones", "signatories", "axes", "actions", "diagnostics", "surveys", "councils"]
FIGURE = ("title", "note", "caption", "alt")
NAMES = ["Aix-en-Provence", "Marseille", "Aunis Atlantique", "Saint-Étienne", "Le Kremlin-Bicêtre"]


def read(numbers):
    """Values by name, once each name is seen to be there once."""
    assert not numbers["name"].duplicated().any()
    assert list(numbers.columns) == ["name", "value", "unit", "made_by"]
    assert numbers["unit"].str.len().gt(0).all()
    return dict(zip(numbers["name"], numbers["value"], strict=True))


def say_figure(key, numbers, *more):
    """Every text of a figure, and others, in both languages; a gap is an error of `say`."""
    keys = [*more, *(f"{key}.{part}" for part in FIGURE)] if key else more
    sentences = [say(name, lang, numbers) for name in keys for lang in ("fr", "en")]
    for sentence in sentences:
        assert not {"nan", "NaN", "None", "<NA>", "NaT"} & set(sentence.split())
    return sentences


@pytest.fixture(scope="module")
def corpus():
    return load_corpus()


@pytest.fixture(scope="module")
def reference():
    return load_reference()


@pytest.fixture(scope="module", params=["own_page", "all"])
def evidence(request):
    return request.param


# ------------------------------------------------------------------- corpora of one's own
def keep_one(corpus, territory):
    """A corpus of one territory."""
    contracts = corpus["contracts"]
    contracts = contracts[contracts["territory_id"] == territory]
    one = {}
    for name, table in corpus.items():
        if "territory_id" in table:
            one[name] = table[table["territory_id"] == territory]
        elif "contract_id" in table:
            one[name] = table[table["contract_id"].isin(contracts["contract_id"])]
        else:
            one[name] = table
    return one


def blank(table, *columns):
    """Take away what a table says in some columns, and keep their types."""
    return table.assign(**{name: table[name].mask(table[name].notna()) for name in columns})


def silence(corpus):
    contracts = blank(corpus["contracts"], "axes_announced", "period_start", "period_end")
    return corpus | {name: corpus[name].head(0) for name in STEPS} | {"contracts": contracts}


def undate(corpus):
    milestones = blank(corpus["milestones"], "date")
    empty = {name: corpus[name].head(0) for name in ("councils", "surveys", "diagnostics")}
    return corpus | {"milestones": milestones} | empty


EXTREMES = {
    "as it is": lambda corpus: corpus,
    "one territory": lambda corpus: keep_one(corpus, "marseille"),
    "one in preparation": lambda corpus: keep_one(corpus, "aix-en-provence"),
    "all silent": silence,
    "no dated step": undate,
    "no text": lambda corpus: (
        corpus | {"axes": corpus["axes"][corpus["axes"]["kind"].isin(["need", "scope"])]}
    ),
    "no own page": lambda corpus: corpus | {"sources": corpus["sources"].assign(kind="official")},
    "no contract": lambda corpus: (
        corpus
        | {name: corpus[name].head(0) for name in STEPS}
        | {"contracts": corpus["contracts"].head(0)}
    ),
}


@pytest.fixture(scope="module", params=EXTREMES, ids=lambda name: name.replace(" ", "-"))
def any_corpus(request, corpus):
    return EXTREMES[request.param](corpus)


# ------------------------------------------------------------------- 01-corpus
def test_numbers_on_the_own_pages_are_those_of_the_facts(corpus):
    said = read(summarise_corpus(corpus, coverage(corpus)))
    assert said["signed"] == ["Marseille", "Aunis Atlantique", "Saint-Étienne"]
    assert said["preparing"] == ["Aix-en-Provence", "Le Kremlin-Bicêtre"]
    assert said["listing"] == ["Marseille", "Saint-Étienne"]
    assert said["announcing"] == ["Aunis Atlantique"]
    assert said["announced"] == 5
    assert said["n_dated"] == 2
    assert (said["n_said"], said["n_announced"], said["n_unsaid"]) == (16, 7, 27)
    assert said["n_sources"] == len(corpus["sources"])


def test_answers_add_up_in_any_corpus(any_corpus):
    numbers = summarise_corpus(any_corpus, coverage(any_corpus))
    said = read(numbers)
    assert said["n_said"] + said["n_announced"] + said["n_unsaid"] == said["n_answers"]
    assert said["n_answers"] == said["n_questions"] * said["n_territories"]
    assert said["n_signed"] + said["n_preparing"] <= said["n_territories"]
    for name in ("signed", "preparing", "listing", "announcing"):
        assert said[f"n_{name}"] == len(said[name])
    assert set(said["listing"]) & set(said["announcing"]) == set()
    say_figure("coverage", numbers, "corpus.answer")


def test_territory_without_a_contract_is_neither_signed_nor_in_preparation(corpus):
    contracts = corpus["contracts"]
    less = corpus | {"contracts": contracts[contracts["territory_id"] != "marseille"]}
    said = read(summarise_corpus(less, coverage(less)))
    assert said["signed"] == ["Aunis Atlantique", "Saint-Étienne"]
    assert said["n_preparing"] == 2
    assert said["n_territories"] == 5


def test_answer_agrees_in_number_with_its_count(corpus):
    one = keep_one(corpus, "aix-en-provence")
    numbers = summarise_corpus(one, coverage(one))
    answer = say("corpus.answer", "en", numbers)
    answer = answer.replace("\N{NO-BREAK SPACE}", " ")
    assert "0 pages announce 0 axes without naming them (none)" in answer
    assert "1 is preparing one" in answer


@pytest.mark.parametrize(
    ("evidence", "counts"),
    [("own_page", (14, 2, 5, 2, 5)), ("all", (19, 4, 2, 6, 7))],
)
def test_steps_are_counted_by_precision(corpus, evidence, counts):
    """Periods aside. Of all sources, Aunis Atlantique is by its second contract."""
    dated = read(summarise_chronology(chronology(corpus, evidence), evidence))
    names = ("n_steps", "n_day", "n_month", "n_year", "n_undated")
    assert tuple(dated[name] for name in names) == counts


def test_steps_add_up_in_any_corpus(any_corpus, evidence):
    numbers = summarise_chronology(chronology(any_corpus, evidence), evidence)
    dated = read(numbers)
    parts = ("n_day", "n_month", "n_year", "n_undated")
    assert sum(dated[part] for part in parts) == dated["n_steps"]
    say_figure("timeline", numbers)


# ------------------------------------------------------------------- 03-priorities
def test_two_of_the_five_state_priorities_that_can_be_read(corpus, evidence):
    five = priorities(corpus, evidence=evidence)
    said = read(summarise_priorities(five, corpus, evidence))
    assert said["speaking"] == ["Marseille", "Saint-Étienne"]
    assert said["silent"] == ["Aix-en-Provence", "Aunis Atlantique", "Le Kremlin-Bicêtre"]
    assert said["preparing"] == ["Aix-en-Provence", "Le Kremlin-Bicêtre"]
    mentioning = said["silent"] if evidence == "own_page" else said["preparing"]
    assert said["mentioning"] == mentioning
    assert (said["n_codes"], said["n_themes"], said["n_cells"]) == (31, 17, 155)
    counts = five["state"].value_counts()
    assert said["n_no_text_cells"] == counts["no_text"]
    stating = five[five["state"] == "stated"].groupby("code").size()
    assert said["n_stated"] == len(stating)
    assert said["n_common"] == (stating == 2).sum()
    assert said["n_alone"] == (stating == 1).sum()
    assert said["n_stated"] == said["n_common"] + said["n_alone"]
    assert set(said["common"]) == set(stating.index[stating == 2])
    assert set(said["common_themes"]) <= set(said["common"])


def test_priorities_add_up_in_any_corpus(any_corpus, evidence):
    five = priorities(any_corpus, evidence=evidence)
    numbers = summarise_priorities(five, any_corpus, evidence)
    said = read(numbers)
    assert said["n_speaking"] + said["n_silent"] == said["n_territories"]
    assert said["n_territories"] == len(any_corpus["territories"])
    for name in ("speaking", "silent", "mentioning", "common", "common_themes"):
        assert said[f"n_{name}"] == len(said[name])
    assert set(said["mentioning"]) <= set(said["silent"])
    if not said["speaking"]:
        assert said["common"] == []  # nothing is shared where nothing is stated
    say_figure("priorities", numbers, "priorities.answer")


def test_likeness_is_defined_for_the_one_pair_that_states(corpus, evidence):
    five = priorities(corpus, evidence=evidence)
    matrix = name_pairs(similarity(corpus_stated(corpus, evidence=evidence)), five)
    said = read(summarise_similarity(matrix, summarise_priorities(five, corpus, evidence)))
    assert (said["n_pairs"], said["n_all_pairs"]) == (1, 10)
    assert {said["highest_one"], said["highest_other"]} == {"Marseille", "Saint-Étienne"}
    both, either = said["n_common"], said["n_stated"]
    assert said["highest"] == pytest.approx(both / either)


def test_likeness_in_any_corpus_has_its_texts(any_corpus, evidence):
    five = priorities(any_corpus, evidence=evidence)
    matrix = name_pairs(similarity(corpus_stated(any_corpus, evidence=evidence)), five)
    numbers = summarise_similarity(matrix, summarise_priorities(five, any_corpus, evidence))
    said = read(numbers)
    assert said["n_pairs"] <= said["n_all_pairs"]
    assert pd.isna(said["highest"]) == (said["n_pairs"] == 0)
    say_figure("similarity", numbers)


def test_highest_of_several_pairs_is_named():
    values = [[1, 0.2, 0.5], [0.2, 1, None], [0.5, None, 1]]
    matrix = pd.DataFrame(values, index=list("abc"), columns=list("abc"), dtype="Float64")
    five = pd.DataFrame(columns=["name", "value", "unit", "made_by"])
    said = read(summarise_similarity(matrix, five).astype({"unit": "str"}))
    assert (said["n_pairs"], said["n_all_pairs"]) == (2, 3)
    assert (said["highest"], said["highest_one"], said["highest_other"]) == (0.5, "c", "a")


def test_shares_are_those_of_the_contracts_that_can_say_no(reference):
    background = reference_stated(reference)
    shares = prevalence(reference, stated=background)
    numbers = summarise_prevalence(shares, background, "own_page")
    said = read(numbers)
    assert said["n_reference"] == 88
    assert said["n_contracts"] + said["n_excluded"] == 88
    themes = shares[shares["facet"] == "theme"].set_index("code")
    assert said["first_share"] == themes["share"].max()
    assert said["last_share"] == themes["share"].min()
    assert said["second_share"] == themes["share"].nlargest(2).iloc[1]
    assert said["first_low"] < said["first_share"] < said["first_high"]
    assert said["mental_share"] == said["mental_n"] / said["n_contracts"]
    assert set(said["majority"]) == set(themes.index[themes["share_low"] > 0.5])
    say_figure("prevalence", numbers, "prevalence.answer")


def test_without_a_complete_list_the_missing_shares_are_told(reference):
    contracts = reference["contracts"]
    contracts = contracts.assign(list_complete=pd.array([False] * len(contracts), dtype="boolean"))
    less = reference | {"contracts": contracts}
    background = reference_stated(less)
    shares = prevalence(less, stated=background)
    with pytest.raises(DataError, match="complete list of axes"):
        summarise_prevalence(shares, background, "own_page")


def test_without_any_reference_the_missing_shares_are_told(reference):
    empty = {name: table.head(0) for name, table in reference.items()}
    background = reference_stated(empty)
    shares = prevalence(empty, stated=background)
    with pytest.raises(DataError, match="complete list of axes"):
        summarise_prevalence(shares, background, "own_page")


# ------------------------------------------------------------------- 02-taxonomy
SCORES = [
    "n_axes",
    "n_contracts",
    "micro_f1",
    "micro_f1_low",
    "micro_f1_high",
    "macro_f1",
    "exact",
]


@pytest.fixture
def measured():
    """Codes, agreement and peers of a codebook of three codes, made by hand."""
    codes = pd.DataFrame({"facet": ["theme", "theme", "lever"], "code": ["a", "b", "c"]})
    alpha = pd.DataFrame({"code": ["a", "b", "c"], "alpha_low": [0.9, 0.5, None]})
    facets = pd.DataFrame(
        {"facet": ["all"], "n_axes": [7], "alpha": [0.8], "alpha_low": [0.7], "alpha_high": [0.9]}
    )
    peers = pd.DataFrame(
        [
            (part, peer, 7, 3, f1, f1 - 0.1, f1 + 0.1, f1 - 0.2, 0.5)
            for part, loss in (("read", 0), ("unread", 0.05), ("unread_new", 0.1))
            for peer, f1 in (
                ("terms", 0.9 - loss),
                ("rapidfuzz", 0.6 - loss),
                ("tfidf_logreg", 0.7 - loss),
                ("coders", 0.95),
            )
        ],
        columns=["part", "peer", *SCORES],
    )
    return codes, alpha, facets, peers


def test_numbers_on_the_taxonomy_are_those_of_its_tables(measured):
    numbers = summarise_taxonomy(*measured)
    said = read(numbers)
    assert (said["n_codes"], said["n_themes"], said["n_levers"], said["n_populations"]) == (
        3,
        2,
        1,
        0,
    )
    assert (said["n_firm"], said["n_measured"], said["n_unmeasured"]) == (1, 2, 1)
    assert (said["best_peer"], said["best_peer_f1"]) == ("tfidf_logreg", pytest.approx(0.65))
    assert said["lost"] == pytest.approx(0.05)
    assert said["coders_f1"] == 0.95
    assert said["n_axes"] == said["unread_n_axes"] == 7
    assert say_figure("agreement", numbers, "taxonomy.answer")
    assert say_figure("peers", numbers)


def test_coders_and_terms_are_never_the_best_peer(measured):
    *others, peers = measured
    peers.loc[peers["peer"] == "rapidfuzz", "micro_f1"] = 0.66
    assert read(summarise_taxonomy(*others, peers))["best_peer"] == "rapidfuzz"


def test_uncoded_titles_say_which_codes_were_missed():
    coded = pd.DataFrame({"axis_text": ["x", "y", "z", "z"], "code": [None, None, "a", "b"]})
    right = pd.DataFrame({"axis_text": ["x", "x", "y", "z"], "code": ["a", "b", None, "a"]})
    listed = list_uncoded(coded, right)
    assert listed.to_dict("records") == [
        {"axis_text": "x", "missed": ["a", "b"]},
        {"axis_text": "y", "missed": []},
    ]


# ------------------------------------------------------------------- 04-clusters
@pytest.fixture(scope="module")
def found(reference):
    return find_clusters(reference_stated(reference), n_draws=19, n_samples=10)


def test_numbers_on_the_clusters_are_those_of_the_measures(found, reference):
    core = find_core(found["matrix"])
    numbers = summarise_clusters(found, core, reference_stated(reference))
    said = read(numbers)
    assert said["n_contracts"] + said["n_without_code"] == 66
    assert (said["n_reference"], said["n_excluded"]) == (88, 22)
    assert said["n_core_all"] <= found["matrix"][core["code"]].sum().min()
    assert said["n_largest"] == found["clusters"].value_counts().max()
    assert said["n_draws"] == 19
    assert said["k"] == found["clusters"].nunique() == len(found["stability"])
    assert 0 <= said["n_stable"] <= said["k"]
    assert said["n_core"] == len(said["core"]) == len(core)
    assert 1 / 20 <= said["p"] <= 1
    say_figure("null", numbers)
    for decision in ("no_more_than_chance", "some_structure"):
        say_figure(f"tree.{decision}", numbers, f"clusters.{decision}")


def test_where_nothing_was_clustered_the_reason_is_told(reference):
    contracts = reference["contracts"]
    stated = reference_stated(reference | {"contracts": contracts.head(2)})
    few = find_clusters(stated)
    with pytest.raises(ValueError, match="too_few_contracts"):
        summarise_clusters(few, find_core(few["matrix"]), stated)


def test_every_territory_is_placed_once_or_without_a_place(corpus, found, evidence):
    five = place_five(priorities(corpus, "theme", evidence), found["matrix"])
    places = map_contracts(found["matrix"], five)
    numbers = summarise_places(five, places, evidence)
    said = read(numbers)
    assert sorted(said["placed"] + said["by_mentions"] + said["unplaced"]) == sorted(NAMES)
    assert said["placed"] == ["Marseille", "Saint-Étienne"]
    assert set(said["by_mentions"]) == {"Aix-en-Provence", "Le Kremlin-Bicêtre"}
    assert said["unplaced"] == ["Aunis Atlantique"]
    assert said["n_reference"] == len(found["matrix"])
    assert 0 < said["map_share"] < 1
    say_figure("landscape", numbers)


# ------------------------------------------------------------------- 05-councils
def test_councils_are_those_of_the_evidence(corpus):
    own = read(summarise_councils(ladder(corpus, "own_page"), "own_page"))
    every = read(summarise_councils(ladder(corpus, "all"), "all"))
    assert own["existing"] == ["Aunis Atlantique"]
    assert own["planned"] == every["planned"] == ["Aix-en-Provence"]
    assert own["silent"] == ["Marseille", "Saint-Étienne", "Le Kremlin-Bicêtre"]
    assert own["other"] == []
    assert sorted(every["existing"]) == ["Aunis Atlantique", "Saint-Étienne"]
    assert every["silent"] == ["Marseille", "Le Kremlin-Bicêtre"]
    assert every["other"] == ["Marseille"]
    assert every["other_names"] == ["Conseil d’orientation en santé mentale"]


def test_councils_add_up_in_any_corpus(any_corpus, evidence):
    numbers = summarise_councils(ladder(any_corpus, evidence), evidence)
    said = read(numbers)
    parts = ("n_existing", "n_planned", "n_silent")
    assert sum(said[part] for part in parts) == said["n_territories"]
    for name in ("existing", "planned", "silent", "other"):
        assert said[f"n_{name}"] == len(said[name])
    say_figure("ladder", numbers, "councils.answer")


def test_pages_of_the_reference_add_up(reference):
    numbers = summarise_uptake(reference_uptake(reference))
    said = read(numbers)
    signed = reference["contracts"].query("status == 'signed'")
    assert said["n_pages"] == len(signed)
    assert said["n_pages_silent"] == signed["clsm_status"].isna().sum()
    parts = ("n_pages_silent", "n_pages_planned", "n_pages_existing")
    assert sum(said[part] for part in parts) == said["n_pages"]
    say_figure(None, numbers, "councils.reference")


def test_reference_without_a_page_counts_none(reference):
    empty = reference | {"contracts": reference["contracts"].head(0)}
    numbers = summarise_uptake(reference_uptake(empty))
    assert set(read(numbers).values()) == {0}
    say_figure(None, numbers, "councils.reference")


def test_series_goes_from_the_first_to_the_last_count_of_one_definition():
    numbers = summarise_national(national_series(load_national()))
    said = read(numbers)
    assert (said["n_counts"], said["n_definitions"], said["n_undated"]) == (8, 4, 1)
    assert (said["first_on"], said["first_count"]) == ("2010", 35)
    assert (said["last_on"], said["last_count"]) == ("2022-12", 260)
    say_figure("national", numbers)


def test_one_count_is_first_and_last():
    said = read(summarise_national(national_series(load_national().head(1))))
    assert said["first_on"] == said["last_on"] == "2010"


def test_series_without_a_date_is_told():
    series = national_series(load_national())
    with pytest.raises(DataError, match="No count has a date"):
        summarise_national(series[series["date"].isna()])


# ------------------------------------------------------------------- together
def test_parts_keep_their_numbers_under_names_of_their_own(corpus):
    own, every = (summarise_councils(ladder(corpus, name), name) for name in ("own_page", "all"))
    together = gather(own=own, every=every)
    assert len(together) == len(own) + len(every)
    assert together["name"].str.match(r"(own|every)\.\w+$").all()
    values = read(together)
    assert values["own.n_existing"] == 1
    assert values["every.n_existing"] == 2


def test_every_code_that_is_named_has_a_label(corpus, evidence):
    said = read(summarise_priorities(priorities(corpus, evidence=evidence), corpus, evidence))
    assert set(said["common"]) <= set(load_codebook()["codes"]["code"])

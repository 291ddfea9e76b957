"""The tables that a reader consults: every row once, named, with its address."""

import pandas as pd
import pytest

from cls_analysis import chronology as chronology_module
from cls_analysis.codebook import load_codebook
from cls_analysis.compare import priorities, similarity
from cls_analysis.councils import ladder, measure_lag, national_series
from cls_analysis.listings import (
    list_axes,
    list_contracts,
    list_disagreements,
    list_signatories,
    list_steps,
    name_pairs,
    name_territories,
)
from cls_analysis.listings_reference import (
    list_checks,
    list_codes,
    list_counts,
    list_ladder,
    list_measures,
    name_leaves,
)
from cls_analysis.normalise import normalise
from cls_analysis.stated import corpus_stated
from cls_analysis.tables import load_corpus, load_national, load_reference

NAMES = ["Aix-en-Provence", "Marseille", "Aunis Atlantique", "Saint-Étienne", "Le Kremlin-Bicêtre"]
LISTINGS = {
    "contracts": list_contracts,
    "axes": list_axes,
    "signatories": list_signatories,
    "statements": list_disagreements,
}


@pytest.fixture(scope="module")
def corpus():
    return load_corpus()


@pytest.fixture(scope="module")
def reference():
    return load_reference()


@pytest.mark.parametrize("table", LISTINGS)
def test_every_row_has_the_address_of_its_source(corpus, table):
    listed = LISTINGS[table](corpus)
    urls = corpus["sources"].set_index("source_id")["url"]
    wanted = corpus[table]["source_id"].map(urls)
    assert listed["url"].dropna().str.match(r"https?://\S+$").all()
    assert set(listed["url"].dropna()) == set(wanted.dropna())
    assert listed["url"].isna().any() == wanted.isna().any()


@pytest.mark.parametrize("table", LISTINGS)
def test_territories_stand_in_their_own_order(corpus, table):
    listed = LISTINGS[table](corpus)["territory"]
    assert listed.drop_duplicates().tolist() == [name for name in NAMES if name in set(listed)]


@pytest.mark.parametrize("table", LISTINGS)
def test_source_without_address_keeps_its_rows(corpus, table):
    sources = corpus["sources"].assign(url=pd.array([None] * len(corpus["sources"]), dtype="str"))
    silent = LISTINGS[table](corpus | {"sources": sources})
    assert len(silent) == len(LISTINGS[table](corpus))
    assert silent["url"].isna().all()


@pytest.mark.parametrize("table", LISTINGS)
def test_empty_table_gives_an_empty_listing_with_its_columns(corpus, table):
    listed = LISTINGS[table](corpus | {table: corpus[table].head(0)})
    assert listed.empty
    assert list(listed.columns) == list(LISTINGS[table](corpus).columns)


# ------------------------------------------------------------------------------- contracts
def test_every_contract_is_listed_once(corpus):
    assert len(list_contracts(corpus)) == len(corpus["contracts"]) == 10


def test_contract_of_saint_etienne_grew_from_the_city_to_the_metropole(corpus):
    """Trap 14."""
    contracts = list_contracts(corpus).query("territory == 'Saint-Étienne'")
    rows = contracts[["generation", "perimeter", "population_count"]].itertuples(index=False)
    assert [tuple(row) for row in rows] == [
        (1, "Saint-Étienne", 173136),
        (2, "Saint-Étienne Métropole", 407700),
    ]
    assert contracts["carried_by"].iloc[1] == "Ville de Saint-Étienne"


def test_one_contract_of_each_territory_is_current(corpus):
    contracts = list_contracts(corpus)
    current = contracts[contracts["current"]]
    assert current["territory"].tolist() == NAMES
    assert current["period_start"].fillna("-").tolist() == ["-", "2024", "2025", "2023", "-"]
    assert current["status"].tolist() == [
        "in_preparation",
        "signed",
        "signed",
        "signed",
        "in_preparation",
    ]


def test_silence_on_a_number_of_axes_is_empty_and_never_zero(corpus):
    announced = list_contracts(corpus)["axes_announced"]
    assert announced.dropna().tolist() == [5, 5, 4]
    assert announced.isna().sum() == 7


# ------------------------------------------------------------------------------- axes
def test_every_axis_is_listed_once_word_for_word(corpus):
    keys = ["contract_id", "kind", "axis_text"]
    listed = list_axes(corpus)[keys].sort_values(keys, ignore_index=True)
    axes = corpus["axes"].rename(columns={"label": "axis_text"})[keys]
    assert listed.equals(axes.sort_values(keys, ignore_index=True))
    assert "Lutte contre les freins d’accès à la santé, en allant -vers" in " ".join(
        listed["axis_text"]
    )


def test_codes_add_rows_and_lose_no_axis(corpus):
    coded = normalise(corpus["axes"]["label"])
    listed = list_axes(corpus, coded)
    keys = ["contract_id", "kind", "axis_text"]
    assert set(map(tuple, listed[keys].to_numpy())) == set(
        map(tuple, list_axes(corpus)[keys].to_numpy())
    )
    assert not listed.duplicated([*keys, "code", "url"]).any()
    pairs = coded.dropna(subset="code")[["axis_text", "code"]].drop_duplicates()
    assert set(map(tuple, listed.dropna(subset="code")[["axis_text", "code"]].to_numpy())) == set(
        map(tuple, pairs.to_numpy())
    )


def test_title_without_code_is_listed_without_one(corpus):
    coded = normalise(corpus["axes"]["label"])
    nothing = coded.drop_duplicates("axis_text").assign(code=pd.NA, words=pd.NA)
    listed = list_axes(corpus, nothing)
    assert len(listed) == len(corpus["axes"])
    assert listed["code"].isna().all()


def test_saint_etienne_has_four_axes_and_two_transversal_ones(corpus):
    """Trap 15."""
    kinds = list_axes(corpus).query("contract_id == 'saint-etienne-2'")["kind"].value_counts()
    assert kinds.to_dict() == {"axis": 4, "transversal": 2}


# ------------------------------------------------------------------------------- signatories
def test_every_signatory_is_named_once_by_contract_and_source(corpus):
    listed = list_signatories(corpus)
    table = corpus["signatories"]
    assert len(listed) == len(table.drop_duplicates(["contract_id", "source_id"])) == 11
    names = listed["signatories"].str.split("; ").explode()
    assert sorted(names) == sorted(table["signatory"])


def test_departement_signed_the_second_and_third_contract_of_marseille_and_not_the_fourth(corpus):
    """Trap 11."""
    listed = list_signatories(corpus)
    departement = listed[listed["signatories"].str.contains("Conseil (?:général|[Dd]épart)")]
    assert sorted(set(departement["contract_id"])) == ["marseille-2", "marseille-3"]
    fourth = listed[listed["contract_id"] == "marseille-4"]["signatories"]
    assert fourth.str.contains("Assurance [Mm]aladie").all()


def test_two_sources_with_one_address_stay_two_rows(corpus):
    sources = corpus["sources"].assign(url="https://example.org/")
    assert len(list_signatories(corpus | {"sources": sources})) == 11


# ------------------------------------------------------------------------------- disagreements
@pytest.mark.parametrize(
    ("contract", "question", "first", "second", "agrees"),
    [
        ("aunis-atlantique-1", "axes_announced", "5", "4", False),  # trap 1
        ("marseille-3", "period_end", "2021", "2023", False),  # trap 10
        ("aunis-atlantique-1", "status", "active", "ended", False),
        ("saint-etienne-2", "period_end", "2027", "2027", True),
        ("saint-etienne-2", "axes_announced", "4", "4", True),
    ],
)
def test_second_source_stands_beside_the_first(corpus, contract, question, first, second, agrees):
    rows = list_disagreements(corpus).query("contract_id == @contract and question == @question")
    assert rows[["answer", "other_answer", "agrees"]].to_numpy().tolist() == [
        [first, second, agrees]
    ]


def test_where_the_first_source_is_silent_nothing_agrees_or_disagrees(corpus):
    rows = list_disagreements(corpus)
    silent = rows["answer"].isna()
    assert rows["agrees"].isna().equals(silent)
    assert silent.any()
    aunis = rows.query("contract_id == 'aunis-atlantique-1' and question == 'period_end'")
    assert aunis["other_answer"].tolist() == ["2024", "2024"]
    assert aunis["answer"].isna().all()


def test_no_missing_value_is_written_as_a_word(corpus):
    text = list_disagreements(corpus)[["answer", "other_answer"]].stack().tolist()
    assert not {"nan", "<NA>", "None", ""} & set(text)


# ------------------------------------------------------------------------------- steps and names
@pytest.mark.parametrize("evidence", ["own_page", "all"])
def test_steps_keep_their_rows_and_get_an_address(corpus, evidence):
    steps = chronology_module.chronology(corpus, evidence)
    listed = list_steps(corpus, name_territories(steps, corpus))
    assert len(listed) == len(steps)
    assert listed["territory"].isin(NAMES).all()
    assert listed["url"].str.match(r"https?://\S+$").all()


def test_pairs_bear_names_in_the_order_of_the_territories(corpus):
    matrix = similarity(corpus_stated(corpus, evidence="own_page"))
    named = name_pairs(matrix, priorities(corpus, evidence="own_page"))
    assert named.index.tolist() == named.columns.tolist() == NAMES
    assert named.loc["Marseille", "Saint-Étienne"] == matrix.loc["marseille-4", "saint-etienne-2"]
    assert named.loc["Aunis Atlantique"].isna().all()


# ------------------------------------------------------------------------------- the reference
@pytest.mark.parametrize(("lang", "first"), [("fr", "Santé mentale"), ("en", "Mental health")])
def test_codes_are_listed_in_the_language_and_order_of_the_codebook(lang, first):
    codes = load_codebook()["codes"]
    listed = list_codes(codes, lang)
    assert len(listed) == len(codes) == 31
    assert listed["facet"].tolist() == codes["facet"].tolist()
    assert first in listed["label"].tolist()


def test_cuts_into_groups_are_one_measure():
    summary = pd.DataFrame({"measure": ["best_silhouette", "silhouette_2", "silhouette_3"]})
    assert list_measures(summary)["measure"].tolist() == ["best_silhouette", *["silhouette"] * 2]


def test_no_two_leaves_bear_one_name(reference):
    leaves = reference["contracts"]["contract_id"].tolist()[::-1]
    clusters = pd.Series(range(len(leaves)), index=leaves)
    names, by_name = name_leaves(leaves, clusters, reference)
    assert len(set(names)) == len(names) == 88
    assert by_name.tolist() == clusters.tolist()
    assert by_name.index.tolist() == names
    assert {"Sartrouville 2015", "Sartrouville 2019"} <= set(names)


def test_counts_keep_their_definition_and_address(corpus):
    series = national_series(load_national())
    listed = list_counts(series, corpus)
    assert listed["active_count"].tolist() == [35, 81, 192, 221, 244, 254, 260, 298]
    assert listed["source_url"].str.match(r"https?://\S+$").all()
    assert pd.isna(listed["date"].iloc[-1])


@pytest.mark.parametrize("evidence", ["own_page", "all"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_line_of_the_ladder_says_what_its_source_says(corpus, evidence, lang):
    steps = ladder(corpus, evidence)
    listed = list_ladder(steps, measure_lag(corpus, evidence), lang).set_index("territory")
    assert listed.index.tolist() == NAMES
    assert "2020" in listed.at["Aunis Atlantique", "sentence"]
    silent = {"fr": "la source n’en dit rien", "en": "the source says nothing of it"}[lang]
    assert listed.at["Le Kremlin-Bicêtre", "sentence"] == silent
    assert listed.at["Marseille", "sentence"].startswith(silent)
    shown = "Conseil d’orientation en santé mentale" in listed.at["Marseille", "sentence"]
    assert shown == (evidence == "all")
    assert pd.notna(listed.at["Marseille", "other_first"]) == (evidence == "all")
    assert pd.isna(listed.at["Marseille", "since_first"])


def test_existing_council_of_unknown_year_is_attested_and_not_dated(corpus):
    listed = list_ladder(ladder(corpus, "all"), measure_lag(corpus, "all"), "fr")
    row = listed.set_index("territory").loc["Saint-Étienne"]
    assert pd.isna(row["since_first"])
    assert row["attested_last"] == pd.Timestamp("2013-12-31")
    assert "date de création non écrite, attesté en 2013" in row["sentence"]


def check_row(**values):
    row = {"statement": "core", "variant": "own_page", "holds": True, "value": None, "names": []}
    return row | values


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({"holds": True}, "holds"),
        ({"holds": False}, "does not hold"),
        ({"holds": None}, "not applicable"),
        ({"value": 0.5}, "holds (0.50)"),
        ({"names": ["marseille", "saint-etienne"]}, "holds (Marseille and Saint-Étienne)"),
    ],
)
def test_cell_of_the_sensitivity_table_says_the_verdict_and_its_value(values, cell):
    table = list_checks(pd.DataFrame([check_row(**values)]), "en")
    assert table.to_dict("records") == [
        {"statement": "The themes of the core", "Own page alone": cell}
    ]


def test_variant_without_a_code_names_the_code():
    table = list_checks(pd.DataFrame([check_row(variant="without:care_access")]), "en")
    label = load_codebook()["codes"].set_index("code")["label_en"]["care_access"]
    assert list(table.columns) == ["statement", f"Without {label}"]

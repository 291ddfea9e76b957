"""What the tables say, held against the pages: titles word for word, and no known mistake.

The tests named after a mistake each catch one that a careless reading of the pages makes.
"""

import csv
import json
import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from frictionless import validate

from cls_analysis.tables import DATA, load_tables

FILES = sorted(path for path in DATA.rglob("*") if path.is_file())
CSV = [path for path in FILES if path.suffix == ".csv"]
AIX, MARSEILLE = "aix-en-provence-preparation", "marseille-4"
AUNIS_1, AUNIS_2 = "aunis-atlantique-1", "aunis-atlantique-2"
SAINT_ETIENNE, KREMLIN = "saint-etienne-2", "le-kremlin-bicetre-preparation"
STATED = {"axis", "transversal", "priority", "objective"}

# Typed from the pages by hand: contract, kind and titles in the order of the page.
OWN_PAGES = {
    (AIX, "domain"): [
        "accès et organisation des soins",
        "actions de prévention et promotion de la santé",
        "santé environnementale",
    ],
    (MARSEILLE, "priority"): [
        "Prise en compte de la souffrance psycho-sociale des enfants et des jeunes habitants "
        "confrontés à un cadre de vie dégradé",
        "Lutte contre les freins d’accès à la santé, en allant -vers les populations les plus "
        "éloignées de la santé",
        "Accès à la santé des personnes en situation de handicap",
        "Lutte contre l’obésité infantile",
        "Améliorer l’accès à une activité physique",
    ],
    (AUNIS_1, "need"): [
        "un accès aux soins qui n’est pas le même pour tous en médecine générale",
        "une absence de spécialistes sur nos 20 communes",
        "un isolement de nombreuses personnes âgées",
        "des problèmes d’accession aux logements",
    ],
    (SAINT_ETIENNE, "axis"): [
        "renforcement de l’offre et de l’accès à la santé et aux droits",
        "communication et sensibilisation aux politiques locales de santé",
        "prévention et promotion de la santé",
        "santé mentale",
    ],
    (SAINT_ETIENNE, "transversal"): ["la notion de santé et environnement", "« l’aller vers »"],
    (KREMLIN, "scope"): ["soins", "prévention", "accompagnement médico-social"],
}
OTHER_PAGES = {
    ("marseille-2", "axis"): [
        "Promouvoir l’égalité devant la santé dès les premiers âges de la vie (enfants et "
        "adolescents)",
        "Anticiper et accompagner le vieillissement de la population (personnes âgées)",
        "Prise en charge et insertion des personnes atteintes d’un handicap",
        "Accès aux soins, à la prévention et amélioration de la prise en charge.",
    ],
    ("marseille-3", "objective"): [
        "Améliorer la qualité de l’air intérieur et extérieur.",
        "Lutter contre l’habitat indigne en lien avec des conditions de vie négligées (syndrome "
        "de Diogène).",
        "Agir sur l’exposition aux perturbateurs endocriniens des populations particulièrement "
        "sensibles.",
        "Promouvoir l’activité physique.",
        "Mieux prévenir pour lutter contre les conduites addictives.",
        "Promouvoir un environnement favorable à la santé du jeune enfant.",
        "Favoriser l’accès aux soins et l’accompagnement des personnes en renoncement de soins "
        "et en situation de fragilité.",
    ],
    (AUNIS_1, "axis"): [
        "Promouvoir la santé sur le territoire et favoriser la prévention pour améliorer "
        "durablement la santé des habitants",
        "Accompagner le vieillissement et la perte d’autonomie (personnes âgées et personnes en "
        "situation de handica",
    ],
}
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def rows(table: pd.DataFrame, **where: object) -> pd.DataFrame:
    """Return the rows in which each of the named columns has the given value."""
    for column, value in where.items():
        table = table[(table[column] == value).fillna(False)]
    return table


def own(tables: Tables, name: str) -> pd.DataFrame:
    """Return the rows of a table that come from the territories' own pages."""
    pages = rows(tables["sources"], kind="own_page")["source_id"]
    return tables[name][tables[name]["source_id"].isin(pages)]


def titles(axes: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    return {key: group["label"].tolist() for key, group in axes.groupby(["contract_id", "kind"])}


def values(tables: Tables, contract: str, column: str) -> dict[str, str]:
    """Return what each source says of a column of a contract, apart from the contract's row."""
    found = rows(tables["statements"], contract_id=contract, column=column)
    return dict(zip(found["source_id"], found["value"], strict=True))


def signed_by(tables: Tables, contract: str) -> set[str]:
    return set(rows(tables["signatories"], contract_id=contract)["role"])


# The package


def test_package_is_valid_for_people_who_do_not_use_our_code():
    report = validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])


def test_every_csv_is_in_the_package_and_described(tables):
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert {DATA / entry["path"] for entry in package["resources"]} == set(CSV)
    for entry in package["resources"]:
        assert entry["title"] and entry["description"] and entry["licenses"] and entry["sources"]
        assert all(field["description"] for field in entry["schema"]["fields"]), entry["name"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_files_are_composed_utf8_with_plain_line_ends(path: Path):
    content = path.read_bytes()
    text = content.decode("utf-8")
    assert not text.startswith("\ufeff") and "\r" not in text and text.endswith("\n")
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("path", CSV, ids=lambda path: path.relative_to(DATA).as_posix())
def test_no_row_is_there_twice_and_no_cell_has_space_at_its_ends(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        found = [tuple(row) for row in csv.reader(file)]
    assert len(found) == len(set(found))
    assert [cell for row in found for cell in row if cell != cell.strip()] == []


def test_every_row_has_a_source_and_every_source_is_used(tables):
    with_source = {name: table for name, table in tables.items() if "source_id" in table}
    named = {name for name in tables if not name.startswith("codebook-")}
    assert set(with_source) == named
    used = {
        source
        for name, table in with_source.items()
        if name != "sources"
        for source in table["source_id"]
    }
    assert used == set(tables["sources"]["source_id"])


def test_one_current_contract_and_one_own_page_for_each_territory(tables):
    territories = tables["territories"]["territory_id"].tolist()
    current = rows(tables["contracts"], current=True)
    assert current["territory_id"].tolist() == territories
    assert own(tables, "contracts")["territory_id"].tolist() == territories


def test_statements_have_the_form_of_the_column_they_speak_of(tables):
    forms = dict.fromkeys(["period_start", "period_end"], r"\d{4}")
    forms |= dict.fromkeys(
        ["generation", "axes_announced", "transversal_announced", "duration_years"], r"[1-9]"
    )
    forms |= {"status": "in_preparation|signed|active|ended", "axes_order": ".+; .+"}
    for row in tables["statements"].itertuples():
        assert re.fullmatch(forms[row.column], row.value), row


def test_what_is_deduced_or_has_no_date_says_why_in_a_note(tables):
    milestones = tables["milestones"]
    unclear = (milestones["certainty"] == "deduced") | milestones["date"].isna()
    assert milestones.loc[unclear, "note"].notna().all()
    assert tables["contracts"].query("generation_certainty == 'deduced'")["note"].notna().all()


# The titles


def test_titles_of_own_pages_are_word_for_word(tables):
    assert titles(own(tables, "axes")) == OWN_PAGES


def test_titles_of_other_pages_are_word_for_word(tables):
    axes = tables["axes"].drop(own(tables, "axes").index)
    assert titles(axes) == OTHER_PAGES
    assert axes["contract_id"].isin([contract for contract, _ in OTHER_PAGES]).all()


def test_order_of_titles_is_that_of_the_page(tables):
    for _, group in tables["axes"].groupby(["contract_id", "source_id", "kind"]):
        assert group["order"].tolist() == list(range(1, len(group) + 1))


def test_titles_keep_accents_curly_apostrophes_and_odd_spacing(tables):
    labels = [*tables["axes"]["label"], *tables["actions"]["label"]]
    assert not any("'" in label for label in labels)
    assert sum("allant -vers" in label for label in labels) == 1
    assert "mettre en oeuvre du plan cancer stéphanois" in labels


def test_three_contracts_are_signed_or_active_on_their_own_pages_and_two_in_preparation(tables):
    status = own(tables, "contracts").set_index("contract_id")["status"]
    assert status.to_dict() == {
        AIX: "in_preparation",
        MARSEILLE: "signed",
        AUNIS_1: "active",
        SAINT_ETIENNE: "signed",
        KREMLIN: "in_preparation",
    }


def test_announced_axes_are_of_different_kinds_and_not_the_titles_that_are_listed(tables):
    contracts = own(tables, "contracts").set_index("contract_id")
    announced = contracts["axes_announced"].dropna().to_dict()
    assert announced == {MARSEILLE: 5, AUNIS_1: 5, SAINT_ETIENNE: 4}
    stated = own(tables, "axes").query("kind in @STATED").groupby("contract_id")["kind"]
    assert stated.unique().map(sorted).to_dict() == {
        MARSEILLE: ["priority"],
        SAINT_ETIENNE: ["axis", "transversal"],
    }


# Aunis Atlantique


def test_aunis_own_page_announces_five_axes_and_lists_none(tables):
    contract = rows(tables["contracts"], contract_id=AUNIS_1).iloc[0]
    assert contract["axes_announced"] == 5
    assert set(rows(tables["axes"], source_id="own-aunis-atlantique")["kind"]) == {"need"}


def test_aunis_page_with_four_axes_stays_apart(tables):
    assert values(tables, AUNIS_1, "axes_announced") == {"aunis-atlantique-2022": "4"}
    listed = rows(tables["axes"], contract_id=AUNIS_1, kind="axis")
    assert set(listed["source_id"]) == {"aunis-atlantique-2022"}
    assert listed["truncated"].fillna(False).tolist() == [False, True]


def test_aunis_needs_do_not_fill_in_for_axes(tables):
    needs = rows(tables["axes"], kind="need")
    assert set(needs["contract_id"]) == {AUNIS_1} and len(needs) == 4


def test_image_captions_are_neither_contracts_nor_actions(tables):
    contracts = rows(tables["contracts"], territory_id="aunis-atlantique")
    assert contracts["contract_id"].tolist() == [AUNIS_1, AUNIS_2]
    assert not tables["actions"]["contract_id"].isin([AUNIS_1, AUNIS_2]).any()
    assert not tables["actions"]["label"].str.contains("gymnase|Contrat Local de Santé").any()


def test_aunis_signature_is_february_2020_on_its_page_and_2019_on_another(tables):
    signed = rows(tables["milestones"], contract_id=AUNIS_1, event="signature")
    dates = {source: set(group["date"]) for source, group in signed.groupby("source_id")}
    assert dates == {
        "own-aunis-atlantique": {"2020-02"},
        "aunis-atlantique-version-b": {"2019", "2020-02"},
    }


def test_aunis_diagnostic_keeps_its_three_datings(tables):
    found = rows(tables["diagnostics"], contract_id=AUNIS_1)
    datings = found[["period_start", "period_end", "report_date"]].fillna("").values.tolist()
    assert datings == [["2019", "2019", ""], ["2018-11", "2019-05", ""], ["", "", "2019-12"]]


def test_one_address_with_three_texts_is_three_sources(tables):
    sources = tables["sources"].set_index("source_id")
    address = sources.loc["own-aunis-atlantique", "url"]
    assert rows(sources, url=address)["version"].to_dict() == {
        "own-aunis-atlantique": "A",
        "aunis-atlantique-version-b": "B",
        "aunis-atlantique-version-c": "C",
    }


def test_aunis_council_has_a_wrong_name_in_a_magazine_and_a_date_of_its_own(tables):
    councils = rows(tables["councils"], territory_id="aunis-atlantique").set_index("source_id")
    assert councils["name"].to_dict() == {
        "own-aunis-atlantique": "conseil local en santé mentale",
        "maires-de-france-2021": "contrat local de santé mentale",
    }
    assert set(councils["body"]) == {"clsm"} and set(councils["status"]) == {"labelled"}
    assert councils.loc["own-aunis-atlantique", "since"] == "2020-07"


def test_aunis_first_contract_has_ended_and_the_second_one_is_current(tables):
    current = rows(tables["contracts"], territory_id="aunis-atlantique", current=True)
    assert current["contract_id"].tolist() == [AUNIS_2]
    assert values(tables, AUNIS_1, "status") == {"aunis-atlantique-version-b": "ended"}
    assert rows(tables["axes"], contract_id=AUNIS_2).empty


def test_four_years_of_a_definition_are_no_period(tables):
    contract = rows(tables["contracts"], contract_id=AUNIS_1).iloc[0]
    assert contract[["period_start", "period_end"]].isna().all()
    assert values(tables, AUNIS_1, "duration_years") == {}


# Marseille


def test_marseille_states_priorities_of_a_first_part_in_the_order_of_its_page(tables):
    found = rows(tables["axes"], contract_id=MARSEILLE)
    assert set(found["kind"]) == {"priority"} and set(found["volet"]) == {1}
    assert set(found["source_id"]) == {"own-marseille"}
    press = values(tables, MARSEILLE, "axes_order")["destimed-marseille-2024"].split("; ")
    assert press[2:4] == ["obésité infantile", "handicap"]


def test_only_the_fourth_contract_of_marseille_awaits_an_amendment(tables):
    amendments = rows(tables["milestones"], event="amendment")
    assert set(amendments["contract_id"]) == {MARSEILLE}
    assert set(amendments["certainty"]) == {"planned"}
    extension = rows(tables["milestones"], contract_id="marseille-1", event="extension")
    assert extension["date"].tolist() == ["2011"]


def test_old_page_of_marseille_speaks_of_the_second_contract(tables):
    assert set(rows(tables["axes"], source_id="marseille-old-page")["contract_id"]) == {
        "marseille-2"
    }


def test_end_of_the_third_contract_of_marseille_differs_by_source(tables):
    assert rows(tables["contracts"], contract_id="marseille-3")["period_end"].tolist() == ["2021"]
    assert values(tables, "marseille-3", "period_end") == {"gomet-marseille-3": "2023"}


def test_departement_signs_the_second_and_third_contract_and_health_insurance_the_fourth(tables):
    assert [
        "departement" in signed_by(tables, f"marseille-{number}") for number in (1, 2, 3, 4)
    ] == [False, True, True, False]
    assert [
        "health_insurance" in signed_by(tables, f"marseille-{number}") for number in (1, 2, 3, 4)
    ] == [False, False, False, True]


def test_earlier_city_actions_are_neither_actions_nor_budget_of_the_contract(tables):
    assert not tables["actions"]["contract_id"].str.startswith("marseille").any()
    columns = {column for table in tables.values() for column in table}
    assert not any(word in column for column in columns for word in ("budget", "amount", "cost"))
    notes = tables["contracts"]["note"].dropna()
    assert not notes.str.contains("million|AP-HM|vaccin").any()


def test_marseille_three_bodies_are_not_taken_for_one_another(tables):
    councils = rows(tables["councils"], territory_id="marseille")
    assert set(councils["body"]) == {"other_body"}
    assert councils["name"].str.lower().str.contains("orientation en santé mentale|cosm").all()
    assert set(councils["since"].dropna()) == {"2006"}  # 2021: Conseil communal de santé


# Saint-Étienne


def test_saint_etienne_carrier_and_perimeter_are_city_and_metropole(tables):
    contracts = tables["contracts"].set_index("contract_id")
    perimeters = tables["perimeters"].set_index("perimeter_id")
    assert contracts.loc[SAINT_ETIENNE, "carried_by"] == "Ville de Saint-Étienne"
    area = perimeters.loc[contracts.loc[SAINT_ETIENNE, "perimeter"]]
    assert (area["kind"], area["communes"], area["population"]) == ("metropole", 53, 407700)
    first = perimeters.loc[contracts.loc["saint-etienne-1", "perimeter"]]
    assert (first["kind"], first["population"]) == ("commune", 173136)


def test_populations_have_one_year_and_are_the_same_in_both_tables(tables):
    territories = tables["territories"].set_index("territory_id")
    perimeters = tables["perimeters"].set_index("perimeter_id")
    shared = ["name", "kind", "code", "population", "population_year"]
    same = perimeters.loc[territories.index, shared]
    assert (same == territories[shared]).all(axis=None)
    assert set(perimeters["population_year"]) == {2026}
    assert set(perimeters.index) - set(territories.index) == {"saint-etienne-metropole"}


def test_transversal_axes_are_not_axes_five_and_six(tables):
    found = rows(tables["axes"], contract_id=SAINT_ETIENNE)
    assert found.groupby("kind")["order"].max().to_dict() == {"axis": 4, "transversal": 2}
    contract = rows(tables["contracts"], contract_id=SAINT_ETIENNE).iloc[0]
    assert contract[["axes_announced", "transversal_announced"]].tolist() == [4, 2]


def test_own_pages_of_three_territories_say_nothing_of_a_council(tables):
    pages = own(tables, "councils").set_index("territory_id")["status"]
    assert pages.to_dict() == {"aix-en-provence": "planned", "aunis-atlantique": "labelled"}


def test_axis_on_mental_health_is_no_council_and_the_council_has_no_invented_year(tables):
    councils = rows(tables["councils"], territory_id="saint-etienne").set_index("source_id")
    assert councils["status"].to_dict() == {
        "saint-etienne-1-page": "created",
        "saint-etienne-clsm": "active",
    }
    assert councils["since"].isna().all()
    assert councils["attested_on"].dropna().to_dict() == {"saint-etienne-1-page": "2013"}


def test_duration_of_a_councillor_does_not_change_the_period(tables):
    contract = rows(tables["contracts"], contract_id=SAINT_ETIENNE).iloc[0]
    assert contract[["period_start", "period_end"]].tolist() == ["2023", "2027"]
    assert values(tables, SAINT_ETIENNE, "duration_years") == {"eelv-saint-etienne-2023": "4"}


def test_two_of_the_five_new_actions_run_already(tables):
    actions = tables["actions"]
    assert actions["contract_id"].tolist() == [SAINT_ETIENNE] * 5
    running = actions[actions["already_running"].fillna(False)]["label"]
    assert [label.split()[0] for label in running] == ["continuer", "poursuivre"]


def test_partners_of_a_definition_are_no_signatories(tables):
    page = rows(tables["signatories"], source_id="own-saint-etienne")["signatory"]
    assert page.tolist() == ["Ville de Saint-Étienne", "Agence régionale de santé"]


def test_years_that_no_page_writes_are_marked_as_deduced(tables):
    deduced = rows(tables["milestones"], certainty="deduced", event="signature")
    assert dict(zip(deduced["contract_id"], deduced["date"], strict=True)) == {
        AUNIS_1: "2020-02",
        AUNIS_2: "2025-04",
        SAINT_ETIENNE: "2023-03-28",
    }
    report = rows(tables["milestones"], event="cancer_plan_report")
    assert report["date"].isna().all()


# Le Kremlin-Bicêtre and Aix-en-Provence


@pytest.mark.parametrize("contract", [AIX, KREMLIN])
def test_preparation_has_no_priority_no_action_no_signatory_and_only_plans(tables, contract):
    found = rows(tables["contracts"], contract_id=contract).iloc[0]
    assert found["status"] == "in_preparation"
    assert found[["generation", "period_start", "period_end", "axes_announced"]].isna().all()
    assert not set(rows(tables["axes"], contract_id=contract)["kind"]) & STATED
    assert rows(tables["actions"], contract_id=contract).empty
    assert rows(tables["signatories"], contract_id=contract).empty
    assert set(rows(tables["milestones"], contract_id=contract)["certainty"]) == {"planned"}


def test_questionnaire_of_le_kremlin_bicetre_has_no_year(tables):
    survey = rows(tables["surveys"], contract_id=KREMLIN).iloc[0]
    assert survey["status"] == "planned"
    assert survey[["opens", "closes", "anonymous", "channels"]].isna().all()


def test_author_of_the_social_needs_analysis_is_not_that_of_the_health_diagnostic(tables):
    found = rows(tables["diagnostics"], contract_id=KREMLIN).set_index("kind")
    assert found["carried_out_by"].dropna().to_dict() == {"social_needs": "Ithéa Conseil"}
    assert found["status"].to_dict() == {"social_needs": "done", "health": "planned"}


def test_aix_signature_is_planned_and_its_domains_are_no_axes(tables):
    signed = rows(tables["milestones"], contract_id=AIX, event="signature").iloc[0]
    assert (signed["date"], signed["certainty"]) == ("2025", "planned")
    labels = rows(tables["axes"], contract_id=AIX)
    assert set(labels["kind"]) == {"domain"}
    assert not labels["label"].str.contains("santé mentale").any()


def test_own_page_of_aix_is_a_press_page(tables):
    sources = tables["sources"].set_index("source_id")
    assert sources.loc["own-aix-en-provence", "publisher"] == "Destimed"
    assert "press site" in sources.loc["own-aix-en-provence", "note"]


def test_planned_council_of_aix_and_labelled_council_of_aunis_are_different_states(tables):
    status = own(tables, "councils").set_index("territory_id")["status"]
    assert status["aix-en-provence"] != status["aunis-atlantique"]


def test_lists_of_val_de_marne_give_no_contract(tables):
    assert rows(tables["contracts"], territory_id="le-kremlin-bicetre")["contract_id"].tolist() == [
        KREMLIN
    ]
    urls = tables["sources"]["url"].dropna()
    assert not urls.str.contains("94.citoyens|luccarvounas").any()


def test_pages_are_not_dated_from_their_contents(tables):
    assert rows(tables["sources"], kind="own_page")["dated"].isna().all()


# The reference set and the national numbers


def test_reference_set_is_whole_and_its_axes_are_all_coded_three_times(tables):
    contracts, axes, codings = (
        tables[f"reference-{name}"] for name in ("contracts", "axes", "codings")
    )
    assert (len(contracts), len(axes)) == (88, 376)
    assert set(axes["contract_id"]) == set(contracts["contract_id"])
    texts = codings.groupby("coder")["axis_text"].agg(set)
    assert set(texts.index) == {"coder_a", "coder_b", "adjudicated"}
    assert all(found == set(axes["axis_text"]) for found in texts)
    assert contracts["part"].value_counts().to_dict() == {"read": 59, "unread": 29}


def test_regions_are_written_alike_in_all_tables(tables):
    regions = {*tables["territories"]["region"], *tables["reference-contracts"]["region"]}
    assert not any("'" in region for region in regions)


def test_codings_are_said_to_be_machine_assisted(tables):
    source = rows(tables["sources"], source_id="reference-codings").iloc[0]
    assert "machine-assisted" in source["note"] and "No two humans" in source["note"]


def test_undated_national_number_stands_last_and_is_marked(tables):
    national = tables["national-councils"]
    undated = national[national["date"].isna()]
    assert undated.index.tolist() == [len(national) - 1]
    assert undated["confidence"].tolist() == ["pre-publication"]
    assert national["date"].dropna().is_monotonic_increasing

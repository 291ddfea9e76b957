"""One contract beside the others: the right reason, the right background, the nearest names."""

import pytest

from cls_analysis.errors import DataError
from cls_analysis.profile import profile, summarise_profile
from cls_analysis.tables import load_corpus, load_reference
from cls_analysis.texts import say

REASONS = {
    ("aix-en-provence", "own_page"): "in_preparation",
    ("aix-en-provence", "all"): "in_preparation",
    ("marseille", "own_page"): "compared",
    ("marseille", "all"): "compared",
    ("aunis-atlantique", "own_page"): "no_text",
    ("aunis-atlantique", "all"): "no_text",
    ("saint-etienne", "own_page"): "compared",
    ("saint-etienne", "all"): "compared",
    ("le-kremlin-bicetre", "own_page"): "in_preparation",
    ("le-kremlin-bicetre", "all"): "in_preparation",
    ("pays-de-broceliande", "own_page"): "compared",
    ("amiens-2019", "own_page"): "incomplete_list",
    ("calais", "own_page"): "in_preparation",
}


@pytest.fixture(scope="module")
def tables():
    return {"corpus": load_corpus(), "reference": load_reference()}


@pytest.fixture(scope="module")
def profiles(tables):
    return {key: profile(*key, **tables) for key in REASONS}


def number(found, name):
    numbers = summarise_profile(found, "own_page").set_index("name")["value"]
    return numbers[name]


@pytest.mark.parametrize("key", REASONS, ids=" ".join)
def test_reason_says_why_nothing_is_compared(profiles, key):
    found = profiles[key]
    assert found["reason"] == REASONS[key]
    assert found["unusual"].empty == (REASONS[key] != "compared")


@pytest.mark.parametrize("key", REASONS, ids=" ".join)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_sentence_finds_its_numbers(profiles, key, lang):
    found = profiles[key]
    numbers = summarise_profile(found, key[1])
    for text in (found["reason"], "title", "note", "caption", "alt"):
        sentence = say(f"profile.{text}", lang, numbers)
        assert "{" not in sentence and "nan" not in sentence.lower().split()


@pytest.mark.parametrize("key", REASONS, ids=" ".join)
def test_every_code_has_one_state_and_one_share(profiles, key):
    codes = profiles[key]["codes"]
    assert len(codes) == 31
    assert not codes["code"].duplicated().any()
    assert codes.notna().all(axis=None)
    assert codes["share"].between(codes["share_low"], codes["share_high"]).all()
    states = {name: number(profiles[key], f"n_{name}") for name in ("stated", "mentioned", "codes")}
    assert states["stated"] == (codes["state"] == "stated").sum()
    assert states["mentioned"] == (codes["state"] == "mentioned").sum()
    assert states["codes"] == 31


def test_contract_in_preparation_states_nothing(profiles):
    for key in (("aix-en-provence", "all"), ("le-kremlin-bicetre", "all"), ("calais", "own_page")):
        assert number(profiles[key], "n_stated") == 0
        assert number(profiles[key], "n_mentioned") > 0


def test_axes_are_those_of_the_evidence(profiles):
    """By its own page Aunis lists four needs and no axis; another page names two axes."""
    own = profiles["aunis-atlantique", "own_page"]["axes"]
    assert own["kind"].tolist() == ["need"] * 4
    assert profiles["aunis-atlantique", "all"]["axes"].empty
    assert profiles["marseille", "own_page"]["axes"]["kind"].tolist() == ["priority"] * 5
    kinds = profiles["saint-etienne", "own_page"]["axes"]["kind"].tolist()
    assert kinds == ["axis"] * 4 + ["transversal"] * 2


def test_address_is_that_of_the_contract_shown(profiles):
    for (territory, _), found in profiles.items():
        assert found["url"].startswith(("https://", "http://")), territory
    assert "destimed" in profiles["aix-en-provence", "own_page"]["url"]


def complete_contracts(reference):
    """Signed contracts whose list is complete, with the territory of each."""
    contracts = reference["contracts"]
    return contracts[contracts["list_complete"] & (contracts["status"] == "signed")]


def test_five_are_compared_with_all_complete_contracts(tables, profiles):
    n = len(complete_contracts(tables["reference"]))
    assert n == 66
    assert number(profiles["marseille", "own_page"], "n_others") == n
    assert set(profiles["marseille", "own_page"]["unusual"]["n_others"]) == {n}


@pytest.mark.parametrize("contract", ["pays-de-broceliande", "sartrouville-2019", "amiens-2019"])
def test_own_territory_is_left_out_of_the_background(tables, contract):
    complete = complete_contracts(tables["reference"]).set_index("contract_id")["territory"]
    contracts = tables["reference"]["contracts"].set_index("contract_id")
    own = contracts.at[contract, "territory"]
    left = int((complete != own).sum())
    assert left < 66
    found = profile(contract, **tables)
    assert set(found["codes"]["n_contracts"]) == {left}
    assert number(found, "n_others") == left


def test_reference_contract_does_not_depend_on_the_evidence(tables):
    own, every = (profile("pays-de-broceliande", name, **tables) for name in ("own_page", "all"))
    assert own["codes"].equals(every["codes"])
    assert own["unusual"].equals(every["unusual"])


def test_name_may_be_typed_with_accents_and_capitals(tables, profiles):
    found = profile("Saint-Étienne", **tables)
    assert found["codes"].equals(profiles["saint-etienne", "own_page"]["codes"])


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("marseile", "marseille"),
        ("aunis", "aunis-atlantique"),
        ("kremlin-bicetre", "le-kremlin-bicetre"),
        ("pays-de-brocelande", "pays-de-broceliande"),
    ],
)
def test_unknown_territory_names_the_nearest(tables, typed, near):
    with pytest.raises(DataError) as caught:
        profile(typed, **tables)
    assert near in caught.value.problems["remedy"].iloc[0]


def test_unknown_evidence_names_those_that_exist(tables):
    with pytest.raises(DataError, match="own_page"):
        profile("marseille", "press", **tables)


def without(tables, territory):
    contracts = tables["corpus"]["contracts"]
    kept = contracts[contracts["territory_id"] != territory]
    return tables | {"corpus": tables["corpus"] | {"contracts": kept}}


def test_territory_without_any_contract_has_no_text_and_no_page(tables):
    found = profile("marseille", **without(tables, "marseille"))
    assert found["reason"] == "no_text"
    assert found["url"] is None
    assert found["axes"].empty
    assert set(found["codes"]["state"]) == {"no_text"}


def test_corpus_without_any_contract_still_gives_a_sentence(tables):
    empty = tables["corpus"] | {"contracts": tables["corpus"]["contracts"].head(0)}
    found = profile("marseille", corpus=empty, reference=tables["reference"])
    assert found["reason"] == "no_text"
    assert say("profile.no_text", "fr", summarise_profile(found, "own_page"))


def test_without_other_contracts_the_reason_is_the_missing_background(tables):
    reference = {name: table.head(0) for name, table in tables["reference"].items()}
    found = profile("marseille", corpus=tables["corpus"], reference=reference)
    assert found["reason"] == "no_background"
    assert found["codes"]["share"].isna().all()
    numbers = summarise_profile(found, "own_page").set_index("name")["value"]
    assert numbers["n_others"] == 0
    assert numbers["n_stated"] == 9
    assert say("profile.no_background", "en", summarise_profile(found, "own_page")).endswith(
        "lets Marseille be placed."
    )

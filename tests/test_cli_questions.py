"""The questions that a reader asks from the command line."""

import pytest
from typer.testing import CliRunner

from cls_analysis.cli import app


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def table(result):
    """Header and rows of a table that was printed into a pipe."""
    header, *rows = [line.split("\t") for line in result.stdout.splitlines()]
    return header, rows


def test_find_gives_territory_date_words_codes_and_link():
    result = run("find", "--theme", "physical_activity")
    header, rows = table(result)
    assert result.exit_code == 0
    assert header == [
        "territory",
        "contract_id",
        "date",
        "state",
        "kind",
        "axis_text",
        "codes",
        "source_url",
    ]
    marseille = [row for row in rows if row[0] == "Marseille"]
    assert ["Améliorer l’accès à une activité physique" in row[5] for row in marseille].count(
        True
    ) == 1
    assert all("physical_activity" in row[6].split() for row in rows)
    assert {row[3] for row in rows} <= {"stated", "mentioned"}
    assert all(row[7].startswith("http") for row in rows)
    assert result.stderr.strip() == f"{len(rows)} axes."


def test_find_takes_a_region_in_any_spelling():
    spellings = ["Île-de-France", "ile de france", "ILE-DE-FRANCE"]
    found = {run("find", "--region", spelling).stdout for spelling in spellings}
    assert len(found) == 1
    assert len(found.pop().splitlines()) > 1


def test_find_since_says_how_many_have_no_date():
    result = run("find", "--since", 2024)
    assert "more without a date are left out" in result.stderr
    _, rows = table(result)
    assert all(row[2][:4] >= "2024" for row in rows)


def test_find_takes_a_label_in_either_language_for_the_code():
    names = ["mental_health", "Santé mentale", "sante mentale", "Mental health"]
    assert len({run("find", "--theme", name).stdout for name in names}) == 1


def test_find_counts_a_single_axis_in_the_singular():
    result = run("find", "--theme", "physical_activity", "--departement", "59")
    _, rows = table(result)
    assert len(rows) == 1
    assert result.stderr.strip() == "1 axis."


def test_find_sends_a_code_of_another_facet_to_its_option():
    result = run("find", "--theme", "children_youth")
    assert result.exit_code == 1
    assert "is a population" in result.stderr
    assert "--population" in result.stderr


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["find", "--theme", "mental_helth"], "mental_health"),
        (["find", "--theme", "Santé mentalle"], "Santé mentale"),
        (["find", "--region", "Bretagn"], "Bretagne"),
        (["profile", "marseile"], "marseille"),
    ],
)
def test_a_name_that_does_not_exist_is_answered_with_the_nearest(words, near):
    result = run(*words)
    assert result.exit_code == 1
    assert near in result.stderr
    assert "Traceback" not in result.stderr
    assert "files" not in result.stderr


def test_profile_names_the_state_of_every_code_and_the_page():
    result = run("profile", "saint-etienne", "--lang", "en")
    assert result.exit_code == 0
    sentence, page, *lines = result.stdout.splitlines()
    assert sentence.startswith("Saint-Étienne states")
    assert page.startswith("https://saint-etienne.fr/")
    rows = [line.split("\t") for line in lines[1:]]
    assert len(rows) == 31
    assert rows[0][:2] == ["Mental health", "stated as a priority"]


def test_profile_of_a_contract_in_preparation_claims_no_priority():
    result = run("profile", "aix-en-provence", "--lang", "en")
    assert "states no priority yet" in result.stdout
    assert "stated as a priority" not in result.stdout


def test_an_evidence_that_does_not_exist_is_a_wrong_use():
    assert run("profile", "marseille", "--evidence", "hearsay").exit_code == 2

"""Every way in which a data folder can be bad is reported with its place."""

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_package import TABLES, small_package, write_small_package

from cls_analysis.checks import check_tables
from cls_analysis.explain import KEY
from cls_analysis.preflight import SAVE_CSV
from cls_analysis.tables import DATA, check_folder


@pytest.fixture
def folder(tmp_path):
    return write_small_package(tmp_path / "small")


def problems_of(folder: Path) -> pd.DataFrame:
    return check_tables(folder)[0]


def only_problem(folder: Path) -> dict:
    problems = problems_of(folder)
    assert len(problems) == 1, problems.to_string()
    return problems.astype(object).where(problems.notna(), None).to_dict("records")[0]


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def test_good_folder_has_no_problem(folder):
    problems, notes, tables = check_tables(folder)
    assert problems.empty
    assert list(problems.columns) == [
        *("file", "row", "column", "value", "problem", "allowed", "remedy")
    ]
    assert notes == []
    assert {name: len(table) for name, table in tables.items()} == {
        "sources": 3,
        "territories": 2,
        "contracts": 3,
    }


# file, what is there, what is put in its place, and the place and words of the one problem
ONE_CELL = {
    "value outside the allowed ones": (
        ("contracts.csv", "aix,signed", "aix,Signed"),
        ("contracts.csv", 3, "status", "Signed"),
        ("not one of the allowed", "in_preparation, signed, ended", "nearest: “signed”"),
    ),
    "not a whole number": (
        ("territories.csv", "149695", "149 695"),
        ("territories.csv", 2, "population", "149 695"),
        ("type of its column", "a whole number", "Correct"),
    ),
    "not a number": (
        ("territories.csv", "0.5", "50 %"),
        ("territories.csv", 2, "share", "50 %"),
        ("type of its column", "a number with a point", "Correct"),
    ),
    "neither true nor false": (
        ("contracts.csv", "ended,false", "ended,non"),
        ("contracts.csv", 2, "current", "non"),
        ("type of its column", "true or false", "Correct"),
    ),
    "too small": (
        ("territories.csv", "149695", "0"),
        ("territories.csv", 2, "population", "0"),
        ("out of range", "at least 1", "Correct"),
    ),
    "too large": (
        ("territories.csv", "0.5", "1.5"),
        ("territories.csv", 2, "share", "1.5"),
        ("out of range", "at most 1", "Correct"),
    ),
    "wrong form": (
        ("sources.csv", "https://example.org/b", "example.org"),
        ("sources.csv", 3, "url", "example.org"),
        ("form of its column", "https?://", "Correct"),
    ),
    "not a date": (
        ("contracts.csv", "2013-11-22", "22/11/2013"),
        ("contracts.csv", 2, "period_start", "22/11/2013"),
        ("not a date", "2024-04-22, 2020-02, 2025", "year, month and day"),
    ),
    "a day that does not exist": (
        ("contracts.csv", "2023,2027", "2023-02-30,2027"),
        ("contracts.csv", 3, "period_start", "2023-02-30"),
        ("does not exist", "calendar", "source"),
    ),
    "a period that ends before it starts": (
        ("contracts.csv", "2023,2027", "2023-05-01,2023-04"),
        ("contracts.csv", 3, "period_end", "2023-04"),
        ("ends before it starts (period_start is 2023-05-01)", "2023-05-01 or later", "both"),
    ),
    "a key that points nowhere": (
        ("contracts.csv", "true,2023,2027,city-page", "true,2023,2027,city-pag"),
        ("contracts.csv", 3, "source_id", "city-pag"),
        ("points nowhere: sources.csv", "sources.csv, column source_id", "nearest: “city-page”"),
    ),
    "a required cell that is empty": (
        ("sources.csv", "L’agence signe", ""),
        ("sources.csv", 3, "title", None),
        ("empty, and must not be", None, "Fill it in"),
    ),
    "a row without source, demanded by the schema": (
        ("contracts.csv", "2013-11-22,2013,press-page", "2013-11-22,2013,"),
        ("contracts.csv", 2, "source_id", None),
        ("no source", None, "sources.csv"),
    ),
    "a row without source, not demanded by the schema": (
        ("territories.csv", "0.5,press-page", "0.5,"),
        ("territories.csv", 2, "source_id", None),
        ("no source", None, "sources.csv"),
    ),
    "a value that must be the only one": (
        ("territories.csv", "evry,Évry", "evry,Aix"),
        ("territories.csv", 3, "name", "Aix"),
        ("row 2 has the same", "each value once", "Delete one"),
    ),
    "a second current contract": (
        ("contracts.csv", "ended,false", "ended,true"),
        ("contracts.csv", 3, "current", "true"),
        ("A second contract of aix", "one contract of each territory", "Keep the mark on one"),
    ),
    "no current contract": (
        ("contracts.csv", "in_preparation,true", "in_preparation,false"),
        ("contracts.csv", None, "current", "evry"),
        ("No contract of evry", "one contract of each territory", "Mark one"),
    ),
    "no contract that the own page describes": (
        ("contracts.csv", ",,own-b", ",,press-page"),
        ("contracts.csv", None, "source_id", "evry"),
        ("No contract of evry", "own page", "Mark one"),
    ),
    "a quote that never closes": (
        ("sources.csv", "L’agence", '"L’agence'),
        ("sources.csv", 3, None, None),
        ("cut into cells", "quotes in pairs", "Mend the quotes"),
    ),
    "a comma too many": (
        ("territories.csv", "Évry,", "Évry, ville,"),
        ("territories.csv", 3, None, "evry,Évry, ville,,,press-page"),
        ("6 cells, the header has 5", "5 cells: territory_id", "between quotes"),
    ),
    "too few cells": (
        ("sources.csv", ",own_page,\n", "\n"),
        ("sources.csv", 4, None, "own-b,Santé à Évry"),
        ("2 cells, the header has 4", "4 cells", "add the empty cells"),
    ),
    "a blank row": (
        ("territories.csv", "aix,", ",,,,\naix,"),
        ("territories.csv", 2, None, None),
        ("blank", None, "Delete the row"),
    ),
    "a column that is there twice": (
        ("territories.csv", "population,share", "population,population"),
        None,
        None,
    ),
}


@pytest.mark.parametrize(("change", "place", "words"), ONE_CELL.values(), ids=ONE_CELL)
def test_bad_cell_is_reported_with_its_place(folder, change, place, words):
    replace(folder, *change)
    if place is None:
        problems = problems_of(folder)
        assert problems["problem"].tolist() == [
            "The column is missing.",
            "The column is there twice.",
        ]
        assert problems["column"].tolist() == ["share", "population"]
        return
    found = only_problem(folder)
    assert (found["file"], found["row"], found["column"], found["value"]) == place
    for text, word in zip(
        (found["problem"], found["allowed"], found["remedy"]), words, strict=True
    ):
        assert word is None or word in text


def test_second_contract_with_the_own_page_is_reported(folder):
    replace(folder, "contracts.csv", "2013,press-page", "2013,city-page")
    found = only_problem(folder)
    assert (found["row"], found["column"], found["value"]) == (3, "source_id", "city-page")


def test_duplicated_key_names_both_rows(folder):
    path = folder / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8") + "city-page,b,press,\n", encoding="utf-8")
    found = only_problem(folder)
    assert (found["row"], found["column"], found["value"]) == (5, "source_id", "city-page")
    assert "row 2 has the same" in found["problem"]


def test_empty_key_is_one_problem(folder):
    replace(folder, "sources.csv", "press-page", "")
    found = problems_of(folder).query("file == 'sources.csv'")
    assert found[["row", "column"]].values.tolist() == [[3, "source_id"]]


def test_two_faults_of_one_row_are_both_reported(folder):
    replace(folder, "contracts.csv", "aix,signed,true", "aix,sined,yes")
    assert problems_of(folder)["column"].tolist()[:2] == ["status", "current"]


def test_rows_are_counted_as_in_a_spreadsheet_after_blank_ones_and_line_breaks_in_cells(folder):
    text = TABLES["sources.csv"].replace("page de la ville", "page\nde la ville")
    text = text.replace("press-page", "\npress-page") + "city-page,b,press,\n"
    (folder / "sources.csv").write_text(text, encoding="utf-8")
    problems = problems_of(folder)
    assert problems["row"].tolist() == [3, 6]
    assert "row 2 has the same" in problems["problem"][1]


def test_missing_column_is_named_once_and_the_others_are_still_checked(folder):
    replace(folder, "contracts.csv", "status", "statut")
    replace(folder, "contracts.csv", "2023,2027", "2023,2022")
    problems = problems_of(folder)
    assert problems["column"].tolist() == ["status", "statut", "period_end"]
    assert problems["row"].tolist() == [1, 1, 3]
    assert problems["problem"].tolist()[:2] == [
        "The column is missing.",
        "The column is not one of this table.",
    ]
    assert "nearest: “statut”" in problems["remedy"][0]
    assert "contract_id, territory_id, status" in problems["allowed"][1]


def test_unknown_column_is_named(folder):
    for row in ("url\n", "/a\n", "/b\n", "own_page,\n"):
        replace(folder, "sources.csv", row, row[:-1] + ",dated\n")
    found = only_problem(folder)
    assert (found["file"], found["row"], found["column"]) == ("sources.csv", 1, "dated")


def test_column_without_a_name_is_reported(folder):
    path = folder / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\n", ",\n"), encoding="utf-8")
    assert only_problem(folder)["problem"] == "Column number 5 has no name."


def test_table_without_header_is_one_problem(folder):
    path = folder / "contracts.csv"
    path.write_text(path.read_text(encoding="utf-8").split("\n", 1)[1], encoding="utf-8")
    found = only_problem(folder)
    assert (found["file"], found["row"]) == ("contracts.csv", 1)
    assert "none of the columns" in found["problem"]


def test_columns_in_another_order_are_read_and_said(folder):
    rows = [line.split(",") for line in TABLES["territories.csv"].splitlines()]
    text = "".join(",".join(row[::-1]) + "\n" for row in rows)
    (folder / "territories.csv").write_text(text, encoding="utf-8")
    problems, notes, tables = check_tables(folder)
    assert problems.empty
    assert tables["territories"].columns[0] == "territory_id"
    assert "another order" in notes[0]


def test_missing_table_is_one_problem_and_no_flood_of_keys(folder):
    (folder / "sources.csv").unlink()
    problems, notes, _ = check_tables(folder)
    assert problems[["file", "problem"]].values.tolist() == [
        ["sources.csv", "The file is missing."]
    ]
    assert len(notes) == 2
    assert all("sources.csv could not be read" in note for note in notes)
    assert "keys of contracts.csv" in notes[1]


def test_folder_in_the_place_of_a_file(folder):
    (folder / "contracts.csv").unlink()
    (folder / "contracts.csv").mkdir()
    found = only_problem(folder)
    assert (found["file"], found["problem"]) == ("contracts.csv", "This is a folder, not a file.")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n", b",,,\n"])
def test_empty_file(folder, content):
    (folder / "contracts.csv").write_bytes(content)
    found = only_problem(folder)
    assert (found["file"], found["problem"]) == ("contracts.csv", "The file is empty.")


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_other_encoding_is_named_with_its_row_and_word(folder, encoding):
    (folder / "territories.csv").write_bytes(TABLES["territories.csv"].encode(encoding))
    found = only_problem(folder)
    assert (found["file"], found["row"]) == ("territories.csv", 3)
    assert "UTF-8" in found["allowed"]
    assert found["remedy"] == SAVE_CSV
    text = TABLES["sources.csv"].replace("L’agence", "Début réglé à l’hôpital")
    (folder / "sources.csv").write_bytes(text.encode(encoding))
    found = problems_of(folder).iloc[0]
    assert found["problem"] == f"The file is not UTF-8, it seems to be {encoding}."
    assert found["value"] == "santé"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_named(folder, encoding):
    (folder / "territories.csv").write_bytes(TABLES["territories.csv"].encode(encoding))
    found = only_problem(folder)
    assert "UTF-16" in found["problem"]
    assert found["remedy"] == SAVE_CSV


def test_byte_order_mark_and_windows_line_ends_are_read_and_said(folder):
    text = TABLES["sources.csv"].replace("\n", "\r\n")
    (folder / "sources.csv").write_bytes(text.encode("utf-8-sig"))
    problems, notes, tables = check_tables(folder)
    assert problems.empty
    assert notes == [
        "sources.csv starts with a byte-order mark (BOM) and has Windows line ends (CRLF); "
        "it was read."
    ]
    assert tables["sources"].columns[0] == "source_id"


def test_semicolons_are_named_with_the_way_to_mend_them(folder):
    text = TABLES["territories.csv"].replace(",", ";")
    (folder / "territories.csv").write_text(text, encoding="utf-8")
    found = only_problem(folder)
    assert (found["file"], found["row"]) == ("territories.csv", 1)
    assert "semicolons (French Excel)" in found["problem"]
    assert found["allowed"] == "commas"
    assert found["remedy"] == SAVE_CSV


def test_guide_says_how_to_save_a_table_in_the_words_of_the_messages():
    guide = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert " ".join(SAVE_CSV.split()) in " ".join(guide.split())
    assert "semicolons all the same" in SAVE_CSV
    assert "févr-20" in SAVE_CSV


def test_key_with_a_capital_letter_is_told_as_a_key_and_not_as_a_date(tmp_path):
    resources = small_package()["resources"]
    resources[2]["schema"]["fields"][0]["constraints"]["pattern"] = KEY
    folder = write_small_package(tmp_path / "small", resources=resources)
    replace(folder, "contracts.csv", "aix-2", "Aix-2")
    found = only_problem(folder)
    assert (found["row"], found["column"], found["value"]) == (3, "contract_id", "Aix-2")
    assert found["problem"] == "The value is not a key."
    replace(folder, "contracts.csv", "Aix-2", "2024-13-45")  # no date is looked for in a key
    assert problems_of(folder).empty


def test_dictionary_calls_no_key_a_date():
    rows = (DATA / "README.md").read_text(encoding="utf-8").splitlines()
    keys = [row for row in rows if row.startswith("| `") and "_id` |" in row]
    assert len(keys) > 20
    assert not [row for row in keys if "date as precise" in row]
    assert any("date as precise" in row for row in rows if row.startswith("| `period_start`"))


def test_excel_file_under_the_name_of_a_csv(folder):
    pd.DataFrame({"a": [1]}).to_excel(folder / "x.xlsx")
    (folder / "x.xlsx").replace(folder / "territories.csv")
    assert "not a CSV file but an Excel file (.xlsx)" in only_problem(folder)["problem"]
    (folder / "territories.csv").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert "(.xls)" in only_problem(folder)["problem"]


def test_nul_characters(folder):
    replace(folder, "territories.csv", "Évry", "Év\0ry")
    found = only_problem(folder)
    assert found["row"] == 3
    assert "NUL" in found["problem"]


def test_faults_of_two_files_are_both_reported_in_the_order_of_the_package(folder):
    replace(folder, "contracts.csv", "aix,signed", "aix,sined")
    replace(folder, "contracts.csv", "2013-11-22", "2013-11-31")
    replace(folder, "sources.csv", "own_page,h", "own,h")
    (folder / "territories.csv").write_bytes(b"")
    problems = problems_of(folder)
    assert problems["file"].tolist()[:2] == ["sources.csv", "territories.csv"]
    assert problems.loc[problems["file"] == "contracts.csv", "row"].tolist() == [2, 3]


BROKEN_PACKAGES = {
    "not JSON": ('{\n "resources": [,]}', "not valid JSON", 2),
    "not an object": ("[]", "not a JSON object", None),
    "no resources": ('{"name": "x"}', "lists no table", None),
    "empty resources": ('{"resources": []}', "lists no table", None),
    "a resource that is none": ('{"resources": [1]}', "is not an object", None),
    "a resource of nothing": ('{"resources": [{}]}', 'has no "name"', None),
    "nested too deeply": ("[" * 100_000, "nested too deeply", None),
}


@pytest.mark.parametrize(("text", "words", "row"), BROKEN_PACKAGES.values(), ids=BROKEN_PACKAGES)
def test_broken_data_package(folder, text, words, row):
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    problems = problems_of(folder)
    assert set(problems["file"]) == {"datapackage.json"}
    assert words in problems["problem"][0]
    assert problems["row"][0] is pd.NA if row is None else problems["row"][0] == row


def test_data_package_that_is_missing_a_folder_or_not_utf_8(folder):
    path = folder / "datapackage.json"
    path.write_bytes('{"title": "Santé"}'.encode("cp1252"))
    found = only_problem(folder)
    assert found["problem"] == "The file is not UTF-8, it seems to be cp1252."
    assert "text editor" in found["remedy"]
    assert "encoding UTF-8" in found["remedy"]
    path.write_text(" \n", encoding="utf-8")
    found = only_problem(folder)
    assert found["problem"] == "The file is empty."
    assert "git checkout" in found["remedy"]
    path.unlink()
    found = only_problem(folder)
    assert found["problem"] == "The file is missing."
    assert "git checkout" in found["remedy"]
    path.mkdir()
    assert only_problem(folder)["problem"] == "This is a folder, not a file."


def test_data_package_with_byte_order_mark_is_read(folder):
    path = folder / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert problems_of(folder).empty


BROKEN_RESOURCES = {
    "no path": ({"path": None}, 'has no "path"'),
    "no schema": ({"schema": None}, 'has no "schema"'),
    "schema elsewhere": ({"schema": "schema.json"}, 'has no "schema"'),
    "upwards": ({"path": "../small/sources.csv"}, "leaves the folder"),
    "absolute": ({"path": "/etc/passwd"}, "leaves the folder"),
    "address": ({"path": "https://example.org/sources.csv"}, "leaves the folder"),
    "backslash": ({"path": "..\\sources.csv"}, "leaves the folder"),
    "bad name": ({"name": "Les sources"}, "not a valid entry"),
    "name of another": ({"name": "territories"}, "name of another one"),
}


@pytest.mark.parametrize(("change", "words"), BROKEN_RESOURCES.values(), ids=BROKEN_RESOURCES)
def test_broken_resource_is_named_and_the_others_are_checked(tmp_path, change, words):
    resources = small_package()["resources"]
    resources[0] |= change
    folder = write_small_package(tmp_path / "small", resources=resources)
    replace(folder, "contracts.csv", "aix,signed", "aix,sined")
    problems = problems_of(folder)
    assert any(words in problem for problem in problems["problem"])
    assert ["contracts.csv", 3] in problems[["file", "row"]].values.tolist()


BROKEN_FIELDS = {
    "unknown type": ({"type": "text"}, 'unknown type "text"'),
    "no name": ({"name": None}, 'without a "name"'),
    "unknown constraint": ({"constraints": {"enumm": []}}, "enumm"),
    "bad pattern": ({"constraints": {"pattern": "("}}, "not valid"),
    "bad limit": ({"type": "integer", "constraints": {"minimum": "x"}}, "not valid"),
    "two of a name": ({"name": "kind"}, "two fields"),
}


@pytest.mark.parametrize(("change", "words"), BROKEN_FIELDS.values(), ids=BROKEN_FIELDS)
def test_broken_field_is_named(tmp_path, change, words):
    resources = small_package()["resources"]
    resources[0]["schema"]["fields"][1] |= change
    problems = problems_of(write_small_package(tmp_path / "small", resources=resources))
    assert problems["file"][0] == "datapackage.json"
    assert problems["value"][0] == "sources"
    assert words in problems["problem"][0]


def test_foreign_key_to_a_table_that_is_not_there(tmp_path):
    resources = small_package()["resources"]
    resources[1]["schema"]["foreignKeys"] = [
        {"fields": "source_id", "reference": {"resource": "source", "fields": "source_id"}}
    ]
    found = problems_of(write_small_package(tmp_path / "small", resources=resources)).iloc[0]
    assert (found["file"], found["value"]) == ("datapackage.json", "source: source_id")


def test_folder_that_is_missing_or_a_file(folder):
    assert "No such file" in only_problem(folder / "nowhere")["problem"]
    assert "Not a directory" in only_problem(folder / "sources.csv")["problem"]


def test_check_changes_nothing(folder):
    replace(folder, "contracts.csv", "aix,signed", "aix,sined")

    def state() -> dict:
        return {
            path: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in folder.rglob("*")
        }

    before = state()
    check_folder(folder)
    assert state() == before


def quietly(**options):
    return settings(
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        **options,
    )


@quietly(max_examples=60)
@given(st.sampled_from(sorted(TABLES)), st.integers(0, 10_000), st.binary(min_size=1, max_size=20))
def test_random_bytes_in_a_table_never_raise(folder, file, place, noise):
    write_small_package(folder)
    content = TABLES[file].encode()
    place %= len(content)
    (folder / file).write_bytes(content[:place] + noise + content[place + len(noise) :])
    problems, _, tables = check_tables(folder)
    assert problems.empty == (len(tables) == 3)


@quietly(max_examples=60)
@given(
    st.sampled_from(sorted(TABLES)),
    st.integers(1, 3),
    st.integers(0, 6),
    st.text(max_size=12) | st.sampled_from(["-0", "1e9999", "9" * 30, "NaN", "1_0", "٣", " true"]),
)
def test_random_cell_in_a_table_never_raises(folder, file, row, column, value):
    write_small_package(folder)
    rows = pd.read_csv(folder / file, dtype="str", header=None, keep_default_na=False)
    rows.iloc[min(row, len(rows) - 1), min(column, rows.shape[1] - 1)] = value
    rows.to_csv(folder / file, header=False, index=False, errors="replace")
    problems, _, tables = check_tables(folder)
    assert problems.empty == (len(tables) == 3)


@quietly(max_examples=60)
@given(st.integers(0, 10_000), st.binary(max_size=4))
def test_random_bytes_in_the_data_package_never_raise(folder, place, noise):
    write_small_package(folder)
    content = json.dumps(small_package()).encode()
    place %= len(content)
    (folder / "datapackage.json").write_bytes(content[:place] + noise + content[place + 1 :])
    check_tables(folder)


def nodes(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nodes(inner, (*path, key))


PLACES = list(nodes(small_package()))[1:]
ODD = [None, 1, -1.5, True, "", "x", "sources", [], ["x"], [None], [[]], {}, {"x": 1}]


@quietly(max_examples=150)
@given(st.sampled_from(PLACES), st.sampled_from(ODD))
def test_odd_value_anywhere_in_the_data_package_never_raises(folder, place, odd):
    package = json.loads(json.dumps(small_package()))
    inner = package
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    check_tables(folder)


def test_our_own_data_are_good():
    problems = check_folder()
    assert problems.empty, problems.to_string()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    return shutil.copytree(DATA, tmp_path_factory.mktemp("real") / "data")


def test_faults_in_a_copy_of_our_data_are_all_reported(real):
    codings = real / "reference" / "codings.csv"
    good = codings.read_text(encoding="utf-8")
    codings.write_text(good.replace("care_pathways", "care_pathway", 1), encoding="utf-8")
    (real / "councils.csv").unlink()
    problems = check_folder(real)
    found = problems[["file", "column"]].values.tolist()
    assert ["councils.csv", pd.NA] in [[file, column] for file, column in found]
    coding = problems[problems["file"] == "reference/codings.csv"].iloc[0]
    assert coding["column"] == "themes"
    assert "“care_pathway” is not a code of the facet theme" in coding["problem"]
    assert "nearest: “care_pathways”" in coding["remedy"]


# what is put in the place of what in axes.csv, and the place and words of the one problem
WRONG_AXES = {
    "an axis of a contract in preparation": (
        ("own-aix-en-provence,2,domain", "own-aix-en-provence,2,axis"),
        ("aix-en-provence-preparation", "2", "axis"),
        ("in preparation states no priority", "domain, need or scope"),
    ),
    "a transversal axis of a contract in preparation": (
        ("own-le-kremlin-bicetre,1,scope", "own-le-kremlin-bicetre,1,transversal"),
        ("le-kremlin-bicetre-preparation", "1", "transversal"),
        ("in preparation states no priority", "domain, need or scope"),
    ),
    "more axes than announced": (
        ("own-saint-etienne,1,transversal", "own-saint-etienne,5,axis"),
        ("saint-etienne-2", "5", "axis"),
        ("5 titles of saint-etienne-2 are listed, 4 announced", "axes_announced (4)"),
    ),
    "more transversal axes than announced": (
        ("own-saint-etienne,2,transversal", "own-saint-etienne,{},transversal"),
        ("saint-etienne-2", "3", "transversal"),
        ("3 titles of saint-etienne-2 are listed, 2 announced", "transversal_announced (2)"),
    ),
}


@pytest.mark.parametrize(("change", "place", "words"), WRONG_AXES.values(), ids=WRONG_AXES)
def test_axes_that_the_contract_cannot_have_are_reported(tmp_path, change, place, words):
    folder = shutil.copytree(DATA, tmp_path / "data")
    path = folder / "axes.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = next(number for number, line in enumerate(lines) if change[0] in line)
    lines[changed : changed + 1] = [
        lines[changed].replace(change[0], change[1].format(order))
        for order in ((2, 3) if "{}" in change[1] else (2,))
    ]
    path.write_text("".join(lines), encoding="utf-8", newline="")
    problems = check_folder(folder)
    assert len(problems) == 1, problems.to_string()
    found = problems.iloc[0]
    assert (found["file"], found["column"]) == ("axes.csv", "kind")
    contract, _, order, kind = lines[found["row"] - 1].split(",")[:4]
    assert (contract, order, kind) == place
    assert words[0] in found["problem"]
    assert words[1] in found["allowed"]


def test_needs_turned_into_axes_up_to_the_announced_number_are_allowed(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    text = (folder / "axes.csv").read_text(encoding="utf-8")
    assert text.count(",need,") == 4
    changed = text.replace(",need,", ",axis,")
    (folder / "axes.csv").write_text(changed, encoding="utf-8", newline="")
    assert check_folder(folder).empty


def test_package_that_lacks_a_table_of_the_project_is_reported(folder):
    problems = check_folder(folder)
    assert set(problems["file"]) == {"datapackage.json"}
    assert "axes" in problems["value"].tolist()

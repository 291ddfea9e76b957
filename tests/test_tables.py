"""Tables come out typed, and bad ones do not come out at all."""

import shutil

import pandas as pd
import pytest
from small_package import write_small_package

from cls_analysis.checks import check_tables
from cls_analysis.errors import DataError, problem_frame, problem_text
from cls_analysis.tables import (
    CORPUS,
    DATA,
    examine_folder,
    load_corpus,
    load_national,
    load_reference,
    load_tables,
)


def test_columns_have_the_types_of_the_schema(tmp_path):
    _, _, tables = check_tables(write_small_package(tmp_path / "small"))
    territories, contracts = tables["territories"], tables["contracts"]
    assert [str(kind) for kind in territories.dtypes] == ["str", "str", "Int64", "Float64", "str"]
    assert territories["population"].tolist() == [149695, pd.NA]
    assert territories["share"].tolist() == [0.5, pd.NA]
    assert contracts["current"].dtype == "boolean"
    assert contracts["current"].tolist() == [False, True, True]
    assert contracts["period_start"].tolist()[:2] == ["2013-11-22", "2023"]
    assert contracts["period_start"].isna().tolist() == [False, False, True]
    assert tables["sources"]["title"][0] == "Contrat local de santé, page de la ville"
    assert contracts.index.tolist() == [0, 1, 2]


def test_other_missing_values_of_the_schema_are_missing(tmp_path):
    folder = write_small_package(tmp_path / "small")
    package = (folder / "datapackage.json").read_text(encoding="utf-8")
    package = package.replace(
        '"primaryKey": ["terr', '"missingValues": ["", "-"], "primaryKey": ["terr'
    )
    (folder / "datapackage.json").write_text(package, encoding="utf-8")
    text = (folder / "territories.csv").read_text(encoding="utf-8").replace("149695", "-")
    (folder / "territories.csv").write_text(text, encoding="utf-8")
    problems, _, tables = check_tables(folder)
    assert problems.empty
    assert tables["territories"]["population"].isna().all()


def test_number_too_large_for_its_column_is_reported(tmp_path):
    folder = write_small_package(tmp_path / "small")
    text = (folder / "territories.csv").read_text(encoding="utf-8").replace("149695", "9" * 30)
    (folder / "territories.csv").write_text(text, encoding="utf-8")
    problems, _, tables = check_tables(folder)
    assert problems[["file", "column"]].values.tolist() == [["territories.csv", "population"]]
    assert list(tables) == ["sources", "contracts"]


def test_data_error_tells_every_problem():
    problems = [
        {"file": "axes.csv", "row": 3, "column": "kind", "value": "axe", "problem": "Wrong."},
        {"file": "sources.csv", "problem": "Missing.", "allowed": "a file", "remedy": "Add it."},
    ]
    error = DataError(problems)
    assert isinstance(error, ValueError)
    assert str(error) == (
        "axes.csv, row 3, column kind, value “axe”:\n  Wrong.\n\n"
        "sources.csv:\n  Missing.\n  allowed: a file\n  to do: Add it."
    )
    assert error.problems["row"].tolist() == [3, pd.NA]
    pd.testing.assert_frame_equal(DataError(error.problems).problems, error.problems)


def test_no_problem_gives_a_frame_with_all_columns():
    frame = problem_frame([])
    assert frame.columns.tolist() == [
        *("file", "row", "column", "value", "problem", "allowed", "remedy")
    ]
    assert str(frame["row"].dtype) == "Int64"


def test_long_or_unprintable_value_is_shown_short_and_spelled_out():
    text = problem_text({"value": "a\xa0b\x1b" + "x" * 10_000})
    assert "a\\xa0b\\x1bx" in text
    assert len(text) < 400


def test_corpus_has_the_five_territories_and_every_table():
    corpus = load_corpus()
    assert list(corpus) == CORPUS
    assert corpus["territories"]["territory_id"].tolist() == [
        "aix-en-provence",
        "marseille",
        "aunis-atlantique",
        "saint-etienne",
        "le-kremlin-bicetre",
    ]
    assert corpus["contracts"]["current"].dtype == "boolean"
    assert corpus["axes"]["order"].dtype == "Int64"
    assert corpus["territories"]["population"].dtype == "Int64"


def test_reference_has_its_contracts_axes_and_codings():
    reference = load_reference()
    contracts, axes, codings = (reference[name] for name in ("contracts", "axes", "codings"))
    assert len(contracts) == 88
    assert len(axes) == 376
    assert contracts["list_complete"].dtype == "boolean"
    assert contracts["source_url"].str.startswith("http").all()
    assert set(axes["contract_id"]) <= set(contracts["contract_id"])
    assert codings.columns.tolist() == ["axis_text", "coder", "facet", "code"]


def test_codings_are_long_one_row_a_code():
    folder_rows = pd.read_csv(DATA / "reference" / "codings.csv", keep_default_na=False)
    wide = folder_rows.set_index(["axis_text", "coder"])[["themes", "populations", "levers"]]
    codings = load_reference()["codings"]
    assert len(codings) == sum(len(cell.split(";")) for cell in wide.to_numpy().ravel() if cell)
    assert not codings.isna().any(axis=None)
    assert not codings.duplicated().any()
    assert set(codings["coder"]) == {"coder_a", "coder_b", "adjudicated"}
    assert set(codings["facet"]) == {"theme", "population", "lever"}


def test_national_series_has_numbers_and_missing_ones():
    national = load_national()
    assert national["active"].dtype == "Int64"
    assert national["population_covered_millions"].dtype == "Float64"
    assert national["in_project"].isna().any()


def test_loaded_tables_may_be_changed_without_harm():
    axes = load_corpus()["axes"]
    axes.loc[:, "label"] = "changed"
    assert "changed" not in load_corpus()["axes"]["label"].tolist()


def test_bad_folder_raises_all_problems(tmp_path):
    folder = write_small_package(tmp_path / "small")
    (folder / "sources.csv").unlink()
    (folder / "contracts.csv").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        load_corpus(folder)
    files = caught.value.problems["file"].tolist()
    assert files[0] == "datapackage.json"  # it does not list all tables of the project
    assert files[-2:] == ["sources.csv", "contracts.csv"]


def test_fault_in_one_table_leaves_the_others_readable(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    (folder / "codebook" / "terms.csv").unlink()
    (folder / "national" / "councils.csv").write_bytes(b"")
    assert len(load_corpus(folder)["axes"]) > 0
    with pytest.raises(DataError, match="The file is empty"):
        load_national(folder)


def test_a_file_that_changed_is_checked_again(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    assert len(load_tables(["axes"], folder)["axes"]) > 0
    (folder / "axes.csv").unlink()
    problems, _, tables = examine_folder(folder)
    assert problems["file"].tolist() == ["axes.csv"]
    assert "axes" not in tables


def test_folder_may_be_given_as_text(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "données d’ici")
    pd.testing.assert_frame_equal(load_corpus(str(folder))["axes"], load_corpus()["axes"])

"""The command line: bad input gives a message and a status, never a traceback."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from small_package import small_package, write_small_package
from typer.testing import CliRunner

from cls_analysis import sheets
from cls_analysis.cli import app
from cls_analysis.dictionary import write_dictionary
from cls_analysis.tables import DATA

AXES = ["Promouvoir la santé mentale", "Lutter contre l’obésité infantile"]


def run(*arguments):
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done


@pytest.fixture
def bad(tmp_path):
    """A small package with two faults, and without the tables of the project."""
    folder = write_small_package(tmp_path / "small")
    path = folder / "contracts.csv"
    text = path.read_text(encoding="utf-8").replace("2023,2027", "2023,2022")
    path.write_text(text, encoding="utf-8", newline="\n")
    (folder / "sources.csv").unlink()
    return folder


def test_check_of_our_data_prints_one_line_with_the_counts():
    done = run("check")
    assert done.exit_code == 0
    assert done.stdout.count("\n") == 1
    assert "territories 5" in done.stdout
    assert "reference-axes 376" in done.stdout


def test_check_prints_every_problem_at_once_and_ends_with_1(bad):
    done = run("check", bad)
    assert done.exit_code == 1
    assert "contracts.csv, row 3, column period_end, value “2022”:" in done.stdout
    assert "sources.csv:\n  The file is missing." in done.stdout
    assert "datapackage.json, column resources, value “axes”:" in done.stdout
    assert "Note: sources.csv could not be read" in done.stdout
    assert "problems in 3 files." in done.stdout.splitlines()[-1]


def test_rows_with_the_same_problem_share_a_paragraph(tmp_path):
    folder = write_small_package(tmp_path / "small")
    path = folder / "contracts.csv"
    text = path.read_text(encoding="utf-8").replace(",aix,", ",ais,")
    path.write_text(text, encoding="utf-8", newline="\n")
    said = run("check", folder).stdout
    assert "contracts.csv, row 2, 3, column territory_id, value “ais”:" in said


def test_check_writes_nothing(bad):
    def state():
        return {
            path: path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest()
            for path in bad.parent.rglob("*")
        }

    before = state()
    run("check", bad)
    assert state() == before


def test_note_on_a_byte_order_mark_does_not_make_good_data_bad(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    path = folder / "axes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    done = run("check", folder)
    assert done.exit_code == 0
    assert "Note: axes.csv starts with a byte-order mark (BOM); it was read." in done.stdout


def test_check_of_a_folder_that_is_not_there(tmp_path):
    done = run("check", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "The folder cannot be read" in done.stdout


def test_check_of_a_folder_without_data_package(tmp_path):
    done = run("check", tmp_path)
    assert done.exit_code == 1
    assert "datapackage.json:\n  The file is missing" in done.stdout


# From a folder whose name has accents, Python 3.11 itself cannot start in such a terminal: it reads
# where an editable package is in the terminal's own encoding. `make` sets one that can.
PLAIN_PATH = pytest.mark.skipif(
    not sys.prefix.isascii(), reason="Python does not start here from a path with accents"
)


@PLAIN_PATH
@pytest.mark.parametrize("language", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "POSIX"}])
def test_any_terminal_will_do(bad, language):
    env = {k: v for k, v in os.environ.items() if k != "PYTHONUTF8"}
    env |= language | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "cls_analysis", "check", bad], env=env, capture_output=True
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert b"contracts.csv, row 3, column period_end, value ?2022?:" in done.stdout


def test_wrong_use_ends_with_2():
    assert run("check", "a", "b").exit_code == 2
    assert run("chek").exit_code == 2
    assert run("normalise").exit_code == 2


def test_help_names_every_command():
    done = run("--help")
    assert done.exit_code == 0
    for name in ("check", "normalise", "dictionary"):
        assert name in done.stdout


def test_dictionary_of_our_data_is_up_to_date():
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    stored = (DATA / "README.md").read_bytes().decode()
    assert stored == write_dictionary(package), (
        "data/README.md is stale; write it again: cls-analysis dictionary data > data/README.md"
    )
    assert run("dictionary").stdout_bytes.decode() == stored


def test_dictionary_describes_each_table_and_column():
    package = small_package() | {"matching": ["Capitals count for nothing."]}
    text = write_dictionary(package)
    assert text.startswith("# Small\n")
    assert text.endswith("|\n")
    assert "- Capitals count for nothing." in text
    assert "| [sources](#sources) | `sources.csv` |" in text
    assert "Key: `contract_id`." in text
    assert "| `kind` | string | The kind. | `own_page`, `press` |" in text
    assert "a `source_id` of `sources.csv`" in text
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert f"| `{field['name']}` | {field['type']} |" in text


def test_dictionary_of_a_broken_folder_is_an_error(tmp_path):
    done = run("dictionary", tmp_path)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "datapackage.json" in done.stderr


def write_axes(path, texts=AXES, column="axis_text", separator=","):
    frame = pd.DataFrame({"id": range(len(texts)), column: texts})
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix == ".csv":
        frame.to_csv(path, index=False, sep=separator, encoding="utf-8")
    else:
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".txt"])
@pytest.mark.parametrize("to", [".csv", ".xlsx"])
def test_normalise_reads_and_writes_each_format(tmp_path, suffix, to):
    out = tmp_path / f"codes{to}"
    done = run("normalise", write_axes(tmp_path / f"axes{suffix}"), "-o", out)
    assert done.exit_code == 0
    coded = pd.read_csv(out) if to == ".csv" else pd.read_excel(out)
    assert coded.columns.tolist() == ["row", "axis_text", "facet", "code", "words"]
    assert coded.loc[coded["code"] == "mental_health", "row"].tolist() == [1]
    assert coded["axis_text"].unique().tolist() == AXES
    assert "2 texts" in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([f"axes{suffix}", out.name])


def test_normalise_prints_without_output_file(tmp_path):
    done = run("normalise", write_axes(tmp_path / "axes.csv"))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "row\taxis_text\tfacet\tcode\twords"
    assert "\tmental_health\t" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["axes.csv"]


def test_blank_lines_are_skipped_and_the_others_keep_their_number(tmp_path):
    path = write_axes(tmp_path / "axes.txt", ["", AXES[0], "   ", AXES[1], ""])
    assert sheets.read_texts(path).index.tolist() == [2, 4]
    path = write_axes(tmp_path / "axes.csv", ["", AXES[0], " ", AXES[1], ""])
    assert sheets.read_texts(path).to_dict() == {2: AXES[0], 4: AXES[1]}
    path = write_axes(tmp_path / "axes.xlsx", ["", AXES[0], " ", AXES[1], ""])
    assert sheets.read_texts(path).to_dict() == {2: AXES[0], 4: AXES[1]}
    out = tmp_path / "codes.csv"
    run("normalise", tmp_path / "axes.txt", "-o", out)
    assert set(pd.read_csv(out)["row"]) == {2, 4}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_french_excel_is_read(tmp_path, separator, start, end):
    path = tmp_path / "axes.csv"
    lines = [f"n{separator}Intitulé", f'1{separator}"Santé, aller vers; soins"', f"2{separator}b"]
    path.write_bytes((start + end.join(lines) + end).encode())
    assert sheets.read_texts(path).tolist() == ["Santé, aller vers; soins", "b"]


def test_single_column_keeps_its_commas(tmp_path):
    path = tmp_path / "axes.csv"
    path.write_text('axe\nSoins, droits et aller vers\n"quoted, too"\n', encoding="utf-8")
    assert sheets.read_texts(path).tolist() == ["Soins, droits et aller vers", "quoted, too"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("first", ["Santé mentale", "Soins", "Accès aux soins, aux droits"])
def test_only_column_without_a_known_name_is_refused_and_no_axis_lost(tmp_path, suffix, first):
    path = tmp_path / f"axes{suffix}"
    table = pd.DataFrame({first: AXES})
    if suffix == ".csv":
        path.write_text("\n".join([first.replace(", ", " "), *AXES]) + "\n", encoding="utf-8")
        first = first.replace(", ", " ")
    else:
        table.to_excel(path, index=False)
    done = run("normalise", path)
    assert done.exit_code == 1
    assert f"Row 1 “{first}” would be taken for the name of the column." in done.stderr
    for way_out in ("--column NAME", "first row axis_text", ".txt"):
        assert way_out in done.stderr
    assert sheets.read_texts(path, first).tolist() == AXES


@pytest.mark.parametrize("second", ["Soins; droits", "Soins", "Soins; droits; logement"])
def test_plain_titles_with_semicolons_get_a_remedy_that_works(tmp_path, second):
    path = tmp_path / "axes.csv"
    titles = f"Santé mentale; addictions\n{second}\n"
    path.write_text(titles, encoding="utf-8")
    done = run("normalise", path)
    assert done.exit_code == 1
    assert "if row 1 is an axis, add a first row axis_text, or save" in done.stderr
    path.write_text("axis_text\n" + titles, encoding="utf-8")
    assert sheets.read_texts(path).tolist() == titles.splitlines()


def test_what_was_read_in_spite_of_an_oddity_is_said_beside_the_result(tmp_path):
    path = tmp_path / "axes.csv"
    path.write_bytes(f"n;axe\n1;{AXES[0]}\n".encode("utf-8-sig"))
    done = run("normalise", path)
    assert done.exit_code == 0
    assert f"Note: {path} starts with a byte-order mark (BOM); it was read.\n" in done.stderr
    assert f"Note: {path} has semicolons between its cells; it was read.\n" in done.stderr
    assert "Note" not in done.stdout
    assert "Note" not in run("normalise", write_axes(path)).stderr
    text = tmp_path / "axes.txt"
    text.write_bytes(AXES[0].encode("utf-8-sig"))
    assert "(BOM)" in run("normalise", text).stderr


def test_remedies_fit_the_kind_of_file(tmp_path):
    path = tmp_path / "axes.txt"
    path.write_bytes("Santé\n".encode("cp1252"))
    said = run("normalise", path).stderr
    assert "plain text with the encoding UTF-8" in said
    assert "CSV" not in said
    path.write_bytes(b"PK\x03\x04" + bytes(99))
    assert "not a text file but an Excel file" in run("normalise", path).stderr
    for name in ("axes.txt", "axes.csv"):
        (tmp_path / name).write_bytes(b"")
        said = run("normalise", tmp_path / name).stderr
        assert "at least one text" in said
        assert "header" not in said


def test_report_in_a_language_that_there_is_not_is_wrong_use():
    done = run("report", "--lang", "xx")
    assert done.exit_code == 2
    for language in ("fr", "en", "both"):
        assert language in done.stderr


def test_missing_column_names_those_there_are_and_the_nearest(tmp_path):
    done = run("normalise", write_axes(tmp_path / "axes.csv"), "--column", "axis_texts")
    assert done.exit_code == 1
    assert f"{tmp_path / 'axes.csv'}, row 1, column axis_texts:" in done.stderr
    assert "allowed: id, axis_text" in done.stderr
    assert "nearest: “axis_text”" in done.stderr


def test_column_is_found_by_name_or_must_be_named(tmp_path):
    path = write_axes(tmp_path / "axes.csv", column="Objectif opérationnel")
    done = run("normalise", path)
    assert done.exit_code == 1
    assert "--column NAME" in done.stderr
    assert "id, Objectif opérationnel" in done.stderr
    assert sheets.read_texts(path, "objectif opérationnel").tolist() == AXES
    for name in ("Axe", "TITRE", "label", "intitulé"):
        assert sheets.read_texts(write_axes(path, column=name)).tolist() == AXES
    pd.DataFrame({"axe": ["1"], "titre": ["a"]}).to_csv(path, index=False)
    assert "Several columns" in run("normalise", path).stderr


BAD_FILES = {
    "missing": ("axes.csv", None, "missing"),
    "empty csv": ("axes.csv", b"", "empty"),
    "empty text": ("axes.txt", b"\n\n", "empty"),
    "header only": ("axes.csv", b"axis_text\n", "no axis text"),
    "other suffix": ("axes.docx", b"x", "“.docx” are not read"),
    "no suffix": ("axes", b"x", "not read"),
    "text as Excel": ("axes.xlsx", b"axis_text\n", "not an Excel file"),
    "old Excel as new": ("axes.xlsx", b"\xd0\xcf\x11\xe0" + bytes(99), ".xls"),
    "zip as Excel": ("axes.xlsx", b"PK\x03\x04" + bytes(99), "not an Excel file"),
    "Excel as csv": ("axes.csv", b"PK\x03\x04" + bytes(99), "not a CSV file"),
    "cp1252 csv": ("axes.csv", "axe\nSanté\n".encode("cp1252"), "cp1252"),
    "cp1252 text": ("axes.txt", "Santé\n".encode("cp1252"), "cp1252"),
    "utf-16": ("axes.csv", "axe\nSanté\n".encode("utf-16"), "UTF-16"),
    "ragged": ("axes.csv", b"id,axe\n1,a\n2,b,c\n", "3 cells"),
    "open quote": ("axes.csv", b'axe\n"a\n', "cut into cells"),
}


@pytest.mark.parametrize(("name", "content", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_file_that_cannot_be_read_is_an_error_with_a_way_out(tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = run("normalise", path, "-o", tmp_path / "codes.csv")
    assert done.exit_code == 1
    assert words in done.stderr
    assert str(path) in done.stderr
    assert "to do:" in done.stderr
    assert not (tmp_path / "codes.csv").exists()


def test_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "axes.csv").mkdir()
    assert "This is a folder" in run("normalise", tmp_path / "axes.csv").stderr


def test_empty_sheet_is_an_error(tmp_path):
    pd.DataFrame().to_excel(tmp_path / "axes.xlsx", index=False)
    assert "first sheet is empty" in run("normalise", tmp_path / "axes.xlsx").stderr


def test_output_of_another_kind_or_over_the_input_is_wrong_use(tmp_path):
    path = write_axes(tmp_path / "axes.csv")
    before = path.read_bytes()
    assert run("normalise", path, "-o", tmp_path / "codes.pdf").exit_code == 2
    assert run("normalise", path, "-o", path).exit_code == 2
    assert run("normalise", path, "-o", tmp_path / "." / "axes.csv").exit_code == 2
    assert path.read_bytes() == before


def test_output_into_a_folder_that_is_not_there_is_an_error(tmp_path):
    done = run("normalise", write_axes(tmp_path / "axes.csv"), "-o", tmp_path / "no" / "c.csv")
    assert done.exit_code == 1
    assert f"{tmp_path / 'no' / 'c.csv'}: No such file or directory." in done.stderr


def test_output_that_is_a_folder_is_an_error(tmp_path):
    (tmp_path / "codes.csv").mkdir()
    done = run("normalise", write_axes(tmp_path / "axes.csv"), "-o", tmp_path / "codes.csv")
    assert done.exit_code == 1
    assert str(tmp_path / "codes.csv") in done.stderr


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_failed_output_leaves_the_old_one_whole(tmp_path, monkeypatch, suffix):
    out = tmp_path / f"codes{suffix}"
    out.write_bytes(b"old")

    def fail(path, content):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space"):
        sheets.write_table(pd.DataFrame({"a": [1]}), out)
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def test_text_that_looks_like_a_formula_stays_a_text(tmp_path):
    out = tmp_path / "codes.xlsx"
    sheets.write_table(pd.DataFrame({"axis_text": ["=1+1", "-2"]}), out)
    assert pd.read_excel(out)["axis_text"].astype(str).tolist() == ["=1+1", "-2"]


def test_control_characters_do_not_fit_into_excel(tmp_path):
    path = write_axes(tmp_path / "axes.txt", ["a\x01b"])
    done = run("normalise", path, "-o", tmp_path / "codes.xlsx")
    assert done.exit_code == 1
    assert "control characters" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["axes.txt"]

"""Reading one CSV file as text: is it one, is it UTF-8, has it the columns and no ragged rows."""

import csv
import io
import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

Problem = dict[str, Any]
# CONTRIBUTING.md says the same; a test holds the two together.
SAVE_CSV = (
    "Save it as CSV in UTF-8 with commas. In LibreOffice: Enregistrer sous, Texte CSV, then "
    "Unicode (UTF-8) and the comma. In Excel: import it (Données, À partir d’un fichier "
    "texte/CSV) with all columns as Texte, and save it as « CSV UTF-8 (délimité par des "
    "virgules) »; French Excel writes semicolons all the same, unless Windows has the comma as "
    "its list separator and the point as its decimal sign. Never open it by a double click: "
    "Excel turns 2020-02 into févr-20."
)
SAVE_TEXT = (
    "Open it in the program that wrote it and save it as plain text with the encoding UTF-8 "
    "(Notepad: Enregistrer sous, then the Encodage UTF-8)."
)
OPEN_IT = "Close other programs that hold it, and see that you may read it."
FRENCH = "éèêëàâçùûüôöîïœ"
KINDS = {
    b"PK\x03\x04": "an Excel file (.xlsx) or another zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one with a password",
}


def nearest(value: str, known: Iterable[str]) -> str:
    """Say which known values are nearest to a wrong one, or nothing where none is near.

    Capitals count for nothing here, so that “Axis” finds “axis”.
    """
    return _nearest(value[:200], tuple(dict.fromkeys(known)))


@lru_cache(maxsize=1024)  # one wrong value may stand in hundreds of rows
def _nearest(value: str, known: tuple[str, ...]) -> str:
    by_folded = {text.casefold(): text for text in known}
    close = get_close_matches(value.casefold(), by_folded, n=3, cutoff=0.7)
    return "nearest: " + ", ".join(f"“{by_folded[text]}”" for text in close) if close else ""


def read_bytes(
    path: Path,
    missing: str = "Put the file back, or mend its name.",
    empty: str = "Put the file back; a table without rows still needs its header.",
) -> tuple[bytes, Problem]:
    """Read a file, or say why it cannot be one of ours: missing, a folder, empty, unreadable.

    `missing` and `empty` are the remedies for these two.
    """
    try:
        if path.is_dir():
            remedy = "Move the folder away and put the file in its place."
            return b"", {"problem": "This is a folder, not a file.", "remedy": remedy}
        if not path.exists():
            return b"", {"problem": "The file is missing.", "remedy": missing}
        content = path.read_bytes()
    except OSError as error:
        return b"", {"problem": f"The file cannot be read: {error.strerror}.", "remedy": OPEN_IT}
    if not content.strip(b"\xef\xbb\xbf\r\n\t ,;"):
        return b"", {"problem": "The file is empty.", "remedy": empty}
    return content, {}


def decode(content: bytes, what: str = "a CSV file", remedy: str = SAVE_CSV) -> tuple[str, Problem]:
    """Turn bytes into text.

    Parameters
    ----------
    content
        The bytes of the file.
    what, remedy
        What the file should be, and how to save it as such.

    Returns
    -------
    text, problem
        The text without byte-order mark; or an empty text and what the file seems to be: an
        Excel file, UTF-16, or text in the likeliest of the two old encodings of French
        computers (the one in which more French letters come out).

    """
    for start, kind in KINDS.items():
        if content.startswith(start):
            return "", {"problem": f"This is not {what} but {kind}.", "remedy": remedy}
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:200].count(0) > 20:
        return "", {"problem": "The file is not UTF-8, it seems to be UTF-16.", "remedy": remedy}
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        problem = f"The file has NUL characters, which no text has: it is damaged or not {what}."
        return "", {"row": row, "problem": problem, "remedy": "Put back an undamaged file."}
    try:
        return content.decode("utf-8-sig"), {}
    except UnicodeDecodeError as error:
        guesses = {name: content.decode(name, "replace") for name in ("cp1252", "mac-roman")}
        likely = max(guesses, key=lambda name: sum(map(guesses[name].count, FRENCH)))
        # The old encodings have one character a byte, so that places in both are the same.
        before, after = guesses[likely][: error.start], guesses[likely][error.start :]
        word = re.split(r"[\s,;]", before)[-1] + re.split(r"[\s,;]", after, maxsplit=1)[0]
        row = len(content[: error.start + 1].splitlines())
        return "", {
            "row": row,
            "value": word,
            "problem": f"The file is not UTF-8, it seems to be {likely}.",
            "allowed": "UTF-8",
            "remedy": remedy,
        }


def parse(text: str, delimiter: str = ",") -> tuple[list[list[str]], Problem]:
    """Cut a CSV text into rows of cells; a quote that never closes is a problem."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return [], {
            "row": len(rows) + 1,
            "problem": f"The row cannot be cut into cells: {error}.",
            "allowed": 'quotes in pairs; a quote inside a quoted cell is written twice: ""',
            "remedy": "Mend the quotes of this row or of the one before it.",
        }
    while rows and not rows[-1]:
        rows.pop()
    return rows, {}


def read_table(path: Path, columns: list[str]) -> tuple[pd.DataFrame, list[Problem], list[str]]:
    """Read the cells of one table as text.

    Parameters
    ----------
    path
        A CSV file: UTF-8, commas, one header row.
    columns
        The columns that the table should have.

    Returns
    -------
    table, problems, notes
        The known columns in the order asked for, all text, indexed by `row` (the line that a
        spreadsheet shows: the first record is 2). Blank rows are left out; rows with too few or
        too many cells are filled up or cut, so that their keys stay known. Without columns
        where the file as a whole cannot be read. Problems come without `file`. Notes say what
        was read in spite of an oddity.

    """
    nothing = pd.DataFrame(index=pd.Index([], name="row"))
    content, problem = read_bytes(path)
    if problem:
        return nothing, [problem], []
    text, problem = decode(content)
    problem = problem or _wrong_delimiter(text.splitlines()[0], columns)
    if problem:
        return nothing, [problem], []
    rows, problem = parse(text)
    if problem:
        return nothing, [problem], []
    header, notes = rows[0], oddities(content)
    problems = check_header(header, columns)
    present = [name for name in columns if name in header]
    if header != present and not problems:
        notes.append("has its columns in another order than the data package; it was read")
    places = [header.index(name) for name in present]
    records: dict[int, list[str]] = {}
    for row, cells in enumerate(rows[1:], start=2):
        if not any(map(str.strip, cells)):
            blank = {"row": row, "problem": "The row is blank.", "remedy": "Delete the row."}
            problems.append(blank)
            continue
        if len(cells) != len(header):
            problems.append(_ragged(row, cells, header))
        records[row] = [cells[place] if place < len(cells) else "" for place in places]
    table = pd.DataFrame(list(records.values()), columns=present, dtype="str")
    return table.set_axis(pd.Index(list(records), name="row", dtype="int64")), problems, notes


def _wrong_delimiter(header: str, columns: list[str]) -> Problem:
    """Recognise semicolons or tabs: the header has our columns only when cut at them."""
    found = {
        name: len({cell.strip('"') for cell in header.split(sign)} & set(columns))
        for sign, name in {",": "commas", ";": "semicolons", "\t": "tabs"}.items()
    }
    if max(found.values()) == found["commas"]:
        return {}
    name = max(found, key=lambda key: found[key])
    problem = f"The cells are separated by {name}" + " (French Excel)." * (name == "semicolons")
    return {"row": 1, "problem": problem, "allowed": "commas", "remedy": SAVE_CSV}


def oddities(content: bytes) -> list[str]:
    """Name what can be read without doubt, but is not how we save files."""
    found = []
    if content.startswith(b"\xef\xbb\xbf"):
        found.append("starts with a byte-order mark (BOM)")
    if b"\r\n" in content:
        found.append("has Windows line ends (CRLF)")
    return [" and ".join(found) + "; it was read"] if found else []


def check_header(header: list[str], columns: list[str]) -> list[Problem]:
    """Compare a header with the columns that a table should have."""
    allowed = ", ".join(columns)
    problems: list[Problem] = []
    if not set(header) & set(columns):
        remedy = "Put the column names back into row 1."
        value = ", ".join(header)
        problem = "Row 1 has none of the columns of this table."
        return [
            {"row": 1, "value": value, "problem": problem, "allowed": allowed, "remedy": remedy}
        ]
    for name in columns:
        if name not in header:
            near = nearest(name, [label for label in header if label not in columns])
            remedy = f"Add the column{f', or rename it ({near})' if near else ''}."
            problems.append({"column": name, "problem": "The column is missing.", "remedy": remedy})
    for place, name in enumerate(header, start=1):
        if name in columns and name in header[: place - 1]:
            problem, remedy = "The column is there twice.", "Delete or rename one of the two."
            problems.append({"column": name, "problem": problem, "remedy": remedy})
        elif not name.strip():
            problem, remedy = f"Column number {place} has no name.", "Name the column or delete it."
            problems.append({"problem": problem, "remedy": remedy})
        elif name not in columns:
            near = nearest(name, columns)
            remedy = f"Delete the column, or rename it{f' ({near})' if near else ''}."
            problem = "The column is not one of this table."
            problems.append(
                {"column": name, "problem": problem, "allowed": allowed, "remedy": remedy}
            )
    return [{"row": 1} | problem for problem in problems]


def _ragged(row: int, cells: list[str], header: list[str]) -> Problem:
    """Report a row with more or fewer cells than the header."""
    return {
        "row": row,
        "value": ",".join(cells),
        "problem": f"The row has {len(cells)} cells, the header has {len(header)}.",
        "allowed": f"{len(header)} cells: {', '.join(header)}",
        "remedy": 'Put a cell that has a comma in it between quotes ("…"), or add the empty cells.',
    }

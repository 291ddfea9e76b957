"""The reader's own files: axis texts out of a CSV, Excel or text file, a table into one."""

import io
import tempfile
import unicodedata
from pathlib import Path

import pandas as pd

from cls_analysis.errors import DataError
from cls_analysis.preflight import SAVE_TEXT, decode, nearest, oddities, parse, read_bytes

COLUMNS = ["axis_text", "label", "axe", "intitulé", "titre"]
READS = [".csv", ".xlsx", ".txt"]
WRITES = [".csv", ".xlsx"]
SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs"}
GIVE_TEXT = "Give a file with at least one text."
HEADLESS = "add a first row axis_text, or save one axis a line as .txt"


def read_texts(path: Path, column: str | None = None) -> pd.Series:
    """Read the axis texts of a file.

    Parameters
    ----------
    path
        A `.csv` (UTF-8; commas, semicolons or tabs), an `.xlsx` (its first sheet) or a `.txt`
        (one axis a line).
    column
        The column that holds the texts. Without it: the one that is named axis_text, label,
        axe, intitulé or titre. An only column of another name is refused, however short the
        name: “Soins” in row 1 may well be an axis, which would be lost without a word.

    Returns
    -------
    Series
        The texts, indexed by their place from 1: the line of a text file, the record of a
        table (the row under the header is 1). Empty ones are left out; the others keep their
        place. Its `attrs["notes"]` say what was read in spite of an oddity.

    Raises
    ------
    DataError
        If the file or the column cannot be read, or there is no text.

    """
    suffix = path.suffix.lower()
    if suffix not in READS:
        problem = f"Files that end in “{suffix}” are not read."
        raise _error(path, problem, "Save it in one of these formats.", allowed=", ".join(READS))
    content, fault = read_bytes(path, empty=GIVE_TEXT)
    if fault:
        raise DataError([{"file": str(path)} | fault])
    notes: list[str] = []
    if suffix == ".xlsx":
        texts = _choose(path, _read_excel(path, content), column)
    elif suffix == ".csv":
        table, notes = _read_csv(path, content, column)
        texts = _choose(path, table, column)
    else:
        text, notes = _decoded(path, content, "a text file", SAVE_TEXT), oddities(content)
        texts = pd.Series(text.split("\n"), dtype="str")
        if column is not None:
            remedy = "Leave --column out, or give a .csv or .xlsx file."
            raise _error(path, "A text file has no columns.", remedy, value=column)
    texts = texts.set_axis(range(1, len(texts) + 1)).dropna().str.strip()
    texts = texts[texts != ""]
    if texts.empty:
        raise _error(path, "There is no axis text in it.", GIVE_TEXT)
    texts.attrs["notes"] = notes
    return texts


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as `.csv` (UTF-8, commas) or `.xlsx`, whole or not at all.

    Parameters
    ----------
    frame
        What to write; its index is not written.
    path
        The file. One that is there is replaced, at the very end.

    Raises
    ------
    DataError
        If the frame holds characters that an Excel file cannot.
    OSError
        If the file cannot be written.

    """
    if path.suffix.lower() == ".csv":
        content = frame.to_csv(index=False, lineterminator="\n").encode()
    else:
        content = _excel_bytes(frame, path)
    # Written aside and then put in place, so that a full disk leaves the old file whole.
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".cls-analysis-") as aside:
            part = Path(aside) / path.name
            part.write_bytes(content)
            part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _error(path: Path, problem: str, remedy: str, **more: str) -> DataError:
    return DataError([{"file": str(path), "problem": problem, "remedy": remedy} | more])


def _decoded(path: Path, content: bytes, *what: str) -> str:
    text, fault = decode(content, *what)
    if fault:
        raise DataError([{"file": str(path)} | fault])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_csv(path: Path, content: bytes, column: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Cut at the sign of the three that the header has most of; without any, it is one column."""
    text = _decoded(path, content)
    header = text.split("\n", 1)[0]
    sign = max(SIGNS, key=header.count)
    # A unit separator occurs in no text: the commas of a single column stay in its texts.
    rows, fault = parse(text, sign if sign in header else "\x1f")
    problems = [fault] if fault else []
    for number, cells in enumerate(rows, start=1):
        if cells and len(cells) != len(rows[0]):
            problem = f"The row has {len(cells)} cells, the header has {len(rows[0])}."
            remedy = f'Put a cell that has a “{sign}” in it between quotes ("…")'
            remedy += "." if _places(rows[0], column) else f"; if row 1 is an axis, {HEADLESS}."
            value = sign.join(cells)
            problems.append({"row": number, "value": value, "problem": problem, "remedy": remedy})
    if problems:
        raise DataError([{"file": str(path)} | problem for problem in problems])
    records = [cells or [""] * len(rows[0]) for cells in rows[1:]]
    notes = oddities(content)
    if sign in ";\t" and sign in header:
        notes.append(f"has {SIGNS[sign]} between its cells; it was read")
    return pd.DataFrame([*records], columns=rows[0], dtype="str"), notes


def _read_excel(path: Path, content: bytes) -> pd.DataFrame:
    if not content.startswith(b"PK"):
        _, fault = decode(content)
        seems = f": {fault['problem']}" if fault else ", but text."
        problem = f"This is not an Excel file (.xlsx){seems}"
        raise _error(path, problem, "Open it in Excel or LibreOffice and save it as .xlsx.")
    try:
        cells = pd.read_excel(io.BytesIO(content), header=None, dtype=object, engine="openpyxl")
    except Exception as error:  # openpyxl lets through whatever it meets in a broken file
        problem = f"This is not an Excel file (.xlsx) that can be opened: {error}"
        remedy = "Open it in Excel or LibreOffice and save it as .xlsx again."
        raise _error(path, problem, remedy) from error
    if cells.empty:
        raise _error(path, "The first sheet is empty.", "Put the texts on the first sheet.")
    text = cells.map(lambda cell: "" if pd.isna(cell) else str(cell)).astype("str")
    return text.iloc[1:].set_axis(text.iloc[0].tolist(), axis="columns")


def _choose(path: Path, table: pd.DataFrame, column: str | None) -> pd.Series:
    """Find the column of the texts."""
    names = list(table.columns)
    listed = ", ".join(name for name in names if name.strip()) or "(no names in row 1)"
    places = _places(names, column)
    if len(places) == 1:
        return table.iloc[:, places[0]]
    if column is None and len(names) == 1:
        problem = f"Row 1 “{names[0]}” would be taken for the name of the column."
        remedy = f"If it is the name, say so: --column NAME; if it is an axis, {HEADLESS}."
        raise _error(path, problem, remedy, row="1", allowed=", ".join(COLUMNS))
    if column is None:
        which = "Several columns may" if places else "No column is known to"
        problem = f"{which} hold the texts."
        remedy = "Name the column of the texts: --column NAME"
        remedy += "." if places else f"; if row 1 is an axis, {HEADLESS}."
        raise _error(path, problem, remedy, row="1", allowed=listed)
    near = nearest(column, table.columns)
    problem = "The column is there twice." if places else "The column is missing."
    remedy = f"Name one of the columns{f' ({near})' if near else ''}."
    raise _error(path, problem, remedy, row="1", column=column, allowed=listed)


def _places(names: list[str], column: str | None) -> list[int]:
    """Find the columns that are asked for, or that have one of the known names."""
    wanted = {_folded(name) for name in (COLUMNS if column is None else [column])}
    return [place for place, name in enumerate(names) if _folded(name) in wanted]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _excel_bytes(frame: pd.DataFrame, path: Path) -> bytes:
    from openpyxl.utils.exceptions import IllegalCharacterError

    buffer = io.BytesIO()
    try:
        with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
            frame.to_excel(writer, index=False)
            for row in writer.sheets["Sheet1"].iter_rows():
                for cell in row:
                    if cell.data_type == "f":  # a text that starts with = is no formula
                        cell.data_type = "s"
    except IllegalCharacterError as error:
        problem = "A text has control characters, which an Excel file cannot hold."
        raise _error(path, problem, "Write a .csv file, or clean the texts.") from error
    return buffer.getvalue()

"""Saying the errors of frictionless in our words: what is wrong, what is allowed, what to do."""

import re
from typing import Any

import pandas as pd

from cls_analysis.package import Problem, as_list
from cls_analysis.preflight import nearest

EXAMPLES = {
    "integer": "a whole number, digits only",
    "number": "a number with a point, such as 16.5",
    "date": "a date such as 2024-04-22",
    "year": "a year such as 2024",
    "yearmonth": "a month such as 2020-02",
}
LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "at least this many characters:",
    "maxLength": "at most this many characters:",
}
SOURCES = ("source_id", "source_url")
KEY = "^[a-z0-9]+(-[a-z0-9]+)*$"
NO_SOURCE: Problem = {
    "problem": "The row has no source: every fact has one.",
    "remedy": "Name the source; a new one gets a row in sources.csv first.",
}


def accepts_dates(field: dict[str, Any]) -> bool:
    """Tell whether a text column is one for dates: its pattern takes a day and a month, not words.

    Dates are as precise as their source (`2024-04-22`, `2020-02`, `2025`), so they are text with
    a pattern in the schema, which cannot tell that 30 February does not exist.
    """
    pattern = field.get("constraints", {}).get("pattern")
    if not pattern or re.fullmatch(pattern, "a-b"):  # the pattern of a key takes all three
        return False
    return all(re.fullmatch(pattern, value) for value in ("2024-04-22", "2020-02"))


def explain(
    error: Any,
    table: pd.DataFrame,
    resource: dict[str, Any],
    resources: dict[str, dict[str, Any]],
    tables: dict[str, pd.DataFrame],
) -> Problem:
    """Say one error of frictionless.

    Parameters
    ----------
    error
        A frictionless error of any type.
    table, resource
        The table in which it is, as text, and the table's entry in the data package.
    resources, tables
        All tables that were read, and their entries.

    Returns
    -------
    dict
        A problem without `file`.

    """
    number = getattr(error, "row_number", None)
    if number is None:
        return {"row": None, "problem": f"{error.title}: {error.note}."}
    row = int(table.index[number - 2])
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    match error.type:
        case "type-error" | "constraint-error" | "unique-error":
            column = error.field_name
            said = _explain_cell(error, fields[column], table)
            columns = [column]
        case "primary-key":
            columns = as_list(resource["schema"]["primaryKey"])
            said = _explain_key(error, columns, table)
        case "foreign-key":
            columns = list(error.field_names)
            said = _explain_reference(error, _cells(table, row, columns), resources, tables)
        case _:
            return {"row": row, "problem": f"{error.title}: {error.note}."}
    value = ", ".join(_cells(table, row, columns))
    return {"row": row, "column": ", ".join(columns), "value": value or None} | said


def _cells(table: pd.DataFrame, row: int, columns: list[str]) -> list[str]:
    return [str(table.at[row, column]) for column in columns]


def _explain_cell(error: Any, field: dict[str, Any], table: pd.DataFrame) -> Problem:
    """Say what is wrong with one value."""
    constraints = field.get("constraints", {})
    if error.type == "unique-error":
        return _twice(error, table)
    if error.type == "type-error":
        return _wrong_type(field)
    # frictionless names the constraint in its note only: constraint "enum" is "[...]"
    found = re.match(r'constraint "(\w+)"', error.note)
    broken = found[1] if found else ""
    if broken == "required":
        if field["name"] in SOURCES:
            return NO_SOURCE
        remedy = "Fill it in; where no source tells it, the row may not belong in this table."
        return {"problem": "The cell is empty, and must not be.", "remedy": remedy}
    if broken == "enum":
        return _not_listed(str(error.cell), [str(value) for value in constraints["enum"]])
    if broken == "pattern":
        return _wrong_form(field)
    if broken in LIMITS:
        allowed = f"{LIMITS[broken]} {constraints[broken]}"
        remedy = "Correct the value."
        return {"problem": "The value is out of range.", "allowed": allowed, "remedy": remedy}
    return {"problem": f"The value is not allowed: {error.note}."}


def _wrong_type(field: dict[str, Any]) -> Problem:
    kind = field.get("type", "string")
    kind_format = field.get("format", "default")
    if kind == "boolean":
        yes = field.get("trueValues") or ["true"]
        no = field.get("falseValues") or ["false"]
        allowed = f"{yes[0]} or {no[0]}"
    elif kind == "string" and kind_format != "default":
        allowed = {"uri": "an address such as https://example.org/page"}.get(
            kind_format, f"text of the form {kind_format}"
        )
    else:
        allowed = EXAMPLES.get(kind, kind)
    problem, remedy = "The value is not of the type of its column.", "Correct the value."
    return {"problem": problem, "allowed": allowed, "remedy": remedy}


def _not_listed(value: str, listed: list[str]) -> Problem:
    near = nearest(value, listed)
    remedy = "Use one of the allowed values" + (f" ({near})." if near else ".")
    problem = "The value is not one of the allowed ones."
    return {"problem": problem, "allowed": ", ".join(listed), "remedy": remedy}


def _wrong_form(field: dict[str, Any]) -> Problem:
    if accepts_dates(field):
        pattern = field["constraints"]["pattern"]
        forms = [d for d in ("2024-04-22", "2020-02", "2025") if re.fullmatch(pattern, d)]
        allowed = f"a date as precise as its source, such as {', '.join(forms)}"
        remedy = "Write year, month and day in this order with hyphens, or fewer of them."
        return {"problem": "The value is not a date.", "allowed": allowed, "remedy": remedy}
    if field["constraints"]["pattern"] == KEY:
        allowed = "small letters without accents and digits, in groups with a hyphen between them"
        remedy = "Write the key in this way, and alike in every table."
        return {"problem": "The value is not a key.", "allowed": allowed, "remedy": remedy}
    example = f" (such as {field['example']})" if field.get("example") else ""
    allowed = f"text of the form {field['constraints']['pattern']}{example}"
    problem = "The value does not have the form of its column."
    return {"problem": problem, "allowed": allowed, "remedy": "Correct the value."}


def _twice(error: Any, table: pd.DataFrame) -> Problem:
    """Say which row has the same value; frictionless tells its place in the note only."""
    place = re.search(r"position (\d+)", error.note)
    other = f"row {table.index[int(place[1]) - 2]}" if place else "another row"
    problem = f"The value is there twice: {other} has the same."
    remedy = "Delete one of the two rows, or give one of them another value."
    return {"problem": problem, "allowed": "each value once", "remedy": remedy}


def _explain_key(error: Any, columns: list[str], table: pd.DataFrame) -> Problem:
    if "None" in error.note:
        remedy = "Give the row a key that no other row has."
        return {"problem": "The row has no key.", "remedy": remedy}
    together = "each value" if len(columns) == 1 else f"each combination of {', '.join(columns)}"
    return _twice(error, table) | {"allowed": f"{together} once: it is the key of the table"}


def _explain_reference(
    error: Any,
    cells: list[str],
    resources: dict[str, dict[str, Any]],
    tables: dict[str, pd.DataFrame],
) -> Problem:
    """Say what a key should point to, and which keys there are near."""
    target, columns = error.reference_name, list(error.reference_field_names)
    path = resources[target]["path"]
    known = (", ".join(key) for key in tables[target][columns].itertuples(index=False))
    near = nearest(", ".join(cells), known)
    return {
        "problem": f"The key points nowhere: {path} has no such row.",
        "allowed": f"a value of {path}, column {', '.join(columns)}",
        "remedy": f"Correct the value{f' ({near})' if near else ''}, or add the row to {path}.",
    }

"""Giving the columns of a table the types that the data package states."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from cls_analysis.errors import DataError

PANDAS = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
TRUE = ["true", "True", "TRUE", "1"]


def set_types(table: pd.DataFrame, resource: dict[str, Any]) -> pd.DataFrame:
    """Turn the text of a checked table into typed columns.

    Parameters
    ----------
    table
        All text, as `preflight.read_table` gives it.
    resource
        The table's entry in the data package.

    Returns
    -------
    DataFrame
        Rows numbered from 0. Text has dtype `str`, whole numbers `Int64`, numbers `Float64`,
        true or false `boolean`; dates stay text, as precise as their source. An empty cell, or
        any other missing value of the schema, is missing.

    Raises
    ------
    DataError
        If a number is too large for its column.

    """
    schema = resource["schema"]
    missing = schema.get("missingValues", [""])
    columns = {}
    for field in schema["fields"]:
        text = table[field["name"]].mask(table[field["name"]].isin(missing))
        try:
            columns[field["name"]] = _typed(text, field)
        except (ValueError, OverflowError) as error:
            problem = {
                "file": resource["path"],
                "column": field["name"],
                "problem": f"The column holds a number that cannot be used: {error}.",
                "remedy": "Correct the value.",
            }
            raise DataError([problem]) from error
    return pd.DataFrame(columns).reset_index(drop=True)


def _typed(text: pd.Series, field: dict[str, Any]) -> pd.Series:
    kind = field.get("type", "string")
    if kind not in PANDAS:
        return text.astype("str")
    readers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "boolean": lambda cell: cell in field.get("trueValues", TRUE),
    }
    cells = [pd.NA if pd.isna(cell) else readers[kind](cell) for cell in text]
    return pd.Series(cells, index=text.index, dtype=PANDAS[kind])

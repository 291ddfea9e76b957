"""Checking a data folder: every problem at once, as a table, and never a traceback."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from cls_analysis.errors import DataError, problem_frame
from cls_analysis.explain import explain
from cls_analysis.package import PACKAGE, Problem, as_list, foreign_keys, read_package
from cls_analysis.preflight import read_table
from cls_analysis.rules import check_rules
from cls_analysis.typed import set_types

Frames = dict[str, pd.DataFrame]


def check_tables(
    folder: Path, required: Collection[str] = ()
) -> tuple[pd.DataFrame, list[str], Frames]:
    """Read and check all tables of a folder.

    Parameters
    ----------
    folder
        A folder with a `datapackage.json`.
    required
        Names of tables that the package must list.

    Returns
    -------
    problems, notes, tables
        The problems (columns as in `errors.problem_frame`, in the order of the package and of
        the rows; none: the data are good), notes on what was read in spite of an oddity or
        could not be checked, and the tables that have no problem, with their types.

    """
    package, problems = read_package(folder, required)
    resources = {resource["name"]: resource for resource in package["resources"]}
    tables: Frames = {}
    notes: list[str] = []
    for name, resource in resources.items():
        columns = [field["name"] for field in resource["schema"]["fields"]]
        tables[name], found, oddities = read_table(folder / resource["path"], columns)
        problems += [{"file": resource["path"]} | problem for problem in found]
        notes += [f"{resource['path']} {oddity}." for oddity in oddities]
    # A row with too many or too few cells has its cells in the wrong columns: one problem is
    # enough for it.
    doubtful = {(problem["file"], problem["row"]) for problem in problems if problem.get("row")}
    readable = {name: table for name, table in tables.items() if len(table.columns)}
    checked, unchecked = _validated(resources, readable)
    faulty = {problem["file"] for problem in problems + checked}
    checked += check_rules(resources, readable, faulty)
    problems += [found for found in checked if (found["file"], found.get("row")) not in doubtful]
    faulty |= {problem["file"] for problem in problems}
    typed = {}
    for name, table in readable.items():
        if resources[name]["path"] not in faulty:
            try:
                typed[name] = set_types(table, resources[name])
            except DataError as error:
                problems += [dict(row) for _, row in error.problems.astype(object).iterrows()]
    order = [PACKAGE, *(resource["path"] for resource in resources.values())]
    return _sorted(problems, order), notes + unchecked, typed


def _sorted(problems: list[Problem], files: list[str]) -> pd.DataFrame:
    """Put problems in the order of the files, and of the rows in each."""
    frame = problem_frame(problems)
    places = frame["file"].map({name: place for place, name in enumerate(files)}).fillna(-1)
    order = frame.assign(place=places).sort_values(
        ["place", "row"], kind="stable", na_position="first"
    )
    return frame.loc[order.index].reset_index(drop=True)


def _validated(
    resources: dict[str, dict[str, Any]], tables: Frames
) -> tuple[list[Problem], list[str]]:
    """Let frictionless check types, constraints and keys of the tables that could be read."""
    from frictionless import Package  # slow to import, and not needed to read a codebook twice

    descriptors, notes = [], []
    for name, table in tables.items():
        descriptor, unchecked = _inline(resources[name], table, tables)
        descriptors.append(descriptor)
        notes += [
            f"{resources[target]['path'] if target in resources else target} could not be read "
            f"in full, so the keys of {resources[name]['path']} that point to it were not checked."
            for target in unchecked
        ]
    if not descriptors:
        return [], notes
    try:
        report = Package.from_descriptor({"resources": descriptors}).validate(limit_errors=10**9)
    except Exception as error:  # a library must not turn bad data into a traceback
        return [_unexpected(PACKAGE, error)], notes
    problems = [_unexpected(PACKAGE, error.note) for error in report.errors]
    for name, task in zip(tables, report.tasks, strict=True):
        said: dict[object, Problem] = {}
        for number, fault in enumerate(task.errors):
            found = explain(fault, tables[name], resources[name], resources, tables)
            # An empty or repeated key may break a rule of its column too: one of the two is enough.
            place = (found["row"], found.get("column"))
            if fault.type != "primary-key" or place not in said:
                said[place if place not in said else number] = found
        problems += [{"file": resources[name]["path"]} | found for found in said.values()]
    return problems, notes


def _unexpected(file: str, error: object) -> Problem:
    problem = f"The tables could not be validated: {error}"
    return {"file": file, "problem": problem, "remedy": f"Mend {PACKAGE}."}


def _inline(
    resource: dict[str, Any], table: pd.DataFrame, tables: Frames
) -> tuple[dict[str, Any], list[str]]:
    """Describe a table that was read for frictionless, with those keys that can be checked.

    Returns the description, and the names of the tables that are pointed to but were not read.
    """
    schema = resource["schema"]
    columns = list(table.columns)
    keys = [
        {"fields": key["from"], "reference": {"resource": key["resource"], "fields": key["to"]}}
        for key in foreign_keys(resource)
        if set(key["from"]) <= set(columns)
    ]
    known = [
        key
        for key in keys
        if (target := tables.get(key["reference"]["resource"])) is not None
        and set(key["reference"]["fields"]) <= set(target.columns)
    ]
    primary = as_list(schema.get("primaryKey", []))
    described = {
        "fields": [field for field in schema["fields"] if field["name"] in columns],
        "primaryKey": primary if set(primary) <= set(columns) else [],
        "foreignKeys": known,
        "missingValues": schema.get("missingValues", [""]),
    }
    unchecked = {key["reference"]["resource"] for key in keys if key not in known}
    data = [columns, *table.to_numpy().tolist()]
    inline = {"name": resource["name"], "type": "table", "data": data, "schema": described}
    return inline, sorted(unchecked)

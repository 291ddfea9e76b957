"""Reading `datapackage.json`: which tables a folder has, and what is wrong with that list."""

import json
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Any

from cls_analysis.preflight import decode, read_bytes

Problem = dict[str, Any]
PACKAGE = "datapackage.json"
FIELD_TYPES = ["string", "integer", "number", "boolean", "date", "year", "yearmonth"]
RESTORE = f"Take back the {PACKAGE} that came with the data (git checkout, or a new download)."
SAVE_JSON = "Open it in a text editor and save it with the encoding UTF-8."


def read_package(
    folder: Path, required: Collection[str] = ()
) -> tuple[dict[str, Any], list[Problem]]:
    """Read the data package of a folder.

    Parameters
    ----------
    folder
        The folder that holds `datapackage.json`.
    required
        Names of tables that the package must list.

    Returns
    -------
    package, problems
        The package as it stands in the file, with those resources only that can be used (none
        if the file cannot be read), and what is wrong with the rest.

    """
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        problem = f"The folder cannot be read: {error.strerror}."
        remedy = f"Give the folder that holds {PACKAGE}."
        where = {"file": str(folder), "problem": problem, "remedy": remedy}
        return {"resources": []}, [where]
    package, fault = _read_json(folder / PACKAGE)
    if fault:
        return {"resources": []}, [{"file": PACKAGE, "remedy": RESTORE} | fault]
    return _usable(package, folder, required)


def _read_json(path: Path) -> tuple[Any, Problem]:
    """Return the content, or what is wrong with the file."""
    content, fault = read_bytes(path, missing=RESTORE, empty=RESTORE)
    if fault:
        return None, fault
    text, fault = decode(content, "a JSON file", SAVE_JSON)
    if fault:
        return None, fault
    try:
        return json.loads(text), {}
    except json.JSONDecodeError as error:
        problem = (
            f"The file is not valid JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        )
        remedy = "Mend that place (often a comma or a quote before it), or take the file back."
        return None, {"row": error.lineno, "problem": problem, "remedy": remedy}
    except RecursionError:
        return None, {"problem": "The file is nested too deeply to be a data package."}


def _usable(
    package: Any, folder: Path, required: Collection[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Keep the resources that can be checked; say what is wrong with the others."""
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not resources:
        shape = "is not a JSON object" if not isinstance(package, dict) else "lists no table"
        problem = {
            "file": PACKAGE,
            "column": "resources",
            "problem": f"The data package {shape}.",
            "allowed": 'an object with "resources", a list of at least one table',
            "remedy": RESTORE,
        }
        return {"resources": []}, [problem]
    usable: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, resource in enumerate(resources, start=1):
        label = resource.get("name") if isinstance(resource, dict) else None
        found = _faults(resource, folder) if isinstance(resource, dict) else ["is not an object"]
        if label in [other["name"] for other in usable]:
            found.append("has the name of another one")
        if not found:
            usable.append(resource)
        problems += [
            {
                "file": PACKAGE,
                "column": f"resources, number {number}",
                "value": label if isinstance(label, str) else None,
                "problem": f"The table {fault}. It was not checked.",
                "remedy": f"Mend the entry of this table in {PACKAGE}.",
            }
            for fault in found
        ]
    names = [resource.get("name") for resource in resources if isinstance(resource, dict)]
    declared = {name for name in names if isinstance(name, str)}
    what = {"problem": "The data package does not list this table.", "remedy": RESTORE}
    problems += [
        {"file": PACKAGE, "column": "resources", "value": name} | what
        for name in required
        if name not in declared
    ]
    problems += _stray_references(usable, declared - {resource["name"] for resource in usable})
    return {**package, "resources": usable}, problems


def _faults(resource: dict[str, Any], folder: Path) -> list[str]:
    """Say why one resource cannot be used; nothing where it can."""
    name, path, schema = (resource.get(key) for key in ("name", "path", "schema"))
    found = [] if isinstance(name, str) and name else ['has no "name"']
    if not isinstance(path, str) or not path:
        found.append('has no "path" to its file')
    elif _leaves(path, folder):
        found.append(f'has the path "{path}", which leaves the folder')
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not fields:
        return [*found, 'has no "schema" with "fields"']
    return found or _schema_faults(resource)


def _leaves(path: str, folder: Path) -> bool:
    """Tell whether a path points out of the folder (absolute, upwards, an address, a link)."""
    parts = PurePosixPath(path)
    if "://" in path or "\\" in path or "\0" in path or parts.is_absolute() or ".." in parts.parts:
        return True
    return not (folder / path).resolve().is_relative_to(folder.resolve())


def _schema_faults(resource: dict[str, Any]) -> list[str]:
    """Ask frictionless field by field, so that the message can name the field."""
    from frictionless import Field, FrictionlessException, Resource  # slow to import

    found = []
    for number, field in enumerate(resource["schema"]["fields"], start=1):
        name = field.get("name") if isinstance(field, dict) else None
        where = f'has a field "{name}"' if name else f"has a field (number {number})"
        if not isinstance(field, dict) or not isinstance(name, str):
            found.append(f'{where} without a "name"')
        elif field.get("type", "string") not in FIELD_TYPES:
            found.append(
                f'{where} of unknown type "{field["type"]}" (allowed: {", ".join(FIELD_TYPES)})'
            )
        else:
            try:
                Field.from_descriptor(field).read_cell("1")
            except FrictionlessException as error:
                found.append(f"{where} that is not valid: {_reasons(error)}")
            except Exception as error:  # a limit or pattern that is none, for one
                found.append(f"{where} that is not valid: {error}")
    names = [field["name"] for field in resource["schema"]["fields"]] if not found else []
    found += [
        f'has two fields "{name}"' for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if found:
        return found
    try:
        Resource.from_descriptor(resource)
        foreign_keys(resource)
    except KeyError as error:
        return [f"has a foreign key without {error}"]
    except FrictionlessException as error:
        return [f"is not a valid entry: {_reasons(error)}"]
    except Exception as error:  # whatever the library meets in a broken entry
        return [f"is not a valid entry: {error}"]
    return []


def _reasons(error: Any) -> str:
    """Put the notes of a frictionless error into one line."""
    return "; ".join(reason.note for reason in error.reasons or [error.error])


def _stray_references(resources: list[dict[str, Any]], broken: set[str]) -> list[Problem]:
    """Report foreign keys to a table or column that the package lacks, broken ones aside."""
    columns = {
        resource["name"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in resources
    }
    problems = []
    for resource in resources:
        for key in foreign_keys(resource):
            target = key["resource"]
            if target not in broken and not set(key["to"]) <= set(columns.get(target, [])):
                problems.append(
                    {
                        "file": PACKAGE,
                        "column": f"{resource['name']}, foreign key {', '.join(key['from'])}",
                        "value": f"{target}: {', '.join(key['to'])}",
                        "problem": "The key points to a table or column that the package lacks.",
                        "allowed": ", ".join(columns),
                        "remedy": f"Mend the foreign key in {PACKAGE}.",
                    }
                )
    return problems


def foreign_keys(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """List the foreign keys of a resource.

    Returns
    -------
    list of dict
        `from` (columns), `resource` (name of the table pointed to; the resource's own name
        where the package leaves it empty), `to` (columns there).

    """
    return [
        {
            "from": as_list(key["fields"]),
            "resource": key["reference"].get("resource") or resource["name"],
            "to": as_list(key["reference"]["fields"]),
        }
        for key in resource["schema"].get("foreignKeys", [])
    ]


def as_list(value: str | list[str]) -> list[str]:
    """Bring a key of one column, which may be written as text, to a list of columns."""
    return [value] if isinstance(value, str) else list(value)

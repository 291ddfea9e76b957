"""The data dictionary, data/README.md: the data package in words."""

from typing import Any

from cls_analysis.explain import accepts_dates
from cls_analysis.package import as_list, foreign_keys


def write_dictionary(package: dict[str, Any]) -> str:
    """Describe a data package as Markdown.

    Parameters
    ----------
    package
        The content of `datapackage.json`.

    Returns
    -------
    str
        Title and description, the rules of matching (the package's own property `matching`, a
        list of sentences), one line a table, then a section for each table with its columns.

    """
    resources = package["resources"]
    paths = {resource["name"]: resource["path"] for resource in resources}
    parts = [
        f"# {package.get('title', 'Data')}",
        package.get("description", ""),
        _licences(package),
        "This page is generated from `datapackage.json`; change it there, then "
        "`cls-analysis dictionary data > data/README.md`.",
        _rules(package.get("matching", [])),
        "## The tables",
        "\n".join(
            ["| Table | File | Contents |", "|---|---|---|"]
            + [
                f"| [{resource['name']}](#{resource['name']}) | `{resource['path']}` "
                f"| {_cell(resource.get('title', ''))} |"
                for resource in resources
            ]
        ),
        *(_describe_table(resource, paths, _licences(package)) for resource in resources),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _rules(matching: list[str]) -> str:
    if not matching:
        return ""
    return "\n".join(["## How a text gets its codes", "", *(f"- {rule}" for rule in matching)])


def _describe_table(resource: dict[str, Any], paths: dict[str, str], licences: str) -> str:
    schema = resource["schema"]
    key = ", ".join(f"`{name}`" for name in as_list(schema.get("primaryKey", [])))
    points = {
        name: f"`{place}` of `{paths.get(reference['resource'], reference['resource'])}`"
        for reference in foreign_keys(resource)
        for name, place in zip(reference["from"], reference["to"], strict=True)
    }
    rows = [
        f"| `{field['name']}` | {field.get('type', 'string')} "
        f"| {_cell(field.get('description', ''))} | {_allowed(field, points)} |"
        for field in schema["fields"]
    ]
    parts = [
        f"## {resource['name']}",
        f"`{resource['path']}`. {resource.get('description', '')}".strip(),
        f"Key: {key}." if key else "",
        _licences(resource) if _licences(resource) != licences else "",
        "\n".join(["| Column | Type | Meaning | Allowed |", "|---|---|---|---|", *rows]),
    ]
    return "\n\n".join(part for part in parts if part)


def _licences(described: dict[str, Any]) -> str:
    """Name the licences and sources of the package or of a table, with their addresses."""
    lines = []
    for key, label in (("licenses", "Licence"), ("sources", "Source")):
        named = [
            f"[{entry.get('title', entry.get('name', ''))}]({entry['path']})"
            if "path" in entry
            else entry.get("title", entry.get("name", ""))
            for entry in described.get(key, [])
        ]
        lines += [f"{label}: {'; '.join(named)}."] if named else []
    return " ".join(lines)


def _allowed(field: dict[str, Any], points: dict[str, str]) -> str:
    """Say in one cell what values a column takes."""
    constraints = field.get("constraints", {})
    parts = ["never empty"] if constraints.get("required") else []
    parts += ["each value once"] if constraints.get("unique") else []
    if "enum" in constraints:
        parts.append(", ".join(f"`{value}`" for value in constraints["enum"]))
    if accepts_dates(field):
        parts.append("a date as precise as its source: `2024-04-22`, `2020-02` or `2025`")
    elif "pattern" in constraints:
        parts.append(f"form `{constraints['pattern']}`")
    limits = {"minimum": "at least", "maximum": "at most"}
    parts += [f"{word} {constraints[key]}" for key, word in limits.items() if key in constraints]
    if field["name"] in points:
        parts.append(f"a {points[field['name']]}")
    return _cell("; ".join(parts))


def _cell(text: str) -> str:
    """Keep a text inside one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")

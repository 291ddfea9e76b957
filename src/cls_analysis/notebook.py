"""Notebook files: read and written the same way each time, their parameters, their noise."""

import ast
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from cls_analysis.errors import DataError


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook; a cell without an identifier gets its place as one."""
    try:
        notebook: NotebookNode = nbformat.v4.reads(path.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise DataError([{"file": str(path), "problem": f"Not a notebook: {error}"}]) from error
    notebook["nbformat_minor"] = 5
    for place, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", f"cell-{place}")
    return notebook


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Remove what varies between machines: versions, times, the name of the kernel."""
    notebook.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata.language_info = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook; the same notebook gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text: str = nbformat.v4.writes(notebook)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_parameters(notebook: NotebookNode) -> dict[str, Any]:
    """Give the values that the cell tagged `parameters` assigns, by name."""
    for cell in _parameter_cells(notebook):
        return {name: ast.literal_eval(value) for name, value in _assignments(cell.source)}
    return {}


def set_parameters(notebook: NotebookNode, values: dict[str, Any]) -> None:
    """Replace values in the cell tagged `parameters`, and nothing else in it.

    Parameters
    ----------
    notebook
        Changed in place.
    values
        New values by name. A name that the cell does not assign is left out.

    """
    for cell in _parameter_cells(notebook):
        lines = cell.source.split("\n")
        for name, old in _assignments(cell.source):
            if name in values and ast.literal_eval(old) != values[name]:
                line = lines[old.lineno - 1].encode()
                new = line[: old.col_offset] + repr(values[name]).encode()
                lines[old.lineno - 1] = (new + line[old.end_col_offset :]).decode()
        cell.source = "\n".join(lines)


def _parameter_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]


def _assignments(source: str) -> list[tuple[str, ast.expr]]:
    """Name and value of each line `NAME = value`."""
    return [
        (node.targets[0].id, node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]

"""Fixtures that several test modules share."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from cls_analysis.export import write_aside
from cls_analysis.report import build_report

PARAMETERS = 'LANG = "fr"  # or "en"\nDATA = None'
DRAW = """\
import pandas as pd
from matplotlib.figure import Figure
from cls_analysis.export import save_figure, save_numbers
data = pd.DataFrame({"code": ["a", "b"], "n": [VALUE, 2]})
figure = Figure(figsize=(17.5 / 2.54, 6 / 2.54), layout="constrained")
axes = figure.subplots()
axes.bar(data["code"], data["n"])
axes.set_title({"fr": "Un titre à lire", "en": "A title"}[LANG])
save_numbers(pd.DataFrame({"name": ["n"], "value": [2], "unit": "count", "made_by": "x"}), NAME)
save_figure(figure, NAME, data, LANG, caption=f"Légende {LANG}.", alt=f"Image {LANG}.")"""


def code_cell(source, *tags):
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source,
    }


def text_cell(source, *tags):
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": source}


def write_toy(project, name, cells):
    """Write a notebook as simple as a real one may be."""
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = project / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def write_drawing(project, name, value=1, parameters=PARAMETERS):
    """Write a toy notebook with a title, an answer, a figure and numbers."""
    draw = DRAW.replace("NAME", repr(name)).replace("VALUE", str(value))
    answer = 'from IPython.display import Markdown\nMarkdown(f"**Réponse** {LANG}.")'
    cells = [
        text_cell(f"# Question {name} ?\n\nTexte français.", "fr"),
        text_cell(f"# Question {name}?\n\nEnglish text.", "en"),
        code_cell(parameters, "parameters"),
        code_cell(answer, "answer"),
        code_cell(draw),
    ]
    return write_toy(project, name, cells)


@pytest.fixture
def toy(tmp_path):
    """Give a project of two toy notebooks, in a folder with spaces and accents."""
    project = tmp_path / "mon projet été"
    write_drawing(project, "01-one")
    write_drawing(project, "02-two")
    return project


ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Build the project's own report once, aside: the folder that has figures/ and report/.

    Where tests run side by side, the first process builds and the others wait for it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    project, outcome = shared / "projet été", shared / "outcome"
    try:
        project.mkdir()
    except FileExistsError:
        while not outcome.exists():
            time.sleep(0.5)
    else:
        shutil.copytree(ROOT / "notebooks", project / "notebooks")
        told = "was interrupted"
        try:
            build_report(project)
            told = ""
        except Exception as error:
            told = str(error)
        finally:
            write_aside(outcome, told.encode())
    if told := outcome.read_text("utf-8"):
        pytest.fail(f"The report could not be built:\n{told}")
    return project

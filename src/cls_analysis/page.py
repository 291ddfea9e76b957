"""Notebooks as run, turned into a page that needs no network, no code and no script."""

import json
import re
import shutil
import tomllib
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, StrictUndefined
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from cls_analysis.canvas import CM, SIZES
from cls_analysis.export import FORMATS, PRINT_DPI
from cls_analysis.notebook import read_notebook
from cls_analysis.texts import LANGUAGES, typography

TEMPLATES = files("cls_analysis") / "templates"
PAGES = {"fr": "index.html", "en": "index.en.html"}


def write_pages(report: Path) -> None:
    """Write `index.html` (French) and `index.en.html` (English), and what they need.

    Parameters
    ----------
    report
        The folder of the report, which has `notebooks/<lang>/` with the notebooks as run,
        `figures/` and `data/`. A language without notebooks gets no page.

    """
    for name in ("report.css", "report.js"):
        (report / "assets").mkdir(exist_ok=True)
        with as_file(TEMPLATES / name) as source:
            shutil.copyfile(source, report / "assets" / name)
    languages = [lang for lang in LANGUAGES if (report / "notebooks" / lang).is_dir()]
    for lang in languages:
        html = page_html(report, lang, [other for other in languages if other != lang])
        (report / PAGES[lang]).write_text(html, encoding="utf-8", newline="\n")


def page_html(report: Path, lang: str, others: list[str]) -> str:
    """Make the page of one language: answers first, then a section per notebook.

    Parameters
    ----------
    report
        As in `write_pages`.
    lang
        `fr` or `en`.
    others
        Languages of the pages to link to.

    Returns
    -------
    str
        HTML.

    """
    words = _words()
    notebooks = {
        path.stem: read_notebook(path)
        for path in sorted((report / "notebooks" / lang).glob("*.ipynb"))
    }
    pictures = _pictures(report / "figures" / lang)
    sections = []
    for number in sorted({stem[:2] for stem in notebooks}):
        runs = [stem for stem in notebooks if stem.startswith(number)]
        runs.sort(key=lambda stem: notebooks[stem].metadata.get("place", 0))
        parts = [_section(stem, notebooks[stem], lang, pictures) for stem in runs]
        if any(part["subject"] for part in parts):
            titled = [part | {"title": part["subject"]} for part in parts]
            sections.append(parts[0] | {"id": number, "parts": titled, "answer": ""})
        else:
            sections += parts
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string((TEMPLATES / "page.html.j2").read_text("utf-8"))
    return template.render(
        lang=lang,
        words=words[lang],
        twins=[
            {"lang": other, "file": PAGES[other], "name": words[other]["language"]}
            for other in others
        ],
        sections=sections,
        answers=[part for part in sections if part["answer"]],
        files=_downloads(report, lang),
    )


def _words() -> dict[str, dict[str, str]]:
    words = tomllib.loads((TEMPLATES / "words.toml").read_text("utf-8"))
    return {
        lang: {name: typography(text, lang) for name, text in texts.items()}
        for lang, texts in words.items()
    }


def _section(
    stem: str, notebook: NotebookNode, lang: str, pictures: dict[str, Any]
) -> dict[str, Any]:
    """One notebook as a part of the page: its title, its HTML, and its answers apart."""
    subject = notebook.metadata.get("subject")
    title = stem
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and lang in cell.metadata.get("tags", [lang]):
            if title == stem and (found := re.match(r"# (.+)", cell.source)):
                title = typography(found[1].strip(), lang)
                # A run for one territory has its name as heading, which the page sets.
                cell.source = cell.source if subject is None else cell.source[found.end() :]
            cell.source = re.sub(r"(?m)^#", "###" if subject else "##", cell.source)
            cell.source = _set_type(cell.source, lang)
    answers = [cell for cell in notebook.cells if "answer" in cell.metadata.get("tags", [])]
    return {
        "id": stem,
        "title": title,
        "subject": subject,
        "parts": [],
        "html": _cells_html(notebook, notebook.cells, lang, pictures),
        "answer": _cells_html(notebook, answers, lang, pictures),
    }


def _set_type(markdown: str, lang: str) -> str:
    """Put the typography of a language, except in code, links and tags."""
    parts = re.split(r"(`[^`]*`|\]\([^)]*\)|<[^>]*>|https?://\S+)", markdown)
    return "".join(
        part if place % 2 else typography(part, lang) for place, part in enumerate(parts)
    )


def _cells_html(
    notebook: NotebookNode, cells: list[NotebookNode], lang: str, pictures: dict[str, Any]
) -> str:
    """Turn some cells of a notebook into HTML with the template `cells`."""
    part = nbformat.from_dict({**notebook, "cells": cells})
    with as_file(TEMPLATES) as folder:
        exporter = HTMLExporter(
            template_name="cells",
            extra_template_basedirs=[str(folder)],
            exclude_anchor_links=True,
            config=Config(
                TagRemovePreprocessor={
                    "enabled": True,
                    "remove_cell_tags": {tag for tag in LANGUAGES if tag != lang},
                }
            ),
        )
        resources = {"pictures": pictures, "words": _words()[lang]}
        html: str = exporter.from_notebook_node(part, resources=resources)[0]
    return html.strip()


def _pictures(folder: Path) -> dict[str, dict[str, Any]]:
    """Size on the page and formats of each figure."""
    pictures = {}
    for path in sorted(folder.glob("*.png")):
        header = path.read_bytes()[16:24]
        width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:])
        printed = width / PRINT_DPI / CM
        pictures[path.stem] = {
            "width": width,
            "height": height,
            "size": min(SIZES, key=lambda size: abs(SIZES[size] - printed)),
            "formats": [kind for kind in FORMATS if path.with_suffix(f".{kind}").is_file()],
        }
    return pictures


def _downloads(report: Path, lang: str) -> list[dict[str, str]]:
    """List what the page offers: the tables and their titles, their description, the numbers."""
    package = json.loads((report / "data/datapackage.json").read_text("utf-8"))
    offers = [("data/datapackage.json", _words()[lang]["package"], lang)]
    offers += [("numbers.json", _words()[lang]["numbers"], lang)]
    offers += [
        (f"data/{table['path']}", table.get("title", ""), "en") for table in package["resources"]
    ]
    return [
        {"path": path, "name": path.removeprefix("data/"), "text": text, "lang": spoken}
        for path, text, spoken in offers
    ]

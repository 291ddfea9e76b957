"""The notebooks, run in this process with few random draws: their figures and tables, caught."""

import json
import re
from collections import namedtuple
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path

import matplotlib.style
import numpy as np
import pytest
from matplotlib.text import Text

from cls_analysis import agreement, clusters, export, peers, sensitivity, tables
from cls_analysis.canvas import STYLE

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FIVE = ["aix-en-provence", "marseille", "aunis-atlantique", "saint-etienne", "le-kremlin-bicetre"]
# Another takes the place of the peer that has to learn.
PEERS = {**peers.PEERS, "tfidf_logreg": peers.code_by_rapidfuzz}
# Of the notebooks' own calls: those that take long and depend neither on language nor evidence.
SLOW = [
    (tables, "load_corpus", {}),
    (tables, "load_reference", {}),
    (agreement, "alpha_by_code", {}),
    (agreement, "alpha_by_facet", {}),
    (peers, "compare_with_peers", {"peers": PEERS}),
    (clusters, "find_by_facet", {"n_draws": 19}),
    (sensitivity, "table", {"n_draws": 19, "n_samples": 20}),
]
Drawn = namedtuple("Drawn", "name figure data lang caption alt values")
Run = namedtuple("Run", "figures tables values")
_results = {}


@cache
def run_notebook(number, lang, evidence="own_page", territory="marseille"):
    """Run the code cells of one notebook; nothing is written."""
    (path,) = NOTEBOOKS.glob(f"{number}-*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    values = {"LANG": lang, "EVIDENCE": evidence, "TERRITORY": territory}
    figures, shown, space = [], [], {}

    def keep_figure(figure, name, data, lang, caption, alt):
        figures.append(Drawn(name, figure, data, lang, caption, alt, dict(space)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "save_figure", keep_figure)
        patch.setattr(export, "save_numbers", lambda *_: None)
        patch.setattr(export, "show_table", lambda *table: shown.append(table))
        measure = clusters.measure_stability
        patch.setattr(clusters, "measure_stability", lambda matrix, k, *_: measure(matrix, k, 20))
        for module, name, fewer in SLOW:
            patch.setattr(module, name, _once(getattr(module, name), fewer))
        for cell in cells:
            source = "".join(cell["source"])
            if cell["cell_type"] != "code":
                continue
            if "parameters" in cell["metadata"].get("tags", []):
                for name, value in values.items():
                    source = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value!r}", source)
            exec(source, space)
    return Run(figures, shown, space)


def _once(function, fewer):
    def call(*arguments):
        key = f"{function.__module__}.{function.__name__}"
        if key not in _results:
            _results[key] = function(*arguments, **fewer)
        return _results[key]

    return call


@contextmanager
def _record_texts(found):
    draw = Text.draw

    def keep(self, renderer):
        if self.get_visible() and self.get_text().strip():
            found.append(self)
        draw(self, renderer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", keep)
        yield


def drawn_texts(figure):
    """Every text that is really drawn, with the corners of its box in points of the sheet."""
    found = []
    with matplotlib.style.context(STYLE, after_reset=True):
        with _record_texts(found):
            figure.draw_without_rendering()
        return [(text, corners(text) * 72 / figure.dpi) for text in found]


def corners(text):
    """Four corners of the box of a text, turned with it."""
    turned = text.get_window_extent()
    angle = text.get_rotation()
    if angle == 0:
        return turned.corners()[[0, 1, 3, 2]]
    middle = np.array([turned.x0 + turned.width / 2, turned.y0 + turned.height / 2])
    text.set_rotation(0)
    flat = text.get_window_extent()
    text.set_rotation(angle)
    half = np.array([flat.width, flat.height]) / 2
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return middle + square @ np.array([[c, s], [-s, c]])


def overlap(one, other):
    """How far two boxes reach into each other, in points: the way out along the shortest side."""
    depth = np.inf
    for box in (one, other):
        for start, end in pairwise(box[:3]):
            along = (end - start) / np.linalg.norm(end - start)
            a, b = one @ along, other @ along
            depth = min(depth, min(a.max(), b.max()) - max(a.min(), b.min()))
    return depth


def faults(figure):
    """What is wrong with the texts of a figure, in words; empty when all is well."""
    texts = drawn_texts(figure)
    wide, high = figure.get_size_inches() * 72
    wrong = []
    for number, (text, box) in enumerate(texts):
        said = repr(text.get_text())
        if text.get_fontsize() < 7:
            wrong.append(f"{said} is set in {text.get_fontsize()} pt")
        if box.min() < 0 or (box.max(axis=0) > (wide, high)).any():
            wrong.append(f"{said} is cut by the sheet")
        for other, other_box in texts[:number]:
            if overlap(box, other_box) > 0.75:
                wrong.append(f"{said} overlaps {other.get_text()!r}")
    return wrong

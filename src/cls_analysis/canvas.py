"""The sheet that every figure is drawn on: its size, its title, its note, its legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Patch
from matplotlib.textpath import TextToPath

from cls_analysis import palette
from cls_analysis.texts import label

STYLE = "cls_analysis.cls"
# Widths in centimetres: one column of a journal, a full page, a slide. A slide has one height.
SIZES = {"column": 8.5, "page": 17.5, "slide": 25.4}
SLIDE_HEIGHT = 14.29
CM = 1 / 2.54
MARGIN = 0.25
TICK, NOTE = 7.5, 7  # sizes of letters, in points
LINE = 1.25 * TICK / 72 / CM  # height of a line of labels, in centimetres


def new_figure(
    title: str, note: str, height: float, size: str = "page"
) -> tuple[Figure, SubFigure]:
    """Empty sheet with its finding on top and its evidence at the foot.

    Parameters
    ----------
    title
        The finding, one sentence; broken into lines of the sheet's width.
    note
        What is counted, what is silent, the evidence and the source.
    height
        Height of the drawing in centimetres, without title and note; a slide takes its own.
    size
        ``"column"``, ``"page"`` or ``"slide"``.

    Returns
    -------
    figure, body
        The whole sheet, made without pyplot, so that nothing stays open; and the part between
        title and note, to draw in.

    """
    width = SIZES[size]
    room = width - 2 * MARGIN
    title, note = wrap(title, 10, room, bold=True), wrap(note, NOTE, room)
    top = 0.5 * (1 + title.count("\n")) + 2 * MARGIN
    bottom = 0.34 * (1 + note.count("\n")) + 2 * MARGIN
    tall = SLIDE_HEIGHT if size == "slide" else top + height + bottom
    layout = ConstrainedLayoutEngine(w_pad=MARGIN * CM, h_pad=0.06)
    figure = Figure(figsize=(width * CM, tall * CM), layout=layout)
    rows = figure.add_gridspec(3, 1, height_ratios=[top, tall - top - bottom, bottom])
    left, inside = MARGIN / width, MARGIN / tall
    # Title and note have their own rows: the layout of the body need not make room for them.
    figure.suptitle(
        title, x=left, y=1 - inside, ha="left", va="top", fontsize=10, fontweight="bold",
        linespacing=1.3, in_layout=False,
    )  # fmt: skip
    figure.supxlabel(
        note, x=left, y=inside, ha="left", va="bottom", fontsize=NOTE, color=palette.QUIET,
        linespacing=1.3, in_layout=False,
    )  # fmt: skip
    return figure, figure.add_subfigure(rows[1])


def wrap(text: str, points: float, width: float, bold: bool = False) -> str:
    """Break a text into lines that fit a width in centimetres at a size in points."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, points, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def fit_heads(names: Sequence[str], room: float) -> tuple[list[str], int, float]:
    """Break the names of columns so that they stand side by side.

    Parameters
    ----------
    names
        One per column; a line break stays.
    room
        Width of a column in centimetres.

    Returns
    -------
    names, rotation, height
        Names with line breaks; 0, or 90 where a word is wider than a column; and the height that
        the names take, in centimetres.

    """
    if all(text_width(word, TICK) <= room for name in names for word in name.split()):
        broken = ["\n".join(wrap(line, TICK, room) for line in name.split("\n")) for name in names]
        return broken, 0, LINE * (1 + max(name.count("\n") for name in broken))
    lines = max(1, int(room / LINE))
    for height in range(3, 20):
        broken = [wrap(name.replace("\n", ", "), TICK, height) for name in names]
        if max(name.count("\n") for name in broken) < lines:
            break
    return broken, 90, max(text_width(name, TICK) for name in broken)


def make_patches(styles: Mapping[str, palette.Style], lang: str) -> list[Patch]:
    """Make the signs of a legend, one per fill and pattern, with their names."""
    return [
        Patch(edgecolor=palette.INK, label=label(name, lang), **style)
        for name, style in styles.items()
    ]


def add_legend(body: SubFigure, handles: Sequence[Artist], most: int = 4) -> None:
    """Explain signs under the drawing, in as many columns as the sheet has room for."""
    widths = [text_width(str(handle.get_label()), TICK) for handle in handles]
    beside = 4.0 * TICK / 72 / CM  # the sign, and the space around it
    room = body.bbox.width / body.figure.dpi / CM - 2 * MARGIN
    for ncols in range(min(most, len(handles)), 0, -1):
        if sum(part.max() + beside for part in np.array_split(widths, ncols)) <= room:
            break
    body.legend(handles=list(handles), loc="outside lower left", ncols=ncols)


@cache
def text_width(text: str, points: float, bold: bool = False) -> float:
    """Width in centimetres of the widest line of a text at a size in points."""
    font = FontProperties(family="DejaVu Sans", size=points, weight="bold" if bold else "normal")
    width = TextToPath().get_text_width_height_descent
    return max(float(width(line, font, ismath=False)[0]) for line in text.split("\n")) / 72 / CM

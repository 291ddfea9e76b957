"""Grids of cells: one state each, told apart by fill and by pattern."""

from __future__ import annotations

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cls_analysis import palette
from cls_analysis.canvas import (
    CM,
    MARGIN,
    SIZES,
    STYLE,
    TICK,
    add_legend,
    fit_heads,
    make_patches,
    new_figure,
    text_width,
)
from cls_analysis.texts import label

ROW = 0.46  # height of one row of text, in centimetres


@matplotlib.style.context(STYLE)
def plot_cells(
    frame: pd.DataFrame,
    lang: str,
    title: str,
    note: str,
    *,
    rows: str,
    columns: str,
    value: str,
    styles: dict[str, palette.Style],
    groups: str | None = None,
) -> Figure:
    """Draw a grid of cells, one state each, told apart by fill and by pattern.

    Parameters
    ----------
    frame
        One row per cell with the columns named by `rows`, `columns`, `value` and `groups`; the
        order of appearance is the order of drawing.
    lang
        ``"fr"`` or ``"en"``.
    title, note
        Finding and evidence.
    rows, columns, value
        Columns of `frame`: what stands at the left, on top, and in the cell.
    styles
        Value to fill and pattern, in the order of the legend (see `palette`).
    groups
        Column of `frame` that gathers rows under a heading.

    Returns
    -------
    Figure
        One panel per group.

    """
    parts = [part for _, part in frame.groupby(groups, sort=False)] if groups else [frame]
    heights = [part[rows].nunique() for part in parts]
    heads, rotation, head = fit_heads(
        _heads(frame, columns, lang), find_room(frame[rows], lang) / frame[columns].nunique()
    )
    tall = (sum(heights) + 1.1 * len(parts)) * ROW + head + 1.3
    figure, body = new_figure(title, note, tall)
    panels = body.subplots(
        len(parts), 1, squeeze=False, gridspec_kw={"height_ratios": [h + 0.4 for h in heights]}
    )[:, 0]
    for panel, part in zip(panels, parts, strict=True):
        draw_cells(panel, part, lang, rows, columns, value, styles)
        if groups:
            panel.set_title(label(part[groups].iloc[0], lang), x=0, pad=4)
    panels[0].xaxis.tick_top()
    panels[0].tick_params(length=0)
    panels[0].set_xticks(np.arange(len(heads)) + 0.5, heads, rotation=rotation)
    if groups:
        above = head * CM * 72 + 8
        panels[0].set_title(label(parts[0][groups].iloc[0], lang), x=0, pad=above)
    add_legend(body, make_patches(styles, lang))
    return figure


def _heads(frame: pd.DataFrame, columns: str, lang: str) -> list[str]:
    """Name of each column, and below it the status of its contract where it is known."""
    firsts = frame.drop_duplicates(columns)
    names = [label(str(name), lang) for name in firsts[columns]]
    if "status" not in frame:
        return names
    status = firsts["status"].map(lambda value: "" if pd.isna(value) else label(value, lang))
    return [f"{name}\n{below}" for name, below in zip(names, status, strict=True)]


def find_room(names: pd.Series, lang: str) -> float:
    """Find the width in centimetres that is left beside the names of the rows."""
    widest = max(text_width(label(str(name), lang), TICK) for name in names.unique())
    return SIZES["page"] - widest - 2.5 * MARGIN


def draw_cells(
    panel: Axes,
    part: pd.DataFrame,
    lang: str,
    rows: str,
    columns: str,
    value: str,
    styles: dict[str, palette.Style],
) -> None:
    """Draw the cells of one panel; the parameters are those of `plot_cells`."""
    across, down = list(part[columns].unique()), list(part[rows].unique())
    for row, column, state in part[[rows, columns, value]].itertuples(index=False):
        corner = (across.index(column) + 0.04, down.index(row) + 0.08)
        panel.add_patch(
            Rectangle(corner, 0.92, 0.84, edgecolor=palette.QUIET, linewidth=0.5, **styles[state])
        )
    panel.set(xlim=(0, len(across)), ylim=(len(down), 0), xticks=[])
    panel.set_yticks(np.arange(len(down)) + 0.5, [label(str(row), lang) for row in down])
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)

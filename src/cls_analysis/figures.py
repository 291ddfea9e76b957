"""Figures of what contracts state. They draw what they are given and compute nothing."""

from __future__ import annotations

import matplotlib.style
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cls_analysis import palette
from cls_analysis.canvas import (
    SIZES,
    STYLE,
    TICK,
    add_legend,
    fit_heads,
    make_patches,
    new_figure,
    text_width,
    wrap,
)
from cls_analysis.figures_cells import ROW, draw_cells, find_room, plot_cells
from cls_analysis.texts import label, say, write_share

FACETS = ["theme", "population", "lever"]


def plot_priorities(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw what each territory states, code by code.

    Parameters
    ----------
    frame
        Result of `compare.priorities`.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        Codes down, territories across, one panel per facet.

    """
    return plot_cells(
        frame, lang, title, note,
        rows="code", columns="territory", value="state", styles=palette.STATES, groups="facet",
    )  # fmt: skip


def plot_coverage(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw what each own page says and leaves unsaid.

    Parameters
    ----------
    frame
        Result of `coverage.coverage` with the column `territory` (the name).
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        Questions down, territories across.

    """
    return plot_cells(
        frame, lang, title, note,
        rows="question", columns="territory", value="answer", styles=palette.ANSWERS,
    )  # fmt: skip


@matplotlib.style.context(STYLE)
def plot_prevalence(
    frame: pd.DataFrame, five: pd.DataFrame, lang: str, title: str, note: str
) -> Figure:
    """Draw the share of contracts that state each code, and what the five state of it.

    Parameters
    ----------
    frame
        Result of `compare.prevalence` for one group: facet, code, share, share_low, share_high.
    five
        Result of `compare.priorities`.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        Left: shares with 95 % intervals, the most frequent first within each facet. Right: the
        state of the same code in each of the five.

    """
    ordered = frame.sort_values("share", ascending=False, kind="stable")
    parts = [ordered[ordered["facet"] == facet] for facet in FACETS]
    parts = [part for part in parts if len(part)]
    names = list(five["territory"].unique())
    # The cells take a third of what the names of the codes leave.
    heads, rotation, head = fit_heads(names, find_room(frame["code"], lang) / 3 / len(names) - 0.05)
    tall = (len(frame) + 1.2 * len(parts)) * ROW + head + 1.6
    figure, body = new_figure(title, note, tall)
    panels = body.subplots(
        len(parts), 2, squeeze=False,
        gridspec_kw={"height_ratios": [len(p) + 0.4 for p in parts], "width_ratios": [2, 1]},
    )  # fmt: skip
    for (left, right), part in zip(panels, parts, strict=True):
        places = np.arange(len(part)) + 0.5
        left.hlines(places, part["share_low"], part["share_high"], color=palette.ACCENT)
        left.plot(part["share"], places, "o", color=palette.ACCENT, markersize=4.5)
        left.set(ylim=(len(part), 0), xlim=(-0.01, 1))
        left.set_yticks(places, [label(code, lang) for code in part["code"]])
        left.set_title(label(part["facet"].iloc[0], lang))
        left.grid(axis="x")
        left.xaxis.set_major_formatter(lambda share, _: write_share(share, lang))
        cells = part[["code"]].merge(five, on="code")
        draw_cells(right, cells, lang, "code", "territory", "state", palette.STATES)
        right.set_yticks([])
    for left in panels[:-1, 0]:
        left.tick_params(labelbottom=False)
    panels[-1][0].set_xlabel(label("share_axis", lang))
    panels[0][1].xaxis.tick_top()
    panels[0][1].set_xticks(np.arange(len(heads)) + 0.5, heads, rotation=rotation)
    panels[0][1].tick_params(length=0)
    add_legend(body, make_patches(palette.STATES, lang))
    return figure


@matplotlib.style.context(STYLE)
def plot_similarity(matrix: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw how alike the territories are, with the undefined cells hatched.

    Parameters
    ----------
    matrix
        Square, territory names by territory names, from 0 to 1; missing where undefined.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        A heatmap with its values.

    """
    names = [wrap(str(name), TICK, 4) for name in matrix.index]
    room = SIZES["page"] - max(text_width(name, TICK) for name in names) - 2.8
    heads, rotation, head = fit_heads(names, room / len(names))
    figure, body = new_figure(title, note, max(len(matrix) * 1.35, 3) + head + 1.8)
    panel = body.subplots()
    values = matrix.astype("float64")
    sns.heatmap(
        values, ax=panel, vmin=0, vmax=1, cmap="Blues", annot=True, fmt=".2f", linewidths=1,
        annot_kws={"fontsize": 8}, cbar_kws={"label": label("jaccard", lang), "shrink": 0.8},
    )  # fmt: skip
    for text in panel.texts:
        text.set_text(say("null.tick", lang, value=float(text.get_text())))
    scale = body.axes[-1]  # the bar of colours
    scale.yaxis.set_major_formatter(lambda value, _: say("null.tick", lang, value=value))
    for down, across in np.argwhere(values.isna().to_numpy()):
        panel.add_patch(
            Rectangle((across, down), 1, 1, edgecolor=palette.QUIET, **palette.STATES["no_text"])
        )
    panel.set(xlabel="", ylabel="")
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    panel.set_xticks(np.arange(len(heads)) + 0.5, heads, rotation=rotation)
    panel.set_yticks(np.arange(len(names)) + 0.5, names, rotation=0)
    add_legend(body, make_patches({"undefined": palette.STATES["no_text"]}, lang))
    return figure


@matplotlib.style.context(STYLE)
def plot_profile(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw one contract against the share of the others, code by code.

    Parameters
    ----------
    frame
        Columns facet, code, state, share, share_low, share_high; codes in drawing order.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        Bars are shares of the others; their fill is the state of the code in this contract.

    """
    parts = [part for _, part in frame.groupby("facet", sort=False)]
    tall = (len(frame) + 1.2 * len(parts)) * ROW + 2.4
    figure, body = new_figure(title, note, tall)
    panels = body.subplots(
        len(parts), 1, squeeze=False, sharex=True,
        gridspec_kw={"height_ratios": [len(part) + 0.4 for part in parts]},
    )[:, 0]  # fmt: skip
    for panel, part in zip(panels, parts, strict=True):
        places = np.arange(len(part)) + 0.5
        for place, state, share in zip(places, part["state"], part["share"], strict=True):
            panel.barh(
                place, share, height=0.62, edgecolor=palette.QUIET, linewidth=0.6,
                **palette.STATES[state],
            )  # fmt: skip
        panel.hlines(places, part["share_low"], part["share_high"], color=palette.CONTRAST)
        panel.set(ylim=(len(part), 0), xlim=(0, 1))
        panel.set_yticks(places, [label(code, lang) for code in part["code"]])
        panel.set_title(label(part["facet"].iloc[0], lang))
        panel.grid(axis="x")
        panel.xaxis.set_major_formatter(lambda share, _: write_share(share, lang))
    panels[-1].set_xlabel(label("share_axis", lang))
    add_legend(body, make_patches(palette.STATES, lang))
    return figure

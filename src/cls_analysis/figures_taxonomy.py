"""Figures on the taxonomy: how well two codings agree, and how well axes are coded."""

from __future__ import annotations

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cls_analysis import palette
from cls_analysis.canvas import NOTE, STYLE, add_legend, new_figure
from cls_analysis.figures_cells import ROW
from cls_analysis.texts import label, say

# Krippendorff's usual floors for tentative and for firm conclusions.
FLOORS = (0.667, 0.8)


@matplotlib.style.context(STYLE)
def plot_agreement(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw Krippendorff's alpha of each code with its interval.

    Parameters
    ----------
    frame
        Result of `agreement.alpha_by_code`; codes in drawing order. A code without alpha keeps
        its line.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        One panel per facet; hollow where too few contracts use the code for an interval.

    """
    parts = [part for _, part in frame.groupby("facet", sort=False)]
    figure, body = new_figure(title, note, (len(frame) + 1.2 * len(parts)) * ROW + 1.8)
    panels = body.subplots(
        len(parts), 1, squeeze=False, sharex=True,
        gridspec_kw={"height_ratios": [len(part) + 0.4 for part in parts]},
    )[:, 0]  # fmt: skip
    low = float(frame[["alpha", "alpha_low"]].astype("float64").fillna(1.0).to_numpy().min())
    low = min(0.5, low - 0.02)
    for panel, part in zip(panels, parts, strict=True):
        for place, row in enumerate(part.to_dict("records")):
            if pd.isna(row["alpha"]):
                why = label(str(row["note"]), lang)
                panel.text(low + 0.01, place, why, va="center", fontsize=NOTE)
                continue
            interval = not pd.isna(row["alpha_low"])
            if interval:
                panel.hlines(place, row["alpha_low"], row["alpha_high"], color=palette.ACCENT)
            panel.plot(
                row["alpha"], place, "o", color=palette.ACCENT, markersize=4.5,
                markerfacecolor=palette.ACCENT if interval else "white",
            )  # fmt: skip
        for floor in FLOORS:
            panel.axvline(floor, color=palette.QUIET, linestyle=(0, (2, 3)), linewidth=0.8)
        panel.set(ylim=(len(part) - 0.4, -0.6), xlim=(low, 1.01))
        names = [
            f"{label(code, lang)} ({n})"
            for code, n in zip(part["code"], part["n_used"], strict=True)
        ]
        panel.set_yticks(range(len(part)), names)
        panel.set_title(label(part["facet"].iloc[0], lang))
        panel.grid(axis="x")
        panel.xaxis.set_major_formatter(lambda value, _: say("null.tick", lang, value=value))
    panels[-1].set_xlabel(label("alpha", lang))
    handles = [
        Line2D([], [], marker="o", color=palette.ACCENT, label=label("alpha_interval", lang)),
        Line2D(
            [], [], marker="o", linestyle="", color=palette.ACCENT, markerfacecolor="white",
            label=label("few_contracts", lang),
        ),
        Line2D([], [], linestyle=(0, (2, 3)), color=palette.QUIET, label=label("floors", lang)),
    ]  # fmt: skip
    add_legend(body, handles)
    return figure


@matplotlib.style.context(STYLE)
def plot_peers(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw how well each way of coding does, on the axes that were read and on those unread.

    Parameters
    ----------
    frame
        Result of `peers.compare_with_peers`.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        One panel per part; micro F1 with its interval, and the share of axes all right.

    """
    parts = [part for _, part in frame.groupby("part", sort=False)]
    figure, body = new_figure(title, note, (len(frame) + 1.6 * len(parts)) * ROW + 2.0)
    panels = body.subplots(len(parts), 1, squeeze=False, sharex=True)[:, 0]
    low = min(0.3, float(frame[["micro_f1_low", "exact"]].astype("float64").min().min()) - 0.02)
    for panel, part in zip(panels, parts, strict=True):
        places = np.arange(len(part))
        panel.hlines(places, part["micro_f1_low"], part["micro_f1_high"], color=palette.ACCENT)
        panel.plot(part["micro_f1"], places, "o", color=palette.ACCENT, markersize=5)
        panel.plot(
            part["exact"],
            places,
            "D",
            color=palette.CONTRAST,
            markerfacecolor="white",
            markersize=4.5,
        )
        panel.set(ylim=(len(part) - 0.4, -0.6), xlim=(low, 1.01))
        panel.set_yticks(places, [label(peer, lang) for peer in part["peer"]])
        first = part.iloc[0]
        panel.set_title(
            say(
                f"peers.{first['part']}", lang, axes=first["n_axes"], contracts=first["n_contracts"]
            )
        )
        panel.grid(axis="x")
        panel.xaxis.set_major_formatter(lambda value, _: say("null.tick", lang, value=value))
    handles = [
        Line2D([], [], marker="o", color=palette.ACCENT, label=label("micro_f1_interval", lang)),
        Line2D(
            [], [], marker="D", linestyle="", color=palette.CONTRAST, markerfacecolor="white",
            label=label("exact", lang),
        ),
    ]  # fmt: skip
    add_legend(body, handles)
    return figure

"""Figures on structure: the tree, what chance would draw, and the map of the contracts."""

from __future__ import annotations

from typing import Any

import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from numpy.typing import NDArray
from scipy.cluster.hierarchy import dendrogram

from cls_analysis import palette
from cls_analysis.canvas import NOTE, STYLE, add_legend, new_figure, wrap
from cls_analysis.texts import label, say, typography

LEAF = 0.34  # height of one contract of the tree, in centimetres
SIGNS = {"stated": "D", "mentioned": "^"}


@matplotlib.style.context(STYLE)
def plot_tree(
    linkage: NDArray[Any],
    leaves: list[str],
    clusters: pd.Series,
    stability: pd.DataFrame,
    lang: str,
    title: str,
    note: str,
) -> Figure:
    """Draw the tree of the contracts, all in grey, with the stability of each cut.

    Parameters
    ----------
    linkage, leaves
        Result of `tree.build_tree`, with names for readers as leaves.
    clusters
        Cluster of each leaf, by name.
    stability
        Result of `clusters.measure_stability`: cluster, n_contracts, bootstrap_jaccard, verdict.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        A tree that grows to the left; the number of the cluster stands after each name. It is
        grey since it describes and claims nothing: the note says what chance draws.

    """
    figure, body = new_figure(title, note, len(leaves) * LEAF + 1.3 + 0.42 * len(stability))
    panel = body.subplots()
    dendrogram(
        linkage, orientation="left", ax=panel, link_color_func=lambda _: palette.QUIET,
        labels=[typography(f"{name} ({clusters[name]})", lang) for name in leaves],
        leaf_font_size=NOTE,
    )  # fmt: skip
    panel.tick_params(axis="y", labelsize=NOTE, length=0)
    panel.xaxis.set_major_formatter(lambda value, _: say("null.tick", lang, value=value))
    panel.spines["left"].set_visible(False)
    panel.set_xlabel(label("jaccard_distance", lang))
    rows = [
        say(
            "tree.cluster", lang, cluster=row.cluster, n=row.n_contracts,
            value=row.bootstrap_jaccard, verdict=row.verdict,
        )
        for row in stability.itertuples()
    ]  # fmt: skip
    add_legend(body, [Line2D([], [], linestyle="", label=row) for row in rows], most=1)
    return figure


@matplotlib.style.context(STYLE)
def plot_null(
    null: pd.DataFrame, summary: pd.DataFrame, lang: str, title: str, note: str
) -> Figure:
    """Draw what chance gives for each measure, and the observed value.

    Parameters
    ----------
    null
        One row per random table, one column per measure.
    summary
        Result of `clusters.compare_with_null` for the measures to draw: measure, observed, p.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        One histogram per measure, the observed value as a line with its p.

    """
    figure, body = new_figure(title, note, 6.4)
    panels = body.subplots(1, len(summary), squeeze=False)[0]
    for panel, row in zip(panels, summary.itertuples(), strict=True):
        panel.hist(
            null[str(row.measure)], bins=30, color="#c3cad1", edgecolor="white", linewidth=0.4
        )
        panel.axvline(row.observed, color=palette.CONTRAST, linewidth=2)
        panel.set_title(label(str(row.measure), lang))
        panel.set_xlabel(say("null.observed", lang, value=row.observed, p=row.p))
        panel.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        panel.xaxis.set_major_formatter(lambda value, _: say("null.tick", lang, value=value))
        panel.yaxis.set_major_locator(MaxNLocator(integer=True))
    panels[0].set_ylabel(label("random_tables", lang))
    handles = [
        Line2D([], [], color=palette.CONTRAST, linewidth=2, label=label("observed", lang)),
        Line2D([], [], color="#c3cad1", linewidth=6, label=label("chance", lang)),
    ]
    add_legend(body, handles)
    return figure


@matplotlib.style.context(STYLE)
def plot_landscape(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw the map of the contracts, with the five named.

    Parameters
    ----------
    frame
        Result of `landscape.map_contracts` with the column `name` (what is written beside a
        territory; missing for a reference contract).
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        Grey points are reference contracts, larger where several state the same codes; the five
        have a sign of their own, hollow where they are placed by mentions only.

    """
    figure, body = new_figure(title, note, 10.5)
    panel = body.subplots()
    reference = frame[frame["basis"] == "reference"]
    panel.scatter(
        reference["x"], reference["y"], s=14 * reference["n_here"], color="#aab4bd",
        edgecolor="white", linewidth=0.5,
    )  # fmt: skip
    for basis, part in frame[frame["basis"] != "reference"].groupby("basis", sort=False):
        filled = basis == "stated"
        panel.plot(
            part["x"], part["y"], SIGNS[str(basis)], markersize=8, color=palette.CONTRAST,
            markerfacecolor=palette.CONTRAST if filled else "white", linestyle="",
        )  # fmt: skip
    panel.set(xticks=[], yticks=[])
    panel.set_aspect("equal", adjustable="datalim")
    panel.margins(0.08)
    shares = frame.attrs["shares"]
    panel.set_xlabel(say("landscape.axis", lang, place=1, share=shares[0]))
    panel.set_ylabel(say("landscape.axis", lang, place=2, share=shares[1]))
    handles = [
        Line2D(
            [],
            [],
            marker="o",
            color="#aab4bd",
            linestyle="",
            label=label("reference_contract", lang),
        )
    ]
    handles += [
        Line2D(
            [],
            [],
            marker=sign,
            color=palette.CONTRAST,
            linestyle="",
            label=label(f"placed_{basis}", lang),
            markerfacecolor=palette.CONTRAST if basis == "stated" else "white",
        )
        for basis, sign in SIGNS.items()
    ]
    add_legend(body, handles)
    _name_places(figure, panel, frame)
    return figure


# Where a name may stand beside its sign, the usual place first: shift in points, then which of
# its sides is near the sign.
BESIDE = [
    ((8, 0), "left", "center"), ((-8, 0), "right", "center"), ((0, 8), "center", "bottom"),
    ((0, -8), "center", "top"), ((6, 6), "left", "bottom"), ((-6, 6), "right", "bottom"),
    ((6, -6), "left", "top"), ((-6, -6), "right", "top"),
]  # fmt: skip


def _name_places(figure: Figure, panel: Axes, frame: pd.DataFrame) -> None:
    """Write the names where they cover no other name, and as few signs as may be."""
    figure.draw_without_rendering()  # settles where the signs are
    signs = panel.transData.transform(frame[["x", "y"]].astype("float64"))
    taken: list[Bbox] = []
    for row in frame.dropna(subset=["name"]).itertuples():
        ways: list[tuple[tuple[int, bool, int], int, Annotation, Bbox]] = []
        for shift, side, level in BESIDE:
            text = panel.annotate(
                wrap(str(row.name), 8, 6, bold=True), (row.x, row.y), xytext=shift, ha=side,
                va=level, textcoords="offset points", fontsize=8, fontweight="bold",
            )  # fmt: skip
            box = text.get_window_extent()
            outside = not (panel.bbox.containsx(box.x0) and panel.bbox.containsx(box.x1))
            cost = (box.count_overlaps(taken), outside, box.padded(2).count_contains(signs))
            ways.append((cost, len(ways), text, box))
        *_, text, box = min(ways, key=lambda way: way[:2])
        for way in ways:
            if way[2] is not text:
                way[2].remove()
        taken.append(box)

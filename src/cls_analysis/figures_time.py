"""Figures with a calendar: when things happened, and how precisely the sources say it."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import matplotlib.dates as mdates
import matplotlib.style
import pandas as pd
from babel.numbers import format_decimal
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cls_analysis import palette
from cls_analysis.canvas import (
    LINE,
    MARGIN,
    NOTE,
    SIZES,
    STYLE,
    TICK,
    add_legend,
    new_figure,
    text_width,
    wrap,
)
from cls_analysis.texts import label

ROW = 0.5  # height of one line of the calendar, in centimetres
# A date known to the day, to the month, to the year: a smaller sign is a surer date.
MARKERS = {"day": "o", "month": "s", "year": "D"}
# Definitions of the national counts, in order of appearance.
SIGNS = [("o", palette.ACCENT), ("s", "white"), ("^", "white"), ("D", "white"), ("v", "white")]
# What the ladder of councils dates.
MARKS: dict[str, dict[str, Any]] = {
    "since": {"marker": "o", "color": palette.ACCENT, "markersize": 6},
    "attested": {
        "marker": "o", "color": palette.ACCENT, "markersize": 6, "markerfacecolor": "white",
    },
    "other": {
        "marker": "s", "color": palette.QUIET, "markersize": 6, "markerfacecolor": "white",
    },
    "signed": {"marker": "|", "color": palette.CONTRAST, "markersize": 13, "markeredgewidth": 2},
}  # fmt: skip


@matplotlib.style.context(STYLE)
def plot_timeline(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw the dated steps of each territory, with the span that each date leaves open.

    Parameters
    ----------
    frame
        Result of `chronology.chronology` with the column `territory` (the name); rows in
        drawing order. A row without `first` is known and undated.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        One panel per territory, one line per statement. The bar is the span of the date, the
        sign on it its precision, the fill its certainty.

    """
    parts = [part for _, part in frame.groupby("territory", sort=False)]
    heights = [len(part) for part in parts]
    figure, body = new_figure(title, note, (sum(heights) + 1.1 * len(parts)) * ROW + 2.8)
    panels = body.subplots(
        len(parts), 1, sharex=True, squeeze=False,
        gridspec_kw={"height_ratios": [height + 0.3 for height in heights]},
    )[:, 0]  # fmt: skip
    low, high = _whole_years(frame[["first", "last"]])
    for panel, part in zip(panels, parts, strict=True):
        for line, row in enumerate(part.to_dict("records")):
            if pd.isna(row["first"]):
                _write_undated(panel, low, line, str(row["certainty"]), lang)
            else:
                _draw_step(panel, row, line)
        panel.set(ylim=(len(part) - 0.4, -0.6))
        # A step that two statements date has two lines and one name.
        names = [label(event, lang) for event in part["event"]]
        repeated = part["event"].duplicated()
        names = ["" if again else name for name, again in zip(names, repeated, strict=True)]
        panel.set_yticks(range(len(part)), names)
        panel.set_title(part["territory"].iloc[0])
        panel.grid(axis="x")
        panel.tick_params(axis="x", length=0)
        _write_years(panel, low, high)
        panel.spines["left"].set_visible(False)
    add_legend(body, _calendar_handles(lang), most=3)
    return figure


def _whole_years(dates: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Find the first day of the first year and of the year after the last."""
    known = pd.to_datetime(dates.stack()).dropna()
    first, last = (known.min().year, known.max().year) if len(known) else (2000, 2000)
    beside = 1 if last - first < 2 else 0  # a few months alone would have no year to stand on
    return pd.Timestamp(first - beside, 1, 1), pd.Timestamp(last + 1 + beside, 1, 1)


def _write_years(panel: Axes, low: pd.Timestamp, high: pd.Timestamp) -> None:
    """Count in whole years from `low` to `high`, with at most about ten signs."""
    panel.set_xlim(low, high)  # type: ignore[arg-type]
    panel.xaxis.set_major_locator(mdates.YearLocator(-(-(high.year - low.year) // 10)))
    panel.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))


def _draw_step(panel: Axes, row: dict[Any, Any], line: int) -> None:
    first, last = row["first"], row["last"] + pd.Timedelta(days=1)
    style = palette.CERTAINTIES[row["certainty"]]
    panel.barh(
        line, last - first, left=first, height=0.2, edgecolor=palette.ACCENT, linewidth=0.7, **style
    )
    if row["event"] != "period":
        panel.plot(
            [first + (last - first) / 2], [line], MARKERS[row["precision"]],
            color=style["facecolor"], markeredgecolor=palette.ACCENT, markersize=6,
        )  # fmt: skip


def _write_undated(panel: Axes, low: pd.Timestamp, line: int, certainty: str, lang: str) -> None:
    name = "planned_undated" if certainty == "planned" else "undated"
    panel.text(
        mdates.date2num(low + pd.Timedelta(days=40)), line, label(name, lang),
        va="center", fontsize=NOTE, style="italic", color=palette.QUIET,
    )  # fmt: skip


def _calendar_handles(lang: str) -> list[Line2D | Patch]:
    signs: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            markersize=5.5,
            color=palette.ACCENT,
            label=label(f"precision_{precision}", lang),
        )
        for precision, marker in MARKERS.items()
    ]
    fills = [
        Patch(edgecolor=palette.ACCENT, label=label(f"certainty_{name}", lang), **style)
        for name, style in palette.CERTAINTIES.items()
    ]
    return [handle for pair in zip(signs, fills, strict=True) for handle in pair]


@matplotlib.style.context(STYLE)
def plot_ladder(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw which step each territory's mental-health council has reached, and since when.

    Parameters
    ----------
    frame
        Result of `listings_reference.list_ladder`: territory, step (one of `palette.STEPS`),
        sentence (name and date, or that the source is silent), and the first and last possible
        day of each mark of `MARKS` (missing where it has no date).
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        One line per territory. Above: one column per step, the step reached is filled. Below:
        the dates, with the span that each leaves open.

    """
    steps = list(palette.STEPS)
    names = [wrap(name, TICK, 4) for name in frame["territory"]]
    room = SIZES["page"] - max(text_width(name, TICK) for name in names) - 3 * MARGIN
    low_row = LINE * (1.6 + max(name.count("\n") for name in names))
    figure, body = new_figure(title, note, len(frame) * (1.2 + low_row) + 2.6)
    above, below = body.subplots(2, 1, gridspec_kw={"height_ratios": [1.2, low_row]})
    low, high = _whole_years(frame.filter(regex="_(first|last)$"))
    for line, row in enumerate(frame.to_dict("records")):
        reached = steps.index(str(row["step"]))
        for place, step in enumerate(steps):
            style = palette.STEPS[step] if place == reached else {"facecolor": "white"}
            above.barh(
                line, 0.94, left=place + 0.03, height=0.5,
                edgecolor=palette.QUIET, linewidth=0.5, **style,
            )  # fmt: skip
        above.text(
            0.03,
            line + 0.31,
            wrap(row["sentence"], NOTE, room),
            fontsize=NOTE,
            va="top",
            color=palette.QUIET,
        )
        for mark, style in MARKS.items():
            first, last = row[f"{mark}_first"], row[f"{mark}_last"]
            if pd.notna(first):
                below.hlines(line, first, last, color=style["color"])
                below.plot([first + (last - first) / 2], [line], linestyle="", **style)
    above.set(xlim=(0, len(steps)), ylim=(len(frame) - 0.25, -0.3))
    above.set_yticks(range(len(frame)), names)
    above.set_xticks([place + 0.5 for place in range(len(steps))], [label(s, lang) for s in steps])
    above.xaxis.tick_top()
    above.tick_params(length=0)
    above.spines[:].set_visible(False)
    below.set_yticks(range(len(frame)), names)
    below.set_ylim(len(frame) - 0.5, -0.5)
    _write_years(below, low, high)
    below.tick_params(length=0)
    below.grid(axis="both")
    below.spines[:].set_visible(False)
    handles = [
        Line2D([], [], linestyle="", label=label(f"mark_{mark}", lang), **style)
        for mark, style in MARKS.items()
    ]
    add_legend(body, handles)
    return figure


@matplotlib.style.context(STYLE)
def plot_national(frame: pd.DataFrame, lang: str, title: str, note: str) -> Figure:
    """Draw the published counts of councils in France, one sign per definition and source.

    Parameters
    ----------
    frame
        Result of `councils.national_series`: definition, first and last (days between which the
        count was made; missing where undated), active (number), confidence.
    lang, title, note
        See `figures_cells.plot_cells`.

    Returns
    -------
    Figure
        Points of different definitions are never joined; an undated count stands apart, at the
        right of a broken line.

    """
    figure, body = new_figure(title, note, 8.0)
    panel = body.subplots()
    dated = frame["first"].notna()
    end = frame["last"].max() + pd.DateOffset(months=10)
    middle = frame["first"] + (frame["last"] - frame["first"]) / 2
    middle = middle.fillna(end + pd.DateOffset(months=12))
    groups = frame.assign(middle=middle).groupby("definition", sort=False)
    for (definition, points), (marker, fill) in zip(groups, cycle(SIGNS), strict=False):
        known = points.dropna(subset=["first"])
        panel.hlines(known["active"], known["first"], known["last"], color=palette.ACCENT)
        panel.plot(
            points["middle"], points["active"], marker, color=palette.ACCENT, linestyle="",
            markerfacecolor=fill, label=label(str(definition), lang),
        )  # fmt: skip
        after = points["middle"].shift(-1) - points["middle"]
        for date, count, gap in zip(points["middle"], points["active"], after, strict=True):
            # Of two counts of the same months, the first stands below its point.
            below = gap < pd.Timedelta(days=200)
            panel.annotate(
                format_decimal(count, locale=lang), (date, count), xytext=(0, -14 if below else 7),
                textcoords="offset points", ha="center", fontsize=TICK,
            )  # fmt: skip
    years = range(frame["first"].min().year, frame["last"].max().year + 1, 2)
    ticks = {pd.Timestamp(year=year, month=1, day=1): str(year) for year in years}
    if not dated.all():
        panel.axvline(end, color=palette.QUIET, linestyle=(0, (2, 3)))
        ticks[middle[~dated].iloc[0]] = label("no_date", lang)
    panel.set(ylim=(0, frame["active"].max() * 1.18), ylabel=label("national_axis", lang))
    panel.set_xticks(mdates.date2num(list(ticks)), list(ticks.values()))
    panel.grid(axis="y")
    add_legend(body, panel.get_legend_handles_labels()[0], most=1)
    return figure

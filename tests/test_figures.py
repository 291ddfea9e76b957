"""Every figure that the notebooks draw: its texts have room, its marks are the frame's numbers."""

import re

import matplotlib.style
import numpy as np
import pandas as pd
import pytest
from drawn import FIVE, NOTEBOOKS, drawn_texts, faults, overlap, run_notebook
from matplotlib.collections import LineCollection
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cls_analysis import figures, figures_structure, figures_taxonomy, figures_time, palette
from cls_analysis.canvas import CM, SIZES, STYLE
from cls_analysis.texts import label, say, typography

LANGUAGES = ["fr", "en"]
EVIDENCES = ["own_page", "all"]
REFERENCE = "agglo-du-pays-de-dreux"
RUNS = [
    *[("02", lang, "own_page", "marseille") for lang in LANGUAGES],
    *[
        (number, lang, evidence, "marseille")
        for number in ("01", "03", "04", "05")
        for lang in LANGUAGES
        for evidence in EVIDENCES
    ],
    *[
        ("06", lang, evidence, territory)
        for territory in [*FIVE, REFERENCE]
        for lang in LANGUAGES
        for evidence in EVIDENCES
    ],
]
# 60 characters and more, with quotes of both kinds.
LONG = "Communauté d’agglomération des Rives « du Grand Fleuve » et de l'Est"


def find(number, name, lang="fr", evidence="all"):
    """The figure of a notebook, with the frames of the notebook at that point."""
    (drawn,) = [d for d in run_notebook(number, lang, evidence).figures if d.name == name]
    return drawn


def widths(panel):
    return [patch.get_width() for patch in panel.patches]


def label_of(axis):
    return [text.get_text() for text in axis.get_ticklabels()]


# ------------------------------------------------------------------ all figures of the notebooks


@pytest.mark.parametrize("run", RUNS, ids="-".join)
def test_texts_of_every_figure_are_whole_apart_and_large_enough(run):
    found = run_notebook(*run).figures
    assert found
    for drawn in found:
        assert faults(drawn.figure) == [], drawn.name
        assert drawn.figure.get_size_inches()[0] == pytest.approx(SIZES["page"] * CM)
        assert drawn.figure.get_size_inches()[1] < 29.7 * CM, f"{drawn.name} is higher than a page"


def test_no_figure_of_a_module_is_left_out_of_the_notebooks():
    called = set()
    for path in NOTEBOOKS.glob("*.ipynb"):
        called |= set(re.findall(r"\.(plot_\w+)\(", path.read_text("utf-8")))
    modules = (figures, figures_structure, figures_taxonomy, figures_time)
    made = {name for module in modules for name in vars(module) if name.startswith("plot_")}
    assert called == made - {"plot_cells"}


def test_faults_are_seen():
    with matplotlib.style.context(STYLE):
        sheet = Figure(figsize=(4, 2), dpi=100)
        sheet.text(0.9, 0.5, "beyond the edge")
        sheet.text(0.1, 0.5, "one word")
        sheet.text(0.12, 0.52, "on another")
        sheet.text(0.1, 0.1, "small", fontsize=6)
        sheet.text(0.5, 0.9, "hidden", fontsize=5, visible=False)
    found = " ".join(faults(sheet))
    assert "'beyond the edge' is cut" in found
    assert "'on another' overlaps 'one word'" in found
    assert "'small' is set in 6" in found
    assert "hidden" not in found


def test_turned_texts_side_by_side_do_not_overlap_though_their_frames_do():
    with matplotlib.style.context(STYLE):
        sheet = Figure(figsize=(4, 4), dpi=100)
        for place in (0.2, 0.3):
            sheet.text(place, 0.3, "Le Kremlin-Bicêtre", rotation=45)
    (one, a), (other, b) = drawn_texts(sheet)
    assert one.get_window_extent().overlaps(other.get_window_extent())
    assert overlap(a, b) < 0


# ------------------------------------------------------------------------ what marks stand for


@pytest.mark.parametrize("evidence", EVIDENCES)
def test_each_cell_of_the_priorities_shows_its_state(evidence):
    drawn = find("03", "03-priorities", evidence=evidence)
    frame, panels = drawn.data, drawn.figure.axes
    assert len(panels) == frame["facet"].nunique()
    for panel, (_, part) in zip(panels, frame.groupby("facet", sort=False), strict=True):
        cells = [p for p in panel.patches if isinstance(p, Rectangle)]
        assert len(cells) == len(part)
        across, down = list(part["territory"].unique()), list(part["code"].unique())
        for cell, row in zip(cells, part.itertuples(), strict=True):
            style = palette.STATES[row.state]
            assert (int(cell.get_x()), int(cell.get_y())) == (
                across.index(row.territory),
                down.index(row.code),
            )
            assert same_color(cell.get_facecolor(), style["facecolor"])
            assert (cell.get_hatch() or "") == style["hatch"]
        assert label_of(panel.yaxis) == [label(code, "fr") for code in down]
    first = [text.split("\n")[0] for text in label_of(panels[0].xaxis)]
    assert first == list(frame["territory"].unique())


def test_answers_of_the_own_pages_are_drawn_one_by_one():
    drawn = find("01", "01-coverage")
    fills = [to_hex(cell.get_facecolor()) for cell in drawn.figure.axes[0].patches]
    assert fills == [palette.ANSWERS[answer]["facecolor"] for answer in drawn.data["answer"]]


def test_shares_and_intervals_of_the_prevalence_are_those_of_the_frame():
    drawn = find("03", "03-prevalence")
    left = drawn.figure.axes[0::2]
    for panel, facet in zip(left, figures.FACETS, strict=True):
        part = drawn.data[drawn.data["facet"] == facet]
        part = part.sort_values("share", ascending=False, kind="stable")
        (points,) = panel.lines
        assert points.get_xdata() == pytest.approx(part["share"].to_numpy(dtype=float))
        (spans,) = [c for c in panel.collections if isinstance(c, LineCollection)]
        ends = np.array([span[:, 0] for span in spans.get_segments()])
        assert ends == pytest.approx(part[["share_low", "share_high"]].to_numpy(dtype=float))
        assert label_of(panel.yaxis) == [label(code, "fr") for code in part["code"]]
        assert panel.get_xlim()[1] == 1


@pytest.mark.parametrize("territory", FIVE)
def test_bars_of_a_profile_are_as_long_as_the_share_and_filled_by_the_state(territory):
    (drawn,) = run_notebook("06", "fr", "all", territory).figures
    bars = [bar for panel in drawn.figure.axes for bar in panel.patches]
    assert [bar.get_width() for bar in bars] == pytest.approx(list(drawn.data["share"]))
    for bar, state in zip(bars, drawn.data["state"], strict=True):
        assert same_color(bar.get_facecolor(), palette.STATES[state]["facecolor"])
        assert (bar.get_hatch() or "") == palette.STATES[state]["hatch"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_undefined_similarities_are_hatched_and_bear_no_number(lang):
    drawn = find("03", "03-similarity", lang)
    values = drawn.values["alike"].astype("float64").to_numpy()
    panel = drawn.figure.axes[0]
    hatched = {(int(p.get_y()), int(p.get_x())) for p in panel.patches if p.get_hatch()}
    assert hatched == {tuple(place) for place in np.argwhere(np.isnan(values)).tolist()}
    numbered = {
        (int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in panel.texts
    }
    assert not hatched & set(numbered)
    assert numbered == {
        (row, column): say("null.tick", lang, value=values[row, column])
        for row, column in np.argwhere(~np.isnan(values)).tolist()
    }
    comma = {"fr": ",", "en": "."}[lang]
    assert all(comma in text for text in label_of(drawn.figure.axes[1].yaxis))


def test_alphas_and_intervals_are_those_of_the_frame():
    drawn = find("02", "02-agreement", evidence="own_page")
    panels = drawn.figure.axes
    points = [float(np.ravel(line.get_xdata())[0]) for panel in panels for line in panel.lines]
    known = drawn.data["alpha"].dropna().tolist()
    floors = [x for x in points if x in figures_taxonomy.FLOORS]
    assert len(floors) == len(panels) * 2
    assert [x for x in points if x not in figures_taxonomy.FLOORS] == pytest.approx(known)
    spans = [span[:, 0] for panel in panels for c in panel.collections for span in c.get_segments()]
    ends = drawn.data[["alpha_low", "alpha_high"]].dropna().to_numpy(dtype=float)
    assert np.array(spans) == pytest.approx(ends)


def test_scores_of_the_peers_are_those_of_the_frame():
    drawn = find("02", "02-peers", evidence="own_page")
    lines = [panel.lines for panel in drawn.figure.axes]
    for column, place in (("micro_f1", 0), ("exact", 1)):
        points = np.concatenate([panel[place].get_xdata() for panel in lines])
        assert points.astype(float) == pytest.approx(drawn.data[column].to_numpy(dtype=float))


def test_the_null_shows_all_draws_and_the_observed_value():
    drawn = find("04", "04-null")
    for panel, row in zip(drawn.figure.axes, drawn.values["shown"].itertuples(), strict=True):
        assert sum(bar.get_height() for bar in panel.patches) == len(drawn.data)
        (line,) = panel.lines
        assert list(line.get_xdata()) == [row.observed] * 2
        low, high = panel.get_xlim()
        assert low < row.observed < high
        assert panel.get_xlabel() == say("null.observed", "fr", value=row.observed, p=row.p)


def test_the_tree_is_grey_and_names_each_contract_with_its_cluster():
    drawn = find("04", "04-tree")
    panel = drawn.figure.axes[0]
    for lines in panel.collections:
        assert all(same_color(colour, palette.QUIET) for colour in lines.get_colors())
    groups = drawn.values["groups"].items()
    expected = {typography(f"{name} ({cluster})", "fr") for name, cluster in groups}
    assert set(label_of(panel.yaxis)) == expected
    legend = [text.get_text() for s in drawn.figure.subfigs for text in s.legends[0].get_texts()]
    assert len(legend) == len(drawn.values["found"]["stability"])


@pytest.mark.parametrize("evidence", EVIDENCES)
def test_the_map_sets_the_five_apart_and_hollow_where_only_mentions_place_them(evidence):
    drawn = find("04", "04-landscape", evidence=evidence)
    panel, frame = drawn.figure.axes[0], drawn.data
    reference = frame[frame["basis"] == "reference"]
    (cloud,) = panel.collections
    assert np.asarray(cloud.get_offsets()) == pytest.approx(reference[["x", "y"]].to_numpy(float))
    named = {text.get_text(): text.xy for text in panel.texts}
    own = frame[frame["basis"] != "reference"].set_index("name")
    assert set(named) == set(own.index)
    for name, place in named.items():
        assert place == pytest.approx(own.loc[name, ["x", "y"]].tolist())
    hollow = [line.get_markerfacecolor() == "white" for line in panel.lines]
    assert hollow == [basis == "mentioned" for basis in own["basis"].unique()]


def test_published_counts_are_points_that_no_line_joins():
    drawn = find("05", "05-national")
    panel, frame = drawn.figure.axes[0], drawn.data
    points = [line for line in panel.lines if len(line.get_xdata()) and line.get_marker() != "None"]
    assert all(line.get_linestyle() == "None" for line in points)
    assert len(points) == frame["definition"].nunique()
    assert len({(p.get_marker(), p.get_markerfacecolor()) for p in points}) == len(points)
    drawn_counts = sorted(int(y) for line in points for y in line.get_ydata())
    assert drawn_counts == sorted(frame["active"].tolist())
    assert sorted(int(text.get_text()) for text in panel.texts) == drawn_counts
    for spans in panel.collections:
        for span in spans.get_segments():
            assert span[0, 1] == span[1, 1], "a span is level: one count, the days it may mean"


def test_an_undated_count_stands_right_of_the_broken_line_without_a_year():
    drawn = find("05", "05-national")
    panel, frame = drawn.figure.axes[0], drawn.data
    (broken,) = [line for line in panel.lines if line.get_linestyle() == "--"]
    x = broken.get_xdata()[0]
    undated = frame.loc[frame["first"].isna(), "active"].tolist()
    right = [text for text in panel.texts if text.xy[0] > x]
    assert sorted(int(text.get_text()) for text in right) == sorted(undated)
    assert label_of(panel.xaxis)[-1] == "sans date"
    assert max(int(year) for year in label_of(panel.xaxis)[:-1]) <= frame["last"].max().year


@pytest.mark.parametrize("which", ["own-page", "all"])
def test_the_ladder_fills_the_step_reached_and_no_other(which):
    drawn = find("05", f"05-councils-{which}")
    above, below = drawn.figure.axes
    steps = list(palette.STEPS)
    bars = np.array(above.patches).reshape(len(drawn.data), len(steps))
    for row, step in zip(bars, drawn.data["step"], strict=True):
        for bar, name in zip(row, steps, strict=True):
            style = palette.STEPS[name] if name == step else {"facecolor": "white", "hatch": ""}
            assert same_color(bar.get_facecolor(), style["facecolor"])
            assert (bar.get_hatch() or "") == style["hatch"]
    years = label_of(below.xaxis)
    assert len(set(years)) == len(years) >= 2


@pytest.mark.parametrize("evidence", EVIDENCES)
def test_each_dated_step_spans_what_its_date_leaves_open(evidence):
    drawn = find("01", "01-timeline", evidence=evidence)
    dated = drawn.data.dropna(subset=["first"])
    spans = [w for panel in drawn.figure.axes for w in widths(panel)]
    days = [(row.last - row.first).days + 1 for row in dated.itertuples()]
    assert spans == pytest.approx(days)
    silent = [text for panel in drawn.figure.axes for text in panel.texts]
    assert len(silent) == drawn.data["first"].isna().sum()
    undated = drawn.data[drawn.data["first"].isna()]
    wanted = ["planned_undated" if c == "planned" else "undated" for c in undated["certainty"]]
    assert [text.get_text() for text in silent] == [label(name, "fr") for name in wanted]


# ----------------------------------------------------------------------------- extreme input


def make_cells(names, state=lambda row, column: "stated"):
    codes = [("theme", "mental_health"), ("theme", "general_prevention"), ("lever", "outreach")]
    rows = [
        (name, facet, code, state(i, j))
        for i, (facet, code) in enumerate(codes)
        for j, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["territory", "facet", "code", "state"])


def make_shares():
    frame = make_cells(["x"]).drop(columns=["territory", "state"])
    return frame.assign(
        share=[0.0, 1.0, 0.5], share_low=[0.0, 0.9, 0.2], share_high=[0.1, 1.0, 0.8]
    )


def make_matrix(names, value=0.25):
    return pd.DataFrame(value, index=names, columns=names)


NAMES = {
    "one territory": ["Marseille"],
    "a long name": ["Marseille", LONG, "Aunis Atlantique"],
    "only a long name": [LONG],
    "twelve territories": [f"Territoire de santé n° {n}" for n in range(12)],
    "twelve with a long one": [LONG, *[f"Ville {n}" for n in range(11)]],
}
HEAD = ("« Un titre » — 'assez' long pour deux lignes : " * 2, "Une note. " * 30)


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_grids_hold_any_number_of_territories_with_any_name(names, lang):
    five = make_cells(names)
    for figure in (
        figures.plot_priorities(five, lang, *HEAD),
        figures.plot_priorities(five.assign(status="in_preparation"), lang, *HEAD),
        figures.plot_prevalence(make_shares(), five, lang, *HEAD),
        figures.plot_similarity(make_matrix(names), lang, *HEAD),
    ):
        assert faults(figure) == []


@pytest.mark.parametrize("state", palette.STATES)
def test_cells_may_all_be_of_one_state(state):
    five = make_cells(FIVE, lambda row, column: state)
    assert faults(figures.plot_priorities(five, "fr", *HEAD)) == []
    codes = make_shares().assign(state=state)
    figure = figures.plot_profile(codes, "fr", *HEAD)
    assert faults(figure) == []
    assert [w for panel in figure.axes for w in widths(panel)] == [0.0, 1.0, 0.5]


def test_a_similarity_that_is_nowhere_defined_is_all_hatched():
    figure = figures.plot_similarity(make_matrix(FIVE, np.nan), "fr", *HEAD)
    panel = figure.axes[0]
    assert len(panel.patches) == 25
    assert all(patch.get_hatch() for patch in panel.patches)
    assert not [text for text in panel.texts if text.get_text()]
    assert faults(figure) == []


def make_ladder(names, **dates):
    sentence = f"{LONG}, depuis le 22 avril 2024 ; à part : {LONG}, attesté en 2013"
    frame = pd.DataFrame({"territory": names, "step": "active", "sentence": sentence})
    for mark in figures_time.MARKS:
        for end in ("first", "last"):
            frame[f"{mark}_{end}"] = pd.Series(dates.get(mark), frame.index, "datetime64[s]")
    return frame


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_the_ladder_holds_long_names_and_long_sentences(names):
    frame = make_ladder(names, since="2020-07-01", signed="2020-02-01")
    assert faults(figures_time.plot_ladder(frame, "fr", *HEAD)) == []


def test_the_ladder_without_any_date_has_no_mark():
    figure = figures_time.plot_ladder(make_ladder(FIVE), "en", *HEAD)
    assert not figure.axes[1].lines
    assert faults(figure) == []


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_the_map_keeps_names_apart_even_at_one_place(names):
    places = [("reference", np.cos(n), np.sin(n), 1, None) for n in range(20)]
    places += [("stated", 0.01 * n % 0.03, 0.3 * n % 1, 1, name) for n, name in enumerate(names)]
    frame = pd.DataFrame(places, columns=["basis", "x", "y", "n_here", "name"])
    frame.attrs["shares"] = [0.6, 0.4]
    assert faults(figures_structure.plot_landscape(frame, "fr", *HEAD)) == []


def test_two_names_at_the_very_same_place_stand_apart():
    frame = pd.DataFrame(
        {"basis": "stated", "x": 0.0, "y": 0.0, "n_here": 1, "name": ["Marseille", "Lyon"]}
    )
    frame.attrs["shares"] = [1.0, 0.0]
    assert faults(figures_structure.plot_landscape(frame, "fr", *HEAD)) == []


def test_codes_without_an_alpha_say_why_and_no_interval_is_no_fault():
    frame = pd.DataFrame(
        {
            "facet": "theme",
            "code": ["mental_health", "nutrition", "care_supply"],
            "n_used": [0, 9, 3],
            "alpha": [np.nan, np.nan, 0.1],
            "alpha_low": np.nan,
            "alpha_high": np.nan,
            "note": ["never_used", "always_used", "few_contracts"],
        }
    )
    figure = figures_taxonomy.plot_agreement(frame, "fr", *HEAD)
    (panel,) = figure.axes
    assert [text.get_text() for text in panel.texts] == ["jamais employé", "toujours employé"]
    assert panel.get_xlim()[0] < 0.1
    assert faults(figure) == []


def test_more_definitions_than_signs_are_all_drawn():
    frame = pd.DataFrame({"definition": [f"définition {n}" for n in range(7)], "active": range(7)})
    dates = pd.to_datetime([f"{2010 + n}-06-01" for n in range(7)])
    frame = frame.assign(first=dates, last=dates, active=frame["active"] * 1000 + 1)
    figure = figures_time.plot_national(frame, "en", *HEAD)
    assert {text.get_text() for text in figure.axes[0].texts} >= {"1", "1,001", "6,001"}
    assert faults(figure) == []

"""The sheet: its sizes, lines that fit, heads of columns, and a legend as wide as its room."""

import matplotlib.style
import pytest
from drawn import faults
from matplotlib.lines import Line2D

from cls_analysis.canvas import (
    CM,
    MARGIN,
    SIZES,
    SLIDE_HEIGHT,
    STYLE,
    TICK,
    add_legend,
    fit_heads,
    new_figure,
    text_width,
    wrap,
)

TITLE = "Deux territoires énoncent des priorités, avec deux thèmes communs sur dix-sept"
NOTE = "Preuves : la page propre de chaque territoire. Un silence n’est pas un non. " * 3
LONG = "Communauté d’agglomération des Rives « du Grand Fleuve » et du Haut-Pays"


def draw(title=TITLE, note=NOTE, size="page", height=5.0):
    with matplotlib.style.context(STYLE):
        figure, body = new_figure(title, note, height, size)
        body.subplots().set_xlabel("part des contrats")
    return figure, body


@pytest.mark.parametrize("size", SIZES)
def test_a_sheet_has_its_named_width_and_cuts_no_line(size):
    figure, _ = draw(size=size)
    assert figure.get_size_inches()[0] == pytest.approx(SIZES[size] * CM)
    assert faults(figure) == []


def test_a_slide_has_one_height_whatever_is_asked_for():
    heights = [draw(size="slide", height=h)[0].get_size_inches()[1] for h in (3.0, 30.0)]
    assert heights == pytest.approx([SLIDE_HEIGHT * CM] * 2)


def test_a_longer_title_makes_a_page_higher_and_leaves_the_drawing_as_high():
    short, long = draw("Court")[0], draw(TITLE * 3)[0]
    assert long.get_size_inches()[1] > short.get_size_inches()[1]
    drawn = []
    for figure in (short, long):
        figure.draw_without_rendering()
        drawn.append(figure.axes[0].get_window_extent().height)
    assert drawn[0] == pytest.approx(drawn[1], rel=0.02)


def test_an_unknown_size_is_refused():
    with pytest.raises(KeyError, match="poster"):
        draw(size="poster")


@pytest.mark.parametrize("dpi", [72, 110, 300])
def test_a_line_is_as_wide_on_the_screen_as_in_print(dpi):
    with matplotlib.style.context(STYLE, after_reset=True):
        figure, _ = draw("Titre")
        figure.set_dpi(dpi)
        text = figure.text(0, 0, NOTE, fontsize=7)
        wide = text.get_window_extent().width / dpi / CM
    assert wide == pytest.approx(text_width(NOTE.rstrip(), 7), rel=0.01)


def test_wrapped_lines_fit_and_keep_every_word():
    lines = wrap(NOTE, 7, 8.0).split("\n")
    assert " ".join(lines) == NOTE
    assert max(text_width(line, 7) for line in lines) <= 8.0


def test_a_line_does_not_break_at_a_no_break_space():
    text = "«\N{NO-BREAK SPACE}a\N{NO-BREAK SPACE}» " * 20
    assert all(line.count("«") == line.count("»") for line in wrap(text, 9, 3.0).split("\n"))


def test_a_word_wider_than_the_line_stands_alone():
    assert wrap("a incommensurablement b", 10, 1.0).split("\n") == ["a", "incommensurablement", "b"]


def test_bold_letters_are_wider():
    assert text_width(TITLE, 10, bold=True) > text_width(TITLE, 10)


def test_wide_columns_keep_their_heads_level():
    names, rotation, height = fit_heads(["Marseille\nsigné", "Aunis Atlantique\nactif"], 3.0)
    assert names == ["Marseille\nsigné", "Aunis Atlantique\nactif"]
    assert rotation == 0
    assert height == pytest.approx(2 * 1.25 * TICK / 72 / CM)


def test_heads_break_into_lines_before_they_turn():
    names, rotation, height = fit_heads(["Communauté de communes du Pays fléchois"], 2.5)
    assert rotation == 0
    assert names[0].count("\n") >= 2
    assert max(text_width(line, TICK) for line in names[0].split("\n")) <= 2.5
    assert height > 3 * TICK / 72 / CM


def test_heads_of_narrow_columns_stand_upright_with_no_more_lines_than_there_is_room():
    names, rotation, height = fit_heads(["Marseille", LONG], 0.8)
    assert rotation == 90
    assert max(name.count("\n") for name in names) + 1 <= 0.8 / (TICK / 72 / CM)
    assert height == pytest.approx(max(text_width(name, TICK) for name in names))


@pytest.mark.parametrize("size", SIZES)
def test_a_legend_takes_more_rows_where_the_sheet_is_narrow(size):
    figure, body = draw(size=size, height=6.0)
    handles = [Line2D([], [], label=f"instance d’un autre nom, n° {n}") for n in range(6)]
    with matplotlib.style.context(STYLE):
        add_legend(body, handles)
    assert faults(figure) == []
    (legend,) = body.legends
    assert legend._ncols == {"column": 1, "page": 3, "slide": 4}[size]


def test_a_legend_lines_up_with_the_title():
    figure, body = draw()
    with matplotlib.style.context(STYLE):
        add_legend(body, [Line2D([], [], label="a")])
        figure.draw_without_rendering()
        left = body.legends[0].legend_handles[0].get_window_extent().x0 / figure.dpi / CM
    assert left == pytest.approx(MARGIN, abs=0.15)

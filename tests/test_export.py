"""The one way out: what a file holds, what is refused, and the same bytes twice."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from pypdf import PdfReader

from cls_analysis.canvas import CM, SIZES, SLIDE_HEIGHT
from cls_analysis.export import save_figure, save_numbers, show_table, write_aside

DATA = pd.DataFrame({"code": ["mental_health", "nutrition"], "share_contracts": [1 / 3, -0.0]})
WORDS = {"caption": "Deux thèmes, cinq contrats.", "alt": "Un tiers des contrats."}


def draw(title="L’été à Saint-Étienne", size="page", height=5.0):
    figure = Figure(
        figsize=(SIZES[size] * CM, (SLIDE_HEIGHT if size == "slide" else height) * CM),
        layout="constrained",
    )
    axes = figure.subplots()
    axes.bar(DATA["code"], DATA["share_contracts"])
    axes.set_title(title)
    return figure


def save(folder, figure=None, **changes):
    arguments = {"name": "03-bars", "data": DATA, "lang": "fr", **WORDS, **changes}
    return save_figure(figure or draw(), folder=folder, **arguments)


def test_a_figure_leaves_as_picture_drawing_numbers_and_words(tmp_path):
    save(tmp_path)
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    assert files == ["data/03-bars.csv", "fr/03-bars.json", "fr/03-bars.png", "fr/03-bars.svg"]
    assert json.loads((tmp_path / "fr/03-bars.json").read_text("utf-8")) == {
        "name": "03-bars",
        "lang": "fr",
        "title": "L’été à Saint-Étienne",
        **WORDS,
    }


def test_plotted_numbers_are_written_short_and_without_negative_zero(tmp_path):
    save(tmp_path)
    assert (tmp_path / "data/03-bars.csv").read_bytes() == (
        b"code,share_contracts\nmental_health,0.33333333\nnutrition,0\n"
    )


@pytest.mark.parametrize("size", SIZES)
def test_png_is_300_dots_per_inch_at_the_named_size(tmp_path, size):
    save(tmp_path, draw(size=size), size=size)
    header = (tmp_path / "fr/03-bars.png").read_bytes()[16:24]
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:])
    assert abs(width - SIZES[size] / 2.54 * 300) <= 1
    if size == "slide":
        assert width / height == pytest.approx(16 / 9, rel=0.001)


def test_no_file_names_a_date_a_version_or_a_path(tmp_path):
    save(tmp_path, formats=("svg", "pdf"))
    for path in tmp_path.rglob("*.*"):
        content = path.read_bytes()
        for stamp in (b"Matplotlib", b"matplotlib.org", b"CreationDate", b"dc:date", b"/tmp"):
            assert stamp not in content, (path.name, stamp)
        assert str(tmp_path).encode() not in content


def test_pdf_embeds_its_fonts_and_its_text_can_be_selected(tmp_path):
    save(tmp_path, formats=("pdf",))
    page = PdfReader(tmp_path / "fr/03-bars.pdf").pages[0]
    assert "L’été à Saint-Étienne" in page.extract_text()
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    descendants = [font.get("/DescendantFonts", [font])[0].get_object() for font in fonts]
    assert descendants
    assert all("/FontFile2" in font["/FontDescriptor"] for font in descendants)


def test_the_report_may_ask_a_notebook_for_more_formats(tmp_path, monkeypatch):
    monkeypatch.setenv("CLS_FIGURE_FORMATS", "png,svg,pdf")
    save(tmp_path)
    assert (tmp_path / "fr/03-bars.pdf").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"caption": " "}, "caption of figure 03-bars"),
        ({"alt": ""}, "alternative text of figure 03-bars"),
        ({"lang": "de"}, "in fr or en"),
        ({"name": "bars"}, "NN-what"),
        ({"size": "poster"}, "column, page, slide"),
        ({"size": "column"}, "17.50 cm wide"),
        ({"formats": ("gif",)}, "no format “gif”"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        save(tmp_path, **changes)
    assert not list(tmp_path.iterdir())


def test_a_slide_of_another_height_is_refused(tmp_path):
    figure = Figure(figsize=(25.4 * CM, 10 * CM))
    with pytest.raises(ValueError, match=r"a slide is 14.29 cm"):
        save(tmp_path, figure, size="slide")


def test_a_missing_glyph_is_refused_with_its_name_and_its_text(tmp_path):
    with pytest.raises(ValueError, match=r"U\+6F22, CJK UNIFIED IDEOGRAPH-6F22.*santé 漢"):
        save(tmp_path, draw("santé 漢"))
    assert not list(tmp_path.iterdir())


def test_a_missing_glyph_in_a_tick_label_is_refused(tmp_path):
    figure = draw()
    figure.axes[0].set_xticks([0, 1], ["漢", "b"])
    with pytest.raises(ValueError, match=r"U\+6F22"):
        save(tmp_path, figure)


@pytest.mark.filterwarnings("ignore:.*[Ff]ont.*")
@pytest.mark.parametrize("family", ["Arial Does Not Exist", "DejaVu Serif"])
def test_another_font_is_refused(tmp_path, family):
    figure = draw()
    figure.axes[0].set_title("été", fontfamily=family)
    with pytest.raises(ValueError, match=family):
        save(tmp_path, figure)


def test_the_readers_own_settings_do_not_count(tmp_path):
    import matplotlib

    save(tmp_path / "plain")
    with matplotlib.rc_context({"svg.fonttype": "none", "savefig.bbox": "tight"}):
        save(tmp_path / "own")
    for path in ("fr/03-bars.png", "fr/03-bars.svg"):
        assert (tmp_path / "plain" / path).read_bytes() == (tmp_path / "own" / path).read_bytes()


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import test_export
test_export.save(sys.argv[2], formats=("svg", "pdf"))
"""


def test_two_processes_in_other_surroundings_write_the_same_bytes(tmp_path):
    surroundings = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LANG": "C.UTF-8"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "C"},
    ]
    for place, changes in enumerate(surroundings):
        (tmp_path / f"config{place}").mkdir()
        environment = os.environ | changes | {"MPLCONFIGDIR": str(tmp_path / f"config{place}")}
        command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), tmp_path / str(place)]
        subprocess.run(command, env=environment, check=True)
    first = {path.name: path.read_bytes() for path in (tmp_path / "0").rglob("*.*")}
    second = {path.name: path.read_bytes() for path in (tmp_path / "1").rglob("*.*")}
    assert len(first) == 5
    assert first == second


def test_a_notebook_shows_the_picture_then_its_caption(tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "cls_analysis.export.display", lambda bundle, **rest: shown.append((bundle, rest))
    )
    save(tmp_path)._ipython_display_()
    (picture, about), (caption, role) = shown
    assert picture["text/plain"] == WORDS["alt"]
    assert about["metadata"]["image/png"]["name"] == "03-bars"
    assert len(picture["image/png"]) < (tmp_path / "fr/03-bars.png").stat().st_size
    assert caption["text/markdown"] == WORDS["caption"]
    assert role["metadata"] == {"role": "caption"}


def test_a_file_is_whole_or_untouched(tmp_path, monkeypatch):
    path = tmp_path / "a" / "b.txt"
    write_aside(path, b"old")

    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_aside(path, b"new")
    assert [file.read_bytes() for file in path.parent.iterdir()] == [b"old"]


NUMBERS = pd.DataFrame(
    {
        "name": ["n_contracts", "share", "none", "codes", "on"],
        "value": pd.Series([5, 1 / 3, None, ["a", "b"], "2020-02"], dtype=object),
        "unit": ["count", "share", "count", "names", "date"],
        "made_by": "compare.count_contracts",
    }
)


def test_numbers_are_saved_with_unit_and_maker(tmp_path):
    save_numbers(NUMBERS, "03-priorities", tmp_path)
    numbers = json.loads((tmp_path / "data/03-priorities.json").read_text("utf-8"))
    assert numbers["n_contracts"] == {
        "value": 5,
        "unit": "count",
        "made_by": "compare.count_contracts",
    }
    values = {name: number["value"] for name, number in numbers.items()}
    assert values["share"] == 0.33333333
    assert values["none"] is None
    assert values["codes"] == ["a", "b"]


def test_numbers_with_a_missing_column_or_two_values_are_refused(tmp_path):
    with pytest.raises(ValueError, match="made_by"):
        save_numbers(NUMBERS.drop(columns="made_by"), "03-priorities", tmp_path)
    with pytest.raises(ValueError, match="share more than once"):
        save_numbers(pd.concat([NUMBERS, NUMBERS.iloc[[1]]]), "03-priorities", tmp_path)


TABLE = pd.DataFrame(
    {
        "axis": ["L'accès <b>", "Santé"],
        "code": pd.Series(["mental_health", None], dtype="string"),
        "n": pd.Series([173136, None], dtype="Int64"),
        "share_contracts": [0.25, None],
        "population_year": [2020, 2021],
        "complete": pd.Series([True, None], dtype="boolean"),
        "signed_on": ["2024-04-22", "2025"],
        "source_url": ["https://www.example.org/a?b=1&c=2", None],
    }
)


def test_a_table_is_written_for_its_reader():
    html = show_table(TABLE, "fr", "Les axes.").data
    assert "<caption><span>Les axes.</span></caption>" in html
    assert "L&#39;accès &lt;b&gt;" in html  # verbatim and escaped
    assert ">Santé mentale<" in html
    assert 'data-value="173136">173\u202f136<' in html
    assert 'data-value="0.25">25\N{NO-BREAK SPACE}%<' in html
    assert ">2020<" in html
    assert ">oui<" in html
    assert 'data-value="2024-04-22">22 avril 2024<' in html
    assert 'href="https://www.example.org/a?b=1&amp;c=2">example.org</a>' in html
    assert html.count("—") == 5
    assert "nan" not in html.lower().replace("finan", "")


def test_a_table_in_english_and_an_empty_one():
    assert ">22 April 2024<" in show_table(TABLE, "en").data
    assert 'data-value="173136">173,136<' in show_table(TABLE, "en").data
    assert "<tbody>\n</tbody>" in show_table(TABLE.iloc[:0], "en").data


def test_numbers_beside_each_other_have_the_same_decimals_and_a_small_one_is_not_zero():
    html = show_table(pd.DataFrame({"value": [0.18, 0.0926, 2.5, 1234.5, 0.00004, 3.0]}), "fr").data
    for text in (">0,180<", ">0,093<", ">2,50<", ">1\u202f234,50<", ">0,000040<", ">3<"):
        assert text in html


def test_parts_of_an_svg_are_named_by_their_order_and_not_by_a_hash(tmp_path):
    figure = Figure(figsize=(SIZES["page"] * CM, 3))
    panel = figure.subplots()
    panel.plot([0, 1], [0, 1], "o-")
    panel.bar([0], [1], hatch="//")
    data = pd.DataFrame({"n": [1]})
    save_figure(figure, "01-x", data, "fr", caption="C.", alt="A.", folder=tmp_path)
    svg = (tmp_path / "fr" / "01-x.svg").read_text("utf-8")
    names = re.findall(r'\bid="([^"]+)"', svg)
    assert len(names) == len(set(names))
    assert not re.search(r'"[a-z#(]*[a-z][0-9a-f]{10}[")]', svg)
    for used in re.findall(r'(?:url\(#|href="#)([^")]+)', svg):
        assert used in names

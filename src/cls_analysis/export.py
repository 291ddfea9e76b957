"""The one way out for figures, tables and numbers: checked, complete, and the same bytes twice."""

import io
import json
import os
import re
import unicodedata
import warnings
from pathlib import Path
from typing import Any

import matplotlib.style
import pandas as pd
from IPython.display import Image, display
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from cls_analysis.canvas import CM, SIZES, SLIDE_HEIGHT, STYLE
from cls_analysis.show import show_table as show_table  # notebooks ask one module for all three

PRINT_DPI = 300
SCREEN_DPI = 110  # for the notebook, so that it stays small
FORMATS = ("png", "svg", "pdf")

# The report asks for more formats than a notebook knows of by this variable.
FORMATS_VARIABLE = "CLS_FIGURE_FORMATS"

# Nothing that changes with the day or the version may enter a file.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


class Picture(Image):
    """A figure as a notebook shows it: the picture, and its caption below."""

    def __init__(self, png: bytes, metadata: dict[str, str]) -> None:
        super().__init__(data=png, format="png", alt=metadata["alt"])
        self.png = png
        self.texts = metadata

    def _ipython_display_(self) -> None:
        """Show the picture (its text form is the alternative text), then the caption."""
        bundle = {"image/png": self.png, "text/plain": self.texts["alt"]}
        caption = {"text/markdown": self.texts["caption"], "text/plain": self.texts["caption"]}
        display(bundle, raw=True, metadata={"image/png": self.texts})
        display(caption, raw=True, metadata={"role": "caption"})


def save_figure(
    figure: Figure,
    name: str,
    data: pd.DataFrame,
    lang: str,
    caption: str,
    alt: str,
    size: str = "page",
    folder: str | Path = "../figures",
    formats: tuple[str, ...] | None = None,
) -> Picture:
    """Save a figure with its numbers and its words.

    Writes `<folder>/<lang>/<name>.png` (300 dpi), `.svg` and `.json` (title, caption,
    alternative text), and `<folder>/data/<name>.csv`, which is the same in every language.

    Parameters
    ----------
    figure
        Made without pyplot, as wide as `size` says.
    name
        `NN-what`, with the number of the notebook that calls.
    data
        The plotted numbers: columns with names, no index.
    lang
        `fr` or `en`.
    caption, alt
        The caption, and the text for those who do not see the figure. Never empty.
    size
        A name of `canvas.SIZES`.
    folder
        Where figures live, seen from the working folder.
    formats
        Some of `png`, `svg`, `pdf`; `png` is always made.

    Returns
    -------
    Picture
        For the notebook: a smaller PNG, its caption below.

    Raises
    ------
    ValueError
        Where a name, a size, a text, a glyph or a font is not as it must be. Nothing is
        written then.

    """
    _check_words(name, lang, caption, alt)
    texts = {"name": name, "lang": lang, "title": _title(figure), "caption": caption, "alt": alt}
    files: dict[Path, bytes] = {}
    with matplotlib.style.context(STYLE, after_reset=True), warnings.catch_warnings():
        _check_glyphs(figure)
        warnings.filterwarnings("error", message="Glyph .* missing")
        _check_size(figure, size)
        for suffix in dict.fromkeys(("png", *(formats or _formats_asked_for()))):
            files[Path(lang, f"{name}.{suffix}")] = _render(figure, suffix, texts["title"])
        screen = _render(figure, "png", texts["title"], SCREEN_DPI)
    _check_pixels(files[Path(lang, f"{name}.png")], size)
    files[Path(lang, f"{name}.json")] = _json_bytes(texts)
    files[Path("data", f"{name}.csv")] = _csv_bytes(data)
    for path, content in files.items():
        write_aside(Path(folder) / path, content)
    return Picture(screen, texts)


def save_numbers(frame: pd.DataFrame, name: str, folder: str | Path = "../figures") -> None:
    """Save the numbers that the texts of a notebook use, as `<folder>/data/<name>.json`.

    Parameters
    ----------
    frame
        Columns `name`, `value`, `unit` and `made_by` (the function that computed it). A missing
        value becomes `null`.
    name
        `NN-what`, the name of the notebook.
    folder
        Where figures live, seen from the working folder.

    Raises
    ------
    ValueError
        Where a column is missing or a number has two values.

    """
    missing = {"name", "value", "unit", "made_by"} - set(frame.columns)
    if missing:
        raise ValueError(f"The numbers of {name} lack the column(s) {', '.join(sorted(missing))}.")
    twice = frame.loc[frame["name"].duplicated(), "name"].unique()
    if len(twice):
        raise ValueError(f"The numbers of {name} name {', '.join(twice)} more than once.")
    numbers = {
        row["name"]: {key: _plain(row[key]) for key in ("value", "unit", "made_by")}
        for row in frame.to_dict("records")
    }
    write_aside(Path(folder) / "data" / f"{name}.json", _json_bytes(numbers))


def write_aside(path: Path, content: bytes) -> None:
    """Write a file so that at any moment either the old or the new one is there, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _formats_asked_for() -> tuple[str, ...]:
    return tuple(os.environ.get(FORMATS_VARIABLE, "png,svg").split(","))


def _check_words(name: str, lang: str, caption: str, alt: str) -> None:
    if not re.fullmatch(r"\d\d-[a-z0-9-]+", name):
        raise ValueError(f"A figure is named NN-what, such as 03-priorities, not “{name}”.")
    if lang not in ("fr", "en"):
        raise ValueError(f"Figures are in fr or en, not in “{lang}”.")
    for what, text in (("caption", caption), ("alternative text", alt)):
        if not text.strip():
            raise ValueError(f"The {what} of figure {name} ({lang}) is empty.")


def _title(figure: Figure) -> str:
    """Find the title that is drawn, on one line."""
    drawn = [figure.get_suptitle()]
    drawn += [axes.get_title(loc) for axes in figure.axes for loc in ("left", "center", "right")]
    return " ".join(next((text for text in drawn if text.strip()), "").split("\n"))


def _check_glyphs(figure: Figure) -> None:
    """Refuse a text that DejaVu Sans cannot write; some labels exist only once drawn."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.draw_without_rendering()
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)
        text = artist.get_text()
        if not text.strip():
            continue
        properties = artist.get_fontproperties()
        path = font_manager.findfont(properties, fallback_to_default=False)
        font = font_manager.get_font(path)
        if font.family_name != "DejaVu Sans":
            raise ValueError(f"“{text}” is set in {font.family_name}; only DejaVu Sans is allowed.")
        for character in sorted(set(text) - {"\n"}):
            if ord(character) not in font.get_charmap():
                known = unicodedata.name(character, "no name")
                raise ValueError(
                    f"DejaVu Sans has no “{character}” (U+{ord(character):04X}, {known}): “{text}”."
                )


def _check_size(figure: Figure, size: str) -> None:
    if size not in SIZES:
        raise ValueError(f"There is no size “{size}”: choose one of {', '.join(SIZES)}.")
    wide, high = (inches / CM for inches in figure.get_size_inches())
    if abs(wide - SIZES[size]) > 0.01:
        raise ValueError(f"The figure is {wide:.2f} cm wide; “{size}” is {SIZES[size]} cm.")
    if size == "slide" and abs(high - SLIDE_HEIGHT) > 0.01:
        raise ValueError(f"The figure is {high:.2f} cm high; a slide is {SLIDE_HEIGHT} cm.")


def _check_pixels(png: bytes, size: str) -> None:
    """Read the width in the PNG's header: a saved figure may differ from a drawn one."""
    pixels, wanted = int.from_bytes(png[16:20]), SIZES[size] * CM * PRINT_DPI
    if abs(pixels - wanted) > 1:
        raise ValueError(f"The PNG is {pixels} pixels wide; the size “{size}” is {wanted:.0f}.")


def _render(figure: Figure, suffix: str, title: str, dpi: int = PRINT_DPI) -> bytes:
    if suffix not in FORMATS:
        raise ValueError(f"There is no format “{suffix}”: choose among {', '.join(FORMATS)}.")
    buffer = io.BytesIO()
    metadata = _METADATA[suffix] | ({"Title": title} if title and suffix != "png" else {})
    figure.savefig(buffer, format=suffix, dpi=dpi, metadata=metadata)
    return _number_ids(buffer.getvalue()) if suffix == "svg" else buffer.getvalue()


def _number_ids(svg: bytes) -> bytes:
    """Give numbers to the parts of an SVG that are named by a hash of their place.

    The layout is solved to the last digit in another order from run to run: what is drawn is the
    same, and a hash of the unrounded place is not.
    """
    names = dict.fromkeys(re.findall(rb'\bid="([a-z][0-9a-f]{10})"', svg))
    places = {name: b"%c%d" % (name[0], place) for place, name in enumerate(names)}
    return re.sub(rb"\b[a-z][0-9a-f]{10}\b", lambda m: places.get(m[0], m[0]), svg)


def _plain(value: Any) -> Any:
    """Turn a value into what JSON holds; floats keep eight digits, the same on every machine."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if pd.isna(value):
        return None
    if isinstance(value, str | bool):
        return value
    value = getattr(value, "item", lambda: value)()
    return float(_digits(value)) if isinstance(value, float) else value


def _digits(value: Any) -> str:
    return format(value + 0.0, ".8g")  # adding zero turns -0 into 0


def _json_bytes(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _csv_bytes(data: pd.DataFrame) -> bytes:
    text = data.to_csv(index=False, lineterminator="\n", float_format=_digits)
    return text.encode()

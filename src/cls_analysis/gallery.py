"""The gallery of the figures, `figures/README.md`."""

import json
from pathlib import Path

HEAD = """# Figures / Les figures

Made by `make report`, never by hand: each figure in French and in English, as PNG (300 dpi) and
SVG, with the plotted numbers as CSV.

Faites par `make report`, jamais à la main : chaque figure en français et en anglais, en PNG
(300 ppp) et en SVG, avec les nombres tracés en CSV.
"""


def gallery_text(figures: Path, notebooks: list[str]) -> str:
    """Write the gallery of a folder of figures.

    Parameters
    ----------
    figures
        The folder with `fr/`, `en/` and `data/`.
    notebooks
        Names of the notebooks; a figure belongs to the one with its number.

    Returns
    -------
    str
        Markdown: for each figure its picture, its caption in each language, its notebook and
        its numbers.

    """
    parts = [HEAD]
    names = sorted({path.stem for path in figures.glob("*/*.png")})
    for name in names:
        texts = {
            lang: json.loads((figures / lang / f"{name}.json").read_text("utf-8"))
            for lang in ("fr", "en")
            if (figures / lang / f"{name}.json").is_file()
        }
        first = next(iter(texts))
        notebook = next((stem for stem in notebooks if stem[:2] == name[:2]), None)
        alt = texts[first]["alt"].replace("[", "(").replace("]", ")").replace("\n", " ")
        files = [f"[{name}.csv](data/{name}.csv)"]
        files += [
            f"[{kind.upper()} {lang}]({lang}/{name}.{kind})"
            for lang in texts
            for kind in ("png", "svg")
            if (figures / lang / f"{name}.{kind}").is_file()
        ]
        parts.append(f"## {name}\n\n![{alt}]({first}/{name}.png)\n")
        parts += [
            f"**{lang}** · *{words['title']}* {words['caption']}\n" for lang, words in texts.items()
        ]
        if notebook:
            parts.append(f"Notebook: [{notebook}](../notebooks/{notebook}.ipynb)\n")
        parts.append(f"Data: {' · '.join(files)}\n")
    return "\n".join(parts)

"""Print how many axes a second the normaliser and its peers code on one core.

Each line is a process of its own with one thread. Time is the processor's time for the texts
alone: imports, reading the codebook and training are done before. The peers only say which codes
they give; the normaliser also gives the words and builds its table.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

SMALL, LARGE = 100_000, 1_000_000
PART = 25_000  # texts split at once, as the normaliser does to bound its memory
SLOW = 5_000  # axes for the peers that would take minutes
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
JOINTS = (" et ", ", ", " ; ", " pour ", " : ")
ENDINGS = (
    "",
    "",
    " ({number})",
    " – {place}",
    " à {place}",
    " d’ici {year}",
    " : {number} actions",
)


def make_axes(texts: list[str], places: list[str]) -> list[str]:
    """Vary real axes: clauses recombined, with places and numbers; no two of LARGE are equal."""
    import re

    import numpy as np

    clauses = sorted({c.strip() for t in texts for c in re.split(r" et |[,;:]", t) if len(c) > 5})
    rng = np.random.default_rng(7)
    made: dict[str, None] = {}
    while len(made) < LARGE:
        for first, second, joint, ending, number, place in rng.random((10_000, 6)).tolist():
            text = clauses[int(first * len(clauses))]
            if joint < 0.4:
                text += JOINTS[int(joint / 0.4 * len(JOINTS))]
                text += clauses[int(second * len(clauses))]
            text += ENDINGS[int(ending * len(ENDINGS))].format(
                place=places[int(place * len(places))],
                year=2020 + int(number * 20),
                number=2 + int(number * 9_000),
            )
            made[text] = None
    axes = list(made)[:LARGE]
    rng.shuffle(axes)  # short axes run out first: shuffled, each part is like the whole
    return axes


def prepare(name: str) -> Callable[[list[str]], object]:
    """Return what codes a list of texts, ready to run, with only its own modules loaded."""
    if name == "ours":
        from cls_analysis.normalise import normalise

        return normalise
    if name == "floor":
        from cls_analysis.folding import split

        kinds: dict[str, int] = {}

        def split_in_parts(texts: list[str]) -> None:
            for i in range(0, len(texts), PART):
                split(texts[i : i + PART], lambda word: kinds.setdefault(word, len(kinds) + 1))

        return split_in_parts

    from cls_analysis.codings import select_coding
    from cls_analysis.tables import load_reference

    reference = load_reference()
    coding = select_coding(reference["codings"], "adjudicated", reference["axes"])
    if name == "tfidf_logreg":
        from cls_analysis.second_opinion import train_model

        return train_model(coding)[0].predict

    import pandas as pd
    from embedding import find_embedding_peer

    from cls_analysis.codebook import load_codebook
    from cls_analysis.peers import PEERS

    peer, codes = (PEERS | find_embedding_peer()[0])[name], load_codebook()["codes"]
    return lambda texts: peer(coding, codes, pd.DataFrame({"axis_text": texts}))


def write_axes(path: Path) -> None:
    """Write the varied axes, one a line, so that each process reads the same ones."""
    from cls_analysis.tables import load_reference

    reference = load_reference()
    texts, places = reference["axes"]["axis_text"], reference["contracts"]["territory"]
    path.write_text("\n".join(make_axes(texts.tolist(), places.tolist())), encoding="utf-8")


def run_one(path: Path, name: str, n: int) -> None:
    """Measure one coder in this process and print the numbers as JSON."""
    code = prepare(name)
    with path.open(encoding="utf-8") as lines:
        texts = [line.rstrip("\n") for line in islice(lines, n)]
    code(texts[:10])
    before = time.process_time()
    code(texts)
    seconds = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mib = peak / 2**20 if sys.platform == "darwin" else peak / 2**10
    length = sum(map(len, texts)) / n
    print(json.dumps({"seconds": seconds, "peak_mib": peak_mib, "length": length}))


def run(*arguments: str) -> bytes:
    """Run this file in a fresh process with one thread and return what it prints."""
    command = [sys.executable, str(Path(__file__)), *arguments]
    environment = os.environ | ONE_THREAD
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout


def measure(path: Path, name: str, n: int, times: int) -> dict[str, float]:
    """Run one coder in processes of its own and keep the fastest run."""
    runs = [json.loads(run(str(path), "--one", name, "--axes", str(n))) for _ in range(times)]
    return min(runs, key=lambda one: one["seconds"])


def main() -> None:
    from importlib.util import find_spec

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    plan = [
        ("floor", "folding and splitting alone (floor)", SMALL, 3),
        ("floor", "folding and splitting alone (floor)", LARGE, 2),
        ("ours", "ours, codes and words", SMALL, 3),
        ("ours", "ours, codes and words", LARGE, 2),
        ("tfidf_logreg", "TF-IDF + logistic regression", SMALL, 2),
        ("rapidfuzz", "rapidfuzz, partial match", SLOW, 1),
    ]
    if find_spec("sentence_transformers"):
        plan.append(("e5_logreg", "multilingual-e5-small + log. reg.", SLOW, 1))
    table = Table(title="Axes coded on one core", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("", no_wrap=True)
    for column in ("axes", "s", "axes/s", "MiB"):
        table.add_column(column, justify="right", no_wrap=True)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "axes.txt"
        run(str(path))
        for name, label, n, times in plan:
            one = found[name, n] = measure(path, name, n, times)
            peak = one["peak_mib"]
            table.add_row(
                label,
                f"{n:,}",
                f"{one['seconds']:.2f}",
                f"{n / one['seconds']:,.0f}",
                f"{peak:.0f}",
            )
    console = Console()
    console.print(table)
    rate = {key: key[1] / one["seconds"] for key, one in found.items()}
    ours, peer = rate["ours", SMALL], rate["tfidf_logreg", SMALL]
    console.print(
        f"Ours beside TF-IDF on the same {SMALL:,} axes: {ours / peer:.1f} times as fast; "
        f"on the million {rate['ours', LARGE] / peer:.1f} times.\n"
        f"Ours, time for the million over ten times that for {SMALL:,}: "
        f"{ours / rate['ours', LARGE]:.2f} (1 is linear).\n"
        f"Made by varying real axes, no two equal, {found['ours', LARGE]['length']:.0f} characters "
        "on average. One thread, fastest of up to three processes; peak of the whole process, its "
        "texts included."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--axes", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.path, asked.one, asked.axes)
    elif asked.path:
        write_axes(asked.path)
    else:
        main()

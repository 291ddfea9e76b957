"""The README: its numbers are those that the code computed, its examples run."""

import json
import re
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def numbers(name):
    saved = json.loads((ROOT / "figures" / "data" / f"{name}.json").read_text("utf-8"))
    return {key: entry["value"] for key, entry in saved.items()}


def cells_of(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows_after(mark):
    """Cells of the table below a mark, as text."""
    lines = README.split(mark, 1)[1].lstrip("\n").splitlines()
    table = [line for line in lines[: next(i for i, line in enumerate(lines) if not line)]]
    return [cells_of(line) for line in table[2:]]


def test_figures_of_merit_are_those_of_the_notebook():
    found = numbers("02-taxonomy")
    scores = pd.read_csv(ROOT / "figures" / "data" / "02-peers.csv").set_index(["part", "peer"])
    rows = rows_after("checked by a test -->")
    assert len(rows) == 3
    for part, row in zip(("read", "unread", "unread_new"), rows, strict=True):
        assert f"{found[f'taxonomy.{part}_n_axes']} axes" in row[0]
        assert f"{found[f'taxonomy.{part}_n_contracts']} contracts" in row[0]
        wanted = [scores.loc[(part, "terms"), name] for name in ("micro_f1", "macro_f1", "exact")]
        wanted += [scores.loc[(part, peer), "micro_f1"] for peer in ("tfidf_logreg", "rapidfuzz")]
        wanted.append(scores.loc[(part, "coders"), "micro_f1"])
        assert row[1:] == [f"{value:.3f}" for value in wanted]


def test_examples_in_python_run():
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})


def test_what_is_lost_on_unread_axes_is_said():
    lost = numbers("02-taxonomy")["taxonomy.lost"]
    assert f"{lost:.3f}" in README

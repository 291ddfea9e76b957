"""Problems and tables on a terminal; whole lines in a pipe, so that nothing is cut there."""

import textwrap

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cls_analysis.errors import problem_text


def print_problems(problems: pd.DataFrame, console: Console) -> None:
    """Print each problem as a paragraph, and at the end their number, where they are in files.

    Rows with the same problem share a paragraph. Lines are wrapped in a terminal; in a pipe or
    a file they are whole, so that they can be searched.
    """
    same = [name for name in problems.columns if name != "row"]
    for shared, alike in problems.groupby(same, sort=False, dropna=False):
        rows = ", ".join(alike["row"].dropna().astype(str))
        problem = dict(zip(same, shared, strict=True)) | {"row": rows or None}
        where, *lines = problem_text(problem).split("\n")
        print_text(Text(_wrap(where, console, "    "), style="bold"), console)
        print_text(Text("\n".join(_wrap(line, console, "    ") for line in lines)), console)
        console.print()
    files = problems["file"].nunique()
    if not files:  # a name that was typed, not the data
        return
    many = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
    print_text(Text(f"{many} in {files} file{'s' * (files != 1)}.", style="bold red"), console)


def print_text(text: Text, console: Console) -> None:
    """Print a text as it is: no colour of its own for numbers or names."""
    console.print(text, soft_wrap=True, highlight=False)


def _wrap(line: str, console: Console, indent: str) -> str:
    if not console.is_terminal:
        return line
    return textwrap.fill(
        line,
        width=console.width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def print_table(frame: pd.DataFrame) -> None:
    """Print the frame; in a pipe one line a row, so that nothing is cut."""
    console = Console()
    if not console.is_terminal:
        typer.echo(frame.to_csv(sep="\t", index=False, lineterminator="\n"), nl=False)
        return
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in frame.columns:
        table.add_column(
            name,
            overflow="fold",
            justify="right" if pd.api.types.is_numeric_dtype(frame[name]) else "left",
        )
    for cells in frame.itertuples(index=False):
        table.add_row(*(Text("" if pd.isna(cell) else str(cell)) for cell in cells))
    console.print(table)

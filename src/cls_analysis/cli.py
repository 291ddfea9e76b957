"""The command line: `cls-analysis`. Bad input gives a message and a status, never a traceback."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from cls_analysis.errors import DataError
from cls_analysis.terminal import print_problems, print_table, print_text

BAD_DATA = 1  # a wrong use of a command ends with 2, as typer does


class Group(TyperGroup):
    """The commands, with the one place where errors turn into messages."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; status 1 for bad data or a file that cannot be read or written."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows ?
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except DataError as error:
            print_problems(error.problems, Console(stderr=True))
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            typer.echo(f"{name}{error.strerror or error}.", err=True)
        raise typer.Exit(BAD_DATA)


app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Compare French local health contracts: check the data, code axis texts.",
)


@app.callback()
def _main() -> None:
    """Keep the commands named even where there is one only."""


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with a datapackage.json; else our own data.")
    ] = None,
) -> None:
    """Check the tables of FOLDER: print every problem, change nothing."""
    from cls_analysis.tables import DATA, examine_folder

    problems, notes, tables = examine_folder(folder)
    console = Console()
    for note in notes:
        print_text(Text(f"Note: {note}"), console)
    if len(problems):
        print_problems(problems, console)
        raise typer.Exit(BAD_DATA)
    counts = ", ".join(f"{name} {len(table)}" for name, table in tables.items())
    total = sum(map(len, tables.values()))
    where = folder or DATA.name
    print_text(Text(f"{where}: good. {len(tables)} tables, {total} rows: {counts}."), console)


@app.command()
def dictionary(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with a datapackage.json; else our own data.")
    ] = None,
) -> None:
    """Print the data dictionary of FOLDER as Markdown: what its README.md should be."""
    from cls_analysis.dictionary import write_dictionary
    from cls_analysis.package import read_package
    from cls_analysis.tables import DATA

    package, problems = read_package(folder or DATA)
    if problems:
        raise DataError(problems)
    # The same bytes on every system and in every language: UTF-8, LF.
    sys.stdout.flush()
    typer.get_binary_stream("stdout").write(write_dictionary(package).encode())


@app.command("normalise")
def normalise_file(
    file: Annotated[Path, typer.Argument(help="Axis texts: .csv, .xlsx, or .txt (one a line).")],
    column: Annotated[
        str | None, typer.Option(help="Column of the texts; else axis_text, label, axe or titre.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write .csv or .xlsx; else print.")
    ] = None,
) -> None:
    """Give the axis texts of FILE their codes, each with the words that gave it.

    The column `row` is the place of a text from 1: the line of a .txt, the record of a table
    (the row under the header is 1).
    """
    from cls_analysis.sheets import WRITES, read_texts, write_table

    if out is not None and out.suffix.lower() not in WRITES:
        message = f"“{out.name}” ends in neither of {' and '.join(WRITES)}."
        raise typer.BadParameter(message, param_hint="--output")
    if out is not None and out.exists() and file.exists() and out.samefile(file):
        message = "OUT is the file that is read: name another one."
        raise typer.BadParameter(message, param_hint="--output")
    texts = read_texts(file, column)
    for note in texts.attrs["notes"]:
        typer.echo(f"Note: {file} {note}.", err=True)

    from cls_analysis.normalise import normalise

    coded = normalise(texts.tolist())
    coded = coded.assign(row=texts.index[coded["row"] - 1])
    if out is None:
        print_table(coded)
    else:
        write_table(coded, out)
    uncoded = int(coded["code"].isna().sum())
    many = f"{len(texts)} text{'s' * (len(texts) != 1)}"
    summary = f"{out or file}: {many}, {len(coded) - uncoded} codes, {uncoded} without a code."
    typer.echo(summary, err=out is None)


@app.command()
def report(
    project: Annotated[Path, typer.Argument(help="The folder that has notebooks/.")] = Path(),
    data: Annotated[
        Path | None, typer.Option(help="Your own data folder; the report goes to own-report/.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Only the notebooks whose name begins so, such as 05.")
    ] = None,
    lang: Annotated[Literal["fr", "en", "both"], typer.Option(help="Of the report.")] = "both",
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="One more format of the figures beside PNG and SVG: pdf."),
    ] = None,
) -> None:
    """Run the notebooks; write the figures and the report."""
    from cls_analysis.report import build_report
    from cls_analysis.texts import LANGUAGES

    languages = LANGUAGES if lang == "both" else (lang,)
    build_report(project, data, only, languages, ("png", "svg", *(formats or [])))


Evidence = Annotated[
    Literal["own_page", "all"],
    typer.Option(help="own_page (each territory's own page) or all (every public source)."),
]


@app.command("find")
def find_axes(
    theme: Annotated[
        list[str] | None, typer.Option(help="A theme, code or label; repeat for several.")
    ] = None,
    population: Annotated[list[str] | None, typer.Option(help="A population.")] = None,
    lever: Annotated[list[str] | None, typer.Option(help="A lever.")] = None,
    region: Annotated[str | None, typer.Option(help="A region, as « Île-de-France ».")] = None,
    departement: Annotated[str | None, typer.Option(help="The number of a département.")] = None,
    since: Annotated[
        int | None, typer.Option(help="Signed or begun in this year or later.")
    ] = None,
) -> None:
    """Find the axes that state or mention what is asked, with contract, date and link."""
    from cls_analysis.find import find

    found = find(theme, population, lever, region, departement, since)
    dates = found["signature_date"].fillna(found["period_start"].astype("str"))
    shown = found.assign(date=dates.replace("<NA>", ""), codes=found["codes"].str.join(" "))
    columns = ["territory", "contract_id", "date", "state", "kind", "axis_text", "codes"]
    print_table(shown[[*columns, "source_url"]])
    undated = found.attrs["without_date"]
    left_out = f"; {undated} more without a date are left out" if since is not None else ""
    many = "1 axis" if len(found) == 1 else f"{len(found)} axes"
    typer.echo(f"{many}{left_out}.", err=True)


@app.command("profile")
def profile_territory(
    territory: str, evidence: Evidence = "own_page", lang: Literal["fr", "en"] = "fr"
) -> None:
    """Say what TERRITORY states beside the other contracts, and what is unusual in it."""
    from cls_analysis.profile import profile, summarise_profile
    from cls_analysis.texts import label, say

    found = profile(territory, evidence)
    typer.echo(say(f"profile.{found['reason']}", lang, summarise_profile(found, evidence)))
    typer.echo(found["url"])
    codes = found["codes"]
    print_table(
        codes.assign(
            code=[label(code, lang) for code in codes["code"]],
            state=[label(state, lang) for state in codes["state"]],
            share=codes["share"].round(2),
        )[["code", "state", "n_stating", "n_contracts", "share"]]
    )

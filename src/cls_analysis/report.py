"""The whole report by one command: built aside, then put in place file by file."""

import filecmp
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cls_analysis.errors import DataError
from cls_analysis.export import FORMATS
from cls_analysis.gallery import gallery_text
from cls_analysis.notebook import read_notebook, read_parameters, write_notebook
from cls_analysis.page import write_pages
from cls_analysis.runner import Job, run_jobs
from cls_analysis.stage import put_in_place, stage_aside
from cls_analysis.tables import DATA, load_corpus, load_reference
from cls_analysis.texts import LANGUAGES

# With data of one's own, what is committed stays as it is.
OWN_REPORT = "own-report"
CHANGES = ("new", "different", "gone", "same")


def build_report(
    project: str | Path = ".",
    data: str | Path | None = None,
    only: str | None = None,
    languages: Sequence[str] = LANGUAGES,
    formats: Sequence[str] = ("png", "svg"),
    console: Console | None = None,
) -> pd.DataFrame:
    """Run the notebooks, and write `figures/`, `notebooks/` and `report/`.

    Parameters
    ----------
    project
        The folder that has `notebooks/`.
    data
        A data folder of one's own. All is then written to `own-report/` of the project, and
        what is committed stays as it is. Without it, the data of the project.
    only
        The beginning of a notebook's name, such as `05`: the others are not run, and the report
        shows them as they were.
    languages
        Some of `fr`, `en`.
    formats
        Some of `png`, `svg`, `pdf`.
    console
        Where progress and outcome are told; the terminal by default.

    Returns
    -------
    DataFrame
        One row per file: `file` (path in the project), `change` (`new`, `same`, `different`, or
        `gone`: made by an earlier full run and by none of the notebooks now).

    Raises
    ------
    DataError
        Where data are bad, a notebook fails, or `only` names none. Nothing has changed then.

    """
    project, console = Path(project).resolve(), console or Console()
    target = project if data is None else project / OWN_REPORT
    _check_choices(languages, formats)
    load_corpus(data)  # bad data are told once, and not by each notebook
    jobs = plan_jobs(project / "notebooks", None if data is None else Path(data), languages, only)
    whole = only is None and set(languages) == set(LANGUAGES)
    with stage_aside(project) as stage:
        if not whole:
            _keep_others(target, stage)
        with _telling(jobs, console) as watch:
            notebooks = run_jobs(jobs, stage / "runs", tuple(formats), watch)
        _gather_figures(jobs, stage)
        for job, notebook in notebooks.items():
            if data is None and job.lang == "fr" and _is_default(job):
                write_notebook(stage / "out/notebooks" / job.source.name, notebook)
            if job.subject:
                notebook.metadata.update(subject=job.subject, place=jobs.index(job))
            write_notebook(stage / f"out/report/notebooks/{job.lang}/{job.name}.ipynb", notebook)
        _write_rest(project, Path(data or DATA), stage / "out")
        changes = put_in_place(stage / "out", target, whole)
    _tell_changes(changes, console)
    return changes


def plan_jobs(
    folder: Path, data: Path | None, languages: Sequence[str], only: str | None = None
) -> list[Job]:
    """List the runs: each notebook in each language, and for each territory where it asks one.

    Parameters
    ----------
    folder
        Where the notebooks are.
    data
        A data folder of one's own.
    languages
        Some of `fr`, `en`.
    only
        The beginning of a notebook's name.

    Returns
    -------
    list of Job
        In the order of the names. A notebook with a parameter `TERRITORY` runs for each
        territory of the corpus and for one contract of the reference set, the first by its key
        that is signed and whose list is complete.

    Raises
    ------
    DataError
        Where there is no notebook, `only` fits none, or the data are bad.

    """
    sources = sorted(folder.glob("[0-9][0-9]-*.ipynb"))
    chosen = [source for source in sources if source.stem.startswith(only or "")]
    if not chosen:
        names = ", ".join(source.stem for source in sources) or "none"
        what = f"No notebook begins with “{only}”." if only else "There is no notebook."
        remedy = "Run this in the project's folder, or choose one of the notebooks."
        problem = {"file": str(folder), "problem": what, "allowed": names, "remedy": remedy}
        raise DataError([problem])
    jobs = []
    for source in chosen:
        known = read_parameters(read_notebook(source))
        common = {"DATA": str(data.resolve())} if data is not None else {}
        territories = _territories(data) if "TERRITORY" in known else {None: None}
        for territory, subject in territories.items():
            name = source.stem if territory is None else f"{source.stem}-{territory}"
            values = common | ({} if territory is None else {"TERRITORY": territory})
            jobs += [
                Job(source, name, lang, values | {"LANG": lang}, subject) for lang in languages
            ]
    return jobs


def _territories(data: Path | None) -> dict[str | None, str | None]:
    """Give the territories to draw a profile of: their keys and their names."""
    five = load_corpus(data)["territories"].set_index("territory_id")["name"]
    reference = load_reference(data)["contracts"].set_index("contract_id")
    complete = reference[reference["list_complete"] & (reference["status"] == "signed")]
    return five.to_dict() | complete["territory"].sort_index().iloc[:1].to_dict()


def _check_choices(languages: Sequence[str], formats: Sequence[str]) -> None:
    for what, chosen, known in (("lang", languages, LANGUAGES), ("format", formats, FORMATS)):
        unknown = [name for name in chosen if name not in known]
        if unknown or not chosen:
            value, allowed = ", ".join(unknown) or "nothing", ", ".join(known)
            raise DataError([{"problem": f"Unknown {what}: {value}.", "allowed": allowed}])


def _is_default(job: Job) -> bool:
    """Whether the run is the one that the committed notebook shows."""
    own = read_parameters(read_notebook(job.source))
    return all(own.get(name, value) == value for name, value in job.parameters.items())


@contextmanager
def _telling(jobs: list[Job], console: Console) -> Iterator[Any]:
    """Show which notebooks run: a live list in a terminal, plain lines elsewhere."""
    start = time.monotonic()
    if not console.is_terminal:

        def say(job: Job, event: str) -> None:
            console.print(f"{time.monotonic() - start:6.1f} s  {job} {event}", highlight=False)

        yield say
        return
    columns = [SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
    with Progress(*columns, console=console) as progress:
        tasks = {job: progress.add_task(str(job), start=False, visible=False) for job in jobs}

        def show(job: Job, event: str) -> None:
            if event == "starts":
                progress.start_task(tasks[job])
                progress.update(tasks[job], visible=True, total=1)
            else:
                progress.update(tasks[job], description=f"{job} {event}", completed=1)

        yield show


def _keep_others(target: Path, stage: Path) -> None:
    """Begin with what is there, so that notebooks that are not run keep their place."""
    for part in ("figures", "report/notebooks"):
        if (target / part).is_dir():
            shutil.copytree(target / part, stage / "out" / part)


def _gather_figures(jobs: list[Job], stage: Path) -> None:
    """Bring the figures of all runs together; what has no language must be the same in each."""
    writers: dict[Path, Job] = {}
    for job in jobs:
        folder = stage / "runs" / job.lang / job.name / "figures"
        for source in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = source.relative_to(folder)
            place = stage / "out/figures" / path
            if path in writers and not filecmp.cmp(source, place, shallow=False):
                what = f"{job} and {writers[path]} write it, and not the same."
                remedy = "Give each run its own names; figures/data holds no words of a language."
                raise DataError([{"file": f"figures/{path}", "problem": what, "remedy": remedy}])
            writers[path] = job
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)


def _write_rest(project: Path, data: Path, out: Path) -> None:
    """Write the gallery, the pages, and what the pages offer for download."""
    figures, report = out / "figures", out / "report"
    figures.mkdir(exist_ok=True)
    names = [path.stem for path in sorted((project / "notebooks").glob("*.ipynb"))]
    (figures / "README.md").write_text(gallery_text(figures, names), encoding="utf-8", newline="\n")
    shutil.copytree(figures, report / "figures", ignore=shutil.ignore_patterns("README.md"))
    shutil.copytree(data, report / "data", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    numbers = {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted(figures.glob("data/*.json"))
    }
    text = json.dumps(numbers, ensure_ascii=False, indent=2)
    (report / "numbers.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    write_pages(report)


def _tell_changes(changes: pd.DataFrame, console: Console) -> None:
    """Say how many files are new, same, different or gone, and name those people look at."""
    report = changes["file"].str.startswith("report/")
    for file, change in changes[~report & (changes["change"] != "same")].itertuples(index=False):
        console.print(f"{change:>9}  {file}", highlight=False, markup=False)
    for what, part in (("figures and notebooks", changes[~report]), ("report", changes[report])):
        counts = part["change"].value_counts()
        told = (f"{counts.get(change, 0)} {change}" for change in CHANGES)
        console.print(f"{what}: {', '.join(told)}", highlight=False)

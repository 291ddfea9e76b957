"""Building aside, and putting in place only what is whole."""

import filecmp
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pandas as pd
import psutil

STAGE = ".report-build"


@contextmanager
def stage_aside(project: Path) -> Iterator[Path]:
    """Give a folder to build in, for `with`.

    It bears the number of the process, so that two runs never mix. It is removed at the end,
    also after Ctrl-C and SIGTERM (both raise KeyboardInterrupt); what a killed run left behind
    is removed by the next.

    Parameters
    ----------
    project
        The folder to build in: on the same disk, so that a file is replaced in one step.

    Yields
    ------
    Path
        `.report-build/<process>` with an empty folder `out`.

    """
    for old in (project / STAGE).glob("*"):
        if not (old.name.isdigit() and psutil.pid_exists(int(old.name))):
            shutil.rmtree(old, ignore_errors=True)
    stage = project / STAGE / str(os.getpid())
    shutil.rmtree(stage, ignore_errors=True)
    (stage / "out").mkdir(parents=True)

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread
        before = None
    try:
        yield stage
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
        shutil.rmtree(stage, ignore_errors=True)
        if not any((project / STAGE).iterdir()):
            (project / STAGE).rmdir()


def put_in_place(out: Path, target: Path, whole: bool) -> pd.DataFrame:
    """Replace what changed, file by file; a file is at any moment the old or the new one.

    Parameters
    ----------
    out
        What was built.
    target
        Where it belongs.
    whole
        Whether all of `figures/` and `report/` was built: what else is in there then goes.

    Returns
    -------
    DataFrame
        `file` and `change`: `new`, `same`, `different` or `gone`.

    """
    changes: list[tuple[str, str]] = []
    made = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    for path in made:
        old, new = target / path, out / path
        change = "different" if old.is_file() else "new"
        if old.is_file() and filecmp.cmp(old, new, shallow=False):
            change = "same"
        else:
            old.parent.mkdir(parents=True, exist_ok=True)
            new.replace(old)
        changes.append((path.as_posix(), change))
    if whole:
        for old in sorted([*target.glob("figures/*/*"), *target.glob("report/**/*")]):
            if old.is_file() and old.relative_to(target) not in made:
                old.unlink()
                changes.append((old.relative_to(target).as_posix(), "gone"))
    return pd.DataFrame(changes, columns=["file", "change"])

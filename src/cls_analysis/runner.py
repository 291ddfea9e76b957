"""Runs notebooks: each in a kernel of its own, several side by side, the same outcome each time."""

import asyncio
import atexit
import os
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from matplotlib import font_manager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from cls_analysis.errors import DataError
from cls_analysis.export import FORMATS_VARIABLE
from cls_analysis.notebook import read_notebook, set_parameters, tidy

STYLE_FILE = Path(__file__).with_name("cls.mplstyle")
TIMEOUT = 900  # seconds for one cell
REMEDY = "Open it with `make lab`, run its cells, mend, and run `make report` again."
# Everything of the surroundings that could change a result, a text or a picture.
SURROUNDINGS = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "agg",
    "MATPLOTLIBRC": str(STYLE_FILE),
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True, eq=False)
class Job:
    """One run of a notebook.

    Attributes
    ----------
    source
        The notebook.
    name
        What the run is called: the notebook's name, and the territory where it has one.
    lang
        `fr` or `en`.
    parameters
        Values for the cell tagged `parameters`, by name.
    subject
        Name of the territory that the run is about, as readers know it.

    """

    source: Path
    name: str
    lang: str
    parameters: dict[str, Any] = field(default_factory=dict)
    subject: str | None = None

    def __str__(self) -> str:
        """Say which notebook in which language."""
        return f"{self.name} ({self.lang})"


def run_jobs(
    jobs: list[Job],
    folder: Path,
    formats: tuple[str, ...],
    watch: Callable[[Job, str], None],
) -> dict[Job, NotebookNode]:
    """Run notebooks side by side, as many as there are cores.

    Parameters
    ----------
    jobs
        The runs.
    folder
        Each run works in `<lang>/<name>/notebooks` of this folder, so that what it writes to
        `../figures` stays aside.
    formats
        Formats of the figures.
    watch
        Called with a job and `starts`, `done` or `failed`, from several threads.

    Returns
    -------
    dict
        Job to notebook as run, without what varies from run to run.

    Raises
    ------
    DataError
        When all have ended and some failed: each notebook, its cell and the error.

    """
    font_manager.findfont("DejaVu Sans")  # fills matplotlib's cache before the kernels need it
    environment = os.environ | SURROUNDINGS | {FORMATS_VARIABLE: ",".join(formats)}
    environment |= {"IPYTHONDIR": str(folder / "ipython")}
    environment |= {"MPLCONFIGDIR": matplotlib.get_cachedir()}
    kernels: list[AsyncKernelManager] = []
    stop = threading.Event()
    failures: dict[tuple[str, str], list[str]] = {}

    def new_kernel() -> AsyncKernelManager:
        # Only the kernel of this Python: the reader may have others that bear the same name.
        # Sockets are files where the system knows how: nobody else can be at the other end.
        kernel = AsyncKernelManager(
            transport="ipc" if os.name == "posix" else "tcp",
            connection_file=str(Path(sockets, f"{len(kernels)}.json")),
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        )
        kernels.append(kernel)
        return kernel

    def run(job: Job) -> NotebookNode | None:
        if stop.is_set():
            return None
        watch(job, "starts")
        try:
            notebook = _run(job, folder / job.lang / job.name, new_kernel(), environment)
        except DataError as error:
            for problem in error.problems.to_dict("records"):
                what = (problem["file"], problem["problem"])
                failures.setdefault(what, []).append(str(job))
            if not stop.is_set():
                watch(job, "failed")
            return None
        watch(job, "done")
        return notebook

    # The names of sockets are short, and the project's folder may not be.
    with (
        tempfile.TemporaryDirectory(prefix="cls-") as sockets,
        ThreadPoolExecutor(max_workers=os.cpu_count()) as pool,
    ):
        futures = {job: pool.submit(run, job) for job in jobs}
        try:
            notebooks = {job: future.result() for job, future in futures.items()}
        finally:
            stop.set()
            while wait(futures.values(), timeout=0.1).not_done:  # only when interrupted
                _kill(kernels)
    if failures:
        raise DataError(
            {"file": file, "problem": f"{what}\n  in {', '.join(sorted(runs))}", "remedy": REMEDY}
            for (file, what), runs in sorted(failures.items())
        )
    return {job: notebook for job, notebook in notebooks.items() if notebook is not None}


def _run(
    job: Job, folder: Path, kernel: AsyncKernelManager, environment: dict[str, str]
) -> NotebookNode:
    """Run one notebook in a new kernel."""
    workplace = folder / "notebooks"
    workplace.mkdir(parents=True)
    notebook = read_notebook(job.source)
    set_parameters(notebook, job.parameters)
    client = NotebookClient(notebook, timeout=TIMEOUT, record_timing=False, coalesce_streams=True)
    client.km = kernel
    try:
        with suppress(CellExecutionError):  # the cell's outputs tell it below
            asyncio.run(client.async_execute(env=environment, cwd=str(workplace)))
    except (RuntimeError, TimeoutError) as error:
        raise DataError([_problem(job, f"The kernel stopped: {error}")]) from error
    finally:
        atexit.unregister(client._cleanup_kernel)  # else it fails at exit where no kernel started
    _refuse_failures(job, notebook)
    return tidy(notebook)


def _refuse_failures(job: Job, notebook: NotebookNode) -> None:
    """Raise an error for the first cell that failed or warned."""
    for place, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                what = f"{output.ename}: {output.evalue}"
            elif output.output_type == "stream" and output.name == "stderr":
                what = f"a warning, and a notebook may not end in one: {output.text.strip()}"
            else:
                continue
            source = "\n".join(f"    {line}" for line in cell.source.split("\n"))
            raise DataError([_problem(job, f"Cell {place} gave {what}\n\n{source}")])


def _problem(job: Job, what: str) -> dict[str, str]:
    return {"file": job.source.name, "problem": what}


def _kill(kernels: list[AsyncKernelManager]) -> None:
    """End the kernels that still run, at once."""
    for kernel in kernels:
        process = getattr(kernel.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()

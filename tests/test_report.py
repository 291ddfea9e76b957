"""The report: what a run makes, what it refuses, and that an interrupted one harms nothing."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PARAMETERS, ROOT, code_cell, text_cell, write_drawing, write_toy
from rich.console import Console

from cls_analysis.errors import DataError
from cls_analysis.gallery import gallery_text
from cls_analysis.notebook import read_notebook, read_parameters, set_parameters
from cls_analysis.report import build_report, plan_jobs

COMMAND = [sys.executable, "-m", "cls_analysis", "report"]


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def build(project, **choices):
    """Build without filling the test's output; give the changes as a dict."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        changes = build_report(project, console=Console(file=nowhere), **choices)
    return dict(changes.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Give a toy project that was built."""
    project = tmp_path_factory.mktemp("bâti une fois")
    write_drawing(project, "01-one")
    write_drawing(project, "02-two")
    build(project)
    return project


# What a run makes


def test_each_figure_comes_in_both_languages_with_its_numbers(finished):
    made = contents(finished / "figures")
    for name in ("01-one", "02-two"):
        wanted = {f"{lang}/{name}.{kind}" for lang in ("fr", "en") for kind in ("png", "svg")}
        assert wanted | {f"data/{name}.csv"} <= made.keys()


def test_committed_notebook_is_the_french_run_without_what_varies(finished):
    notebook = read_notebook(finished / "notebooks/01-one.ipynb")
    assert read_parameters(notebook) == {"LANG": "fr", "DATA": None}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]
    assert code[1].outputs[0].data["text/markdown"] == "**Réponse** fr."
    assert notebook.metadata.language_info == {"name": "python"}
    assert not any("execution" in cell.metadata for cell in notebook.cells)
    assert str(finished) not in (finished / "notebooks/01-one.ipynb").read_text("utf-8")


def test_page_shows_one_language_the_answers_first_and_no_code(finished):
    html = (finished / "report/index.html").read_text("utf-8")
    assert '<html lang="fr">' in html
    assert "Texte français." in html
    assert "English text." not in html
    assert "import pandas" not in html
    assert html.index("<strong>Réponse</strong> fr.") < html.index('id="01-one"')
    assert html.count("Légende fr.") == 2  # once a figure
    assert 'href="index.en.html"' in html
    assert "<h2>Question 01-one\N{NO-BREAK SPACE}?</h2>" in html
    english = (finished / "report/index.en.html").read_text("utf-8")
    assert '<html lang="en">' in english
    assert "Texte français." not in english


def test_page_names_no_address_of_another_host(finished):
    for name in ("index.html", "index.en.html", "assets/report.css", "assets/report.js"):
        page = (finished / "report" / name).read_text("utf-8")
        assert not re.findall(r"(?:src|url|href)\W{1,3}https?:", page), name


def test_every_file_that_a_page_names_is_there(finished):
    for page in ("index.html", "index.en.html"):
        html = (finished / "report" / page).read_text("utf-8")
        for target in re.findall(r'(?:src|href)="([^"#:]+)"', html):
            assert (finished / "report" / target).is_file(), target
        for anchor in re.findall(r'href="#([^"]+)"', html):
            assert f'id="{anchor}"' in html, anchor


def test_numbers_of_all_notebooks_are_one_file(finished):
    numbers = json.loads((finished / "report/numbers.json").read_text("utf-8"))
    number = {"value": 2, "unit": "count", "made_by": "x"}
    assert numbers == {"01-one": {"n": number}, "02-two": {"n": number}}


def test_gallery_names_picture_captions_notebook_and_numbers(finished):
    gallery = (finished / "figures/README.md").read_text("utf-8")
    assert gallery == gallery_text(finished / "figures", ["01-one", "02-two"])
    for part in (
        "![Image fr.](fr/01-one.png)",
        "Légende fr.",
        "Légende en.",
        "(../notebooks/01-one.ipynb)",
        "(data/01-one.csv)",
    ):
        assert part in gallery


@pytest.mark.skipif(
    not sys.prefix.isascii(), reason="Python does not start here from a path with accents"
)
def test_a_second_run_elsewhere_gives_the_same_bytes(finished, tmp_path):
    project = tmp_path / "un autre été"
    write_drawing(project, "01-one")
    write_drawing(project, "02-two")
    surroundings = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "C"}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUTF8"}
    told = subprocess.run(
        COMMAND,
        cwd=project,
        env=environment | surroundings,
        check=True,
        capture_output=True,
        preexec_fn=lambda: os.umask(0o077),
    )
    assert b"01-one (fr)" in told.stdout
    assert contents(project) == contents(finished)


def test_a_run_that_changes_nothing_says_so(toy):
    assert set(build(toy).values()) == {"new", "different"}
    assert set(build(toy).values()) == {"same"}


def test_a_figure_that_no_notebook_makes_any_more_goes(toy):
    build(toy)
    (toy / "notebooks/02-two.ipynb").unlink()
    changes = build(toy)
    assert changes["figures/fr/02-two.png"] == "gone"
    assert not list(toy.glob("figures/*/02-two.*"))


# Choices


def test_only_runs_one_notebook_and_keeps_the_others(toy):
    build(toy)
    before = contents(toy / "figures")
    write_drawing(toy, "01-one", value=7)
    write_drawing(toy, "02-two", value=7)
    changes = build(toy, only="02")
    assert changes["figures/fr/02-two.png"] == "different"
    assert changes["figures/fr/01-one.png"] == "same"
    assert contents(toy / "figures")["data/01-one.csv"] == before["data/01-one.csv"]
    assert 'id="01-one"' in (toy / "report/index.html").read_text("utf-8")


def test_only_that_fits_nothing_lists_the_notebooks(toy):
    with pytest.raises(DataError, match="01-one, 02-two"):
        build(toy, only="05")


def test_a_folder_without_notebooks_is_a_clear_error(tmp_path):
    with pytest.raises(DataError, match="There is no notebook"):
        build(tmp_path)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"languages": ("de",)}, "Unknown lang: de"),
        ({"languages": ()}, "Unknown lang: nothing"),
        ({"formats": ("png", "gif")}, "Unknown format: gif"),
    ],
)
def test_unknown_choices_are_refused(toy, choice, message):
    with pytest.raises(DataError, match=message):
        build(toy, **choice)


def test_one_language_with_pdf(toy):
    (toy / "notebooks/02-two.ipynb").unlink()
    build(toy, languages=("fr",), formats=("png", "svg", "pdf"))
    assert (toy / "figures/fr/01-one.pdf").read_bytes().startswith(b"%PDF")
    assert not (toy / "figures/en").exists()
    assert not (toy / "report/index.en.html").exists()
    html = (toy / "report/index.html").read_text("utf-8")
    assert "index.en.html" not in html
    assert 'href="figures/fr/01-one.pdf"' in html


def test_own_data_leave_the_project_as_it_is(toy):
    (toy / "notebooks/02-two.ipynb").unlink()
    write_drawing(toy, "01-one", value="1 if DATA is None else 9")
    before = (toy / "notebooks/01-one.ipynb").read_bytes()
    build(toy, data=ROOT / "data", languages=("fr",))
    assert (toy / "notebooks/01-one.ipynb").read_bytes() == before
    assert not (toy / "figures").exists()
    assert "a,9" in (toy / "own-report/figures/data/01-one.csv").read_text("utf-8")
    assert (toy / "own-report/report/index.html").is_file()


def test_own_data_that_are_bad_stop_before_any_notebook(toy, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"datapackage\.json"):
        build(toy, data=tmp_path / "empty")
    assert not (toy / "own-report").exists()


def test_parameters_are_replaced_and_nothing_else(tmp_path):
    source = 'LANG = "fr"  # "fr" or "en"\nDATA = None; EVIDENCE = "é"  # été'
    path = write_toy(tmp_path, "01-one", [code_cell(source, "parameters")])
    notebook = read_notebook(path)
    set_parameters(notebook, {"LANG": "en", "EVIDENCE": "all", "TERRITORY": "x"})
    expected = "LANG = 'en'  # \"fr\" or \"en\"\nDATA = None; EVIDENCE = 'all'  # été"
    assert notebook.cells[0].source == expected


def test_a_territory_notebook_runs_for_the_five_and_one_more(tmp_path):
    write_drawing(tmp_path, "06-profile", parameters=f'{PARAMETERS}\nTERRITORY = "marseille"')
    jobs = plan_jobs(tmp_path / "notebooks", None, ("fr",))
    assert len(jobs) == 6
    names = {job.name: job.subject for job in jobs}
    assert names["06-profile-marseille"] == "Marseille"
    assert all(job.parameters["TERRITORY"] in job.name for job in jobs)


def test_the_page_lists_the_five_in_the_order_of_the_data_and_then_the_other(tmp_path):
    parameters = f'{PARAMETERS}\nTERRITORY = "marseille"'
    cells = [text_cell("# Un profil", "fr"), code_cell(parameters, "parameters")]
    write_toy(tmp_path, "06-profile", cells)
    build(tmp_path, languages=("fr",))
    html = (tmp_path / "report/index.html").read_text("utf-8")
    titles = re.findall(r"<h3>([^<]+)</h3>", html)
    jobs = plan_jobs(tmp_path / "notebooks", None, ("fr",))
    assert titles == [job.subject for job in jobs]
    committed = read_notebook(tmp_path / "notebooks/06-profile.ipynb")
    assert "subject" not in committed.metadata


# What goes wrong


def test_a_failing_notebook_is_told_with_its_cell_and_nothing_changes(toy):
    build(toy)
    before = contents(toy)
    cells = [text_cell("# Titre", "fr"), code_cell(PARAMETERS, "parameters"), code_cell("1 / 0")]
    write_toy(toy, "02-two", cells)
    write_drawing(toy, "01-one", value=7)
    with pytest.raises(DataError) as caught:
        build(toy)
    told = str(caught.value)
    for part in (
        "02-two.ipynb",
        "in 02-two (en), 02-two (fr)",
        "Cell 3 gave ZeroDivisionError",
        "    1 / 0",
    ):
        assert part in told
    after = contents(toy)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"notebooks/01-one.ipynb", "notebooks/02-two.ipynb"}  # by this test
    assert before.keys() == after.keys()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('import warnings\nwarnings.warn("old")', "a warning"),
        ("import os\nos._exit(3)", "The kernel stopped"),
    ],
)
def test_a_warning_and_a_dead_kernel_are_failures(tmp_path, source, message):
    write_toy(tmp_path, "01-one", [code_cell(PARAMETERS, "parameters"), code_cell(source)])
    with pytest.raises(DataError, match=message):
        build(tmp_path, languages=("fr",))


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/01-one.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"01-one\.ipynb[^N]*Not a notebook"):
        build(tmp_path)


def test_plotted_numbers_that_differ_between_languages_are_refused(tmp_path):
    write_drawing(tmp_path, "01-one", value='len(LANG) if LANG == "fr" else 5')
    with pytest.raises(DataError, match=r"figures/data/01-one\.csv"):
        build(tmp_path)


def test_the_kernel_is_that_of_this_python(tmp_path, monkeypatch):
    fake = tmp_path / "kernels/python3/kernel.json"
    fake.parent.mkdir(parents=True)
    fake.write_text('{"argv": ["false"], "display_name": "x", "language": "python"}', "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    check = f"import sys\nassert sys.prefix == {sys.prefix!r}"
    write_toy(tmp_path, "01-one", [code_cell(PARAMETERS, "parameters"), code_cell(check)])
    build(tmp_path, languages=("fr",))


# Interruptions


def start(project):
    return subprocess.Popen(
        COMMAND, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_killed_at_any_moment_the_figures_of_before_are_whole(toy):
    (toy / "notebooks/02-two.ipynb").unlink()
    build(toy)
    old = contents(toy / "figures")
    write_drawing(toy, "01-one", value=7)
    chance = random.Random(20240422)
    for _ in range(5):
        running = start(toy)
        time.sleep(chance.uniform(0.5, 4))
        running.kill()
        running.communicate()
        now = contents(toy / "figures")
        if now["data/01-one.csv"] != old["data/01-one.csv"]:
            break  # it had ended: nothing left to interrupt
        assert now == old
    assert build(toy)["notebooks/01-one.ipynb"] in ("different", "same")
    assert not (toy / ".report-build").exists()
    assert "a,7" in (toy / "figures/data/01-one.csv").read_text("utf-8")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_cleans_up_at_once(tmp_path, how):
    wait = "import os, pathlib, time\npathlib.Path(PIDFILE).write_text(str(os.getpid()))"
    wait = wait.replace("PIDFILE", repr(str(tmp_path / "pid"))) + "\ntime.sleep(60)"
    write_toy(tmp_path, "01-one", [code_cell(PARAMETERS, "parameters"), code_cell(wait)])
    running = start(tmp_path)
    until = time.monotonic() + 60
    while not (tmp_path / "pid").exists() and time.monotonic() < until:
        time.sleep(0.1)
    running.send_signal(how)
    told, _ = running.communicate(timeout=30)
    assert running.returncode != 0
    assert "Traceback" not in told
    assert not (tmp_path / ".report-build").exists()
    with pytest.raises(ProcessLookupError):  # the kernel is gone as well
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_what_dead_runs_left_behind_goes_and_a_running_one_stays(toy):
    (toy / "notebooks/02-two.ipynb").unlink()
    dead = subprocess.Popen(["true"])
    dead.wait()
    for name in (str(dead.pid), str(os.getppid())):
        (toy / ".report-build" / name / "out").mkdir(parents=True)
    build(toy, languages=("fr",))
    assert [path.name for path in (toy / ".report-build").iterdir()] == [str(os.getppid())]


# The project's own


def test_committed_figures_and_notebooks_are_what_the_code_makes_now(built):
    for part in ("figures", "notebooks"):
        committed, made = contents(ROOT / part), contents(built / part)
        committed = {name: text for name, text in committed.items() if "checkpoint" not in name}
        stale = sorted(
            name for name in committed.keys() | made if committed.get(name) != made.get(name)
        )
        assert not stale, f"{part}/ is stale; run `make report` and commit: {', '.join(stale)}"


def test_nothing_of_the_machine_is_in_what_is_committed(built):
    for part in ("figures", "notebooks"):
        for name, content in contents(built / part).items():
            for stamp in (str(built), str(Path.home()), str(ROOT), sys.prefix):
                assert stamp.encode() not in content, (name, stamp)

"""The data travel in the wheel: everything works where only the package is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: object, cwd: Path, target: Path | None = None) -> str:
    """Run a command away from the clone; `target` is where the wheel was installed."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if target:
        env["PYTHONPATH"] = str(target)
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Folder in which the built wheel is installed."""
    dist, target = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", dist, ROOT, cwd=dist)
    (wheel,) = dist.glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check",
        "--target", target, wheel, cwd=dist)  # fmt: skip
    return target


def test_wheel_has_the_data_byte_for_byte(installed):
    inside, ours = installed / "cls_analysis" / "data", ROOT / "data"
    names = sorted(path.relative_to(ours) for path in ours.rglob("*") if path.is_file())
    assert sorted(p.relative_to(inside) for p in inside.rglob("*") if p.is_file()) == names
    for name in names:
        assert (inside / name).read_bytes() == (ours / name).read_bytes(), name


def test_installed_package_loads_its_own_data(installed, tmp_path):
    code = (
        "import cls_analysis.tables as t; print(t.DATA); print(len(t.load_corpus()['territories']))"
    )
    data, territories = run("-c", code, cwd=tmp_path, target=installed).split("\n")[:2]
    assert Path(data) == installed / "cls_analysis" / "data"
    assert territories == "5"


def test_installed_command_checks_its_own_data(installed, tmp_path):
    said = run("-m", "cls_analysis", "check", cwd=tmp_path, target=installed)
    assert said.startswith("data: good.")
    assert list(tmp_path.iterdir()) == []

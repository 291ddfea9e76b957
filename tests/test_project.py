"""The files around the code: dependencies, lock, imports, text files, links, citation."""

import ast
import datetime as dt
import graphlib
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

import cls_analysis

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "cls_analysis"
MODULES = {path.stem: path for path in sorted(SOURCE.glob("*.py"))}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]

# Not imported: they run from the command line, or stand behind pandas.
TOOLS = {
    "ipykernel": "runs the cells of the notebooks",
    "jupyterlab": "where the notebooks are read",
    "openpyxl": "pandas reads and writes Excel files with it",
}
CONDA_NAMES = {"build": "python-build"}

# From left to right in the design: a module imports only from its own layer and those above.
LAYERS = {
    "base": "errors names dates palette bootstrap folding",
    "data": "package preflight explain terms typed rules checks tables dictionary",
    "codes": "codebook claims matching normalise codings",
    "statistics": """alpha agreement second_opinion peers stated compare distinctive find tree
        null_model clusters landscape councils chronology coverage sensitivity""",
    "words": """texts summaries summaries_councils summaries_reference listings
        listings_reference profile""",
    "figures": "canvas figures figures_cells figures_structure figures_taxonomy figures_time",
    "export": "show export gallery notebook sheets",
    "report": "stage runner page report",
    "commands": "terminal cli __main__",
}
LAYER = {module: place for place, names in enumerate(LAYERS.values()) for module in names.split()}
# The tables are read here; the others get frames. The last two ask where the folder is.
DATA_READERS = {"tables", "codebook"}
DATA_COPIERS = {"report", "cli"}
# The one way out for figures, the report, and `cls-analysis normalise -o`.
WRITERS = {"export", "notebook", "page", "report", "runner", "sheets", "stage", "cli"}
WRITING = {"mkdir", "touch", "unlink", "write_bytes", "write_text", "savefig", "copyfile"}
WRITING |= {"copytree", "rmtree", "dump", "to_excel", "to_json", "to_parquet"}


def tree_of(module):
    return ast.parse(MODULES[module].read_text("utf-8"))


def imports_of(module):
    """Modules of ours, and packages of others, that a module imports anywhere in it."""
    own, others = set(), set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "cls_analysis":
            found = [f"cls_analysis.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [node.module]
        else:
            continue
        for name in found:
            if name.startswith("cls_analysis"):
                own.add(name.split(".")[1])
            else:
                others.add(name.split(".")[0])
    return own, others - set(sys.stdlib_module_names)


def direct(group):
    lines = PROJECT["dependencies"] if group is None else PROJECT["optional-dependencies"][group]
    requirements = [Requirement(line) for line in lines]
    return {requirement.name: requirement for requirement in requirements}


def tracked():
    """Give the files that git knows or would take."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: git does not know the files")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


BINARY = {".png", ".pdf", ".xlsx", ".ico", ".woff2", ".ttf"}


def text_files():
    return [path for path in tracked() if path.suffix not in BINARY]


def told(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


# ------------------------------------------------------------------------------- dependencies
def test_conda_users_get_the_same_direct_dependencies():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    listed = {}
    for line in environment["dependencies"]:
        requirement = Requirement(line)
        assert requirement.name not in listed, f"{requirement.name} is listed twice"
        listed[requirement.name] = str(requirement.specifier)
    wanted = {
        CONDA_NAMES.get(name, name): str(requirement.specifier)
        for name, requirement in (direct(None) | direct("dev")).items()
    }
    assert listed == wanted | {"python": PROJECT["requires-python"]}


def test_conda_users_see_which_packages_only_the_checks_need():
    text = (ROOT / "environment.yml").read_text("utf-8")
    before, comment, after = text.partition("  # What the checks need and a reader does not.\n")
    assert comment
    for name in direct(None):
        assert f"  - {CONDA_NAMES.get(name, name)}>=" in before
    for name in direct("dev"):
        assert f"  - {CONDA_NAMES.get(name, name)}>=" in after


def test_every_direct_dependency_says_why_it_is_here():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    for name in direct(None) | direct("dev"):
        (line,) = [line for line in lines if re.match(rf'\s*"{re.escape(name)}>=', line)]
        reason = line.partition("#")[2].strip()
        assert len(reason.split()) >= 1 and len(reason) > 4, f"{name} has no reason"


def test_every_direct_dependency_has_a_lower_bound_and_nothing_else():
    for requirement in (direct(None) | direct("dev")).values():
        assert [bound.operator for bound in requirement.specifier] == [">="], requirement


def read_lock():
    """Give requirement lines of the lock, each with its hashes, continued lines joined."""
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    lines = [line.partition(" # ")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def test_the_lock_names_no_index():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^\s*-(-|i\b|f\b)(?!-hash)", re.sub(r"--hash=\S+", "", text))


def test_the_lock_pins_every_line_with_hashes():
    lines = read_lock()
    assert len(lines) > 50
    for line in lines:
        requirement, *hashes = line.split("--hash=")
        assert re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.+!]+", requirement.split(";")[0].strip())
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64} *", value) for value in hashes)


def test_the_lock_holds_every_direct_dependency_within_its_bounds():
    pins = {}
    for line in read_lock():
        requirement = Requirement(line.split("--hash=")[0].strip())
        (pin,) = requirement.specifier
        pins.setdefault(requirement.name.lower().replace("_", "-"), []).append(Version(pin.version))
    for name, requirement in (direct(None) | direct("dev")).items():
        assert name.lower() in pins, f"{name} is not in requirements.lock: lock again"
        for version in pins[name.lower()]:
            assert requirement.specifier.contains(version), f"{name} {version} is out of bounds"


def third_party():
    """Distributions that the package imports, by the module that does."""
    names = packages_distributions()
    return {
        (module, names.get(other, [other])[0].lower().replace("_", "-"))
        for module in MODULES
        for other in imports_of(module)[1]
    }


def test_every_import_of_the_package_is_a_direct_dependency():
    known = {name.lower() for name in direct(None)}
    missing = sorted((name, module) for module, name in third_party() if name not in known)
    assert missing == [], "imported in src/ and not in [project.dependencies]"


def test_every_direct_dependency_is_used():
    used = {name for _, name in third_party()} | set(TOOLS)
    assert sorted(set(direct(None)) - used) == []


# ------------------------------------------------------------------------------- the modules
def test_every_module_says_what_it_is_for():
    for module, path in MODULES.items():
        assert ast.get_docstring(tree_of(module)), f"{path.name} has no docstring"


def test_no_module_is_too_long_to_read():
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_every_module_has_a_place_in_the_design():
    assert set(MODULES) - set(LAYER) - {"__init__"} == set()
    assert set(LAYER) - set(MODULES) == set()


def test_a_module_imports_only_from_its_left():
    wrong = [
        f"{module} ({list(LAYERS)[LAYER[module]]}) imports {other} ({list(LAYERS)[LAYER[other]]})"
        for module in LAYER
        for other in imports_of(module)[0]
        if LAYER[other] > LAYER[module]
    ]
    assert wrong == []


def test_no_two_modules_import_each_other():
    graph = {module: imports_of(module)[0] for module in LAYER}
    graphlib.TopologicalSorter(graph).prepare()


def test_public_names_are_all_there():
    for name in cls_analysis.__all__:
        assert getattr(cls_analysis, name).__doc__, name


def names_and_texts(module):
    """Names and texts of a module, its docstrings aside."""
    tree = tree_of(module)
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and id(node) not in docs:
            yield str(node.value)


def test_nothing_else_knows_where_the_data_are():
    knowing = {module for module in MODULES if "DATA" in names_and_texts(module)}
    assert knowing <= DATA_READERS | DATA_COPIERS


def test_nothing_else_reads_a_table_from_disk():
    reading = {
        module for module in MODULES if {"read_csv", "read_excel"} & set(names_and_texts(module))
    }
    assert reading <= DATA_READERS | {"preflight", "sheets"}


def calls_that_write(module):
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in WRITING or (name == "to_csv" and node.args):
                yield name


def test_only_export_and_the_report_write_files():
    writing = {module for module in MODULES if any(calls_that_write(module))}
    assert writing <= WRITERS


def test_figures_compute_nothing():
    drawing = [name for name in LAYERS["figures"].split() if name.startswith("figures")]
    for module in drawing:
        own, _ = imports_of(module)
        assert own <= {"palette", "texts", *LAYERS["figures"].split()}, module


# ------------------------------------------------------------------------------- every text file
# A path of the machine that made the file. An address such as example.org/home/ is not one.
HOMES = ("root", "home", "work", "Users", "tmp")
MACHINE = re.compile(r"(?<![\w.%*-])/(?:" + "|".join(HOMES) + r")/\w|[A-Z]:\\{1,2}Users\b")


@pytest.mark.parametrize("path", ["/ho" + "me/anne/x", "C:" + "\\Users\\anne", "'/wo" + "rk/a'"])
def test_a_machine_path_is_recognised(path):
    assert MACHINE.search(path)


@pytest.mark.parametrize("path", ["example.org/ho" + "me/x", "data/tmp", "~/ho" + "mework"])
def test_what_is_not_a_machine_path_is_left_alone(path):
    assert not MACHINE.search(path)


def test_no_file_holds_a_path_of_the_machine_that_made_it():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in text_files()
        for match in MACHINE.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_text_files_are_utf8_with_unix_line_ends():
    for path in text_files():
        content = path.read_bytes()
        content.decode("utf-8")
        assert not content.startswith(b"\xef\xbb\xbf"), f"{path} begins with a byte-order mark"
        assert b"\r" not in content, f"{path} has Windows line ends"


def test_text_files_end_with_one_line_end():
    wrong = [path for path in text_files() if path.stat().st_size]
    wrong = [path for path in wrong if not path.read_bytes().endswith(b"\n")]
    assert told(wrong) == []


# ------------------------------------------------------------------------------- what people read
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:href|src)=\"([^\"]+)\"")


def links_of(path):
    """Relative links of a Markdown file; what stands in a block of code is none."""
    text = re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", path.read_text("utf-8"))
    for match in LINK.finditer(text):
        target = match[1] or match[2]
        if not re.match(r"[a-z]+:|//", target):
            yield target


def headings_of(path):
    """Give the anchors that a site such as GitHub makes of the headings."""
    for title in re.findall(r"(?m)^#+ (.+?)\s*$", path.read_text("utf-8")):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def broken_links(path, root):
    for link in links_of(path):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or not target.is_relative_to(root):
            # report/ is built, not committed: a page may name it and not link to it
            yield link
        elif anchor and target.suffix == ".md" and anchor not in headings_of(target):
            yield link


def test_relative_links_lead_somewhere():
    pages = [path for path in tracked() if path.suffix == ".md"]
    assert pages
    broken = {str(page.relative_to(ROOT)): list(broken_links(page, ROOT)) for page in pages}
    assert {page: links for page, links in broken.items() if links} == {}


def test_a_broken_link_is_found(tmp_path):
    page = tmp_path / "a.md"
    page.write_text(
        "# Données & co\n[a](b.md) ![c](d.png 'e') <a href=\"f\">g</a> `[h](i)`\n"
        "[j](#données--co) [k](a.md#no) [l](https://example.org) [m](../out.md)\n",
        encoding="utf-8",
    )
    assert list(broken_links(page, tmp_path)) == ["b.md", "d.png", "f", "a.md#no", "../out.md"]


def test_readme_names_only_targets_that_make_has():
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    pages = ["README.md", "CONTRIBUTING.md", "data/README.md", "figures/README.md"]
    named = set()
    for page in pages:
        if (ROOT / page).exists():
            text = (ROOT / page).read_text("utf-8")
            named |= set(re.findall(r"(?:`|^\s*\$? ?)make ([a-z]+)", text, re.MULTILINE))
    assert named <= targets
    assert {"report", "test"} <= named


def test_make_help_tells_every_target():
    text = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"(?m)^\.PHONY: (.+)$", text)
    told_by_help = set(re.findall(r"(?m)^([a-z]+):.*## ", text))
    assert told_by_help == set(phony.split())


# Keys of the Citation File Format 1.2.0, https://github.com/citation-file-format
CFF_KEYS = {
    "abstract",
    "authors",
    "cff-version",
    "commit",
    "contact",
    "date-released",
    "doi",
    "identifiers",
    "keywords",
    "license",
    "license-url",
    "message",
    "preferred-citation",
    "references",
    "repository",
    "repository-artifact",
    "repository-code",
    "title",
    "type",
    "url",
    "version",
}


def test_citation_is_valid_and_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert set(citation) <= CFF_KEYS
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")
    assert str(citation["version"]) == PROJECT["version"]
    assert isinstance(citation["date-released"], dt.date)
    for author in citation["authors"]:
        assert "name" in author or {"family-names", "given-names"} <= set(author)


def test_changelog_names_the_version_and_its_date():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first = re.search(r"(?m)^## (\S+) \((\d{4}-\d\d-\d\d)\)$", text)
    assert first is not None
    assert first.groups() == (PROJECT["version"], citation["date-released"].isoformat())


def test_licences_of_code_and_data_are_there():
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "CC BY 4.0" in (ROOT / "data" / "LICENSE").read_text("utf-8")

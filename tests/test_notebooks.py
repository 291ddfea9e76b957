"""The notebooks as they are committed: run in order, clean, bilingual, without a typed number.

A notebook stripped of its outputs passes nbval without any comparison, so it is seen here that
every cell was run. `make report` writes the outputs: before its first run these tests fail.
"""

import ast
import builtins
import importlib
import re
from pathlib import Path

import nbformat
import pytest
from test_project import MACHINE

from cls_analysis.tables import load_corpus, load_reference

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIGURES = ROOT / "figures"

PARAMETERS = {"LANG": "fr", "EVIDENCE": "own_page", "DATA": None, "TERRITORY": "marseille"}
LONGEST_CELL = 8
SILENT = {"save_numbers"}  # its cell shows nothing
SHOWN = ("execute_result", "display_data")
DEFINITIONS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Try,
    ast.TryStar,
)
VARYING = {
    "an address": re.compile(r"\b0x[0-9a-fA-F]{6,}"),
    "a time of day": re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?(?![\d:])"),
    "a warning": re.compile(r"\w*Warning\b"),
    "a path of the machine": MACHINE,
}

# A number in a markdown cell is a heading number, a date or a reference; any other is computed.
MONTHS = """janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    January February March April May June July August September October November December"""
MONTH = "|".join(MONTHS.split())
ALLOWED_NUMBERS = [
    re.compile(r"(?m)^#+ +\d+(\.\d+)*[.)]? "),  # heading number: "## 2. Data"
    re.compile(r"`[^`]*`"),  # a name in code: `05-councils`
    re.compile(r"\]\([^)]*\)|<https?://[^>]*>"),  # an address
    re.compile(r"\[\d+\]|\bdoi:\S+"),  # a reference: [1], doi:10.1000/182
    re.compile(rf"\b(\d{{1,2}}(er)? )?({MONTH}) (\d{{1,2}}, )?(19|20)\d\d\b"),  # 22 avril 2024
    re.compile(r"\b(19|20)\d\d(-\d\d){0,2}\b"),  # 2024, 2020-02, 2024-04-22
]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def calls(source):
    """Last part of the name of each function that a cell calls, in order."""
    nodes = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [getattr(node, "attr", getattr(node, "id", None)) for node in nodes]


def find_unrun(notebook):
    cells = code_cells(notebook)
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        yield f"cells were not run in order, from the first: {counts}"
    for cell in cells:
        last = ast.parse(cell.source).body[-1]
        shows = isinstance(last, ast.Expr) and not SILENT & set(calls(ast.unparse(last)))
        if shows and not any(output.output_type in SHOWN for output in cell.outputs):
            yield f"cell {cell.id} has no output"


def find_long_or_hidden_code(notebook):
    for cell in code_cells(notebook):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            yield f"cell {cell.id} is not plain Python"
            continue
        for node in ast.walk(tree):
            if isinstance(node, DEFINITIONS):
                yield f"cell {cell.id} has a {type(node).__name__}: move it into the package"
        lines = [line.rstrip() for line in cell.source.splitlines() if line.strip()]
        if len(lines) > LONGEST_CELL:
            yield f"cell {cell.id} is longer than {LONGEST_CELL} lines"
        if any(line.endswith(";") for line in lines):
            yield f"cell {cell.id} ends a line in a semicolon"


def find_unclean_outputs(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type in ("stream", "error"):
                yield f"cell {cell.id} shows a {output.get('name', 'error')}"
                continue
            shown = [text for kind, text in output.data.items() if kind.startswith("text/")]
            for text in [*shown, str(output.metadata)]:
                for what, pattern in VARYING.items():
                    if match := pattern.search(text):
                        yield f"cell {cell.id} shows {what}: {match[0]}"


def find_parameter_faults(notebook):
    first, *others = code_cells(notebook)
    if tags(first) != ["parameters"] or any("parameters" in tags(cell) for cell in others):
        yield "the first code cell, and no other, is tagged parameters"
    values = {}
    for node in ast.parse(first.source).body:
        try:
            values[node.targets[0].id] = ast.literal_eval(node.value)
        except (AttributeError, ValueError):
            yield f"the parameters hold more than simple assignments: {ast.unparse(node)}"
    if any(PARAMETERS.get(name, value) != value for name, value in values.items()):
        yield "the committed notebook is the run with default parameters"
    if not {"LANG", "DATA"} <= set(values) <= set(PARAMETERS):
        yield f"the parameters are {', '.join(values)}"
    for cell in others:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Name | ast.arg | ast.alias) and not is_load(node):
                name = getattr(node, "id", getattr(node, "arg", getattr(node, "asname", None)))
                if name in PARAMETERS:
                    yield f"cell {cell.id} assigns {name} again"
            if isinstance(node, ast.Constant) and node.value in ("fr", "en"):
                yield f"cell {cell.id} fixes a language"


def is_load(node):
    return isinstance(getattr(node, "ctx", None), ast.Load)


def find_unpaired_texts(notebook):
    """Narrative cells come as French and English, side by side, with the same headings."""
    cells = list(notebook.cells)
    place = 0
    while place < len(cells):
        cell = cells[place]
        if cell.cell_type != "markdown":
            place += 1
            continue
        other = cells[place + 1] if place + 1 < len(cells) else None
        if tags(cell) != ["fr"] or other is None or tags(other) != ["en"]:
            yield f"cell {cell.id} is not a French text followed by its English one"
            place += 1
            continue
        levels = [re.findall(r"(?m)^(#+) ", part.source) for part in (cell, other)]
        if levels[0] != levels[1]:
            yield f"cells {cell.id} and {other.id} have other headings"
        lists = [len(re.findall(r"(?m)^- ", part.source)) for part in (cell, other)]
        if lists[0] != lists[1]:
            yield f"cells {cell.id} and {other.id} have lists of other lengths"
        if not cell.source.strip() or not other.source.strip():
            yield f"cell {cell.id} or {other.id} is empty"
        elif cell.source == other.source:
            yield f"cell {other.id} is not translated"
        place += 2


def find_typed_numbers(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = cell.source
            for pattern in ALLOWED_NUMBERS:
                text = pattern.sub(" ", text)
            for match in re.finditer(r"\S*\d\S*", text):
                yield f"cell {cell.id} has a typed number: {match[0]}"


def find_missing_answer(notebook):
    """The answer comes before the second heading and before the first figure or table."""
    for cell in notebook.cells:
        if "answer" in tags(cell):
            return
        late = cell.cell_type == "code" and {"save_figure", "show_table"} & set(calls(cell.source))
        if late or (cell.cell_type == "markdown" and re.search(r"(?m)^##+ ", cell.source)):
            break
    yield "no answer near the top"


def find_unknown_names(notebook):
    """Names that a cell uses and nothing defines, so that a later cell would fail."""
    known = dict.fromkeys(dir(builtins))
    for cell in code_cells(notebook):
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                module = importlib.import_module(node.module)
                for alias in node.names:
                    known[alias.asname or alias.name] = getattr(
                        module, alias.name, None
                    ) or importlib.import_module(f"{node.module}.{alias.name}")
            elif isinstance(node, ast.Name) and not is_load(node):
                known.setdefault(node.id)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in known:
                yield f"cell {cell.id} uses {node.id}, which nothing defines"
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                module = known.get(node.value.id)
                if module is not None and not hasattr(module, node.attr):
                    yield f"cell {cell.id} uses {node.value.id}.{node.attr}, which does not exist"


def name_figures(notebook):
    """Names of the figures that a notebook saves; one that asks a territory has one for each."""
    names = []
    sources = [cell.source for cell in code_cells(notebook)]
    saved = "\n".join(source for source in sources if "save_figure" in calls(source))
    for node in ast.walk(ast.parse(saved)):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = node.values[0].value
            if re.match(r"\d\d-", start):
                names += [start + key for key in load_corpus()["territories"]["territory_id"]]
        elif isinstance(node, ast.Constant) and re.match(r"\d\d-\w", str(node.value)):
            names.append(node.value)
    return [name for name in names if not name.endswith("-")]


def find_missing_figures(name, notebook, folder):
    if sum("save_figure" in calls(cell.source) for cell in code_cells(notebook)) == 0:
        yield "the notebook saves no figure"
    for figure in name_figures(notebook):
        if figure[:3] != name[:3]:
            yield f"figure {figure} has another number than its notebook"
        paths = [f"{lang}/{figure}.{suffix}" for lang in ("fr", "en") for suffix in ("png", "svg")]
        for path in [*paths, f"data/{figure}.csv"]:
            if not (folder / path).is_file():
                yield f"figures/{path} is missing"


CHECKS = [
    find_unrun,
    find_long_or_hidden_code,
    find_unclean_outputs,
    find_parameter_faults,
    find_unpaired_texts,
    find_typed_numbers,
    find_missing_answer,
    find_unknown_names,
]


def read(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


# ------------------------------------------------------------------------------ the notebooks
@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_all_notebooks_of_the_design_are_there():
    assert [path.stem for path in NOTEBOOKS] == [
        "01-corpus",
        "02-taxonomy",
        "03-priorities",
        "04-clusters",
        "05-councils",
        "06-territory-profile",
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_committed_notebook_is_in_order(path, check):
    assert list(check(read(path))) == []


def test_every_figure_of_a_notebook_is_there_in_both_languages(path):
    assert list(find_missing_figures(path.stem, read(path), FIGURES)) == []


def test_every_figure_has_a_notebook():
    known = {name for path in NOTEBOOKS for name in name_figures(read(path))}
    made = {path.stem for path in FIGURES.glob("data/*.csv")}
    others = {name for name in made - known if not name.startswith("06-profile-")}
    assert others == set()


def test_one_contract_of_the_reference_has_a_profile():
    five = {name for path in NOTEBOOKS for name in name_figures(read(path))}
    profiles = {path.stem for path in FIGURES.glob("data/06-profile-*.csv")}
    keys = {name.removeprefix("06-profile-") for name in profiles - five}
    assert len(keys) == 1
    assert keys <= set(load_reference()["contracts"]["contract_id"])


def test_notebook_holds_nothing_that_varies_between_machines(path):
    notebook = read(path)
    assert notebook.metadata.language_info == {"name": "python"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert not any("execution" in cell.metadata for cell in notebook.cells)
    identifiers = [cell.id for cell in notebook.cells]
    assert identifiers == list(dict.fromkeys(identifiers))


def test_notebook_opens_with_its_title_and_question(path):
    first, second = read(path).cells[:2]
    assert re.match(r"# \S.+\n\n\*\*Question\.\*\* \S", first.source)
    assert re.match(r"# \S.+\n\n\*\*Question\.\*\* \S", second.source)


# ------------------------------------------------------------------ the checks find what is wrong
@pytest.fixture
def good():
    """A notebook of a few cells, as `make report` leaves one."""
    new = nbformat.v4
    result = new.new_output("execute_result", {"text/markdown": "Réponse."}, execution_count=3)
    cells = [
        new.new_markdown_cell("# Titre\n\n**Question.** Où ?", metadata={"tags": ["fr"]}, id="a"),
        new.new_markdown_cell("# Title\n\n**Question.** Where?", metadata={"tags": ["en"]}, id="b"),
        new.new_code_cell('LANG = "fr"\nDATA = None', metadata={"tags": ["parameters"]}, id="c"),
        new.new_code_cell(
            "from IPython.display import Markdown\n\nfrom cls_analysis import export, texts", id="d"
        ),
        new.new_code_cell('Markdown("Réponse.")', metadata={"tags": ["answer"]}, id="e"),
        new.new_markdown_cell("## Suite\n\nDepuis 2020.", metadata={"tags": ["fr"]}, id="f"),
        new.new_markdown_cell("## More\n\nSince 2020.", metadata={"tags": ["en"]}, id="g"),
        new.new_code_cell('export.save_figure(1, "01-one", 2, LANG)', id="h"),
    ]
    notebook = new.new_notebook(cells=cells)
    for count, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
    notebook.cells[4].outputs = [result]
    picture = {"image/png": "aGVsbG8=", "text/plain": "<IPython.core.display.Image object>"}
    notebook.cells[7].outputs = [new.new_output("display_data", picture)]
    return notebook


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_good_notebook_passes(good, check, tmp_path):
    nbformat.write(good, tmp_path / "01-good.ipynb")
    assert list(check(read(tmp_path / "01-good.ipynb"))) == []


def say_faults(notebook, check):
    nbformat.validate(notebook)
    return " ".join(check(notebook))


@pytest.mark.parametrize("count", [None, 1, 7])
def test_cell_out_of_order_is_found(good, count):
    good.cells[4].execution_count = count
    assert "not run in order" in say_faults(good, find_unrun)


def test_missing_output_is_found(good):
    good.cells[7].outputs = []
    assert say_faults(good, find_unrun) == "cell h has no output"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def f():\n    return 1", "FunctionDef"),
        ("f = lambda: 1", "Lambda"),
        ("class A:\n    pass", "ClassDef"),
        ("for i in 'ab':\n    print(i)", "For"),
        ("while False:\n    pass", "While"),
        ("try:\n    x = 1\nexcept ValueError:\n    pass", "Try"),
        ("x = 1\n" * 9, "longer than 8"),
        ("x = 1;", "semicolon"),
        ("%matplotlib inline", "plain Python"),
    ],
)
def test_code_that_belongs_elsewhere_is_found(good, source, fault):
    good.cells[3].source = source
    assert fault in say_faults(good, find_long_or_hidden_code)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<Axes at 0x7f3c1a2b4d50>", "an address"),
        ("Made at 14:05", "a time of day"),
        ("9:41:07", "a time of day"),
        ("FutureWarning: soon", "a warning"),
        ("read /ho" + "me/anne/data", "a path of the machine"),
    ],
)
def test_output_that_varies_is_found(good, text, fault):
    good.cells[4].outputs[0].data["text/html"] = text
    assert fault in say_faults(good, find_unclean_outputs)


@pytest.mark.parametrize("name", ["stderr", "stdout"])
def test_stream_is_found(good, name):
    good.cells[4].outputs.append(nbformat.v4.new_output("stream", name=name, text="a"))
    assert f"shows a {name}" in say_faults(good, find_unclean_outputs)


def test_error_is_found(good):
    failed = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
    good.cells[4].outputs = [failed]
    assert "shows a error" in say_faults(good, find_unclean_outputs)


@pytest.mark.parametrize("text", ["Ratio 1:5", "https://example.org:8080/", "de 2019 à 2021"])
def test_output_that_is_the_same_everywhere_is_left_alone(good, text):
    good.cells[4].outputs[0].data["text/html"] = text
    assert say_faults(good, find_unclean_outputs) == ""


@pytest.mark.parametrize(
    ("place", "source", "fault"),
    [
        (2, 'LANG = "fr"\nDATA = dict()', "simple assignments"),
        (2, 'LANG = "fr"\nimport os\nDATA = None', "simple assignments"),
        (2, 'LANG = "en"\nDATA = None', "default parameters"),
        (2, 'LANG = "fr"', "the parameters are LANG"),
        (2, 'LANG = "fr"\nDATA = None\nSIZE = 3', "the parameters are LANG, DATA, SIZE"),
        (4, "LANG = 1", "assigns LANG again"),
        (4, "(DATA := 1)", "assigns DATA again"),
        (4, "[LANG for LANG in 'ab']", "assigns LANG again"),
        (4, "import json as DATA", "assigns DATA again"),
        (4, 'print("en")', "fixes a language"),
    ],
)
def test_parameter_fault_is_found(good, place, source, fault):
    good.cells[place].source = source
    assert fault in say_faults(good, find_parameter_faults)


def test_missing_parameters_tag_is_found(good):
    good.cells[2].metadata.tags = []
    assert "tagged parameters" in say_faults(good, find_parameter_faults)


def test_text_without_translation_is_found(good):
    del good.cells[6]
    assert "cell f is not a French text" in say_faults(good, find_unpaired_texts)


def test_texts_in_the_other_order_are_found(good):
    good.cells[5], good.cells[6] = good.cells[6], good.cells[5]
    assert "cell g is not" in say_faults(good, find_unpaired_texts)


def test_text_without_language_is_found(good):
    good.cells[5].metadata.tags = []
    assert "cell f is not" in say_faults(good, find_unpaired_texts)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("### More", "other headings"),
        ("## Suite\n\nDepuis 2020.", "not translated"),
        ("", "is empty"),
        ("## More\n\n- one\n- two", "lists of other lengths"),
    ],
)
def test_translation_of_another_shape_is_found(good, source, fault):
    good.cells[6].source = source
    assert fault in say_faults(good, find_unpaired_texts)


@pytest.mark.parametrize("text", ["5 territoires", "12,5 %", "p = 0.03", "1er", "CLS4", "3000"])
def test_typed_number_is_found(good, text):
    good.cells[5].source = f"## Suite\n\n{text}"
    assert "typed number" in say_faults(good, find_typed_numbers)


@pytest.mark.parametrize(
    "text",
    [
        "## 2. Données",
        "### 2.1 Données",
        "le 22 avril 2024",
        "on 22 April 2024",
        "April 22, 2024",
        "2020-02",
        "1er mai 2025",
        "Strona et al. 2014",
        "[1]",
        "doi:10.1080/01621459.1927.10502953",
        "[page](https://example.org/a-12)",
        "`05-councils`",
        "les cinq territoires",
    ],
)
def test_heading_number_date_or_reference_is_allowed(good, text):
    good.cells[5].source = text
    assert say_faults(good, find_typed_numbers) == ""


def test_missing_answer_is_found(good):
    good.cells[4].metadata.tags = []
    assert "no answer" in say_faults(good, find_missing_answer)


def test_answer_after_the_first_section_is_found(good):
    good.cells.append(good.cells.pop(4))
    assert "no answer" in say_faults(good, find_missing_answer)


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("numbers", "uses numbers, which nothing defines"),
        ("export.save_nothing(1)", "export.save_nothing"),
        ("from cls_analysis import normalise\nnormalise.normalise(LANG)", "normalise.normalise"),
    ],
)
def test_name_that_does_not_exist_is_found(good, source, fault):
    good.cells[4].source = source
    assert fault in say_faults(good, find_unknown_names)


def test_missing_figure_is_found(good, tmp_path):
    for path in ("fr/01-one.png", "fr/01-one.svg", "en/01-one.png", "data/01-one.csv"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    faults = list(find_missing_figures("01-good", good, tmp_path))
    assert faults == ["figures/en/01-one.svg is missing"]


def test_figure_with_the_number_of_another_notebook_is_found(good, tmp_path):
    faults = " ".join(find_missing_figures("02-good", good, tmp_path))
    assert "another number" in faults


def test_notebook_without_figure_is_found(good, tmp_path):
    good.cells[7].source = "x = 1"
    assert "no figure" in " ".join(find_missing_figures("01-good", good, tmp_path))


def test_figures_of_every_territory_are_named():
    (path,) = (path for path in NOTEBOOKS if path.stem.startswith("06"))
    assert name_figures(read(path)) == [
        "06-profile-aix-en-provence",
        "06-profile-marseille",
        "06-profile-aunis-atlantique",
        "06-profile-saint-etienne",
        "06-profile-le-kremlin-bicetre",
    ]

"""Small tables made by hand, in the shape of the loaded ones, for the tests of the statistics."""

import pandas as pd

THEMES = ["mental_health", "nutrition", "care_supply", "care_access"]
CODES = pd.DataFrame(
    [
        *[("theme", code) for code in THEMES],
        ("population", "children_youth"),
        ("lever", "outreach"),
    ],
    columns=["facet", "code"],
    dtype="string",
)
FACET_OF = dict(zip(CODES["code"], CODES["facet"], strict=True))
TERRITORIES = ["marseille", "aunis-atlantique", "saint-etienne", "aix-en-provence"]


def code_texts(texts, coders=("adjudicated",)):
    """Long codings of a dict of text to codes."""
    rows = [
        (text, coder, FACET_OF[code], code)
        for text, codes in texts.items()
        for code in codes
        for coder in coders
    ]
    return pd.DataFrame(rows, columns=["axis_text", "coder", "facet", "code"], dtype="str")


def make_reference(lists, *, incomplete=(), in_preparation=(), silent=(), **columns):
    """Reference of a dict of contract_id to codes, one axis per contract.

    The contracts in `silent` have no axis; `columns` are columns of the contracts by contract_id.
    """
    ids = [*lists, *silent]
    contracts = pd.DataFrame({"contract_id": ids, "territory": ids}, dtype="str")
    contracts["territory_type"] = "commune"
    contracts["status"] = ["in_preparation" if name in in_preparation else "signed" for name in ids]
    contracts["list_complete"] = pd.array([name not in incomplete for name in ids], "boolean")
    contracts["source_url"] = "https://example.org/" + contracts["contract_id"]
    for column in ("departement", "region", "signature_date", "period_start", "period_end"):
        values = columns.get(column, {})
        contracts[column] = pd.array([values.get(name) for name in ids], "str")
    contracts["clsm_status"] = pd.array(
        [columns.get("clsm_status", {}).get(name) for name in ids], "str"
    )
    contracts["territory"] = [columns.get("territory", {}).get(name, name) for name in ids]
    axes = {"contract_id": list(lists), "axis_text": [f"axe {i}" for i in lists]}
    axes = pd.DataFrame(axes, dtype="str").assign(
        order=1, kind=[columns.get("kind", {}).get(i, "axis") for i in lists]
    )
    texts = {f"axe {name}": codes for name, codes in lists.items()}
    codings = code_texts(texts, ("adjudicated", "coder_a", "coder_b"))
    return {"contracts": contracts, "axes": axes, "codings": codings}


def make_corpus(axes=(), **tables):
    """Corpus of four territories with an own page each and one other source.

    `axes` are rows (contract_id, source_id, kind, label). Aunis Atlantique has two contracts, the
    first by its own page, the second by another source. Aix-en-Provence prepares its own.
    """
    sources = [(f"own-{name}", "own_page", f"https://example.org/{name}") for name in TERRITORIES]
    sources = [*sources, ("other", "press", "https://example.org/other")]
    contracts = [
        ("marseille-4", "marseille", "signed", True, 2, "own-marseille"),
        ("aunis-1", "aunis-atlantique", "active", False, 5, "own-aunis-atlantique"),
        ("aunis-2", "aunis-atlantique", "signed", True, None, "other"),
        ("saint-etienne-2", "saint-etienne", "signed", True, None, "own-saint-etienne"),
        ("aix-0", "aix-en-provence", "in_preparation", True, None, "own-aix-en-provence"),
    ]
    frame = pd.DataFrame(
        contracts,
        columns=["contract_id", "territory_id", "status", "current", "axes_announced", "source_id"],
    )
    frame = frame.astype({"current": "boolean", "axes_announced": "Int64"})
    axes = pd.DataFrame(axes, columns=["contract_id", "source_id", "kind", "label"], dtype="str")
    corpus = {
        "territories": pd.DataFrame(
            {
                "territory_id": TERRITORIES,
                "name": [name.title() for name in TERRITORIES],
                "departement": ["13", "17", "42", "13"],
                "region": ["Provence-Alpes-Côte d’Azur", "Nouvelle-Aquitaine", "Rhône", None],
            }
        ),
        "contracts": frame.assign(period_start=None, period_end=None),
        "axes": axes.assign(volet=pd.NA),
        "sources": pd.DataFrame(sources, columns=["source_id", "kind", "url"]),
        "milestones": pd.DataFrame(
            columns=["contract_id", "event", "date", "certainty", "source_id"], dtype="str"
        ),
    }
    return corpus | tables

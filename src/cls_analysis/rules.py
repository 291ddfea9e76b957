"""Rules that the schema cannot state: dates that exist, periods in order, sources, one contract."""

import calendar
import re
from typing import Any

import pandas as pd

from cls_analysis.explain import NO_SOURCE, SOURCES, accepts_dates
from cls_analysis.package import Problem
from cls_analysis.preflight import nearest
from cls_analysis.terms import check_terms
from cls_analysis.typed import TRUE

Frames = dict[str, pd.DataFrame]
Resources = dict[str, dict[str, Any]]
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
# Start and end of a period: held in any table that has both columns.
PERIODS = [("period_start", "period_end"), ("date", "date_until"), ("opens", "closes")]
# Columns of the coders' table that hold codes of one facet, with semicolons between them.
FACETS = {"themes": "theme", "populations": "population", "levers": "lever"}
# Kinds of axes that state a priority, by the column of contracts that announces their number.
ANNOUNCED = {
    "axes_announced": ["axis", "priority", "objective"],
    "transversal_announced": ["transversal"],
}


def check_rules(resources: Resources, tables: Frames, faulty: set[str]) -> list[Problem]:
    """Check what the schema cannot state.

    Any table: a date that does not exist, a period that ends before it starts, a row without
    source. The project's own: a territory has one current contract and one that its own page
    describes; a contract in preparation has no priorities, and no source lists more of them than
    it announces; the coders use codes of the codebook; the terms of the codebook can be read.

    Parameters
    ----------
    resources, tables
        The entries of the data package and the tables, all text, indexed by `row`. A column
        that could not be read is not checked.
    faulty
        The files in which problems are known already: that something is lacking is not said of
        them, since it may well be what could not be read.

    Returns
    -------
    list of dict
        Problems with their `file` and `row`.

    """
    problems = []
    nothing = pd.DataFrame()
    for name, table in tables.items():
        resource = resources[name]
        found = _check_dates(table, resource) + _check_periods(table)
        found += _check_sources(table, resource)
        problems += [{"file": resource["path"]} | problem for problem in found]
    for rule, needed in PROJECT_RULES.items():
        if any(not set(needed[name]) <= set(tables.get(name, nothing)) for name in needed):
            continue
        doubtful = any(resources[name]["path"] in faulty for name in needed)
        problems += [
            problem | {"file": resources[name]["path"]}
            for name, problem in rule(tables, resources)
            if problem["row"] is not None or not doubtful
        ]
    return problems


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day (`2025`, `2020-02`, `2024-04-22`)."""
    found = DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _check_dates(table: pd.DataFrame, resource: dict[str, Any]) -> list[Problem]:
    columns = [
        field["name"]
        for field in resource["schema"]["fields"]
        if field["name"] in table.columns and accepts_dates(field)
    ]
    return [
        {
            "row": row,
            "column": column,
            "value": value,
            "problem": "The date does not exist.",
            "allowed": "a day of the calendar, or its month or year alone",
            "remedy": "Look the date up in its source and correct it.",
        }
        for column in columns
        for row, value in table[column].items()
        if DATE.fullmatch(value) and not is_date(value)
    ]


def _check_periods(table: pd.DataFrame) -> list[Problem]:
    """Compare the two ends of a period as far as both are precise: 2024 may end in 2024-03."""
    problems = []
    for start, end in PERIODS:
        if not {start, end} <= set(table.columns):
            continue
        for row, first, last in table[[start, end]].itertuples():
            shared = min(len(first), len(last))
            if is_date(first) and is_date(last) and first[:shared] > last[:shared]:
                problem = {
                    "row": row,
                    "column": end,
                    "value": last,
                    "problem": f"The period ends before it starts ({start} is {first}).",
                    "allowed": f"{first} or later",
                    "remedy": "Look both dates up in their source and correct the wrong one.",
                }
                problems.append(problem)
    return problems


def _check_sources(table: pd.DataFrame, resource: dict[str, Any]) -> list[Problem]:
    """Report rows without source where the schema does not demand one already."""
    column = next((name for name in SOURCES if name in table.columns), None)
    demanded = {
        field["name"]
        for field in resource["schema"]["fields"]
        if field.get("constraints", {}).get("required")
    }
    if column is None or column in demanded:
        return []
    return [
        {"row": row, "column": column} | NO_SOURCE
        for row, value in table[column].items()
        if not value.strip()
    ]


def _check_current(tables: Frames, resources: Resources) -> list[tuple[str, Problem]]:
    contracts = tables["contracts"]
    current = contracts[contracts["current"].isin(TRUE)]
    return _check_one_each(tables, current, "current", "is marked as the current one")


def _check_own_page(tables: Frames, resources: Resources) -> list[tuple[str, Problem]]:
    sources, contracts = tables["sources"], tables["contracts"]
    own = sources.loc[sources["kind"] == "own_page", "source_id"]
    described = contracts[contracts["source_id"].isin(own)]
    return _check_one_each(tables, described, "source_id", "has the territory’s own page as source")


def _check_one_each(
    tables: Frames, chosen: pd.DataFrame, column: str, what: str
) -> list[tuple[str, Problem]]:
    """Demand one chosen contract of each territory; say the second one, or the lack."""
    problems: list[tuple[str, Problem]] = []
    allowed = f"one contract of each territory {what}"
    for territory in tables["territories"]["territory_id"]:
        rows = chosen.index[chosen["territory_id"] == territory]
        for row in rows[1:]:
            problem = f"A second contract of {territory} {what}; row {rows[0]} is the first."
            remedy = "Keep the mark on one of the two."
            place = {"row": row, "column": column, "value": str(chosen.loc[row, column])}
            problems.append(
                ("contracts", place | {"problem": problem, "allowed": allowed, "remedy": remedy})
            )
        if rows.empty:
            problem = f"No contract of {territory} {what}."
            remedy = "Mark one of its contracts, or add the contract."
            place = {"row": None, "column": column, "value": territory}
            problems.append(
                ("contracts", place | {"problem": problem, "allowed": allowed, "remedy": remedy})
            )
    return problems


def _check_preparation(tables: Frames, resources: Resources) -> list[tuple[str, Problem]]:
    """Refuse priorities of a contract that is not signed: what a page names before are mentions."""
    axes, contracts = tables["axes"], tables["contracts"]
    unsigned = contracts.loc[contracts["status"] == "in_preparation", "contract_id"]
    stated = axes["kind"].isin([kind for kinds in ANNOUNCED.values() for kind in kinds])
    what = {
        "problem": "A contract in preparation states no priority yet.",
        "allowed": "domain, need or scope, while the contract is in_preparation",
        "remedy": "Correct the kind; or, once it is signed, the status of the contract.",
    }
    wrong = axes.loc[stated & axes["contract_id"].isin(unsigned), "kind"]
    return [
        ("axes", {"row": row, "column": "kind", "value": kind} | what)
        for row, kind in wrong.items()
    ]


def _check_announced(tables: Frames, resources: Resources) -> list[tuple[str, Problem]]:
    """Hold the titles that a source lists against the number that the same source announces."""
    axes, contracts = tables["axes"], tables["contracts"]
    problems: list[tuple[str, Problem]] = []
    for column, kinds in ANNOUNCED.items():
        listed = axes[axes["kind"].isin(kinds)]
        for contract, source, number in contracts[["contract_id", "source_id", column]].to_numpy():
            same = listed[(listed["contract_id"] == contract) & (listed["source_id"] == source)]
            if re.fullmatch("[1-9][0-9]{0,5}", number) and len(same) > int(number):
                row = same.index[int(number)]
                problem = {
                    "row": row,
                    "column": "kind",
                    "value": same.at[row, "kind"],
                    "problem": f"{len(same)} titles of {contract} are listed, {number} announced.",
                    "allowed": f"at most {column} ({number}) of kind {', '.join(kinds)}",
                    "remedy": f"Look both up in {source}; correct the kind, or {column}.",
                }
                problems.append(("axes", problem))
    return problems


def _check_codes(tables: Frames, resources: Resources) -> list[tuple[str, Problem]]:
    codebook = tables["codebook-codes"]
    path = resources["codebook-codes"]["path"]
    problems: list[tuple[str, Problem]] = []
    for column, facet in FACETS.items():
        known = codebook.loc[codebook["facet"] == facet, "code"].tolist()
        for row, cell in tables["reference-codings"][column].items():
            for code in cell.split(";") if cell else []:
                if code not in known:
                    near = nearest(code, known)
                    problem = {
                        "row": row,
                        "column": column,
                        "value": cell,
                        "problem": f"“{code}” is not a code of the facet {facet}.",
                        "allowed": f"codes of {path}, with ; between them: {', '.join(known)}",
                        "remedy": f"Correct the code{f' ({near})' if near else ''}.",
                    }
                    problems.append(("reference-codings", problem))
    return problems


def _check_terms(tables: Frames, resources: Resources) -> list[tuple[str, Problem]]:
    terms = tables["codebook-terms"]
    found = check_terms(terms, tables["codebook-codes"], "")
    # Rows are counted there without the blank ones that were left out here.
    rows = [terms.index[int(str(problem["row"])) - 2] for problem in found]
    return [
        ("codebook-terms", problem | {"row": row}) for problem, row in zip(found, rows, strict=True)
    ]


CONTRACTS = ["territory_id", "source_id", "current"]
# Each rule of the project, and the tables and columns without which it cannot be checked.
PROJECT_RULES = {
    _check_current: {"territories": ["territory_id"], "contracts": CONTRACTS},
    _check_own_page: {
        "territories": ["territory_id"],
        "contracts": CONTRACTS,
        "sources": ["source_id", "kind"],
    },
    _check_preparation: {"axes": ["contract_id", "kind"], "contracts": ["contract_id", "status"]},
    _check_announced: {
        "axes": ["contract_id", "source_id", "kind"],
        "contracts": ["contract_id", "source_id", *ANNOUNCED],
    },
    _check_codes: {
        "codebook-codes": ["facet", "code"],
        "reference-codings": list(FACETS),
    },
    _check_terms: {
        "codebook-codes": ["facet", "code"],
        "codebook-terms": ["code", "term", "beside", "not_beside"],
    },
}

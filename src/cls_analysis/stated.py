"""From tables to what each contract states: one row per contract and code, one of four states."""

from typing import Literal

import pandas as pd

from cls_analysis.codebook import load_codebook
from cls_analysis.names import look_up
from cls_analysis.normalise import normalise
from cls_analysis.tables import load_corpus, load_reference

Frames = dict[str, pd.DataFrame]
Evidence = Literal["own_page", "all"]

STATES = ["stated", "mentioned", "not_stated", "no_text"]
# The kinds of axis that state a priority once the contract is signed. A need or a scope never does,
# and a contract in preparation states nothing yet.
PRIORITY_KINDS = ["axis", "transversal", "priority", "objective", "domain"]


def select_contracts(corpus: Frames, evidence: Evidence = "all") -> pd.DataFrame:
    """Choose the contract of each territory that an evidence speaks of.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`; `contracts` and `sources` are used.
    evidence
        "own_page": the contract that the territory's own page describes. "all": the contract
        that is current by all public sources.

    Returns
    -------
    DataFrame
        Rows of `contracts`, at most one per territory.

    Raises
    ------
    DataError
        Evidence that does not exist.

    """
    look_up(evidence, ["own_page", "all"], "evidence")
    contracts = corpus["contracts"]
    if evidence == "own_page":
        return keep_evidence(contracts, corpus, evidence)
    return contracts[contracts["current"].fillna(False).astype(bool)]


def keep_evidence(table: pd.DataFrame, corpus: Frames, evidence: Evidence) -> pd.DataFrame:
    """Keep the rows of a table whose source belongs to an evidence.

    Parameters
    ----------
    table
        Any table of the corpus, with `source_id`.
    corpus
        Tables of `load_corpus()`; `sources` is used.
    evidence
        "own_page" keeps the rows of the territories' own pages, "all" keeps every row.

    Returns
    -------
    DataFrame
        The rows kept.

    """
    sources = corpus["sources"]
    own = sources.loc[sources["kind"] == "own_page", "source_id"]
    return table[table["source_id"].isin(own)] if evidence == "own_page" else table


def corpus_stated(
    corpus: Frames | None = None,
    *,
    evidence: Evidence = "all",
    transversal: bool = True,
    coded: pd.DataFrame | None = None,
    codes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """State of every code in the contract of each of the five territories.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`; loaded when None.
    evidence
        "own_page" or "all", see `select_contracts`.
    transversal
        False leaves out the axes of kind `transversal`.
    coded
        Codes of the axis texts (axis_text, facet, code); made by `normalise` when None.
    codes
        Codes of the codebook (facet, code), in display order; loaded when None.

    Returns
    -------
    DataFrame
        As `reference_stated`. A list is complete when a page lists at least as many priorities,
        the transversal ones aside, as it announces; needs and scopes do not fill a list.

    """
    corpus = load_corpus() if corpus is None else corpus
    contracts = select_contracts(corpus, evidence)
    axes = keep_evidence(corpus["axes"], corpus, evidence).rename(columns={"label": "axis_text"})
    axes = axes[axes["contract_id"].isin(contracts["contract_id"])]
    counted = axes[axes["kind"].isin(PRIORITY_KINDS) & (axes["kind"] != "transversal")]
    listed = counted.groupby(["contract_id", "source_id"]).size().groupby("contract_id").max()
    n_listed = listed.reindex(contracts["contract_id"], fill_value=0).to_numpy()
    missing = contracts["axes_announced"] > n_listed
    contracts = contracts.assign(list_complete=~missing.fillna(False).astype(bool))
    coded = normalise(axes["axis_text"].tolist()) if coded is None else coded
    return _grid(contracts, axes, coded, transversal, codes)


def reference_stated(
    reference: Frames | None = None,
    *,
    coder: Literal["adjudicated", "coder_a", "coder_b", "machine"] = "adjudicated",
    transversal: bool = True,
    codes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """State of every code in each reference contract.

    Parameters
    ----------
    reference
        Tables of `load_reference()`; loaded when None.
    coder
        Whose codes: the adjudicated ones, one of the two coders, or "machine" (`normalise`).
    transversal
        False leaves out the axes of kind `transversal`.
    codes
        Codes of the codebook (facet, code), in display order; loaded when None.

    Returns
    -------
    DataFrame
        One row per contract and code, contracts in the order of the table, codes in the order of
        the codebook: contract_id, facet, code, state, complete.

        `state` is one of: stated (as a priority); mentioned (a need, a scope, or a domain of a
        contract in preparation); not_stated (the list of axes is readable to its end and does
        not state it); no_text (the axes, or some of them, cannot be read: nothing can be said).
        `complete` is True for a signed contract whose list of axes is readable to its end: only
        such a contract can say no, and only such a contract counts in a denominator.

    """
    reference = load_reference() if reference is None else reference
    look_up(coder, ["adjudicated", "coder_a", "coder_b", "machine"], "coder")
    axes, codings = reference["axes"], reference["codings"]
    if coder == "machine":
        coded = normalise(axes["axis_text"].drop_duplicates().tolist())
    else:
        coded = codings[codings["coder"] == coder]
    return _grid(reference["contracts"], axes, coded, transversal, codes)


def _grid(
    contracts: pd.DataFrame,
    axes: pd.DataFrame,
    coded: pd.DataFrame,
    transversal: bool,
    codes: pd.DataFrame | None,
) -> pd.DataFrame:
    """Cross contracts (contract_id, status, list_complete) with codes and fill in the state."""
    codes = load_codebook()["codes"] if codes is None else codes
    axes = axes if transversal else axes[axes["kind"] != "transversal"]
    axes = axes.merge(contracts[["contract_id", "status"]], on="contract_id")
    axes["priority"] = (axes["status"] != "in_preparation") & axes["kind"].isin(PRIORITY_KINDS)
    said = axes.merge(coded[["axis_text", "code"]].dropna().drop_duplicates(), on="axis_text")
    # A code both stated and mentioned is stated.
    state = said.groupby(["contract_id", "code"])["priority"].any().reset_index()
    state["state"] = state["priority"].map({True: "stated", False: "mentioned"})

    readable = contracts["contract_id"].isin(axes.loc[axes["priority"], "contract_id"])
    complete = readable & contracts["list_complete"].fillna(False).astype(bool)
    grid = contracts[["contract_id"]].assign(complete=complete.astype(bool))
    grid = grid.merge(codes[["facet", "code"]], how="cross")
    grid = grid.merge(state.drop(columns="priority"), on=["contract_id", "code"], how="left")
    unsaid = grid["complete"].map({True: "not_stated", False: "no_text"})
    filled = grid["state"].astype("object").fillna(unsaid)
    grid["state"] = pd.Categorical(filled, categories=STATES)
    return grid[["contract_id", "facet", "code", "state", "complete"]]


def keep_facet(
    stated: pd.DataFrame, facet: str | None, codes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Keep the rows of one facet, or all rows when it is None.

    Parameters
    ----------
    stated
        Frame of `corpus_stated` or `reference_stated`, or any frame with `facet`.
    facet
        "theme", "population", "lever" or None.
    codes
        Codes of the codebook, for the facets that exist; those of `stated` when None.

    Returns
    -------
    DataFrame
        The rows kept.

    Raises
    ------
    DataError
        A facet that does not exist.

    """
    if facet is None or stated.empty:
        return stated
    known = (stated if codes is None else codes)["facet"].dropna().unique()
    return stated[stated["facet"] == look_up(facet, known, "facet")]


def state_matrix(stated: pd.DataFrame, state: str = "stated") -> pd.DataFrame:
    """Turn the long frame into a table of yes and no.

    Parameters
    ----------
    stated
        Frame of `corpus_stated` or `reference_stated`.
    state
        The state that counts as yes.

    Returns
    -------
    DataFrame of bool
        Contracts (index, `contract_id`) by codes, both in the order of the frame.

    """
    codes = stated["code"].unique()
    rows = stated["contract_id"].unique()
    cells = (stated["state"] == state).to_numpy().reshape(len(rows), len(codes))
    return pd.DataFrame(cells, index=pd.Index(rows, name="contract_id"), columns=codes)

"""Other ways to code an axis, measured beside the normaliser on the same axes.

A peer is a function of three frames: the training coding, the codes of the codebook and the axes
to code (column axis_text). It returns a coding of the distinct texts of these axes.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process, utils
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.base import TransformerMixin
from sklearn.model_selection import GroupKFold

from cls_analysis.agreement import evaluate
from cls_analysis.codebook import load_codebook
from cls_analysis.codings import select_coding
from cls_analysis.normalise import normalise
from cls_analysis.second_opinion import train_model

THRESHOLD = 95  # of 100: the likeness that serves rapidfuzz best on the read part (of 85, 90, 95)
FOLDS = 5

Frame = pd.DataFrame
Peer = Callable[[Frame, Frame, Frame], Frame]


def code_by_terms(training: Frame, codes: Frame, axes: Frame) -> Frame:
    """Code axes with the normaliser; nothing is trained."""
    return normalise(axes["axis_text"].drop_duplicates().tolist())


def code_by_model(
    training: Frame, codes: Frame, axes: Frame, features: TransformerMixin | None = None
) -> Frame:
    """Code axes with TF-IDF (or other features) and logistic regression: see `train_model()`."""
    model, keys = train_model(training, features=features)
    texts = axes["axis_text"].drop_duplicates().tolist()
    return _coding(texts, keys, np.asarray(model.predict(texts)) > 0)


def code_by_rapidfuzz(training: Frame, codes: Frame, axes: Frame) -> Frame:
    """Code axes by partial likeness (rapidfuzz) to what the codebook says that a code includes.

    Nothing is trained. Spaces around term and axis keep short terms from matching inside words.
    """
    terms = codes.dropna(subset="includes")
    terms = terms.assign(term=terms["includes"].str.split("[;,]", regex=True)).explode("term")
    keys = sorted(set(terms["facet"] + ":" + terms["code"]))
    key = (terms["facet"] + ":" + terms["code"]).map(keys.index).to_numpy()
    texts = axes["axis_text"].drop_duplicates().tolist()
    likeness = process.cdist(
        [f" {utils.default_process(text)} " for text in texts],
        [f" {utils.default_process(term)} " for term in terms["term"]],
        scorer=fuzz.partial_ratio,
        score_cutoff=THRESHOLD,
        dtype=np.uint8,
    )
    given = np.stack([(likeness[:, key == k] > 0).any(axis=1) for k in range(len(keys))], axis=1)
    return _coding(texts, keys, given)


PEERS: dict[str, Peer] = {
    "terms": code_by_terms,
    "rapidfuzz": code_by_rapidfuzz,
    "tfidf_logreg": code_by_model,
}


def compare_with_peers(
    reference: dict[str, Frame], codes: Frame | None = None, peers: dict[str, Peer] | None = None
) -> Frame:
    """Measure the normaliser and its peers against the adjudicated codes, part by part.

    On the part "read", whose axes were seen while the terms were written, the peers that learn are
    cross-validated (5 folds; no territory and no wording is in two of them). On the part "unread"
    they learn from all of "read". "unread_new" holds the axes of "unread" whose wording does not
    occur in "read".

    Parameters
    ----------
    reference : dict of DataFrame
        contracts (contract_id, territory, part), axes and codings, as `load_reference()` returns.
    codes : DataFrame, optional
        facet, code, includes; default, the codes of `load_codebook()`.
    peers : dict, optional
        Name and function of each peer; default, `PEERS`: terms (the normaliser), rapidfuzz,
        tfidf_logreg.

    Returns
    -------
    DataFrame
        part, peer, and the columns of `agreement.evaluate()` for all facets together: n_axes,
        n_contracts, n_codes, micro_f1, macro_f1, exact with the ends of their intervals. The peer
        "coders" is coder A measured against coder B: what two passes with the codebook reach.

    Raises
    ------
    ValueError
        If a part of the reference has no axis.
    """
    codes = load_codebook()["codes"] if codes is None else codes
    peers = PEERS if peers is None else peers
    axes = reference["axes"].merge(
        reference["contracts"][["contract_id", "territory", "part"]], on="contract_id"
    )
    codings = reference["codings"]
    read, unread = (axes[axes["part"] == part] for part in ("read", "unread"))
    if read.empty or unread.empty:
        raise ValueError("The reference needs axes of both parts, read and unread.")
    folds = list(GroupKFold(FOLDS).split(read, groups=_groups(read)))
    new = unread[~unread["axis_text"].isin(read["axis_text"])]
    splits = {
        "read": [(read.iloc[train], read.iloc[test]) for train, test in folds],
        "unread": [(read, unread)],
        "unread_new": [(read, new)],
    }
    rows = []
    for part, pairs in splits.items():
        tested = pd.concat([test for _, test in pairs])
        a, b, right = (
            select_coding(codings, coder, tested) for coder in ("coder_a", "coder_b", "adjudicated")
        )
        rows.append(_row(part, "coders", evaluate(a, b, tested)))
        for name, peer in peers.items():
            coded = pd.concat(
                [
                    peer(select_coding(codings, "adjudicated", train), codes, test)
                    for train, test in pairs
                ]
            )
            rows.append(_row(part, name, evaluate(coded, right, tested)))
    return pd.concat(rows, ignore_index=True)


def _groups(axes: Frame) -> npt.NDArray[np.int_]:
    """Return a number for each axis: the same for axes linked by territory or by wording."""
    territory = pd.factorize(axes["territory"])[0]
    text = pd.factorize(axes["axis_text"])[0] + territory.max() + 1
    size = text.max() + 1
    links = coo_array((np.ones(len(axes)), (territory, text)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1][territory])


def _coding(texts: list[str], keys: list[str], given: npt.NDArray[np.bool_]) -> Frame:
    """Make a coding of texts x keys; a text without key keeps one row."""
    rows: list[list[str | None]] = []
    for text, marks in zip(texts, given, strict=True):
        named = [keys[k].split(":") for k in np.flatnonzero(marks)]
        rows += [[text, *pair] for pair in named] if named else [[text, None, None]]
    return pd.DataFrame(rows, columns=["axis_text", "facet", "code"]).astype("string")


def _row(part: str, peer: str, measured: Frame) -> Frame:
    overall = measured[measured["facet"] == "all"].drop(columns="facet")
    overall.insert(0, "part", part)
    overall.insert(1, "peer", peer)
    return overall

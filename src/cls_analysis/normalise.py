"""Axis text in, codes of the taxonomy out, each with the words that gave it."""

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.arrays import ArrowStringArray

from cls_analysis.codebook import load_codebook
from cls_analysis.folding import Ints, Longs, split
from cls_analysis.matching import Matcher, match
from cls_analysis.terms import COLUMNS

# Texts are coded in parts of about so many characters, which bounds the memory.
_PART = 2_000_000
_BETWEEN = " … "
_HALVES = re.compile("[\ud800-\udfff]")
# More than there are codes: text and code in one number.
_CODES = 1024


def _checked(texts: Iterable[object]) -> list[str | None]:
    """Turn the texts into a list, None where one is missing."""
    if isinstance(texts, str):
        raise TypeError("normalise() takes a list of texts, not one text: put it into [ ]")
    checked: list[str | None] = []
    for row, text in enumerate(texts, start=1):
        if isinstance(text, str):
            if not text.isascii() and _HALVES.search(text):
                raise ValueError(f"text {row} is not valid Unicode: it holds half a character")
            checked.append(text)
        elif text is None or text is pd.NA or text is pd.NaT or text != text:
            checked.append(None)
        else:
            raise TypeError(f"text {row} is {text!r}, of type {type(text).__name__}, not a text")
    return checked


def _cells(frame: pd.DataFrame, columns: list[str]) -> Iterator[tuple[str, ...]]:
    cells = frame.reindex(columns=columns).astype("string").fillna("")
    return cells.itertuples(index=False, name=None)


@lru_cache(maxsize=4)
def _matcher(terms: tuple[tuple[str, ...], ...], codes: tuple[tuple[str, ...], ...]) -> Matcher:
    return Matcher(
        pd.DataFrame(terms, columns=COLUMNS[:4]), pd.DataFrame(codes, columns=["facet", "code"])
    )


def _parts(texts: list[str | None]) -> Iterator[list[str | None]]:
    part = np.cumsum([len(text or "") + 1 for text in texts]) // _PART
    bounds = np.flatnonzero(np.diff(part, prepend=-1, append=-1))
    for first, after in itertools.pairwise(bounds):
        yield texts[first:after]


def _merged(stated: Longs, start: Ints, end: Ints) -> tuple[Longs, Ints, Ints]:
    """Make one of the pieces of text that overlap and state the same, in sorted order."""
    if not len(stated):
        return stated, start, end
    statement = np.cumsum(np.diff(stated, prepend=stated[0]) > 0) << 32
    reached = np.maximum.accumulate(statement + end)
    piece = np.append(0, np.flatnonzero((statement + start)[1:] >= reached[:-1]) + 1)
    return stated[piece], start[piece], np.maximum.reduceat(end, piece)


def _code_part(texts: list[str], matcher: Matcher) -> tuple[Longs, Longs, pa.Array]:
    """Code n texts: the place of the text, the place of the code (-1: none) and the words."""
    tokens = split(texts, matcher.kind)
    runs = match(matcher, tokens)
    run, code = matcher.codes_of(runs.group)
    start, end = tokens.start[runs.first[run]], tokens.end[runs.next[run] - 1]
    stated = tokens.text[runs.first[run]] * np.int64(_CODES) + code
    order = np.lexsort((start, stated))
    stated, start, end = _merged(stated[order], start[order], end[order])
    first = np.flatnonzero(np.diff(stated, prepend=-1))
    words = [
        tokens.joined[i:j] for i, j in zip(start[first].tolist(), end[first].tolist(), strict=True)
    ]
    size = np.diff(np.append(first, len(stated)))
    for row in np.flatnonzero(size > 1):
        pieces = range(first[row], first[row] + size[row])
        words[row] = _BETWEEN.join(tokens.joined[start[i] : end[i]] for i in pieces)

    text, code = stated[first] // _CODES, stated[first] % _CODES
    uncoded = np.setdiff1d(np.arange(len(texts)), text)
    text = np.append(text, uncoded)
    order = np.argsort(text, kind="stable")
    code = np.append(code, np.full(len(uncoded), -1))[order]
    nothing = pa.nulls(len(uncoded), pa.large_string())
    words = pa.concat_arrays([pa.array(words, pa.large_string()), nothing]).take(pa.array(order))
    return text[order], code, words


def normalise(
    texts: Iterable[object], codebook: dict[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Code axis titles in the shared taxonomy.

    Parameters
    ----------
    texts
        n titles: a list, a Series (its index is not used), any iterable. A missing value is a
        text without a code.
    codebook
        What `load_codebook` returns; by default that of the package.

    Returns
    -------
    DataFrame
        `row` (the place of the text, from 1), `axis_text` (as given), `facet`, `code`, `words`
        (the words of the text that gave the code; " … " stands between words that are apart).
        One row per text and code, in the order of the texts and of the codebook. A text without
        a code has one row whose last three cells are missing.

    Raises
    ------
    TypeError
        One text in the place of a list, or a value that is not a text.
    ValueError
        A text that is not valid Unicode (half of a surrogate pair).
    DataError
        The terms of `codebook` are not good.

    """
    checked = _checked(texts)
    book = load_codebook() if codebook is None else codebook
    codes = book["codes"]
    matcher = _matcher(
        tuple(_cells(book["terms"], COLUMNS[:4])), tuple(_cells(codes, ["facet", "code"]))
    )
    code_names, facets = (pa.array([*codes[c], None], pa.large_string()) for c in ("code", "facet"))
    rows = [np.empty(0, dtype=np.int64)]
    columns: dict[str, list[pa.Array]] = {"axis_text": [], "facet": [], "code": [], "words": []}
    done = 0
    for part in _parts(checked):
        text, code, words = _code_part([text or "" for text in part], matcher)
        place = pa.array(np.where(code < 0, len(codes), code))
        rows.append(text + done + 1)
        columns["axis_text"].append(pa.array(part, pa.large_string()).take(pa.array(text)))
        columns["facet"].append(facets.take(place))
        columns["code"].append(code_names.take(place))
        columns["words"].append(words)
        done += len(part)
    frame = {"row": pd.Series(np.concatenate(rows))}
    for name, parts in columns.items():
        values = ArrowStringArray(pa.chunked_array(parts, pa.large_string()))
        frame[name] = pd.Series(values)
    return pd.DataFrame(frame)

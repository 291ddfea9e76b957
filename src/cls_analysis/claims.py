"""Which terms get the words that several of them want."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cls_analysis.folding import Bools, Ints, Longs

# Rows of a state, the table of the places where a term fits: the word that comes next, the number
# of words matched, then the first and the next word of each run of words taken.
NEXT, LENGTH, FIRST = 0, 1, 2
_ROUNDS = 5


class Runs(NamedTuple):
    """Runs of words that terms take, n of them: claim, group, first word and next word."""

    claim: Ints
    group: Ints
    first: Ints
    next: Ints


def list_runs(hits: Iterator[tuple[int, Ints]]) -> tuple[Runs, Ints]:
    """Put the runs of all hits into one table, and the number of words matched of each claim."""
    claims, groups, firsts, nexts, lengths = [], [], [], [], []
    count = 0
    for number, state in hits:
        size = state.shape[1]
        lengths.append(state[LENGTH])
        for i in range(FIRST, len(state), 2):
            claims.append(np.arange(count, count + size, dtype=np.int32))
            groups.append(np.full(size, number, dtype=np.int32))
            firsts.append(state[i])
            nexts.append(state[i + 1])
        count += size
    none = [np.empty(0, dtype=np.int32)]
    claim, group, first, after, length = (
        np.concatenate([*parts, *none]) for parts in (claims, groups, firsts, nexts, lengths)
    )
    return Runs(claim, group, first, after), length


def _rank(runs: Runs, length: Ints) -> Ints:
    """Rank the claims, 0 the weakest; claims of one rank take the same words."""
    width = runs.next - runs.first
    taken = np.bincount(runs.claim, weights=width, minlength=len(length)).astype(np.int64)
    begin = np.full(len(length), np.iinfo(np.int32).max, dtype=np.int64)
    np.minimum.at(begin, runs.claim, runs.first)
    end = np.zeros(len(length), dtype=np.int64)
    np.maximum.at(end, runs.claim, runs.next)
    # One number holds all four criteria. No term matches or takes 255 words.
    close = 255 - np.minimum(end - begin, 255)
    strength = (((length.astype(np.int64) << 8) + taken << 8) + close << 32) + begin
    return np.unique(strength, return_inverse=True)[1].astype(np.int32)


def _hold(claim: Longs, word: Longs, rank: Ints) -> Bools:
    """Tell which claims hold, given the pairs of a claim and a word that it takes.

    The strongest claims get their words, then the strongest of those that are left: the claims
    that are the strongest on all their words are found at once. Few are left after some rounds,
    and these are settled one by one, lest a long chain of claims take as many rounds.
    """
    holds = np.zeros(len(rank), dtype=bool)
    n_words = int(word.max(initial=0)) + 1
    for _ in range(_ROUNDS):
        owner = np.full(n_words, -1, dtype=np.int32)
        np.maximum.at(owner, word, rank[claim])
        beaten = np.zeros(len(rank), dtype=bool)
        beaten[claim[owner[word] != rank[claim]]] = True
        wins = ~beaten[claim]
        holds[claim[wins]] = True
        gone = np.zeros(n_words, dtype=bool)
        gone[word[wins]] = True
        out = holds.copy()
        out[claim[gone[word]]] = True
        left = ~out[claim]
        claim, word = claim[left], word[left]
        if not len(claim):
            break
    order = np.lexsort((claim, -rank[claim]))
    owners: dict[int, int] = {}
    for one, pairs in itertools.groupby(
        zip(claim[order].tolist(), word[order].tolist(), strict=True), lambda pair: pair[0]
    ):
        words, its_rank = [word for _, word in pairs], int(rank[one])
        if all(owners.get(word, its_rank) == its_rank for word in words):
            owners.update(dict.fromkeys(words, its_rank))
            holds[one] = True
    return holds


def settle(runs: Runs, length: Ints) -> Runs:
    """Keep the claims that hold where several want the same word.

    The claim with the most words matched wins; of equals the one that takes the most words, then
    the one whose words stand closest together, then the one that begins last. Claims that take
    the same words hold together.

    Parameters
    ----------
    runs, length
        What `list_runs` returns.

    Returns
    -------
    Runs
        Of the claims that hold.

    """
    width = (runs.next - runs.first).astype(np.int64)
    claim = np.repeat(runs.claim, width).astype(np.int64)
    within = np.arange(len(claim)) - np.repeat(np.cumsum(width) - width, width)
    word = np.repeat(runs.first, width) + within
    holds = _hold(claim, word, _rank(runs, length))[runs.claim]
    return Runs(runs.claim[holds], runs.group[holds], runs.first[holds], runs.next[holds])

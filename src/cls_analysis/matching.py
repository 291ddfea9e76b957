"""Where the terms of the codebook fit, for many texts at once.

The words of all texts stand in one array. Terms that begin alike share their first steps in a
tree, and each step moves all places that are still in the running by one word, in a few NumPy
operations. `claims` settles which terms get the words that several want.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cls_analysis.claims import FIRST, LENGTH, NEXT, Runs, list_runs, settle
from cls_analysis.folding import COMMA, Bools, Ints, Longs, Tokens
from cls_analysis.terms import GAPS, Element, group_terms, keys_of_word

# So many words are remembered at most: real texts have some ten thousand.
_REMEMBERED = 200_000


@dataclass
class _Node:
    """A step of the tree: the steps that may follow, and the groups whose terms end here."""

    following: "dict[Element, _Node]" = field(default_factory=dict)
    groups: list[int] = field(default_factory=list)


class Matcher:
    """The terms of a codebook, made ready; it remembers the kinds of the words that it has met.

    Parameters
    ----------
    terms, codes
        The frames of `load_codebook`.

    Raises
    ------
    DataError
        See `group_terms`.

    """

    def __init__(self, terms: pd.DataFrame, codes: pd.DataFrame) -> None:
        self.groups = group_terms(terms, codes)
        self._facet = dict(zip(codes["code"], codes["facet"], strict=True))
        place = {code: i for i, code in enumerate(codes["code"])}
        given = [[place[c] for c in group.codes if c in place] for group in self.groups]
        self._n_codes = np.array([len(codes) for codes in given], dtype=np.int64)
        self._codes = np.array([code for codes in given for code in codes], dtype=np.int64)
        self.trees = [_Node() for _ in range(6)]
        for number, group in enumerate(self.groups):
            for way in group.ways:
                node = self.trees[group.level]
                for element in way:
                    node = node.following.setdefault(element, _Node())
                node.groups.append(number)
        elements = {e for group in self.groups for way in group.ways for e in way}
        patterns = sorted({e.value for e in elements if e.kind == "word"})
        self.row_of_pattern = {pattern: row for row, pattern in enumerate(patterns)}
        self.referred = {e.value for e in elements if e.kind == "set"}
        self.conditions = {c for g in self.groups for c in (g.beside, g.not_beside) if c}
        self._rows_of_key: dict[str, list[int]] = {}
        for pattern, row in self.row_of_pattern.items():
            for key in pattern.split("|"):
                self._rows_of_key.setdefault(key, []).append(row)
        # Stemming is slow: a word that begins like no term is not looked at further.
        self._beginnings = {key[1:4] for key in self._rows_of_key}
        # Words that fit the same patterns are of one kind. Kind 0 ends a text.
        self._patterns_of_kind: list[list[int]] = [[]]
        self._kinds: dict[tuple[int, ...], int] = {}
        self._kind_of_word: dict[str, int] = {}

    def kind(self, word: str) -> int:
        """Give the number of the kind of a folded word."""
        number = self._kind_of_word.get(word)
        if number is None:
            rows = self._rows(word)
            # Punctuation is of a kind of its own, whether or not a term names it.
            sign = (-1, *rows) if word == COMMA else (*rows,)
            number = self._kinds.setdefault(sign, len(self._patterns_of_kind))
            if number == len(self._patterns_of_kind):
                self._patterns_of_kind.append(rows)
            if len(self._kind_of_word) < _REMEMBERED:
                self._kind_of_word[word] = number
        return number

    def codes_of(self, groups: Ints) -> tuple[Longs, Longs]:
        """List the codes of n groups: which of the n, and the place of the code."""
        n_codes = self._n_codes[groups]
        first = (np.cumsum(self._n_codes) - self._n_codes)[groups]
        which = np.repeat(np.arange(len(groups)), n_codes)
        within = np.arange(len(which)) - np.repeat(np.cumsum(n_codes) - n_codes, n_codes)
        return which, self._codes[first[which] + within]

    def _rows(self, word: str) -> list[int]:
        known = self._beginnings
        if word[:3] not in known and word[:2] not in known and word[:1] not in known:
            return []
        keys = keys_of_word(word)
        return sorted({row for key in keys for row in self._rows_of_key.get(key, [])})

    def fits(self) -> Bools:
        """Tell which pattern (row) fits which kind of word (column)."""
        table = np.zeros((len(self.row_of_pattern), len(self._patterns_of_kind)), dtype=bool)
        for kind, rows in enumerate(self._patterns_of_kind):
            table[rows, kind] = True
        return table

    def names(self, number: int) -> set[str]:
        """List the names by which terms can refer to what a group finds."""
        codes = self.groups[number].codes
        return {*codes, *(self._facet.get(code, code) for code in codes)} & self.referred


class _Search:
    """One pass of a matcher over the words of many texts."""

    def __init__(self, matcher: Matcher, tokens: Tokens) -> None:
        self.matcher, self.tokens = matcher, tokens
        self.table = matcher.fits()
        self.comma = matcher.kind(COMMA)
        self.order = np.argsort(tokens.kind.astype(np.uint16), kind="stable").astype(np.int32)
        self.bounds = np.searchsorted(tokens.kind[self.order], np.arange(self.table.shape[1] + 1))
        self.ends: dict[str, Ints] = {}
        self.texts_with: dict[str, Bools] = {}

    def hits(self) -> Iterator[tuple[int, Ints]]:
        """Yield each group of terms with the places where it fits."""
        for level, tree in enumerate(self.matcher.trees):
            found: list[tuple[int, Ints]] = []
            for element, node in tree.following.items():
                places = self.places(element)
                if places.size:
                    found += self.below(node, self.step(element, places), element.taken)
            self.note(found)
            if level % 3 == 2:
                yield from found

    def places(self, element: Element) -> Ints:
        """List the places where a term that begins with the element may begin."""
        if element.kind == "set":
            first = np.flatnonzero(self.ends.get(element.value, np.empty(0)) >= 0)
        else:
            kinds = np.flatnonzero(self.table[self.matcher.row_of_pattern[element.value]])
            slices = [self.order[self.bounds[k] : self.bounds[k + 1]] for k in kinds]
            first = np.concatenate([*slices, np.empty(0, dtype=np.int32)])
        return np.stack([first, np.zeros_like(first)]).astype(np.int32)

    def step(self, element: Element, state: Ints, continues: bool = False) -> Ints:
        """Move every place by one element; those where it does not fit are dropped."""
        place = state[NEXT]
        if element.kind == "gap":
            return self.leap(element.value, state)
        if element.kind == "set":
            ends = self.ends.get(element.value)
            after = np.full_like(place, -1) if ends is None else ends[place]
        else:
            row = self.table[self.matcher.row_of_pattern[element.value]]
            after = np.where(row[self.tokens.kind[place]], place + 1, -1)
        kept = after >= 0
        before, after, state = place[kept], after[kept], state[:, kept]
        state[NEXT] = after
        state[LENGTH] += after - before
        if element.taken and continues:
            state[-1] = after
        elif element.taken:
            state = np.vstack([state, before, after])
        return state

    def leap(self, gap: str, state: Ints) -> Ints:
        """Skip as many words as a gap allows: one copy of each place for each number of words."""
        steps = [state]
        for _ in range(GAPS[gap]):
            kind = self.tokens.kind[state[NEXT]]
            stays = (kind != 0) & (kind != self.comma) if gap == ".." else kind != 0
            state = state[:, stays]
            state[NEXT] += 1
            steps.append(state)
        return np.hstack(steps)

    def below(self, node: _Node, state: Ints, taken: bool) -> Iterator[tuple[int, Ints]]:
        """Yield the groups whose terms end at a node or below it, with their places."""
        if not state.shape[1]:
            return
        for number in node.groups:
            yield number, self.conditioned(number, state)
        for element, child in node.following.items():
            yield from self.below(child, self.step(element, state, taken), element.taken)

    def conditioned(self, number: int, state: Ints) -> Ints:
        """Keep the places whose text meets the conditions; a condition met counts as a word."""
        group = self.matcher.groups[number]
        for condition, wanted in ((group.beside, True), (group.not_beside, False)):
            if condition:
                text = self.tokens.text[state[NEXT] - 1]
                state = state[:, self.texts_with[condition][text] == wanted]
                state[LENGTH] += 1
        return state

    def note(self, found: list[tuple[int, Ints]]) -> None:
        """Note where the names and conditions that other terms refer to were found."""
        n_words, n_texts = len(self.tokens.kind), int(self.tokens.text[-1]) + 1
        for name in self.matcher.conditions:
            self.texts_with.setdefault(name, np.zeros(n_texts, dtype=bool))
        for number, state in found:
            for name in self.matcher.names(number):
                ends = self.ends.setdefault(name, np.full(n_words, -1, dtype=np.int32))
                np.maximum.at(ends, state[FIRST], state[-1])
            for name in self.matcher.conditions.intersection(self.matcher.groups[number].codes):
                self.texts_with[name][self.tokens.text[state[FIRST]]] = True


def match(matcher: Matcher, tokens: Tokens) -> Runs:
    """Fit all terms of a codebook and settle which of them get the words that several want.

    Returns
    -------
    Runs
        Of the claims that hold.

    """
    runs, length = list_runs(_Search(matcher, tokens).hits())
    return settle(runs, length)

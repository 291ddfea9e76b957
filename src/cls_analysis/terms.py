"""The term language of data/codebook/terms.csv: reads its rows, reports every bad one.

The language is described, with examples, in data/README.md.
"""

import itertools
import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd
import snowballstemmer

from cls_analysis.errors import DataError
from cls_analysis.folding import COMMA, SMALL_WORDS, fold

NONE = "none"
GAPS = {"..": 3, "...": 10}
COLUMNS = ["code", "term", "beside", "not_beside", "note"]

_JOINTS = re.compile(r"[’'ʼ‘-]")
# No French word is longer; what is, is not looked at beyond.
_LONGEST = 40
_french = snowballstemmer.stemmer("french")


class Element(NamedTuple):
    """One step of a term.

    kind is "word" (value: what fits, as `_key` writes it), "set" (value: a name) or "gap"
    (value: "..", at most 3 words and no comma, or "...", at most 10 with commas).
    taken says whether the words are taken: False in brackets and in gaps.
    """

    kind: str
    value: str
    taken: bool


class Group(NamedTuple):
    """Rows that say the same of the same words: the ways to fit them and the codes they give.

    level is 0 for a named set, 1 for a condition and 2 for a term; 3 more for one that refers to
    codes. Each level sees what the ones before it found.
    """

    level: int
    codes: tuple[str, ...]
    ways: tuple[tuple[Element, ...], ...]
    beside: str
    not_beside: str


def _stem(word: str) -> str:
    """Stem a folded word; the stemmer needs some help with plurals and with lost accents."""
    if not word.isalpha():
        return word
    singular = word.removesuffix("s")
    return str(
        _french.stemWord(singular.removesuffix("e") if singular.endswith("ee") else singular)
    )


def _key(word: str) -> str:
    """Write what fits a word of a term: "=spelling", "*beginning" or "~stem"."""
    if word == COMMA or word.startswith("="):
        return "=" + (word if word == COMMA else fold(word))
    return "*" + fold(word) if word.endswith("*") else "~" + _stem(fold(word))


def keys_of_word(word: str) -> list[str]:
    """List the keys, as in the elements of terms, that a folded word fits."""
    if not word.isalpha():
        return ["=" + word, "~" + word]
    beginnings = ["*" + word[:i] for i in range(1, min(len(word), _LONGEST) + 1)]
    return ["=" + word, "~" + _stem(word[:_LONGEST]), *beginnings]


def read_term(term: str) -> tuple[tuple[Element, ...], ...]:
    """Read one term.

    Parameters
    ----------
    term
        As written in terms.csv.

    Returns
    -------
    tuple
        One way to fit the term for each choice of its optional parts.

    Raises
    ------
    ValueError
        The term cannot be read; the message says why.

    """
    if double := next((p for p in term.split() if "|" in p and _JOINTS.search(p)), ""):
        raise ValueError(f"in “{double}” an alternative has two words; write a row for each")
    spaced = re.sub(r"(<\w+>|(?<=\w),(?= )|\.{2,}|[\[\]()])", r" \1 ", _JOINTS.sub(" ", term))
    if not term:
        raise ValueError("it is empty")
    # Each element with the number of the choice it belongs to; choices of odd number are free.
    parts: list[tuple[Element, int]] = []
    taken, choice = True, 0
    for part in spaced.split():
        if part in "[]":
            if taken != (part == "["):
                raise ValueError("its brackets do not pair")
            taken = part == "]"
        elif part in "()":
            if choice % 2 == (part == "("):
                raise ValueError("its parentheses do not pair")
            choice += 1
        elif part in GAPS:
            parts.append((Element("gap", part, False), choice))
        elif re.fullmatch(r"<\w+>", part):
            parts.append((Element("set", part[1:-1], taken), choice))
        elif part == COMMA:
            parts.append((Element("word", _key(COMMA), taken), choice))
        elif not re.fullmatch(r"=?\w+\*?(\|(=?\w+\*?|,))*", part):
            raise ValueError(f"“{part}” is not a word, a set or a gap")
        else:
            words = {_key(word) for word in part.split("|") if fold(word) not in SMALL_WORDS}
            if words:
                parts.append((Element("word", "|".join(sorted(words)), taken), choice))
    if not taken or choice % 2:
        raise ValueError("a bracket or parenthesis is not closed")
    if not any(e.kind != "gap" and e.taken and not i % 2 for e, i in parts):
        raise ValueError("it takes no word")
    if any(parts[i][0].kind == "gap" for i in (0, -1)):
        raise ValueError("it begins or ends with a gap")
    choices: list[list[list[Element]]] = []
    for number, run in itertools.groupby(parts, lambda part: part[1]):
        elements = [element for element, _ in run]
        choices.append([elements, []] if number % 2 else [elements])
    return tuple(tuple(itertools.chain(*way)) for way in itertools.product(*choices))


def _cells(terms: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """Code, term, beside and not_beside of each row, "" where a cell or a column is missing."""
    cells = terms.reindex(columns=COLUMNS[:4]).astype("string").fillna("")
    return [tuple(str(cell).strip() for cell in row) for row in cells.itertuples(index=False)]  # type: ignore[misc]


def _names(ways: Iterable[Iterable[Element]]) -> set[str]:
    return {element.value for way in ways for element in way if element.kind == "set"}


def check_terms(terms: pd.DataFrame, codes: pd.DataFrame, file: str) -> list[dict[str, object]]:
    """List what is wrong with the terms.

    Parameters
    ----------
    terms, codes
        The rows of terms.csv and codes.csv.
    file
        The name to give in the list.

    Returns
    -------
    list of dict
        Problems as `DataError` takes them; empty where the terms are good. Rows are counted as
        in a spreadsheet, the header being row 1.

    """
    rows = _cells(terms)
    stated, facets = set(codes["code"]), set(codes["facet"])
    sets = {code[1:-1] for code, *_ in rows if re.fullmatch(r"<\w+>", code)}
    problems: list[dict[str, object]] = []
    first: dict[tuple[str, str], int] = {}
    given: dict[str, tuple[str, int]] = {}

    def report(column: int, problem: str, allowed: str, remedy: str) -> None:
        place = {"file": file, "row": line, "column": COLUMNS[column], "value": row[column]}
        problems.append({**place, "problem": problem, "allowed": allowed, "remedy": remedy})

    for line, row in enumerate(rows, start=2):
        code = row[0]
        is_set = code[1:-1] in sets and code == f"<{code[1:-1]}>"
        if is_set and code[1:-1] in stated | facets:
            report(0, "is the name of a code or facet", "another name", "rename the set")
        if not (code in stated or code == NONE or is_set):
            report(0, "is not a code", f"a code of codes.csv, “{NONE}” or a “<name>”", "correct it")
        ways = []
        for column in (1, 2, 3):
            if column > 1 and not row[column]:
                continue
            try:
                ways.append((column, sorted(read_term(row[column]))))
            except ValueError as error:
                report(column, f"cannot be read: {error}", "what data/README.md says", "mend it")
                continue
            if unknown := _names(ways[-1][1]) - stated - facets - sets:
                report(
                    column,
                    f"refers to unknown {', '.join(sorted(unknown))}",
                    "a code, a facet or a set defined in the column “code”",
                    "correct it",
                )
            if is_set and _names(ways[-1][1]) & sets:
                report(column, "is a set of another set", "words or codes", "write the words")
            if is_set and column > 1:
                report(column, "is a condition on a set", "an empty cell", "empty it")
        if len(ways) != sum(map(bool, row[1:])) or not row[1]:
            continue
        if row[2] and row[3] and ways[1][1] == ways[2][1]:
            report(3, "contradicts “beside”", "another term", "empty one of the two cells")
        meaning = str(ways)
        if (code, meaning) in first:
            report(
                1,
                f"repeats row {first[code, meaning]}",
                "each term once for each code",
                "delete one of the two rows",
            )
        first.setdefault((code, meaning), line)
        other, at = (code, line) if is_set else given.setdefault(meaning, (code, line))
        if NONE in (code, other) and code != other:
            report(
                1,
                f"contradicts row {at}, which gives “{other}”",
                f"codes or “{NONE}”, not both",
                "delete one of the two rows",
            )
    return problems


def group_terms(terms: pd.DataFrame, codes: pd.DataFrame, file: str = "terms.csv") -> list[Group]:
    """Bring the rows of terms.csv into the order in which they are matched.

    Raises
    ------
    DataError
        With every bad row: unknown code or name, empty or unreadable term, duplicate,
        contradiction.

    """
    if problems := check_terms(terms, codes, file):
        raise DataError(problems)
    known = {*codes["code"], *codes["facet"]}
    rows = _cells(terms)
    deep = known | {
        code[1:-1] for code, term, *_ in rows if code[:1] == "<" and _names(read_term(term)) & known
    }
    groups: dict[tuple[object, ...], Group] = {}
    for code, term, *conditions in rows:
        ways, is_set = read_term(term), code[:1] == "<"
        refers = bool(_names(ways) & deep)
        for condition in filter(None, conditions):
            inner = read_term(condition)
            deeper = bool(_names(inner) & deep)
            groups[condition,] = Group(1 + 3 * deeper, (condition,), inner, "", "")
            refers |= deeper
        key = (ways, *conditions, code if is_set else "")
        codes_before = groups[key].codes if key in groups else ()
        level = (0 if is_set else 2) + 3 * refers
        groups[key] = Group(level, (*codes_before, code.strip("<>")), ways, *conditions)
    return sorted(groups.values(), key=lambda group: group.level)

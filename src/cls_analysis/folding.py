"""Text in, words out: one spelling for capitals, accents, apostrophes, hyphens and spaces.

A whole list of texts is split at once. The texts are joined, every character is looked up in a
table of five kinds, and each word is found by the change from one kind to the next; a word met a
thousand times is then folded once.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Words that join others and state nothing. They are skipped, in texts and in terms alike.
SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a au aux c ce ces cet cette d de des du l la le les leur leurs n ne nos notre qu "
        "s sa se ses son t un une vos votre y",
    )
)
COMMA = ","

_SPACE, _WORD, _COMMA, _HYPHEN, _DOT = range(5)
_APOSTROPHES = "ʼʹʾʿˈ"  # letters for Unicode, apostrophes for those who type them
_AND = {"&": "et", "+": "et"}
# A text begins with this character, so that what stands before its first word has a place.
_MARK = "\n"


class Tokens(NamedTuple):
    """The words of n texts, one after the other, in arrays of equal length.

    kind is the number given to the word by `number_of` (0 at the end of each text), text the
    place of its text in the list, start and end its characters in `joined`.
    """

    joined: str
    kind: Ints
    text: Ints
    start: Ints
    end: Ints


def fold(word: str) -> str:
    """Bring a word to one spelling: "Œuvré", "OEUVRE" and "œuvre" give "oeuvre"."""
    if word.isascii() and word.isalnum():
        return word.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    return "".join(
        _AND.get(c, c) for c in plain if (c.isalnum() or c in _AND) and c not in _APOSTROPHES
    )


def _kind_of_character(character: str) -> int:
    base = unicodedata.normalize("NFKD", character)[0]
    category = unicodedata.category(base)
    if base in _APOSTROPHES or category[0] == "Z":
        return _SPACE
    if base in _AND or category[0] in "LMN" or category in ("Cf", "Cn", "Co", "Cs"):
        return _WORD
    if category == "Pd" or base == "−":
        return _HYPHEN
    if base == ".":
        return _DOT
    return _COMMA if base in ",;:()[]{}/|!?•" else _SPACE


@cache
def _character_kinds() -> npt.NDArray[np.uint8]:
    """List the kinds of the first 65,536 characters; all others count as the last of these."""
    return np.array([_kind_of_character(chr(i)) for i in range(0x10000)], dtype=np.uint8)


def _number(word: str, number_of: Callable[[str], int]) -> int:
    """Give a word as written its number, -1 to leave it out; no word at all is punctuation."""
    folded = fold(word) if word else COMMA
    return -1 if not folded or folded in SMALL_WORDS else number_of(folded)


def split(texts: list[str], number_of: Callable[[str], int]) -> Tokens:
    """Split texts into numbered words.

    Parameters
    ----------
    texts
        n texts; an empty one is a text without words.
    number_of
        Gives a folded word its number, above 0. Called once per spelling.

    Returns
    -------
    Tokens
        Small words are left out. "," stands for any punctuation that separates, for a hyphen
        between two spaces and for a full stop before a space; one "," stands for several.

    """
    joined = _MARK + _MARK.join(texts) + _MARK
    characters = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    kinds = _character_kinds()[np.minimum(characters, 0xFFFF)]
    marks = np.cumsum([0, *(len(text) + 1 for text in texts)])
    kinds[marks] = _SPACE

    is_word = kinds == _WORD
    edges = np.flatnonzero(np.diff(is_word))
    space = kinds == _SPACE
    inner = np.flatnonzero(kinds[1:-1] >= _HYPHEN) + 1
    separates = space[inner + 1] & (space[inner - 1] | (kinds[inner] == _DOT))
    length = np.zeros(characters.size, dtype=np.int32)
    length[edges[::2] + 1] = edges[1::2] - edges[::2]
    begins = (length > 0) | (kinds == _COMMA)
    begins[inner[separates]] = True
    begins[marks] = True

    # Each stretch runs from the start of a word to the start of the next one.
    start = np.flatnonzero(begins)
    stretches = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        start.size,
        [None, pa.py_buffer(np.append(start, characters.size) * 4), pa.py_buffer(characters)],
    ).dictionary_encode()
    place = np.asarray(stretches.indices)
    length = length[start]
    lengths = np.zeros(len(stretches.dictionary), dtype=np.int64)
    lengths[place] = length
    numbers = [
        _number(stretch.decode("utf-32-le")[:size], number_of)
        for stretch, size in zip(stretches.dictionary.to_pylist(), lengths.tolist(), strict=True)
    ]
    kind = np.array(numbers, dtype=np.int32)[place]
    kind[np.searchsorted(start, marks)] = 0

    comma = number_of(COMMA)
    kept = np.flatnonzero(kind >= 0)
    following = np.append(kind[kept][1:], 0)
    kept = kept[(kind[kept] != comma) | ((following != comma) & (following != 0))]
    kind, start, length = kind[kept], start[kept], np.maximum(length[kept], 1)
    text = np.cumsum(kind == 0) - 1
    # The mark before a text is the end of the one before it.
    return Tokens(
        joined,
        kind[1:],
        text[:-1].astype(np.int32),
        start[1:].astype(np.int32),
        (start + length)[1:].astype(np.int32),
    )

"""What a reader typed, looked up among what exists."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from cls_analysis.errors import DataError


def slug(text: str) -> str:
    """Write a name without case, accents, apostrophes or spaces, as the identifiers are.

    Parameters
    ----------
    text
        Any name, for example "Provence-Alpes-Côte d’Azur".

    Returns
    -------
    str
        Letters and digits joined by hyphens: "provence-alpes-cote-d-azur".

    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[^\W_]+", letters.replace("œ", "oe")))


def look_up(
    value: str, known: Iterable[str], what: str, aliases: Mapping[str, str] | None = None
) -> str:
    """Find the known name that a reader meant, or say which ones are near.

    Parameters
    ----------
    value
        What was typed; case, accents and the kind of apostrophe do not matter.
    known
        The names that exist.
    what
        What the name stands for, for the message: "theme", "region", "territory".
    aliases
        Other names that may be typed (keys), each with the known name that it stands for.

    Returns
    -------
    str
        The name as it is known.

    Raises
    ------
    DataError
        No known name matches; the message gives the nearest ones and all that is allowed.

    """
    allowed = {slug(name): name for name in dict.fromkeys(known)}
    aliases = aliases or {}
    by_slug = {slug(name): name for name in aliases} | allowed
    typed = slug(value)
    if typed in by_slug:
        return aliases.get(by_slug[typed], by_slug[typed])
    # Identifiers are long ("angers-loire-metropole-2019"): a reader may have typed the beginning.
    heads = {name[: len(typed)]: name for name in reversed(by_slug)}
    close = difflib.get_close_matches(typed, [*by_slug, *heads], n=3, cutoff=0.6)
    near = list(dict.fromkeys(by_slug[heads.get(name, name)] for name in close))
    raise DataError(
        [
            {
                "column": what,
                "value": value,
                "problem": f"there is no such {what}",
                "allowed": ", ".join(allowed.values()) or "none: the data hold no such value",
                "remedy": f"did you mean {' or '.join(near)}?" if near else "choose an allowed one",
            }
        ]
    )

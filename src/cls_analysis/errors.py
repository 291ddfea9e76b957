"""The one error of the package: bad data, with a table of what is wrong."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

COLUMNS = ["file", "row", "column", "value", "problem", "allowed", "remedy"]
LONG = 300  # characters of a value that are shown


def problem_frame(problems: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Bring problems to one table.

    Parameters
    ----------
    problems
        Dicts or a frame with any of the columns `file`, `row`, `column`, `value`, `problem`,
        `allowed`, `remedy`.

    Returns
    -------
    DataFrame
        All seven columns. `row` (Int64) is the line that a spreadsheet shows: the header is
        row 1, the first record row 2. The others are text. Empty means "does not apply".

    """
    frame = pd.DataFrame(problems if isinstance(problems, pd.DataFrame) else list(problems))
    frame = frame.reindex(columns=COLUMNS).astype({name: "string" for name in COLUMNS})
    return frame.assign(row=pd.to_numeric(frame["row"]).astype("Int64")).reset_index(drop=True)


def problem_text(problem: Mapping[Any, Any]) -> str:
    """Say one problem in a short paragraph: where, what, what is allowed, what to do.

    A long value is cut, and what cannot be printed (a no-break space, say) is spelled out.
    """
    known = {name: str(problem[name]) for name in COLUMNS if not pd.isna(problem.get(name))}
    if "value" in known:
        shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in known["value"][:LONG])
        known["value"] = shown + "…" * (len(known["value"]) > LONG)
    where = [known[name] for name in ("file",) if name in known]
    where += [f"{name} {known[name]}" for name in ("row", "column") if name in known]
    where += [f"value “{known['value']}”"] if "value" in known else []
    lines = [", ".join(where) + ":"] if where else []
    lines += [f"  {known['problem']}"] if "problem" in known else []
    lines += [f"  allowed: {known['allowed']}"] if "allowed" in known else []
    lines += [f"  to do: {known['remedy']}"] if "remedy" in known else []
    return "\n".join(lines)


class DataError(ValueError):
    """Data that cannot be used.

    Parameters
    ----------
    problems
        What `problem_frame` takes. `str()` of the error tells all of them, a paragraph each.

    Attributes
    ----------
    problems : DataFrame
        One row per problem: file, row, column, value, problem, allowed, remedy.

    """

    def __init__(self, problems: Iterable[Mapping[str, Any]] | pd.DataFrame) -> None:
        self.problems = problem_frame(problems)
        super().__init__("\n\n".join(problem_text(row) for row in self.problems.to_dict("records")))

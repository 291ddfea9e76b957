"""Dates as precise as their source: a day, a month or a year, and what each one leaves open."""

from typing import Any

import pandas as pd

PRECISIONS = {"D": "day", "M": "month", "Y-DEC": "year"}


def intervals(dates: pd.Series) -> pd.DataFrame:
    """First and last day that each date may mean.

    Parameters
    ----------
    dates
        Text such as ``2024-04-22``, ``2020-02``, ``2025``; missing where a source gives none.

    Returns
    -------
    DataFrame
        Index of `dates`; `first` and `last` (datetime64, whole days; the same for a full date)
        and `precision` (``day``, ``month``, ``year``). All three are missing where the date is.

    """
    rows: list[tuple[Any, Any, str | None]] = []
    for date in dates:
        if pd.isna(date):
            rows.append((pd.NaT, pd.NaT, None))
        else:
            period = pd.Period(date)
            last = period.end_time.normalize()
            rows.append((period.start_time, last, PRECISIONS[period.freqstr]))
    frame = pd.DataFrame(rows, columns=["first", "last", "precision"], index=dates.index)
    return frame.astype({"first": "datetime64[s]", "last": "datetime64[s]", "precision": "str"})

"""Dates of any precision become the days that they leave open."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cls_analysis.dates import intervals


def only_row(date):
    row = intervals(pd.Series([date], dtype="str")).iloc[0]
    return row["first"], row["last"], row["precision"]


@pytest.mark.parametrize(
    ("date", "first", "last", "precision"),
    [
        ("2024-04-22", "2024-04-22", "2024-04-22", "day"),
        ("2020-07", "2020-07-01", "2020-07-31", "month"),
        ("2020-02", "2020-02-01", "2020-02-29", "month"),  # a leap year
        ("2019-02", "2019-02-01", "2019-02-28", "month"),
        ("2000-02", "2000-02-01", "2000-02-29", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
        ("2022-12", "2022-12-01", "2022-12-31", "month"),
        ("2025", "2025-01-01", "2025-12-31", "year"),
    ],
)
def test_date_leaves_open_all_days_of_its_day_month_or_year(date, first, last, precision):
    assert only_row(date) == (pd.Timestamp(first), pd.Timestamp(last), precision)


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_missing_date_has_no_day_and_no_precision(missing):
    assert intervals(pd.Series([missing], dtype="str")).isna().all(axis=None)


@pytest.mark.parametrize("dtype", ["str", "string", "object"])
def test_result_has_the_index_of_the_dates_and_the_same_types_whatever_is_missing(dtype):
    dates = pd.Series(["2020-02", None, "2025"], index=["b", "a", "c"], dtype=dtype)
    for part in (dates, dates.iloc[:0], dates.iloc[[1]]):
        found = intervals(part)
        assert list(found.index) == list(part.index)
        assert found.dtypes.astype(str).to_dict() == {
            "first": "datetime64[s]",
            "last": "datetime64[s]",
            "precision": "str",
        }


@pytest.mark.parametrize("wrong", ["2023-02-29", "2024-13", "courant 2025"])
def test_date_that_does_not_exist_is_an_error(wrong):
    with pytest.raises(ValueError, match=r".+"):
        intervals(pd.Series([wrong]))


@settings(deadline=None)  # the first example pays for what pandas loads
@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_day_lies_in_its_month_and_the_month_in_its_year(day):
    text = day.isoformat()
    found = intervals(pd.Series([text, text[:7], text[:4]]))
    assert found["first"].is_monotonic_decreasing
    assert found["last"].is_monotonic_increasing
    assert (found["first"] <= found["last"]).all()
    assert found["precision"].tolist() == ["day", "month", "year"]

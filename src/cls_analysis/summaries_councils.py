"""The numbers that sentences need on the mental-health councils."""

import pandas as pd

from cls_analysis.councils import STEPS
from cls_analysis.errors import DataError
from cls_analysis.stated import Evidence
from cls_analysis.texts import number_table


def summarise_councils(ladder: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Numbers on the councils of the five by one evidence.

    Parameters
    ----------
    ladder
        Result of `councils.ladder`.
    evidence
        The evidence that `ladder` was made with.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    names = {step: ladder.loc[ladder["step"] == step, "territory"].tolist() for step in STEPS}
    existing = [name for step in STEPS[2:] for name in names[step]]
    other = ladder["other_body"].notna()
    return number_table(
        "cls_analysis.summaries_councils.summarise_councils",
        {
            "evidence": (evidence, "evidence"),
            "n_territories": (len(ladder), "territories"),
            "n_existing": (len(existing), "territories"),
            "existing": (existing, "names"),
            "n_planned": (len(names["planned"]), "territories"),
            "planned": (names["planned"], "names"),
            "n_silent": (len(names["no_statement"]), "territories"),
            "silent": (names["no_statement"], "names"),
            "n_other": (int(other.sum()), "territories"),
            "other": (ladder.loc[other, "territory"].tolist(), "names"),
            "other_names": (ladder.loc[other, "other_body"].tolist(), "names"),
        },
    )


def summarise_uptake(uptake: pd.DataFrame) -> pd.DataFrame:
    """Numbers on what the pages of the reference contracts say of a council.

    Parameters
    ----------
    uptake
        Result of `councils.reference_uptake`.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    n = uptake.set_index("step")["n"]
    return number_table(
        "cls_analysis.summaries_councils.summarise_uptake",
        {
            "n_pages": (int(uptake["n_all"].iloc[0]), "pages"),
            "n_pages_silent": (int(n["no_statement"]), "pages"),
            "n_pages_planned": (int(n["planned"]), "pages"),
            "n_pages_existing": (int(n[STEPS[2:]].sum()), "pages"),
        },
    )


def summarise_national(series: pd.DataFrame) -> pd.DataFrame:
    """Numbers on the published counts of councils in France.

    Parameters
    ----------
    series
        Result of `councils.national_series`.

    Returns
    -------
    DataFrame
        See `texts.number_table`. A DataError where no count has a date.

    """
    dated = series.dropna(subset=["first"])
    if dated.empty:
        raise DataError([{"file": "national/councils.csv", "problem": "No count has a date."}])
    main = dated[dated["definition"] == dated["definition"].mode()[0]]
    first, last = main.iloc[0], main.iloc[-1]
    return number_table(
        "cls_analysis.summaries_councils.summarise_national",
        {
            "n_counts": (len(series), "counts"),
            "n_definitions": (series["definition"].nunique(), "definitions"),
            "n_undated": (int(series["first"].isna().sum()), "counts"),
            "first_on": (first["date"], "date"),
            "first_count": (int(first["active"]), "councils"),
            "before_on": (main.iloc[-2:]["date"].iloc[0], "date"),
            "before_count": (int(main.iloc[-2:]["active"].iloc[0]), "councils"),
            "last_on": (last["date"], "date"),
            "last_count": (int(last["active"]), "councils"),
        },
    )

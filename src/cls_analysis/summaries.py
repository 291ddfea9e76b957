"""The numbers that sentences need: frames in, named numbers out, nothing written as text."""

import pandas as pd

from cls_analysis.errors import DataError
from cls_analysis.stated import Evidence, Frames, select_contracts
from cls_analysis.texts import number_table


def summarise_corpus(corpus: Frames, coverage: pd.DataFrame) -> pd.DataFrame:
    """Numbers on what the own pages say.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.
    coverage
        Result of `coverage.coverage`.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    names = corpus["territories"].set_index("territory_id")["name"]
    contracts = select_contracts(corpus, "own_page").set_index("territory_id").reindex(names.index)
    known = contracts["status"].notna()
    preparing = known & (contracts["status"] == "in_preparation").fillna(False).astype(bool)
    signed = known & ~preparing
    answers = coverage.pivot(index="territory_id", columns="question", values="answer")
    answers = answers.reindex(names.index)
    listing = answers["priorities"] == "said"
    announcing = answers["priorities"] == "announced"
    dated = answers["signature"] == "said"
    return number_table(
        "cls_analysis.summaries.summarise_corpus",
        {
            "n_territories": (len(names), "territories"),
            "n_signed": (int(signed.sum()), "territories"),
            "signed": (names[signed].tolist(), "names"),
            "n_preparing": (int(preparing.sum()), "territories"),
            "preparing": (names[preparing].tolist(), "names"),
            "n_listing": (int(listing.sum()), "pages"),
            "listing": (names[listing].tolist(), "names"),
            "n_announcing": (int(announcing.sum()), "pages"),
            "announcing": (names[announcing].tolist(), "names"),
            "announced": (int(contracts["axes_announced"][announcing].sum()), "axes"),
            "n_dated": (int(dated.sum()), "pages"),
            "n_questions": (coverage["question"].nunique(), "questions"),
            "n_answers": (len(coverage), "answers"),
            "n_said": (int((coverage["answer"] == "said").sum()), "answers"),
            "n_announced": (int((coverage["answer"] == "announced").sum()), "answers"),
            "n_unsaid": (int((coverage["answer"] == "unsaid").sum()), "answers"),
            "n_sources": (len(corpus["sources"]), "sources"),
        },
    )


def summarise_chronology(chronology: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Numbers on how precisely the steps are dated.

    Parameters
    ----------
    chronology
        Result of `chronology.chronology`.
    evidence
        The evidence that `chronology` was made with.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    steps = chronology[chronology["event"] != "period"]
    precision = steps["precision"].value_counts()
    return number_table(
        "cls_analysis.summaries.summarise_chronology",
        {
            "evidence": (evidence, "evidence"),
            "n_steps": (len(steps), "steps"),
            "n_day": (int(precision.get("day", 0)), "steps"),
            "n_month": (int(precision.get("month", 0)), "steps"),
            "n_year": (int(precision.get("year", 0)), "steps"),
            "n_undated": (int(steps["first"].isna().sum()), "steps"),
            "n_periods": (len(chronology) - len(steps), "periods"),
        },
    )


def summarise_priorities(
    priorities: pd.DataFrame, corpus: Frames, evidence: Evidence
) -> pd.DataFrame:
    """Numbers on what the five state and leave unstated.

    Parameters
    ----------
    priorities
        Result of `compare.priorities`.
    corpus
        Tables of `load_corpus()`.
    evidence
        The evidence that `priorities` was made with.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    """
    states = priorities.pivot(index="code", columns="territory", values="state")
    names = corpus["territories"].set_index("territory_id")["name"]
    states = states.reindex(index=priorities["code"].unique(), columns=names.tolist())
    stated = states == "stated"
    speaking = stated.columns[states.isin(["stated", "not_stated"]).any()].tolist()
    silent = [name for name in stated.columns if name not in speaking]
    mentioning = [name for name in silent if (states[name] == "mentioned").any()]
    common = stated.index[stated[speaking].all(axis=1) & bool(speaking)]
    theme = priorities.loc[priorities["facet"] == "theme", "code"].unique()
    alone = stated.index[stated.sum(axis=1) == 1]
    contracts = select_contracts(corpus, evidence)
    preparing = contracts.loc[contracts["status"] == "in_preparation", "territory_id"]
    in_parts = corpus["axes"].dropna(subset="volet")["contract_id"]
    first_part = contracts.loc[contracts["contract_id"].isin(in_parts), "territory_id"]
    return number_table(
        "cls_analysis.summaries.summarise_priorities",
        {
            "evidence": (evidence, "evidence"),
            "n_territories": (len(stated.columns), "territories"),
            "n_codes": (len(stated), "codes"),
            "n_themes": (len(theme), "codes"),
            "n_speaking": (len(speaking), "territories"),
            "speaking": (speaking, "names"),
            "n_silent": (len(silent), "territories"),
            "silent": (silent, "names"),
            "n_mentioning": (len(mentioning), "territories"),
            "mentioning": (mentioning, "names"),
            "preparing": (names[preparing].tolist(), "names"),
            "first_part": (names[first_part].tolist(), "names"),
            "n_common": (len(common), "codes"),
            "common": (common.tolist(), "codes"),
            "n_common_themes": (int(common.isin(theme).sum()), "codes"),
            "common_themes": (common[common.isin(theme)].tolist(), "codes"),
            "n_stated": (int(stated.any(axis=1).sum()), "codes"),
            "n_alone": (len(alone), "codes"),
            "n_no_text_cells": (int((states == "no_text").to_numpy().sum()), "cells"),
            "n_cells": (states.size, "cells"),
        },
    )


def summarise_prevalence(
    prevalence: pd.DataFrame, stated: pd.DataFrame, evidence: Evidence
) -> pd.DataFrame:
    """Numbers on the shares of the reference contracts.

    Parameters
    ----------
    prevalence
        Result of `compare.prevalence` for all contracts together.
    stated
        Result of `stated.reference_stated`.
    evidence
        The evidence by which the five are shown beside.

    Returns
    -------
    DataFrame
        See `texts.number_table`.

    Raises
    ------
    DataError
        Where no contract has a complete list of axes: there is no share then.

    """
    complete = stated.groupby("contract_id")["complete"].first()
    if not complete.any():
        problem = "No contract has a complete list of axes, so that there is no share to give."
        remedy = "Add signed contracts whose list of axes can be read to its end."
        raise DataError([{"file": "reference/contracts.csv", "problem": problem, "remedy": remedy}])
    themes = prevalence[prevalence["facet"] == "theme"].sort_values(
        "share", ascending=False, kind="stable"
    )
    first, second, last = themes.iloc[0], themes.iloc[1], themes.iloc[-1]
    council = themes[themes["code"] == "mental_health"].iloc[0]
    majority = themes.loc[themes["share_low"] > 0.5, "code"].tolist()
    return number_table(
        "cls_analysis.summaries.summarise_prevalence",
        {
            "evidence": (evidence, "evidence"),
            "n_contracts": (int(first["n_contracts"]), "contracts"),
            "n_reference": (len(complete), "contracts"),
            "n_excluded": (int((~complete).sum()), "contracts"),
            "first": (first["code"], "code"),
            "first_share": (float(first["share"]), "share"),
            "first_low": (float(first["share_low"]), "share"),
            "first_high": (float(first["share_high"]), "share"),
            "second": (second["code"], "code"),
            "second_share": (float(second["share"]), "share"),
            "last": (last["code"], "code"),
            "last_share": (float(last["share"]), "share"),
            "majority": (majority, "codes"),
            "mental_share": (float(council["share"]), "share"),
            "mental_low": (float(council["share_low"]), "share"),
            "mental_high": (float(council["share_high"]), "share"),
            "mental_n": (int(council["n_stating"]), "contracts"),
        },
    )


def summarise_similarity(matrix: pd.DataFrame, five: pd.DataFrame) -> pd.DataFrame:
    """Numbers on how alike the territories are.

    Parameters
    ----------
    matrix
        Result of `compare.similarity`, by territory names.
    five
        Result of `summarise_priorities`, which the captions need as well.

    Returns
    -------
    DataFrame
        See `texts.number_table`. `highest` is missing where fewer than two territories state a
        code.

    """
    values = matrix.to_numpy(dtype="float64", na_value=float("nan"))
    pairs = [
        (values[i, j], matrix.index[i], matrix.index[j])
        for i in range(len(matrix))
        for j in range(i)
        if not pd.isna(values[i, j])
    ]
    highest = max(pairs, default=(None, None, None))
    numbers = number_table(
        "cls_analysis.summaries.summarise_similarity",
        {
            "n_pairs": (len(pairs), "pairs"),
            "n_all_pairs": (len(matrix) * (len(matrix) - 1) // 2, "pairs"),
            "highest": (highest[0], "index"),
            "highest_one": (highest[1], "name"),
            "highest_other": (highest[2], "name"),
        },
    )
    return pd.concat([five, numbers], ignore_index=True)

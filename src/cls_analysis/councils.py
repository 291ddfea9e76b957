"""Mental-health councils (CLSM): how far each territory is, since when, and the national counts."""

import pandas as pd

from cls_analysis.dates import intervals
from cls_analysis.names import look_up
from cls_analysis.stated import Evidence, Frames, keep_evidence
from cls_analysis.tables import load_corpus, load_national, load_reference

# From silence to activity. A statement on a higher step wins over one on a lower step.
STEPS = ["no_statement", "planned", "created", "labelled", "active"]


def ladder(corpus: Frames | None = None, evidence: Evidence = "all") -> pd.DataFrame:
    """Find the step that the council of each territory has reached, by an evidence.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`; loaded when None.
    evidence
        "own_page" (the territory's own page alone) or "all" (every source).

    Returns
    -------
    DataFrame
        One row per territory, in the order of their table:

        - territory_id, territory,
        - step: one of `STEPS`; "no_statement" means that the sources are silent, never "no",
        - since: date of that step as precise as its source (`2020-07`), missing where not
          written; precision: "day", "month", "year" or "missing",
        - attested_on: earliest date at which a source shows the council to exist,
        - name, source_id, source_url: of the statement shown (the one with the most precise
          date), n_statements: statements on a council,
        - other_body, other_since, other_url: a body that bears another name. It is shown, and
          never counted as a CLSM.

    Raises
    ------
    DataError
        An evidence that does not exist.

    """
    corpus = load_corpus() if corpus is None else corpus
    look_up(evidence, ["own_page", "all"], "evidence")
    councils = keep_evidence(corpus["councils"], corpus, evidence)
    urls = corpus["sources"][["source_id", "url"]].rename(columns={"url": "source_url"})
    councils = councils.merge(urls, on="source_id", how="left")
    councils = councils.assign(
        rung=councils["status"].map(STEPS.index).astype("int64"),
        digits=councils["since"].str.len().fillna(0).astype("int64"),
    )
    # The highest step, then the most precise date: the first row left is the one that is shown.
    councils = councils.sort_values(["rung", "digits"], ascending=False, kind="stable")
    of_name = councils[councils["body"] == "clsm"]
    shown = of_name.drop_duplicates("territory_id")
    shown = shown[["territory_id", "status", "since", "name", "source_id", "source_url"]]
    existing = of_name[of_name["status"] != "planned"].groupby("territory_id")["attested_on"].min()
    other = councils[councils["body"] != "clsm"].drop_duplicates("territory_id")
    other = other[["territory_id", "name", "since", "source_url"]].rename(
        columns={"name": "other_body", "since": "other_since", "source_url": "other_url"}
    )
    rows = corpus["territories"][["territory_id", "name"]].rename(columns={"name": "territory"})
    rows = rows.merge(shown, on="territory_id", how="left").rename(columns={"status": "step"})
    rows = rows.merge(other, on="territory_id", how="left")
    n_statements = of_name.groupby("territory_id").size()
    return rows.assign(
        step=pd.Categorical(rows["step"].astype("object").fillna(STEPS[0]), STEPS, ordered=True),
        precision=intervals(rows["since"])["precision"].fillna("missing"),
        attested_on=rows["territory_id"].map(existing),
        n_statements=rows["territory_id"].map(n_statements).fillna(0).astype("int64"),
    )


def count_steps(steps: pd.Series) -> pd.DataFrame:
    """Count territories or contracts by step.

    Parameters
    ----------
    steps
        Steps, as `ladder(...)["step"]`; missing values are silent.

    Returns
    -------
    DataFrame
        One row per step of `STEPS`: step, n, n_all (the denominator, the silent ones included).

    """
    counts = steps.astype("object").fillna(STEPS[0]).value_counts().reindex(STEPS, fill_value=0)
    frame = counts.rename_axis("step").rename("n").reset_index()
    return frame.assign(n_all=len(steps))


def reference_uptake(reference: Frames | None = None) -> pd.DataFrame:
    """Count what the pages of the signed reference contracts say of a council.

    Parameters
    ----------
    reference
        Tables of `load_reference()`; loaded when None.

    Returns
    -------
    DataFrame
        As `count_steps`; "no_statement" counts the pages that are silent.

    """
    reference = load_reference() if reference is None else reference
    contracts = reference["contracts"]
    return count_steps(contracts.loc[contracts["status"] != "in_preparation", "clsm_status"])


def measure_lag(corpus: Frames | None = None, evidence: Evidence = "all") -> pd.DataFrame:
    """Measure the time from the signature of a contract to the council of its territory.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`; loaded when None.
    evidence
        "own_page" or "all".

    Returns
    -------
    DataFrame
        One row per signed contract of a territory whose council has a date (no other contract
        has a row): territory_id, contract_id, signed_on, step, since, lag_min_days,
        lag_max_days, n_contradicting. The lag is the council less the signature: positive where
        the council came after the contract. It is an interval, because a month or a year leaves
        days open; both ends are equal where both dates are days. `signed_on` is the most precise
        date that a source gives (planned ones aside), and n_contradicting counts the statements
        that cannot be true together with it. `step` says what `since` is the date of.

    Raises
    ------
    DataError
        An evidence that does not exist.

    """
    corpus = load_corpus() if corpus is None else corpus
    councils = ladder(corpus, evidence).dropna(subset="since")
    councils = councils[["territory_id", "step", "since"]]
    signed = keep_evidence(corpus["milestones"], corpus, evidence)
    signed = signed[(signed["event"] == "signature") & (signed["certainty"] != "planned")]
    signed = signed.dropna(subset="date").merge(
        corpus["contracts"][["contract_id", "territory_id"]], on="contract_id"
    )
    signed = signed.merge(councils, on="territory_id").reset_index(drop=True)
    signed[["first", "last"]] = intervals(signed["date"])[["first", "last"]]
    signed["digits"] = signed["date"].str.len()
    signed = signed.sort_values("digits", ascending=False, kind="stable")
    chosen = signed.drop_duplicates("contract_id").set_index("contract_id")
    other = signed[["contract_id", "first", "last"]].merge(
        chosen[["first", "last"]], on="contract_id", suffixes=("", "_chosen")
    )
    apart = (other["first"] > other["last_chosen"]) | (other["last"] < other["first_chosen"])
    council = intervals(chosen["since"])
    lags = chosen.assign(
        signed_on=chosen["date"],
        lag_min_days=(council["first"] - chosen["last"]).dt.days,
        lag_max_days=(council["last"] - chosen["first"]).dt.days,
        n_contradicting=apart.groupby(other["contract_id"]).sum(),
    ).reset_index()
    columns = ["territory_id", "contract_id", "signed_on", "step", "since"]
    return lags[[*columns, "lag_min_days", "lag_max_days", "n_contradicting"]].sort_values(
        ["territory_id", "contract_id"], ignore_index=True
    )


def national_series(national: pd.DataFrame | None = None) -> pd.DataFrame:
    """Prepare the published counts of councils in France for drawing.

    Parameters
    ----------
    national
        Table of `load_national()`; loaded when None.

    Returns
    -------
    DataFrame
        Columns of the table and: first and last (days between which the count was made; missing
        where undated), middle (half-way, where a mark stands), precision ("day", "month", "year"
        or "missing"). In order of date, the undated counts at the end. Counts of different
        `definition` are different things: never join them by a line.

    """
    national = load_national() if national is None else national
    days = intervals(national["date"])
    frame = national.assign(
        first=days["first"],
        last=days["last"],
        middle=days["first"] + (days["last"] - days["first"]) // 2,
        precision=days["precision"].fillna("missing"),
    )
    return frame.sort_values(["middle", "definition"], kind="stable", ignore_index=True)

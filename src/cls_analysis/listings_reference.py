"""The tables that a reader consults on the taxonomy, the reference contracts and the councils."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from cls_analysis.dates import intervals
from cls_analysis.listings import name_territories
from cls_analysis.stated import Frames
from cls_analysis.texts import label, say, write_list


def list_codes(codes: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Write the codebook in the reader's language.

    Parameters
    ----------
    codes
        Codes of `load_codebook()`.
    lang
        ``"fr"`` or ``"en"``: the language of the labels; definitions are in English.

    Returns
    -------
    DataFrame
        facet, label, definition, includes, excludes.

    """
    codes = codes.rename(columns={f"label_{lang}": "label"})
    return codes[["facet", "label", "definition", "includes", "excludes"]]


def list_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Write the scores of each way of coding.

    Parameters
    ----------
    scores
        Result of `peers.compare_with_peers`.

    Returns
    -------
    DataFrame
        part, peer, n_axes, micro_f1, macro_f1, share_exact.

    """
    scores = scores.rename(columns={"exact": "share_exact"})
    return scores[["part", "peer", "n_axes", "micro_f1", "macro_f1", "share_exact"]]


def list_measures(summary: pd.DataFrame) -> pd.DataFrame:
    """Write the measures of structure; the cut in k groups is one line a k.

    Parameters
    ----------
    summary
        Result of `clusters.compare_with_null`.

    Returns
    -------
    DataFrame
        measure, k, observed, expected, null_low, null_high, p.

    """
    cut = summary["measure"].str.startswith("silhouette_")
    return summary.assign(measure=summary["measure"].mask(cut, "silhouette"))


def name_leaves(
    leaves: list[str], clusters: pd.Series, reference: Frames
) -> tuple[list[str], pd.Series]:
    """Write territories instead of contracts on the leaves of a tree.

    Parameters
    ----------
    leaves
        contract_id, as `tree.build_tree` returns them.
    clusters
        Cluster by contract_id.
    reference
        Tables of `load_reference()`.

    Returns
    -------
    names, clusters
        Names in the order of `leaves`; cluster by name. A territory with two contracts has the
        year of each beside its name, and no two names are alike.

    """
    contracts = reference["contracts"].set_index("contract_id").loc[leaves]
    year = contracts["signature_date"].str[:4].fillna(contracts["period_start"].astype("str"))
    twice = contracts["territory"].duplicated(keep=False)
    names = contracts["territory"].where(~twice, contracts["territory"] + " " + year.fillna(""))
    still = names.duplicated(keep=False)
    names = names.str.strip().where(~still, contracts.index.to_series())
    return names.tolist(), clusters[leaves].set_axis(names).rename_axis("name")


def name_places(places: pd.DataFrame, corpus: Frames) -> pd.DataFrame:
    """Add the name of each of the five to the map of the contracts.

    Parameters
    ----------
    places
        Result of `landscape.map_contracts`.
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        The same rows and attributes, with `name`; missing for a reference contract.

    """
    names = corpus["territories"].set_index("territory_id")["name"]
    named = places.assign(name=places["id"].map(names))
    named.attrs = places.attrs
    return named


def list_nearest(nearest: pd.DataFrame, corpus: Frames) -> pd.DataFrame:
    """Write the nearest contracts of each territory.

    Parameters
    ----------
    nearest
        Result of `landscape.find_nearest`.
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        territory, basis, nearest (the other territory), signature_date, distance, shared,
        n_tied, source_url.

    """
    named = name_territories(nearest.assign(nearest=nearest["territory"]), corpus)
    columns = ["territory", "basis", "nearest", "distance", "shared", "n_tied", "source_url"]
    return named[columns]


def list_counts(series: pd.DataFrame, corpus: Frames) -> pd.DataFrame:
    """Write the published counts of councils with the address of each source.

    Parameters
    ----------
    series
        Result of `councils.national_series`.
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        date, active_count, in_project, definition, confidence, source_url.

    """
    urls = corpus["sources"].set_index("source_id")["url"]
    return series.assign(active_count=series["active"], source_url=series["source_id"].map(urls))[
        ["date", "active_count", "in_project", "definition", "confidence", "source_url"]
    ]


def list_checks(checks: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Write the sensitivity table: one row a statement, one column a variant.

    Parameters
    ----------
    checks
        Result of `sensitivity.table`.
    lang
        ``"fr"`` or ``"en"``.

    Returns
    -------
    DataFrame
        statement, then one column per variant. A cell says whether the statement holds and with
        which value or names; "not applicable" where the variant takes away what it is about.

    """
    cells = checks.assign(
        cell=[_write_check(row, lang) for row in checks.to_dict("records")],
        statement=[label(name, lang) for name in checks["statement"]],
        variant=[_write_variant(name, lang) for name in checks["variant"]],
    )
    table = cells.pivot(index="statement", columns="variant", values="cell")
    table = table.loc[cells["statement"].unique(), cells["variant"].unique()]
    return table.reset_index().rename_axis(columns=None)


def _write_variant(variant: str, lang: str) -> str:
    kind, _, code = variant.partition(":")
    return f"{label(kind, lang)} {label(code, lang)}" if code else label(f"variant_{kind}", lang)


def _write_check(row: dict[Hashable, Any], lang: str) -> str:
    if pd.isna(row["holds"]):
        return label("not_applicable", lang)
    verdict = label("holds" if row["holds"] else "fails", lang)
    names = [label(str(name), lang) for name in row["names"]]
    if names:
        return f"{verdict} ({write_list(names, lang)})"
    if pd.isna(row["value"]):
        return verdict
    return f"{verdict} ({say('checks.value', lang, value=row['value'])})"


def list_ladder(ladder: pd.DataFrame, lags: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Write what the ladder of councils says on each line, with the dates to draw.

    Parameters
    ----------
    ladder, lags
        Results of `councils.ladder` and `councils.measure_lag` for the same evidence.
    lang
        ``"fr"`` or ``"en"``.

    Returns
    -------
    DataFrame
        territory, step, sentence (name and date of the council, or that the source is silent),
        and the first and last possible day of four marks, missing where there is no date:
        since_first, since_last (of the step), attested_* (the council existed), other_* (a body
        of another name), signed_* (the latest contract signed before or with the council).

    """
    sentences = []
    for row in ladder.to_dict("records"):
        if row["step"] != "no_statement":
            key = "dated" if pd.notna(row["since"]) else "attested"
            key = "named" if key == "attested" and pd.isna(row["attested_on"]) else key
        else:
            key = "other" if pd.notna(row["other_body"]) else "silent"
        sentences.append(say(f"ladder.{key}", lang, **{str(name): row[name] for name in row}))
    signed = lags.drop_duplicates("territory_id").set_index("territory_id")["signed_on"]
    marks = {
        "since": ladder["since"],
        "attested": ladder["attested_on"].where(ladder["since"].isna()),
        "other": ladder["other_since"],
        "signed": ladder["territory_id"].map(signed).astype("str"),
    }
    spans = [
        intervals(dates)[["first", "last"]].add_prefix(f"{mark}_") for mark, dates in marks.items()
    ]
    return pd.concat([ladder[["territory", "step"]].assign(sentence=sentences), *spans], axis=1)


def list_unusual(unusual: pd.DataFrame) -> pd.DataFrame:
    """Write what sets a contract apart.

    Parameters
    ----------
    unusual
        Result of `distinctive`.

    Returns
    -------
    DataFrame
        finding, code, share_others, share_low, share_high, n_others, p, p_adjusted; only codes
        with a finding.

    """
    columns = ["finding", "code", "share_others", "share_low", "share_high", "n_others"]
    return unusual.dropna(subset="finding")[[*columns, "p", "p_adjusted"]]

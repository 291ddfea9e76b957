"""What the own page of each territory says, and what it leaves unsaid."""

import pandas as pd

from cls_analysis.stated import PRIORITY_KINDS, Frames, keep_evidence, select_contracts

QUESTIONS = [
    "signature",
    "period",
    "signatories",
    "priorities",
    "actions",
    "diagnostic",
    "diagnostic_author",
    "survey",
    "steering_committee",
    "council",
]
ANSWERS = ["said", "announced", "unsaid"]


def coverage(corpus: Frames) -> pd.DataFrame:
    """Answer of each own page to each question that a reader asks of a contract.

    Parameters
    ----------
    corpus
        Tables of `load_corpus()`.

    Returns
    -------
    DataFrame
        One row per territory and question: territory_id, question (one of `QUESTIONS`), answer
        (``said``; ``announced``: the page says that it is to come, or how many there are without
        naming them; ``unsaid``: the page is silent, which is never a no).

    """
    contracts = select_contracts(corpus, "own_page")

    def rows(table: str, **kept: list[str]) -> pd.DataFrame:
        frame = keep_evidence(corpus[table], corpus, "own_page")
        for column, values in kept.items():
            frame = frame[frame[column].isin(values)]
        return frame

    def milestone(event: str, certainty: list[str]) -> pd.DataFrame:
        return rows("milestones", event=[event], certainty=certainty)

    signed = contracts[contracts["status"] != "in_preparation"]["contract_id"]
    axes = rows("axes", kind=PRIORITY_KINDS)
    diagnostics = rows("diagnostics", kind=["health"])
    said = {
        "signature": milestone("signature", ["stated", "deduced"]),
        "period": contracts.dropna(subset=["period_start"]),
        "signatories": rows("signatories"),
        "priorities": axes[axes["contract_id"].isin(signed)],
        "actions": rows("actions"),
        "diagnostic": diagnostics[diagnostics["status"] != "planned"],
        "diagnostic_author": diagnostics.dropna(subset=["carried_out_by"]),
        "survey": rows("surveys", status=["open", "done"]),
        "steering_committee": milestone("axes_validated", ["stated"]),
        "council": rows("councils", status=["created", "labelled", "active"]),
    }
    announced = {
        "signature": milestone("signature", ["planned"]),
        "priorities": contracts.dropna(subset=["axes_announced"]),
        "diagnostic": diagnostics[diagnostics["status"] == "planned"],
        "survey": rows("surveys", status=["planned"]),
        "steering_committee": milestone("steering_committee", ["planned"]),
        "council": rows("councils", status=["planned"]),
    }
    territory_of = contracts.set_index("contract_id")["territory_id"]

    def territories(frame: pd.DataFrame | None) -> set[str]:
        if frame is None:
            return set()
        if "territory_id" in frame:
            return set(frame["territory_id"])
        return set(frame["contract_id"].map(territory_of).dropna())

    answers = []
    for question in QUESTIONS:
        yes, soon = territories(said[question]), territories(announced.get(question))
        for territory in corpus["territories"]["territory_id"]:
            answer = "said" if territory in yes else "announced" if territory in soon else "unsaid"
            answers.append((territory, question, answer))
    frame = pd.DataFrame(answers, columns=["territory_id", "question", "answer"])
    return frame.assign(answer=pd.Categorical(frame["answer"], categories=ANSWERS))

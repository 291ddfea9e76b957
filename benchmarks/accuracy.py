"""Print how well the normaliser and its peers code the axes of the reference set."""

from embedding import find_embedding_peer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from cls_analysis.peers import PEERS, compare_with_peers
from cls_analysis.tables import load_reference

PARTS = {
    "read": "read part (seen while the terms were written; learners cross-validated)",
    "unread": "unread third (learners trained on the read part)",
    "unread_new": "unread third, wordings that the read part has too left out",
}
NAMES = {
    "coders": "coders A, B (ceiling)",
    "terms": "ours",
    "rapidfuzz": "rapidfuzz",
    "tfidf_logreg": "TF-IDF + log. reg.",
    "e5_logreg": "e5-small + log. reg.",
}


def main() -> None:
    console = Console()
    embedding, line = find_embedding_peer()
    measured = compare_with_peers(load_reference(), peers=PEERS | embedding)
    for part, rows in measured.groupby("part", sort=False):
        n = rows.iloc[0]
        table = Table(
            title=f"{PARTS[part]}: {n['n_axes']} axes of {n['n_contracts']} contracts, "
            f"{n['n_codes']} codes",
            title_justify="left",
            box=SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
        )
        table.add_column("", no_wrap=True)
        for name in ("micro F1", "95 %", "macro F1", "all right", "95 %"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in rows.itertuples():
            table.add_row(
                NAMES[row.peer],
                f"{row.micro_f1:.3f}",
                f"{row.micro_f1_low:.2f}-{row.micro_f1_high:.2f}",
                f"{row.macro_f1:.3f}",
                f"{row.exact:.3f}",
                f"{row.exact_low:.2f}-{row.exact_high:.2f}",
            )
        console.print(table)
    ours = measured[measured["peer"] == "terms"].set_index("part")
    lost = [
        f"{name} {ours.loc['read', name] - ours.loc['unread', name]:.3f}"
        for name in ("micro_f1", "macro_f1", "exact")
    ]
    console.print(f"Ours, read part minus unread third: {', '.join(lost)}.")
    console.print(line)
    console.print(
        "Codings: two machine-assisted passes, adjudicated. This is consistency with the codebook, "
        "not human agreement. Intervals: bootstrap over contracts."
    )


if __name__ == "__main__":
    main()

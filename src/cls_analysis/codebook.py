"""The taxonomy: its codes, and the terms by which a text states them."""

from pathlib import Path

import pandas as pd

from cls_analysis.tables import CODEBOOK, load_tables


def load_codebook(folder: str | Path | None = None) -> dict[str, pd.DataFrame]:
    """Load the codes and terms of the shared taxonomy.

    Parameters
    ----------
    folder
        A data folder, as in `load_tables`; by default the one that travels with the package.

    Returns
    -------
    dict of DataFrame
        `codes`: facet, code, label_fr, label_en, definition, includes, excludes,
        cloterres_domain, epho (an empty cell: nothing to say); the order of the rows is the order
        of display. `terms`: code, term, beside, not_beside, note (an empty cell: no condition),
        in the language of README.md.

    Raises
    ------
    DataError
        With every bad term: unknown code or name, empty or unreadable, duplicate, contradiction;
        and what else is wrong with the folder.

    """
    codes, terms = load_tables(CODEBOOK, folder).values()
    return {"codes": codes, "terms": terms}

"""Where contracts stand: the core that most share, the nearest contracts, and a map of them."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, pdist, squareform

from cls_analysis.stated import Frames

CORE = 0.5


def find_core(matrix: pd.DataFrame) -> pd.DataFrame:
    """Codes that at least half of the contracts state.

    Parameters
    ----------
    matrix
        Result of `make_matrix`.

    Returns
    -------
    DataFrame
        code, share (fraction of the contracts of `matrix`), the most frequent first.

    """
    share = matrix.mean().astype("float64")
    core = share[share >= CORE].sort_values(ascending=False, kind="stable")
    return core.rename_axis("code").rename("share").reset_index()


def place_five(priorities: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """Measure the distance of each territory to the core.

    Parameters
    ----------
    priorities
        Result of `compare.priorities`.
    matrix
        Result of `make_matrix` for the same facet.

    Returns
    -------
    DataFrame
        One row per territory: territory_id, territory, basis ("stated"; "mentioned" for a
        contract in preparation, which is shown apart and marked), codes (list), in_core and
        beyond_core (lists), core_missing (list), distance_to_core (Jaccard distance, 0 to 1),
        share_as_far (fraction of the reference contracts at least as far from the core), reason.
        Where there is no code to place it by, basis and numbers are missing and `reason` says
        why: "no_text" (signed, its priorities cannot be read), "no_code" (it states nothing in
        this facet), "no_mention" (in preparation, nothing mentioned) or "no_core".

    """
    core = find_core(matrix)["code"].tolist()
    is_core = matrix.columns.isin(core)
    spread = cdist(matrix.to_numpy(), is_core[None, :], "jaccard")[:, 0] if core else np.array([])
    rows = []
    for (territory_id, name), cells in priorities.groupby(
        ["territory_id", "territory"], sort=False
    ):
        basis, reason = _find_basis(cells)
        codes = cells.loc[cells["state"] == basis, "code"].tolist() if basis else []
        reason = "no_core" if basis and not core else reason
        row: dict[str, Any] = {
            "territory_id": territory_id,
            "territory": name,
            "basis": basis,
            "codes": codes,
            "in_core": [code for code in codes if code in core],
            "beyond_core": [code for code in codes if code not in core],
            "core_missing": [code for code in core if code not in codes] if basis else [],
            "reason": reason,
        }
        if reason is None:
            shared, either = len(row["in_core"]), len(set(codes) | set(core))
            row["distance_to_core"] = 1 - shared / either
            row["share_as_far"] = float(np.mean(spread >= row["distance_to_core"] - 1e-9))
        rows.append(row)
    columns = ["territory_id", "territory", "basis", "codes", "in_core", "beyond_core"]
    columns += ["core_missing", "distance_to_core", "share_as_far", "reason"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"distance_to_core": "float64", "share_as_far": "float64"})


def _find_basis(cells: pd.DataFrame) -> tuple[str | None, str | None]:
    """Find the state that a territory can be placed by, or the reason why there is none."""
    states = set(cells["state"])
    if (cells["status"] == "in_preparation").any():
        return ("mentioned", None) if "mentioned" in states else (None, "no_mention")
    if "stated" in states:
        return "stated", None
    return None, "no_code" if "not_stated" in states else "no_text"


def find_nearest(
    five: pd.DataFrame, matrix: pd.DataFrame, reference: Frames, n: int = 3
) -> pd.DataFrame:
    """Name the reference contracts that are nearest to each territory.

    Parameters
    ----------
    five
        Result of `place_five`.
    matrix
        Result of `make_matrix` for the same facet.
    reference
        Tables of `load_reference()`; `contracts` is used.
    n
        Contracts named by territory.

    Returns
    -------
    DataFrame
        One row per territory and contract: territory_id, basis, rank (1 is the nearest; equal
        distances share a rank), contract_id, territory, period_start, signature_date, distance
        (Jaccard, 0 to 1), shared (list of codes), n_tied (contracts at that very distance: above
        1, the choice among them is by the order of the table), source_url. A territory without
        basis has no row.

    """
    parts = []
    for row in five.dropna(subset="basis").to_dict("records"):
        own = matrix.columns.isin(row["codes"])
        distance = cdist(matrix.to_numpy(), own[None, :], "jaccard")[:, 0].round(12)
        part = pd.DataFrame({"contract_id": matrix.index, "distance": distance})
        part["rank"] = part["distance"].rank(method="min").astype("int64")
        part["n_tied"] = part.groupby("distance")["contract_id"].transform("size")
        shared = matrix.to_numpy() & own
        part["shared"] = [matrix.columns[codes].tolist() for codes in shared]
        part = part.sort_values("distance", kind="stable").head(n)
        parts.append(part.assign(territory_id=row["territory_id"], basis=row["basis"]))
    columns = ["territory_id", "basis", "rank", "contract_id", "territory", "period_start"]
    columns += ["signature_date", "distance", "shared", "n_tied", "source_url"]
    if not parts:
        return pd.DataFrame(columns=columns)
    found = pd.concat(parts).merge(reference["contracts"], on="contract_id")
    return found[columns]


def map_contracts(matrix: pd.DataFrame, five: pd.DataFrame) -> pd.DataFrame:
    """Map the contracts in two dimensions, and place the five among them.

    Parameters
    ----------
    matrix
        Result of `make_matrix`.
    five
        Result of `place_five` for the same facet.

    Returns
    -------
    DataFrame
        One row per contract, then one per territory that has a basis: id (contract_id or
        territory_id), basis ("reference", "stated", "mentioned"), x, y, n_here (reference
        contracts at the very same place, which state the same codes). `.attrs["shares"]` holds
        the fractions of the variance that x and y show; `.attrs["reason"]` is None, or why there
        is no map (no row then): "too_few_contracts" or "all_alike".

    Notes
    -----
    Principal coordinates (Gower 1966, doi:10.1093/biomet/53.3-4.325) of the square root of the
    Jaccard distance, which is Euclidean, so that no axis has a negative share. The five do not
    shape the map: they are added to it by the formula of Gower 1968 (doi:10.1093/biomet/55.3.582).
    The direction of an axis means nothing; it is fixed by the code that varies most along it.

    """
    states = matrix.to_numpy()
    frame = pd.DataFrame(columns=["id", "basis", "x", "y", "n_here"])
    alike = len(matrix.drop_duplicates()) < 2
    reason = "too_few_contracts" if len(matrix) < 3 else "all_alike" if alike else None
    frame.attrs = {"shares": None, "reason": reason}
    if reason is not None:
        return frame
    # Squared distances of the map are the Jaccard distances themselves.
    squares = squareform(pdist(states, "jaccard"))
    points, values, shares = _principal_coordinates(squares, states)
    placed = five.dropna(subset="basis")
    own = np.array([matrix.columns.isin(codes) for codes in placed["codes"]], dtype=bool)
    own = own.reshape(len(placed), len(matrix.columns))
    centred = np.square(points).sum(axis=1)
    added = (centred - cdist(own, states, "jaccard")) @ points / values[None, :] / 2
    same = [int((states == row).all(axis=1).sum()) for row in np.vstack([states, own])]
    # Contracts of two kinds only lie on a line: the second coordinate is then 0.
    where = np.pad(np.vstack([points, added]), ((0, 0), (0, 1)))[:, :2].round(9)
    result = pd.DataFrame(
        {
            "id": [*matrix.index, *placed["territory_id"]],
            "basis": ["reference"] * len(matrix) + placed["basis"].tolist(),
            "x": where[:, 0],
            "y": where[:, 1],
            "n_here": same,
        }
    )
    result.attrs = {"shares": shares[:2].tolist(), "reason": None}
    return result


def _principal_coordinates(
    squares: NDArray[np.float64], states: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates (n, d), eigenvalues (d,) and shares of variance (d,), the largest first."""
    centring = np.eye(len(squares)) - 1 / len(squares)
    values, vectors = np.linalg.eigh(-centring @ squares @ centring / 2)
    kept = np.flatnonzero(values > 1e-9 * values.max())[::-1]
    values, vectors = values[kept], vectors[:, kept]
    leaning = (states - states.mean(axis=0)).T @ vectors
    strongest = np.abs(leaning).round(9).argmax(axis=0)
    signs = np.where(leaning[strongest, np.arange(len(kept))] < 0, -1, 1)
    return vectors * signs * np.sqrt(values), values, values / values.sum()

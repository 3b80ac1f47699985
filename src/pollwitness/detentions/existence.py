"""Whether an estimate exists at all: where lists do not overlap, parameters run off to infinity.

The likelihood of a log-linear model has a finite maximum only if its margins lie inside the cone of
margins that the model can have. On the boundary the cells that no table with these margins can
fill are expected to hold 0; without them the maximum exists (Fienberg and Rinaldo 2012). Whether
it says anything of those on no list is then a question of rank (Chan, Silverman and Vincent 2021).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from pollwitness.detentions.histories import Matrix, Vector

_SMALL = 1e-9
Cells = np.ndarray[tuple[int], np.dtype[np.bool_]]


def possible_cells(design: Matrix, counts: Vector) -> Cells:
    """Which cells some table of counts ≥ 0 with the same margins can fill: the facial set.

    All of them where the maximum exists. The counts themselves are such a table, so that every
    programme has an answer. Cells that were observed are possible by themselves; the
    others are asked for by linear programmes, several at once.
    """
    found: Cells = counts > 0
    open_ = ~found
    margins = design.T @ counts
    while open_.any():
        # the largest sum of the open cells, each capped, so that as many as can be are positive
        size = len(counts)
        goal = np.concatenate([np.zeros(size), -open_.astype(np.float64)])
        caps = np.zeros((size, 2 * size))
        caps[np.arange(size), np.arange(size)] = -1.0
        caps[np.arange(size), size + np.arange(size)] = 1.0
        same = np.concatenate([design.T, np.zeros_like(design.T)], axis=1)
        upper = [(0, None)] * size + [(0, 1.0 if one else 0.0) for one in open_]
        result = linprog(goal, A_ub=caps, b_ub=np.zeros(size), A_eq=same, b_eq=margins,
                         bounds=upper, method="highs")  # fmt: skip
        filled = open_ & (np.asarray(result.x)[:size] > _SMALL)
        if not filled.any():
            break
        found = found | filled
        open_ &= ~filled
    return found


def reaches(design: Matrix, row: Vector) -> bool:
    """Whether a row of the design is a combination of the rows that are there."""
    if not len(design):
        return False
    rank = np.linalg.matrix_rank(design)
    return bool(np.linalg.matrix_rank(np.vstack([design, row])) == rank)

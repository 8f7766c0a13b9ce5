"""Weights from pairwise judgements: the analytic hierarchy process.

Source: Saaty (1980), The Analytic Hierarchy Process; random indices from Saaty (1987), Mathematical Modelling 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headway.core.errors import InputError
from headway.standing.moments import Array

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Mean consistency index of random judgements for 0 to 10 children; the last holds for more."""


def judgement_matrix(children: Sequence[str], judgements: Mapping[str, Mapping[str, float]]) -> Array:
    """The reciprocal matrix of `judgements`: judgements[a][b] = 3 says a matters three times as much as b.

    Raises:
        InputError: an unknown child, a pair without judgement, one that is not positive, or two that disagree.
    """
    at = {child: i for i, child in enumerate(children)}
    matrix = np.full((len(at), len(at)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for a, others in judgements.items():
        for b, value in others.items():
            if a not in at or b not in at or a == b:
                raise InputError(f"judgement {a} against {b}: the children are {', '.join(children)}")
            if not value > 0:
                raise InputError(f"judgement {a} against {b} is {value}; it must be above zero")
            known = matrix[at[a], at[b]]
            if not np.isnan(known) and not np.isclose(known, value):
                raise InputError(f"judgements of {a} and {b} disagree: {value:g} and {known:g}")
            matrix[at[a], at[b]], matrix[at[b], at[a]] = value, 1 / value
    if np.isnan(matrix).any():
        i, j = np.argwhere(np.isnan(matrix))[0]
        raise InputError(f"no judgement of {children[i]} against {children[j]}")
    return matrix


def ahp_weights(matrix: Array) -> tuple[Array, float]:
    """Principal eigenvector of a judgement matrix, summing to one, and the consistency ratio (fair below 0.1)."""
    n = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    top = int(np.argmax(values.real))
    weights = np.abs(vectors[:, top].real)
    index = (values[top].real - n) / (n - 1) if n > 2 else 0.0
    random = RANDOM_INDEX[min(n, len(RANDOM_INDEX) - 1)]
    return weights / weights.sum(), float(index / random) if random else 0.0

"""Weights from how much a child tells units apart: entropy and CRITIC.

Source: Shannon entropy weights as in Zeleny (1982), Multiple Criteria Decision Making; Diakoulaki, Mavrotas and
Papayannakis (1995), Determining objective weights in multiple criteria problems: the CRITIC method, Computers &
Operations Research 22(7).
"""

from __future__ import annotations

import numpy as np

from headway.core.errors import InputError
from headway.standing.moments import Array, deviation
from headway.standing.normalise import minmax


def entropy_weights(x: Array) -> Array:
    """Weights proportional to 1 - E, with E the entropy of each child's shares over units; shape (children,).

    Raises:
        InputError: negative scores, or a child whose scores are all zero.
    """
    if (x < 0).any() or (np.nansum(x, axis=0) == 0).any():
        raise InputError("entropy weights need scores of zero or more, not all zero; use min-max or goalposts before")
    n = (~np.isnan(x)).sum(axis=0)
    share = x / np.nansum(x, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(np.where(share > 0, share * np.log(share), 0.0), axis=0) / np.log(n)
    return _shares(1 - entropy)


def critic_weights(x: Array) -> Array:
    """Weights proportional to sd · Σ(1 - r) of children scaled to [0, 1]: contrast and conflict; shape (children,)."""
    unit = minmax(x, 0.0, 1.0)
    complete = unit[~np.isnan(unit).any(axis=1)]
    conflict = (1 - np.corrcoef(complete, rowvar=False).reshape(x.shape[1], x.shape[1])).sum(axis=0)
    return _shares(deviation(unit) * conflict)


def _shares(raw: Array) -> Array:
    raw = np.clip(raw, 0, None)
    return np.asarray(raw / raw.sum() if raw.sum() > 0 else np.full(len(raw), 1 / len(raw)))

"""Balanced weights: importances of children, and the weights under which importances are as wished.

Nominal weights say how scores are added; importance says how much of the parent's variation a child carries.
Source: Paruolo, Saisana and Saltelli (2013), Ratings and rankings: voodoo or science?, JRSS-A 176(3); Becker, Saisana,
Paruolo and Vandecasteele (2017), Weights and importance in composite indicators, Ecological Indicators 80.
"""

from __future__ import annotations

import numpy as np

from headway.standing.moments import Array, mean


def correlation_importance(x: Array, parent: Array) -> Array:
    """Squared Pearson correlation of each child (units, children) with its parent (units,); shape (children,)."""
    out = np.full(x.shape[1], np.nan)
    for j in range(x.shape[1]):
        both = ~(np.isnan(x[:, j]) | np.isnan(parent))
        if both.sum() > 2 and np.ptp(x[both, j]) > 0 and np.ptp(parent[both]) > 0:
            out[j] = np.corrcoef(x[both, j], parent[both])[0, 1] ** 2
    return out


def correlation_ratio(x: Array, parent: Array, bins: int | None = None) -> Array:
    """Correlation ratio Var(E[parent | child]) / Var(parent) by means over equal-count bins; shape (children,).

    Unlike the squared correlation it also sees a curved dependence. About √n bins by default, never single units.
    """
    out = np.full(x.shape[1], np.nan)
    for j in range(x.shape[1]):
        both = ~(np.isnan(x[:, j]) | np.isnan(parent))
        n = int(both.sum())
        if n < 4 or np.ptp(parent[both]) == 0:
            continue
        child, y = x[both, j], parent[both]
        edges = np.quantile(child, np.linspace(0, 1, (bins or max(2, int(np.sqrt(n)))) + 1)[1:-1])
        group = np.searchsorted(edges, child, side="right")
        counts = np.bincount(group)
        means = np.bincount(group, weights=y) / np.where(counts > 0, counts, 1)
        out[j] = (counts * (means - y.mean()) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    return out


def balanced_weights(x: Array, target: Array | None = None) -> tuple[Array, float]:
    """Positive weights of a weighted mean whose children's importances (r²) stand in the ratio of `target`.

    Args:
        x: children's scores, shape (units, children); missing values take the child's mean.
        target: wished importances, equal by default, shape (children,).

    Returns:
        Weights summing to one, and the largest distance of an importance share from its target share (0 when it could
        be met; children that run against the rest cannot be balanced by positive weights).
    """
    from scipy.optimize import least_squares

    filled = np.where(np.isnan(x), mean(x), x)
    covariance = np.atleast_2d(np.cov(filled, rowvar=False))
    k = len(covariance)
    wish = np.full(k, 1 / k) if target is None else np.asarray(target, float) / np.sum(target)

    def shares(logs: Array) -> Array:
        w = np.exp(logs - logs.max())
        r = np.clip((covariance @ w) / np.sqrt(np.diag(covariance) * (w @ covariance @ w)), 0, None) ** 2
        return r / r.sum() if r.sum() > 0 else np.zeros(k)

    start = np.log(wish / np.sqrt(np.diag(covariance)))
    found = least_squares(lambda logs: shares(logs) - wish, start - start.max(), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    w = np.exp(found.x - found.x.max())
    return w / w.sum(), float(np.abs(shares(found.x) - wish).max())

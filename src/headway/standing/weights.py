"""Weights of children within their parent, by the method that a node's settings name.

Weights are equal, given, or from data: entropy and CRITIC (how much a child tells units apart), principal components
and factors (what children share), pairwise judgements (the analytic hierarchy process), balance of importances,
and benefit of the doubt (`benefit_of_doubt`). Nominal weights say how scores are added; importance says how much of the
parent's variation a child carries.
Source: Zeleny (1982), Multiple Criteria Decision Making, for Shannon entropy weights; Diakoulaki, Mavrotas and
Papayannakis (1995), Determining objective weights in multiple criteria problems: the CRITIC method, Computers &
Operations Research 22(7); OECD/JRC Handbook (2008), section on weights based on principal components or factor
analysis; Nicoletti, Scarpetta and Boylaud (2000), OECD Economics Department Working Paper 226; Saaty (1980), The
Analytic Hierarchy Process; random indices from Saaty (1987), Mathematical Modelling 9. Balance: Paruolo, Saisana and
Saltelli (2013), Ratings and rankings: voodoo or science?, JRSS-A 176(3); Becker, Saisana, Paruolo and Vandecasteele
(2017), Weights and importance in composite indicators, Ecological Indicators 80.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from headway.core.errors import InputError
from headway.standing.benefit_of_doubt import benefit_of_the_doubt
from headway.standing.moments import Array, deviation, mean
from headway.standing.normalise import minmax
from headway.standing.settings import Weighting


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


def components(x: Array) -> tuple[Array, Array]:
    """Eigenvalues (descending) and eigenvectors (columns) of the correlation matrix of `x` over complete cases.

    Each eigenvector is signed so that its entries sum to zero or more.
    """
    complete = x[~np.isnan(x).any(axis=1)]
    values, vectors = np.linalg.eigh(np.corrcoef(complete, rowvar=False).reshape(x.shape[1], x.shape[1]))
    order = np.argsort(-values)
    values, vectors = values[order], vectors[:, order]
    return values, vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)


def pca_weights(x: Array) -> Array:
    """Entries of the first principal component, rescaled to sum to one; shape (children,).

    An entry may be negative: the child runs against the rest, and the caller decides what that means.
    """
    first = components(x)[1][:, 0]
    return np.asarray(first / first.sum())


def factor_weights(x: Array, minimum: float = 1.0) -> Array:
    """Squared varimax loadings, each scaled by its factor's explained variance; shape (children,), summing to one.

    Factors with an eigenvalue above `minimum` are kept (at least one) and rotated. A child belongs to the factor on
    which it loads highest; its weight is its squared loading over the factor's sum of squared loadings, times that
    sum's share in the variance explained by all factors.
    """
    values, vectors = components(x)
    kept = max(1, int((values > minimum).sum()))
    loadings = varimax(vectors[:, :kept] * np.sqrt(values[:kept]))
    squared = loadings**2
    explained = squared.sum(axis=0)
    own = squared.argmax(axis=1)
    within = squared[np.arange(len(own)), own] / explained[own]
    weight = within * explained[own] / explained.sum()
    return np.asarray(weight / weight.sum())


def varimax(loadings: Array, rounds: int = 500, tolerance: float = 1e-12) -> Array:
    """Loadings (children, factors) rotated to the varimax criterion with Kaiser's normalisation.

    Source: Kaiser (1958), The varimax criterion for analytic rotation in factor analysis, Psychometrika 23.
    """
    p, k = loadings.shape
    if k == 1:
        return loadings
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    lengths = np.where(lengths > 0, lengths, 1.0)
    a = loadings / lengths
    rotation, before = np.eye(k), 0.0
    for _ in range(rounds):
        turned = a @ rotation
        u, s, v = np.linalg.svd(a.T @ (turned**3 - turned * (turned**2).sum(axis=0) / p))
        rotation = u @ v
        if s.sum() < before * (1 + tolerance):
            break
        before = s.sum()
    return np.asarray(a @ rotation * lengths)


RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}
"""Mean consistency index of random judgements by number of children; the last holds for more."""


def judgement_matrix(children: Sequence[str], judgements: Mapping[str, Mapping[str, float]]) -> Array:
    """Reciprocal matrix of `judgements`: judgements[a][b] = 3 says a matters three times as much as b.

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
    if n < min(RANDOM_INDEX):
        return weights / weights.sum(), 0.0  # one judgement contradicts no other
    index = (values[top].real - n) / (n - 1)
    return weights / weights.sum(), float(index / RANDOM_INDEX[min(n, max(RANDOM_INDEX))])


FROM_DATA = frozenset({"pca", "factor", "entropy", "critic", "benefit_of_the_doubt", "balance"})


def node_weights(node: str, children: Sequence[str], weighting: Weighting, scores: Array) -> tuple[Array, list[str]]:
    """Weights of `children` within `node`, summing to one, and remarks for the reader.

    Args:
        scores: the children's scores, shape (units, children).

    Raises:
        InputError: the scores do not carry the method: too few complete units, a constant child, a negative weight.
    """
    if weighting.method == "given":
        return _given_weights(node, np.array([weighting.values[child] for child in children]))
    if weighting.method == "equal" or len(children) == 1:
        return np.full(len(children), 1 / len(children)), []
    if weighting.method == "ahp":
        w, ratio = ahp_weights(judgement_matrix(children, weighting.judgements))
        doubt = "; above 0.1 the judgements contradict each other" if ratio > 0.1 else ""
        return w, [f"node '{node}': consistency ratio of the judgements {ratio:.3f}{doubt}"]
    _check(node, children, weighting.method, scores)
    if weighting.method == "pca":
        return _pca(node, children, weighting, scores)
    if weighting.method == "balance":
        target = np.array([weighting.target.get(child, 1.0) for child in children])
        w, off = balanced_weights(scores, target)
        remark = f"node '{node}': positive weights miss the wished importances by {off:.1%}"
        return w, [remark] if off > 0.005 else []
    if weighting.method == "benefit_of_the_doubt":
        chosen = benefit_of_the_doubt(scores, weighting.lower, weighting.upper, even=True).shares
        shares = np.nanmean(chosen, axis=0)
        return shares / shares.sum(), []
    simple: Mapping[str, Callable[[Array], Array]] = {
        "factor": lambda x: factor_weights(x, weighting.eigenvalue),
        "entropy": entropy_weights,
        "critic": critic_weights,
    }
    try:
        return simple[weighting.method](scores), []
    except InputError as error:
        raise InputError(f"node '{node}': {error}") from error


def _given_weights(node: str, raw: Array) -> tuple[Array, list[str]]:
    """Weights from relative ones, and a remark where shares or percentages do not add up."""
    total = float(raw.sum())
    shares, percent = bool((raw < 1).all()), bool((raw > 1).any() and 80 < total < 120)
    off = len(raw) > 1 and ((shares and abs(total - 1) > 1e-6) or (percent and abs(total - 100) > 1e-6))
    return raw / total, [f"node '{node}': weights sum to {total:g}; rescaled to one"] if off else []


def _check(node: str, children: Sequence[str], method: str, scores: Array) -> None:
    complete = scores[~np.isnan(scores).any(axis=1)]
    if len(complete) < 3:
        raise InputError(
            f"node '{node}': {method} weights need at least 3 units with all of {', '.join(children)}, "
            f"but {len(complete)} have them; impute first or give weights"
        )
    for j, child in enumerate(children):
        if np.ptp(complete[:, j]) == 0:
            raise InputError(
                f"node '{node}': '{child}' is constant over complete units, so {method} weights do not exist"
            )


def _pca(node: str, children: Sequence[str], weighting: Weighting, scores: Array) -> tuple[Array, list[str]]:
    w = pca_weights(scores)
    left_out = int(np.isnan(scores).any(axis=1).sum())
    remarks = (
        [f"node '{node}': {left_out} units with gaps took no part in its principal components"] if left_out else []
    )
    if (w < 0).any():
        child = children[int(np.argmin(w))]
        if weighting.negative == "error":
            raise InputError(
                f"node '{node}': the first component gives '{child}' the weight {w.min():.3f}; check its direction, "
                "or say `negative: keep` or `negative: zero`"
            )
        if weighting.negative == "zero":
            w = np.clip(w, 0, None) / np.clip(w, 0, None).sum()
        remarks.append(f"node '{node}': the first component weighs '{child}' negatively ({weighting.negative})")
    return w, remarks


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

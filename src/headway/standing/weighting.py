"""The weights of every node, from its settings and, where the method asks, from its children's scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from headway.core.errors import InputError
from headway.standing import weights as methods
from headway.standing.aggregate import benefit_of_the_doubt
from headway.standing.moments import Array
from headway.standing.settings import Weighting

FROM_DATA = frozenset({"pca", "factor", "entropy", "critic", "benefit_of_the_doubt", "balance"})


def weights_of(node: str, children: Sequence[str], weighting: Weighting, scores: Array) -> tuple[Array, list[str]]:
    """Weights of `children` within `node`, summing to one, and remarks for the reader.

    Args:
        scores: the children's scores, shape (units, children).

    Raises:
        InputError: the scores do not carry the method: too few complete units, a constant child, a negative weight.
    """
    if weighting.method == "given":
        return _given(node, np.array([weighting.values[child] for child in children]))
    if weighting.method == "equal" or len(children) == 1:
        return np.full(len(children), 1 / len(children)), []
    if weighting.method == "ahp":
        w, ratio = methods.ahp_weights(methods.judgement_matrix(children, weighting.judgements))
        doubt = "; above 0.1 the judgements contradict each other" if ratio > 0.1 else ""
        return w, [f"node '{node}': consistency ratio of the judgements {ratio:.3f}{doubt}"]
    _check(node, children, weighting.method, scores)
    if weighting.method == "pca":
        return _pca(node, children, weighting, scores)
    if weighting.method == "balance":
        target = np.array([weighting.target.get(child, 1.0) for child in children])
        w, off = methods.balanced_weights(scores, target)
        remark = f"node '{node}': positive weights miss the wished importances by {off:.1%}"
        return w, [remark] if off > 0.005 else []
    if weighting.method == "benefit_of_the_doubt":
        chosen = benefit_of_the_doubt(scores, weighting.lower, weighting.upper, even=True).shares
        shares = np.nanmean(chosen, axis=0)
        return shares / shares.sum(), []
    simple: Mapping[str, Callable[[Array], Array]] = {
        "factor": lambda x: methods.factor_weights(x, weighting.eigenvalue),
        "entropy": methods.entropy_weights,
        "critic": methods.critic_weights,
    }
    try:
        return simple[weighting.method](scores), []
    except InputError as error:
        raise InputError(f"node '{node}': {error}") from error


def _given(node: str, raw: Array) -> tuple[Array, list[str]]:
    """Relative weights; shares or percentages that do not add up are rescaled and remarked on."""
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
    w = methods.pca_weights(scores)
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

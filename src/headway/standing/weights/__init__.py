"""How much each child counts within its parent."""

from headway.standing.weights.balance import balanced_weights, correlation_importance, correlation_ratio
from headway.standing.weights.factors import components, factor_weights, pca_weights
from headway.standing.weights.hierarchy import ahp_weights, judgement_matrix
from headway.standing.weights.spread import critic_weights, entropy_weights

__all__ = [
    "ahp_weights",
    "balanced_weights",
    "components",
    "correlation_importance",
    "correlation_ratio",
    "critic_weights",
    "entropy_weights",
    "factor_weights",
    "judgement_matrix",
    "pca_weights",
]

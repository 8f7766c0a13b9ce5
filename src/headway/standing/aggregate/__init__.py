"""From children to their parent."""

from headway.standing.aggregate.doubt import benefit_of_the_doubt
from headway.standing.aggregate.means import geometric, harmonic, mazziotta_pareto, power, weighted_mean
from headway.standing.aggregate.outranking import copeland, kemeny, outranking

__all__ = [
    "benefit_of_the_doubt",
    "copeland",
    "geometric",
    "harmonic",
    "kemeny",
    "mazziotta_pareto",
    "outranking",
    "power",
    "weighted_mean",
]

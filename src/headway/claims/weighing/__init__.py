"""From a test to the probability that it holds, with the evidence that made it."""

from headway.claims.weighing.chance import Chance, Leaf, weigh
from headway.claims.weighing.known import Known, MissingEvidence

__all__ = ["Chance", "Known", "Leaf", "MissingEvidence", "weigh"]

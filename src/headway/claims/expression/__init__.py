"""The language of tests: small, safe, and readable by the person who disagrees with it."""

from headway.claims.expression.parse import parse_test
from headway.claims.expression.tree import Arithmetic, Both, Comparison, Either, Neither, Node, Number, Term, Value

__all__ = ["Arithmetic", "Both", "Comparison", "Either", "Neither", "Node", "Number", "Term", "Value", "parse_test"]

"""The language of tests: small, safe, and readable by the person who disagrees with it."""

from headway.claims.expression.parse import parse_test
from headway.claims.expression.tree import And, Arithmetic, Comparison, Node, Not, Number, Or, Term, Value

__all__ = ["And", "Arithmetic", "Comparison", "Node", "Not", "Number", "Or", "Term", "Value", "parse_test"]

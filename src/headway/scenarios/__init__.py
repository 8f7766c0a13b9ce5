"""Assumptions: the parameter registry, the country table and the scenarios, as typed objects."""

"""Strategies against the gap: levers and their costs, strategies as dated mixes, every strategy in every future."""

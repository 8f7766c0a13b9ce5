"""Equation 4. The largest training run a country can make with its compute.

    log10 T = log10 K + κ_i + ℓ(t)

κ is concentration × share of the final run × utilisation, for a run as long as at the reference date. ℓ is the trend of
run lengths, about 1.4× a year and expected to stop about 2027 (Pilz et al. 2025, arXiv:2504.16026), so that growth of
training compute since 2010 must not be extrapolated flat.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import at_least, softplus

LOG10_E = 0.43429448190325176
_TURN_YEARS = 0.5  # the trend bends over about a year, not in one quarter
_LEAST_COMPUTE = 1.0  # H100e; below one accelerator the logarithm stops falling


class TrainingRunParameters(NamedTuple):
    """Attributes: shapes are (countries, members) or (members,).

    concentration: κ, log10 FLOP of the largest run per H100e installed, (countries, members).
    length_growth: growth of run length before it saturates, OOM per year.
    length_end: decimal year in which run lengths stop growing.
    """

    concentration: Array
    length_growth: Array
    length_end: Array


def log_compute(compute: Array) -> Array:
    """Natural log of installed compute, H100e."""
    return jnp.log(at_least(compute, _LEAST_COMPUTE))


def length_trend(parameters: TrainingRunParameters, year: Array, reference_year: Array) -> Array:
    """ℓ(t), OOM since the reference date."""

    def lived(until: Array) -> Array:
        return until - _TURN_YEARS * softplus((until - parameters.length_end) / _TURN_YEARS)

    return parameters.length_growth * (lived(year) - lived(reference_year))


def run_of_reference_length(parameters: TrainingRunParameters, log_compute: Array) -> Array:
    """log10 FLOP of the largest run, were it as long as at the reference date, (countries, …)."""
    return LOG10_E * log_compute + parameters.concentration


def largest_run(parameters: TrainingRunParameters, log_compute: Array, year: Array, reference_year: Array) -> Array:
    """log10 FLOP of the largest run, (countries, …), from the natural log of installed compute."""
    return run_of_reference_length(parameters, log_compute) + length_trend(parameters, year, reference_year)

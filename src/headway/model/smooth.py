"""Smooth versions of minimum, maximum and kink: defined everywhere, with finite gradients, safe in float32."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

_SHARPNESS = 4  # exponent of the p-norm below: two square roots instead of a power


def at_least(x: Array, least: Array | float) -> Array:
    """The larger of two, with the plain derivative of a selection: `jnp.maximum` splits ties, at a price."""
    return jnp.where(x > least, x, least)


@jax.custom_jvp
def softplus(x: Array) -> Array:
    """log(1 + eˣ) without overflow. A plain logarithm: its rounding is absolute here, and log1p costs twice as much."""
    return jnp.maximum(x, 0) + jnp.log(1 + jnp.exp(-jnp.abs(x)))


@softplus.defjvp
def _softplus_jvp(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    small = jnp.exp(-jnp.abs(x))  # the exponential of the value, so that it is taken once
    return softplus(x), dx * jnp.where(x > 0, 1.0, small) / (1 + small)


@jax.custom_jvp
def softmin(a: Array, b: Array) -> Array:
    """Smooth minimum of two non-negative quantities, (a⁻⁴ + b⁻⁴)^(−1/4), and exactly 0 where either is 0.

    Never above the smaller one, and 16 % below it where both are equal (money and quantity then bind together).
    """
    small, large = jnp.minimum(a, b), jnp.maximum(a, b)
    ratio = small / jnp.where(large > 0, large, 1)
    square = ratio * ratio
    return small / jnp.sqrt(jnp.sqrt(1 + square * square))


@softmin.defjvp
def _softmin_jvp(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    """With r = small / large ≤ 1, the derivative by the smaller is (1 + r⁴)^(−5/4), that by the larger r⁵ times it."""
    (a, b), (da, db) = primals, tangents
    small, large = jnp.minimum(a, b), jnp.maximum(a, b)
    ratio = small / jnp.where(large > 0, large, 1)
    fourth = jnp.square(jnp.square(ratio))
    total = 1 + fourth
    by_small = jnp.where(large > 0, 1 / (total * jnp.sqrt(jnp.sqrt(total))), 0)
    by_large = by_small * fourth * ratio
    return softmin(a, b), jnp.where(a < b, by_small, by_large) * da + jnp.where(a < b, by_large, by_small) * db


def log_softmin(log_a: Array, log_b: Array) -> Array:
    """`softmin` of two positive quantities given by their natural logs, as a natural log."""
    return log_a - softplus(_SHARPNESS * (log_a - log_b)) / _SHARPNESS


def mean_remaining(x: Array) -> Array:
    """(1 − e⁻ˣ) / x for small x ≥ 0: the share still there, on average over a step in which so large a hazard acts.

    By the Padé approximant 1 / (1 + x/2 + x²/12), good to 1e-3 at 1; x times it, the share gone, is always below 1.
    """
    return 1 / (1 + x * (0.5 + x / 12))


def running_max(path: Array) -> Array:
    """Maximum so far along time (axis 0), in one pass."""

    def higher(best: Array, value: Array) -> tuple[Array, Array]:
        best = jnp.maximum(best, value)
        return best, best

    return jax.lax.scan(higher, path[0], path)[1]


def softmax_level(levels: Array, width: float) -> Array:
    """Smooth maximum over countries (axis 0): width · log Σ exp(level / width), never below the true maximum.

    The top is subtracted first, so that no exponential overflows; it carries no gradient of its own.
    """
    top = jax.lax.stop_gradient(jnp.max(levels, axis=0))
    return top + width * jnp.log(jnp.sum(jnp.exp((levels - top) / width), axis=0))

"""The distributions a parameter may have, each as a map from a standard normal draw to a value.

Working from normal draws makes correlation a matter of one matrix (a Gaussian copula), and keeps the draw of a member
in place when a distribution is revised.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from jax import Array

Floats = npt.NDArray[np.float64]

Z90 = 1.6448536269514722  # a normal variable lies within ± Z90 sd with probability 0.9


class _Distribution(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Truncated(_Distribution):
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> _Truncated:
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise ValueError(f"minimum {self.minimum:g} must be below maximum {self.maximum:g}")
        return self

    def _within(self, z: Array, low: float | None, high: float | None) -> Array:
        """Standard normal draws squeezed between two bounds on the same scale, their order kept."""
        from jax.scipy.special import ndtr, ndtri

        if low is None and high is None:
            return z
        below = 0.0 if low is None else _below(low)
        above = 1.0 if high is None else _below(high)
        squeezed: Array = ndtri(below + (above - below) * ndtr(z))
        # Far out, single precision rounds a share to 0 or 1 and its quantile to infinity: the bound is meant.
        return squeezed.clip(low, high)


class Normal(_Truncated):
    """Normal with `mean` and `sd`, truncated to [minimum, maximum] where given."""

    kind: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)

    def __call__(self, z: Array) -> Array:
        """Values for standard normal draws `z`, of the same shape and dtype."""
        low, high = (None if bound is None else (bound - self.mean) / self.sd for bound in (self.minimum, self.maximum))
        return self.mean + self.sd * self._within(z, low, high)

    def __str__(self) -> str:
        return f"normal {self.mean:g} ± {self.sd:g}{_bounds(self.minimum, self.maximum)}"


class Lognormal(_Truncated):
    """Lognormal whose 90 % interval runs from median / spread to median × spread, before truncation."""

    kind: Literal["lognormal"]
    median: float = Field(gt=0)
    spread: float = Field(gt=1)

    def __call__(self, z: Array) -> Array:
        """Values for standard normal draws `z`, of the same shape and dtype."""
        import jax.numpy as jnp

        sd = math.log(self.spread) / Z90
        low, high = (
            None if bound is None else math.log(bound / self.median) / sd for bound in (self.minimum, self.maximum)
        )
        return self.median * jnp.exp(sd * self._within(z, low, high))

    def __str__(self) -> str:
        return f"lognormal {self.median:g} ×/÷ {self.spread:g}{_bounds(self.minimum, self.maximum)}"


class Choice(_Distribution):
    """One of a few values: structures between which no number can lie."""

    kind: Literal["choice"]
    values: tuple[float, ...] = Field(min_length=2)
    weights: tuple[float, ...]

    @model_validator(mode="after")
    def _weighted(self) -> Choice:
        if len(self.values) != len(self.weights):
            raise ValueError(f"{len(self.values)} values need as many weights, not {len(self.weights)}")
        if min(self.weights) < 0 or not math.isclose(sum(self.weights), 1, abs_tol=1e-9):
            raise ValueError(f"weights must be shares that add up to 1, not {sum(self.weights):g}")
        return self

    def __call__(self, z: Array) -> Array:
        """Values for standard normal draws `z`, of the same shape and dtype."""
        import jax.numpy as jnp
        from jax.scipy.special import ndtr

        edges = jnp.asarray(np.cumsum(self.weights)[:-1], z.dtype)
        return jnp.asarray(self.values, z.dtype)[jnp.searchsorted(edges, ndtr(z), side="right")]

    def __str__(self) -> str:
        return " or ".join(f"{value:g} ({weight:.0%})" for value, weight in zip(self.values, self.weights, strict=True))


Distribution = Annotated[Normal | Lognormal | Choice, Field(discriminator="kind")]


def _bounds(minimum: float | None, maximum: float | None) -> str:
    if minimum is None and maximum is None:
        return ""
    if minimum is None:
        return f", at most {maximum:g}"
    if maximum is None:
        return f", at least {minimum:g}"
    return f", within [{minimum:g}, {maximum:g}]"


def _below(bound: float) -> float:
    """Probability of a standard normal variable below `bound`."""
    return 0.5 * math.erfc(-bound / math.sqrt(2))

"""The distributions a parameter may have, each as a map from a standard normal draw to a value.

Working from normal draws makes correlation a matter of one matrix (a Gaussian copula), and keeps the draw of a member
in place when a distribution is revised.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core.numbers import Z90

if TYPE_CHECKING:
    from jax import Array


class _Distribution(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Scaled(_Distribution):
    """A normal variable, or the exponential of one, truncated to [minimum, maximum] where given."""

    minimum: float | None = None
    maximum: float | None = None

    @property
    def logarithmic(self) -> bool:
        """Whether the logarithm is normal."""
        return False

    @property
    @abstractmethod
    def location(self) -> float:
        """Mean of the normal variable."""

    @property
    @abstractmethod
    def scale(self) -> float:
        """Standard deviation of the normal variable."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Truncation in standard deviations from the location, infinite where there is none."""

        def standard(bound: float | None, otherwise: float) -> float:
            if bound is None:
                return otherwise
            return ((math.log(bound) if self.logarithmic else bound) - self.location) / self.scale

        return standard(self.minimum, -math.inf), standard(self.maximum, math.inf)

    @model_validator(mode="after")
    def _ordered(self) -> _Scaled:
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise ValueError(f"minimum {self.minimum:g} must be below maximum {self.maximum:g}")
        if self.logarithmic and any(bound is not None and bound <= 0 for bound in (self.minimum, self.maximum)):
            raise ValueError("bounds of a lognormal distribution must be positive")
        return self


class Normal(_Scaled):
    """Normal with `mean` and `sd`, truncated to [minimum, maximum] where given."""

    kind: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)

    @property
    def location(self) -> float:
        return self.mean

    @property
    def scale(self) -> float:
        return self.sd

    def __str__(self) -> str:
        return f"normal {self.mean:g} ± {self.sd:g}{_within(self.minimum, self.maximum)}"


class Lognormal(_Scaled):
    """Lognormal whose 90 % interval runs from median / spread to median × spread, before truncation."""

    kind: Literal["lognormal"]
    median: float = Field(gt=0)
    spread: float = Field(gt=1)

    @property
    def logarithmic(self) -> bool:
        return True

    @property
    def location(self) -> float:
        return math.log(self.median)

    @property
    def scale(self) -> float:
        return math.log(self.spread) / Z90

    def __str__(self) -> str:
        return f"lognormal {self.median:g} ×/÷ {self.spread:g}{_within(self.minimum, self.maximum)}"


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

    def pick(self, z: Array) -> Array:
        """Values for standard normal draws `z`."""
        import jax.numpy as jnp
        from jax.scipy.special import ndtr

        edges = jnp.asarray(np.cumsum(self.weights)[:-1], z.dtype)
        return jnp.asarray(self.values, z.dtype)[jnp.searchsorted(edges, ndtr(z), side="right")]

    def __str__(self) -> str:
        return " or ".join(f"{value:g} ({weight:.0%})" for value, weight in zip(self.values, self.weights, strict=True))


Distribution = Annotated[Normal | Lognormal | Choice, Field(discriminator="kind")]


def transform(distributions: Sequence[Normal | Lognormal | Choice], z: Array) -> Array:
    """Values of many parameters at once, (parameters, members), from standard normal draws of that shape.

    Row by row the result is the quantile function of the distribution at Φ(z). Pure, for use inside `jax.jit`: all rows
    go through the same few operations, which compile once.
    """
    import jax.numpy as jnp
    from jax.scipy.special import ndtr, ndtri

    def column(values: Sequence[float]) -> Array:
        return jnp.asarray(values, z.dtype)[:, None]

    scaled = [d if isinstance(d, Normal | Lognormal) else _STANDARD for d in distributions]
    cut = np.asarray([row for row, d in enumerate(scaled) if np.isfinite(d.bounds).any()], int)
    if cut.size:
        low, high = zip(*(scaled[row].bounds for row in cut), strict=True)
        below, above = column([_below(bound) for bound in low]), column([_below(bound) for bound in high])
        squeezed = ndtri(below + (above - below) * ndtr(z[cut]))
        # Far out, single precision rounds a share to 0 or 1 and its quantile to infinity: the bound is meant.
        z = z.at[cut].set(jnp.clip(squeezed, column(low), column(high)))
    linear = column([d.location for d in scaled]) + column([d.scale for d in scaled]) * z
    logarithmic = np.asarray([d.logarithmic for d in scaled])[:, None]
    values = jnp.where(logarithmic, jnp.exp(jnp.where(logarithmic, linear, 0)), linear)
    for row, d in enumerate(distributions):
        if isinstance(d, Choice):
            values = values.at[row].set(d.pick(z[row]))
    return values


def _below(bound: float) -> float:
    """Probability of a standard normal variable below `bound`."""
    return 0.5 * math.erfc(-bound / math.sqrt(2))


def _within(minimum: float | None, maximum: float | None) -> str:
    if minimum is None and maximum is None:
        return ""
    if minimum is None:
        return f", at most {maximum:g}"
    if maximum is None:
        return f", at least {minimum:g}"
    return f", within [{minimum:g}, {maximum:g}]"


_STANDARD = Normal(kind="normal", mean=0, sd=1)

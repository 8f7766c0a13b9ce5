"""What a robustness study varies, as it stands in a specification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from headway.standing.settings import Frozen


class WeightNoise(Frozen):
    """How weights vary within each parent.

    Attributes:
        kind: `dirichlet` about the nominal weights: alpha = concentration · (number of children) · weight, so that
            concentration 1 with equal weights is uniform over all weights; `noise`: each weight times a uniform number
            within 1 ± factor.
        nodes: where; everywhere by default.
    """

    kind: Literal["dirichlet", "noise"] = "dirichlet"
    concentration: float = Field(default=1.0, gt=0)
    factor: float = Field(default=0.25, gt=0, lt=1)
    nodes: tuple[str, ...] | None = None


class ErrorModel(Frozen):
    """Standard deviations of errors, by indicator.

    Attributes:
        kind: `relative`: the value is multiplied by exp(error); `of_sd`: the error is added, in units of the
            indicator's standard deviation over units.
        default, per: the standard deviation for all, and for single indicators. For data age: per square root of years.
    """

    kind: Literal["relative", "of_sd"] = "of_sd"
    default: float = Field(default=0.0, ge=0)
    per: Mapping[str, float] = Field(default_factory=dict)

    def of(self, indicator: str) -> float:
        """The standard deviation for one indicator."""
        return self.per.get(indicator, self.default)


class Robustness(Frozen):
    """Alternatives and errors.

    Attributes:
        choices: assumption → option → changes by step or node (as in `Spec.with_changes`); an empty option is nominal.
        leave_out: leave out one indicator at a time, or none.
        measurement: errors of observed values; standard errors that come with the data (`<indicator>.se`) win.
        age: errors that grow with the age of a value (`<indicator>.year`, or values carried from other years).
        imputation: draw imputed cells from their predictive distribution.
    """

    draws: int = Field(default=1000, ge=1, le=1_000_000)
    seed: int = Field(default=0, ge=0)
    choices: Mapping[str, Mapping[str, Mapping[str, Mapping[str, Any] | None]]] = Field(default_factory=dict)
    weights: WeightNoise | None = None
    leave_out: bool = False
    measurement: ErrorModel | None = None
    age: ErrorModel | None = None
    imputation: bool = False

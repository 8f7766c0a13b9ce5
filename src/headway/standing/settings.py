"""Settings of steps, weights, aggregations and robustness studies, as they stand in a specification.

What a robustness study varies, as it stands in a specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headway.standing.mistakes import mistakes

Share = Annotated[float, Field(ge=0, le=1)]
MOST = 1e36  # beyond any figure of a country, and far from where arithmetic overflows
Amount = Annotated[float, Field(ge=-MOST, le=MOST)]


class Frozen(BaseModel):
    """Immutable settings that refuse unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WithMethod(Frozen):
    """Settings with a `method`, which refuse a field that the method would leave unused.

    `USED_BY` names for such a field the methods that use it; a field that is not in it is used by all.
    """

    USED_BY: ClassVar[Mapping[str, frozenset[str]]] = {}

    @classmethod
    def uses(cls, method: str, field: str) -> bool:
        """Whether a method uses a field."""
        return method in cls.USED_BY.get(field, frozenset({method}))

    @model_validator(mode="after")
    def _nothing_unused(self) -> Self:
        method = getattr(self, "method")  # noqa: B009  # a field of every subclass
        for name in sorted(self.model_fields_set):
            default = type(self).model_fields[name].get_default(call_default_factory=True)
            if not self.uses(method, name) and getattr(self, name) != default:
                raise ValueError(
                    f"method {method} does not use `{name}`, which is for {', '.join(sorted(self.USED_BY[name]))}"
                )
        return self


class Step(Frozen):
    """One step over the indicators; `per` overrides single fields for one indicator and keeps all others.

    Attributes:
        name: unique within the specification; the kind of step by default.
        indicators: those it applies to; all by default.
    """

    name: str = ""
    indicators: tuple[str, ...] | None = None
    per: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _settle(self) -> Self:
        if not self.name:
            object.__setattr__(self, "name", getattr(self, "step"))  # noqa: B009  # a field of every subclass
        for indicator in self.per:
            try:
                self.settings(indicator)
            except ValidationError as error:
                location, words = mistakes(type(self), error)[0]
                raise ValueError(f"per.{'.'.join([indicator, *map(str, location)])}: {words}") from error
        return self

    def settings(self, indicator: str) -> Self:
        """Settings for one indicator."""
        own = self.per.get(indicator)
        if not own:
            return self
        base = {key: value for key, value in self.model_dump(exclude_unset=True).items() if key != "per"}
        return self.model_validate({**self.without_unused(base, own), "step": getattr(self, "step"), **own})  # noqa: B009

    @classmethod
    def without_unused(cls, base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
        """Fields of `base` that stay when `own` is laid over it: a new method drops what it would not use."""
        method = own.get("method")
        if not isinstance(method, str) or not issubclass(cls, WithMethod):
            return dict(base)
        return {key: value for key, value in base.items() if cls.uses(method, key)}

    def applies(self, indicator: str) -> bool:
        """Whether the step touches the indicator."""
        return self.indicators is None or indicator in self.indicators or indicator in self.per


class Screen(Step):
    """Settings of screening: least shares of data (`minimum_data`) and of values not zero (`minimum_nonzero`)."""

    step: Literal["screen"] = "screen"
    minimum_data: Share | None = None
    minimum_nonzero: Share | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _forced_once(self) -> Self:
        both = sorted(set(self.include) & set(self.exclude))
        if both:
            raise ValueError(f"{', '.join(both)} stand under both include and exclude")
        return self


class Denominate(Step):
    """Settings of denomination: x / (by / scale), or another function of the two."""

    step: Literal["denominate"] = "denominate"
    by: str | None = None
    scale: float = Field(default=1.0, gt=0)
    function: Literal["ratio", "product", "difference", "log_ratio"] = "ratio"


class Impute(Step, WithMethod):
    """Settings of imputation.

    Attributes:
        group: the group column, for group_mean and group_median.
        fallback: what a group without a value takes: the column's own mean (median), or nothing.
        within: for row methods: 1 the indicator's parent, 2 its grandparent …, 0 all indicators.
        minimum: for row methods: share of the indicators together that a unit must have; else its gaps stay.
        limit: for methods over years: greatest distance in years.
        neighbours: number of the most similar units whose mean is taken (neighbours).
        like: further columns of the data by which similarity is judged, beside the indicators (neighbours).
        donors: whether similar units without a value are passed over, or count with the worst value of the column
            (neighbours).
    """

    step: Literal["impute"] = "impute"
    method: Literal[
        "mean",
        "median",
        "group_mean",
        "group_median",
        "row_mean",
        "row_median",
        "neighbours",
        "floor",
        "chained",
        "latest",
        "constant",
        "linear",
    ] = "mean"
    group: str | None = None
    fallback: Literal["column", "none"] = "column"
    within: int = Field(default=1, ge=0)
    minimum: Share = 0.0
    limit: float | None = Field(default=None, ge=0)
    seed: int = 0
    neighbours: int = Field(default=5, ge=1)
    like: tuple[str, ...] = ()
    donors: Literal["observed", "all"] = "observed"

    USED_BY: ClassVar[Mapping[str, frozenset[str]]] = {
        "group": frozenset({"group_mean", "group_median"}),
        "fallback": frozenset({"group_mean", "group_median"}),
        "within": frozenset({"row_mean", "row_median"}),
        "minimum": frozenset({"row_mean", "row_median"}),
        "limit": frozenset({"latest", "constant", "linear"}),
        "seed": frozenset({"chained"}),
        "neighbours": frozenset({"neighbours"}),
        "like": frozenset({"neighbours"}),
        "donors": frozenset({"neighbours"}),
    }

    @property
    def over_years(self) -> bool:
        """Whether a unit's other years fill its gaps."""
        return self.method in {"latest", "constant", "linear"}

    @model_validator(mode="after")
    def _group_where_needed(self) -> Self:
        if self.method.startswith("group") and self.group is None:
            raise ValueError(f"method {self.method} needs `group`, the name of a column with groups")
        return self


class Treat(Step):
    """Settings of outlier treatment: winsorise, then transform what still fails.

    Attributes:
        bottom: values below it are set to it before anything else (bottom-coding), in the indicator's own unit.
        winmax: most cells of an indicator that may be winsorised; 0 for none, None for any number.
        skewness, kurtosis: thresholds of the test.
        transform, power: transformation of what still fails; `power` is Box–Cox's lambda.
        force: transform whatever the test says. combine: transform winsorised instead of original values.
    """

    step: Literal["treat"] = "treat"
    bottom: Amount | None = None
    winmax: int | None = Field(default=5, ge=0)
    skewness: float = Field(default=2.0, gt=0)
    kurtosis: float = Field(default=3.5, gt=0)
    transform: Literal["log", "log_mirrored", "boxcox", "none"] = "log"
    power: float = 0.0
    force: bool = False
    combine: bool = False

    @model_validator(mode="after")
    def _power_of_boxcox(self) -> Self:
        if self.power != 0 and self.transform != "boxcox":
            raise ValueError(f"transform {self.transform} does not use `power`, which is for boxcox")
        return self


NormaliseMethod = Literal[
    "minmax",
    "zscore",
    "scaled",
    "rank",
    "borda",
    "percentile_rank",
    "distance_to_maximum",
    "distance_to_reference",
    "distance_to_target",
    "fraction_of_maximum",
    "goalposts",
    "reference_band",
    "none",
]


class ScaleSetting(WithMethod):
    """Settings of a scale.

    Attributes:
        lower, upper: target range (minmax, scaled: 0 to 100 by default; goalposts: 0 to 1).
        mean, sd, ddof: of z-scores; ddof 1 divides by n - 1.
        low, high: goalposts, or the two values that `scaled` maps to lower and upper, in the indicator's own unit and
            sense (a direction of -1 turns them too).
        log: take natural logarithms of values and goalposts first.
        cap: cut to the goalposts (on unless switched off), target or reference (off unless asked).
        reference: a unit's name, or a value.
        scope: whether parameters come from each year by itself or from all years together.
    """

    method: NormaliseMethod = "minmax"
    lower: Amount | None = None
    upper: Amount | None = None
    mean: Amount = 0.0
    sd: float = Field(default=1.0, gt=0, le=MOST)
    ddof: Literal[0, 1] = 1
    low: Amount | None = None
    high: Amount | None = None
    log: bool = False
    cap: bool | None = None
    target: Amount | None = None
    reference: str | Amount | None = None
    scope: Literal["year", "all"] = "year"

    USED_BY: ClassVar[Mapping[str, frozenset[str]]] = {
        "lower": frozenset({"minmax", "scaled", "goalposts"}),
        "upper": frozenset({"minmax", "scaled", "goalposts"}),
        "mean": frozenset({"zscore"}),
        "sd": frozenset({"zscore"}),
        "ddof": frozenset({"zscore"}),
        "low": frozenset({"scaled", "goalposts"}),
        "high": frozenset({"scaled", "goalposts"}),
        "cap": frozenset({"goalposts", "distance_to_reference", "distance_to_target"}),
        "target": frozenset({"distance_to_target"}),
        "reference": frozenset({"distance_to_reference", "reference_band"}),
    }

    @property
    def range(self) -> tuple[float, float]:
        """Target range with the method's defaults filled in."""
        top = 1.0 if self.method == "goalposts" else 100.0
        return (0.0 if self.lower is None else self.lower), (top if self.upper is None else self.upper)

    _NEEDS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "scaled": ("low", "high"),
        "goalposts": ("low", "high"),
        "distance_to_target": ("target",),
        "distance_to_reference": ("reference",),
    }

    @model_validator(mode="after")
    def _parameters(self) -> Self:
        missing = [name for name in self._NEEDS.get(self.method, ()) if getattr(self, name) is None]
        if missing and getattr(self, "step", None) is None:
            raise ValueError(f"method {self.method} needs {' and '.join(f'`{name}`' for name in missing)}")
        low, high = self.range
        if not low < high:
            raise ValueError(f"`lower` {low:g} must be below `upper` {high:g}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"`low` {self.low:g} must be below `high` {self.high:g}; a direction of -1 turns both")
        if self.log and any(v is not None and v <= 0 for v in (self.low, self.high, self.target)):
            raise ValueError("goalposts and targets must be above zero under `log`")
        return self


class Normalise(ScaleSetting, Step):
    """Settings of normalisation: one scale for the indicators, on which more is better."""

    step: Literal["normalise"] = "normalise"

    def missing(self, indicator: str) -> tuple[str, ...]:
        """Parameters that the indicator's method needs and does not have."""
        own = self.settings(indicator)
        return tuple(name for name in self._NEEDS.get(own.method, ()) if getattr(own, name) is None)


STEPS: Mapping[str, type[Step]] = {
    "screen": Screen,
    "denominate": Denominate,
    "impute": Impute,
    "treat": Treat,
    "normalise": Normalise,
}
"""Classes of settings by kind of step."""

AnyStep = Annotated[Screen | Denominate | Impute | Treat | Normalise, Field(discriminator="step")]


class Weighting(WithMethod):
    """Settings of the weights of a node's children.

    Attributes:
        values: weights by child (given), relative to each other.
        judgements: pairwise judgements by child (ahp).
        target: wished relative importances by child (balance); equal by default.
        lower, upper: limits on each child's share of a unit's score (benefit_of_the_doubt).
        eigenvalue: factors above it are kept (factor).
        negative: what a negative component entry does (pca): an error, or kept, or set to zero.
    """

    method: Literal[
        "given", "equal", "pca", "factor", "entropy", "critic", "ahp", "benefit_of_the_doubt", "balance"
    ] = "equal"
    values: Mapping[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    judgements: Mapping[str, Mapping[str, float]] = Field(default_factory=dict)
    target: Mapping[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    lower: Share = 0.0
    upper: Share = 1.0
    eigenvalue: float = Field(default=1.0, ge=0)
    negative: Literal["error", "keep", "zero"] = "error"

    USED_BY: ClassVar[Mapping[str, frozenset[str]]] = {
        "values": frozenset({"given"}),
        "judgements": frozenset({"ahp"}),
        "target": frozenset({"balance"}),
        "lower": frozenset({"benefit_of_the_doubt"}),
        "upper": frozenset({"benefit_of_the_doubt"}),
        "eigenvalue": frozenset({"factor"}),
        "negative": frozenset({"pca"}),
    }

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        """`pca` stands for {method: pca}; {a: 1, b: 2} for {method: given, values: {a: 1, b: 2}}."""
        if isinstance(given, str):
            return {"method": given}
        if isinstance(given, Mapping) and given and all(isinstance(v, int | float) for v in given.values()):
            return given if set(given) <= {"lower", "upper"} else {"method": "given", "values": given}
        return given


class Aggregation(WithMethod):
    """Settings of the aggregation from children's scores to their parent's.

    Attributes:
        exponent: of the power mean.
        penalty: of Mazziotta–Pareto: "down" where more is better, "up" where the index measures a burden.
        majority: for Copeland: count pairwise majorities instead of summing shares of weight.
        lower, upper: limits on each child's share of the score (benefit_of_the_doubt).
        floor: scores below it are raised to it, so that a zero does not refuse a mean that needs positive scores.
        nonpositive: without a floor, whether scores of zero or less are refused or taken as missing by such a mean.
    """

    method: Literal[
        "arithmetic",
        "geometric",
        "harmonic",
        "power",
        "mazziotta_pareto",
        "copeland",
        "kemeny",
        "benefit_of_the_doubt",
    ] = "arithmetic"
    exponent: float = 1.0
    penalty: Literal["down", "up"] = "down"
    majority: bool = False
    lower: Share = 0.0
    upper: Share = 1.0
    floor: float | None = Field(default=None, gt=0)
    nonpositive: Literal["refuse", "missing"] = "refuse"

    USED_BY: ClassVar[Mapping[str, frozenset[str]]] = {
        "exponent": frozenset({"power"}),
        "penalty": frozenset({"mazziotta_pareto"}),
        "majority": frozenset({"copeland"}),
        "lower": frozenset({"benefit_of_the_doubt"}),
        "upper": frozenset({"benefit_of_the_doubt"}),
        "floor": frozenset({"geometric", "harmonic", "power", "mazziotta_pareto"}),
        "nonpositive": frozenset({"geometric", "harmonic", "power", "mazziotta_pareto"}),
    }

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {"method": given} if isinstance(given, str) else given

    @property
    def made_positive(self) -> bool:
        """Whether scores of zero or less are raised or left out before they are averaged."""
        return self.floor is not None or self.nonpositive == "missing"

    @property
    def needs_positive(self) -> bool:
        """Whether zero or negative children make no sense."""
        return self.method in {"geometric", "harmonic", "mazziotta_pareto"} or (
            self.method == "power" and self.exponent <= 0
        )

    @property
    def needs_nonnegative(self) -> bool:
        """Whether negative children make no sense."""
        fractional = self.method == "power" and not float(self.exponent).is_integer()
        return self.needs_positive or self.method == "benefit_of_the_doubt" or fractional


class WeightNoise(Frozen):
    """Variation of weights within each parent.

    Attributes:
        kind: `dirichlet` about the nominal weights: alpha = concentration · (number of children) · weight, so that
            concentration 1 with equal weights is uniform over all weights; `noise`: each weight times a uniform number
            within 1 ± factor.
        nodes: where; everywhere by default.
    """

    kind: Literal["dirichlet", "noise"] = "dirichlet"
    concentration: float = Field(default=1.0, gt=0, le=1e9)
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
    default: float = Field(default=0.0, ge=0, le=MOST)
    per: Mapping[str, Amount] = Field(default_factory=dict)

    def of(self, indicator: str) -> float:
        """Standard deviation for one indicator."""
        return self.per.get(indicator, self.default)


class Robustness(Frozen):
    """Alternatives and errors of a robustness study.

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

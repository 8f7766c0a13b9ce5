"""Causes that a gap is split over, as `causes.yaml` defines them, and what each replaces in a counterfactual.

A change is a difference that is added to one array (on its own scale or on that of its logarithm) when the quantity is
taken away. Differences of several quantities add up, so any coalition of causes is one sum. The two countries are the
axis before the last: 0 the subject, 1 the rival.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core import yaml_files
from headway.explain.shapley import MOST_PLAYERS
from headway.model import Inputs

By = Literal["rival", "none"]

LEAST = 1e-9  # below any stock of the model; so that a logarithm exists


@partial(jax.tree_util.register_dataclass, data_fields=["amount"], meta_fields=["leaf", "log"])
@dataclass(frozen=True)
class Difference:
    """Amount added to the array at `leaf` (dotted path in `Inputs`), (…, 2, members) or (…, 2, 1).

    `log` adds to its natural logarithm.
    """

    leaf: str
    log: bool
    amount: Array


class Two(NamedTuple):
    """Subject and rival against the held world: `inputs` with two countries, and people per country, (2,)."""

    inputs: Inputs
    population: Array

    @property
    def more_people(self) -> Array:
        """Natural log of the rival's population over the subject's."""
        return jnp.log(self.population[1] / self.population[0])


@dataclass(frozen=True, slots=True)
class Handle:
    """A quantity that a cause may replace."""

    meaning: str
    differences: Callable[[Two, By], tuple[Difference, ...]]
    can_vanish: bool = False


def leaf_of(inputs: Inputs, path: str) -> Array | None:
    """The array at a dotted path; None where a part of the inputs is absent."""
    found: Any = inputs
    for name in path.split("."):
        found = getattr(found, name) if found is not None else None
    result: Array | None = found
    return result


def _to_subject(amount: Array) -> Array:
    """A difference for the subject alone; `amount` lacks the country axis."""
    return jnp.stack([amount, jnp.zeros_like(amount)], axis=-2)


def _rivals(leaf: Array) -> Array:
    """Difference between the rival's value and the subject's."""
    return leaf[..., 1, :] - leaf[..., 0, :]


def _log(leaf: Array) -> Array:
    return jnp.log(jnp.maximum(leaf, LEAST))


def _plain(*paths: str) -> Callable[[Two, By], tuple[Difference, ...]]:
    """Arrays that are replaced as they stand."""

    def differences(two: Two, by: By) -> tuple[Difference, ...]:
        made = []
        for path in paths:
            leaf = leaf_of(two.inputs, path)
            if leaf is not None:
                made.append(Difference(path, False, _to_subject(_rivals(leaf)) if by == "rival" else -leaf))
        return tuple(made)

    return differences


def _gdp(two: Two, by: By) -> tuple[Difference, ...]:
    """GDP and its growth beyond the projection; compute bought before the first date grows in proportion."""
    larger = _rivals(two.inputs.paths.log_gdp)
    return (
        Difference("paths.log_gdp", False, _to_subject(larger)),
        *_plain("parameters.supply.growth_deviation")(two, by),
        Difference("initial.compute", True, _to_subject(larger[0])),
    )


def _population(two: Two, by: By) -> tuple[Difference, ...]:
    """Researchers and graduates in proportion to inhabitants."""
    more = two.more_people
    return (
        Difference("initial.talent", True, _to_subject(more[None])),
        Difference("paths.graduates", True, _to_subject(jnp.broadcast_to(more, (len(two.inputs.paths.graduates), 1)))),
    )


def _drag(two: Two) -> Array:
    """Log points of spending that resource rents cost at the first date, (2, members)."""
    return two.inputs.parameters.spending.resource_drag * two.inputs.paths.rents[0]


def _spending(two: Two, by: By) -> tuple[Difference, ...]:
    """The share of GDP spent on AI, now and before the first date, as it would be without resource rents."""
    first, drag = two.inputs.initial, _drag(two)
    per_gdp = _log(first.compute) - two.inputs.paths.log_gdp[0]
    return (
        Difference("initial.log_spending", False, _to_subject(_rivals(first.log_spending + drag))),
        Difference("initial.compute", True, _to_subject(_rivals(per_gdp + drag))),
        *_plain("parameters.spending.log_level", "paths.lever", "shocks.spending")(two, by),
    )


def _rents(two: Two, by: By) -> tuple[Difference, ...]:
    """Resource rents, and the spending before the first date that went with them."""
    drag = _drag(two)
    gained = -_to_subject(_rivals(drag)) if by == "rival" else drag
    return (
        *_plain("paths.rents")(two, by),
        Difference("initial.log_spending", False, gained),
        Difference("initial.compute", True, gained),
    )


def _researchers(two: Two, by: By) -> tuple[Difference, ...]:
    """Researchers per inhabitant at the first date."""
    return (
        Difference("initial.talent", True, _to_subject(_rivals(_log(two.inputs.initial.talent)) - two.more_people)),
    )


def _graduates(two: Two, by: By) -> tuple[Difference, ...]:
    """New researchers per inhabitant and year."""
    scale = two.inputs.parameters.talent.training_scale
    trained = _log(two.inputs.paths.graduates)
    more = _rivals(trained) - two.more_people
    own = (Difference("paths.graduates", True, _to_subject(more)),)
    if scale.ndim < 2:  # one factor for all countries
        return own
    return (*own, Difference("parameters.talent.training_scale", True, _to_subject(_rivals(_log(scale)))))


def _pay(two: Two, by: By) -> tuple[Difference, ...]:
    """Pay, which draws researchers: those who come from the held world follow it with its elasticity."""
    chosen = two.inputs.outside.simulated if two.inputs.outside is not None else jnp.arange(2)
    more = _rivals(two.inputs.geography.log_pay[chosen])
    drawn = two.inputs.parameters.talent.pay_elasticity * more
    return (
        Difference("geography.log_pay", False, _to_subject(more)),
        Difference("outside.arrivals", True, _to_subject(drawn)),
    )


HANDLES: Mapping[str, Handle] = {
    "gdp": Handle("gross domestic product, and the compute it had bought at the first date", _gdp),
    "population": Handle("inhabitants, with researchers and graduates in proportion", _population),
    "spending": Handle("AI spending as a share of GDP, and compute per GDP at the first date", _spending),
    "purchases": Handle(
        "growth of compute that spending and supply do not account for", _plain("shocks.compute"), True
    ),
    "controls": Handle("share of demand under export controls", _plain("paths.controlled"), True),
    "channels": Handle(
        "chips a year through partners, grey imports and domestic makers", _plain("paths.capacity"), True
    ),
    "exodus": Handle("emigration in a shock", _plain("paths.shock"), True),
    "emigration": Handle("emigration in ordinary years", _plain("paths.push"), True),
    "pay": Handle("pay of researchers, which draws others", _pay),
    "researchers": Handle("researchers per inhabitant at the first date", _researchers),
    "graduates": Handle("new researchers per inhabitant", _graduates),
    "rents": Handle("resource rents as a share of GDP, and what they cost in AI spending", _rents, True),
    "openness": Handle("openness to people, papers and code", _plain("paths.openness")),
    "collaboration": Handle("depth of collaboration with partners", _plain("paths.depth"), True),
    "progress": Handle(
        "algorithmic progress that compute and researchers do not account for", _plain("shocks.level"), True
    ),
    "level": Handle("algorithmic level at the first date", _plain("initial.level")),
    "concentration": Handle(
        "FLOP of the largest run per installed compute", _plain("parameters.training_run.concentration")
    ),
    "offset": Handle("offset of published scores from the equation", _plain("parameters.capability.discrepancy"), True),
}
"""Every quantity that a file of causes may name."""


SHIPPED = Path(__file__).with_name("causes.yaml")


class Replacement(BaseModel):
    """One quantity of the model and what stands in its place where the cause is taken away.

    Attributes:
        what: name of a handle (`headway.explain.causes.HANDLES`).
        by: `rival`: the subject gets the rival's value; `none`: subject and rival both go without it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    by: Literal["rival", "none"]

    @model_validator(mode="after")
    def _possible(self) -> Replacement:
        if self.what not in HANDLES:
            raise ValueError(f"'{self.what}' is nothing that can be replaced; known are {', '.join(HANDLES)}")
        if self.by == "none" and not HANDLES[self.what].can_vanish:
            raise ValueError(f"'{self.what}' cannot be none, no country is without it; write by: rival")
        return self


class Cause(BaseModel):
    """One cause.

    Attributes:
        title: its name in tables; phrase: its name inside a sentence; question: what is supposed when it is taken away.
        assumed: what has to be assumed for a country under export controls, inside a sentence; empty where nothing is.
        evidence: indicators that it rests on. events: topics of dated events that it rests on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)
    title: str = Field(min_length=1, max_length=40)
    phrase: str = Field(min_length=1)
    question: str = Field(min_length=1)
    caveat: str = ""
    assumed: str = ""
    evidence: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    replace: tuple[Replacement, ...] = Field(min_length=1)


class Causes(BaseModel):
    """All causes of one attribution. `rest` says what the difference is that no cause accounts for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rest: str
    causes: tuple[Cause, ...] = Field(min_length=1, max_length=MOST_PLAYERS)

    @model_validator(mode="after")
    def _apart(self) -> Causes:
        names = [cause.cause for cause in self.causes]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each cause needs a name of its own; twice: {', '.join(twice)}")
        whats = [replacement.what for cause in self.causes for replacement in cause.replace]
        if twice := sorted({what for what in whats if whats.count(what) > 1}):
            raise ValueError(f"a quantity may belong to one cause only; twice: {', '.join(twice)}")
        return self


def parse(text: str, path: Path) -> Causes:
    """The causes that `text` defines; `path` is named in errors.

    Raises:
        InputError: names file, line and field, what was wrong and what would be right.
    """
    return yaml_files.parse(Causes, text, path)


def read_causes(path: Path) -> Causes:
    """Read a file of causes.

    Raises:
        InputError: missing, not YAML, or malformed.
    """
    return yaml_files.read(Causes, path)


@lru_cache(maxsize=1)
def causes() -> Causes:
    """The causes that ship with the package."""
    return read_causes(SHIPPED)

"""Competing readings where the data cannot decide: which draws each stands for, its weight, what it makes of a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import jax
import numpy as np
import numpy.typing as npt
from jax import Array
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy.special import ndtri

from headway.core import yaml_files
from headway.core.cache import MemoryCache
from headway.core.numbers import Floats
from headway.ensemble.compiled import BRIEFLY, compiled
from headway.explain.attribution import Attribution, Split
from headway.scenarios.distributions import Choice, Distribution, transform
from headway.scenarios.registry import Registry, registry

SHIPPED = Path(__file__).with_name("readings.yaml")
_LEAST = 20  # rows that a mean is told of: ten draws in both directions
_MOVED = 0.1  # a share that the data moved by less says what the prior said
_PRIOR_DRAWS = 6_000  # equally likely normal scores that a share of the prior is counted over


class ReadingCondition(BaseModel):
    """A range of one parameter; exactly one of `third`, `below` and `above`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameter: str
    third: Literal["lowest", "highest"] | None = None
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _one(self) -> ReadingCondition:
        if self.key not in registry().parameters:
            raise ValueError(f"no parameter '{self.key}' in the registry")
        if sum(bound is not None for bound in (self.third, self.below, self.above)) != 1:
            raise ValueError("a condition needs exactly one of third, below and above")
        return self

    @property
    def key(self) -> str:
        """Registry key, without the country."""
        return self.parameter.split("/")[0]

    def bounds(self, prior: Mapping[str, Floats]) -> tuple[float, float]:
        """Least and greatest value, one of them infinite; thirds are those of the prior."""
        if self.third is None:
            return (-np.inf if self.above is None else self.above, np.inf if self.below is None else self.below)
        if self.third == "lowest":
            return -np.inf, float(np.quantile(prior[self.key], 1 / 3))
        return float(np.quantile(prior[self.key], 2 / 3)), np.inf

    def holds(self, values: Floats, prior: Mapping[str, Floats]) -> npt.NDArray[np.bool_]:
        """True for draws in which a parameter lies in the range."""
        low, high = self.bounds(prior)
        return (values >= low) & (values <= high)

    def share(self, prior: Mapping[str, Floats]) -> float:
        """Share of the prior that lies in the range."""
        return float(self.holds(prior[self.key], prior).mean())


class CompetingReading(BaseModel):
    """One reading: a title, what it says, and where it holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reading: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)
    title: str = Field(min_length=1, max_length=60)
    says: str = Field(min_length=1)
    where: tuple[ReadingCondition, ...] = ()
    otherwise: bool = False

    @model_validator(mode="after")
    def _somewhere(self) -> CompetingReading:
        if bool(self.where) == self.otherwise:
            raise ValueError("a reading needs either conditions (where) or otherwise: true")
        return self


class ReadingQuestion(BaseModel):
    """Readings that answer the same question differently. `about` is the cause whose share they dispute, if one is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)
    title: str = Field(min_length=1)
    about: str | None = None
    readings: tuple[CompetingReading, ...] = Field(min_length=2)


class ReadingQuestions(BaseModel):
    """All of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[ReadingQuestion, ...] = Field(min_length=1)


@dataclass(frozen=True)
class ReadingVerdict:
    """A reading and what it makes of the gap.

    Attributes:
        draws: which draws it stands for, (draws,). prior: its share of the prior.
        weight: its share of the posterior; None where the fit does not weigh it.
        scored: whether the weight is that of a structure by its hindcast score, not one from the likelihood.
        splits: the attribution over its draws, by scale; None where they are too few.
    """

    question: ReadingQuestion
    reading: CompetingReading
    draws: npt.NDArray[np.bool_]
    prior: float
    weight: float | None
    scored: bool
    splits: Mapping[str, Split] | None


def read_questions(path: Path) -> ReadingQuestions:
    """Read a file of readings.

    Raises:
        InputError: missing, not YAML, or malformed; names file, line and field.
    """
    return yaml_files.read(ReadingQuestions, path)


@lru_cache(maxsize=1)
def questions() -> ReadingQuestions:
    """The readings that ship with the package."""
    return read_questions(SHIPPED)


def verdicts(
    attribution: Attribution,
    fitted: Sequence[str],
    asked: ReadingQuestions | None = None,
    known: Registry | None = None,
) -> list[ReadingVerdict]:
    """Verdict of each reading on the gap.

    A reading has a weight where the fit weighs it: not where its parameter is the same in all draws (one structure was
    fitted), nor where the posterior gives every reading of the question the share that the prior gave it.

    Args:
        fitted: parameters that the posterior holds, as in `Attribution.values`; empty when draws come from the prior.
    """
    known, asked = known or registry(), asked or questions()
    prior = _priors(known, tuple(sorted({c.key for q in asked.questions for r in q.readings for c in r.where})))
    values = _from_behind(attribution.values) if attribution.leads else attribution.values
    known_of = {_other_side(key) for key in fitted} if attribution.leads else set(fitted)
    telling = {key for key in known_of if np.ptp(values.get(key, 0.0)) > 0}
    found: list[ReadingVerdict] = []
    for question in asked.questions:
        held = [_held(reading, values, prior) for reading in question.readings]
        taken = np.logical_or.reduce([draws for draws in held if draws is not None])
        conditions = [condition for reading in question.readings for condition in reading.where]
        about = {condition.parameter for condition in conditions}
        scored = any(isinstance(known.parameters[condition.key].distribution, Choice) for condition in conditions)
        shares = _prior_shares(question, prior)
        group = []
        for reading, draws, before in zip(question.readings, held, shares, strict=True):
            draws = ~taken if draws is None else draws
            own = ({condition.parameter for condition in reading.where} or about) <= telling
            enough = int(draws.sum()) >= _LEAST
            splits = {metric: split.of(draws) for metric, split in attribution.splits.items()} if enough else None
            weight = float(draws.mean()) if fitted and own else None
            group.append(ReadingVerdict(question, reading, draws, before, weight, scored, splits))
        weighed = scored or any(v.weight is not None and abs(v.weight - v.prior) > _MOVED for v in group)
        found += group if weighed else [replace(verdict, weight=None) for verdict in group]
    return found


_prior_values: MemoryCache[dict[str, Floats]] = MemoryCache(8)


def _priors(known: Registry, keys: tuple[str, ...]) -> dict[str, Floats]:
    """Equally likely values of the prior of each parameter, (_PRIOR_DRAWS,); cached in memory."""
    return _prior_values.get((known.hash, keys), lambda: _compute_priors(known, keys))


def _compute_priors(known: Registry, keys: tuple[str, ...]) -> dict[str, Floats]:
    """Equally likely values of the prior of each parameter, (_PRIOR_DRAWS,)."""
    scores = ndtri((np.arange(_PRIOR_DRAWS) + 0.5) / _PRIOR_DRAWS)
    distributions = tuple(known.parameters[key].distribution for key in keys)
    rows = jax.device_put(np.broadcast_to(scores.astype(np.float32), (len(keys), _PRIOR_DRAWS)))
    values = _quantiles(rows, distributions)
    return dict(zip(keys, np.asarray(values, np.float64), strict=True))


@compiled("distributions", options=BRIEFLY)
def _quantiles(scores: Array, distributions: tuple[Distribution, ...]) -> Array:
    return transform(distributions, scores)


def _other_side(key: str) -> str:
    """`key/rival` for `key/subject` and the other way round."""
    own, _, side = key.partition("/")
    return f"{own}/{'rival' if side == 'subject' else 'subject'}" if side else own


def _from_behind(values: Mapping[str, Floats]) -> dict[str, Floats]:
    """The same numbers with subject and rival exchanged: readings speak of the country that is behind."""
    return {_other_side(key): value for key, value in values.items()}


def _held(
    reading: CompetingReading, values: Mapping[str, Floats], prior: Mapping[str, Floats]
) -> npt.NDArray[np.bool_] | None:
    """Draws in which all conditions hold; None for `otherwise`."""
    if reading.otherwise:
        return None
    result: npt.NDArray[np.bool_] | None = np.logical_and.reduce(
        [c.holds(values[c.parameter], prior) for c in reading.where]
    )
    return result


def _prior_shares(question: ReadingQuestion, prior: Mapping[str, Floats]) -> list[float]:
    """Share of the prior of each reading; conditions on different parameters are independent there."""
    shares = [float(np.prod([c.share(prior) for c in reading.where])) for reading in question.readings]
    nothing = float(np.prod([1 - share for share, r in zip(shares, question.readings, strict=True) if not r.otherwise]))
    return [nothing if r.otherwise else share for share, r in zip(shares, question.readings, strict=True)]

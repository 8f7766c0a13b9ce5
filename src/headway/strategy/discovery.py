"""Scenario discovery: in which futures a strategy fails, as a rule in plain words with its coverage and density."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from headway.core import wording
from headway.core.errors import InputError
from headway.ensemble.simulation import BLOCK
from headway.scenarios.distributions import Choice
from headway.strategy.experiment import Experiment
from headway.strategy.judgement import Objectives, loss
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.results import Results, losses
from headway.strategy.rule_induction import Bools, Box, Columns, Limit, OneOf, cart, rule

HAPPENING = "happening"
_LEVER = "lever/"
_CONDITION = re.compile(r"\s*(gain\.)?([a-z_]+)\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)\s*")
TOGETHER = "together"
ALL_TOGETHER = "own and usable models and niches together"  # the same inside a sentence
MARGIN = 6.0  # months of lag that a strategy should gain on the status quo


@dataclass(frozen=True)
class DiscoveredRule:
    """When a strategy fails: `sovereign_lag > 36`, or `gain.sovereign_lag < 6` against the status quo.

    `outcome` is one of `OUTCOMES`, or `together` for all objectives added up.
    """

    outcome: str
    sign: str
    bound: float
    gained: bool = False

    @classmethod
    def parse(cls, text: str) -> DiscoveredRule:
        """Read a condition.

        Raises:
            InputError: not of the form OUTCOME SIGN NUMBER, or no such outcome.
        """
        match = _CONDITION.fullmatch(text)
        if match is None:
            raise InputError(f"'{text}' is not a condition; write sovereign_lag > 36 or gain.sovereign_lag < 6")
        if match[2] not in (*OUTCOMES, TOGETHER):
            raise InputError(f"no outcome '{match[2]}'; there are {', '.join((*OUTCOMES, TOGETHER))}")
        return cls(match[2], match[3], float(match[4]), match[1] is not None)

    def __str__(self) -> str:
        unit = "months" if self.outcome == TOGETHER else OUTCOMES[self.outcome].unit
        sign = {"<": "less than", ">": "more than", "<=": "at most", ">=": "at least"}[self.sign]
        bound = wording.amount(self.bound, "" if unit == "1" else unit)
        if self.outcome == TOGETHER and self.gained:
            return f"it gains {sign} {bound} on the status quo, {ALL_TOGETHER}"
        what = ALL_TOGETHER if self.outcome == TOGETHER else OUTCOMES[self.outcome].title.lower()
        return f"it gains {sign} {bound} of {what} on the status quo" if self.gained else f"{what} is {sign} {bound}"


DEFAULT = DiscoveredRule(TOGETHER, "<", MARGIN, True)


def failed(results: Results, strategy: str, condition: DiscoveredRule, judged: Objectives, reference: int = 0) -> Bools:
    """Futures in which the strategy fails, (futures,)."""
    own = results.row(strategy)
    if condition.outcome == TOGETHER:
        values, compared_with = (losses(results, judged, slice(row, row + 1)).ravel() for row in (own, reference))
        gain = compared_with - values
    else:
        values, compared_with = (results.flat(condition.outcome, slice(row, row + 1))[0] for row in (own, reference))
        gain = loss(condition.outcome, compared_with) - loss(condition.outcome, values)
    compared = gain if condition.gained else values
    return {
        "<": compared < condition.bound,
        ">": compared > condition.bound,
        "<=": compared <= condition.bound,
        ">=": compared >= condition.bound,
    }[condition.sign]


def describe(results: Results, strategy: str | None = None) -> Columns:
    """Variables that tell the futures apart: draws, effects of levers, and events; each (futures,).

    Args:
        strategy: leaves out the effectiveness of levers that it does not use.
    """
    experiment = results.experiment
    drawn = draws(experiment)
    used = _used(results, strategy)
    columns: dict[str, npt.NDArray[np.generic]] = {}
    for name, values in drawn.items():
        if name.startswith(_LEVER) and used is not None and name.removeprefix(_LEVER).split("/")[0] not in used:
            continue
        if np.ptp(values) > 0:
            columns[name] = np.tile(values[results.good], len(experiment.happenings))
    titles = [one.what.name for one in experiment.happenings]
    columns[HAPPENING] = np.repeat(np.asarray(titles), int(results.good.sum()))
    return columns


def draws(experiment: Experiment) -> Mapping[str, npt.NDArray[np.float64]]:
    """Draws by parameter, and by effect of a lever as `lever/…`; each (draws,)."""
    parts: dict[str, list[npt.NDArray[np.float64]]] = {}
    for first in range(0, experiment.draws, BLOCK):
        baseline = experiment.built(0, first)
        found = {key: np.asarray(value, np.float64) for key, value in baseline.values.items()}
        factors = np.asarray(baseline.factors, np.float64)
        found |= {f"{_LEVER}{name}": factors[k] for k, name in enumerate(experiment.levers.effect_names)}
        for key, value in found.items():
            parts.setdefault(key, []).append(value)
    return {key: np.concatenate(values)[: experiment.draws] for key, values in parts.items()}


def discover(columns: Columns, interesting: Bools, method: Literal["prim", "cart"] = "prim") -> Box | None:
    """The rule that describes the futures of interest best; None where there is none."""
    if method == "prim":
        return rule(columns, interesting)
    return next(iter(cart(columns, interesting)), None)


def in_words(box: Box, experiment: Experiment) -> str:
    """The rule as the end of a sentence: `export controls tighten and absorption is below 0.4 1/year`."""
    return wording.listing([_limit(name, limit, experiment) for name, limit in box.limits.items()])


def _limit(name: str, limit: Limit, experiment: Experiment) -> str:
    if isinstance(limit, OneOf):
        phrases = {one.what.name: one.what.phrase for one in experiment.happenings}
        left_out = [kind for kind in phrases if kind not in limit.kinds]
        if len(left_out) == 1 < len(limit.kinds):
            return f"it is not the case that {phrases[left_out[0]]}"
        if len(left_out) < len(limit.kinds):
            return "neither " + " nor ".join(phrases[kind] for kind in left_out)
        return " or ".join(phrases[kind] for kind in phrases if kind in limit.kinds)
    what, unit = _named(name, experiment)
    parameter = experiment.registry.parameters.get(name)
    if parameter is not None and isinstance(parameter.distribution, Choice):
        values = [f"{value:g}" for value in parameter.distribution.values if limit.low <= value <= limit.high]
        return f"{what} is {' or '.join(values)}"
    low, high = (_amount(end, unit) if np.isfinite(end) else "" for end in (limit.low, limit.high))
    if low and high:
        return f"{what} is between {low} and {high}"
    return f"{what} is {f'at least {low}' if low else f'at most {high}'}"


def _amount(value: float, unit: str) -> str:
    if unit == "ECI":
        return wording.amount(value, "ECI points")
    if unit == "OOM/year":
        return f"{wording.number(10**value, 2)} times a year"
    return f"{wording.number(value, 2)} {unit}".strip()


def _named(name: str, experiment: Experiment) -> tuple[str, str]:
    """Words and unit of a column."""
    if name.startswith(_LEVER):
        lever, _, effect = name.removeprefix(_LEVER).partition("/")
        titles = dict(zip(experiment.levers.names, experiment.levers.levers, strict=True))
        return f"the effect of {titles[lever].title.lower()} on {effect}", "times what is assumed"
    parameter = experiment.registry.parameters[name]
    unit = {"1": "", "1/year": "a year", "year": "years", "index/year": "points a year"}.get(parameter.unit)
    return f"the {parameter.name}", parameter.unit if unit is None else unit


def _used(results: Results, strategy: str | None) -> set[str] | None:
    if strategy is None:
        return None
    money = results.experiment.portfolio.money[results.row(strategy)].sum(axis=0)
    return {name for name, spent in zip(results.experiment.levers.names, money, strict=True) if spent > 0}

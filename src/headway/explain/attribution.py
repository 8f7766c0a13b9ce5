"""Attribution of a gap to its causes by exact Shapley values over counterfactual runs, draw by draw.

The same gap has two splits: what the subject would gain with the rival's causes, and what the rival would lose with the
subject's. Both count alike, so that a country's brief and its rival's tell the same story.
Holding the rest of the world is an approximation; its error is measured on a few coalitions in a full run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array

from headway.core.cache import Arrays, fingerprint, source_hash
from headway.core.errors import EvidenceError, InputError, ModelError
from headway.core.numbers import LEVEL, Floats
from headway.ensemble.compiled import compiled
from headway.ensemble.pieces import Gather
from headway.ensemble.simulation import BLOCK, Ensemble
from headway.explain.causes import Cause, Causes
from headway.explain.coalitions import Game, evaluate_coalitions, removals, without
from headway.explain.setting import METRICS, RECORDED, Gaps, PairSimulator, QuarterIndex, Setting, gaps
from headway.explain.shapley import coalitions, last_to_leave, shapley_values
from headway.model import Inputs, simulate

if TYPE_CHECKING:
    from headway.evidence import Evidence

MEMBERS = 32  # draws that the full world is run for


@dataclass(frozen=True, slots=True)
class PairApproximationError:
    """Full-world gap less fixed-world gap, mean over draws, in the unit of the scale.

    Attributes:
        typical: mean absolute difference over the coalitions. largest: the largest, with its sign.
        acting: the causes that act in that coalition. coalitions, draws: how many were compared.
    """

    typical: float
    largest: float
    acting: tuple[str, ...]
    coalitions: int
    draws: int


def errors(block: Setting, causes: tuple[Cause, ...]) -> Mapping[str, PairApproximationError]:
    """Differences at the last date, by scale: nothing taken away, each cause alone taken away, all taken away.

    The subject's direction alone is measured.
    """
    count = len(causes)
    acting = np.vstack([np.ones(count, bool), ~np.eye(count, dtype=bool), np.zeros(count, bool)])
    changes, _ = removals(block.two, causes)
    members = block.rest.shape[-1]
    few = min(MEMBERS, members)

    def first(leaf: Array) -> Array:
        return leaf[..., :few] if leaf.ndim and leaf.shape[-1] == members else leaf

    game, world = jax.tree.map(first, (Game(block.two.inputs, changes, block.rest), block.world))
    held = evaluate_coalitions(game, jnp.asarray(acting), block.when)
    full = _play_world(world, game, jnp.asarray(acting), block.positions, block.when)
    found = {}
    for metric in METRICS:
        difference = np.asarray(getattr(full, metric) - getattr(held, metric), float)[:, -1].mean(axis=-1)
        worst = int(np.abs(difference).argmax())
        there = tuple(cause.cause for cause, acts in zip(causes, acting[worst], strict=True) if acts)
        found[metric] = PairApproximationError(
            float(np.abs(difference).mean()), float(difference[worst]), there, len(acting), few
        )
    return found


@compiled("when")
def _play_world(world: Inputs, game: Game, acting: Array, at: Array, when: QuarterIndex) -> Gaps:
    """As `play`, in a run of the whole world."""

    def one(row: Array) -> Gaps:
        taken = 1 - row.astype(game.rest.dtype)
        series = simulate(without(world, taken, game.removals, at), RECORDED).series
        pair = {name: values[:, at] for name, values in series.items()}
        rest = series["compute"].sum(axis=1) - pair["compute"].sum(axis=1)
        return gaps(pair, rest, when)

    result: Gaps = jax.lax.map(one, acting)
    return result


LEAST_DRAWS = 20


@dataclass(frozen=True)
class Split:
    """A gap on one scale, split; in the unit of the scale, positive where the rival is ahead.

    In an `Attribution` the draws come twice: those of the subject's direction, then the same of the rival's. Means over
    all are averages of both directions, and intervals hold the spread between them.

    Attributes:
        gap: (dates, draws). rest: what stays when all causes are taken away, (dates, draws).
        parts: Shapley values, (causes, dates, draws); gap = parts.sum(axis=0) + rest.
        alone: how far the gap would shrink if this cause alone were taken away, (causes, dates, draws).
    """

    gap: Floats
    rest: Floats
    parts: Floats
    alone: Floats

    def of(self, draws: npt.NDArray[np.bool_] | slice) -> Split:
        """The same over some of the draws."""
        return Split(*(values[..., draws] for values in (self.gap, self.rest, self.parts, self.alone)))

    def turned(self) -> Split:
        """The same with the signs of the other country."""
        return Split(-self.gap, -self.rest, -self.parts, -self.alone)


@dataclass(frozen=True)
class Attribution:
    """Attributes:
    subject, rival: codes. dates: quarters. causes: in the order of the splits.
    splits: by scale (`METRICS`), both directions.
    beyond: share of draws in which months rest on a path beyond the scores, (dates,).
    values: the uncertain numbers behind each draw (`Setting.values`), each (draws,), twice as in the splits.
    recipe: all that the result depends on. errors: of holding the rest of the world, by scale; empty if not measured.
    failed: draws left out because a run exploded or gave no number.
    controlled: whether subject and rival are under export controls at the last date.
    stated: median and interval of the gap in months at the last date, as every sentence says it (`agreeing`).
    censored: share of draws in which the months are a lower bound, as the scores of the one ahead begin too late.
    """

    subject: str
    rival: str
    dates: tuple[str, ...]
    causes: Causes
    splits: Mapping[str, Split]
    beyond: Floats
    values: Mapping[str, Floats]
    recipe: Mapping[str, str | int]
    errors: Mapping[str, PairApproximationError]
    failed: int
    controlled: tuple[bool, bool] = (False, False)
    stated: tuple[float, float, float] | None = None
    censored: float = 0.0

    @property
    def behind_is_controlled(self) -> bool:
        """Whether the one that is behind is under export controls."""
        return self.controlled[self.leads]

    @property
    def leads(self) -> bool:
        """Whether the subject is ahead: then `facing` speaks of its lead."""
        return float(self.splits["months"].gap[-1].mean()) < 0

    def facing(self) -> tuple[Attribution, bool]:
        """The same with positive numbers for what is being explained, a gap or a lead; and whether it is a lead."""
        if not self.leads:
            return self, False
        splits = {metric: split.turned() for metric, split in self.splits.items()}
        value, low, high = self.whole
        return replace(self, splits=splits, stated=(-value, -high, -low)), True

    @property
    def whole(self) -> tuple[float, float, float]:
        """The gap in months at the last date: median, and its interval; parts and rest add up to the median."""
        if self.stated is not None:
            return self.stated
        low, value, high = np.quantile(self.splits["months"].gap[-1], [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
        return float(value), float(low), float(high)

    def agreeing(self, value: float, low: float, high: float, censored: float = 0.0) -> Attribution:
        """The same with this gap in months at the last date, a lower bound in a share `censored` of the draws.

        Parts are means, which add up; what their sum and a median differ by goes to what is not accounted for.
        """
        months = self.splits["months"]
        shift = value - float(months.gap[-1].mean())
        moved = replace(months, gap=months.gap + shift, rest=months.rest + shift)
        return replace(self, splits={**self.splits, "months": moved}, stated=(value, low, high), censored=censored)

    @property
    def draws(self) -> int:
        """How many, each in both directions."""
        return int(self.splits["eci"].gap.shape[-1]) // 2


def interval(draws: Floats, level: float = LEVEL) -> tuple[float, float, float]:
    """Mean, and the interval of the given content, of the last axis. Means of parts add up; medians would not."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    mean = float(draws.mean())
    return mean, min(float(low), mean), max(float(high), mean)


def inhabitants(evidence: Evidence, codes: Sequence[str]) -> tuple[float, ...]:
    """Newest number of inhabitants of each country.

    Raises:
        EvidenceError: the snapshot has none for a country.
    """
    table = evidence.panel("population", list(codes)).ffill()
    for code in codes:
        if code not in table or not table[code].iloc[-1] > 0:
            raise EvidenceError(f"the evidence holds no population of {code} (indicator population)")
    return tuple(float(table[code].iloc[-1]) for code in codes)


def attribute(
    ensemble: Ensemble,
    subject: str,
    rival: str,
    *,
    dates: tuple[str, ...],
    people: tuple[float, float],
    causes: Causes,
    draws: int = BLOCK,
    check: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    gather: Gather | None = None,
) -> Attribution:
    """Split the gap of `subject` against `rival` at each date over the causes.

    Args:
        people: inhabitants of the two. check: also run the whole world for a few coalitions and report the difference.
        progress: told the number of draws done. gather: finds the blocks of draws where machines share them, without
            `check` and `progress`; this process runs them where none is given.

    Raises:
        InputError: a country that is not modelled, a date outside the run, fewer than 20 draws.
        ModelError: fewer than 20 draws ran to the end.
    """
    if draws < LEAST_DRAWS:
        raise InputError(f"{draws} draws are too few for an interval; give {LEAST_DRAWS} or more")
    stage = PairSimulator(ensemble, subject, rival, dates, people)
    found: list[Arrays] = []
    measured: Mapping[str, PairApproximationError] = {}
    if gather is not None:
        found = list(gather(AttributionTask(stage, causes, draws, ensemble.recipe)))
    for start in range(0, draws, BLOCK) if gather is None else ():
        block = stage.block(start)
        found.append(_split_both(block, causes, draws - start))
        if check and not measured:
            measured = errors(block, causes.causes)
        progress(min(start + BLOCK, draws))
    beyond = np.concatenate([one["beyond"] for one in found], axis=-1)
    kept = beyond.shape[-1]
    if kept < LEAST_DRAWS:
        raise ModelError(f"only {kept} of {draws} draws ran to the end; look at the scenario and its parameters")
    values = {name.removeprefix(_VALUE): name for name in found[0] if name.startswith(_VALUE)}
    controlled = found[0]["controlled"]
    made = Attribution(
        subject=subject,
        rival=rival,
        dates=dates,
        causes=causes,
        splits={
            metric: _joined([_unpacked(one, side, metric) for side in _SIDES for one in found]) for metric in METRICS
        },
        beyond=beyond.mean(axis=-1),
        values={key: np.tile(np.concatenate([one[name] for one in found]), 2) for key, name in values.items()},
        recipe=ensemble.recipe,
        errors=measured,
        failed=draws - kept,
        controlled=(bool(controlled[0]), bool(controlled[1])),
    )
    return made.agreeing(*made.whole)


_SIDES = ("own", "other")  # directions: the subject's question, the rival's
_VALUE = "value/"  # before the names of uncertain numbers


@dataclass(frozen=True)
class AttributionTask:
    """Blocks of draws of an attribution, for machines that share them."""

    stage: PairSimulator
    causes: Causes
    draws: int
    origin: Mapping[str, Any]

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """All that the blocks depend on."""
        stage = self.stage
        about = {"code_of_causes": source_hash("explain"), "causes": fingerprint(self.causes.model_dump())[:8]}
        pair = {"pair": list(stage.positions), "people": list(stage.people), "dates": list(stage.dates)}
        return {**self.origin, **about, **pair, "draws": self.draws}

    @cached_property
    def key(self) -> str:
        """Sixteen hex digits of the recipe."""
        return fingerprint(self.recipe)[:16]

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Names of the blocks, in order."""
        return tuple(f"draws-{start}" for start in range(0, self.draws, BLOCK))

    def run(self, piece: str) -> Arrays:
        """Splits of one block of draws in both directions."""
        start = int(piece.removeprefix("draws-"))
        return _split_both(self.stage.block(start), self.causes, self.draws - start)


def _split_both(block: Setting, causes: Causes, most: int) -> dict[str, npt.NDArray[Any]]:
    """Splits of the good ones of a block's first `most` draws in both directions, and the numbers behind them."""
    own, outside, good = split(block, causes.causes)
    back, _, also_good = split(block.turned(), causes.causes)
    wanted = good & also_good & (np.arange(BLOCK) < most)
    both = {
        "own": {metric: one.of(wanted) for metric, one in own.items()},
        "other": {metric: one.of(wanted).turned() for metric, one in back.items()},
    }
    return {
        **{
            f"{side}/{metric}/{name}": getattr(one, name)
            for side, splits in both.items()
            for metric, one in splits.items()
            for name in _FIELDS
        },
        **{f"{_VALUE}{key}": values[wanted] for key, values in block.values.items()},
        "beyond": outside[..., wanted],
        "controlled": np.array(_controlled(block)),
    }


def _unpacked(arrays: Arrays, side: str, metric: str) -> Split:
    return Split(*(arrays[f"{side}/{metric}/{name}"] for name in _FIELDS))


def _controlled(block: Setting) -> tuple[bool, bool]:
    """Whether subject and rival are under export controls at the last date in any draw."""
    share = np.asarray(block.two.inputs.paths.controlled)[block.when.dates[-1]]
    return bool((share[0] > 0).any()), bool((share[1] > 0).any())


def split(block: Setting, causes: tuple[Cause, ...]) -> tuple[Mapping[str, Split], Floats, npt.NDArray[np.bool_]]:
    """Splits by scale of one block of draws; where months lie beyond the scores, (dates, draws); which draws are good.

    A cause that changes nothing for these two countries in any draw is no player of the game: its value is exactly 0.
    """
    changes, active = removals(block.two, causes)
    members = coalitions(len(causes))
    worths = evaluate_coalitions(Game(block.two.inputs, changes, block.rest), jax.device_put(members), block.when)
    players = np.flatnonzero(active)
    rows = np.flatnonzero(members[:, ~np.asarray(active)].all(axis=1))  # idle causes always present

    def spread(values: Floats) -> Floats:
        full = np.zeros((len(causes), *values.shape[1:]))
        full[players] = values
        return full

    splits, good = {}, block.good
    for metric in METRICS:
        worth = np.asarray(getattr(worths, metric), np.float64)[rows]
        good = good & np.isfinite(worth).all(axis=(0, 1))
        none = np.zeros((0, *worth.shape[1:]))
        parts, alone = (shapley_values(worth), last_to_leave(worth)) if players.size else (none, none)
        splits[metric] = Split(worth[-1], worth[0], spread(parts), spread(alone))
    return splits, np.asarray(worths.beyond, np.float64)[-1], good


_FIELDS = ("gap", "rest", "parts", "alone")  # of a split


def _joined(splits: Sequence[Split]) -> Split:
    return Split(*(np.concatenate([getattr(one, name) for one in splits], axis=-1) for name in _FIELDS))

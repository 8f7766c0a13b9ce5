"""The model in NumPy: what most users would write. Whole blocks at once, or one member at a time for EMA Workbench."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from headway.model import Inputs

YEARS = 0.25
LN_10 = 2.302585092994046


def plain(inputs: Inputs, member: int | None = None) -> Any:
    """The arrays of the inputs as NumPy, all members or one (then without the member axis)."""
    count = inputs.initial.compute.shape[-1]

    def leaf(value: Any) -> Any:
        array = np.asarray(value)
        if member is None or array.shape[-1] != count:
            return array
        return array[..., member]

    def group(values: Any) -> Any:
        return SimpleNamespace(**{name: leaf(value) for name, value in values._asdict().items() if value is not None})

    paths = inputs.paths._asdict()

    def drop(array: np.ndarray) -> np.ndarray:
        return array if member is None else array[..., 0]

    return SimpleNamespace(
        initial=group(inputs.initial),
        paths=SimpleNamespace(**{name: drop(np.asarray(value)) for name, value in paths.items()}),
        log_pay=drop(np.asarray(inputs.geography.log_pay)),
        closeness=np.asarray(inputs.geography.closeness),
        noise=leaf(inputs.shocks.level),
        **{name: group(value) for name, value in inputs.parameters._asdict().items()},
    )


def _softplus(x: Any) -> Any:
    return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))


def _softmin(a: Any, b: Any) -> Any:
    small, large = np.minimum(a, b), np.maximum(a, b)
    square = (small / np.where(large > 0, large, 1)) ** 2
    return small / np.sqrt(np.sqrt(1 + square * square))


def run(given: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute, level and sovereign capability by date, (quarters, countries[, members])."""
    g, a_, t_, l_ = given, given.algorithms, given.talent, given.training_run
    x, k, people, away, level = (
        getattr(g.initial, name) for name in ("log_spending", "compute", "talent", "distance", "level")
    )
    pull = np.exp(t_.pay_elasticity * (g.log_pay - g.log_pay.max()))
    reach = g.closeness @ pull
    share = np.where(reach > 0, 1 / np.where(reach > 0, reach, 1), 0)
    relax, keep = np.exp(-YEARS / g.spending.adjustment_years), np.exp(-g.stock.depreciation * YEARS)
    fade, money = np.exp(-t_.distance_fade * YEARS), np.log(g.supply.chip_share / g.supply.chip_price)
    ceiling = np.log(g.spending.ceiling)
    rho = 1 - 1 / a_.substitution
    rho = np.where(np.abs(rho) < 1e-3, 1e-3, rho)
    rest = np.log1p(-a_.compute_weight)
    odds = np.log(a_.compute_weight) - rest
    steep = LN_10 * np.maximum(a_.fishing_out, 1e-3)
    best = np.full_like(k, -np.inf)

    def lived(until: Any) -> Any:
        return until - 0.5 * _softplus((until - l_.length_end) / 0.5)

    seen: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    for t in range(g.paths.year.shape[0]):
        p = SimpleNamespace(**{name: path[t] for name, path in vars(g.paths).items()})
        log_k = np.log(np.maximum(k, 1))
        length = l_.length_growth * (lived(p.year) - lived(g.reference.year))
        built = 0.43429448190325176 * log_k + l_.concentration + length - g.reference.log_run + level
        fading = np.exp(-np.maximum(p.anchored, 0) / g.capability.discrepancy_years)
        best = np.maximum(best, g.capability.intercept + g.capability.slope * built + g.capability.discrepancy * fading)
        for series, value in zip(seen, (k, level, best), strict=True):
            series.append(value)

        wanted = np.exp(
            money + g.supply.price_performance * p.price_age + g.supply.growth_deviation * p.projected + p.log_gdp + x
        )
        around = _softmin(p.controlled * wanted / g.supply.premium, p.capacity * g.supply.channel_scale)
        work = people + t_.distance_weight * away
        rel_k = log_k - g.reference.log_compute
        rel_l = np.log(np.maximum(work, 1)) - g.reference.log_talent
        research = rel_l + (_softplus(rho * (rel_k - rel_l) + odds) + rest) / rho
        own = a_.own_rate * np.exp(a_.returns * research - LN_10 * a_.fishing_out * level)
        rate = a_.absorption * work / (work + a_.half_talent) * (1 - a_.openness_weight * (1 - p.openness))
        top = level.max(axis=0)
        frontier = top + 0.1 * np.log(np.exp((level - top) / 0.1).sum(axis=0))
        hazard = np.where(share > 0, t_.mobility * p.push + p.shock, 0)
        leaving = hazard + t_.retirement
        z = leaving * YEARS
        gone = people * z / (1 + z * (0.5 + z / 12))
        arriving = pull * (g.closeness.T @ (gone * hazard / leaving * share))
        goal = g.spending.log_level + p.lever - g.spending.resource_drag * p.rents
        goal = goal - _softplus(4 * (goal - ceiling)) / 4

        k = k * keep + ((1 - p.controlled) * wanted + around) * (1 - keep) / g.stock.depreciation
        level = level + np.log(1 + steep * own * YEARS) / steep + rate * (frontier - level) * YEARS + g.noise[t] * YEARS
        people = people - gone + p.graduates * t_.training_scale * YEARS + arriving
        away = away * fade + gone * np.where(share > 0, p.shock, 0) / leaving
        x = goal + (x - goal) * relax
    return np.stack(seen[0]), np.stack(seen[1]), np.stack(seen[2])

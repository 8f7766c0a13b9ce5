"""Strategies: dated mixes of levers under a budget, and the money they put on each lever in each quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from headway.core.numbers import Floats
from headway.core.periods import Grid, laid_out, quarter_number
from headway.core.yaml_files import read, validated
from headway.strategy.levers import Lever, Levers

SHIPPED = Path(__file__).with_name("strategies.yaml")
_WHOLE = 1 + 1e-9


def _date(value: Any) -> Any:
    """`2027`, `2027Q3` and `2027-07-01` are all dates: the first day."""
    if isinstance(value, int) and not isinstance(value, bool):
        return dt.date(value, 1, 1)
    if isinstance(value, str) and "Q" in value:
        quarter = quarter_number(value)
        return dt.date(quarter // 4, 3 * (quarter % 4) + 1, 1)
    return value


Day = Annotated[dt.date, BeforeValidator(_date)]
Share = Annotated[float, Field(ge=0, le=1)]


class Strategy(BaseModel):
    """A dated mix under a budget.

    Attributes:
        mix: from each date on, the share of the budget that goes to each lever.
        partners: `closest` by joint publications, or codes. niches: `strongest` by evidence, `all`, or names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    strategy: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: str = Field(min_length=1, max_length=40)
    description: str = ""
    partners: Literal["closest"] | tuple[str, ...] = "closest"
    niches: Literal["strongest", "all"] | tuple[str, ...] = "strongest"
    mix: dict[Day, dict[str, Share]]

    @field_validator("mix")
    @classmethod
    def _possible(cls, mix: dict[dt.date, dict[str, float]], info: ValidationInfo) -> dict[dt.date, dict[str, float]]:
        for day, shares in mix.items():
            _known("lever", shares, info)
            if sum(shares.values()) > _WHOLE:
                raise ValueError(f"the shares from {day} on add up to {sum(shares.values()):g}; at most 1 is there")
        return mix

    @field_validator("niches")
    @classmethod
    def _niches(cls, niches: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        if not isinstance(niches, str):
            _known("niche", niches, info)
        return niches


def _known(what: str, names: Iterable[str], info: ValidationInfo) -> None:
    """Refuse names that the levers or niches in use do not have, where these are said."""
    known = (info.context or {}).get(f"{what}s")
    for name in names:
        if known is not None and name not in known:
            raise ValueError(f"no {what} '{name}'; known are {', '.join(known)}")


class Strategies(BaseModel):
    """A file of strategies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    strategies: tuple[Strategy, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> Strategies:
        names = [one.strategy for one in self.strategies]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each strategy needs a name of its own; twice: {', '.join(twice)}")
        return self


def read_strategies(path: Path, levers: Levers, niches: Sequence[str]) -> tuple[Strategy, ...]:
    """Read a file of strategies.

    Raises:
        InputError: missing, malformed, or naming a lever or niche that does not exist; names file, line and field.
    """
    return read(Strategies, path, {"levers": levers.names, "niches": tuple(niches)}).strategies


def own_strategies(own: Mapping[str, Mapping[str, Any]], levers: Levers, niches: Sequence[str]) -> tuple[Strategy, ...]:
    """The user's strategies from plain data: fields of `Strategy` other than its name, by name.

    Raises:
        InputError: malformed, or naming a lever or niche that does not exist; names strategy and field.
    """
    known = {"levers": levers.names, "niches": tuple(niches)}
    return tuple(
        validated(Strategy, {"strategy": name, **fields}, f"strategy '{name}'", known) for name, fields in own.items()
    )


def each_alone(levers: Iterable[Lever]) -> tuple[Strategy, ...]:
    """One strategy per lever that puts the whole budget on it, from the day on which the shipped strategies begin."""
    begin = min(day for one in named() for day in one.mix)
    return tuple(
        Strategy(strategy=lever.lever.replace("_", "-"), title=lever.title, mix={begin: {lever.lever: 1.0}})
        for lever in levers
    )


@lru_cache(maxsize=1)
def named() -> tuple[Strategy, ...]:
    """The strategies that ship with the package, the status quo first."""
    return read(Strategies, SHIPPED).strategies


def shares(strategies: Sequence[Strategy], levers: Levers, grid: Grid) -> Floats:
    """Share of the budget by strategy, quarter and lever, (strategies, quarters, levers); 0 before the first date."""
    table = np.zeros((len(strategies), len(grid), len(levers.names)))
    for s, one in enumerate(strategies):
        days = sorted(one.mix)
        for k, lever in enumerate(levers.names):
            if any(lever in one.mix[day] for day in days):
                weeks = laid_out(grid, days, [one.mix[day].get(lever, 0.0) for day in days])
                table[s, :, k] = np.nan_to_num(weeks).mean(axis=1)
    return table


def at_work(money: Floats, levers: Levers) -> Floats:
    """Money whose effect is felt, in the unit and shape of `money` (…, quarters, levers).

    A lever answers to the mean of the money over its build-up time, as it was its delay ago.
    """
    felt = np.zeros_like(money)
    quarters = money.shape[-2]
    total = np.concatenate([np.zeros_like(money[..., :1, :]), money.cumsum(axis=-2)], axis=-2)
    for k, lever in enumerate(levers.levers):
        wait, window = round(4 * lever.delay), max(1, round(4 * lever.build_up))
        ends = np.clip(np.arange(quarters) + 1 - wait, 0, quarters)
        starts = np.clip(ends - window, 0, quarters)
        felt[..., k] = (total[..., ends, k] - total[..., starts, k]) / window
    return felt

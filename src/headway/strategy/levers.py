"""Levers: what money does to the drivers of the model, as the file `levers.yaml` states it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core.yaml_files import read, validated

SHIPPED = Path(__file__).with_name("levers.yaml")
OF_ACCESS = Path(__file__).with_name("access_levers.yaml")


class _Accounted(BaseModel):
    """An effect says how sure it is and where it comes from: a citation with its address, or a rationale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spread: float = Field(ge=1, le=20)
    rationale: str = ""
    citation: str = ""
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")

    @model_validator(mode="after")
    def _accounted_for(self) -> _Accounted:
        if not (self.rationale or (self.citation and self.url)):
            raise ValueError("an effect needs a rationale, or a citation with its url")
        return self


class Spending(_Accounted):
    """Money that adds to AI capital spending, `each` dollars per dollar."""

    kind: Literal["spending"]
    each: float = Field(gt=0, le=1)


class Supply(_Accounted):
    """Money that opens a channel around export controls.

    Attributes:
        usd_each: US dollars a year per H100e a year, at prices of 2026; falls with price-performance.
        scale_usd: US dollars a year at which only half of what the price promises is delivered.
        most: H100e a year, at prices of 2026, that no money passes; None for no such bound.
    """

    kind: Literal["supply"]
    channel: Literal["partner", "domestic", "grey"]
    usd_each: float = Field(gt=0)
    scale_usd: float = Field(default=0, ge=0)
    most: float | None = Field(default=None, gt=0)


class People(_Accounted):
    """Money that brings researchers: `usd_each` US dollars each, at most a share `most` of the stock a year."""

    kind: Literal["people"]
    usd_each: float = Field(gt=0)
    most: float = Field(gt=0, le=1)


class Cut(_Accounted):
    """Money that takes up to a share `most` off a driver, half of that at `half` % of GDP a year."""

    kind: Literal["cut"]
    driver: Literal["push", "exodus", "rents"]
    most: float = Field(gt=0, le=1)
    half: float = Field(gt=0)


class Raise(_Accounted):
    """Money that brings a driver up to `most`, half of the way at `half` % of GDP a year."""

    kind: Literal["raise"]
    driver: Literal["openness", "collaboration", "rented", "rented_use", "one_provider"]
    most: float = Field(gt=0, le=1)
    half: float = Field(gt=0)


class Effort(_Accounted):
    """Money for niches: `gdp_each` % of GDP a year is one unit of effort in one niche."""

    kind: Literal["effort"]
    gdp_each: float = Field(gt=0)


Effect = Annotated[Spending | Supply | People | Cut | Raise | Effort, Field(discriminator="kind")]


class Lever(BaseModel):
    """One thing money can be spent on. `title` names it in tables, `phrase` says inside a sentence what it is.

    Attributes:
        delay: years from the first money to its first effect. build_up: years from there to the full effect.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lever: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)
    title: str = Field(min_length=1, max_length=40)
    phrase: str = Field(min_length=1)
    delay: float = Field(ge=0, le=30)
    build_up: float = Field(ge=0, le=30)
    effects: tuple[Effect, ...] = Field(min_length=1)


class Levers(BaseModel):
    """All levers that strategies may use, in the order that money is written down in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    levers: tuple[Lever, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> Levers:
        if twice := sorted({name for name in self.names if self.names.count(name) > 1}):
            raise ValueError(f"each lever needs a name of its own; twice: {', '.join(twice)}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(lever.lever for lever in self.levers)

    @property
    def effects(self) -> tuple[tuple[int, Effect], ...]:
        """All effects, each with the position of its lever."""
        return tuple((i, effect) for i, lever in enumerate(self.levers) for effect in lever.effects)

    @property
    def effect_names(self) -> tuple[str, ...]:
        """A name per effect, under which its uncertain factor is drawn: `talent/people`."""
        return tuple(f"{self.names[i]}/{getattr(e, 'driver', e.kind)}" for i, e in self.effects)


def read_levers(path: Path) -> Levers:
    """Read a file of levers.

    Raises:
        InputError: missing, not YAML, or malformed; names file, line and field.
    """
    return read(Levers, path)


def with_own(own: Mapping[str, Mapping[str, Any]], shipped: Levers | None = None) -> Levers:
    """The shipped levers with the user's beside them; one of the same name takes its place.

    Args:
        own: fields of `Lever` other than its name, by name. shipped: those of `levers` where none are given.

    Raises:
        InputError: malformed; names lever and field.
    """
    given = [validated(Lever, {"lever": name, **fields}, f"lever '{name}'") for name, fields in own.items()]
    return Levers(levers=tuple({one.lever: one for one in (*(shipped or levers()).levers, *given)}.values()))


@lru_cache(maxsize=1)
def levers() -> Levers:
    """The levers that ship with the package."""
    return read_levers(SHIPPED)


@lru_cache(maxsize=1)
def access_levers() -> Levers:
    """Levers of access to foreign models, each of one effect that raises one driver."""
    return read_levers(OF_ACCESS)


def levers_under(changed: Collection[str]) -> Levers:
    """The shipped levers, and those of access whose driver a scenario changes.

    Args:
        changed: names of drivers that the scenario changes.
    """
    more = (
        lever
        for lever in access_levers().levers
        if all(isinstance(effect, Raise) and effect.driver in changed for effect in lever.effects)
    )
    return Levers(levers=(*levers().levers, *more))

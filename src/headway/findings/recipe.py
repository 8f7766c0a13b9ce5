"""Recipes: named functions from a context to findings, so that any finding can be made again from its id.

Rooms contribute recipes through the entry-point group `headway.recipes`; each entry names a module whose import
registers them. A room that is heavy to import says in `recipes.toml` what it will register.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from typing import TYPE_CHECKING

from headway.core import wording
from headway.findings.finding import FindingId

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class Context:
    """What a recipe may look at: evidence as known on a date, the country, whom to compare with, the scenario.

    Attributes:
        country: ISO 3166-1 alpha-3 code or bloc code.
        against: codes of the countries to compare with, frontier countries first.
        scenario: name of a shipped scenario or path of a file; None is the baseline.
    """

    evidence: Evidence
    country: str
    against: tuple[str, ...] = ()
    scenario: str | None = None
    seed: int = 0

    @property
    def as_of(self) -> dt.date:
        return self.evidence.as_of

    def name(self, code: str) -> str:
        """The short name of a country, a bloc or a group of the user's: `United States`."""
        return self.evidence.resolve(code).name

    def the(self, code: str) -> str:
        """The name with its article, as it stands inside a sentence: `the United States`."""
        return wording.the(self.name(code))

    def of(self, code: str) -> str:
        """The possessive: `the United States’`."""
        return wording.of(self.name(code))

    def members(self, code: str) -> frozenset[str]:
        """The countries that a code stands for: a bloc's members, or the country itself."""
        place = self.evidence.resolve(code)
        return frozenset(place.members) if place.kind == "bloc" else frozenset({code})

    def id(self, recipe: str, *arguments: str) -> str:
        """The id of the finding that `recipe` makes here with `arguments`."""
        scenario = scenario_name(self.scenario)
        return str(FindingId(self.country, recipe, arguments, self.as_of, scenario, self.evidence.user_hash))


def scenario_name(scenario: str | None) -> str | None:
    """How a scenario is called in an id: its name, or for a file its stem in lower case and hyphens."""
    if scenario is None or scenario == "baseline":
        return None
    stem = re.sub(r"\.ya?ml$", "", scenario.replace("\\", "/").rsplit("/", 1)[-1])
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "user"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A registered function; `name` is `section.quantity`, the part of a finding's id after the country."""

    name: str
    make: Callable[[Context], Iterable[Finding]]

    def __call__(self, context: Context) -> Iterator[Finding]:
        yield from self.make(context)


_REGISTRY: dict[str, Recipe] = {}


def recipe(name: str) -> Callable[[Callable[[Context], Iterable[Finding]]], Callable[[Context], Iterable[Finding]]]:
    """Register a function as the recipe `name`; every finding it yields carries `name` in its id."""

    def register(make: Callable[[Context], Iterable[Finding]]) -> Callable[[Context], Iterable[Finding]]:
        if name in _REGISTRY:
            raise ValueError(f"recipe {name} is registered twice")
        _REGISTRY[name] = Recipe(name, make)
        return make

    return register


@lru_cache(maxsize=1)
def recipes() -> Mapping[str, Recipe]:
    """All recipes of all installed rooms, by name.

    A room that is heavy to import declares its recipes in `recipes.toml`, and is imported when one of them is run.
    """
    found: dict[str, Recipe] = {}
    for entry in sorted(entry_points(group="headway.recipes"), key=lambda entry: entry.name):
        declared = _declared(entry)
        if declared is None:
            entry.load()
            made = {
                name: recipe for name, recipe in _REGISTRY.items() if recipe.make.__module__.startswith(entry.module)
            }
            declared = made or _REGISTRY
        found |= {name: recipe for name, recipe in declared.items() if name not in found}
    return found


def _declared(entry: EntryPoint) -> dict[str, Recipe] | None:
    """Recipes that the room of an entry declares in `recipes.toml` beside its module; None where there is no such file.

    Each line of it is a name and the first line of the docstring.
    """
    room = entry.module.rpartition(".")[0]
    file = files(room).joinpath("recipes.toml") if room else None
    if file is None or not file.is_file():
        return None
    return {
        name: Recipe(name, _later(entry, name, about)) for name, about in tomllib.loads(file.read_text("utf-8")).items()
    }


def _later(entry: EntryPoint, name: str, about: str) -> Callable[[Context], Iterable[Finding]]:
    """Function that imports the room of an entry and runs its recipe `name`."""

    def make(context: Context) -> Iterable[Finding]:
        entry.load()
        return _REGISTRY[name].make(context)

    make.__doc__ = about
    return make

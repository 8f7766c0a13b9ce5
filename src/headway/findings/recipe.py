"""Recipes: named functions from a context to findings, so that any finding can be made again from its id.

Rooms contribute recipes through the entry-point group `headway.recipes`; each entry names a module whose import
registers them. Their names are read from the source, so that nothing heavy is imported to know them.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core import wording
from headway.core.plugins import RECIPES, loaded, plugins
from headway.findings.finding import FindingId

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class Context:
    """Inputs of a recipe: evidence as known on a date, the country, the countries to compare with, the scenario.

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

    Rooms of this package are imported when one of their recipes is run: those of the model are heavy.
    """
    found: dict[str, Recipe] = {}
    for entry in sorted(entry_points(group=RECIPES), key=lambda entry: entry.name):
        if entry.module.startswith("headway."):
            found |= {name: Recipe(name, _later(entry, name, about)) for name, about in _written(entry.module).items()}
    for name in plugins(RECIPES):
        loaded(RECIPES, name)
    return found | {name: made for name, made in _REGISTRY.items() if name not in found}


def _written(module: str) -> dict[str, str]:
    """Names of the recipes in the source of a module or package, and the first lines of their docstrings."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    found: dict[str, str] = {}
    for file in sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]:
        functions = [node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
        for function in functions:
            for decorator in function.decorator_list:
                match decorator:
                    case ast.Call(func=ast.Name(id="recipe"), args=[ast.Constant(value=str(name))]):
                        found[name] = (ast.get_docstring(function) or "").partition("\n")[0]
    return found


def _later(entry: EntryPoint, name: str, about: str) -> Callable[[Context], Iterable[Finding]]:
    """Function that imports the module of an entry and runs its recipe `name`."""

    def make(context: Context) -> Iterable[Finding]:
        entry.load()
        return _REGISTRY[name].make(context)

    make.__doc__, make.__module__ = about, entry.module
    return make

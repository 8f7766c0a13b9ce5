"""The parameter registry: every uncertain number of the model with its unit, its tier and where it comes from."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.plugins import NICHES, plugins
from headway.scenarios.distributions import Distribution

SHIPPED = Path(__file__).with_name("parameters.toml")


class EvidenceTier(StrEnum):
    """How much evidence stands behind a parameter; printed beside it everywhere."""

    FIT = "fit"  # data inform it
    PRIOR = "prior"  # literature only, carried as uncertainty
    SCENARIO = "scenario"  # a choice of the user


class Scope(StrEnum):
    """How many draws a member has of it."""

    WORLD = "world"
    COUNTRY = "country"
    NICHE = "niche"


class Grade(StrEnum):
    """How the cited figure was come by."""

    READ = "read"
    SECONDARY = "secondary"
    DERIVED = "derived"
    BACKGROUND = "background"


class Parameter(BaseModel):
    """One uncertain number. A citation with its address, or, in the scenario tier, a rationale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol: str
    name: str
    meaning: str
    unit: str
    scope: Scope
    tier: EvidenceTier
    distribution: Distribution
    grade: Grade | None = None
    citation: str = ""
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    rationale: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _accounted_for(self) -> Parameter:
        if self.tier is EvidenceTier.SCENARIO:
            if not self.rationale:
                raise ValueError("a parameter of the scenario tier needs a rationale")
            if self.citation:
                raise ValueError("a parameter with a citation belongs to the prior or fit tier, not to scenario")
        elif not (self.citation and self.url and self.grade):
            raise ValueError(f"a parameter of the {self.tier} tier needs citation, url and grade")
        return self


class Correlation(BaseModel):
    """Correlation of two world-wide parameters, on the scale of their normal draws."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: tuple[str, str]
    value: float = Field(gt=-1, lt=1)
    citation: str = ""
    rationale: str = ""

    @model_validator(mode="after")
    def _accounted_for(self) -> Correlation:
        if not (self.citation or self.rationale):
            raise ValueError("a correlation needs a citation or a rationale")
        return self


class Registry(BaseModel):
    """Attributes: `groups` is mechanism → key → parameter; keys are unique over all mechanisms."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    niche_names: tuple[str, ...]
    groups: dict[str, dict[str, Parameter]]
    correlations: tuple[Correlation, ...] = ()

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """All parameters by key, in the order of the file."""
        return {key: parameter for group in self.groups.values() for key, parameter in group.items()}

    @property
    def hash(self) -> str:
        """Eight hex digits of what is drawn from; words do not count."""
        facts = {key: (p.scope, p.distribution.model_dump()) for key, p in self.parameters.items()}
        pairs = sorted((c.parameters, c.value) for c in self.correlations)
        return hashlib.sha256(repr((self.niche_names, facts, pairs)).encode()).hexdigest()[:8]

    def mixing(self) -> tuple[tuple[str, ...], Floats]:
        """Keys that are correlated, and the matrix that turns their independent normal draws into correlated ones.

        A Cholesky factor in the order of first mention: a pair added at the end leaves the draws before it alone.
        """
        keys = tuple(dict.fromkeys(key for pair in self.correlations for key in pair.parameters))
        matrix = np.eye(len(keys))
        for pair in self.correlations:
            i, j = (keys.index(key) for key in pair.parameters)
            matrix[i, j] = matrix[j, i] = pair.value
        return keys, np.asarray(np.linalg.cholesky(matrix), np.float64)

    @model_validator(mode="after")
    def _consistent(self) -> Registry:
        names = [key for group in self.groups.values() for key in group]
        twice = sorted({key for key in names if names.count(key) > 1})
        if twice:
            raise ValueError(f"keys must be unique over all mechanisms; twice: {', '.join(twice)}")
        for pair in self.correlations:
            for key in pair.parameters:
                if key not in self.parameters or self.parameters[key].scope is not Scope.WORLD:
                    raise ValueError(f"correlation of '{key}': no parameter of that name with scope world")
        try:
            self.mixing()
        except np.linalg.LinAlgError as error:
            raise ValueError("the correlations contradict one another: the matrix is not positive definite") from error
        return self


def read_registry(path: Path) -> Registry:
    """Read a registry file.

    Raises:
        InputError: the file is missing, is not TOML, or a parameter is incomplete; the message names file and key.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not TOML: {error}") from error
    names, correlations = raw.pop("niche_names", ()), raw.pop("correlations", ())
    try:
        return Registry(niche_names=names, correlations=correlations, groups=raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "groups")
        raise InputError(f"{path}: [{where}] {first['msg'].removeprefix('Value error, ')}") from error


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The registry that ships with the package, with the niches of plug-ins after its own.

    Raises:
        InputError: a plug-in's niche has a name that is taken or that is not lower case with underscores.
    """
    shipped = read_registry(SHIPPED)
    for name in plugins(NICHES):
        if name in shipped.niche_names or not re.fullmatch("[a-z_]{1,40}", name):
            raise InputError(f"{NICHES}: '{name}' is taken or not written in lower case with underscores")
    return shipped.model_copy(update={"niche_names": (*shipped.niche_names, *plugins(NICHES))})

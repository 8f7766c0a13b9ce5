"""Value judgements: how objectives add up to one loss, and when each is enough, as `judgement.yaml` states it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core.numbers import Floats
from headway.core.yaml_files import read
from headway.strategy.outcomes import OBJECTIVES, OUTCOMES

SHIPPED = Path(__file__).with_name("judgement.yaml")


class Objective(BaseModel):
    """Weight of one objective.

    Attributes:
        worth: months of lag that one unit counts as. enough: the value that counts as success.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    worth: float = Field(ge=0, le=1e6)
    enough: float = Field(ge=-1e6, le=1e6)
    rationale: str = Field(min_length=1)


class Objectives(BaseModel):
    """One entry per objective."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    objectives: dict[str, Objective]

    @model_validator(mode="after")
    def _complete(self) -> Objectives:
        for name in self.objectives:
            if name not in OBJECTIVES:
                raise ValueError(f"no objective '{name}'; there are {', '.join(OBJECTIVES)}")
        if missing := [name for name in OBJECTIVES if name not in self.objectives]:
            raise ValueError(f"'{missing[0]}' is missing; a worth of 0 leaves an objective out")
        if not any(one.worth for one in self.objectives.values()):
            raise ValueError("at least one objective needs a worth above 0")
        return self

    def loss(self, values: Mapping[str, Floats]) -> Floats:
        """Objectives added up, in months of lag; less is better. `values`: objective → array, all of one shape."""
        result: Floats = np.sum([self.objectives[name].worth * loss(name, values[name]) for name in OBJECTIVES], axis=0)
        return result

    def reached(self, values: Mapping[str, Floats]) -> Mapping[str, np.ndarray]:
        """True where each objective is good enough: objective → truths of the shape of its values."""
        return {name: loss(name, values[name]) <= loss(name, one.enough) for name, one in self.objectives.items()}


def loss(outcome: str, values: Floats | float) -> Floats:
    """The values turned so that less is better."""
    return np.asarray(values, np.float64) * (1 if OUTCOMES[outcome].better == "less" else -1)


def read_judgement(path: Path) -> Objectives:
    """Read a file.

    Raises:
        InputError: missing, not YAML, or malformed; names file, line and field.
    """
    return read(Objectives, path)


@lru_cache(maxsize=1)
def judgement() -> Objectives:
    """Value judgements that ship with the package."""
    return read_judgement(SHIPPED)

"""The causes that a gap is split over, as the file `causes.yaml` defines them: what is replaced, and by what."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core import yaml_files
from headway.explain.handles import HANDLES
from headway.explain.shapley import MOST_PLAYERS

SHIPPED = Path(__file__).with_name("causes.yaml")


class Replacement(BaseModel):
    """One quantity of the model and what stands in its place where the cause is taken away.

    Attributes:
        what: name of a handle (`headway.explain.handles.HANDLES`).
        by: `rival`: the subject gets the rival's value; `none`: subject and rival both go without it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    by: Literal["rival", "none"]

    @model_validator(mode="after")
    def _possible(self) -> Replacement:
        if self.what not in HANDLES:
            raise ValueError(f"'{self.what}' is nothing that can be replaced; known are {', '.join(HANDLES)}")
        if self.by == "none" and not HANDLES[self.what].can_vanish:
            raise ValueError(f"'{self.what}' cannot be none, no country is without it; write by: rival")
        return self


class Cause(BaseModel):
    """One cause.

    Attributes:
        title: its name in tables; phrase: its name inside a sentence; question: what is supposed when it is taken away.
        evidence: indicators that it rests on. events: topics of dated events that it rests on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)
    title: str = Field(min_length=1, max_length=40)
    phrase: str = Field(min_length=1)
    question: str = Field(min_length=1)
    caveat: str = ""
    evidence: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    replace: tuple[Replacement, ...] = Field(min_length=1)


class Causes(BaseModel):
    """All causes of one attribution. `rest` says what the difference is that no cause accounts for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rest: str
    causes: tuple[Cause, ...] = Field(min_length=1, max_length=MOST_PLAYERS)

    @model_validator(mode="after")
    def _apart(self) -> Causes:
        names = [cause.cause for cause in self.causes]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each cause needs a name of its own; twice: {', '.join(twice)}")
        whats = [replacement.what for cause in self.causes for replacement in cause.replace]
        if twice := sorted({what for what in whats if whats.count(what) > 1}):
            raise ValueError(f"a quantity may belong to one cause only; twice: {', '.join(twice)}")
        return self


def parse(text: str, path: Path) -> Causes:
    """The causes that `text` defines; `path` is named in errors.

    Raises:
        InputError: names file, line and field, what was wrong and what would be right.
    """
    return yaml_files.parse(Causes, text, path)


def read_causes(path: Path) -> Causes:
    """Read a file of causes.

    Raises:
        InputError: missing, not YAML, or malformed.
    """
    return yaml_files.read(Causes, path)


@lru_cache(maxsize=1)
def causes() -> Causes:
    """The causes that ship with the package."""
    return read_causes(SHIPPED)

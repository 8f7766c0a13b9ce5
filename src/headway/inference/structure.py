"""The structures of the ensemble: each turns a posterior into joint paths of all countries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.inference.paths import LevelPaths
    from headway.inference.storage import Posterior

_SAYS = (
    "compute, algorithms and their diffusion, anchored by a fading discrepancy; compute replaces researchers",
    "the same, compute and researchers needed together",
)
Forecast = Callable[["Posterior", int, np.random.Generator], "LevelPaths"]


@dataclass(frozen=True)
class Structure:
    """A structural reading of the same data.

    Attributes:
        parts: names of the parts of the posterior that it needs.
        forecast: (posterior, last quarter's running number, generator) -> paths from the first quarter of data on.
    """

    name: str
    says: str
    parts: tuple[str, ...]
    forecast: Forecast


def structures() -> dict[str, Structure]:
    """All structures, by name."""
    from headway.inference import ahead, statistical
    from headway.inference.fit import MECHANISMS

    entries = (
        Structure(
            "statistical",
            "local trend with catch-up, anchored on the last score",
            ("runs", "trend"),
            statistical.forecast,
        ),
        *(
            Structure(f"mechanistic, {part}", says, ("runs", part), partial(ahead.forecast, part=part))
            for part, says in zip(MECHANISMS, _SAYS, strict=True)
        ),
    )
    return {entry.name: entry for entry in entries}


def structure(name: str) -> Structure:
    """The structure of that name.

    Raises:
        InputError: no such structure.
    """
    known = structures()
    if name not in known:
        raise InputError(f"'{name}' is no structure; choose from {', '.join(map(repr, known))}")
    return known[name]

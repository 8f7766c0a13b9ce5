"""The uncertain numbers that an answer about two countries may hang on, as columns of a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headway.scenarios.registry import Registry, Scope


@dataclass(frozen=True, slots=True)
class Factor:
    """One column: a parameter that is the same for all countries, or the subject's or rival's own.

    Attributes:
        name: as in `headway.explain.setting.Setting.values`. key: of the registry. whose: `subject`, `rival` or empty.
    """

    name: str
    key: str
    whose: str
    symbol: str
    tier: str
    meaning: str


def factors(registry: Registry) -> tuple[Factor, ...]:
    """All parameters that can move a gap; those of niches act after a run and cannot."""
    found = []
    for group, parameters in registry.groups.items():
        for key, p in parameters.items():
            if group == "niches" or p.scope is Scope.NICHE:
                continue
            for whose in ("",) if p.scope is Scope.WORLD else ("subject", "rival"):
                name = f"{key}/{whose}" if whose else key
                found.append(Factor(name, key, whose, p.symbol, str(p.tier), p.name))
    return tuple(found)


def problem(chosen: Sequence[Factor], by_tier: bool = False) -> dict[str, Any]:
    """The problem as SALib wants it, on the unit cube; grouped by tier where asked."""
    made: dict[str, Any] = {
        "num_vars": len(chosen),
        "names": [factor.name for factor in chosen],
        "bounds": [[0.0, 1.0]] * len(chosen),
    }
    return {**made, "groups": [factor.tier for factor in chosen]} if by_tier else made


def described(name: str, known: Mapping[str, Factor]) -> dict[str, str]:
    """Columns that say what a factor (or a group of them) is."""
    factor = known.get(name)
    if factor is None:  # a whole tier
        return {"factor": name, "symbol": "", "tier": name, "meaning": ""}
    return {"factor": name, "symbol": factor.symbol, "tier": factor.tier, "meaning": factor.meaning}

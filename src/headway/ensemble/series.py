"""The series of a labelled run: name, unit, meaning. Where the model has a name, it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.core.errors import InputError
from headway.model.outputs import SERIES as RECORDED


@dataclass(frozen=True, slots=True)
class Label:
    """`derived` series come from an outlook, the others are recorded by the run. `logarithmic` ones span decades."""

    unit: str
    meaning: str
    derived: bool
    logarithmic: bool = False


_LOGARITHMIC = {"spending", "demand", "deliveries", "compute", "talent", "effective_talent", "emigrants", "arrivals"}

_DERIVED = {
    "accessible": ("ECI", "best model in reach: own, or built on another's open weights"),
    "frontier": ("ECI", "best model so far of all other countries"),
    "gap": ("ECI", "frontier less sovereign capability"),
    "gap_oom": ("OOM", "the gap in orders of magnitude of effective compute"),
    "lag": ("months", "time since the best of all other countries stood where this one stands; negative ahead of it"),
    "lag_censored": ("1", "1 where the lag is longer than shown: the frontier stood there before its series starts"),
    "accessible_lag": ("months", "the lag of accessible capability"),
    "accessible_lag_censored": ("1", "1 where the accessible lag is longer than shown"),
    "rank": ("1", "rank of sovereign capability among all modelled countries, 1 the highest"),
    "compute_share": ("1", "share of the world's installed AI compute"),
    "talent_share": ("1", "share of the world's AI researchers"),
}

LABELS: Mapping[str, Label] = {
    **{name: Label(s.unit, s.meaning, False, name in _LOGARITHMIC) for name, s in RECORDED.items()},
    **{name: Label(unit, meaning, True) for name, (unit, meaning) in _DERIVED.items()},
}

DEFAULT = (
    "spending_share", "compute", "compute_share", "training_run", "talent", "level", "sovereign", "accessible",
    "gap", "lag", "lag_censored", "rank",
)  # fmt: skip


def checked(names: Sequence[str]) -> tuple[str, ...]:
    """The names, if all are known.

    Raises:
        InputError: a name is not a series.
    """
    for name in names:
        if name not in LABELS:
            raise InputError(f"no series '{name}'; known are {', '.join(LABELS)}")
    return tuple(dict.fromkeys(names))

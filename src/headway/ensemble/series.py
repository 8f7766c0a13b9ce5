"""Series of a run by name: unit, meaning, and variable in tables of the IAMC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.core.errors import InputError
from headway.model.outputs import SERIES as RECORDED


@dataclass(frozen=True, slots=True)
class Label:
    """Words of one series.

    Attributes:
        derived: whether it comes from an outlook; the others are recorded by the run.
        variable: name in IAMC tables; empty for a mark (what binds, whether a lag is censored), which they leave out.
        logarithmic: whether it spans decades.
    """

    unit: str
    meaning: str
    derived: bool
    variable: str = ""
    logarithmic: bool = False


_LOGARITHMIC = {"spending", "demand", "deliveries", "compute", "talent", "effective_talent", "emigrants", "arrivals"}

_DERIVED = {
    "accessible": ("ECI", "best model that the country can run itself: own, or built on another's open weights"),
    "available": ("ECI", "best model that the country can use: accessible, or rented from others' APIs and clouds"),
    "frontier": ("ECI", "best model so far of all other countries"),
    "gap": ("ECI", "frontier less sovereign capability"),
    "gap_oom": ("OOM", "the gap in orders of magnitude of effective compute"),
    "lag": ("months", "time since the best of all other countries stood where this one stands; negative ahead of it"),
    "lag_censored": ("1", "1 where the lag is longer than shown: the frontier stood there before its series starts"),
    "accessible_lag": ("months", "the lag of accessible capability"),
    "accessible_lag_censored": ("1", "1 where the accessible lag is longer than shown"),
    "available_lag": ("months", "the lag of available capability"),
    "available_lag_censored": ("1", "1 where the available lag is longer than shown"),
    "least_use": ("1", "share of wanted use from which rented models are worth more than accessible ones; 1 is never"),
    "rank": ("1", "rank of sovereign capability among all modelled countries, 1 the highest"),
    "compute_share": ("1", "share of the world's installed AI compute"),
    "talent_share": ("1", "share of the world's AI researchers"),
}

_VARIABLES = {
    "spending_share": "AI|Capital Spending|Share of GDP",
    "spending": "AI|Capital Spending",
    "demand": "AI|Compute|Demand",
    "deliveries": "AI|Compute|Deliveries",
    "compute": "AI|Compute|Installed",
    "compute_share": "AI|Compute|Installed|Share of World",
    "training_run": "AI|Compute|Largest Training Run",
    "talent": "AI|Researchers",
    "talent_share": "AI|Researchers|Share of World",
    "effective_talent": "AI|Researchers|Effective",
    "emigrants": "AI|Researchers|Emigrants",
    "arrivals": "AI|Researchers|Arrivals",
    "level": "AI|Algorithmic Level",
    "capability": "AI|Capability|Equation",
    "sovereign": "AI|Capability|Sovereign",
    "accessible": "AI|Capability|Accessible",
    "available": "AI|Capability|Available",
    "frontier": "AI|Capability|Frontier",
    "gap": "AI|Capability|Gap",
    "gap_oom": "AI|Capability|Gap|Effective Compute",
    "lag": "AI|Capability|Lag",
    "accessible_lag": "AI|Capability|Lag|Accessible",
    "available_lag": "AI|Capability|Lag|Available",
    "least_use": "AI|Rented Models|Least Share of Use",
    "rank": "AI|Capability|Rank",
}

LABELS: Mapping[str, Label] = {
    **{n: Label(s.unit, s.meaning, False, _VARIABLES.get(n, ""), n in _LOGARITHMIC) for n, s in RECORDED.items()},
    **{n: Label(unit, meaning, True, _VARIABLES.get(n, "")) for n, (unit, meaning) in _DERIVED.items()},
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

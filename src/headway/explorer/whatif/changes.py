"""From sliders to a scenario: the same file that `headway simulate --scenario FILE` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from headway.core import yaml_files
from headway.core.errors import InputError
from headway.explorer.address import ParameterError, WhatIfState
from headway.scenarios import scenario as scenarios
from headway.scenarios.drivers import Drivers
from headway.scenarios.quantities import quantities
from headway.scenarios.registry import registry
from headway.scenarios.scenario import Scenario

Changes = dict[str, list[dict[str, Any]]]

LEVERS: Mapping[str, str] = {
    **{lever: label for quantity in quantities().values() for lever, label in quantity.sliders.items()},
    "effort": "Niche effort",
}
"""The parameters of a state that change something, with their names."""
AT_A_YEAR = ("closing", "cut", "provider_cut")
"""Levers that stand at a year from which something holds."""
OF_ACCESS = tuple(lever for quantity in quantities().values() if quantity.of_access for lever in quantity.sliders)
"""Levers that move what a country can use, and no lag of its own."""

_LAST = 2041
_HOME: Mapping[str, Any] = {name: WhatIfState.model_fields[name].default for name in LEVERS}


def moved(state: WhatIfState) -> tuple[str, ...]:
    """Levers that are not where they stand by default."""
    return tuple(name for name, home in _HOME.items() if getattr(state, name) != home)


def only(state: WhatIfState, levers: tuple[str, ...]) -> WhatIfState:
    """The state with all other levers back at their default."""
    back = {name: home for name, home in _HOME.items() if name not in levers}
    return state.model_copy(update=back)


def scenario_of(state: WhatIfState) -> Scenario:
    """The changes of the sliders as a scenario that extends the named one."""
    changes: Changes = {}
    for name in moved(state):
        for driver, change in _CHANGES[name](state).items():
            changes.setdefault(driver, []).extend(change)
    return Scenario.model_validate(
        {
            "scenario": "what-if",
            "title": "Levers set by hand",
            "description": "; ".join(f"{LEVERS[name].lower()} {getattr(state, name):g}" for name in moved(state))
            or "none",
            "extends": state.scenario,
            **changes,
        }
    )


def chain_of(state: WhatIfState) -> tuple[Scenario, ...]:
    """The named scenario with all it extends, and the sliders on top.

    Raises:
        ParameterError: no such scenario ships.
    """
    if state.scenario not in _names():
        raise ParameterError("scenario", f"none is called '{state.scenario}'; there are {', '.join(_names())}")
    known = registry().niche_names
    if state.niche not in known:
        raise ParameterError("niche", f"none is called '{state.niche}'; there are {', '.join(known)}")
    try:
        base = _shipped(state.scenario)
    except InputError as error:
        raise ParameterError("scenario", str(error)) from error
    return (*base, scenario_of(state)) if moved(state) else base


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    return tuple(scenarios.shipped())


@lru_cache(maxsize=32)
def _shipped(name: str) -> tuple[Scenario, ...]:
    return tuple(scenarios.load(name))


def as_file(state: WhatIfState) -> str:
    """The scenario as a YAML file."""
    made = scenario_of(state).model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    return yaml_files.dump(made)


def today(drivers: Drivers, country: str, row: int) -> dict[str, float]:
    """Values of the levers without a fixed default: their driver's value at the anchor."""
    at = drivers.position(country)
    found = {name: 100 * float(drivers.paths[name][row, at]) for name in ("controls", "openness", "collaboration")}
    return {name: round(value) for name, value in found.items()}


def _start(year: int) -> str:
    return f"{year}-01-01"


def _times(driver: str, read: Callable[[WhatIfState], float]) -> Callable[[WhatIfState], Changes]:
    return lambda s: {driver: [{"for": "focal", "multiply": {_start(s.since): read(s)}}]}


def _more(driver: str, read: Callable[[WhatIfState], float]) -> Callable[[WhatIfState], Changes]:
    return lambda s: {driver: [{"for": "focal", "add": {_start(s.since): read(s)}}]}


def _share(driver: str, year: Callable[[WhatIfState], int]) -> Callable[[WhatIfState], Changes]:
    return lambda s: {driver: [{"for": "focal", "set": {_start(year(s)): getattr(s, driver) / 100}}]}


def _exodus(s: WhatIfState) -> Changes:
    return {"exodus": [{"for": "focal", "add": {_start(s.since): s.exodus / 100, _start(s.since + 2): 0.0}}]}


def _growth(s: WhatIfState) -> Changes:
    factors = {_start(year): (1 + s.growth / 100) ** (year - s.since) for year in range(s.since, _LAST + 1)}
    return {"gdp": [{"for": "focal", "multiply": factors, "shape": "linear"}]}


def _effort(s: WhatIfState) -> Changes:
    return {"niches": [{"for": "focal", "niche": s.niche, "add": {_start(s.since): s.effort}}]}


def _closing(s: WhatIfState) -> Changes:
    return {"open_weights": [{"for": "all", "set": {_start(s.closing): 0.0}}]}


def _cut(s: WhatIfState) -> Changes:
    return {"rented": [{"for": "focal", "set": {_start(s.cut): 0.0}}]}


def _provider_cut(s: WhatIfState) -> Changes:
    return {"one_provider": [{"for": "focal", "set": {_start(s.provider_cut): 0.0}}]}


def _metered(s: WhatIfState) -> Changes:
    return {"rented_use": [{"for": "focal", "set": {_start(s.since): s.metered / 100}}]}


_CHANGES: Mapping[str, Callable[[WhatIfState], Changes]] = {
    "spending": _times("investment", lambda s: s.spending),
    "controls": _share("controls", lambda s: s.controls_from),
    "grey": _times("grey", lambda s: s.grey),
    "partner": _more("partner", lambda s: 1000 * s.partner),
    "domestic": _more("domestic", lambda s: 1000 * s.domestic),
    "education": _times("graduates", lambda s: s.education),
    "attraction": _times("graduates", lambda s: 1 + s.attraction / 100),
    "emigration": _times("push", lambda s: s.emigration),
    "exodus": _exodus,
    "openness": _share("openness", lambda s: s.since),
    "collaboration": _share("collaboration", lambda s: s.since),
    "closing": _closing,
    "cut": _cut,
    "provider_cut": _provider_cut,
    "metered": _metered,
    "growth": _growth,
    "rents": _times("rents", lambda s: s.rents),
    "effort": _effort,
}

"""Laying a scenario onto the drivers of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.periods import Grid, laid_out
from headway.core.plugins import MECHANISMS, loaded
from headway.scenarios.drivers import UNITS, Drivers, clipped
from headway.scenarios.registry import Registry
from headway.scenarios.scenario import Collaboration, DriverChange, ProviderAccess, Scenario

Closest = Callable[[str], Sequence[str]]


def apply(scenarios: Sequence[Scenario], drivers: Drivers, focal: Sequence[str], registry: Registry) -> Drivers:
    """The drivers under a scenario and all it extends (as `scenario.load` returns them).

    Args:
        focal: codes of the countries that `for: focal` means.

    Raises:
        InputError: a country or niche that is not modelled, a mechanism that is not installed or breaks a rule.
    """
    before = drivers
    for scenario in scenarios:
        for driver in UNITS:
            for change in scenario.changes(driver):
                where = _positions(change, drivers, focal, scenario)
                if isinstance(change, ProviderAccess):
                    drivers = _with_provider(change, drivers, before, where, scenario)
                path = drivers.paths[driver].copy()
                path[:, where] = clipped(driver, _changed(change, drivers.grid, path[:, where]))
                drivers = drivers.with_path(driver, path)
                if isinstance(change, Collaboration):
                    drivers = _with_partners(change, drivers, where, scenario)
        for effort in scenario.niches:
            if effort.niche not in registry.niche_names:
                raise InputError(
                    f"scenario {scenario.scenario}: no niche '{effort.niche}'; known are "
                    f"{', '.join(registry.niche_names)}"
                )
            where = _positions(effort, drivers, focal, scenario)
            path = drivers.effort[effort.niche].copy()
            path[:, where] = np.maximum(_changed(effort, drivers.grid, path[:, where]), 0)
            drivers = drivers.with_effort(effort.niche, path)
        for name in scenario.mechanisms:
            drivers = _followed(name, drivers, before)
    return drivers


def _followed(name: str, drivers: Drivers, before: Drivers) -> Drivers:
    """The drivers with what the mechanism `name` of a plug-in makes of their change since `before`."""
    changed: Mapping[str, Floats] = loaded(MECHANISMS, name)(drivers, before)
    for driver, path in changed.items():
        if driver not in UNITS:
            raise InputError(f"mechanism {name}: no driver is called '{driver}'; there are {', '.join(UNITS)}")
        if np.shape(path) != drivers.paths[driver].shape or not np.isfinite(path).all():
            shape = drivers.paths[driver].shape
            raise InputError(f"mechanism {name}: {driver} must be {shape} finite numbers, quarters by countries")
        drivers = drivers.with_path(driver, clipped(driver, np.asarray(path, np.float64)))
    return drivers


def _changed(change: DriverChange, grid: Grid, path: Floats) -> Floats:
    """The path under the change, (quarters, countries): the mean over the weeks of each quarter."""
    dates, values = list(change.dated), list(change.dated.values())
    weeks = laid_out(grid, dates, values, linear=change.shape == "linear")[:, :, None]
    base = path[:, None, :]
    new = {"set": weeks + 0 * base, "multiply": weeks * base, "add": weeks + base}[change.how]
    return np.asarray(np.where(np.isnan(weeks), base, new).mean(axis=1))


def _positions(change: DriverChange, drivers: Drivers, focal: Sequence[str], scenario: Scenario) -> list[int]:
    named = change.countries
    if named == "all":
        return list(range(len(drivers.countries)))
    if named == "others":
        return [i for i, code in enumerate(drivers.countries) if code not in focal]
    codes = focal if named == "focal" else named
    return [_position(code, drivers, scenario) for code in codes]


def _position(code: str, drivers: Drivers, scenario: Scenario) -> int:
    if code not in drivers.countries:
        raise InputError(
            f"scenario {scenario.scenario}: '{code}' is not a modelled country; modelled are "
            f"{', '.join(drivers.countries)}"
        )
    return drivers.position(code)


def _with_partners(change: Collaboration, drivers: Drivers, where: Sequence[int], scenario: Scenario) -> Drivers:
    """Equal weights on the named partners; `closest` keeps the weights that the evidence gave."""
    if change.partners == "closest":
        return drivers
    partners = drivers.partners.copy()
    for row in where:
        columns = [_position(code, drivers, scenario) for code in change.partners]
        columns = [column for column in columns if column != row]
        partners[row] = 0
        if columns:
            partners[row, columns] = 1 / len(columns)
    return replace(drivers, partners=partners)


def _with_provider(
    change: ProviderAccess, drivers: Drivers, before: Drivers, where: Sequence[int], scenario: Scenario
) -> Drivers:
    """The provider that the change is about, for those customers; `largest` is the one that the evidence gave.

    Raises:
        InputError: the provider is not modelled, is the customer itself, or an earlier change is about another one.
    """
    provider = drivers.provider.copy()
    if change.provider == "largest":
        provider[where] = before.provider[where]
    else:
        column = _position(change.provider, drivers, scenario)
        if column in where:
            raise InputError(
                f"scenario {scenario.scenario}: {change.provider} cannot be cut off from its own models; name another "
                "provider, or leave it out of the customers (for:)"
            )
        provider[where] = np.eye(len(provider))[column]
    changed = (drivers.paths["one_provider"] != before.paths["one_provider"]).any(axis=0)
    if (changed & (provider != drivers.provider).any(axis=1)).any():
        raise InputError(
            f"scenario {scenario.scenario}: an earlier change of one_provider is about another provider; one alone can "
            "be cut, and 'rented' is about all of them"
        )
    return replace(drivers, provider=provider)

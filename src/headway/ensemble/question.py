"""An ensemble for a question as a user words it: scenario, countries, date, evidence and posterior."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core.cache import MemoryCache
from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.periods import Grid, quarter_name, quarter_number
from headway.ensemble.series import DEFAULT
from headway.ensemble.simulation import Ensemble, names
from headway.scenarios import scenario
from headway.scenarios.own_parameters import registry_for
from headway.scenarios.world import World, build_world
from headway.scenarios.world.capability import last_scored
from headway.scenarios.world.choose import by_weight, modelled

if TYPE_CHECKING:
    from headway.evidence import Evidence


@dataclass(frozen=True, eq=False)
class PosteriorDraws:
    """Arrays have the draw first; NaN where the fit says nothing.

    Attributes:
        hash: sixteen hex digits of the file that it was read from.
        countries: codes. quarters: as `2025Q4`. reference: code of the country that levels are measured from.
        values: what is the same for all countries, by registry key, (draws,); `intercept` (ECI) among them.
        log10_compute: log10 H100e. level: OOM. log10_run: log10 FLOP. All (draws, countries, quarters).
        discrepancy: ECI, (draws, countries).
        priors: the user's own priors that it was fitted under, by registry key; empty for those of the registry.
    """

    hash: str
    countries: tuple[str, ...]
    quarters: tuple[str, ...]
    reference: str
    values: Mapping[str, Floats]
    log10_compute: Floats
    level: Floats
    log10_run: Floats
    discrepancy: Floats
    priors: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many draws."""
        return len(self.discrepancy)

    def resampled(self, weight: Floats) -> PosteriorDraws:
        """As many draws, each as often as its weight says, by systematic resampling (Kitagawa 1996); none is random.

        Args:
            weight: adding up to 1, (draws,).
        """
        rows = np.searchsorted(np.cumsum(weight), (np.arange(len(self)) + 0.5) / len(self))
        rows = np.minimum(rows, len(self) - 1)
        return replace(
            self,
            values={key: values[rows] for key, values in self.values.items()},
            log10_compute=self.log10_compute[rows],
            level=self.level[rows],
            log10_run=self.log10_run[rows],
            discrepancy=self.discrepancy[rows],
        )


AHEAD = 60  # quarters beyond the anchor that a question looks, where none is asked: fifteen years
LATEST = 2060  # last year of any run: by then the trends that the equations carry on are no longer those of today


def quarter(text: str, option: str = "--until") -> str:
    """`2040` and `2040Q4` are the same quarter.

    Args:
        option: where the user wrote it, for the message.

    Raises:
        InputError: neither a year nor a quarter, or one after `LATEST`.
    """
    match = re.fullmatch(r"([0-9]{4})(Q[1-4])?", text.strip().upper())
    if match is None:
        raise InputError(f"{option} {text}: that is neither a year nor a quarter; write 2040 or 2040Q4")
    if int(match[1]) > LATEST:
        raise InputError(
            f"{option} {text}: that lies beyond the horizon of the model; give a year or quarter up to {LATEST}"
        )
    return match[1] + (match[2] or "Q4")


_worlds: MemoryCache[World] = MemoryCache(16)


def world(evidence: Evidence, until: str, include: Sequence[str] = ()) -> World:
    """The world of that evidence up to a quarter, the countries of `include` among it.

    Worlds are cached: many questions of one session share one, a shorter run being a part of the usual one.

    Raises:
        InputError: the quarter does not come after the history. EvidenceError: the evidence cannot anchor the model.
    """
    countries = modelled(evidence.once("countries by weight", lambda: by_weight(evidence)), include)
    last = quarter_name(max(quarter_number(until), last_scored(evidence) + AHEAD))
    key = (evidence.identity, last, countries)
    whole = _worlds.get(key, lambda: build_world(evidence, registry_for(evidence), countries, last))
    return whole if last == until else _part(whole, until)


def _part(whole: World, until: str) -> World:
    """The same world up to an earlier quarter."""
    dates = quarter_number(until) - whole.grid.first + 1
    if dates <= whole.known:
        raise InputError(f"--until {until}: the history already reaches {whole.anchor}; give a later quarter or year")
    drivers = replace(
        whole.drivers,
        grid=Grid(whole.grid.first, quarter_number(until)),
        paths={driver: path[:dates] for driver, path in whole.drivers.paths.items()},
        effort={niche: path[:dates] for niche, path in whole.drivers.effort.items()},
    )
    return replace(whole, grid=drivers.grid, drivers=drivers)


def ask(
    evidence: Evidence,
    supposed: scenario.Given = "baseline",
    *,
    focal: Sequence[str] = (),
    countries: Sequence[str] = (),
    series: Sequence[str] = DEFAULT,
    until: str | None = None,
    seed: int = 0,
    posterior: PosteriorDraws | None,
) -> Ensemble:
    """The ensemble that answers a question.

    Args:
        supposed: name of a shipped scenario, path of a file, or the fields of a file as data.
        focal: countries that the scenario is about; the first of `countries` where none is given.
        countries: codes or names to report; none means the focal ones and the three with the best scores.
        until: last year or quarter; fifteen years after the last score where none is given.
        posterior: draws of the fit, or None: then members come from the prior.
            `headway.inference.posterior.chosen_for` has the draws that the command line takes.

    Raises:
        InputError: unknown scenario, country or series. EvidenceError: the evidence cannot anchor the model.
    """
    focal = tuple(evidence.resolve(text).code for text in focal)
    asked = tuple(evidence.resolve(text).code for text in countries)
    for code in (*focal, *asked):
        if evidence.resolve(code).kind != "country":
            raise InputError(f"{code} is a group of countries; the model runs countries: name its members")
    last = quarter(until) if until else quarter_name(last_scored(evidence) + AHEAD)
    run = world(evidence, last, tuple(dict.fromkeys((*focal, *asked))))
    reported = asked or names(run, focal)
    return Ensemble(
        run,
        registry_for(evidence),
        scenario.load(supposed),
        focal or reported[:1],
        tuple(dict.fromkeys((*focal, *reported))),
        tuple(series),
        seed,
        posterior=posterior,
    )

"""From the posterior to labelled futures: what every modelled country may reach under a scenario, and how likely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.core.limits import MEMBERS
from headway.ensemble.question import ask
from headway.ensemble.simulation import joined, survivors
from headway.inference.arrays import Floats
from headway.inference.posterior import chosen_for
from headway.scenarios.scenario import content
from headway.scenarios.world.capability import last_scored
from headway.scenarios.world.series import gdp_missing

if TYPE_CHECKING:
    from headway.ensemble.simulation import Ensemble
    from headway.evidence import Evidence

T = TypeVar("T")
SERIES = (
    "sovereign", "accessible", "frontier", "gap", "gap_oom", "lag", "lag_censored", "accessible_lag",
    "accessible_lag_censored", "available_lag", "available_lag_censored", "least_use", "rank", "compute",
    "compute_share", "training_run", "level", "talent", "spending_share",
)  # fmt: skip
HORIZON = "2035Q4"
# Any of these makes a country one that the model can place; without all of them nothing but the prior would speak.
_FOOTHOLDS = ("capability_level", "largest_training_run", "cluster_h100e", "compute_stock_h100e")


def why_not(evidence: Evidence, code: str) -> str | None:
    """Why a country cannot be modelled, in words that follow "because"; None where it can."""
    place = evidence.resolve(code)
    if place.kind != "country":
        return "the model runs countries, not groups; ask for its members"
    try:
        last_scored(evidence)
    except EvidenceError:
        return f"no capability score was known on {evidence.as_of}, so the model has no frontier to measure from"
    if missing := gdp_missing(evidence, code):
        return missing
    if all(evidence.observations(slug, code).empty for slug in _FOOTHOLDS):
        return "no training run, scored model or AI compute of it is known; one published training run would do"
    return None


def require(evidence: Evidence, codes: Iterable[str]) -> None:
    """Refuse a question about countries that cannot be modelled.

    Raises:
        EvidenceError: names the first such country and says why.
    """
    for code in codes:
        if reason := why_not(evidence, code):
            raise EvidenceError(f"{evidence.resolve(code).name} ({code}) cannot be modelled: {reason}")


def require_chosen(evidence: Evidence, ensemble: Ensemble, *chosen: object) -> None:
    """Refuse an ensemble of countries that cannot be modelled, where the user chose any; else the world's own stay.

    Raises:
        EvidenceError: names the first such country and says why.
    """
    require(evidence, ensemble.countries if any(chosen) else ())


@dataclass(frozen=True)
class CountryOutlook:
    """Futures of some countries under one scenario.

    Attributes:
        runs: series → (quarters, countries, members); `headway.ensemble.series.LABELS` describes each. Before
            the first score to the horizon; members that failed are left out.
        countries: codes, the subject first. quarters: as `2025Q4`.
        anchor: last quarter with scores, as `2025Q4`.
        fitted: hash of the posterior that the members come from, None where they come from the prior.
        controlled: whether the first country is under export controls at the anchor.
        first_scored: row of the first quarter with scores, from which lags are measured.
    """

    runs: Mapping[str, npt.NDArray[np.float32]]
    countries: tuple[str, ...]
    quarters: tuple[str, ...]
    anchor: str
    fitted: str | None
    controlled: bool
    first_scored: int

    def draws(self, series: str, country: str, quarter: str | None = None) -> Floats:
        """Members of one series at a quarter (default the anchor), shape (member,)."""
        result: Floats = self.path(series, country)[self.quarters.index(quarter or self.anchor)]
        return result

    def path(self, series: str, country: str) -> Floats:
        """Members of one series over all quarters, shape (quarter, member)."""
        return self.runs[series][:, self.countries.index(country)].astype(np.float64)

    def probability(self, series: str, country: str, at_most: float, quarter: str) -> float:
        """Share of futures in which the series is at most a bound at a quarter; a censored lag counts as longer."""
        hits = self.draws(series, country, quarter) <= at_most
        if f"{series}_censored" in self.runs:
            hits &= self.draws(f"{series}_censored", country, quarter) < 0.5
        return float(hits.mean())

    def lag_behind(self, country: str, rival: str, quarter: str | None = None) -> tuple[Floats, Floats]:
        """Months since one rival stood where the country stands, and whether it stood there before scores begin.

        Negative where the country is ahead: minus the months since it stood where the rival stands. Shapes (member,).
        """
        row = self.quarters.index(quarter or self.anchor)
        first = self.first_scored
        own, other = self.path("sovereign", country)[first : row + 1], self.path("sovereign", rival)[first : row + 1]
        months, censored = np.empty(own.shape[1]), np.zeros(own.shape[1])
        for member in range(own.shape[1]):
            ahead = own[-1, member] > other[-1, member]
            path, level = (own, other[-1, member]) if ahead else (other, own[-1, member])
            since, before = _since(path[:, member], level)
            months[member], censored[member] = (-since if ahead else since), before
        return months, censored


def _since(path: Floats, level: float) -> tuple[float, float]:
    """Months before its end at which a path first reached a level, interpolated; and 1 where it began above it."""
    best = np.maximum.accumulate(path)
    if level < best[0]:
        return float(periods.MONTHS * (len(best) - 1)), 1.0
    after = int(np.searchsorted(best, level, side="left"))
    if after == 0:
        return float(periods.MONTHS * (len(best) - 1)), 0.0
    low, high = best[after - 1], best[min(after, len(best) - 1)]
    share = 0.0 if high <= low else (level - low) / (high - low)
    return float(periods.MONTHS * (len(best) - 1 - (after - 1 + share))), 0.0


class Held(Generic[T]):
    """An argument that a remembered function uses and does not compare: a key beside it tells calls apart."""

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held)


@lru_cache(maxsize=64)
def _outlook(
    key: tuple[str, ...], evidence: Held[Evidence], countries: tuple[str, ...], scenario: str, seed: int
) -> CountryOutlook:
    known = evidence.value
    fit = chosen_for(known)
    ensemble = ask(
        known, scenario, focal=countries[:1], countries=countries, series=SERIES, until=HORIZON, seed=seed,
        posterior=fit,
    )  # fmt: skip
    whole, world = joined(list(ensemble.pieces(range(MEMBERS)))), ensemble.world
    good = survivors(whole.status)
    return CountryOutlook(
        {name: values[..., good] for name, values in whole.series.items()},
        ensemble.countries,
        world.grid.names,
        world.anchor,
        None if fit is None else fit.hash,
        bool(world.drivers.paths["controls"][world.known - 1, world.countries.index(countries[0])] > 0),
        world.frontiers.first,
    )


def outlook(evidence: Evidence, countries: Sequence[str], scenario: str | None = None, seed: int = 0) -> CountryOutlook:
    """Futures to 2035 of the first country and those it is compared with, under a scenario it is the focus of.

    Args:
        countries: ISO codes of modelled countries, the subject first.
        scenario: name of a shipped scenario or path of a file; None is the baseline.

    Raises:
        InputError: unknown scenario or country. EvidenceError: the evidence cannot anchor the model.
        ModelError: no member ran to the end.
    """
    name = scenario or "baseline"
    return _outlook((*evidence.identity, *content(name)), Held(evidence), tuple(countries), name, seed)

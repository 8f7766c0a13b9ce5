"""Data of the likelihood: labelled arrays made from evidence as known on one date.

Nothing here names a country. The reference country is the leader at the first quarter with a scored frontier; the
modelled countries are those whose evidence carries a training run, a capability score or a compute stock.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.core.numbers import CONFIDENCE_FACTORS, UNGRADED_FACTOR, Z90
from headway.evidence.benchmarks import SCALE
from headway.evidence.derived.records import is_general
from headway.scenarios.own_parameters import own_distributions
from headway.scenarios.world.talent import researchers

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence import Evidence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Priors = Mapping[str, Mapping[str, Any]]  # registry key -> distribution as plain data

DAYS = 365.25  # days in a year
MIN_RUN = 22.0  # log10 FLOP: smaller records say nothing of general-purpose models
RUNS_SINCE = 2019  # runs before it belong to another era of model sizes
MAX_COUNTRIES = 30
# Sd in log10 of a published training-compute estimate, by the publisher's own confidence grade.
COMPUTE_SD = {grade: math.log10(factor) / Z90 for grade, factor in CONFIDENCE_FACTORS.items()}
UNGRADED_SD = math.log10(UNGRADED_FACTOR) / Z90
MIN_DISCLOSED = 2  # runs with compute in a year, below which a flat record is silence
CEILING_SD = 0.4  # log10 FLOP
ECI_SD = 1.0  # a score without an interval (the scale's two anchors) still has the noise of one model


@dataclass(frozen=True)
class Points:
    """Readings of one quantity: one row per country and time.

    Attributes:
        country: index into `CapabilityData.countries`, shape (n,).
        time: years since the first quarter began, shape (n,).
        value, sd: in the quantity's unit, shape (n,).
    """

    country: Ints
    time: Floats
    value: Floats
    sd: Floats

    def __len__(self) -> int:
        return len(self.value)

    def of(self, country: int) -> Points:
        """The rows of one country."""
        keep = self.country == country
        return Points(self.country[keep], self.time[keep], self.value[keep], self.sd[keep])


@dataclass(frozen=True)
class ScoredRuns:
    """Scored models with known training compute, one per model group: who, when, log10 FLOP, ECI, which lab."""

    country: Ints
    time: Floats
    log10_compute: Floats
    score: Floats
    lab: Ints

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True)
class CapabilityData:
    """Everything a structure is fitted to.

    Attributes:
        as_of, snapshot: the date the evidence is seen from, and the hash of the evidence.
        first, last: running numbers of the first and last quarter with capability data; time 0 is the start of `first`.
        countries: ISO 3166-1 alpha-3 codes; `leader` is the index of the reference country.
        frontier: best score so far, only in quarters in which the country released a scored model (silence is no
            reading); time is the end of the quarter.
        known_until: years from time 0 to the last day on which a release would be known by now; readings of the last
            quarter, which may be unfinished, are dated by it.
        live: quarters with a scored release, shape (country, quarter), from `first` to `last`.
        runs: scored models with compute. records: record training runs (log10 FLOP), dated by publication.
        ceilings: at the end of a quarter, the record (log10 FLOP) of a country that went on disclosing runs over the
            year before without breaking it: a soft upper bound on its largest run. Silence gives no ceiling.
        stock: AI compute owned (log10 H100e), at the end of the quarter. clusters: known AI clusters, which see only
            part of it, at the end of the year.
        open_frontier: best open-weight score so far of all countries; country is -1.
        talent: AI researchers, persons, shape (country,).
        nvidia_share: share of the yearly Nvidia flow by (country index, year), as a fraction.
        facts: ids of the facts that took part.
        priors: the user's own distributions in place of those of the parameter registry, by key.
    """

    as_of: dt.date
    snapshot: str
    first: int
    last: int
    countries: tuple[str, ...]
    leader: int
    known_until: float
    frontier: Points
    live: npt.NDArray[np.bool_]
    runs: ScoredRuns
    records: Points
    ceilings: Points
    stock: Points
    clusters: Points
    open_frontier: Points
    talent: Floats
    nvidia_share: dict[tuple[int, int], float]
    facts: tuple[str, ...]
    priors: Priors = field(default_factory=dict)

    @property
    def n_quarters(self) -> int:
        """Quarters from `first` to `last`, both counted."""
        return self.last - self.first + 1

    @property
    def scored(self) -> tuple[int, ...]:
        """Indices of the countries with a frontier reading, in order."""
        return tuple(sorted({int(country) for country in self.frontier.country}))

    def index(self, country: str) -> int | None:
        """Position of a country, or None where it is not modelled."""
        return self.countries.index(country) if country in self.countries else None

    def scored_only(self) -> CapabilityData:
        """The same data with only the countries that have a frontier reading, in the same order."""
        keep = list(self.scored)
        place = {old: new for new, old in enumerate(keep)}

        def pick(rows: Points) -> Points:
            mine = np.isin(rows.country, keep)
            country = np.array([place[int(old)] for old in rows.country[mine]], dtype=np.int64)
            return Points(country, *(column[mine] for column in _columns(rows)[1:]))

        mine = np.isin(self.runs.country, keep)
        runs = ScoredRuns(*(column[mine] for column in _columns(self.runs)))
        return replace(
            self,
            countries=tuple(self.countries[old] for old in keep),
            leader=place[self.leader],
            frontier=pick(self.frontier),
            live=self.live[keep],
            runs=replace(runs, country=np.array([place[int(old)] for old in runs.country], dtype=np.int64)),
            records=pick(self.records),
            ceilings=pick(self.ceilings),
            stock=pick(self.stock),
            clusters=pick(self.clusters),
            talent=self.talent[keep],
        )

    def without_scores_of(self, country: str) -> CapabilityData:
        """The same data with one country's capability scores withheld; its runs, compute and talent stay."""
        hidden = self.countries.index(country)
        keep, run = self.frontier.country != hidden, self.runs.country != hidden
        live = self.live.copy()
        live[hidden] = False
        return replace(
            self,
            frontier=Points(*(column[keep] for column in _columns(self.frontier))),
            runs=ScoredRuns(*(column[run] for column in _columns(self.runs))),
            live=live,
        )


def _columns(rows: Points | ScoredRuns) -> tuple[Any, ...]:
    return tuple(getattr(rows, name) for name in rows.__dataclass_fields__)


def capability_data(evidence: Evidence, until: str | None = None, *, index_only: bool = False) -> CapabilityData:
    """Collect the likelihood's arrays from evidence.

    Args:
        evidence: as known on some date; nothing published later takes part.
        until: last quarter of data to use, `2025Q4`; default the last quarter with a scored model.
        index_only: leave out levels of the open capability scale; forecasts are scored on the published index alone.

    Raises:
        EvidenceError: no scored model is known on that date, so there is no frontier to fit.
    """
    models = _models(evidence, until)
    if index_only:
        models = models[models.source != SCALE]
    scored = models[models.eci.notna() & (models.country != "")]
    if scored.empty:
        raise EvidenceError(
            f"no capability score is known on {evidence.as_of}; the model needs at least one (scores begin in 2023)"
        )
    first, last = int(scored.quarter.min()), int(scored.quarter.max())
    countries = _countries(models, scored, evidence)
    stock, stock_ids = _stock(evidence, "compute_stock_h100e", countries, first, last)
    clusters, cluster_ids = _stock(evidence, "cluster_h100e", countries, first, last)
    known_until = _known_until(scored, evidence.as_of, first, last)
    talent, _ = researchers(evidence, countries)
    frontier, live = _frontier(scored, countries, first, last, known_until)
    start = frontier.value[np.isclose(frontier.time, frontier.time.min())]
    leader = int(frontier.country[np.isclose(frontier.time, frontier.time.min())][np.argmax(start)])
    records, record_ids = _records(models, countries, first)
    share, share_ids = _shares(evidence, countries)
    return CapabilityData(
        as_of=evidence.as_of,
        snapshot=evidence.snapshot_hash,
        first=first,
        last=last,
        countries=countries,
        leader=leader,
        known_until=known_until,
        frontier=frontier,
        live=live,
        runs=_runs(scored, countries, first),
        records=records,
        ceilings=_ceilings(models, countries, first, last),
        stock=stock,
        clusters=_year_ends(clusters),
        open_frontier=_open(scored, first, last, known_until),
        talent=talent,
        nvidia_share=share,
        facts=tuple(dict.fromkeys((*scored.id, *record_ids, *stock_ids, *cluster_ids, *share_ids))),
        priors=own_distributions(evidence),
    )


def _models(evidence: Evidence, until: str | None) -> pd.DataFrame:
    """Model facts with attributed country, date, quarter and own training compute; withdrawn facts left out.

    Only general-purpose models have training compute here: a protein model says nothing of a country's largest run.
    """
    models = evidence.models()
    models = models[models.withdrawn_on.isna()].copy()
    models["own"] = models.log10_own_compute.where(models.domain.fillna("").map(is_general).astype(bool))
    models["country"] = models.countries.fillna("").str.split(";").str[0]
    models["date"] = models.released.fillna(models.published)
    models = models[models.date.notna()]
    models["quarter"] = periods.PER_YEAR * models.date.dt.year + models.date.dt.quarter - 1
    if until is not None:
        models = models[models.quarter <= periods.quarter_number(until)]
    return models


def _countries(models: pd.DataFrame, scored: pd.DataFrame, evidence: Evidence) -> tuple[str, ...]:
    """Codes of the modelled countries: scored ones first, then by largest known run, then by compute stock."""
    from_scores = list(scored.groupby("country").eci.max().sort_values(ascending=False).index)
    runs = models[(models.own >= MIN_RUN) & (models.quarter >= periods.PER_YEAR * RUNS_SINCE)]
    from_runs = list(runs.groupby("country").own.max().sort_values(ascending=False).index)
    stock = evidence.observations("compute_stock_h100e")
    from_stock = list(stock.groupby("country").value.max().sort_values(ascending=False).index)
    codes = [code for code in dict.fromkeys((*from_scores, *from_runs, *from_stock)) if len(code) == 3]
    return tuple(codes[:MAX_COUNTRIES])


def _known_until(scored: pd.DataFrame, as_of: dt.date, first: int, last: int) -> float:
    """The day of the evidence less the usual delay between a release and its score, at most the end of `last`."""
    delay = (scored.published_on - scored.date).dt.days.median()
    newest = (scored.date.max().date() - periods.quarter_end(first - 1)).days
    reached = max((as_of - periods.quarter_end(first - 1)).days - delay, newest)
    return float(min(reached / DAYS, _end_of(last, first)))


def _end_of(quarter: int, first: int) -> float:
    return (quarter + 1 - first) / periods.PER_YEAR


def _points(rows: Iterable[tuple[int, float, float, float]]) -> Points:
    table = np.array(list(rows), dtype=np.float64).reshape(-1, 4)
    return Points(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3])


def _score_sd(row: Any) -> float:
    """Sd of a score from its 90 % interval; the lower half is used, being the one that a record can lose."""
    if math.isnan(row.eci_low) or math.isnan(row.eci_high):
        return ECI_SD
    result: float = max(ECI_SD, (row.eci_high - row.eci_low) / (2 * 1.645))
    return result


def _frontier(
    scored: pd.DataFrame, countries: tuple[str, ...], first: int, last: int, known_until: float
) -> tuple[Points, npt.NDArray[np.bool_]]:
    rows = []
    live = np.zeros((len(countries), last - first + 1), dtype=bool)
    for index, code in enumerate(countries):
        own = scored[scored.country == code]
        for quarter in sorted(set(own.quarter)):
            best = own[own.quarter <= quarter].sort_values("eci").iloc[-1]
            time = min(_end_of(quarter, first), known_until)
            rows.append((index, time, float(best.eci), _score_sd(best)))
            live[index, quarter - first] = True
    return _points(rows), live


def _open(scored: pd.DataFrame, first: int, last: int, known_until: float) -> Points:
    open_weights = scored[scored.open_weights.fillna(False).astype(bool)]
    rows = []
    for quarter in range(first, last + 1):
        so_far = open_weights[open_weights.quarter <= quarter]
        if len(so_far):
            rows.append((-1, min(_end_of(quarter, first), known_until), float(so_far.eci.max()), ECI_SD))
    return _points(rows)


def _runs(scored: pd.DataFrame, countries: tuple[str, ...], first: int) -> ScoredRuns:
    known = scored[scored.log10_compute.notna()].sort_values("eci").drop_duplicates("model_group", keep="last")
    known = known[known.country.isin(countries)].sort_values(["date", "id"])
    labs = {lab: position for position, lab in enumerate(sorted(set(known.organization.fillna(""))))}
    start = first / periods.PER_YEAR
    return ScoredRuns(
        country=np.array([countries.index(code) for code in known.country], dtype=np.int64),
        time=np.array([periods.decimal(day.date()) - start for day in known.date], dtype=np.float64),
        log10_compute=known.log10_compute.to_numpy(np.float64),
        score=known.eci.to_numpy(np.float64),
        lab=np.array([labs[lab] for lab in known.organization.fillna("")], dtype=np.int64),
    )


def _records(models: pd.DataFrame, countries: tuple[str, ...], first: int) -> tuple[Points, list[str]]:
    """Runs that were the country's largest at their date; a run that broke no record says little about capacity."""
    rows, ids = [], []
    known = models[(models.own >= MIN_RUN) & (models.quarter >= periods.PER_YEAR * RUNS_SINCE)]
    start = first / periods.PER_YEAR
    for index, code in enumerate(countries):
        best = -math.inf
        for row in known[known.country == code].sort_values(["date", "own", "id"]).itertuples():
            if row.own > best:
                best = row.own
                sd = COMPUTE_SD.get(str(row.compute_confidence), UNGRADED_SD)
                rows.append((index, periods.decimal(row.date.date()) - start, float(best), sd))
                ids.append(str(row.id))
    return _points(rows), ids


def _ceilings(models: pd.DataFrame, countries: tuple[str, ...], first: int, last: int) -> Points:
    """Soft upper bounds on the largest run, in years of open disclosure that brought no new record."""
    rows = []
    recent = models[models.notable.fillna(False).astype(bool) | models.eci.notna()]
    for index, code in enumerate(countries):
        own, runs = recent[recent.country == code], models[(models.country == code) & models.own.notna()]
        for quarter in range(last, first - 1, -periods.PER_YEAR):
            year, past = runs[runs.quarter.between(quarter - 3, quarter)], runs[runs.quarter <= quarter - 4]
            released = own[own.quarter.between(quarter - 3, quarter)].drop_duplicates("model_group")
            if past.empty or len(year) < MIN_DISCLOSED or len(year) < len(released) / 2:
                continue
            record = float(past.own.max())
            if year.own.max() <= record:
                rows.append((index, _end_of(quarter, first), record, CEILING_SD))
    return _points(rows)


def _stock(
    evidence: Evidence, indicator: str, countries: tuple[str, ...], first: int, last: int
) -> tuple[Points, list[str]]:
    table = evidence.observations(indicator)
    rows, ids = [], []
    for row in table.sort_values(["country", "period"]).itertuples():
        if row.country not in countries or not row.value > 0:
            continue
        quarter = _quarter_of_period(str(row.period))
        if quarter is None or not first - periods.PER_YEAR <= quarter <= last:
            continue
        spread = math.log10(row.high / row.low) / (2 * 1.645) if row.low == row.low and row.low > 0 else 0.3
        index = countries.index(row.country)
        rows.append((index, _end_of(quarter, first), math.log10(row.value), max(spread, 0.05)))
        ids.append(str(row.id))
    return _points(rows), ids


def _year_ends(points: Points) -> Points:
    keep = np.isclose(points.time % 1.0, 0.0)
    return Points(*(column[keep] for column in _columns(points)))


def _quarter_of_period(period: str) -> int | None:
    if "Q" in period:
        return periods.quarter_number(period)
    return periods.PER_YEAR * int(period) + 3 if period.isdigit() else None


def _shares(evidence: Evidence, countries: tuple[str, ...]) -> tuple[dict[tuple[int, int], float], list[str]]:
    table = evidence.observations("nvidia_flow_share")
    shares, ids = {}, []
    for row in table.itertuples():
        if row.country in countries:
            shares[countries.index(row.country), int(str(row.period)[:4])] = float(row.value) / 100
            ids.append(str(row.id))
    return shares, ids

"""Summaries of an ensemble: quantiles and frequencies without paths, labelled datasets, and the record of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.ensemble import simulation
from headway.ensemble.series import LABELS
from headway.ensemble.simulation import Ensemble, MemberBlock
from headway.model.status import Status

if TYPE_CHECKING:
    import xarray as xr

Values = npt.NDArray[np.float32]
EXACT = 4096  # members up to which quantiles are exact
_BINS = 1024
_IN_MEMORY = 2**31  # bytes that a labelled result may take
_MARGIN = 0.25  # of the range of the first members, on either side


class Quantiles:
    """Quantiles of one series by quarter and country.

    Exact up to `EXACT` members; beyond that a histogram of 1,024 bins around the range of the first members, so that a
    quantile is off by at most a thousandth and a half of that range. Values outside count at the edges, and the exact
    least and greatest values are kept.

    Histograms of the same bins can be added up: `state` and `add_state`.
    """

    def __init__(self) -> None:
        self._kept: list[Values] = []
        self._waiting = 0  # members kept, not counted yet
        self._members = 0
        self._counts: npt.NDArray[np.int64] | None = None
        self._low = self._width = np.zeros(())
        self.least: Floats = np.zeros(())
        self.greatest: Floats = np.zeros(())

    def add(self, values: Values) -> None:
        """Take in members; `values` is (quarters, countries, members) and finite."""
        if values.shape[-1] == 0:
            return
        least, greatest = values.min(axis=-1).astype(float), values.max(axis=-1).astype(float)
        self.least = least if not self._members else np.minimum(self.least, least)
        self.greatest = greatest if not self._members else np.maximum(self.greatest, greatest)
        self._kept.append(values)
        self._waiting += values.shape[-1]
        self._members += values.shape[-1]
        if self._waiting > EXACT:
            self._count()

    def quantile(self, probability: float) -> Floats:
        """The quantile (Hyndman and Fan's type 7 while exact), (quarters, countries); NaN without members."""
        if not self._members:
            return np.full((), np.nan)
        if self._counts is None:
            return np.asarray(np.quantile(np.concatenate(self._kept, axis=-1), probability, axis=-1), float)
        self._count()
        cumulated = self._counts.cumsum(axis=-1)
        wanted = probability * self._members
        bin_ = (cumulated < wanted).sum(axis=-1).clip(max=_BINS - 1)
        inside = np.take_along_axis(self._counts, bin_[..., None], axis=-1)[..., 0]
        before = np.take_along_axis(cumulated, bin_[..., None], axis=-1)[..., 0] - inside
        share = np.where(inside > 0, (wanted - before) / np.maximum(inside, 1), 0)
        return np.asarray(np.clip(self._low + (bin_ + share) * self._width, self.least, self.greatest))

    @property
    def bins(self) -> tuple[Floats, Floats] | None:
        """Lower edge of the first bin and width of each, (quarters, countries); None while values are kept."""
        return None if self._counts is None else (np.asarray(self._low), np.asarray(self._width))

    def with_bins(self, low: Floats, width: Floats) -> Quantiles:
        """The same, sorting into these bins; only before any member is taken in."""
        self._low, self._width = low, width
        self._counts = np.zeros((*low.shape, _BINS), np.int64)
        return self

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All that it holds, as arrays: `values` of members, or `counts` of bins with `least` and `greatest`."""
        if self._counts is None:
            return {"values": np.concatenate(self._kept, axis=-1)} if self._kept else {}
        self._count()
        counts = self._counts.astype(np.min_scalar_type(int(self._counts.max(initial=0))))
        return {"counts": counts, "least": self.least, "greatest": self.greatest} if self._members else {}

    def add_state(self, state: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take in what another one holds, which sorts into the same bins if it has any.

        Raises:
            ValueError: the arrays are not of the same quarters and countries, or not of the same bins.
        """
        if "values" in state:
            self.add(state["values"])
        elif "counts" in state:
            least, greatest, counts = state["least"], state["greatest"], state["counts"]
            if self._counts is None or counts.shape != self._counts.shape:
                raise ValueError("it is sorted into other bins")
            self.least = least if not self._members else np.minimum(self.least, least)
            self.greatest = greatest if not self._members else np.maximum(self.greatest, greatest)
            self._counts += counts
            self._members += int(counts[(0,) * (counts.ndim - 1)].sum())

    def _count(self) -> None:
        """Sort the waiting members into the bins; the first time, draw the bins around them."""
        if not self._kept:
            return
        if self._counts is None:
            span = np.maximum(self.greatest - self.least, 1e-12 + 1e-6 * np.abs(self.greatest))
            self._low = self.least - _MARGIN * span
            self._width = (1 + 2 * _MARGIN) * span / _BINS
            self._counts = np.zeros((*span.shape, _BINS), np.int64)
        values = np.concatenate(self._kept, axis=-1)
        per_width = (1 / self._width[..., None]).astype(np.float32)
        bins = ((values - self._low[..., None].astype(np.float32)) * per_width).clip(0, _BINS - 1).astype(np.int32)
        bins += (np.arange(self._low.size, dtype=np.int32) * _BINS).reshape(*self._low.shape, 1)
        self._counts += np.bincount(bins.ravel(), minlength=self._counts.size).reshape(self._counts.shape)
        self._kept, self._waiting = [], 0


EVENTS: Mapping[str, tuple[str, float]] = {
    "rank_1": ("rank", 1),
    "rank_3": ("rank", 3),
    "rank_5": ("rank", 5),
    "rank_10": ("rank", 10),
    "at_frontier": ("lag", 0),
    "within_6_months": ("lag", 6),
    "within_12_months": ("lag", 12),
    "within_24_months": ("lag", 24),
}
"""Events by name: a series that is at most a value."""


class Summary:
    """Summary of a run: quantiles of every series, frequencies of events, how members ended."""

    def __init__(self, series: Sequence[str]) -> None:
        self.quantiles = {name: Quantiles() for name in series}
        self.events: dict[str, Floats] = {}
        self.status: dict[int, int] = {}
        self.members = 0

    @property
    def good(self) -> int:
        """Members that ran to the end; quantiles and frequencies are of these."""
        return self.status.get(0, 0)

    def add(self, piece: MemberBlock) -> None:
        """Take in a block. Members that failed are counted, and left out of quantiles and frequencies."""
        self.members += len(piece.members)
        for code, count in zip(*np.unique(piece.status, return_counts=True), strict=True):
            self.status[int(code)] = self.status.get(int(code), 0) + int(count)
        good = piece.status == 0
        for name, sketch in self.quantiles.items():
            sketch.add(piece.series[name][..., good])
        for event, (name, bound) in EVENTS.items():
            if name in piece.series:
                hits = (piece.series[name][..., good] <= bound).sum(axis=-1)
                self.events[event] = self.events.get(event, np.zeros(hits.shape)) + hits

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All that it holds, as arrays by name."""
        codes = np.array(sorted(self.status.items()), np.int64).reshape(-1, 2)
        sketches = {
            f"{name}/{key}": array for name, sketch in self.quantiles.items() for key, array in sketch.state().items()
        }
        return {"status": codes, **{f"event/{event}": hits for event, hits in self.events.items()}, **sketches}

    def add_state(self, state: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take in what a summary of other members of the same question holds.

        Raises:
            ValueError: it is one of another question.
        """
        for code, count in state["status"]:
            self.status[int(code)] = self.status.get(int(code), 0) + int(count)
            self.members += int(count)
        for name, hits in state.items():
            if name.startswith("event/"):
                event = name.removeprefix("event/")
                self.events[event] = self.events.get(event, np.zeros(hits.shape)) + hits
        for name, sketch in self.quantiles.items():
            own = {key.removeprefix(f"{name}/"): array for key, array in state.items() if key.startswith(f"{name}/")}
            sketch.add_state(own)

    def frequency(self, event: str) -> Floats:
        """Share of the good members in which the event holds, (quarters, countries)."""
        return self.events[event] / max(self.good, 1)


AXES = ("quarter", "country", "member")
STATUS = {
    "meaning": "how the member ended",
    "flag_values": [int(status) for status in Status],
    "flag_meanings": " ".join(status.name.lower() for status in Status),
    **{status.name.lower(): status.reason for status in Status},
}


def attributes(name: str) -> dict[str, str]:
    """Unit and meaning of a series, under the names that CF readers know."""
    return {"units": LABELS[name].unit, "long_name": LABELS[name].meaning}


def description(ensemble: Ensemble) -> dict[str, str | int]:
    """Attributes of a whole result: the recipe and the words of the scenario."""
    scenario = ensemble.scenarios[-1]
    return {
        "title": f"Headway: {scenario.title}",
        "description": scenario.description.strip(),
        "key": ensemble.key,
        **ensemble.recipe,
        "interval": "history before the anchor is reconstructed; after it, members are draws of the model",
    }


def coordinates(ensemble: Ensemble, members: range) -> dict[str, object]:
    """Coordinates of the three axes, and the date that ends each quarter."""
    grid = ensemble.world.grid
    months = np.datetime64("1970-01", "M") + 3 * (np.arange(grid.first, grid.last + 1) + 1 - 4 * 1970)
    ends = months.astype("datetime64[D]") - np.timedelta64(1, "D")
    return {
        "quarter": np.asarray(grid.names),
        "date": ("quarter", ends.astype("datetime64[ns]")),
        "country": np.asarray(ensemble.countries),
        "member": np.arange(members.start, members.stop, dtype=np.int32),
    }


def dataset(ensemble: Ensemble, members: range, threads: int | None = None) -> xr.Dataset:
    """Run the members and label the result; everything stays in memory (see `headway.ensemble.export` for more).

    Returns:
        One variable per series of the ensemble, (quarter, country, member), and `status`, (member,).
    """
    return joined(ensemble, list(ensemble.pieces(members, threads)))


def refuse_too_large(ensemble: Ensemble, members: int) -> None:
    """Refuse a run whose labelled result memory would not take.

    Raises:
        InputError: names the number of values.
    """
    cells = len(ensemble.series) * len(ensemble.world.grid) * len(ensemble.countries)
    if 4 * cells * members > _IN_MEMORY:
        raise InputError(
            f"{members:,} members with {cells:,} values each do not fit a .nc file in memory: write a .zarr"
        )


def joined(ensemble: Ensemble, pieces: list[MemberBlock]) -> xr.Dataset:
    """Consecutive pieces as one labelled result."""
    import xarray as xr

    whole = simulation.joined(pieces)
    variables = {name: (AXES, whole.series[name], attributes(name)) for name in ensemble.series}
    # NetCDF's own rule: flags have the type of their variable. R warns of eight-byte ones.
    status = ("member", whole.status, {**STATUS, "flag_values": np.asarray([*Status], whole.status.dtype)})
    return xr.Dataset({**variables, "status": status}, coordinates(ensemble, whole.members), description(ensemble))


def record(ensemble: Ensemble, summary: Summary) -> dict[str, Any]:
    """The run as JSON: recipe, members, and for each country the series at the ends of years."""
    return {
        "recipe": {"key": ensemble.key, **ensemble.recipe},
        "scenario": {
            "name": ensemble.scenario,
            "title": ensemble.scenarios[-1].title,
            "description": ensemble.scenarios[-1].description.strip(),
            "held_parameters": ensemble.held,
        },
        "members": {
            "asked": summary.members,
            "used": summary.good,
            "failed": [
                {"status": Status(code).name.lower(), "count": count, "reason": Status(code).reason}
                for code, count in sorted(summary.status.items())
                if code != Status.OK
            ],
            "quantiles": "exact" if summary.members <= EXACT else "histogram, off by at most 0.15 % of the range",
        },
        "quarters": [ensemble.world.grid.names[k] for k in year_ends(ensemble)],
        "series": {name: {"unit": LABELS[name].unit, "meaning": LABELS[name].meaning} for name in ensemble.series},
        "countries": {code: _country(ensemble, summary, i) for i, code in enumerate(ensemble.countries)},
    }


def year_ends(ensemble: Ensemble) -> list[int]:
    """Positions of the fourth quarters."""
    return [k for k, name in enumerate(ensemble.world.grid.names) if name.endswith("Q4")]


def _country(ensemble: Ensemble, summary: Summary, position: int) -> dict[str, Any]:
    ends = year_ends(ensemble)

    def column(table: Floats) -> list[float | None]:
        values = table[ends, position] if table.ndim else np.full(len(ends), np.nan)
        return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values]

    quantiles = {
        name: {f"q{round(100 * level):02d}": column(summary.quantiles[name].quantile(level)) for level in LEVELS}
        for name in ensemble.series
    }
    probabilities = {event: column(summary.frequency(event)) for event in EVENTS if event in summary.events}
    return {"quantiles": quantiles, "probabilities": probabilities}


def headline(
    ensemble: Ensemble, summary: Summary, position: int, series: tuple[str, ...], years: tuple[int, ...]
) -> list[list[str]]:
    """Rows for one screen: a series with its unit, then median and 90 % interval at the ends of the years."""
    names = ensemble.world.grid.names
    ends = [names.index(f"{year}Q4") for year in years]
    rows = []
    for name in series:
        middle, low, high = (summary.quantiles[name].quantile(level)[ends, position] for level in (0.5, 0.05, 0.95))
        unit = LABELS[name].unit
        cells = [f"{_short(m)} [{_short(a)}, {_short(b)}]" for m, a, b in zip(middle, low, high, strict=True)]
        rows.append([name.replace("_", " ") + ("" if unit == "1" else f", {unit}"), *cells])
    return rows


def _short(value: float) -> str:
    """Three digits, with k, M or G where there are more."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):.3g}{letter}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) < 0.1 else f"{value:.3g}"


LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

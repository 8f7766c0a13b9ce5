"""Quantiles and event frequencies of any number of members, without keeping their paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from headway.core.numbers import Floats
from headway.ensemble.engine import MemberBlock

Values = npt.NDArray[np.float32]
EXACT = 4096  # members up to which quantiles are exact
_BINS = 1024
_MARGIN = 0.25  # of the range of the first members, on either side


class Quantiles:
    """Quantiles of one series by quarter and country.

    Exact up to `EXACT` members; beyond that a histogram of 1,024 bins around the range of the first members, so that a
    quantile is off by at most a thousandth and a half of that range. Values outside count at the edges, and the exact
    least and greatest values are kept.
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
    """What is kept of a run: quantiles of every series, frequencies of events, how members ended."""

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

    def frequency(self, event: str) -> Floats:
        """Share of the good members in which the event holds, (quarters, countries)."""
        return self.events[event] / max(self.good, 1)

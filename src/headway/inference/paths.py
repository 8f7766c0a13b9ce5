"""Past and future under one structure: labelled draws of levels by country and quarter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.core.periods import MONTHS

Draws = npt.NDArray[np.float64]  # shape (draw, country, quarter)


@dataclass(frozen=True)
class LevelPaths:
    """Draws by country and quarter, from the first quarter of data to the horizon; values are at the quarter's end.

    Attributes:
        first: running number of the first quarter. last: that of the last quarter with data.
        countries: ISO 3166-1 alpha-3 codes, in the order of the second axis.
        sovereign: capability of the country's own best, ECI points; NaN where nothing can be said.
        run: largest training run, log10 FLOP. stock: installed AI compute, log10 H100e (NaN where not modelled).
    """

    first: int
    last: int
    countries: tuple[str, ...]
    sovereign: Draws
    run: Draws
    stock: Draws

    @property
    def horizon(self) -> int:
        """Running number of the last quarter of the paths."""
        result: int = self.first + self.sovereign.shape[2] - 1
        return result

    def at(self, quarter: int) -> int:
        """Position of a quarter on the last axis."""
        return quarter - self.first


def running_best(level: Draws) -> Draws:
    """The best so far along the last axis; NaN (nothing yet) stays NaN until the first value."""
    best = np.maximum.accumulate(np.where(np.isnan(level), -np.inf, level), axis=-1)
    return np.where(np.isneginf(best), np.nan, best)


def lags(paths: LevelPaths, country: int) -> npt.NDArray[np.float64]:
    """Lag of one country by its sovereign capability, months, shape (draw, quarter); see `lags_behind`."""
    return lags_behind(paths.sovereign, country)


def lags_behind(level: Draws, country: int) -> npt.NDArray[np.float64]:
    """Months since the best of all other countries stood where a country stands, shape (draw, quarter).

    Negative where the country leads: minus the months since it stood where the best of the others stands. A lag that
    reaches behind the first quarter is cut there. NaN where the country has no level yet.

    Args:
        level: shape (draw, country, quarter).
    """
    own = running_best(level[:, country])
    rest = np.delete(level, country, axis=1)
    others = running_best(np.max(np.where(np.isnan(rest), -np.inf, rest), axis=1))
    out = np.full(own.shape, np.nan)
    for quarter in range(own.shape[1]):
        now, best = own[:, quarter], others[:, quarter]
        behind = _since(others[:, : quarter + 1], now)
        ahead = _since(own[:, : quarter + 1], best)
        out[:, quarter] = np.where(np.isnan(now), np.nan, np.where(now > best, -ahead, behind))
    return out


def _since(path: npt.NDArray[np.float64], level: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Months before its end at which a rising path (draw, quarter) first reached a level (draw,), interpolated."""
    filled = np.where(np.isnan(path), -np.inf, path)
    last = path.shape[1] - 1
    after = np.minimum((filled < level[:, None]).sum(axis=1), last)
    before = np.maximum(after - 1, 0)
    rows = np.arange(len(path))
    low, high = filled[rows, before], filled[rows, after]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(np.isfinite(low) & (high > low), (level - low) / (high - low), 1.0)
    when = np.where(after == 0, 0.0, before + np.clip(share, 0.0, 1.0))
    result: npt.NDArray[np.float64] = MONTHS * (last - when)
    return result

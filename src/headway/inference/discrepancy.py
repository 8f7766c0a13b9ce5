"""The smooth distance u between a country's published record and the curve: integrated out in the fit, drawn here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.inference.arrays import CapabilityData, Floats, Points
from headway.inference.design import STEP, design

DISCREPANCY_YEARS = 1.5
NUGGET = 0.05  # ECI², keeps covariances of equal records invertible


def smooth_part(rows: Points) -> Floats:
    """Correlation of the discrepancy between the readings of one country: Ornstein–Uhlenbeck."""
    return np.asarray(np.exp(-np.abs(rows.time[:, None] - rows.time[None, :]) / DISCREPANCY_YEARS))


def error_part(rows: Points) -> Floats:
    """Covariance of the readings' errors; successive readings of one unbroken record are one reading."""
    same = rows.value[:, None] == rows.value[None, :]
    return np.where(same, rows.sd[:, None] * rows.sd[None, :], 0.0)


def at_dates(mechanism: Mapping[str, Floats], data: CapabilityData, rng: np.random.Generator) -> Floats:
    """Draws of u at every date given the readings, shape (draw, country, date); `data` holds scored countries only."""
    draws, dates = len(mechanism["slope"]), data.n_quarters
    grid = (np.arange(dates) + 1) * STEP
    out = np.empty((draws, len(data.countries), dates))
    for country in range(len(data.countries)):
        rows = data.frontier.of(country)
        distance = rows.value - _curve_at(mechanism, data, country)
        among = smooth_part(rows)[None] * mechanism["discrepancy_sd"][:, None, None] ** 2
        error = mechanism["error_share"][:, None, None] * error_part(rows) + NUGGET * np.eye(len(rows))
        cross = np.exp(-np.abs(grid[:, None] - rows.time) / DISCREPANCY_YEARS) * (
            mechanism["discrepancy_sd"][:, None, None] ** 2
        )
        prior = np.exp(-np.abs(grid[:, None] - grid) / DISCREPANCY_YEARS) * (
            mechanism["discrepancy_sd"][:, None, None] ** 2
        )
        gain = np.linalg.solve(among + error, cross.transpose(0, 2, 1)).transpose(0, 2, 1)
        mean = (gain @ distance[:, :, None])[:, :, 0]
        left = prior - gain @ cross.transpose(0, 2, 1) + 1e-6 * np.eye(dates)
        noise = np.linalg.cholesky(left) @ rng.standard_normal((draws, dates, 1))
        out[:, country] = mean + noise[:, :, 0]
    return out


def at_last_date(mechanism: Mapping[str, Floats], data: CapabilityData, rng: np.random.Generator) -> Floats:
    """Draws of u at the last date, shape (draw, country)."""
    return at_dates(mechanism, data, rng)[:, :, -1]


def curve(mechanism: Mapping[str, Floats], leader: int) -> Floats:
    """C_sov by equation 7 at every date, ECI, shape (draw, date, country)."""
    reference = mechanism["log_run"][:, 0, leader]
    effective = mechanism["log_run"] - reference[:, None, None] + mechanism["level"]
    return np.asarray(mechanism["intercept"][:, None, None] + mechanism["slope"][:, None, None] * effective)


def _curve_at(mechanism: Mapping[str, Floats], data: CapabilityData, country: int) -> Floats:
    """The curve at a country's readings, shape (draw, reading)."""
    where = design(data.frontier.of(country), len(data.countries), data.n_quarters)
    return curve(mechanism, data.leader)[:, :, country] @ where.date.T

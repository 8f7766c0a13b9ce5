"""The fitted posterior in the names and axes that the ensemble reads."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.inference import quarters, record, storage
from headway.inference.arrays import Floats
from headway.inference.discrepancy import DISCREPANCY_YEARS, at_last_date
from headway.inference.fit import MECHANISMS, readings
from headway.inference.storage import Posterior

if TYPE_CHECKING:
    import xarray as xr

WORLD = ("own_rate", "returns", "fishing_out", "compute_weight", "absorption", "half_talent", "level_noise",
         "length_growth", "slope", "intercept")  # fmt: skip
SEED = 20


def shipped(as_of: dt.date | None = None, folder: Path = storage.SHIPPED) -> Posterior | None:
    """The latest stored posterior not after a date (default: the newest), or None where none is early enough."""
    known = [date for date in storage.dates(folder) if as_of is None or date <= as_of]
    return _read(storage.path_of(known[-1], folder)) if known else None


@lru_cache(maxsize=8)
def _read(path: Path) -> Posterior:
    return storage.read(path)


def load(as_of: dt.date | None = None) -> xr.Dataset | None:
    """The latest posterior not after a date as labelled draws, or None where none is early enough.

    Variables: parameters of the registry by key, (draw,); `log10_compute` (log10 H100e), `level` (OOM), `log10_run`
    (log10 FLOP), (draw, country, quarter); `discrepancy` (ECI), (draw, country). What was not inferred is NaN.
    """
    found = shipped(as_of)
    return None if found is None else labelled(found)


@lru_cache(maxsize=4)
def _labelled(path_hash: str, posterior: _ByIdentity) -> xr.Dataset:
    return _build(posterior.value)


class _ByIdentity:
    """Lets a posterior, whose arrays have no hash, be remembered by the hash of its file."""

    def __init__(self, value: Posterior) -> None:
        self.value = value

    def __hash__(self) -> int:
        return hash(self.value.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.value.hash == self.value.hash


def labelled(posterior: Posterior) -> xr.Dataset:
    """A posterior as labelled draws; see `load`."""
    return _labelled(posterior.hash, _ByIdentity(posterior))


def _build(posterior: Posterior) -> xr.Dataset:
    import xarray as xr

    data, mechanism, runs = posterior.data, _mechanism(posterior), posterior.draws["runs"]
    draws, dates = len(mechanism["slope"]), data.n_quarters
    axes = ("draw", "country", "quarter")
    shape = (draws, len(data.countries), dates)
    compute, level, run, discrepancy = (np.full(shape[: 2 + (k < 3)], np.nan) for k in range(4))
    scored = list(data.scored)
    compute[:, scored] = mechanism["log_stock"].transpose(0, 2, 1)
    level[:, scored] = mechanism["level"].transpose(0, 2, 1)
    run[:, scored] = mechanism["log_run"].transpose(0, 2, 1)
    discrepancy[:, scored] = at_last_date(mechanism, data.scored_only(), np.random.default_rng(SEED))
    others = [k for k in range(len(data.countries)) if k not in scored]
    ages = (np.arange(dates) - dates + 1) / quarters.PER_YEAR
    run[:, others] = runs["run_now"][:, others, None] + runs["run_growth"][:, others, None] * ages
    level[:, others] = level[:, [data.leader]] + runs["relative_level"][:, others, None]
    variables = {key: ("draw", mechanism[key]) for key in WORLD}
    variables["substitution"] = ("draw", mechanism["substitution"])
    variables["discrepancy_years"] = ("draw", np.full(draws, DISCREPANCY_YEARS))
    return xr.Dataset(
        {
            **variables,
            "log10_compute": (axes, compute),
            "level": (axes, level),
            "log10_run": (axes, run),
            "discrepancy": (axes[:2], discrepancy),
        },
        coords={
            "country": list(data.countries),
            "quarter": [quarters.name(data.first + k) for k in range(dates)],
        },
        attrs={
            "reference_country": data.countries[data.leader],
            "reference_quarter": quarters.name(data.first),
            "snapshot_hash": data.snapshot,
            "as_of": data.as_of.isoformat(),
            "posterior_hash": posterior.hash,
        },
    )


def _mechanism(posterior: Posterior) -> dict[str, Floats]:
    """Draws of both readings of the elasticity of substitution, as many of each as the hindcast gives it weight."""
    rng = np.random.default_rng(SEED + 1)
    fitted = {part: posterior.draws[part] for part in MECHANISMS if part in posterior.draws}
    draws = min(len(sites["slope"]) for sites in fitted.values())
    weight = np.array([record.weights().get(f"mechanistic, {part}", 0.0) for part in fitted]) + 1e-9
    counts = np.round(draws * weight / weight.sum()).astype(int)
    counts[np.argmax(counts)] += draws - counts.sum()
    rows = {
        part: rng.permutation(len(fitted[part]["slope"]))[:count] for part, count in zip(fitted, counts, strict=True)
    }
    sites = {
        site: np.concatenate([fitted[part][site][rows[part]] for part in fitted])
        for site in next(iter(fitted.values()))
    }
    sigmas = dict(zip(MECHANISMS, readings(), strict=True))
    sites["substitution"] = np.concatenate([np.full(len(rows[part]), sigmas[part]) for part in fitted])
    return sites

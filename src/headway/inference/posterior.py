"""The fitted posterior in the names and axes that the ensemble reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.core import periods
from headway.core.errors import EvidenceError, InputError
from headway.ensemble.question import PosteriorDraws
from headway.inference import record, storage
from headway.inference.arrays import Floats
from headway.inference.calibrate import MECHANISMS, elasticities
from headway.inference.mechanistic import DISCREPANCY_YEARS, at_last_date
from headway.inference.own_scores import OwnScores, sentence, weighed
from headway.inference.storage import Posterior
from headway.scenarios.own_parameters import own_distributions
from headway.scenarios.world.build import own_rows_in_model

if TYPE_CHECKING:
    from headway.evidence import Evidence

WORLD = ("own_rate", "returns", "fishing_out", "compute_weight", "absorption", "half_talent", "level_noise",
         "length_growth", "slope", "intercept")  # fmt: skip
SEED = 20
TILT = "tilt"  # part of a stored posterior: weights of its rows


def shipped(as_of: dt.date | None = None, folder: Path = storage.SHIPPED) -> Posterior | None:
    """The latest stored posterior not after a date (default: the newest), or None where none is early enough."""
    path = _latest(as_of, folder)
    return None if path is None else _read(path)


def _latest(as_of: dt.date | None, folder: Path = storage.SHIPPED) -> Path | None:
    known = [date for date in storage.dates(folder) if as_of is None or date <= as_of]
    return storage.path_of(known[-1], folder) if known else None


@lru_cache(maxsize=8)
def _read(path: Path) -> Posterior:
    return storage.read(path)


def load(as_of: dt.date | None = None) -> PosteriorDraws | None:
    """The latest posterior not after a date as the ensemble takes it, or None where none is early enough."""
    path = _latest(as_of)
    return None if path is None else _loaded(path)


def chosen_for(evidence: Evidence) -> PosteriorDraws | None:
    """The posterior that questions about this evidence draw from unless the prior is asked for.

    It is the user's own, where one was given, else the latest shipped one not after the date of the evidence; None
    where none is early enough: then only the prior is left. The user's own capability scores weigh its draws
    (`headway.inference.own_scores`). Every command, every finding and the explorer take this one.

    Raises:
        InputError: the user's posterior cannot be read or has seen later evidence, or the user's parameters set a value
            that the posterior holds fitted under another prior.
    """
    draws = _before_own_scores(evidence)
    if draws is None or evidence.own is None:
        return draws
    if evidence.own.parameters is not None:
        _check_parameters(evidence, draws)
    found = own_scores_for(evidence, draws)
    return draws if found is None else found.draws


def own_scores_for(evidence: Evidence, draws: PosteriorDraws) -> OwnScores | None:
    """Draws weighed by the user's own capability scores, once for one body of evidence; None without such scores."""
    return evidence.once(("own scores", draws.hash), lambda: weighed(evidence, draws))


def own_evidence_sentences(evidence: Evidence) -> tuple[str, ...]:
    """Sentences on the user's own rows: which of them the model starts from, and what their scores did to its fit."""
    told = own_rows_in_model(evidence)
    draws = None if not told else _before_own_scores(evidence)
    found = None if draws is None else own_scores_for(evidence, draws)
    return told if found is None else (*told, sentence(found))


def _before_own_scores(evidence: Evidence) -> PosteriorDraws | None:
    if evidence.own is None or evidence.own.posterior is None:
        return load(evidence.as_of)
    return evidence.once("own posterior draws", lambda: as_draws(own_posterior(evidence)))


def stored_for(evidence: Evidence) -> Posterior | None:
    """The posterior of `chosen_for` as it is stored, with the data that it was fitted to."""
    if evidence.own is None or evidence.own.posterior is None:
        return shipped(evidence.as_of)
    return own_posterior(evidence)


def own_posterior(evidence: Evidence) -> Posterior:
    """The user's posterior, read once for one body of evidence.

    Raises:
        InputError: it cannot be read, lacks a part or has seen evidence later than this.
    """
    return evidence.once("own posterior", lambda: _own_posterior(evidence))


def read_whole(path: Path) -> Posterior:
    """A stored posterior of all parts, without which no forecast can be made.

    Raises:
        InputError: no such file, or it lacks a part, as an earlier one may. EvidenceError: it is no posterior.
    """
    found = storage.read(path)
    if missing := [part for part in ("runs", "trend", *MECHANISMS) if part not in found.draws]:
        raise InputError(
            f"{path}: it holds no {' and no '.join(missing)}; fit all parts by `headway calibrate` without --structure"
        )
    return found


def _own_posterior(evidence: Evidence) -> Posterior:
    path = evidence.own.posterior  # type: ignore[union-attr]
    try:
        found = read_whole(path)  # type: ignore[arg-type]
    except (EvidenceError, InputError) as error:
        raise InputError(f"--posterior {error}") from error
    if found.as_of > evidence.as_of:
        raise InputError(
            f"--posterior {path}: it was fitted to what was known on {found.as_of}, later than {evidence.as_of}; "
            f"give --as-of {found.as_of} or later"
        )
    return found


def _check_parameters(evidence: Evidence, draws: PosteriorDraws) -> None:
    own = own_distributions(evidence)
    changed = sorted(key for key in draws.values if draws.priors.get(key) != own.get(key))
    if changed:
        path = evidence.own.parameters  # type: ignore[union-attr]
        raise InputError(
            f"--parameters {path}: the posterior was fitted under another prior of {', '.join(changed)}; fit anew with "
            f"`headway calibrate --parameters {path} --out FILE` and add --posterior FILE, or draw from the prior "
            "(--prior, where the command has it)"
        )


@lru_cache(maxsize=4)
def _loaded(path: Path) -> PosteriorDraws:
    return as_draws(_read(path))


def as_draws(posterior: Posterior) -> PosteriorDraws:
    """A posterior as the ensemble takes it: its rows as often as they are weighed, see `headway.inference.tilting`."""
    if TILT not in posterior.draws:
        return untilted(posterior, record.weights())
    return untilted(posterior, posterior.record[TILT]["readings"]).resampled(posterior.draws[TILT]["weight"])


def untilted(posterior: Posterior, readings: Mapping[str, float]) -> PosteriorDraws:
    """Rows of a posterior before they are weighed: all structures side by side, others' growth laid onto quarters.

    Args:
        readings: weight of each mechanistic structure, by its name.
    """
    data, mechanism, runs = posterior.data, _mechanism(posterior, readings), posterior.draws["runs"]
    draws, dates = len(mechanism["slope"]), data.n_quarters
    shape = (draws, len(data.countries), dates)
    compute, level, run, discrepancy = (np.full(shape[: 2 + (k < 3)], np.nan) for k in range(4))
    scored = list(data.scored)
    compute[:, scored] = mechanism["log_stock"].transpose(0, 2, 1)
    level[:, scored] = mechanism["level"].transpose(0, 2, 1)
    run[:, scored] = mechanism["log_run"].transpose(0, 2, 1)
    discrepancy[:, scored] = at_last_date(mechanism, data.scored_only(), np.random.default_rng(SEED))
    others = [k for k in range(len(data.countries)) if k not in scored]
    ages = (np.arange(dates) - dates + 1) / periods.PER_YEAR
    run[:, others] = runs["run_now"][:, others, None] + runs["run_growth"][:, others, None] * ages
    level[:, others] = level[:, [data.leader]] + runs["relative_level"][:, others, None]
    values = {key: mechanism[key] for key in (*WORLD, "substitution")}
    values["discrepancy_years"] = np.full(draws, DISCREPANCY_YEARS)
    return PosteriorDraws(
        hash=posterior.hash,
        countries=tuple(data.countries),
        quarters=tuple(periods.quarter_name(data.first + k) for k in range(dates)),
        reference=data.countries[data.leader],
        values=values,
        log10_compute=compute,
        level=level,
        log10_run=run,
        discrepancy=discrepancy,
        priors=data.priors,
    )


def _mechanism(posterior: Posterior, readings: Mapping[str, float]) -> dict[str, Floats]:
    """Draws of both readings of the elasticity of substitution, as many of each as it has weight."""
    rng = np.random.default_rng(SEED + 1)
    fitted = {part: posterior.draws[part] for part in MECHANISMS if part in posterior.draws}
    draws = min(len(sites["slope"]) for sites in fitted.values())
    weight = np.array([readings.get(f"mechanistic, {part}", 0.0) for part in fitted]) + 1e-9
    counts = np.round(draws * weight / weight.sum()).astype(int)
    counts[np.argmax(counts)] += draws - counts.sum()
    rows = {
        part: rng.permutation(len(fitted[part]["slope"]))[:count] for part, count in zip(fitted, counts, strict=True)
    }
    sites = {
        site: np.concatenate([fitted[part][site][rows[part]] for part in fitted])
        for site in next(iter(fitted.values()))
    }
    sigmas = dict(zip(MECHANISMS, elasticities(), strict=True))
    sites["substitution"] = np.concatenate([np.full(len(rows[part]), sigmas[part]) for part in fitted])
    return sites

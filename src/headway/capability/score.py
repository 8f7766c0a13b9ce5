"""Level of a user's own model on the capability scale, from its benchmark results and the fitted item parameters,
without a refit.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit, logsumexp
from scipy.stats import norm

from headway.capability import STUDENT_T_DEGREES, UNIT
from headway.core.errors import InputError
from headway.core.files import read_bytes
from headway.core.numbers import Floats
from headway.core.text_tables import NumberStyle, number_style, read_number, read_text_table
from headway.evidence.benchmarks import FOLDER

if TYPE_CHECKING:
    from headway.capability.scale import Fit

GRID: Floats = np.arange(40.0, 190.01, 0.5)
LEAST_RESULTS = 2
MOST_FAULTS = 20
MOST_BYTES = 10_000_000  # of a table of results


@dataclass(frozen=True)
class Items:
    """Draws of the item parameters (S draws × B benchmarks; levels and difficulties in ECI points, slopes per point,
    offsets in log-odds).

    `offset` holds S draws for each known pair of benchmark and evaluator; `offset_sd` (S) is the spread of a new
    evaluator's offsets; `domain_sd` (S×B) the spread of a model's own strength in each benchmark's domain.
    """

    benchmarks: list[str]
    domains: list[str]
    guess: Floats
    slope: Floats
    difficulty: Floats
    ceiling: Floats
    noise: Floats
    domain_sd: Floats
    offset_sd: Floats
    offset: dict[tuple[str, str], Floats]


@dataclass(frozen=True)
class Placement:
    """Level of one model in ECI points: mean, 5 % and 95 % quantiles, the density over `GRID`, and the benchmarks it
    rests on.
    """

    level: float
    low: float
    high: float
    density: Floats
    benchmarks: list[str]


def items_of(fitted: Fit, draws: int = 60) -> Items:
    """Item parameters of a fit, as `draws` draws evenly spaced along the chain."""
    r = fitted.readings
    chosen = np.linspace(0, len(fitted.slope) - 1, min(draws, len(fitted.slope))).astype(int)
    return Items(
        benchmarks=r.benchmarks,
        domains=[r.domains[d] for d in r.domain_of_benchmark],
        guess=r.guess,
        slope=fitted.slope[chosen] / UNIT,
        difficulty=fitted.difficulty[chosen],
        ceiling=fitted.ceiling[chosen],
        noise=fitted.noise[chosen],
        domain_sd=fitted.domain_sd[chosen][:, r.domain_of_benchmark],
        offset_sd=fitted.offset_sd[chosen],
        offset={key: fitted.offset[chosen, i] for i, key in enumerate(r.evaluators)},
    )


def write_items(items: Items, path: Path) -> None:
    """Write the draws of the item parameters as a CSV, one row per draw and benchmark or per draw, benchmark and
    evaluator's offset.
    """
    rows = []
    for s in range(len(items.offset_sd)):
        for b, name in enumerate(items.benchmarks):
            rows.append(
                {
                    "draw": s,
                    "benchmark": name,
                    "evaluator": "",
                    "domain": items.domains[b],
                    "guess": items.guess[b],
                    "slope": items.slope[s, b],
                    "difficulty": items.difficulty[s, b],
                    "ceiling": items.ceiling[s, b],
                    "noise": items.noise[s, b],
                    "domain_sd": items.domain_sd[s, b],
                    "offset": items.offset_sd[s],
                }
            )
        for (name, evaluator), offset in items.offset.items():
            rows.append({"draw": s, "benchmark": name, "evaluator": evaluator, "offset": offset[s]})
    pd.DataFrame(rows).round(5).to_csv(path, index=False)


def read_items(path: Path) -> Items:
    """Item parameters from the CSV that `write_items` wrote; a row without evaluator holds the spread of offsets in
    column offset.
    """
    table = pd.read_csv(path, keep_default_na=False, na_values={"offset": [""]})
    plain = table[table["evaluator"] == ""]
    names = list(plain.loc[plain["draw"] == 0, "benchmark"])
    first = plain[plain["draw"] == 0].set_index("benchmark").loc[names]

    def draws(column: str) -> Floats:
        wide = plain.assign(value=pd.to_numeric(plain[column])).pivot(index="draw", columns="benchmark", values="value")
        return np.asarray(wide[names], dtype=np.float64)

    offsets = table[table["evaluator"] != ""]
    return Items(
        benchmarks=names,
        domains=list(first["domain"]),
        guess=pd.to_numeric(first["guess"]).to_numpy(np.float64),
        slope=draws("slope"),
        difficulty=draws("difficulty"),
        ceiling=draws("ceiling"),
        noise=draws("noise"),
        domain_sd=draws("domain_sd"),
        offset_sd=draws("offset")[:, 0],
        offset={
            (str(name), str(evaluator)): rows.sort_values("draw")["offset"].to_numpy(np.float64)
            for (name, evaluator), rows in offsets.groupby(["benchmark", "evaluator"])
        },
    )


@lru_cache(maxsize=1)
def shipped_items() -> Items:
    """Draws of the item parameters of the shipped scale, which place a model without a refit."""
    return read_items(FOLDER / "item_draws.csv.gz")


def read_own_results(path: Path, items: Items) -> pd.DataFrame:
    """Results of a user's model: columns benchmark, score (0 to 1), standard_error (NaN where not given), evaluator.

    Raises:
        InputError: the file cannot be read, a column is missing, a benchmark is unknown or stands twice, a score or
            error is outside its range, or there are fewer than two results; names file and rows, all faults at once.
    """
    read = read_text_table(read_bytes(path, MOST_BYTES), path.name)
    for number, fault in read.faults:
        raise InputError(f"{path.name}, row {number}: {fault}; quote cells that hold the separator")
    table = pd.DataFrame(read.rows, columns=list(read.header), index=list(read.numbers), dtype=object)
    for column in ("benchmark", "score"):
        if column not in table:
            raise InputError(
                f"{path.name}: column {column!r} is missing; the file needs the columns benchmark and score"
            )
    table["benchmark"] = table["benchmark"].map(lambda name: _spelt(name, items))
    style = number_style(cell for column in ("score", "standard_error") if column in table for cell in table[column])
    faults = [
        f"{path.name}, row {number}: {fault}"
        for number, row in zip(read.numbers, table.to_dict("records"), strict=True)
        for fault in _faults(row, items, style)
    ]
    twice = table["benchmark"][table["benchmark"].duplicated()]
    faults += [
        f"{path.name}: benchmark {name!r} stands twice; give one result per benchmark, under one setting"
        for name in dict.fromkeys(twice)
    ]
    if not faults and len(table) < LEAST_RESULTS:
        faults.append(f"{path.name}: {len(table)} result; a level needs results on at least {LEAST_RESULTS} benchmarks")
    if faults:
        raise InputError("\n  ".join(faults[:MOST_FAULTS]))
    table = table.reset_index(drop=True)
    own = pd.DataFrame({"benchmark": table["benchmark"], "score": _numbers(table["score"], style)})
    own["standard_error"] = _numbers(table["standard_error"], style) if "standard_error" in table else np.nan
    own["evaluator"] = table.get("evaluator", "")
    return own


def _spelt(name: str, items: Items) -> str:
    """Name of the test as the scale spells it, whatever the case, or the name as given."""
    return next((known for known in items.benchmarks if known.casefold() == name.casefold()), name)


def _numbers(cells: pd.Series[str], style: NumberStyle) -> pd.Series[float]:
    return cells.map(lambda cell: read_number(cell, style)).astype(float)


def _faults(row: Mapping[Hashable, str], items: Items, style: NumberStyle) -> Iterator[str]:
    """Faults of one row of a user's results, in words."""
    name = row["benchmark"]
    if name not in items.benchmarks:
        near = get_close_matches(name, items.benchmarks, n=1, cutoff=0.5)
        meant = f"; did you mean {near[0]!r}?" if near else "."
        yield f"benchmark {name!r} is not on the scale{meant} It knows: {', '.join(items.benchmarks)}"
    score = read_number(row["score"], style)
    if score is None or not 0 <= score <= 1:
        yield f"score {row['score']!r} is not a fraction from 0 to 1; 46 % is written 0.46"
    given = row.get("standard_error", "")
    error = read_number(given, style) if given else 0.0
    if error is None or not 0 <= error <= 1:
        yield f"standard_error {given!r} is not a number from 0 to 1; leave it empty where none is known"


def place(own: pd.DataFrame, items: Items, *, centre: float = 130.0, spread: float = 20.0, seed: int = 1) -> Placement:
    """Level of a model from its results (columns of `read_own_results`), by the posterior on a grid averaged over the
    items' draws.

    `centre` and `spread` are the mean and standard deviation (ECI points) of the normal prior of the level. The
    model's own strength in each domain is integrated out, so results in one domain never count as independent of
    each other.
    """
    rng = np.random.default_rng(seed)
    prior = norm.logpdf(GRID, centre, spread)
    column = {name: i for i, name in enumerate(items.benchmarks)}
    by_domain: dict[str, Floats] = {}
    spread_of_domain: dict[str, Floats] = {}
    for row in own.to_dict("records"):
        b = column[row["benchmark"]]
        offset = items.offset.get((row["benchmark"], row["evaluator"]))
        if offset is None:
            offset = items.offset_sd * rng.standard_normal(len(items.offset_sd))
        logit = items.slope[:, b, None] * (GRID - items.difficulty[:, b, None]) + offset[:, None]
        expected = items.guess[b] + (items.ceiling[:, b, None] - items.guess[b]) * expit(logit)
        error = 0.0 if np.isnan(row["standard_error"]) else row["standard_error"]
        sd = np.sqrt(items.noise[:, b, None] ** 2 + error**2)
        z = (row["score"] - expected) / sd
        likelihood = -(STUDENT_T_DEGREES + 1) / 2 * np.log1p(z**2 / STUDENT_T_DEGREES) - np.log(sd)
        domain = items.domains[b]
        by_domain[domain] = by_domain.get(domain, np.zeros_like(likelihood)) + likelihood
        spread_of_domain[domain] = items.domain_sd[:, b]
    total = np.tile(prior, (len(items.offset_sd), 1))
    for domain, likelihood in by_domain.items():
        total = total + _smeared(likelihood, spread_of_domain[domain])
    density = np.exp(total - logsumexp(total, axis=1, keepdims=True)).mean(axis=0)
    cumulative = np.cumsum(density)
    low, high = (float(GRID[np.searchsorted(cumulative, q)]) for q in (0.05, 0.95))
    return Placement(float(density @ GRID), low, high, density, sorted(own["benchmark"]))


def _smeared(log_likelihood: Floats, sd: Floats) -> Floats:
    """Log-likelihood (S×grid) of the level when the domain ability is the level plus a normal deviation of standard
    deviation sd (S).
    """
    step = GRID[1] - GRID[0]
    distance = GRID[:, None] - GRID[None, :]
    peak = log_likelihood.max(axis=1, keepdims=True)
    relative = np.exp(log_likelihood - peak)
    result = np.empty_like(relative)
    for s, width in enumerate(np.maximum(sd, 0.5 * step)):
        kernel = np.exp(-0.5 * (distance / width) ** 2)
        result[s] = kernel @ relative[s] / kernel.sum(axis=1)
    return np.asarray(np.log(np.maximum(result, 1e-300)) + peak)

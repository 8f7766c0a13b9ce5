"""The capability scale: a two-parameter item-response model of benchmark results, in points of the Epoch Capabilities
Index (ECI).

A model unit u (a version under one reasoning setting) of level θ_u scores on benchmark b, as evaluator e measured
it,

    score = guess_b + (ceiling_b − guess_b) · logistic(a_b · (θ_u + ε − d_b) + o_be) + noise,

with the slope a_b and difficulty d_b of Birnbaum's model (Birnbaum 1968, in Lord and Novick, "Statistical Theories
of Mental Test Scores"; Epoch's index is of the same kind, Ho et al. 2025, "A Rosetta Stone for AI benchmarks"), an
offset o_be of evaluator and benchmark, and Student-t noise around the error that the evaluator prints. ε is the
model's own strength in the benchmark's domain (a bifactor model, Gibbons and Hedeker 1992): it says that ten
mathematics tests are not ten independent opinions of a model.

The settings of one model share the model's level and differ from its strongest setting by the usual cost of their
class. The published ECI is one more reading, of the strongest setting. The scale is pinned by ECI's own two
anchors: Claude 3.5 Sonnet is 130, GPT-5 is 150.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pandas as pd
from numpy.typing import NDArray
from numpyro.infer import MCMC, NUTS, init_to_median

from headway.capability import STUDENT_T_DEGREES, UNIT
from headway.capability.results import Benchmark
from headway.core.errors import EvidenceError
from headway.core.numbers import Floats

ANCHORS = {"Claude 3.5 Sonnet": 130.0, "GPT-5": 150.0}
CENTRE = 130.0
LEAST_TAKERS = 8
INDEX_MOVES = 1.2
INDEX_SETTING = "published index"
CLASSES = ("strongest", "medium", "low", "none", "not said")
CLASS_OF_SETTING = {
    **dict.fromkeys(
        ("max", "xhigh", "high", "reasoning", "128K", "120K", "64K", "59K", "32K", "27K", "24K", "23K", "16K"),
        "strongest",
    ),
    **dict.fromkeys(("medium", "15K", "12K", "8K"), "medium"),
    **dict.fromkeys(("low", "1K", "2K"), "low"),
    **dict.fromkeys(("none", "minimal"), "none"),
    **dict.fromkeys(("", "not said"), "not said"),
    INDEX_SETTING: "strongest",
}
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Readings:
    """Benchmark results and published index as arrays: N results of U units (M models, G model-by-domain pairs) on B
    benchmarks.

    `units` has the columns model, version, setting, organisation, countries, released, years (since 2025.0), open,
    setting_class, results (number of results), benchmarks (number of benchmarks), evaluators.
    """

    units: pd.DataFrame
    models: list[str]
    benchmarks: list[str]
    domains: list[str]
    evaluators: list[tuple[str, str]]
    guess: Floats
    domain_of_benchmark: Ints
    model_of_unit: Ints
    class_of_unit: Ints
    years_of_model: Floats
    pair_domain: Ints
    unit: Ints
    benchmark: Ints
    pair: Ints
    evaluator: Ints
    score: Floats
    standard_error: Floats
    index_unit: Ints
    index: Floats
    index_error: Floats
    anchor_unit: Ints
    anchor: Floats


@dataclass(frozen=True)
class Fit:
    """Posterior draws (first axis S) of the scale: levels (S×U, ECI points), item parameters (S×B), evaluator offsets
    (S×E, log-odds).
    """

    readings: Readings
    level: Floats
    slope: Floats
    difficulty: Floats
    ceiling: Floats
    noise: Floats
    offset: Floats
    offset_sd: Floats
    domain_sd: Floats
    index_share: Floats
    prior: dict[str, Floats]


def arrange(
    results: pd.DataFrame,
    index: pd.DataFrame,
    benchmarks: dict[str, Benchmark],
    *,
    without_index: set[str] | None = None,
    least_takers: int = LEAST_TAKERS,
) -> Readings:
    """Readings for the fit, from the table of results and the published index.

    Args:
        results: table of `benchmark_results`.
        index: table of `read_index`; rows without a score only lend the date and openness of their model.
        benchmarks: benchmarks by name.
        without_index: models whose published index is withheld from the fit.
        least_takers: benchmarks that fewer units have taken are left out: their slope and difficulty could not be told
            apart.
    """
    takers = results.groupby("benchmark").apply(lambda t: t[["version", "setting"]].drop_duplicates().shape[0])
    results = results[results["benchmark"].map(takers) >= least_takers]
    scored = index[index["eci"].notna() & ~index["model"].isin(without_index or set())].drop_duplicates("model")
    units = _units(results, index, scored)
    models = sorted(units["model"].unique())
    model_number = {name: i for i, name in enumerate(models)}
    unit_number = {(v, s): i for i, (v, s) in enumerate(zip(units["version"], units["setting"], strict=True))}
    names = sorted(results["benchmark"].unique())
    domains = sorted({benchmarks[name].domain for name in names})
    domain_of_benchmark = np.array([domains.index(benchmarks[name].domain) for name in names], dtype=np.int64)
    benchmark = results["benchmark"].map({name: i for i, name in enumerate(names)}).to_numpy(np.int64)
    unit = np.array(
        [unit_number[key] for key in zip(results["version"], results["setting"], strict=True)], dtype=np.int64
    )
    model_of_unit = units["model"].map(model_number).to_numpy(np.int64)
    pairs = pd.MultiIndex.from_arrays([model_of_unit[unit], domain_of_benchmark[benchmark]])
    pair, unique_pairs = pd.factorize(pairs, sort=True)
    evaluator_keys = pd.MultiIndex.from_arrays([results["benchmark"], _pooled_evaluator(results)])
    evaluator, unique_evaluators = pd.factorize(evaluator_keys, sort=True)
    reference = _reference_units(units)
    scored = scored[~scored["model"].isin(ANCHORS)]
    return Readings(
        units=units,
        models=models,
        benchmarks=names,
        domains=domains,
        evaluators=[(str(b), str(e)) for b, e in unique_evaluators],
        guess=np.array([benchmarks[name].guess for name in names]),
        domain_of_benchmark=domain_of_benchmark,
        model_of_unit=model_of_unit,
        class_of_unit=np.array([CLASSES.index(c) for c in units["setting_class"]], dtype=np.int64),
        years_of_model=units.groupby("model")["years"].min().loc[models].to_numpy(),
        pair_domain=np.array([d for _, d in unique_pairs], dtype=np.int64),
        unit=unit,
        benchmark=benchmark,
        pair=np.asarray(pair, dtype=np.int64),
        evaluator=np.asarray(evaluator, dtype=np.int64),
        score=results["score"].to_numpy(np.float64),
        standard_error=results["standard_error"].fillna(0.0).to_numpy(np.float64),
        index_unit=np.array([reference[m] for m in scored["model"]], dtype=np.int64),
        index=scored["eci"].to_numpy(np.float64),
        index_error=((scored["high"] - scored["low"]) / (2 * 1.645)).to_numpy(np.float64),
        anchor_unit=np.array([reference[m] for m in ANCHORS if m in reference], dtype=np.int64),
        anchor=np.array([level for m, level in ANCHORS.items() if m in reference]),
    )


def fit(readings: Readings, *, warmup: int = 400, draws: int = 400, seed: int = 20260630) -> Fit:
    """Fit of the scale by the No-U-Turn sampler; the same readings and seed give the same draws."""
    sampler = MCMC(
        NUTS(_density, init_strategy=init_to_median(num_samples=20), target_accept_prob=0.8, max_tree_depth=8),
        num_warmup=warmup,
        num_samples=draws,
        progress_bar=False,
    )
    sampler.run(jax.random.PRNGKey(seed), readings)
    found = {name: np.asarray(value, dtype=np.float64) for name, value in sampler.get_samples().items()}
    return Fit(
        readings=readings,
        level=found["level"],
        slope=found["slope"],
        difficulty=found["difficulty"],
        ceiling=found["ceiling"],
        noise=found["noise"],
        offset=found["offset"],
        offset_sd=found["offset_sd"],
        domain_sd=found["domain_sd"] * UNIT,
        index_share=found["index_share"],
        prior={name: found[name] for name in ("start", "trend", "spread")},
    )


def _density(readings: Readings) -> None:
    """Joint density of the scale's parameters and the readings, in NumPyro; levels run in tens of points around 130
    inside.
    """
    r = readings
    n_units, n_models, n_benchmarks = len(r.units), len(r.models), len(r.benchmarks)
    start = numpyro.sample("start", dist.Normal(0.5, 1.0))
    trend = numpyro.sample("trend", dist.Normal(0.8, 0.4))
    spread = numpyro.sample("spread", dist.HalfNormal(1.5))
    model_deviation = numpyro.sample("model_deviation", dist.Normal(0, 1).expand([n_models]))
    model_level = start + trend * r.years_of_model + spread * model_deviation
    cost = numpyro.sample("class_cost", dist.HalfNormal(0.6).expand([len(CLASSES) - 1]))
    class_cost = jnp.concatenate([jnp.zeros(1), cost])
    class_sd = numpyro.sample("class_sd", dist.HalfNormal(0.2).expand([len(CLASSES)]))
    unit_deviation = numpyro.sample("unit_deviation", dist.Normal(0, 1).expand([n_units]))
    theta = model_level[r.model_of_unit] - class_cost[r.class_of_unit] + class_sd[r.class_of_unit] * unit_deviation
    theta = theta.at[r.anchor_unit].set((r.anchor - CENTRE) / UNIT)
    numpyro.deterministic("level", CENTRE + UNIT * theta)

    slope = numpyro.sample("slope", dist.LogNormal(0.0, 0.6).expand([n_benchmarks]))
    difficulty = numpyro.sample("difficulty_tens", dist.Normal(1.0, 2.5).expand([n_benchmarks]))
    numpyro.deterministic("difficulty", CENTRE + UNIT * difficulty)
    shortfall = numpyro.sample("shortfall", dist.Beta(1.0, 20.0).expand([n_benchmarks]))
    ceiling = numpyro.deterministic("ceiling", 1 - shortfall)
    noise = numpyro.sample("noise", dist.LogNormal(np.log(0.03), 0.6).expand([n_benchmarks]))
    domain_sd = numpyro.sample("domain_sd", dist.HalfNormal(0.4).expand([len(r.domains)]))
    strength = numpyro.sample("strength", dist.Normal(0, 1).expand([len(r.pair_domain)]))
    offset_sd = numpyro.sample("offset_sd", dist.HalfNormal(0.4))
    offset_unit = numpyro.sample("offset_unit", dist.Normal(0, 1).expand([len(r.evaluators)]))
    offset = numpyro.deterministic("offset", offset_sd * offset_unit)

    ability = theta[r.unit] + domain_sd[r.pair_domain[r.pair]] * strength[r.pair]
    logit = slope[r.benchmark] * (ability - difficulty[r.benchmark]) + offset[r.evaluator]
    guess = jnp.asarray(r.guess)[r.benchmark]
    expected = guess + (ceiling[r.benchmark] - guess) * jax.nn.sigmoid(logit)
    sd = jnp.sqrt(noise[r.benchmark] ** 2 + r.standard_error**2)
    numpyro.sample("score", dist.StudentT(STUDENT_T_DEGREES, expected, sd), obs=r.score)

    # Most of the published interval is uncertainty of the common scale, which the anchors remove: the fit says
    # what share is left.
    # From one vintage of the index to the next the same model moves by about a point, so no reading is surer than that.
    share = numpyro.sample("index_share", dist.LogNormal(np.log(0.4), 0.5))
    index_sd = jnp.sqrt(INDEX_MOVES**2 + (share * r.index_error) ** 2) / UNIT
    numpyro.sample(
        "index", dist.StudentT(STUDENT_T_DEGREES, theta[r.index_unit], index_sd), obs=(r.index - CENTRE) / UNIT
    )


def levels(fitted: Fit) -> pd.DataFrame:
    """Level of every unit with its 90 % interval, strongest first: the columns of `units` and level, low, high."""
    table = fitted.readings.units.copy()
    table["level"] = fitted.level.mean(axis=0)
    table["low"], table["high"] = np.quantile(fitted.level, [0.05, 0.95], axis=0)
    return table.sort_values("level", ascending=False).reset_index(drop=True)


def _units(results: pd.DataFrame, index: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """Units of the fit: those with a result, and one for each scored model of which no setting that could be its
    strongest has one.
    """
    keys = ["model", "version", "setting"]
    units = results.groupby(keys, as_index=False).agg(
        organisation=("organisation", "first"),
        countries=("countries", "first"),
        released=("released", "min"),
        results=("score", "size"),
        benchmarks=("benchmark", "nunique"),
        evaluators=("evaluator", lambda names: "; ".join(sorted(set(names)))),
    )
    units["setting_class"] = units["setting"].map(CLASS_OF_SETTING)
    if units["setting_class"].isna().any():
        unknown = units.loc[units["setting_class"].isna(), "setting"].iloc[0]
        raise EvidenceError(
            f"setting {unknown!r} has no class; add it to CLASS_OF_SETTING in scale.py or to aliases.toml"
        )
    # Where a model has no setting but the one nobody named, that one is its strongest.
    told = units[units["setting_class"] != "not said"].groupby("model")["setting_class"].nunique()
    alone = ~units["model"].isin(told.index)
    units.loc[alone, "setting_class"] = "strongest"
    has_strong = set(units.loc[units["setting_class"].isin(("strongest", "not said")), "model"])
    extra = scored[~scored["model"].isin(has_strong)]
    if len(extra):
        added = extra[["model", "version", "organisation", "countries", "released"]].assign(
            setting=INDEX_SETTING, results=0, benchmarks=0, evaluators="", setting_class="strongest"
        )
        units = pd.concat([units, added], ignore_index=True)
    first = index.groupby("model").agg(
        released_index=("released", "min"),
        organisation_index=("organisation", "first"),
        countries_index=("countries", "first"),
        open=("open", "any"),
    )
    units = units.join(first, on="model")
    units["open"] = units["open"].fillna(False).astype(bool)
    for column in ("organisation", "countries"):
        units[column] = units[column].where(units[column] != "", units[f"{column}_index"]).fillna("")
    units["released"] = units["released"].fillna(units["released_index"])
    days = pd.to_datetime(units["released"], errors="coerce")
    units["years"] = ((days - pd.Timestamp("2025-01-01")).dt.days / 365.25).fillna(-1.0)
    return units.drop(columns=["released_index", "organisation_index", "countries_index"])


def _reference_units(units: pd.DataFrame) -> dict[str, int]:
    """Number of the unit that stands for each model's strongest setting: the strongest class, and in it the unit with
    most results.
    """
    rank = units["setting_class"].map({"strongest": 0, "not said": 1, "medium": 2, "low": 3, "none": 4})
    order = units.assign(rank=rank, fewest=-units["results"]).sort_values(["model", "rank", "fewest", "version"])
    first = order.drop_duplicates("model")
    return dict(zip(first["model"], (int(i) for i in first.index), strict=True))


def _pooled_evaluator(results: pd.DataFrame, least: int = 4) -> pd.Series:
    """Evaluator of each result; an evaluator with fewer than `least` results on a benchmark is pooled with the others
    of its kind there.
    """
    size = results.groupby(["benchmark", "evaluator"])["score"].transform("size")
    kind = results["evaluator"].where(~results["evaluator"].str.startswith("collected: "), "collected: several")
    return results["evaluator"].where(size >= least, kind)

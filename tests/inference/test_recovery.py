"""Parameter recovery: data simulated from known parameters, fitted, and found again."""

from __future__ import annotations

import numpy as np
import pytest
from made_data import made, points

from headway.inference import levels, mechanistic, statistical
from headway.inference.sampling import Draws, SamplingPlan, sample

pytestmark = pytest.mark.usefixtures("kept_programs")


def inside(draws: Draws, site: str, truth: float, level: float = 0.98) -> None:
    low, high = np.quantile(draws[site], [(1 - level) / 2, (1 + level) / 2])
    assert low <= truth <= high, f"{site}: {truth} outside [{low:.2f}, {high:.2f}]"


def test_the_trend_finds_a_known_drift() -> None:
    data = made(quarters=16, drift=11.0, gap=8.0, noise=1.0, seed=3).scored_only()
    # One chain of as many draws as two: where no R-hat is asked, it halves what there is to compile.
    draws, found = sample(statistical.model, data, SamplingPlan(chains=1, warmup=150, draws=300, chunk=300, seed=1))
    assert found.divergent <= 6
    inside(draws, "drift", 11.0)
    inside(draws, "drift_now", 11.0)
    assert np.median(draws["sigma"]) < 3.0


def test_the_runs_find_known_growth_and_level() -> None:
    data = made(quarters=8)
    draws, _ = sample(levels.model, data, SamplingPlan(chains=1, warmup=150, draws=300, chunk=300, seed=1))
    growth, now = draws["run_growth"].reshape(-1, 3), draws["run_now"].reshape(-1, 3)
    for country in range(3):
        assert np.median(growth[:, country]) == pytest.approx(0.6, abs=0.1)
        assert np.median(now[:, country]) == pytest.approx(25.0 - 0.7 * country + 1.2, abs=0.3)
    # CCC has no score: less is known of its algorithms than of BBB's.
    relative = draws["relative_level"].reshape(-1, 3)
    assert relative[:, 2].std() > relative[:, 1].std()
    assert (relative[:, 0] == 0).all()


def simulated(slope: float, own_rate: float, quarters: int = 10) -> object:
    """Two countries whose scores follow equations 4, 6 and 7 without noise, compute counted every quarter."""
    from dataclasses import replace

    data = made(quarters=quarters)
    dates = np.arange(quarters)
    times = (dates + 1) / 4
    rows, runs, level = [], [], np.array([0.0, -0.4])
    stock = 5.3 - 0.7 * np.arange(2) + 0.45 * times[:, None]
    run = stock + 19.7 + 0.146 * times[:, None]
    for k in dates:
        score = 125.0 + slope * (run[k] - run[0, 0] + level)
        for country in range(2):
            rows.append((country, times[k], float(score[country]), 1.0))
            for size in (1.0, 2.0):
                runs.append(
                    (country, times[k] - 0.1, float(run[k, country] - size), float(score[country] - slope * size - 2))
                )
        research = 0.6 * np.log(10) * 0.45 * (stock[k] - stock[0, 0])
        level = level + 0.25 * (own_rate * np.exp(research - np.log(10) * 0.5 * level) + 0.4 * (level.max() - level))
    table = np.array(runs)
    labs = np.zeros(len(table), dtype=np.int64)
    scored = type(data.runs)(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3], labs)
    records = [(c, t, float(run[k, c]), 0.1) for k, t in enumerate(times) for c in range(2)]
    counted = [(c, t, float(stock[k, c]), 0.05) for k, t in enumerate(times) for c in range(2)]
    return replace(
        data.scored_only(), frontier=points(rows), runs=scored, records=points(records), stock=points(counted),
        live=np.ones((2, quarters), dtype=bool), ceilings=points([]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quarters", "plan"),
    [
        (6, SamplingPlan(chains=1, warmup=100, draws=100, chunk=100, seed=2, target_accept=0.8)),
        pytest.param(
            10,
            SamplingPlan(chains=1, warmup=150, draws=200, chunk=200, seed=2, target_accept=0.8),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_the_mechanism_finds_a_known_slope(quarters: int, plan: SamplingPlan) -> None:
    """A slope of 10.5 against a prior of 8.5 ± 1.5: found only if the data speak."""
    data = simulated(slope=10.5, own_rate=0.5, quarters=quarters)
    draws, found = sample(lambda d: mechanistic.model(d, 2.58), data, plan)
    assert found.divergent <= plan.draws / 5
    inside(draws, "slope", 10.5)
    assert np.median(draws["slope"]) > 9.3
    years = (quarters - 1) / 4
    drift = (draws["level"][:, :, -1, 0] - draws["level"][:, :, 0, 0]).ravel() / years
    truth = (data.frontier.of(0).value[-1] - 125.0) / 10.5 / years - 0.45 - 0.146  # type: ignore[attr-defined]
    low, high = np.quantile(drift, [0.01, 0.99])
    assert low <= truth <= high


@pytest.mark.slow
def test_simulation_based_calibration_of_the_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameters and data drawn from the model itself: ranks of the truth among posterior draws are uniform.

    Talts et al. 2018, arXiv:1804.06788.
    """
    from dataclasses import replace

    import jax
    from numpyro.handlers import uncondition
    from numpyro.infer import Predictive

    data = made(quarters=12, noise=2.0).scored_only()
    steps = statistical.increments(data)
    worlds = Predictive(uncondition(statistical.model), num_samples=30)(jax.random.PRNGKey(7), data)
    ranks: dict[str, list[float]] = {"drift": [], "sigma": [], "drift_now": []}
    for k in range(30):
        change = np.asarray(worlds["change"][k])
        monkeypatch.setattr(statistical, "increments", lambda _, change=change: replace(steps, change=change))
        draws, _ = sample(statistical.model, data, SamplingPlan(chains=2, warmup=300, draws=250, chunk=250, seed=k))
        for site, found in ranks.items():
            found.append(float((draws[site] < float(worlds[site][k])).mean()))
    for site, found in ranks.items():
        # Kolmogorov–Smirnov distance of 30 ranks at the 0.5% level is 0.31.
        distance = np.max(np.abs(np.sort(found) - (np.arange(30) + 0.5) / 30))
        assert distance < 0.31, f"{site}: {np.sort(found)}"

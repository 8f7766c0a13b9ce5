"""Sampling in chunks: a killed fit goes on where it stopped, and a bad fit is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest

from headway.core.errors import ModelError
from headway.inference.sampling import Diagnostics, SamplingPlan, diagnose, sample

pytestmark = pytest.mark.usefixtures("kept_programs")

PLAN = SamplingPlan(chains=2, warmup=60, draws=90, chunk=30, seed=4)


def model(data: float) -> None:
    centre = numpyro.sample("centre", dist.Normal(0.0, 1.0))
    numpyro.sample("seen", dist.Normal(centre, 1.0), obs=data)


class KilledError(Exception):
    pass


@pytest.mark.parametrize(("until", "later"), [(30, [60, 90, 120, 150]), (120, [150])], ids=["warm-up", "draws"])
def test_a_killed_fit_goes_on_to_the_same_draws(until: int, later: list[int], tmp_path: Path) -> None:
    whole, found = sample(model, 1.0, PLAN)
    file = tmp_path / "fit.checkpoint"

    def kill(done: int, wanted: int) -> None:
        if done >= until:
            raise KilledError

    with pytest.raises(KilledError):
        sample(model, 1.0, PLAN, checkpoint=file, key="a", progress=kill)
    assert file.exists()
    seen: list[int] = []
    resumed, again = sample(model, 1.0, PLAN, checkpoint=file, key="a", progress=lambda done, wanted: seen.append(done))
    assert seen == later
    np.testing.assert_array_equal(resumed["centre"], whole["centre"])
    assert again.ess == pytest.approx(found.ess)


def test_chains_do_not_depend_on_how_many_steps_lie_between_checkpoints() -> None:
    whole, _ = sample(model, 1.0, PLAN)
    apart, _ = sample(model, 1.0, replace(PLAN, chunk=45))
    np.testing.assert_allclose(apart["centre"], whole["centre"])
    assert whole["centre"].shape == (2, 90)
    assert not np.array_equal(*whole["centre"]), "each chain has random numbers of its own"


def test_a_model_without_density_where_chains_start_is_refused_in_words() -> None:
    with pytest.raises(ModelError, match="no density"):
        sample(model, np.nan, PLAN)


def test_a_checkpoint_of_another_fit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "fit.checkpoint"
    sample(model, 1.0, PLAN, checkpoint=file, key="a")
    with pytest.raises(ModelError, match="another fit"):
        sample(model, 1.0, PLAN, checkpoint=file, key="b")


def test_a_damaged_checkpoint_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "fit.checkpoint"
    file.write_bytes(b"half a file")
    with pytest.raises(ModelError, match="cannot be read as a checkpoint"):
        sample(model, 1.0, PLAN, checkpoint=file, key="a")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"r_hat": 1.2}, "R-hat of slope is 1.200"),
        ({"ess": 20.0}, "effective sample size is 20"),
        ({"divergent": 90}, "90 of 4000"),
    ],
)
def test_a_bad_fit_is_an_error(change: dict[str, Any], says: str) -> None:
    good: dict[str, Any] = {"chains": 4, "draws": 1000, "r_hat": 1.003, "ess": 900.0, "divergent": 2, "worst": "slope"}
    Diagnostics(**good).enforce()
    with pytest.raises(ModelError, match=says):
        Diagnostics(**{**good, **change}).enforce()


def test_chains_that_disagree_are_seen() -> None:
    rng = np.random.default_rng(0)
    apart = rng.standard_normal((2, 200)) + np.array([[0.0], [3.0]])
    assert diagnose({"a": apart}, 0).r_hat > 1.5
    constant = diagnose({"a": rng.standard_normal((2, 200)), "b": np.ones((2, 200, 3))}, 0)
    assert constant.worst == "a"
    assert constant.r_hat < 1.05

"""What a fit leaves behind, and how the commands answer to wrong wishes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_data import made
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import HeadwayError, InputError
from headway.inference.calibrate import fit_key, parts, thinned
from headway.inference.priors import draw, known
from headway.inference.sampling import SamplingPlan
from headway.inference.structure import structure, structures

RUN = CliRunner()


def test_thinning_keeps_chains_even() -> None:
    draws = {"a": np.arange(400.0).reshape(4, 100)}
    kept = thinned(draws, 40)["a"]
    assert len(kept) == 40
    assert kept[0] == 0.0
    assert kept[-1] == 399.0
    assert len(thinned(draws, 4000)["a"]) == 400


def test_the_key_of_a_fit_changes_with_what_it_depends_on() -> None:
    part, plan = parts()["trend"], SamplingPlan()
    key = fit_key(part, made(), plan)
    assert key == fit_key(part, made(), plan)
    assert key != fit_key(part, made(drift=11.0), plan)
    assert key != fit_key(part, made(), SamplingPlan(seed=1))
    assert key != fit_key(parts()["runs"], made(), plan)


def test_structures_need_parts_that_exist() -> None:
    for entry in structures().values():
        assert set(entry.parts) <= set(parts())
    with pytest.raises(InputError, match="statistical"):
        structure("astrological")


def test_a_prior_is_not_used_before_its_source_was_published() -> None:
    import datetime as dt

    now, then = (known("slope", day) for day in (dt.date(2026, 1, 31), dt.date(2024, 6, 30)))
    assert then.sd > now.sd
    assert known("own_rate", dt.date(2023, 12, 31)).mean == pytest.approx(0.40)
    assert known("own_rate", dt.date(2024, 6, 30)).mean == pytest.approx(0.45)


@pytest.mark.parametrize("key", ["slope", "fishing_out", "half_talent", "level_noise", "own_rate"])
def test_priors_are_sampled_within_their_bounds(key: str) -> None:
    """Every point that the sampler can reach has a density: bounds are known to it."""
    import datetime as dt

    import jax
    from numpyro.infer.util import initialize_model

    day = dt.date(2026, 1, 31)
    found = initialize_model(jax.random.PRNGKey(0), lambda: draw(key, day))
    (site,) = found.param_info.z
    for far in (-8.0, 8.0):
        assert np.isfinite(float(found.potential_fn({site: np.asarray(far)})))
        value = float(found.postprocess_fn({site: np.asarray(far)})[key])
        bounds = known(key, day)
        assert bounds.minimum is None or value >= bounds.minimum
        assert bounds.maximum is None or value <= bounds.maximum


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "p.npz").write_text("mine")
    for command in (["calibrate", "--out"], ["hindcast", "--out"], ["forecast", "freeze", "--out"]):
        result = RUN.invoke(app, [*command, str(tmp_path / "p.npz")])
        assert isinstance(result.exception, InputError)
        assert "--force" in str(result.exception)
    assert (tmp_path / "p.npz").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--origin", "2024-05-01"], "such as 2024-06-30"),
        (["--draws", "300"], "those of the fits of --refit"),
        (["--part", "1/2", "--store", "s"], "give it too"),
        (["--origin", "2022-03-31"], "no posterior ships for 2022-03-31"),
    ],
)
def test_options_of_a_hindcast_that_mean_nothing_are_refused(
    options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUN.invoke(app, ["hindcast", *options])
    assert isinstance(result.exception, HeadwayError)
    assert says in str(result.exception)


def test_a_structure_that_does_not_exist(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["calibrate", "--structure", "tarot", "--out", str(tmp_path / "p.npz")])
    assert isinstance(result.exception, InputError)
    assert "statistical" in str(result.exception)


def test_scoring_a_shipped_forecast_from_the_command_line(tmp_path: Path) -> None:
    from headway.inference.storage import SHIPPED

    if not list(SHIPPED.glob("forecast-*.json")):
        pytest.skip("no frozen forecast ships")
    (tmp_path / "a.csv").write_text("country,quarter,eci\nUSA,2027Q1,170\n")
    result = RUN.invoke(app, ["forecast", "score", "--actuals", str(tmp_path / "a.csv"), "--json"])
    assert result.exit_code == 0, result.exception
    found = json.loads(result.stdout)
    assert found["schema_version"] == 1
    assert {"Headway", "persistence", "pooled drift"} <= set(found["summary"])


def test_the_key_of_a_fit_changes_with_data_of_every_kind() -> None:
    """Else a killed fit would go on with another one's draws, as after `--without` of a country behind the frontier."""
    from dataclasses import fields, is_dataclass, replace

    part, plan, data = parts()["trend"], SamplingPlan(), made()
    key = fit_key(part, data, plan)
    for field in fields(data):
        value = getattr(data, field.name)
        if isinstance(value, np.ndarray):
            other = ~value if value.dtype == bool else value + 1
            assert key != fit_key(part, replace(data, **{field.name: other}), plan)
        elif is_dataclass(value) and not isinstance(value, type) and len(value):
            columns = {column.name: getattr(value, column.name)[:-1] for column in fields(value)}
            assert key != fit_key(part, replace(data, **{field.name: replace(value, **columns)}), plan)
    assert key != fit_key(part, replace(data, nvidia_share={(0, 2022): 0.123}), plan)

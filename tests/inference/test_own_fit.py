"""A user's own fit and own parameters reach every question about the evidence that they come with, or are refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import headway as hw
from headway.cli.app import app
from headway.core.errors import InputError
from headway.ensemble.question import ask
from headway.ensemble.simulation import joined
from headway.evidence import open_evidence
from headway.evidence.layout import OwnFiles
from headway.inference import storage
from headway.inference.posterior import chosen_for, load, stored_for
from headway.inference.priors import known
from headway.scenarios.own_parameters import registry_for, with_own
from headway.scenarios.registry import EvidenceTier, registry

EARLIER = storage.path_of(dt.date(2024, 12, 31))
SLOPE = '[slope]\ndistribution = { kind = "normal", mean = 20.0, sd = 1.0 }\nrationale = "A guess."\n'
BUST = '[spending.boom]\ndistribution = { kind = "normal", mean = -0.1, sd = 0.01 }\nrationale = "A bust."\n'


@pytest.fixture
def slope(tmp_path: Path) -> Path:
    (tmp_path / "slope.toml").write_text(SLOPE)
    return tmp_path / "slope.toml"


@pytest.fixture
def bust(tmp_path: Path) -> Path:
    (tmp_path / "bust.toml").write_text(BUST)
    return tmp_path / "bust.toml"


def test_questions_draw_from_the_users_fit() -> None:
    own = open_evidence(None, OwnFiles(posterior=EARLIER))
    assert own.user_hash is not None
    fit, shipped = chosen_for(own), load(dt.date(2025, 1, 1))
    assert fit is not None
    assert shipped is not None
    assert fit.hash == shipped.hash != load().hash  # type: ignore[union-attr]
    assert fit is chosen_for(own)
    assert stored_for(own).hash == shipped.hash  # type: ignore[union-attr]
    assert hw.evidence(posterior=EARLIER).opened.user_hash == own.user_hash


def test_a_fit_that_saw_later_evidence_is_refused() -> None:
    with pytest.raises(InputError, match="known on 2024-12-31, later than 2024-06-30"):
        chosen_for(open_evidence(dt.date(2024, 6, 30), OwnFiles(posterior=EARLIER)))


def test_a_fit_of_some_parts_is_refused(tmp_path: Path) -> None:
    whole = storage.read(EARLIER)
    path = storage.write(tmp_path / "part.npz", replace(whole, draws={"trend": whole.draws["trend"]}))
    with pytest.raises(InputError, match="holds no runs and no substitutes and no complements"):
        chosen_for(open_evidence(None, OwnFiles(posterior=path)))


def test_a_file_that_is_no_fit_is_a_mistake_of_the_user(slope: Path) -> None:
    ended = CliRunner().invoke(app, ["simulate", "--focal", "KOR", "--draws", "8", "--posterior", str(slope)])
    assert isinstance(ended.exception, InputError)
    assert "not a posterior" in str(ended.exception)


def test_parameters_that_were_not_fitted_change_what_is_drawn(bust: Path) -> None:
    own = open_evidence(None, OwnFiles(parameters=bust))
    assert registry_for(own).parameters["boom"].tier is EvidenceTier.SCENARIO
    assert registry_for(own).hash != registry().hash
    fit = chosen_for(own)
    compute = []
    for evidence in (own, open_evidence()):
        ensemble = ask(evidence, focal=["KOR"], countries=["KOR"], posterior=fit)
        pieces = joined(list(ensemble.pieces(range(16))))
        compute.append(pieces.series["compute"][-1].mean())
    assert compute[0] < compute[1]


def test_a_fitted_parameter_needs_a_fit_under_it(slope: Path, tmp_path: Path) -> None:
    own = open_evidence(None, OwnFiles(parameters=slope))
    with pytest.raises(InputError, match=r"another prior of slope.*headway calibrate"):
        chosen_for(own)
    whole = storage.read(EARLIER)
    priors = {"slope": registry_for(own).parameters["slope"].distribution.model_dump()}
    path = storage.write(tmp_path / "own.npz", replace(whole, data=replace(whole.data, priors=priors)))
    both = open_evidence(None, OwnFiles(parameters=slope, posterior=path))
    assert len(chosen_for(both) or ()) > 0
    assert known("slope", dt.date(2023, 1, 1), priors).mean == 20


def test_all_faults_of_a_file_of_parameters_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[slop]\ndistribution = { kind = "normal", mean = 1.0, sd = 1.0 }\nrationale = "x"\n'
        '[boom]\ndistribution = { kind = "normal", mean = 1.0, sd = -1.0 }\nrationale = "x"\n'
        '[half_talent]\ndistribution = { kind = "normal", mean = 1.0, sd = 1.0 }\n'
        '[substitution]\ndistribution = { kind = "normal", mean = 1.0, sd = 1.0 }\nrationale = "x"\n'
    )
    with pytest.raises(InputError) as told:
        with_own(registry(), path)
    for words in ("did you mean slope", "boom.distribution", "half_talent", "rationale", "a choice between structures"):
        assert words in str(told.value)
    for content in ("", "slope = 3", "[slope"):
        path.write_text(content)
        with pytest.raises(InputError, match=r"mine\.toml"):
            with_own(registry(), path)

"""Nobody draws from the prior unawares: Python and the command line give one answer, or the prior is asked for."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.ensemble.checks import run_checks
from headway.ensemble.question import ask
from headway.ensemble.simulation import Ensemble
from headway.ensemble.summary import Summary, record
from headway.evidence import open_evidence
from headway.explain.question import explain
from headway.inference.checks import flow_shares
from headway.inference.posterior import chosen_for, load
from headway.strategy.experiment import Experiment
from headway.strategy.question import ask as ask_strategies


@pytest.mark.parametrize(
    "function",
    [ask, run_checks, Ensemble, explain, flow_shares, ask_strategies, Experiment],
    ids=lambda function: f"{function.__module__}.{function.__name__}",
)
def test_the_posterior_has_no_default(function: Callable[..., object]) -> None:
    given = inspect.signature(function).parameters
    name = "fit" if "fit" in given else "posterior"
    assert given[name].default is inspect.Parameter.empty


def test_it_is_the_latest_one_not_after_the_evidence() -> None:
    newest, earlier = chosen_for(open_evidence()), chosen_for(open_evidence(dt.date(2025, 1, 15)))
    assert newest is load()
    assert earlier is load(dt.date(2025, 1, 15)) is not newest
    assert chosen_for(open_evidence(dt.date(2023, 6, 1))) is None


@pytest.mark.parametrize("prior", [False, True])
def test_python_and_the_command_line_give_the_same_answer(prior: bool) -> None:
    command = ["simulate", "--focal", "KOR", "--countries", "KOR", "--draws", "64", "--json"]
    ended = CliRunner().invoke(app, [*command, *(["--prior"] if prior else [])])
    told = json.loads(ended.stdout)
    evidence = open_evidence()
    fit = None if prior else chosen_for(evidence)
    ensemble = ask(evidence, focal=["KOR"], countries=["KOR"], posterior=fit)
    summary = Summary(ensemble.series)
    for piece in ensemble.pieces(range(64)):
        summary.add(piece)
    assert told["recipe"]["draws_from"] == ("prior" if prior else "posterior")
    assert {key: told[key] for key in ("recipe", "countries")} == {
        key: record(ensemble, summary)[key] for key in ("recipe", "countries")
    }

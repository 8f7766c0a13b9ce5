"""Numbers beyond what the model can run are refused at the option, before anything is computed."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import InputError
from headway.ensemble.question import LATEST, ask, quarter
from headway.evidence import open_evidence


@pytest.mark.parametrize(
    "command",
    [
        ["simulate", "--seed"],
        ["brief", "KOR", "--seed"],
        ["explain", "KOR", "--seed"],
        ["sensitivity", "KOR", "--seed"],
        ["strategy", "KOR", "--seed"],
        ["discover", "KOR", "--seed"],
        ["calibrate", "--seed"],
        ["trace", "anything", "--seed"],
        ["explain", "KOR", "--draws"],
        ["strategy", "KOR", "--draws"],
        ["strategy", "KOR", "--sample"],
        ["sensitivity", "KOR", "--samples"],
        ["checks", "--draws"],
        ["index", "robustness", "ai-scale", "--data", "none.csv", "--draws"],
    ],
    ids=" ".join,
)
def test_seeds_and_draws_have_a_bound(command: list[str]) -> None:
    ended = CliRunner().invoke(app, [*command, str(2**32)], env={"COLUMNS": "200"})
    assert ended.exit_code == 2
    assert str(2**32 - 1 if command[-1] == "--seed" else 1_000_000) in ended.output
    assert command[-1] in ended.output


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (["simulate"], "--until"),
        (["strategy", "KOR"], "--until"),
        (["discover", "KOR"], "--until"),
        (["explain", "KOR"], "--at"),
        (["explain", "KOR"], "--since"),
        (["sensitivity", "KOR", "--method", "morris"], "--at"),
        (["sensitivity", "KOR"], "--at"),
    ],
    ids=lambda part: part if isinstance(part, str) else " ".join(part),
)
def test_dates_end_at_the_horizon(command: list[str], option: str) -> None:
    ended = CliRunner().invoke(app, [*command, option, "9999"])
    assert isinstance(ended.exception, InputError), ended.output
    assert str(ended.exception).startswith(f"{option} 9999: ")
    assert str(LATEST) in str(ended.exception)


def test_the_horizon_itself_runs() -> None:
    assert quarter(str(LATEST)) == f"{LATEST}Q4"
    ensemble = ask(open_evidence(), countries=["USA"], series=("compute",), until=str(LATEST), posterior=None)
    (piece,) = ensemble.pieces(range(8))
    assert (piece.status == 0).any()


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_no_stream_has_is_refused(seed: int) -> None:
    with pytest.raises(InputError, match="from 0 to 4294967295"):
        ask(open_evidence(), seed=seed, posterior=None)

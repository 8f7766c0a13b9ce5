"""A run of which no member is left is refused, and says how its members ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import ModelError
from headway.ensemble.simulation import survivors
from headway.model import Status


def test_members_that_ran_to_the_end_remain() -> None:
    status = np.asarray([Status.OK, Status.NEGATIVE, Status.OK], np.int8)
    np.testing.assert_array_equal(survivors(status), [True, False, True])


def test_without_any_the_reasons_are_told() -> None:
    status = np.asarray([Status.NOT_FINITE, Status.NEGATIVE, Status.NOT_FINITE], np.int8)
    with pytest.raises(ModelError, match=r"none of 3 members .* in 1 a stock .* in 2 a state is not a number"):
        survivors(status)


@pytest.fixture
def impossible(tmp_path: Path) -> Path:
    """A count of compute that no model survives; of the leader, so that other tests' compiled functions serve."""
    file = tmp_path / "mine.csv"
    header = "indicator,country,period,value,unit,source,accept_outlier\n"
    file.write_text(f"{header}compute_stock_h100e,USA,2024Q4,1e300,H100e,mine,yes\n")
    return file


@pytest.mark.parametrize(
    "command",
    [
        ["simulate", "--focal", "KOR", "--draws", "20", "--json"],
        ["explain", "KOR", "--since", "2024Q2", "--draws", "20"],
        ["brief", "KOR"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_about_the_model_then_fails(command: list[str], impossible: Path) -> None:
    ended = CliRunner().invoke(app, [*command, "--evidence", str(impossible)])
    assert isinstance(ended.exception, ModelError), ended.output
    assert ended.exception.exit_code == 4
    assert "ran to the end" in str(ended.exception)
    assert not ended.stdout


def test_nothing_is_written_of_it(impossible: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.csv"
    command = ["simulate", "--focal", "KOR", "--draws", "20", "--out", str(out), "--evidence", str(impossible)]
    assert isinstance(CliRunner().invoke(app, command).exception, ModelError)
    assert not out.exists()

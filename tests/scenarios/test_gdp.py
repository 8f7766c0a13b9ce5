"""A country without a recent GDP is refused in a sentence; one whose GDP the user adds is modelled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import EvidenceError
from headway.evidence import open_evidence
from headway.inference.outlook import why_not
from headway.scenarios.registry import registry
from headway.scenarios.world import build_world
from headway.scenarios.world.choose import by_weight, modelled
from headway.scenarios.world.series import gdp_missing

NEVER, LONG_AGO = ("PRK", "VAT", "TKL"), ("SYR", "CUB", "ERI")


COMMANDS = (
    ["simulate", "--countries"],
    ["simulate", "--focal"],
    ["explain"],
    ["strategy"],
    ["discover"],
    ["sensitivity"],
)
# Every command with one country of each kind, every country with two commands; `make test-slow` has the other pairs.
PAIRS = [
    pytest.param(command, code, marks=() if (i - k) % 3 == 0 else pytest.mark.slow, id=f"{' '.join(command)}-{code}")
    for i, command in enumerate(COMMANDS)
    for k, code in enumerate((*NEVER, *LONG_AGO))
]


@pytest.mark.parametrize(("command", "code"), PAIRS)
def test_every_command_of_the_model_names_country_gap_and_since_when(command: list[str], code: str) -> None:
    ended = CliRunner().invoke(app, [*command, code])
    assert isinstance(ended.exception, EvidenceError), ended.output
    evidence = open_evidence()
    known = evidence.observations("gdp_usd", code)["period"]
    since = "any year;" if known.empty else f"any year after {known.max()};"
    for words in (evidence.resolve(code).name, code, "gdp_usd", since):
        assert words in str(ended.exception)


def test_a_brief_says_so_part_by_part() -> None:
    ended = CliRunner().invoke(app, ["brief", "PRK", "--json"])
    assert ended.exit_code == 0, ended.exception
    assert ended.output.count("its GDP (indicator gdp_usd) is not in the evidence for any year") >= 4


def test_nothing_is_missing_of_what_is_modelled() -> None:
    evidence = open_evidence()
    ranked = by_weight(evidence)
    assert not set(ranked) & {*NEVER, *LONG_AGO}
    assert not any(gdp_missing(evidence, code) for code in ranked)


@pytest.mark.parametrize("code", ["PRK", "SYR"])
def test_own_gdp_is_enough(tmp_path: Path, code: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(f"indicator,country,period,value,unit,source\ngdp_usd,{code},2024,8e11,USD,mine\n")
    evidence = open_evidence(None, [file])
    assert "GDP" not in (why_not(evidence, code) or "")
    world = build_world(evidence, registry(), modelled(by_weight(evidence), [code]), "2040Q4")
    gdp = world.drivers.paths["gdp"][:, world.countries.index(code)]
    assert np.isfinite(gdp).all()
    assert np.interp(world.gdp_year + 0.5, world.grid.years, gdp) == pytest.approx(8e11, rel=0.01)
    for values in (world.log_compute, world.talent, world.pay, world.closeness, *world.drivers.paths.values()):
        assert np.isfinite(values).all()


def test_a_heavy_row_of_a_country_without_gdp_does_not_stop_the_others(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("indicator,country,period,value,unit,source\ncompute_stock_h100e,SYR,2024Q4,9e6,H100e,mine\n")
    ended = CliRunner().invoke(app, ["simulate", "--countries", "KOR", "--draws", "4", "--evidence", str(file)])
    assert ended.exit_code == 0, ended.exception

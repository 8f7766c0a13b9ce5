"""The scripts under examples/ run on the shipped evidence, with few draws, and print what they promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "examples"
SOURCE = SCRIPTS.parent / "src"
PROMISED = {
    "analysts_hour.py": ("AI standing", "published", "months behind at the end of 2035", "Head-on race"),
    "country_from_data.py": ("Brazilian Ministry", "known models come from Brazil", "almost certain", "gap.svg"),
    "one_provider.py": ("cut from France", "the largest provider", "all providers", "of 100 futures"),
    "own_forecast.py": ("27 points shared", "pace of the leader", "Headway", "own 12-month drift"),
    "own_index.py": ("countries have all of", "tier", "research-base.html"),
    "own_scenario.py": (
        "months gained at the end of 2035",
        "drawn from the posterior",
        "Talent and hosting",
        "vouchers come",
    ),
}

SLOW = ("analysts_hour.py", "country_from_data.py")  # briefs, traces and runs, which the tutorial has too


def test_every_script_is_promised_something() -> None:
    assert {path.name for path in SCRIPTS.glob("*.py")} == set(PROMISED)


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.slow if one in SLOW else ()) for one in PROMISED])
def test_script_runs_with_few_draws(name: str, tmp_path: Path) -> None:
    environment = {**os.environ, "HEADWAY_DRAWS": "20", "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / name)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    missing = [words for words in PROMISED[name] if words not in done.stdout]
    assert not missing, done.stdout

"""The example of a plug-in is installed as a package and used: its source, recipe, niche and mechanism take part."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headway.brief.edition import sources_hash

ROOT = Path(__file__).parents[2]
USE = """
import json
from pathlib import Path

import numpy as np

from headway.brief.compose import compose
from headway.brief.edition import sources_hash
from headway.core.periods import Grid
from headway.evidence import open_evidence
from headway.findings import Context
from headway.findings.recipe import recipes
from headway.scenarios.apply import apply
from headway.scenarios.drivers import UNITS, Drivers
from headway.scenarios.registry import registry
from headway.scenarios.scenario import load
from headway.strategy.relatedness import strengths

known = open_evidence(user_files=[Path("regions")])
brief = compose(Context(known, "FRA"), [recipes()["strengths.articles_per_region"]])
finding = next(one for chapter in brief.chapters if chapter.part.key == "strengths" for one in chapter.findings)
niches = registry().niche_names
grid, paths = Grid.between("2027Q4", "2032Q4"), {name: np.full((21, 2), 0.5) for name in UNITS}
drivers = Drivers(grid, ("FRA", "DEU"), paths, {niche: np.zeros((21, 2)) for niche in niches}, *np.zeros((2, 2, 2)))
scenario = {
    "scenario": "spending-that-trains", "title": "Spending", "description": "It doubles.",
    "investment": [{"for": "focal", "multiply": {2028: 2}}],
    "niches": [{"for": "focal", "niche": "public_services", "add": {2028: 1}}],
}
after = apply(load({**scenario, "mechanisms": ["spending-trains"]}), drivers, ("FRA",), registry())
plain = apply(load(scenario), drivers, ("FRA",), registry())
print(json.dumps({
    "id": finding.id,
    "sentence": finding.sentence,
    "sources": [known.fact(one).source.publisher for one in finding.observations],
    "marks": brief.marks[finding.id],
    "strength": next(one.advantage for one in strengths(known, "FRA", niches) if one.niche == "public_services"),
    "niches": niches,
    "effort": float(after.effort["public_services"][-1, 0]),
    "graduates": [float(path.paths["graduates"][-1, 0]) for path in (plain, after)],
    "others": float(after.paths["graduates"][-1, 1]),
    "early": float(after.paths["graduates"][4, 0]),
    "code": sources_hash(),
}))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of a process that has the plug-in installed, without a network and beside what is installed."""
    there, cache = tmp_path_factory.mktemp("plugin"), tmp_path_factory.mktemp("cache")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(there), str(ROOT / "examples" / "plugin")], check=True)
    path = os.pathsep.join([str(ROOT / "src"), str(there)])
    return {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(cache)}


def test_all_four_take_part(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["id"].startswith("FRA:strengths.articles_per_region@")
    assert "articles on AI per region" in told["sentence"]
    assert "ISO 3166-2, pycountry" in told["sources"]
    assert len(told["marks"]) == len(set(told["sources"])) == 2
    assert told["niches"][-1] == "public_services"
    assert told["strength"] > 0
    assert told["effort"] == 1
    without, trained = told["graduates"]
    assert trained == pytest.approx(without * 2**0.25)
    assert told["others"] == told["early"] == without
    assert told["code"] != sources_hash()  # an edition made without the plug-in is not read with it


@pytest.mark.slow
def test_the_commands_use_it(environment: dict[str, str], tmp_path: Path) -> None:
    scenario = tmp_path / "trains.yaml"
    scenario.write_text(
        "scenario: trains\ntitle: Spending that trains\ndescription: Spending doubles, and people are trained.\n"
        "investment: [{for: focal, multiply: {2028-01-01: 2}}]\nmechanisms: [spending-trains]\n"
    )
    for command in ("brief France --evidence regions --json", f"simulate --focal FRA --scenario {scenario} --draws 64"):
        done = subprocess.run(
            [sys.executable, "-m", "headway", *command.split()],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "brief" not in command or "strengths.articles_per_region" in done.stdout

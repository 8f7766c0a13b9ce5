"""Own rows of what the model starts from move its world; a sentence says which rows cannot."""

from pathlib import Path

from headway.evidence import open_evidence
from headway.scenarios.registry import registry
from headway.scenarios.world import build_world
from headway.scenarios.world.build import own_rows_in_model
from headway.scenarios.world.choose import by_weight, modelled

ROWS = """indicator,country,period,value,unit,source
largest_training_run,France,2026Q1,3e26,FLOP,my ministry
capability_level,France,2026Q1,154,ECI points,my ministry
researchers_per_million,France,2024,9000,per million persons,my ministry
patents_resident,France,2023,15000,applications,my ministry
"""


def test_own_runs_scores_and_researchers_move_the_world_and_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS)
    own, shipped = open_evidence(user_files=[path]), open_evidence()
    countries = modelled(by_weight(shipped), ["FRA"])
    after, before = (build_world(evidence, registry(), countries, "2040Q4") for evidence in (own, shipped))
    at = before.countries.index("FRA")
    assert after.frontiers.run[at] > before.frontiers.run[at]
    assert after.talent[at] > before.talent[at]
    assert (after.frontiers.path[:, at] != before.frontiers.path[:, at]).any()
    said = own_rows_in_model(own)
    assert [sentence.split("your ")[1].split(",")[0].split(";")[0] for sentence in said] == [
        "1 row of capability_level",
        "1 row of largest_training_run",
        "1 row of patents_resident cannot enter the model",
        "1 row of researchers_per_million",
    ]
    assert own_rows_in_model(shipped) == ()


def test_an_own_score_stands_until_a_better_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("indicator,country,period,value,unit\ncapability_level,BRA,2025Q4,150,ECI points\n")
    own = open_evidence(user_files=[path])
    world = build_world(own, registry(), modelled(by_weight(own), ["BRA"]), "2040Q4")
    assert world.frontiers.path[-1, world.countries.index("BRA")] == 150

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_attribution import made_attribution

from headway.core.errors import InputError
from headway.core.periods import quarter_name
from headway.evidence import open_evidence
from headway.explain.sensitivity import given
from headway.explain.sensitivity.ask import SensitivityQuestion
from headway.explain.sensitivity.factors import factors, problem
from headway.scenarios.registry import EvidenceTier, registry
from headway.scenarios.world.capability import last_scored

pytest.importorskip("SALib")


def test_every_parameter_that_acts_before_niches_is_a_factor_with_its_tier() -> None:
    found = factors(registry())
    niches = set(registry().groups["niches"])
    assert {factor.key for factor in found} == set(registry().parameters) - niches
    assert {factor.tier for factor in found} == {str(tier) for tier in EvidenceTier}
    assert len({factor.name for factor in found}) == len(found)
    assert set(problem(found, by_tier=True)["groups"]) == {str(tier) for tier in EvidenceTier}


@pytest.mark.parametrize("method", [given.pawn, given.delta])
def test_what_makes_the_answer_is_found_and_noise_is_not(method: object) -> None:
    found = made_attribution(draws=600)
    drawn = given.inputs(found)
    answer = 10 * drawn["slope"] + np.random.default_rng(1).normal(size=600)
    assert {len(values) for values in given.outputs(found).values()} == {600}
    table = method(drawn, {"made": answer}, registry()).set_index("factor")  # type: ignore[operator]
    assert table["index"].idxmax() == "slope"
    assert table.loc["slope", "index"] > 3 * table.loc["slope", "noise"]
    assert table["tells"].mean() < 0.25
    assert table.loc["slope", "tier"] == "fit"


def test_correlated_factors_both_tell() -> None:
    """Given-data methods see what knowing a factor would tell, also through another one that goes with it."""
    random = np.random.default_rng(2)
    slope = random.normal(size=800)
    values = {
        "slope": slope,
        "own_rate": -0.9 * slope + 0.3 * random.normal(size=800),
        "returns": random.normal(size=800),
    }
    table = given.pawn(values, {"made": slope}, registry()).set_index("factor")
    assert table.loc["own_rate", "tells"]
    assert table.loc["own_rate", "index"] > 2 * table.loc["returns", "index"]


def test_a_rare_structure_that_changes_nothing_does_not_tell() -> None:
    """Few draws have the second structure: their slice alone would look different from the whole by chance."""
    random = np.random.default_rng(4)
    values = {"substitution": np.where(random.random(1000) < 0.06, 0.1, 2.58), "slope": random.normal(size=1000)}
    answers = {"nothing": values["slope"], "much": values["slope"] + 4 * (values["substitution"] < 1)}
    table = given.pawn(values, answers, registry()).set_index(["output", "factor"])
    assert not table.loc[("nothing", "substitution"), "tells"]
    assert table.loc[("much", "substitution"), "tells"]
    assert table.loc[("nothing", "substitution"), "noise"] > table.loc[("nothing", "slope"), "noise"]


def test_delta_ranks_the_factors_of_a_known_function() -> None:
    """Ishigami’s function: the second factor matters most, the third least."""
    random = np.random.default_rng(0)
    x = random.uniform(-np.pi, np.pi, (2000, 3))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = given.borgonovo(x, y)
    assert found.argsort().tolist() == [2, 0, 1]
    assert given.borgonovo(random.uniform(size=(2000, 1)), y)[0] < 0.07
    assert given.borgonovo(y[:, None], y)[0] > 0.5


def test_an_answer_that_never_moves_has_nothing_to_explain() -> None:
    found = made_attribution(draws=300)
    table = given.pawn(found.values, {"still": np.full(300, 8.7), "moving": found.values["slope"]}, registry())
    assert set(table["output"]) == {"moving"}


def test_too_few_draws_are_refused() -> None:
    found = made_attribution(draws=50)
    with pytest.raises(InputError, match="200 or more"):
        given.pawn(found.values, given.outputs(found), registry())


def test_an_output_that_scores_fix_is_refused_with_the_reason_and_those_that_move(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = pd.DataFrame({"output": ["oom", "compute_share", "oom"], "effect": [3.0, 2.0, 1.0]})
    monkeypatch.setattr(SensitivityQuestion, "_on_prior", lambda *_: rows)
    evidence, pair = open_evidence(), ("FRA", "USA")
    last = quarter_name(last_scored(evidence))
    with pytest.raises(InputError, match=rf"scores of both .* to {last}.*; {last} has oom, compute_share, and a l"):
        SensitivityQuestion("morris", 4, output="months").answer(evidence, pair, None)
    found = SensitivityQuestion("morris", 4, output="oom").answer(evidence, pair, None)
    assert found["effect"].tolist() == [3.0, 1.0]


def test_an_output_that_a_method_does_not_have_is_refused_before_any_work() -> None:
    with pytest.raises(InputError, match="morris it is one of eci, months, oom, compute_share; pawn and delta tell"):
        SensitivityQuestion("morris", 4, output="part: supply")
    with pytest.raises(InputError, match=r"one of eci, .*, part: supply, .*part: head_start$"):
        SensitivityQuestion("pawn", 256, output="chips")
    with pytest.raises(InputError, match="pawn looks at one factor at a time"):
        SensitivityQuestion("pawn", 256, by_tier=True)

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_attribution import made_attribution

from headway.core.errors import InputError
from headway.explain.readings import questions, read_questions, verdicts
from headway.scenarios.registry import registry

ONE = """\
questions:
  - question: drift
    title: Which?
    readings:
      - reading: low
        title: Low
        says: It is low.
        where:
          - {parameter: slope, below: 8}
      - reading: other
        title: Other
        says: It is not.
        otherwise: true
"""


def test_readings_of_a_question_take_their_own_draws() -> None:
    found = made_attribution()
    for verdict in verdicts(found, ["slope"]):
        if verdict.reading.reading == "steep":
            assert (found.values["slope"][verdict.draws] > found.values["slope"][~verdict.draws].max()).all()
            assert verdict.splits is not None
            kept = verdict.splits["months"]
            np.testing.assert_array_equal(kept.gap, found.splits["months"].gap[..., verdict.draws])


def test_thirds_of_the_prior_hold_a_third_of_it() -> None:
    for verdict in verdicts(made_attribution(), []):
        if all(condition.third for condition in verdict.reading.where) and verdict.reading.where:
            assert verdict.prior == pytest.approx(1 / 3, abs=0.005)


def test_otherwise_is_what_no_other_reading_takes() -> None:
    group = [v for v in verdicts(made_attribution(), []) if v.question.question == "controls"]
    *others, rest = group
    assert rest.reading.otherwise
    assert (rest.draws == ~np.logical_or.reduce([v.draws for v in others])).all()
    assert rest.prior == pytest.approx((2 / 3) ** 4, abs=0.01)


def test_a_reading_has_a_weight_only_where_the_fit_reaches_its_parameters() -> None:
    found = made_attribution()
    found.values["slope"][:] += 1  # the fit moved it
    group = verdicts(found, ["slope"])
    weights = {v.reading.reading: v.weight for v in group}
    (steep,) = [v for v in group if v.reading.reading == "steep"]
    assert weights["steep"] == pytest.approx(float(steep.draws.mean()))
    assert weights["steep"] is not None
    assert weights["steep"] > steep.prior + 0.1
    assert not steep.scored
    assert weights["slow_stock"] is None
    assert weights["controls_bite"] is None
    assert all(v.weight is None for v in verdicts(found, []))


def test_a_weight_that_only_repeats_the_prior_is_none() -> None:
    weights = {v.reading.reading: v.weight for v in verdicts(made_attribution(), ["slope"])}
    assert weights["steep"] is None
    assert weights["shallow"] is None


def test_structures_are_weighed_by_the_hindcast_and_only_where_both_were_fitted() -> None:
    found = made_attribution()
    shares = {v.reading.reading: v for v in verdicts(found, ["substitution"])}
    assert shares["substitutes"].scored
    assert shares["substitutes"].weight == pytest.approx(float((found.values["substitution"] > 1).mean()))
    found.values["substitution"][:] = 2.58
    alone = {v.reading.reading: v.weight for v in verdicts(found, ["substitution"])}
    assert alone["substitutes"] is None
    assert alone["complements"] is None


def test_readings_of_a_lead_speak_of_the_country_behind() -> None:
    lead = made_attribution(sign=-1)
    unseen = next(v for v in verdicts(lead, []) if v.reading.reading == "unseen_compute")
    other = lead.values["compute_error/rival"]
    assert (other[unseen.draws] > other[~unseen.draws].max()).all()


def test_a_reading_with_few_draws_says_nothing() -> None:
    found = made_attribution(draws=24)
    assert any(verdict.splits is None for verdict in verdicts(found, []))


def test_shipped_readings_name_no_country_and_dispute_known_causes() -> None:
    from headway.explain.causes import causes
    from headway.explain.readings import SHIPPED

    text = SHIPPED.read_text(encoding="utf-8")
    assert not any(name in text for name in ("Russia", "China", "RUS", "CHN", "USA"))
    known = {cause.cause for cause in causes().causes}
    assert {question.about for question in questions().questions} - {None} <= known


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("parameter: slope", "parameter: slpoe", "line 9: questions.0.readings.0.where.0: no parameter 'slpoe'"),
        ("below: 8", "below: 8, above: 2", "exactly one of third, below and above"),
        ("below: 8", "third: middle", "Input should be 'lowest' or 'highest'"),
        ("otherwise: true", "otherwise: false", "either conditions (where) or otherwise: true"),
        (
            "says: It is low.",
            "sais: It is low.",
            "line 7: questions.0.readings.0.sais: unknown field; known are",
        ),
    ],
)
def test_an_error_names_file_line_and_field(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(ONE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_questions(file)
    assert message in str(caught.value)
    assert str(file) in str(caught.value)


def test_every_condition_is_about_a_parameter_of_the_registry() -> None:
    keys = {c.key for q in questions().questions for r in q.readings for c in r.where}
    assert keys <= set(registry().parameters)

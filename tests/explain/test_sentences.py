from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from made_attribution import made_attribution

from headway.charts import Caption, specification
from headway.explain import sentences
from headway.explain.readings import verdicts

NAMES = {"RUS": "Russia", "USA": "the United States"}


def the(code: str) -> str:
    return NAMES[code]


def test_the_headline_names_the_largest_parts_and_what_works_against_them() -> None:
    found, lead = made_attribution().facing()
    said = sentences.headline(found, lead, the)
    assert not lead
    assert said.startswith("Russia stood 23 months behind the United States (90%: ")
    assert ") in Q4 2025: 10 through the size of the economy, 8 through the share" in said
    assert "spent on AI (spending under controls is assumed to be what it was before them)" in said
    assert ", less 3 through supply by other channels; other causes and rounding add 1." in said


def test_parts_of_every_sentence_add_up_to_the_months_beside_them() -> None:
    found, lead = made_attribution(seed=3).agreeing(21.4, 12.6, 29.7).facing()
    counts = sentences.whole_parts(found).by_name()
    assert sum(counts.values()) == 21
    assert counts["rest"] < 0  # the median is below the mean, and nothing accounts for that
    assert f"another {-counts['rest']} come" in sentences.headline(found, lead, the)
    line = sentences.short_headline(found, lead, the)
    assert line == f"21 months behind the United States: size of the economy ({counts['economy']})."
    rows = sentences.causes(found)
    assert rows[-1]["months"] == pytest.approx(21.4)
    assert sum(row["months"] for row in rows[:-1]) == pytest.approx(21.4, abs=0.01)


@pytest.mark.parametrize(
    ("censored", "told"),
    [
        (0.04, "21 months behind the United States (90%: 13–30)"),
        (0.3, "21 months behind the United States (90%: 13 to more than 30)"),
        (0.6, "more than 21 months behind the United States (95%: at least 13)"),
    ],
)
def test_months_that_reach_back_behind_the_scores_are_a_lower_bound(censored: float, told: str) -> None:
    found, lead = made_attribution().agreeing(21.4, 12.6, 29.7, censored).facing()
    assert f"Russia stood {told} in Q4 2025" in sentences.headline(found, lead, the)


def test_a_lead_is_told_as_a_lead_with_positive_numbers() -> None:
    found, lead = made_attribution(sign=-1).facing()
    said = sentences.headline(found, lead, the)
    assert lead
    assert ") in Q4 2025: 10 through the size of the economy" in said
    assert "less 3 through supply" in said
    np.testing.assert_allclose(found.splits["months"].parts, made_attribution().splits["months"].parts, rtol=1e-12)


def test_a_cause_that_plays_no_part_says_so() -> None:
    found, lead = made_attribution().facing()
    openness = found.causes.causes[7]
    assert sentences.share(found, lead, openness, the) == (
        "Openness and absorption: no part of the gap to the United States; here it makes no difference."
    )


def test_a_cause_of_weight_has_its_interval_and_what_it_does_alone() -> None:
    found, lead = made_attribution().facing()
    said = sentences.share(found, lead, found.causes.causes[0], the)
    assert said.startswith("The size of the economy: 10")
    assert "(90%: " in said
    assert "taken away alone, it would narrow the gap by 8" in said
    helps = sentences.share(found, lead, found.causes.causes[3], the)
    assert helps.startswith("Supply by other channels: 3")
    assert " off the gap to the United States; taken away alone" in helps
    assert "taken away alone, it would widen the gap by 2" in helps


def test_the_change_adds_up_and_names_what_moved_it() -> None:
    found, lead = made_attribution().facing()
    said = sentences.change(found, lead, the)
    assert said.startswith(
        "Between Q4 2023 and Q4 2025 the gap of Russia to the United States in capability grew by 11"
    )
    assert "the size of the economy added 5" in said
    rows = sentences.changes(found)
    assert sum(row["eci"] for row in rows[:-1]) == pytest.approx(rows[-1]["eci"], abs=0.01)


def test_readings_stand_side_by_side_with_their_weights() -> None:
    found, lead = made_attribution().facing()
    found.values["slope"][:] += 0.5  # the fit moved it
    weighed = verdicts(found, ["slope"])
    drift = [v for v in weighed if v.question.question == "drift"]
    said = sentences.readings(drift, found, lead, the)
    assert said.startswith("Compute or algorithms? “Compute drives capability” (weight ")
    assert "33% before the data)" in said
    assert said.count("“") == 2
    scored = [v for v in verdicts(found, ["substitution"]) if v.question.question == "inputs"]
    assert "% by its forecasts at past dates): 23 months" in sentences.readings(scored, found, lead, the)
    silent = sentences.readings([v for v in verdicts(found, []) if v.question.question == "drift"], found, lead, the)
    assert silent.endswith("The data do not weigh these readings.")


def test_readings_concern_a_pair_whose_part_they_dispute() -> None:
    found, _ = made_attribution().facing()
    asked = {v.question.question: [] for v in verdicts(found, [])}
    for verdict in verdicts(found, []):
        asked[verdict.question.question].append(verdict)
    assert sentences.concerns(asked["controls"], found)
    assert not sentences.concerns(asked["controls"], replace(found, controlled=(False, True)))  # the one behind is not
    assert not sentences.concerns(asked["resources"], found)  # 0.2 months
    assert sentences.concerns(asked["drift"], found)  # about no cause


def test_readings_that_make_no_difference_are_known_as_such() -> None:
    found, _ = made_attribution().facing()
    for _, group in groupby(verdicts(found, []), key=lambda verdict: verdict.question.question):
        assert not sentences.differ(list(group), found)


def test_rows_of_the_table_add_up_to_the_gap() -> None:
    rows = sentences.causes(made_attribution())
    for metric in ("months", "eci", "oom", "compute_share"):
        assert sum(row[metric] for row in rows[:-1]) == pytest.approx(rows[-1][metric], abs=0.01)
    assert [row["cause"] for row in rows[-2:]] == ["Not accounted for", "Gap"]
    assert rows[0]["cause"] == "Size of the economy"


@pytest.mark.parametrize(
    ("low", "censored", "written"),
    [(12.6, 0.0, "21 (13–30)"), (-1.4, 0.0, "21 (−1 to 30)"), (-1.4, 0.2, "21 (−1 to over 30)"),
     (12.6, 0.7, "over 21 (at least 13)")],
)  # fmt: skip
def test_the_whole_in_the_picture_has_the_months_of_the_sentence(low: float, censored: float, written: str) -> None:
    found, lead = made_attribution().agreeing(21.4, low, 29.7, censored).facing()
    drawn = sentences.picture(found, lead, the)
    assert drawn.rows[-1]["written"] == written
    assert "Thin line: 90% interval." in str(specification(drawn, Caption(dt.date(2026, 1, 1), 0.9, "")))


def test_the_picture_ends_in_the_whole_and_leaves_out_what_plays_no_part() -> None:
    found, lead = made_attribution().facing()
    drawn = sentences.picture(found, lead, the)
    assert drawn.kind == "waterfall"
    assert drawn.rows[-1]["total"] is True
    assert sum(row["value"] for row in drawn.rows[:-1]) == pytest.approx(drawn.rows[-1]["value"], abs=0.01)
    labels = [row["label"] for row in drawn.rows]
    assert "Openness and absorption" not in labels
    assert labels[-2:] == ["Not accounted for", "Gap"]
    assert "Gap 2" in drawn.alternative


def test_a_reading_that_the_fit_rules_out_keeps_its_weight() -> None:
    found, lead = made_attribution().facing()
    found.values["slope"][:] = found.values["slope"].max() + np.linspace(0, 0.1, 2 * found.draws)
    drift = [v for v in verdicts(found, ["slope"]) if v.question.question == "drift"]
    assert sentences.differ(drift, found)
    said = sentences.readings(drift, found, lead, the)
    assert "“Compute drives capability” (weight 100%, 33% before the data): 23 months" in said
    assert "“Algorithms drive capability” (weight 0%, 33% before the data): in none of the draws" in said

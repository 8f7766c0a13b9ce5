"""Verdicts: thresholds, readings that disagree, missing data, advice and opinions; a whole ledger checked."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.claims.check import Verdict, check, check_claim, judge_test, verdict_at
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.probability import ProbabilityBounds
from headway.claims.ledger import Claim, Ledger, Thresholds, parse_ledger, read_ledger, shipped_ledgers
from headway.evidence import open_evidence

LIMITS = Thresholds()


def claim(**fields: object) -> Claim:
    return Claim.model_validate({"id": "c", "claim": "Something.", "kind": "fact", **fields})


def verdict(lookup: EvidenceLookup, **fields: object) -> Verdict:
    return check_claim(claim(**fields), lookup, LIMITS).judgement.verdict


@given(st.floats(0, 1))
def test_verdicts_mirror_at_one_half(p: float) -> None:
    mirror = {
        Verdict.SUPPORTED: Verdict.CONTRADICTED,
        Verdict.LEANING: Verdict.LEANING_AGAINST,
        Verdict.UNDECIDED: Verdict.UNDECIDED,
        Verdict.LEANING_AGAINST: Verdict.LEANING,
        Verdict.CONTRADICTED: Verdict.SUPPORTED,
    }
    close = min(abs(p - edge) for edge in (0.1, 0.35, 0.65, 0.9)) < 1e-9
    assert close or verdict_at(1 - p, LIMITS) is mirror[verdict_at(p, LIMITS)]


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.95, Verdict.SUPPORTED),
        (0.9, Verdict.SUPPORTED),
        (0.7, Verdict.LEANING),
        (0.5, Verdict.UNDECIDED),
        (0.3, Verdict.LEANING_AGAINST),
        (0.05, Verdict.CONTRADICTED),
    ],
)
def test_names_of_probabilities(p: float, expected: Verdict) -> None:
    assert verdict_at(p, LIMITS) is expected


def test_dependence_can_only_weaken_a_verdict() -> None:
    judged = judge_test(ProbabilityBounds(0.95, 0.8, 1.0, ()), LIMITS)
    assert judged.verdict is Verdict.LEANING
    assert judged.probability == 0.95
    assert "errors may move together" in judged.why
    assert judge_test(ProbabilityBounds(0.6, 0.2, 0.95, ()), LIMITS).verdict is Verdict.UNDECIDED


def test_thresholds_of_the_ledger_count(lookup: EvidenceLookup) -> None:
    made = claim(test="indicator(rd_share_gdp, AND, 2023) > 1.8")
    assert check_claim(made, lookup, LIMITS).judgement.verdict is Verdict.LEANING
    assert check_claim(made, lookup, Thresholds(supported=0.7, leaning=0.6)).judgement.verdict is Verdict.SUPPORTED


def test_readings_on_different_sides_cannot_be_decided(lookup: EvidenceLookup) -> None:
    readings = [
        {"reading": "it is high", "test": "indicator(rd_share_gdp, AND, 2023) > 1"},
        {"reading": "it is very high", "test": "indicator(rd_share_gdp, AND, 2023) > 5"},
    ]
    checked = check_claim(claim(readings=readings), lookup, LIMITS)
    assert checked.judgement.verdict is Verdict.CANNOT_DECIDE
    assert [one.judgement.verdict for one in checked.readings] == [Verdict.SUPPORTED, Verdict.CONTRADICTED]
    assert checked.points_for
    assert checked.points_against


def test_the_weakest_of_agreeing_readings_counts(lookup: EvidenceLookup) -> None:
    readings = [
        {"reading": "above one", "test": "indicator(rd_share_gdp, AND, 2023) > 1"},
        {"reading": "above 1.8", "test": "indicator(rd_share_gdp, AND, 2023) > 1.8"},
    ]
    assert verdict(lookup, readings=readings) is Verdict.LEANING


def test_missing_data_opinion_and_advice(lookup: EvidenceLookup) -> None:
    silent = check_claim(claim(test="indicator(ai_private_investment_usd, AND) > 1"), lookup, LIMITS)
    assert silent.judgement.verdict is Verdict.CANNOT_DECIDE
    assert silent.judgement.probability is None
    assert "The figure that is missing" in silent.settle
    assert verdict(lookup, no_data="nobody counts it") is Verdict.CANNOT_DECIDE
    assert verdict(lookup, kind="opinion") is Verdict.NOT_CHECKABLE
    assert verdict(lookup, kind="advice") is Verdict.NOT_CHECKABLE
    assert verdict(lookup, kind="advice", test="indicator(rd_share_gdp, AND, 2023) > 1") is Verdict.SUPPORTED


def test_a_denied_part_speaks_for_the_claim_by_being_improbable(lookup: EvidenceLookup) -> None:
    checked = check_claim(claim(test="not indicator(rd_share_gdp, AND, 2023) > 5"), lookup, LIMITS)
    assert checked.judgement.verdict is Verdict.SUPPORTED
    assert len(checked.points_for) == 1
    assert not checked.points_against


def test_bearing_evidence_is_shown_on_its_side_and_decides_nothing(lookup: EvidenceLookup) -> None:
    checked = check_claim(
        claim(
            test="indicator(rd_share_gdp, AND, 2023) > 1",
            bearing=[{"test": "indicator(gdp_usd, AND, 2023) > 1 billion USD", "speaks": "against", "words": "Rich"}],
        ),
        lookup,
        LIMITS,
    )
    assert checked.judgement.verdict is Verdict.SUPPORTED
    assert checked.points_against[0].words.startswith("Rich (")


def test_bearing_evidence_that_does_not_hold_says_so(lookup: EvidenceLookup) -> None:
    bearing = [{"test": "indicator(gdp_usd, AND, 2023) > 9 billion USD", "words": "Rich"}]
    checked = check_claim(claim(test="indicator(rd_share_gdp, AND, 2023) > 1", bearing=bearing), lookup, LIMITS)
    assert checked.points_against[0].words.startswith("It does not hold that: Rich (")


def test_what_would_settle_it_names_the_uncertain_figure(lookup: EvidenceLookup) -> None:
    assert (
        "research and development spending, 2023"
        in check_claim(claim(test="indicator(rd_share_gdp, AND, 2023) > 1.8"), lookup, LIMITS).settle
    )


def test_the_verdict_at_the_date_of_the_article_uses_what_was_known_then() -> None:
    ledger = parse_ledger(
        """
ledger: then
title: Then and now
claims:
  - id: old
    claim: China's best scored model is behind.
    kind: comparison
    said: {title: A talk, date: 2023-01-15}
    test: gap.lag_observed(CHN) > 1 months
""",
        "then.yaml",
    )
    report = check(ledger, EvidenceLookup(open_evidence()), lambda day: open_evidence(day))
    then = report.claims[0].earlier
    assert then is not None
    assert then.as_of == dt.date(2023, 1, 15)
    assert then.judgement.verdict is Verdict.CANNOT_DECIDE
    assert report.claims[0].judgement.verdict is not Verdict.CANNOT_DECIDE


def test_errors_of_the_ledger_stand_in_place_of_ours(shipped: EvidenceLookup) -> None:
    test = "indicator(rd_share_gdp, FRA, 2023) > 2.1"
    ours = check_claim(claim(test=test), shipped, LIMITS).judgement.probability
    theirs = check_claim(
        claim(test=test), EvidenceLookup(shipped.evidence, {"official": 0.5}), LIMITS
    ).judgement.probability
    assert ours is not None
    assert theirs is not None
    assert theirs < ours


def modelled(made: Claim) -> bool:
    """Whether a claim's test runs the model or ranks all countries, which takes its time."""
    asked = " ".join(reading.test for reading in made.tests)
    return any(
        word in asked
        for word in ("outlook.", "standing.", "change.", "gap.lag_to", "gap.lag_sov", "gap.lag_acc", "modelled")
    )


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_shipped_claim_has_a_verdict_and_evidence(whole: bool, shipped: EvidenceLookup) -> None:
    for name in shipped_ledgers():
        ledger: Ledger = read_ledger(name)
        chosen = tuple(made for made in ledger.claims if whole or not modelled(made))
        report = check(ledger.model_copy(update={"claims": chosen}), shipped)
        assert len(report.claims) == len(chosen) > 5
        for item in report.claims:
            if item.judgement.probability is not None:
                assert item.used, item.claim.id
                assert item.points_for or item.points_against
            assert all(known.facts or known.finding or known.family.startswith("count") for known in item.used)


def test_a_figure_that_fits_the_claim_speaks_for_it_however_unsure(shipped: EvidenceLookup) -> None:
    claim = Claim.model_validate(
        {"id": "c", "claim": "Something.", "kind": "fact", "test": "rank(ai_adoption_share, ARE) <= 1"}
    )
    checked = check_claim(claim, shipped, Thresholds())
    assert checked.used[0].value == 1
    assert len(checked.points_for) == 1
    assert not checked.points_against

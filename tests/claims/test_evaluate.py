"""From distributions to probabilities: hand-worked cases, bounds, and silence of the evidence."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from headway.claims.evaluate.known import GRID, KnownInterval, KnownQuantity, convert_unit, quantile_function
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.probability import ProbabilityBounds, evaluate_test, most_decisive
from headway.claims.evaluate.terms import slope_of
from headway.claims.language import parse_test
from headway.core.errors import InputError

Z90 = float(norm.ppf(0.95))


def chance(test: str, lookup: EvidenceLookup) -> ProbabilityBounds:
    return evaluate_test(parse_test(test), lookup)


@given(st.floats(-50, 50), st.floats(0.1, 20), st.floats(0.1, 20), st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_a_spread_meets_its_median_and_both_ends(value: float, below: float, above: float, level: float) -> None:
    quantiles = quantile_function(KnownInterval(value, value - below, value + above, level))
    low, middle, high = np.quantile(quantiles, [(1 - level) / 2, 0.5, (1 + level) / 2])
    assert middle == pytest.approx(value, abs=0.02 * (below + above))
    assert low == pytest.approx(value - below, abs=0.02 * (below + above))
    assert high == pytest.approx(value + above, abs=0.02 * (below + above))
    assert np.all(np.diff(quantiles) >= 0)


def test_a_wide_positive_interval_is_spread_on_the_logarithm() -> None:
    quantiles = quantile_function(KnownInterval(2.0, 1.0, 4.0, 0.9))
    assert quantiles.min() > 0
    assert np.quantile(quantiles, 0.95) == pytest.approx(4.0, rel=0.01)


def test_a_figure_without_an_interval_is_not_certain(lookup: EvidenceLookup) -> None:
    known = chance("indicator(rd_share_gdp, LIE, 2020) > 1.4", lookup)
    assert known.middle == pytest.approx(0.5, abs=0.01)
    assert "assumed relative error of 30% (press)" in known.leaves[0].known[0].assumed


def test_probability_against_a_threshold_is_that_of_the_normal(lookup: EvidenceLookup) -> None:
    sd = 0.5 / Z90
    assert chance("indicator(rd_share_gdp, AND, 2023) > 1.7", lookup).middle == pytest.approx(
        norm.cdf(0.3 / sd), abs=0.002
    )
    assert chance("indicator(rd_share_gdp, AND, 2023) < 2 % of GDP", lookup).middle == pytest.approx(0.5, abs=0.002)
    within = chance("indicator(rd_share_gdp, AND, 2023) ~ 2 within 10 %", lookup).middle
    assert within == pytest.approx(2 * norm.cdf(0.2 / sd) - 1, abs=0.002)


def test_a_difference_of_independent_normals_and_the_cautious_end(lookup: EvidenceLookup) -> None:
    sd = 0.5 / Z90
    same = chance("indicator(rd_share_gdp, AND, 2023) > indicator(rd_share_gdp, AND, 2020)", lookup)
    assert same.middle == pytest.approx(norm.cdf(1.0 / (sd * math.sqrt(2))), abs=0.01)
    assert same.low == pytest.approx(same.middle)  # one indicator: errors alike can only help
    mixed = chance("indicator(rd_share_gdp, AND, 2020) < indicator(resource_rents_share, AND, 2023)", lookup)
    assert mixed.low == pytest.approx(norm.cdf(1.0 / (2 * sd)), abs=0.01)  # errors of two sources may oppose
    assert mixed.high == pytest.approx(1.0, abs=0.01)
    assert mixed.cautious == mixed.low


def test_a_quantity_moves_with_itself(lookup: EvidenceLookup) -> None:
    assert chance("indicator(rd_share_gdp, AND, 2023) >= indicator(rd_share_gdp, AND, 2023)", lookup).middle == 1.0
    both = chance("indicator(rd_share_gdp, AND, 2023) > 2 and indicator(rd_share_gdp, AND, 2023) < 2", lookup)
    assert both.middle == pytest.approx(0.0, abs=0.002)


def test_frechet_bounds_hold_the_joint_probability(lookup: EvidenceLookup) -> None:
    one = chance("indicator(rd_share_gdp, AND, 2023) > 1.9", lookup)
    two = chance("indicator(resource_rents_share, AND, 2023) > 2.1", lookup)
    joint = chance(
        "indicator(rd_share_gdp, AND, 2023) > 1.9 and indicator(resource_rents_share, AND, 2023) > 2.1", lookup
    )
    assert one.middle is not None
    assert two.middle is not None
    assert joint.middle is not None
    assert joint.middle == pytest.approx(one.middle * two.middle, abs=0.02)
    assert joint.low == pytest.approx(max(0.0, one.middle + two.middle - 1), abs=0.001)
    assert joint.high == pytest.approx(min(one.middle, two.middle), abs=0.001)
    either = chance(
        "indicator(rd_share_gdp, AND, 2023) > 1.9 or indicator(resource_rents_share, AND, 2023) > 2.1", lookup
    )
    assert either.low <= either.middle <= either.high  # type: ignore[operator]


@given(threshold=st.floats(0.5, 3.5))
def test_a_test_and_its_denial_sum_to_one(threshold: float, lookup: EvidenceLookup) -> None:
    test = f"indicator(rd_share_gdp, AND, 2023) > {threshold:.3f}"
    one, other = chance(test, lookup), chance(f"not {test}", lookup)
    assert one.middle is not None
    assert other.middle is not None
    assert one.middle + other.middle == pytest.approx(1.0)
    assert one.low == pytest.approx(1 - other.high)


def test_ratio_growth_change_and_trend_by_hand(lookup: EvidenceLookup) -> None:
    ratio = chance("ratio(rd_share_gdp, AND, SMR, 2023) > 1", lookup)
    assert ratio.leaves[0].known[0].value == 1.0
    assert ratio.middle == pytest.approx(0.5, abs=0.02)
    assert chance("growth(rd_share_gdp, AND, 2020, 2023) > 1 times", lookup).leaves[0].known[0].value == 2.0
    assert chance("change(rd_share_gdp, AND, 2020, 2023) > 0", lookup).leaves[0].known[0].value == 1.0
    trend = chance("trend(rd_share_gdp, LIE, 2016, 2020) > 0", lookup)
    assert trend.leaves[0].known[0].value == pytest.approx(0.101, abs=0.001)
    assert trend.middle == pytest.approx(1.0, abs=0.01)


def test_a_slope_and_its_error_against_the_textbook() -> None:
    years = np.arange(2010.0, 2020.0)
    values = 3.0 + 0.5 * (years - 2010) + np.array([0.1, -0.1] * 5)
    slope, error, freedom = slope_of(years, values)
    design = np.vstack([np.ones_like(years), years]).T
    fitted, residuals, *_ = np.linalg.lstsq(design, values, rcond=None)
    plain = math.sqrt(float(residuals[0]) / 8 / float(((years - years.mean()) ** 2).sum()))
    assert slope == pytest.approx(float(fitted[1]))
    assert freedom == 8
    assert error == pytest.approx(plain)  # alternating residuals: nothing to widen


def test_silence_leaves_the_answer_open_unless_the_rest_decides(lookup: EvidenceLookup) -> None:
    silent = chance("indicator(ai_private_investment_usd, AND) > 1", lookup)
    assert (silent.middle, silent.low, silent.high) == (None, 0.0, 1.0)
    assert "no figure of Private investment in AI for Andorra was known on" in silent.missing[0]
    decided = chance("indicator(ai_private_investment_usd, AND) > 1 and indicator(rd_share_gdp, AND, 2023) > 9", lookup)
    assert decided.middle is None
    assert decided.high == pytest.approx(0.0, abs=0.001)


def test_a_missing_period_names_the_newest(lookup: EvidenceLookup) -> None:
    assert "the newest known on" in chance("indicator(rd_share_gdp, AND, 2024) > 1", lookup).missing[0]


def test_at_gives_its_period_to_terms_without_one(lookup: EvidenceLookup) -> None:
    assert chance("indicator(rd_share_gdp, AND) > 1.5 at 2020", lookup).leaves[0].known[0].period == "2020"


def test_the_decisive_quantity_is_the_uncertain_one(lookup: EvidenceLookup) -> None:
    node = parse_test("indicator(rd_share_gdp, AND, 2023) > 1.8 and indicator(gdp_usd, AND, 2023) > 2 billion USD")
    item = most_decisive(node, lookup, evaluate_test(node, lookup))
    assert item is not None
    assert item.family == "rd_share_gdp"


@pytest.mark.parametrize(
    ("test", "complaint"),
    [
        ("nonsense(rd_share_gdp, AND) > 1", "is no term"),
        ("indicator(rd_share_gdp) > 1", "write indicator"),
        ("indicator(rd_share, AND) > 1", "not an indicator; did you mean rd_share_gdp"),
        ("gap.nothing(AND) > 1", "unknown quantity 'gap.nothing'"),
        ("indicator(rd_share_gdp, Atlantis) > 1", "not a country"),
        ("indicator(rd_share_gdp, AND, 2023) > 3 months", "the test says 'months'"),
        ("indicator(rd_share_gdp, AND, 2023)", "is a number"),
        ("statement(wish, AND)", "no kind of statement"),
    ],
)
def test_what_does_not_exist_is_named(test: str, complaint: str, lookup: EvidenceLookup) -> None:
    with pytest.raises(InputError, match=complaint):
        chance(test, lookup)


def test_statements_are_as_sure_as_their_source(shipped: EvidenceLookup) -> None:
    on_record = chance("statement(goal, RUS, position)", shipped)
    assert on_record.middle == pytest.approx(0.99, abs=0.001)
    assert on_record.leaves[0].known[0].facts
    silent = chance("statement(niche, AND)", shipped)
    assert silent.middle is None
    assert "silence proves nothing" in silent.missing[0]


def test_a_rank_counts_from_the_best_and_blocs_are_made_from_members(shipped: EvidenceLookup) -> None:
    assert chance("rank(gdp_usd, USA) <= 1", shipped).middle == pytest.approx(1.0, abs=0.01)
    assert chance("indicator(gdp_usd, EU, 2023) > indicator(gdp_usd, FRA, 2023)", shipped).middle == 1.0


def test_a_finding_keeps_its_interval_and_its_id(shipped: EvidenceLookup) -> None:
    leaf = chance("gap.lag_observed(CHN) > 0 months", shipped).leaves[0]
    assert leaf.known[0].finding is not None
    assert leaf.known[0].finding.startswith("CHN:gap.lag_observed@")
    assert leaf.known[0].facts
    unmeasured = chance("gap.lag_observed(JPN) > 12 months", shipped)
    assert "No model of Japan has a published index" in unmeasured.missing[0]


def test_units_of_thresholds_are_brought_to_the_quantity() -> None:
    assert convert_unit(1.0, "years", "months") == pytest.approx(12.0)
    assert convert_unit(2.5, "trillion USD", "USD") == pytest.approx(2.5e12)
    assert convert_unit(3.0, "%", "% of GDP") == 3.0
    assert convert_unit(1e26, "FLOP", "log10 FLOP") == pytest.approx(26.0)
    with pytest.raises(InputError):
        convert_unit(1.0, "months", "USD")


def test_the_grid_is_fine_enough_to_print_hundredths() -> None:
    assert GRID >= 2000
    certain = KnownQuantity("k", "f", "w", 1.0, "", np.array([1.0]))
    assert certain.certain
    assert certain.fixed() == certain or certain.fixed().certain


def test_a_rank_among_a_few_says_nothing(lookup: EvidenceLookup) -> None:
    silent = chance("rank(gpus_reported, IND) <= 3", lookup)
    assert silent.middle is None
    assert "too few for a rank" in silent.missing[0]


def test_a_rank_of_old_figures_is_one_among_figures_of_that_age(lookup: EvidenceLookup) -> None:
    known = chance("rank(pisa_mean_score, FRA) <= 10", lookup).leaves[0].known[0]
    assert known.value > 5
    assert "among 28 countries" in known.words

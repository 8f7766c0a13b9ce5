"""The evidence-based findings on the shipped snapshot: whole sentences, nothing from the future, countries differ."""

import datetime as dt
import re
from functools import lru_cache

import pytest

from headway.evidence import Evidence, open_evidence
from headway.findings import Context, Finding, FindingId, recipes
from headway.findings.observed.drivers import DRIVERS
from headway.findings.observed.unknowns import _CRUCIAL

COUNTRIES = ["RUS", "USA", "CHN", "FRA", "KOR", "ARE", "BRA", "TUV", "PRK", "EU"]
PAST = dt.date(2023, 12, 31)


@lru_cache(maxsize=2)
def evidence(as_of: dt.date | None) -> Evidence:
    return open_evidence(as_of)


@lru_cache(maxsize=32)
def findings(country: str, as_of: dt.date | None = None) -> tuple[Finding, ...]:
    context = Context(evidence(as_of), country)
    own = [recipe for recipe in recipes().values() if recipe.make.__module__.startswith("headway.findings.observed")]
    return tuple(finding for recipe in own for finding in recipe(context))


@pytest.mark.parametrize("country", COUNTRIES)
def test_sentences_are_whole(country: str) -> None:
    for finding in findings(country):
        assert not re.search(r"\b(nan|NaN|NaT|None|inf)\b|\(\)|  ", finding.sentence), finding.sentence
        assert finding.sentence[0].isupper() or finding.sentence[0].isdigit(), finding.sentence


@pytest.mark.parametrize("country", COUNTRIES)
def test_ids_are_unique_and_parse(country: str) -> None:
    ids = [finding.id for finding in findings(country)]
    assert len(set(ids)) == len(ids)
    assert all(str(FindingId.parse(id)) == id for id in ids)


@pytest.mark.parametrize("country", ["RUS", "FRA", "TUV"])
def test_every_number_leads_to_a_publisher(country: str) -> None:
    for finding in findings(country):
        for id in finding.observations:
            source = evidence(None).fact(id).source
            assert source.publisher, finding.id


@pytest.mark.parametrize("country", ["RUS", "CHN", "FRA"])
def test_a_brief_of_the_past_knows_nothing_later(country: str) -> None:
    known = findings(country, PAST)
    assert known
    for finding in known:
        for id in finding.observations:
            assert evidence(PAST).fact(id).row["published_on"].date() <= PAST, (finding.id, id)
        if finding.section != "ambition":  # a goal speaks of its target year
            assert not re.search(r"202[4-9]", finding.period), finding.id


def test_countries_differ() -> None:
    lags = {country: next(f for f in findings(country) if ":gap.lag_observed" in f.id) for country in COUNTRIES}
    assert lags["USA"].value == 0
    assert lags["CHN"].value is not None
    assert lags["FRA"].value is not None
    assert float(lags["CHN"].value) < float(lags["FRA"].value)
    assert float(lags["FRA"].value) < float(lags["RUS"].value or 0)
    assert "GPQA diamond" in lags["RUS"].sentence
    assert "simple-evals-ru" in lags["RUS"].sentence


def test_driver_slugs_exist() -> None:
    assert {driver.slug for driver in DRIVERS} <= set(evidence(None).indicators())
    assert {slug for any_of in _CRUCIAL.values() for slug in any_of} <= set(evidence(None).indicators())


def test_a_country_without_evidence_is_told_so() -> None:
    texts = " ".join(finding.sentence for finding in findings("TUV"))
    assert "No large training run of Tuvalu" in texts
    assert "No declared AI goal of Tuvalu" in texts


def test_a_factor_a_year_lies_within_its_interval() -> None:
    told = [found.sentence for found in recipes()["gap.training_trend"](Context(open_evidence(), "KOR", ("USA",)))]
    found = [re.search(r"a factor of ([0-9.]+) a year \(90%: ([0-9.]+)–([0-9.]+)\)", sentence) for sentence in told]
    assert found
    assert all(one is not None and float(one[2]) < float(one[1]) < float(one[3]) for one in found)

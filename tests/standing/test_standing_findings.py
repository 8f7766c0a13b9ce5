"""Part 2 of the brief on the shipped snapshot: well formed for any country, silent where evidence is."""

import datetime as dt
import re

import numpy as np
import pytest

from headway.evidence import open_evidence
from headway.evidence.countries import countries
from headway.findings import Context, Finding, FindingId
from headway.standing import findings as f
from headway.standing.evidence_table import VIEWS, standing_data
from headway.standing.presets import preset
from headway.standing.view import robust_standing

RECIPES = (f.scale, f.intensity, f.domain, f.profile, f.strongest, f.weakest, f.completeness)


def say(country: str, against: tuple[str, ...] = (), as_of: dt.date | None = None) -> list[Finding]:
    context = Context(open_evidence(as_of), country, against)
    return [finding for recipe in RECIPES for finding in recipe(context)]


@pytest.mark.parametrize("country", ["USA", "RUS", "FRA", "KOR", "IND", "LUX", "TUV", "EU"])
def test_every_finding_is_well_formed(country: str) -> None:
    made = say(country)
    ids = [finding.id for finding in made]
    assert len(set(ids)) == len(ids)
    for finding in made:
        assert finding.section == "standing"
        assert FindingId.parse(finding.id).country == country
        assert "  " not in finding.sentence
        assert re.match(r"[A-Z]", finding.sentence)
        if finding.unit == "rank" and finding.value is not None:
            assert finding.low is not None
            assert finding.high is not None
            assert 1 <= finding.low <= float(finding.value) <= finding.high <= finding.details["countries"]


@pytest.mark.parametrize("country", ["CHN", "EU"])
def test_findings_rest_on_facts_that_can_be_looked_up(country: str) -> None:
    evidence = open_evidence()
    headline = say(country)[0]
    assert headline.observations
    for id in headline.observations[:2]:
        assert evidence.fact(id) is not None


def test_the_headlines_are_two_and_never_one() -> None:
    headlines = [finding for finding in say("FRA") if finding.weight == 1]
    assert [FindingId.parse(finding.id).recipe for finding in headlines] == ["standing.scale", "standing.intensity"]
    for headline in headlines:
        assert headline.picture is not None
        assert headline.picture.kind == "intervals"
        rows = headline.picture.rows
        assert sum(row["highlight"] for row in rows) == 1
        assert [row["value"] for row in rows] == sorted(row["value"] for row in rows)


def test_those_compared_with_are_in_the_picture() -> None:
    picture = say("PRT", against=("CHN", "BRA"))[0].picture
    assert picture is not None
    labels = {row["label"] for row in picture.rows}
    assert {"Portugal", "China", "Brazil"} <= labels


def test_a_country_without_evidence_gets_sentences_not_errors() -> None:
    evidence = open_evidence()
    known = set(evidence.latest("population")["country"])
    unknown = next(code for code in sorted(countries()) if code not in known)
    made = say(unknown)
    assert made
    assert all(finding.value is None or finding.unit == "%" for finding in made)
    assert "cannot be ranked" in made[0].sentence


def test_a_bloc_takes_the_place_of_its_members() -> None:
    ensemble = robust_standing(open_evidence(), "scale", "EU").ensembles["ai_scale"]
    assert "EU" in ensemble.units
    assert not {"FRA", "DEU", "POL"} & set(ensemble.units)
    assert "taken as one country" in say("EU")[0].sentence


def test_an_earlier_date_knows_no_later_evidence() -> None:
    day = dt.date(2022, 6, 30)
    evidence = open_evidence(day)
    data = standing_data(evidence, "scale")
    ids = {id for cell in data.ids.ravel() for id in str(cell).split()}
    for id in sorted(ids)[:40]:
        assert evidence.fact(id) is not None
    assert say("FRA", as_of=day)[0].as_of == day


def test_the_views_share_no_sized_indicator() -> None:
    catalogue = open_evidence().indicators()
    for leaf in preset("ai-intensity").tree.leaves:
        assert catalogue[leaf].kind == "intensity"
        assert catalogue[leaf].direction == preset("ai-intensity").indicators[leaf].direction
    for leaf in preset("ai-scale").tree.leaves:
        assert catalogue[leaf].kind == "scale" or leaf == "eci_frontier"
        assert catalogue[leaf].direction == preset("ai-scale").indicators[leaf].direction


@pytest.mark.parametrize("view", VIEWS)
def test_values_are_those_of_the_evidence(view: str) -> None:
    evidence = open_evidence()
    data = standing_data(evidence, "scale" if view == "scale" else "intensity")
    for leaf in data.table.indicators:
        if evidence.indicators()[leaf].census:
            continue
        j = data.table.indicators.index(leaf)
        newest = evidence.latest(leaf).set_index("country")["value"]
        for unit in ("USA", "CHN", "FRA"):
            value = data.table.values[data.table.units.index(unit), j]
            if not np.isnan(value):
                assert value == newest[unit]

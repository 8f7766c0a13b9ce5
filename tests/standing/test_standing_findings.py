"""Part 2 of the brief on the shipped snapshot: well formed for any country, silent where evidence is."""

import datetime as dt
import re

import numpy as np
import pytest

from headway.evidence import open_evidence
from headway.evidence.countries import countries
from headway.findings import Context, Finding, FindingId
from headway.standing import findings as f
from headway.standing.evidence_table import VIEWS, View, standing_data
from headway.standing.presets import preset
from headway.standing.settings import Denominate
from headway.standing.view import ranking, robust_standing

RECIPES = (f.scale, f.intensity, f.frontier, f.domain, f.profile, f.strongest, f.weakest, f.completeness)


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


def test_the_last_of_a_published_list_of_the_first_is_no_weakness() -> None:
    """Korea is the last of the ten countries that LinkedIn prints, which are the ten highest."""
    weakest = [finding for finding in say("KOR") if FindingId.parse(finding.id).recipe == "standing.weakest"]
    assert len(weakest) == 2
    assert all("ai_talent_concentration" not in finding.details for finding in weakest)


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


def test_intensity_is_ai_for_its_size_and_nothing_else() -> None:
    catalogue = open_evidence().indicators()
    spec = preset("ai-intensity")
    (divided,) = (step for step in spec.steps if isinstance(step, Denominate))
    for leaf in spec.tree.leaves:
        by = divided.settings(leaf).by
        assert catalogue[leaf].kind == ("intensity" if by is None else "scale")
        assert by == (None if catalogue[leaf].kind == "intensity" else catalogue[leaf].denominator)
        assert catalogue[leaf].domain not in {"economy", "institutions", "education", "energy", "flows"}
        assert catalogue[leaf].direction == spec.indicators[leaf].direction


@pytest.mark.parametrize("name", ["ai-scale", "ai-frontier"])
def test_what_grows_with_size_is_not_divided(name: str) -> None:
    catalogue = open_evidence().indicators()
    spec = preset(name)
    assert not any(isinstance(step, Denominate) for step in spec.steps)
    for leaf in spec.tree.leaves:
        if leaf in catalogue:
            assert catalogue[leaf].kind == "scale" or catalogue[leaf].domain == "capability"
            assert catalogue[leaf].direction == spec.indicators[leaf].direction


@pytest.mark.parametrize("view", VIEWS)
def test_no_leader_is_flattened(view: View) -> None:
    """Where values differ at the top, scores do: distance to the leader is what a view is about."""
    made = robust_standing(open_evidence(), view)
    values, nominal = made.data.table.values, made.ensembles[made.root].study.nominal
    for j, leaf in enumerate(made.spec.tree.leaves):
        column = values[nominal.rows, j]
        if nominal.stages.get("denominate") is not None:
            column = nominal.stages["denominate"].values[np.isin(nominal.stages["denominate"].rows, nominal.rows), j]
        first, second = np.argsort(-np.nan_to_num(column, nan=-np.inf))[:2]
        if column[first] > column[second]:
            assert nominal.scores[leaf][first] > nominal.scores[leaf][second], leaf


def test_absence_is_an_assumption_that_the_interval_carries() -> None:
    made = robust_standing(open_evidence(), "scale")
    ensemble, option = made.ensembles[made.root], made.ensembles[made.root].design["missing values"]
    assert set(option) == {0, 1, 2}
    bare = [unit for unit in ensemble.units if not made.has(unit, "cluster_h100e") and made.place(unit)]
    moved = 0
    for unit in bare[:20]:
        ranks = ensemble.ranks[:, ensemble.at(unit)]
        typical = [np.nanmedian(ranks[option == number]) for number in (0, 1, 2)]
        stats = made.stats[made.root]
        moved += max(typical) > min(typical)
        assert stats.low[ensemble.at(unit)] <= min(typical)
        assert max(typical) <= stats.high[ensemble.at(unit)]
    assert moved > 10


@pytest.mark.parametrize("view", VIEWS)
def test_places_tiers_and_the_unranked_are_complete(view: View) -> None:
    made = robust_standing(open_evidence(), view)
    rows = ranking(made, made.root)
    placed = {row["code"] for row in rows}
    assert [row["tier"] for row in rows] == sorted(row["tier"] for row in rows)
    units = set(made.ensembles[made.root].units)
    nothing = {unit for unit in units if made.nothing(unit, made.root)}
    assert placed | nothing | set(made.unranked) == units
    assert not placed & (nothing | set(made.unranked))
    assert all(reason for reason in made.unranked.values())
    for domain in made.domains:
        places = [row["place"] for row in ranking(made, domain) if row["place"]]
        assert max(places.count(place) for place in set(places)) < 10, "a tie at nothing is no place"


def test_taiwan_stands_by_size() -> None:
    assert robust_standing(open_evidence(), "scale").place("TWN") is not None


def test_a_country_with_nothing_in_a_domain_takes_no_place_there() -> None:
    made = robust_standing(open_evidence(), "scale")
    bare = next(unit for unit in made.ensembles["money"].units if made.place(unit) and not made.place(unit, "money"))
    sentences = [finding.sentence for finding in say(bare)]
    assert any(words.startswith("In money by size,") and "takes no place" in words for words in sentences)


@pytest.mark.parametrize("view", VIEWS)
def test_values_are_those_of_the_evidence(view: View) -> None:
    evidence = open_evidence()
    data = standing_data(evidence, view)
    for leaf in data.table.indicators:
        if evidence.indicators()[leaf].census:
            continue
        j = data.table.indicators.index(leaf)
        newest = evidence.latest(leaf).set_index("country")["value"]
        for unit in ("USA", "CHN", "FRA"):
            value = data.table.values[data.table.units.index(unit), j]
            if not np.isnan(value):
                assert value == newest[unit]

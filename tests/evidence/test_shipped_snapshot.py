"""The snapshot in the package: whole, broad enough, openly licensed, and without anything of the days after it."""

import datetime as dt
import time

import pandas as pd
import pytest

from headway.evidence import Evidence, open_evidence
from headway.evidence.catalogue import blocs
from headway.evidence.countries import countries
from headway.evidence.observations import WORLD
from headway.evidence.snapshot import TABLES, Snapshot, open_snapshot
from headway.evidence.store import snapshot_folder

DOMAINS = {
    "compute", "capability", "talent", "flows", "research", "money", "education", "institutions", "economy", "adoption",
    "energy",
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return open_snapshot(snapshot_folder())


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return open_evidence()


def test_it_is_whole_and_small(snapshot: Snapshot) -> None:
    assert snapshot.date == dt.date(2026, 11, 22)
    assert sum(snapshot.path(name).stat().st_size for name in TABLES) < 8e6


def test_forty_indicators_and_more_over_all_domains(evidence: Evidence) -> None:
    measured = set(evidence.observations()["indicator"])
    assert len(measured) >= 40
    assert {evidence.indicators()[slug].domain for slug in measured} == DOMAINS


def test_nearly_every_country_of_iso_is_there_and_every_bloc_can_be_made(evidence: Evidence) -> None:
    there = set(evidence.observations()["country"])
    assert there <= set(countries())
    inhabited = set(evidence.latest("population")["country"])
    assert len(inhabited) >= 210
    assert {"TWN", "HKG", "XKX", "PRK", "TUV"} <= there
    for code in blocs():
        assert not evidence.observations("gdp_usd", code, since=2020).empty, code


def test_every_row_has_a_source_with_licence_citation_and_address(evidence: Evidence) -> None:
    for table in (
        evidence.observations(),
        evidence.models(),
        *(evidence.flows(kind) for kind in ("scholars", "coauthors")),
    ):
        for slug in table["source"].unique():
            source = evidence.sources()[slug]
            assert source.licence, slug
            assert source.citation, slug
            assert source.url.startswith("http"), slug
    statements = evidence.statements()
    assert statements["url"].str.startswith("http").all()
    assert statements["publisher"].ne("").all()
    assert set(statements["country"]) <= {*countries(), *blocs(), WORLD}


def test_publishers_without_an_open_licence_give_single_figures_only(evidence: Evidence) -> None:
    rows = evidence.observations().groupby("source").size()
    for slug, count in rows.items():
        licence = evidence.sources()[str(slug)].licence
        if not licence.startswith(("CC BY 4.0", "CC BY 3.0", "CC0", "US public domain", "MIT", "open reuse with")):
            assert count <= 60, f"{slug} ({licence}) gives {count} rows"


def test_years_are_those_of_the_snapshot(evidence: Evidence) -> None:
    rows = evidence.observations()
    observed = rows[~rows["flag"].str.contains("target")]
    assert observed["period"].str[:4].astype(int).between(2010, 2026).all()
    assert (evidence.models()["published"] <= pd.Timestamp(2026, 6, 30)).all(), "later models are the hold-out"


SLOW_DAYS = [pytest.param(day, marks=pytest.mark.slow) for day in ("2023-12-31", "2025-06-30")]


@pytest.mark.parametrize("day", ["2024-12-31", *SLOW_DAYS])
def test_nothing_later_is_known_on_a_day_in_the_past(day: str) -> None:
    known = open_evidence(dt.date.fromisoformat(day))
    for table in (
        known.observations(),
        known.observations(country=list(blocs())),
        known.models(),
        known.statements(),
        *(known.flows(kind) for kind in ("scholars", "collaborators", "coauthors")),
    ):
        assert (table["published_on"] <= pd.Timestamp(day)).all()
    models = known.models()
    assert (models[["published", "released"]].min(axis=1) <= pd.Timestamp(day)).all()
    assert (models["withdrawn_on"].isna() | (models["withdrawn_on"] > pd.Timestamp(day))).all()
    inputs = known.observations("largest_training_run")["inputs"]
    assert all(fact.row["published_on"] <= pd.Timestamp(day) for fact in known.facts(inputs).values())


def test_records_never_fall_within_one_view(evidence: Evidence) -> None:
    for indicator in ("largest_training_run", "eci_frontier"):
        panel = evidence.panel(indicator)
        assert (panel.diff().dropna(how="all").fillna(0) >= -1e-9).all().all(), indicator


def test_derived_rows_lead_down_to_publishers(evidence: Evidence) -> None:
    rows = evidence.observations()
    derived = rows[rows["flag"].str.contains("derived")].groupby("indicator").tail(2)
    assert len(derived) > 20
    inputs = {id for text in derived["inputs"] for id in text.split()}
    facts = evidence.facts(inputs)
    assert derived["inputs"].ne("").all()
    assert set(facts) == inputs
    assert all(fact.source.url.startswith("http") for fact in facts.values())


def test_opening_and_asking_are_fast(evidence: Evidence) -> None:
    started = time.process_time()
    known = open_evidence(dt.date(2025, 12, 31))
    known.observations("gdp_usd", "FRA")
    known.latest("population")
    known.panel("git_pushes")
    assert time.process_time() - started < 2.0, "well under a second on an idle machine"

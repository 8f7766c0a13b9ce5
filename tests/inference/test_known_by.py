"""Nothing that was learned after the date of the evidence is cited: not the hindcast record, no ledger of claims."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.brief.compose import compose
from headway.claims.findings import ledger as told
from headway.claims.ledger import parse_ledger, shipped_ledgers
from headway.evidence import open_evidence
from headway.explain.question import fitted
from headway.findings import Context
from headway.inference import record
from headway.inference.findings.common import ModelledInterval, modelled
from headway.inference.posterior import load

BEFORE_ALL, BETWEEN = dt.date(2000, 1, 1), dt.date(2025, 12, 31)
MADE = dt.date.fromisoformat((record.stored() or {})["as_of"])


def test_the_record_is_known_from_the_day_of_its_evidence_on() -> None:
    assert record.stored(MADE) is record.stored() is not None
    assert record.stored(MADE - dt.timedelta(days=1)) is None
    assert record.coverage(MADE)
    assert record.withheld(MADE)
    assert record.coverage(BETWEEN) == ""
    assert record.withheld(BETWEEN) == []


@pytest.mark.parametrize("code", ["RUS", "FRA"])
def test_a_brief_from_before_all_evidence_cites_neither_record_nor_ledger(code: str) -> None:
    brief = compose(Context(open_evidence(BEFORE_ALL), code, ()))
    text = " ".join(
        f"{f.id} {f.sentence} {f.caveat} {f.details} {f.table} {f.coverage} {f.period}" for f in brief.findings
    )
    assert "hindcast" not in text
    assert "claims check" not in text
    for year in range(2001, 2030):
        assert str(year) not in text


@pytest.mark.parametrize(("as_of", "cited"), [(BETWEEN, False), (None, True)])
def test_intervals_cite_the_record_only_where_it_was_known(as_of: dt.date | None, cited: bool) -> None:
    context = Context(open_evidence(as_of), "USA", ())
    found = modelled(
        context,
        "gap.hindcast",
        (),
        "gap",
        quantity="gap",
        sentence="it is so.",
        estimate=ModelledInterval(1.0, 0.0, 2.0),
    )
    assert bool(found.coverage) is cited


@pytest.mark.parametrize(("as_of", "weighed"), [(BETWEEN, False), (MADE, True)])
def test_structures_are_weighed_only_once_the_record_is_known(as_of: dt.date, weighed: bool) -> None:
    assert ("substitution" in fitted(load(), "USA", "CHN", as_of)) is weighed


def test_a_ledger_is_as_old_as_its_newest_claim() -> None:
    ledger = parse_ledger(shipped_ledgers()["russia-ai-race"], "russia-ai-race")
    assert ledger.newest is not None
    for day, cited in ((ledger.newest - dt.timedelta(days=1), False), (ledger.newest, True)):
        assert bool(list(told(Context(open_evidence(day), "RUS", ())))) is cited

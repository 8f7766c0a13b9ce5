"""A site of two countries, made once from an edition of recipes that run no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.brief import edition
from headway.brief.compose import brief_format, compose
from headway.brief.edition import Edition
from headway.claims.ledger import Ledger, read_ledger
from headway.evidence import open_evidence
from headway.findings import Context, recipes
from headway.site.build import build

QUICK = ("gap.lag_observed", "gap.training_compute", "ambition.goal")  # recipes that run no model
INDICATORS = ("gdp_usd", "ai_adoption_share")


def packed(*chosen: str) -> bytes:
    """An edition of two countries, from some recipes."""
    known, evidence = recipes(), open_evidence()
    contexts = [Context(evidence, code) for code in ("FRA", "KOR")]
    made = {c.country: brief_format().pack(compose(c, [known[name] for name in chosen])) for c in contexts}
    return edition.packed(edition.key_now(contexts[0]), made)


@pytest.fixture(scope="session")
def stored() -> bytes:
    return packed(*QUICK)


@pytest.fixture(scope="session")
def held(stored: bytes) -> Edition:
    return edition.opened(stored, "made")


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """A comparison, advice, and a claim without data, none of which needs a finding."""
    return read_ledger("france-ai").only(["us-outspends", "do-not-match-spending", "nuclear-advantage"])


@pytest.fixture(scope="session")
def site(held: Edition, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "site"
    earlier = edition.opened(packed("ambition.goal"), "earlier")
    build(
        held,
        open_evidence(),
        folder,
        countries=list(held.places),
        slugs=INDICATORS,
        ledgers=[ledger],
        address="https://a.example/",
        since=earlier,
    )
    return folder

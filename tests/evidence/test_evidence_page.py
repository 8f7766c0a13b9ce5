"""The page on evidence says what the catalogue says."""

import datetime as dt
from pathlib import Path

from headway.evidence import open_evidence
from headway.evidence.catalogue import indicators, sources
from headway.evidence.fetch import shipped_manifest
from repository_scripts import script

DOCS = Path(__file__).parents[2] / "docs"


def test_the_tables_of_the_page_are_those_of_the_catalogue() -> None:
    tables = script("docs/evidence_tables.py")
    page = (DOCS / "evidence.md").read_text("utf-8")
    assert page == tables.filled(page), "run `python docs/evidence_tables.py`"
    assert all(f"`{slug}`" in page for slug in indicators())


def test_every_table_comes_from_an_open_licence_with_a_citation() -> None:
    for file in shipped_manifest().files:
        if file.origin == "cache":
            source = sources()[file.source]
            assert source.licence in {"CC BY 4.0", "CC0 1.0", "CC BY 3.0 IGO", "US public domain"}, source.slug
            assert source.citation
            assert source.lag_rule


def test_the_catalogue_is_broad_and_says_what_it_means() -> None:
    domains = {entry.domain for entry in indicators().values()}
    assert domains == {
        *("compute", "capability", "talent", "flows", "research", "money"),
        *("education", "institutions", "economy", "adoption", "energy"),
    }
    assert len(indicators()) >= 45
    for slug, entry in indicators().items():
        assert entry.description.endswith("."), slug
        assert 20 < len(entry.description) < 400, slug


def test_nine_estimates_were_withdrawn() -> None:
    before, now = (
        open_evidence(day).models().query("source == 'epoch_models'").set_index("model")["log10_compute"]
        for day in (dt.date(2025, 12, 31), None)
    )
    lost = before.dropna().index.intersection(now[now.isna()].index)
    assert len(lost) == 9
    assert {"GPT-4o", "Claude 3 Opus"} <= set(lost)


def test_the_share_of_the_yearly_flow_is_the_published_one() -> None:
    share = open_evidence().observations("nvidia_flow_share", "CHN").set_index("period")["value"].round(1)
    assert share.to_dict() == {"2022": 11.0, "2023": 13.2, "2024": 4.3, "2025": 0.9}

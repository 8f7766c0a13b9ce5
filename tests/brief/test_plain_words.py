"""Sentences use no term of the trade without its meaning beside it, and judgements differ by more than names."""

from __future__ import annotations

import re
from collections.abc import Iterable

import made_brief
import pytest

from headway.brief import edition
from headway.brief.compose import Brief
from headway.brief.judgement import paragraph
from headway.brief.view import judgement
from headway.evidence import open_evidence
from headway.findings import Context, Finding, FindingTier
from headway.findings.recipe import recipes

SHIPPED = edition.SHIPPED
DIFFERENT = 0.85  # share of the ranked countries whose judgement differs from all others in more than numbers
SHOWN = ("RUS", "CHN", "USA", "GBR", "FRA", "ISR", "KOR", "ARE", "TUV", "EU")
# Terms and what must stand in the same sentence where one is used; None: a term that no sentence uses.
TERMS = {
    r"\bOOM\b": None,
    r"\bECI\b": None,
    r"orders? of magnitude": None,
    r"(sovereign|accessible) (lag|capability)": None,
    r"pseudo-real-time|posterior|\bhindcast": None,
    r"pooled drift|naive forecast": None,
    r"Shapley|Balassa|elasticity|eigen|\bOWA\b|Copeland|minmax|z-score": None,
    r"capability points?|index of capability": r"the best models gained \d+ points? in the year to",
    r"\bCRPS\b": r"missed by .* on average",
    r"\bregret\b": r"shortfall",
    r"revealed comparative advantage": r"more than its share",
    r"effective compute": r"training compute times algorithmic efficiency",
}


def unexplained(findings: Iterable[Finding]) -> list[str]:
    """Sentences that use a term without its meaning."""
    return [
        f"{finding.id}: {term}: {finding.sentence}"
        for finding in findings
        for term, meaning in TERMS.items()
        if re.search(term, finding.sentence) and not (meaning and re.search(meaning, finding.sentence))
    ]


@pytest.fixture(scope="module")
def shipped() -> edition.Edition:
    """The shipped edition, where it was made by this code."""
    found = edition.read(SHIPPED)
    if differs := edition.differences(found.key, Context(open_evidence(), "RUS")):
        pytest.skip(f"the shipped edition was made from other {' and '.join(differs)}: make edition")
    return found


@pytest.fixture(scope="module")
def briefs(shipped: edition.Edition) -> list[Brief]:
    """Briefs of several countries from the shipped edition."""
    return [shipped.brief(code) for code in SHOWN]


def test_a_term_is_found_where_its_meaning_is_absent() -> None:
    told = "The gap is 24 capability points (90%: 13–36)"
    made = Finding(
        id="RUS:gap.modelled_gap@2026-11-22", section="gap", quantity="gap", sentence=f"{told}.",
        as_of=made_brief.AS_OF, tier=FindingTier.DERIVED,
    )  # fmt: skip
    assert len(unexplained([made])) == 1


@pytest.mark.parametrize("country", ["CHN", "RUS"])
def test_observed_gaps_and_strengths_explain_their_terms(country: str) -> None:
    context = Context(open_evidence(), country)
    named = ("gap.eci", "gap.eci_trend", "gap.training_compute", "gap.training_trend", "strengths.rca", "gap.hindcast")
    found = [finding for name in named for finding in recipes()[name](context)]
    assert len(found) > len(named)
    assert unexplained(found) == []


def test_sentences_of_the_shipped_briefs_explain_their_terms(briefs: list[Brief]) -> None:
    assert unexplained(finding for brief in briefs for finding in brief.findings) == []


def test_pictures_and_caveats_of_the_shipped_briefs_name_no_bare_unit(briefs: list[Brief]) -> None:
    shown = [finding for brief in briefs for finding in brief.findings]
    texts = [one.caveat for one in shown] + [
        " ".join((one.picture.title, one.picture.x, one.picture.y, one.picture.alternative))
        for one in shown
        if one.picture is not None
    ]
    assert [text for text in texts if re.search(r"\bOOM\b|\bECI\b", text)] == []


def masked(text: str, names: Iterable[str], numbers: bool) -> str:
    """Text without names of countries and, if asked, without numbers: what it says, whoever it is about."""
    text = re.sub("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)), "X", text)
    return re.sub(r"\d[\d.,]*(st|nd|rd|th)?", "0", text) if numbers else text


def test_a_mask_takes_names_and_numbers_away_and_nothing_else() -> None:
    assert masked("Arland is 4th of 131; Borland leads.", ["Arland", "Borland"], True) == "X is 0 of 0; X leads."
    assert masked("Arland is 4th.", ["Arland"], False) == "X is 4th."


def test_judgements_say_other_things_of_other_countries(shipped: edition.Edition) -> None:
    read = [shipped.brief(code) for code in sorted(shipped.places)[::3]]
    names = [one.name for one in read] + ["United States", "China"]
    ranked = [one for one in read if any(":standing.scale@" in f.id and f.value is not None for f in one.findings)]
    texts = {one.name: paragraph(judgement(one)) for one in read}
    assert len(ranked) >= 24
    assert len({masked(texts[one.name], names, numbers=False) for one in ranked}) == len(ranked)
    arguments = {masked(texts[one.name], names, numbers=True) for one in ranked}
    assert len(arguments) >= DIFFERENT * len(ranked)

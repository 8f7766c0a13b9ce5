"""The judgement: an argument of whole sentences whose every clause rests on findings of the brief."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import replace

import made_argument as made
import made_brief
import pytest
from made_argument import BLOC, FOLLOWERS, LEADER, PROFILES, SILENT, Profile

from headway.brief import document, html, pdf, view
from headway.brief.held import lag_of
from headway.brief.judgement import JudgementSentence, judge, paragraph
from headway.brief.terminal import LINES, summary
from headway.core import wording
from headway.evidence import open_evidence
from headway.findings import Context, Finding, Picture
from headway.findings.finding import FindingTier
from headway.findings.recipe import recipes

JARGON = re.compile(r"\bOOM\b|\bECI\b|revealed comparative|regret|\bCRPS\b|baseline|posterior|sovereign|nan\b", re.I)


def judged(profile: Profile, findings: list[Finding] | None = None) -> tuple[JudgementSentence, ...]:
    held = made.findings(profile) if findings is None else findings
    return judge(held, profile.name, profile.code, made.rivals(profile))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.code)
def test_every_clause_cites_findings_that_the_brief_holds(profile: Profile) -> None:
    held = {one.id for one in made.findings(profile)}
    for sentence in judged(profile):
        for clause in sentence.clauses:
            assert clause.findings, clause.text
            assert set(clause.findings) <= held


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.code)
def test_sentences_are_whole_and_plain(profile: Profile) -> None:
    for sentence in judged(profile):
        assert re.match(r"[A-Z]", sentence.text)
        assert re.search(r"[^.]\.$", sentence.text)
        assert not re.search(r"  | [,;.]|,,|;;|\(\)|None", sentence.text), sentence.text
        assert not JARGON.search(sentence.text), sentence.text


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.code)
def test_five_to_seven_sentences_and_an_argument(profile: Profile) -> None:
    sentences = judged(profile)
    assert 5 <= len(sentences) <= 7
    assert sentences[0].step == "answer"
    assert {"but", "so"} <= {one.step for one in sentences}


def test_no_two_countries_read_the_same() -> None:
    assert len(PROFILES) >= 20
    texts = [paragraph(judged(profile)).replace(wording.sentence(profile.name), "X") for profile in PROFILES]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_absent_its_clause_is_absent_and_the_rest_stands(seed: int) -> None:
    chance = random.Random(seed)
    profile = chance.choice(PROFILES)
    held = [one for one in made.findings(profile) if chance.random() < 0.6]
    ids = {one.id for one in held}
    for sentence in judged(profile, held):
        assert all(clause.findings and set(clause.findings) <= ids for clause in sentence.clauses), sentence
        assert re.match(r"[A-Z].*[^.]\.$", sentence.text), sentence.text
        assert not JARGON.search(sentence.text), sentence.text


def test_nothing_is_said_of_nothing() -> None:
    assert judged(FOLLOWERS[0], []) == ()


def test_kinds_of_countries_argue_differently() -> None:
    leader, bloc, silent = (paragraph(judged(profile)) for profile in (LEADER, BLOC, SILENT))
    assert "Nobody is ahead of it" in leader
    assert "stood 8 months behind" in leader
    assert "cannot be tested, because the model runs countries, not groups" in bloc
    assert "neither measured nor computed, because no training run of it is known" in silent
    assert "nor can it be ranked, because the evidence has 5 of the 13 indicators and 7 are needed" in silent
    follower = next(one for one in FOLLOWERS if not one.measured)
    assert f"No test places a model of {follower.name}" in paragraph(judged(follower))


def test_a_country_without_goal_and_distance_begins_with_what_is_known_of_its_place() -> None:
    found = [one for one in made.findings(SILENT) if ":ambition." not in one.id]
    goal = made_brief.finding("ambition.goal", "No declared AI goal is on record here.")
    goal = replace(goal, id=f"{SILENT.code}:ambition.goal@2026-11-22", value=None)
    first, *others = judged(SILENT, [*found, goal])
    assert first.step == "answer"
    assert first.text.startswith(f"How far {SILENT.name} stands from the frontier is neither measured nor computed, ")
    assert first.text.endswith("; no goal for AI that it declared is on record here.")
    assert goal.id in first.findings
    assert "distance" not in [one.step for one in others]


def with_values(profile: Profile, changes: dict[str, float]) -> tuple[JudgementSentence, ...]:
    """Judgement after the findings whose ids begin so have other values."""
    found = []
    for one in made.findings(profile):
        name = one.id.partition(":")[2].partition("@")[0]
        value = changes.get(name)
        found.append(one if value is None else replace(one, value=value, low=None, high=None, level=None))
    return judged(profile, found)


def test_an_answer_says_the_chance_in_the_words_of_the_scale() -> None:
    profile = replace(FOLLOWERS[0], code="RUS", name="Russia")  # with a coded place among the first five
    goal = made_brief.finding(
        "ambition.goal", "A goal.", "RUS-01", value=5.0, unit="rank",
        details={"text": "Become one of the leading powers in AI by 2030 (national AI strategy)", "scope": "WORLD",
                 "maps_to": "rank_capability", "target_basis": "coded", "target_year": 2030,
                 "declared_on": "10 October 2019"},
    )  # fmt: skip

    def answered(p: float, ten: float) -> str:
        probability = {"unit": "probability", "period": "2030Q4"}
        chances = [
            made_brief.finding("ambition.verdict", "A chance.", "RUS-01", value=p, **probability),
            made_brief.finding("outlook.probability", "A chance.", "top_10", "2030", value=ten, **probability),
        ]
        return judged(profile, [goal, *chances])[0].text

    assert answered(0.01, 0.08) == (
        "Russia set out in 2019 to become one of the leading powers in AI by 2030, but, reading that as a place among "
        "the first five, it will almost certainly not get there: 1 of 100 futures has it there at the end of 2030, "
        "though 8 of 100 have it among the first ten."
    )
    assert "first ten" not in answered(0.001, 0.02), "a chance that is almost none softens nothing"
    assert ", and, reading that as a place among the first five, it is likely to get there: 63 of" in answered(
        0.63, 0.9
    )


def test_an_answer_tells_what_became_of_a_goal_and_why_one_cannot_be_tested() -> None:
    profile = FOLLOWERS[0]
    goal = next(one for one in made.findings(profile) if ":ambition.goal" in one.id)
    past = replace(goal, details={**goal.details, "target_year": 2025})

    def answered(value: str | None, why: str) -> str:
        verdict = made_brief.finding("ambition.verdict", "A verdict.", "X-01", value=value, details={"why": why})
        return judged(profile, [past, replace(verdict, id=verdict.id.replace("RUS", profile.code, 1))])[0].text

    assert answered("missed", "It came 31st").endswith(", and missed it: it came 31st.")
    assert answered(None, "No account is on record").endswith(
        ", but whether it got there cannot be tested, because no account is on record."
    )


def test_makers_that_count_for_another_country_are_named() -> None:
    profile = next(one for one in FOLLOWERS if not one.measured)
    told = {"counted_elsewhere": "those of A Lab, seated here, count for Arland, the country of its owner"}
    found = [replace(one, details=told) if ":gap.lag_observed" in one.id else one for one in made.findings(profile)]
    assert f"of {profile.name} well enough ({told['counted_elsewhere']}), so its distance" in paragraph(
        judged(profile, found)
    )


def test_another_strategy_that_holds_up_better_is_told_apart_from_the_one_that_gains_most() -> None:
    profile, gains = FOLLOWERS[0], {f"change.strategy:{name}": 1.0 for name in made.STRATEGIES}
    gains["change.strategy:collaboration"] = 17.0
    robust = made_brief.finding(
        "change.robust", "A strategy.", value="Niche focus", details={"strategy": "niche-focus"}
    )
    found = [
        replace(one, value=gains.get(one.id.partition(":")[2].partition("@")[0], one.value), low=None, high=None)
        for one in (*made.findings(profile), robust)
    ]
    so = next(one.text for one in judged(profile, found) if one.step == "so")
    assert so.startswith("So joint research and computing power from partners would change most")
    assert "concentrating on its strongest fields falls least short of the best choice" in so


def test_a_place_in_a_region_is_not_judged_by_ranks_of_the_world() -> None:
    profile = FOLLOWERS[0]
    found = [one for one in made.findings(profile) if ":ambition." not in one.id]
    goal = next(one for one in made.findings(profile) if ":ambition.goal" in one.id)
    regional = replace(goal, details={**goal.details, "scope": "ASEAN"})
    assert "a goal that nothing here can test" in judged(profile, [regional, *found])[0].text


def test_a_ranking_that_failed_for_all_is_no_lack_of_the_country() -> None:
    failed = "It cannot be ranked: node 'compute': an indicator is constant, so minmax cannot scale it."
    held = [replace(one, sentence=failed) if ":standing.scale" in one.id else one for one in made.findings(SILENT)]
    assert "minmax" not in paragraph(judged(SILENT, held))


@pytest.mark.parametrize("profile", [one for one in PROFILES if one.modelled], ids=lambda profile: profile.code)
def test_the_causes_named_and_what_is_left_add_up_to_the_distance(profile: Profile) -> None:
    because = next((one.text for one in judged(profile) if one.step == "because"), "")
    if not because:
        return  # nothing carries it
    head, _, tail = because.partition(" because of ")
    total = int(re.search(r"(\d+) months? (?:behind|ahead)", head)[1])  # type: ignore[index]
    named = sum(int(count) for count in re.findall(r"\((\d+) months", tail))
    signed = [
        sign * int(count)
        for pattern, sign in (
            (r"takes? (\d+) months off", -1), (r"rounding add (\d+)", 1), (r"rounding take off (\d+)", -1),
            (r"(\d+) months? (?:is|are) left unexplained", 1), (r"(\d+) months? comes? off", -1),
        )
        for count in re.findall(pattern, tail)
    ]  # fmt: skip
    assert named + sum(signed) == total, because


def test_a_strategy_that_hardly_helps_is_not_praised() -> None:
    none = {f"change.strategy:{name}": 0.2 for name in made.STRATEGIES}
    so = next(one for one in with_values(FOLLOWERS[0], none) if one.step == "so")
    assert so.text.startswith("So nothing tried at 0.5% of GDP a year would move its distance")


def test_a_measurement_that_says_little_is_not_recommended() -> None:
    last = with_values(FOLLOWERS[0], {"unknowns.measurement:2030": 0.03})[-1]
    assert "no single measurement would narrow the ranges much" in last.text


def test_every_surface_opens_with_it_and_json_names_the_findings() -> None:
    profile = FOLLOWERS[-1]
    found = [replace(one, id=one.id.replace(profile.code, "RUS", 1)) for one in made.findings(profile)]
    brief = made_brief.brief(found)
    sentences = view.judgement(brief)
    assert len(sentences) >= 5
    page = html.page(brief)
    assert page.index("The judgement") < page.index('class="part"')
    for sentence in sentences:
        assert all(f'href="#{view.anchor(clause.findings[0])}"' in page for clause in sentence.clauses)
        assert all(f'id="{view.anchor(clause.findings[0])}"' in page for clause in sentence.clauses)
    assert pdf.content(brief)["judgement"] == [one.text for one in sentences]
    screen = summary(brief).plain
    assert " ".join(screen.split()).find(sentences[0].text) > 0
    assert len(screen.split("\n")) <= LINES
    written = document.document(brief)["judgement"]
    assert [one["text"] for one in written] == [one.text for one in sentences]
    assert written[0]["clauses"][0]["findings"] == list(sentences[0].clauses[0].findings)


@pytest.mark.slow
@pytest.mark.parametrize("country", ["RUS", "USA", "TUV", "EU"])
def test_it_stands_on_the_shipped_evidence(country: str) -> None:
    context = Context(open_evidence(made_brief.AS_OF), country)
    found = [finding for recipe in recipes().values() for finding in recipe(context)]
    code_names = {code: context.the(code) for code in ("USA", "CHN", "FRA")}
    sentences = judge(found, context.the(country), country, code_names)
    assert 5 <= len(sentences) <= 7
    ids = {one.id for one in found}
    assert all(set(one.findings) <= ids for one in sentences)
    assert not JARGON.search(paragraph(sentences))


@pytest.mark.parametrize(
    ("nearer", "opening"),
    [
        (0.0, "Whether it falls back or holds its distance hangs on an open question"),
        (-9.0, "Whether it falls back or catches up hangs on an open question"),
        (9.0, "It falls further behind either way, and by how much hangs on an open question"),
    ],
)
def test_the_long_run_says_which_way_the_distance_may_turn(nearer: float, opening: str) -> None:
    profile = next(one for one in FOLLOWERS if one.structures)
    said = with_values(profile, {"gap.lag_sovereign": profile.lag - nearer})
    assert next(one.text for one in said if one.step == "long run").startswith(opening)


def test_a_country_without_a_model_is_told_by_what_it_lacks_most_and_where_it_stands() -> None:
    drivers = [
        made_brief.finding(
            "why.driver", "A driver.", name, value=value, quantity=phrase, details={"against": "USA", "other": other}
        )
        for name, value, other, phrase in (
            ("researchers_per_million", 500.0, 5000.0, "researchers per million people"),
            ("electricity_generation_per_capita", 250.0, 12500.0, "electricity generated per head"),
            ("internet_users_share", 90.0, 95.0, "people who use the internet"),
        )
    ]
    silent = [one for one in made.findings(SILENT) if ":standing.scale@" not in one.id and ":why.driver" not in one.id]
    rows = ({"label": "Talent (of 131)", "value": 61.0}, {"label": "Research (of 131)", "value": 74.0})
    held = [
        *silent,
        *(replace(one, id=one.id.replace("RUS", SILENT.code, 1)) for one in drivers),
        made_brief.finding("standing.scale", "A rank.", value=69.0, unit="rank", details={"countries": 131}),
        made_brief.finding(
            "standing.profile", "A profile.", "scale", value="talent",
            picture=Picture("intervals", "Ranks", rows, "", "", "", ""),
        ),
    ]  # fmt: skip
    text = paragraph(judged(SILENT, held))
    assert "ranks typically 69th of 131 countries, highest in talent (61st) and lowest in research (74th)" in text
    assert "furthest ahead in electricity generated per head (50 times as high)" in text
    assert "but what that and other causes weigh cannot be computed" in text


def test_an_outcome_in_a_niche_is_told_while_it_is_new() -> None:
    profile = FOLLOWERS[0]

    def said(period: str, unit: str = "") -> str:
        made_one = made_brief.finding(
            "strengths.niche", "A niche.", "X-1", unit=unit, period=period,
            details={"topic": "autonomous vehicles", "text": "A maker runs 100 cars"},
        )  # fmt: skip
        found = [*made.findings(profile), replace(made_one, id=made_one.id.replace("RUS", profile.code, 1))]
        return paragraph(judged(profile, found))

    assert "; a maker runs 100 cars (autonomous vehicles, November 2025)" in said("November 2025")
    assert "a maker runs" not in said("March 2021")
    assert "a maker runs" not in said("2025", "tier")


@pytest.mark.parametrize(
    ("censored", "text"),
    [
        (0.0, "39 months behind (95%: at least 29)"),
        (0.2, "39 months behind (90%: 29 to more than 39)"),
        (0.8, "more than 39 months behind (95%: at least 29)"),
    ],
)
def test_a_lag_that_reaches_beyond_the_data_is_no_point(censored: float, text: str) -> None:
    found = Finding(
        id="VNM:gap.lag_sovereign@2026-11-22", section="gap", quantity="lag", value=39.0, low=29.0, high=39.0,
        level=0.9, as_of=dt.date(2026, 11, 22), tier=FindingTier.MODELLED, sentence="It is far.",
        details={"censored": censored},
    )  # fmt: skip
    assert lag_of(found) == text

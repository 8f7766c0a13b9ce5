"""Made findings that the judgement reads, for countries of every kind; the numbers are true of no country."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import made_brief as made

from headway.findings import Finding, FindingId, Picture

GOALS = (
    ("Become one of the leading powers in AI by 2030 (national AI strategy)", 5.0, 2030, "coded"),
    ("Be among the ten leading countries in AI by 2033", 10.0, 2033, "stated"),
    ("Theory and application of AI should lead the world by 2030", 1.0, 2030, "coded"),
    ("Join the three leading AI powers of the world", 3.0, None, "stated"),
    ("Be among the first 20 in AI by 2030", 20.0, 2030, "stated"),
)
CAUSES = ("controls", "economy", "spending", "openness", "education", "talent_loss")
STRATEGIES = ("head-on", "niche-focus", "collaboration", "talent-first", "domestic-chips", "diversify", "balanced")
FIELDS = ("systems programming", "games", "computer vision", "cybersecurity", "web development")


@dataclass(frozen=True)
class Profile:
    """A made country: months behind its rival (below zero: ahead), whether it is measured and modelled."""

    code: str
    name: str
    lag: float
    measured: bool = True
    modelled: bool = True
    structures: bool = True


NAMES = {
    "ARE": "the United Arab Emirates", "AUS": "Australia", "BRA": "Brazil", "CAN": "Canada", "CHE": "Switzerland",
    "CHN": "China", "DEU": "Germany", "ESP": "Spain", "FRA": "France", "GBR": "the United Kingdom", "IDN": "Indonesia",
    "IND": "India", "ISR": "Israel", "ITA": "Italy", "JPN": "Japan", "KOR": "South Korea", "NLD": "the Netherlands",
    "RUS": "Russia", "SAU": "Saudi Arabia", "SGP": "Singapore", "SWE": "Sweden", "TUR": "Türkiye",
}  # fmt: skip

LEADER = Profile("USA", "the United States", -8.0)
BLOC = Profile("EU", "the European Union", 15.0, modelled=False, structures=False)
SILENT = Profile("TUV", "Tuvalu", 0.0, measured=False, modelled=False, structures=False)
FOLLOWERS = tuple(
    Profile(code, name, 5.0 + 2.5 * k, measured=k % 4 != 3, structures=k % 4 != 3)
    for k, (code, name) in enumerate(NAMES.items())
)
PROFILES = (LEADER, BLOC, SILENT, *FOLLOWERS)


def rivals(profile: Profile) -> dict[str, str]:
    """Whom the made country is compared with."""
    all_names = {"USA": "the United States", "CHN": "China", "FRA": "France"}
    return {code: name for code, name in all_names.items() if code != profile.code}


def findings(profile: Profile) -> list[Finding]:
    """Findings of the made country with the recipes, arguments and details that the judgement reads."""
    return [_of(profile.code, one) for one in _made(profile, random.Random(profile.code))]


def _of(code: str, one: Finding) -> Finding:
    return replace(one, id=str(replace(FindingId.parse(one.id), country=code)))


def _number(recipe: str, *arguments: str, value: float, unit: str = "months", **values: Any) -> Finding:
    spread = {"low": value - 5, "high": value + 6, "level": 0.9} if unit == "months" else {}
    sentence = values.pop("sentence", "A made number.")
    return made.finding(recipe, sentence, *arguments, value=value, unit=unit, **{**spread, **values})


def _made(profile: Profile, chance: random.Random) -> Iterator[Finding]:
    yield from _goals(profile, chance)
    yield from _gap(profile, chance)
    yield from _standing(profile, chance)
    if profile.modelled:
        yield from _modelled(profile, chance)
    else:
        reason = f"It is not modelled: {'no training run of it is known' if profile is SILENT else 'it is a group'}."
        for recipe in ("gap.lag_sovereign", "why.attribution", "change.strategy"):
            yield made.finding(recipe, reason)


def _goals(profile: Profile, chance: random.Random) -> Iterator[Finding]:
    if profile is SILENT:
        yield made.finding("ambition.goal", "No declared goal is on record here.")
        return
    text, place, year, basis = chance.choice(GOALS)
    details = {"text": text, "maps_to": "rank_capability", "scope": "WORLD", "target_basis": basis,
               "target_year": year, "declared_on": f"1 March {chance.randint(2017, 2026)}"}  # fmt: skip
    yield _number("ambition.goal", "X-01", value=place, unit="rank", details=details)
    if profile.modelled:
        p = 0.97 if profile.lag < 0 else chance.random() ** 3
        told: dict[str, str | float] = {"short": "its chance", "why": "It is met by then"}
        told |= {"other_structure": 0.03} if place == 1.0 and profile.structures else {}
        yield _number("ambition.verdict", "X-01", value=p, unit="probability", period="2030Q4", details=told)
    else:
        untested = {"short": "cannot be tested", "why": "The model runs countries, not groups"}
        yield made.finding("ambition.verdict", "It cannot be tested.", "X-01", details=untested)


def _gap(profile: Profile, chance: random.Random) -> Iterator[Finding]:
    if profile.measured:
        details = {"share_leading": 0.93 if profile.lag < 0 else 0.0, "censored": False,
                   "model": f"Grand-{chance.randint(2, 99)}", "released": "2025-03-13"}  # fmt: skip
        value = max(profile.lag, 0.0) + chance.randint(0, 8) * (profile.lag > 0)
        yield _number("gap.lag_observed", value=value, period="2026-06-30", details=details)
    else:
        yield made.finding("gap.lag_observed", "No model of it has been placed.")
    free = {"model": "Open-1", "maker": "CHN"}
    yield _number("gap.accessible_observed", value=7.4, period="2026-06-30", details=free)


def _standing(profile: Profile, chance: random.Random) -> Iterator[Finding]:
    if not profile.modelled:
        lacks = "Never observed: a training run of known size and researchers."
        yield made.finding("unknowns.missing", lacks, value=2.0)
    if profile is SILENT:
        unranked = "It cannot be ranked: the evidence has 5 of the 13 indicators, 7 are needed."
        yield made.finding("standing.scale", unranked)
    else:
        yield _number("standing.scale", value=float(chance.randint(1, 30)), unit="rank", details={"countries": 131})
    best = {"x": {"rank": chance.randint(1, 12), "of": 197}}
    yield made.finding("standing.strongest", "Its strongest.", "scale", value="AI articles", details=best)
    worst = {"y": {"rank": 44, "of": 196}}
    yield made.finding("standing.weakest", "Its weakest.", "intensity", value="GitHub developers", details=worst)
    rows = tuple({"label": field, "value": chance.uniform(0.8, 2.5)} for field in chance.sample(FIELDS, 3))
    picture = Picture("bars", "Fields", rows, "", "", "", "")
    yield made.finding("strengths.rca", "Its fields.", value=3.0, picture=picture)
    age = {"median_age_years": chance.uniform(0.5, 3)}
    yield _number("standing.evidence", value=90.0, unit="%", details=age)
    times = {"against": next(iter(rivals(profile))), "times": chance.uniform(0.3, 20)}
    for driver in ("gdp_usd", "rd_spending_usd"):
        yield _number("why.driver", driver, value=1e12, unit="USD", details=times)


def _modelled(profile: Profile, chance: random.Random) -> Iterator[Finding]:
    rival, sign = next(iter(rivals(profile))), 1 if profile.lag > 0 else -1
    leading = {"share_leading": 0.9 if sign < 0 else 0.0}
    yield _number("gap.lag_sovereign", value=profile.lag, details=leading)
    yield _number("gap.lag_accessible", value=profile.lag - 3)
    yield _number("gap.lag_to", rival, value=profile.lag)
    widening = {"probability_widening": chance.random(), "years": 3}
    yield _number("gap.modelled_trend", "ahead", value=1.0, unit="ECI points a year", details=widening)
    yield _number("gap.eci_trend", rival, "3y", value=1.0, unit="ECI points a year", details=widening)
    parts = {cause: 0 if cause == "talent_loss" else chance.randint(-4, 14) for cause in CAUSES}
    rest = round(abs(profile.lag)) - sum(parts.values())
    split = {"lead": sign < 0, "whole_months": {**parts, "others": 0, "rest": rest}}
    yield _number("why.attribution", rival, value=abs(profile.lag), details=split)
    for cause, months in parts.items():
        assumed = {"assumed": "spending under controls is assumed" if cause == "spending" else ""}
        yield _number("why.attribution", rival, cause, value=float(months), details=assumed)
    yield _number("why.scholars", value=chance.choice((-213.0, 88.0)), unit="persons", period="2016–2020")
    top_five = chance.random() ** 3
    for event, p in (("frontier", top_five / 2), ("top_5", top_five), ("top_10", top_five**0.5)):
        yield _number("outlook.probability", event, "2030", value=p, unit="probability")
    if profile.structures:
        lags = {"compute decides": profile.lag + 30, "knowledge diffuses": profile.lag - 1}
        rows = [{"structure": name, "lag, months": lag, "low": lag - 9, "high": lag + 9} for name, lag in lags.items()]
        yield _number("outlook.long_run", "2030", value=0.4, unit="probability", table=tuple(rows))
    for strategy in STRATEGIES:
        exposed = {"cost_share_of_gdp": 0.5, "exposure": [{"if": "partners withdraw", "months_worse": 9.0}]}
        yield _number("change.strategy", strategy, value=chance.uniform(0, 18), details=exposed)
    measures = Picture("bars", "M", ({"label": "a count of chips", "value": 0.3},), "", "", "", "")
    yield _number("unknowns.measurement", "2030", value=chance.uniform(0, 0.9), unit="share", picture=measures)
    inside = {"inside": {"Headway": (27, 25), "baseline scenario": (27, 17)}}
    yield _number("gap.hindcast", value=2.1, unit="ECI points", details=inside)

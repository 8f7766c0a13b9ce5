"""Details: figures of single recipes beside a finding's number, each under one name with one meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict  # the one of `typing` will do from Python 3.12 on


class RankOf(TypedDict):
    """Rank of an indicator among the countries that have it."""

    rank: int
    of: int


def _meaning(description: str) -> Any:
    return Field(description=description)


class FindingDetails(TypedDict, total=False):
    """Figures that only some recipes give; a recipe of a plug-in may add names of its own.

    All shares and probabilities lie between 0 and 1.
    """

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    # Goals and their verdicts
    text: Annotated[str, _meaning("words of the goal or outcome")]
    document: Annotated[str | None, _meaning("where the goal was declared")]
    declared_on: Annotated[str, _meaning("day, month or year of the declaration, in words")]
    maps_to: Annotated[str, _meaning("quantity by which the goal is judged, or `none`")]
    scope: Annotated[str, _meaning("countries among which the goal counts: `WORLD`, a group, or empty")]
    target_basis: Annotated[str, _meaning("`stated` in the goal, or `coded` by us from its words")]
    target_year: Annotated[int | None, _meaning("year by which it shall be reached")]
    topic: Annotated[str, _meaning("subject of the outcome")]
    verdict: Annotated[str, _meaning("`met`, `missed`, `chance` or `untested`")]
    short: Annotated[str, _meaning("the verdict in a few words")]
    why: Annotated[str, _meaning("reason of the verdict, a sentence")]
    other_structure: Annotated[float | None, _meaning("chance under the other structure of the long run")]
    counts: Annotated[Mapping[str, int], _meaning("number of goals by verdict")]

    # Distances
    model: Annotated[str, _meaning("name of the model that was measured")]
    maker: Annotated[str, _meaning("code of the country that made it")]
    released: Annotated[str, _meaning("day of its release")]
    censored: Annotated[float, _meaning("share of draws in which the months are a lower bound")]
    share_leading: Annotated[float, _meaning("share of draws in which the country is ahead")]
    probability_behind: Annotated[float, _meaning("probability of being behind")]
    probability_widening: Annotated[float, _meaning("probability that the gap widens")]
    years: Annotated[int, _meaning("years that the trend covers")]
    lag_months: Annotated[float, _meaning("months since the rival's runs were of this size")]
    lag_low: Annotated[float, _meaning("lower end of its 90 % interval")]
    lag_high: Annotated[float, _meaning("upper end of its 90 % interval")]
    counted_elsewhere: Annotated[str, _meaning("makers with their seat here whose models count for another country")]
    firm: Annotated[str, _meaning("firm that made the model")]
    months_by_firm: Annotated[float, _meaning("the same if that firm alone stopped")]
    share_rented_best: Annotated[float, _meaning("share of draws in which rented models are the best in use")]
    inside: Annotated[
        Mapping[str, tuple[int, int]], _meaning("by forecast: later scores, and those inside its 90 % intervals")
    ]

    # Drivers and causes
    against: Annotated[str, _meaning("code of the country compared with")]
    other: Annotated[float, _meaning("figure of that country")]
    times: Annotated[float, _meaning("figure of that country divided by this one's")]
    median: Annotated[float, _meaning("figure of the median country")]
    question: Annotated[str, _meaning("what was replaced to find the part of a cause")]
    assumed: Annotated[str, _meaning("what had to be assumed about the cause")]
    lead: Annotated[bool, _meaning("whether a lead is split, not a gap")]
    whole_months: Annotated[Mapping[str, int], _meaning("parts in whole months, by cause, `others` and `rest`")]
    parts: Annotated[Mapping[str, Mapping[str, float]], _meaning("parts in months, by reading and cause")]
    rest: Annotated[str, _meaning("what is not among the causes")]
    approximation: Annotated[Mapping[str, Any], _meaning("error of holding the rest of the world, by scale")]
    draws: Annotated[int, _meaning("draws that took part")]
    failed: Annotated[int, _meaning("draws left out because a run failed")]

    # Ranks
    countries: Annotated[int, _meaning("countries that are ranked")]
    place: Annotated[int | None, _meaning("place by the scores of the baseline")]
    tier: Annotated[int, _meaning("group of countries that cannot be told apart, 1 the first")]
    p_top_10: Annotated[float, _meaning("share of alternative rankings with the country among the first ten")]
    alternatives: Annotated[int, _meaning("alternative rankings")]
    specification: Annotated[str, _meaning("hash of the index")]
    indicators: Annotated[int, _meaning("indicators of the index")]
    indicators_absent: Annotated[Sequence[str], _meaning("indicators that no country has at this date")]
    view: Annotated[str, _meaning("`scale`, `intensity` or `frontier`")]
    domain: Annotated[str, _meaning("domain of the index")]
    ranks: Annotated[Mapping[str, RankOf], _meaning("by indicator, the first the most telling")]
    missing: Annotated[Sequence[str], _meaning("indicators without a figure")]
    median_age_years: Annotated[float | None, _meaning("median age of the figures")]
    oldest_years: Annotated[float | None, _meaning("age of the oldest figure")]
    oldest: Annotated[str, _meaning("day of the oldest known publication")]

    # Strategies
    strategy: Annotated[str, _meaning("name of the strategy")]
    money_by_lever: Annotated[Mapping[str, float], _meaning("shares of the money")]
    cost_share_of_gdp: Annotated[float, _meaning("cost, % of GDP a year")]
    regret_months: Annotated[float, _meaning("mean regret over all objectives, months of lag")]
    success: Annotated[float, _meaning("share of futures in which all objectives are good enough")]
    exposure: Annotated[Sequence[Mapping[str, Any]], _meaning("events that hurt it most: `if`, `months_worse`")]
    objectives: Annotated[Mapping[str, Any], _meaning("by objective: unit, value, gain, regret, gain by event")]
    rule: Annotated[Mapping[str, float] | None, _meaning("coverage and density of the rule that tells when it fails")]
    tried: Annotated[int, _meaning("strategies tried")]
    status_quo: Annotated[float, _meaning("probability without any strategy")]
    by_budget: Annotated[Mapping[str, float], _meaning("largest probability, by budget in % of GDP")]
    eci_short: Annotated[float, _meaning("points missing in the futures that come nearest; negative where they lead")]
    perfect_information: Annotated[float, _meaning("worth of knowing all, months of lag")]
    share_above: Annotated[float, _meaning("share of draws whose yield is above the break-even")]
    share_holding: Annotated[float, _meaning("share of draws in which the models within reach suffice for it")]
    share_holding_rented: Annotated[float, _meaning("the same with rented models")]
    threshold_eci: Annotated[float, _meaning("capability within reach from which the niche pays, points, median")]
    advantage: Annotated[float | None, _meaning("revealed comparative advantage in the niche's fields")]
    density: Annotated[float | None, _meaning("relatedness of the niche to what the country does")]
    draws_from: Annotated[str, _meaning("`posterior` or `prior`")]

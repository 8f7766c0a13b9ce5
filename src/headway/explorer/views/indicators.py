"""Indicators: the list of every series in the evidence, and one of them as lines, map and table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from headway.charts import Caption, specification
from headway.core import wording
from headway.evidence import Evidence
from headway.evidence.catalogue import Indicator, blocs
from headway.explorer.address import IndicatorsState, ParameterError, address, codes
from headway.explorer.answer import Answer, AnswerChart, AnswerMap, AnswerTable
from headway.explorer.session import ExplorerSession
from headway.explorer.views.home import COUNTRY, linked_map
from headway.site import indicators, world_map

if TYPE_CHECKING:
    from headway.evidence.countries import Country

CAVEAT = "Figures are their publishers'; newest ones may speak of different periods."
_LISTED = {
    "label": "Indicator",
    "domain": "Domain",
    "unit": "Unit",
    "countries": "Countries",
    "newest": "Newest",
}
_REMARKS = {"pseudo": "day known by rule", "user": "your own"}
_SOURCES = {"publisher": "Publisher", "title": "Title", "licence": "Licence", "retrieved": "Retrieved"}


def answer(state: IndicatorsState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: an unknown indicator, country or group, or a year outside the evidence.
    """
    evidence = desk.on(state.year)
    known = evidence.once("indicators with figures", lambda: indicators.available(evidence))
    if not state.indicator:
        return _list(state, evidence, known, desk)
    if state.indicator not in known:
        raise ParameterError("indicator", f"no figure of {state.indicator!r} is in the evidence; /indicators lists all")
    wanted = [desk.code("countries", text) for text in codes(state.countries)]
    return _one(_Series(evidence, known[state.indicator], wanted, _group(state, desk)), state, desk)


def options(desk: ExplorerSession) -> dict[str, dict[str, str]]:
    """Choices of the page that follow from the evidence: its indicators, by domain, and groups of countries."""
    known = desk.evidence.once("indicators with figures", lambda: indicators.available(desk.evidence))
    named = {slug: f"{one.domain.capitalize()}: {one.name}" for slug, one in known.items()}
    groups = sorted(((code, bloc.name) for code, bloc in blocs().items()), key=lambda pair: pair[1])
    return {"indicator": {"": "All indicators", **named}, "group": {"": "all countries", **dict(groups)}}


def _group(state: IndicatorsState, desk: ExplorerSession) -> Country | None:
    if not state.group:
        return None
    place = desk.evidence.resolve(desk.code("group", state.group))
    if place.kind != "bloc":
        raise ParameterError("group", f"{place.name} is no group of countries; give one such as {', '.join(blocs())}")
    return place


def _list(state: IndicatorsState, evidence: Evidence, known: Mapping[str, Indicator], desk: ExplorerSession) -> Answer:
    grouped = indicators.without_targets(evidence.observations()).groupby("indicator")
    facts = grouped.agg(countries=("country", "nunique"), newest=("period", "max"))
    rows = [
        {
            "label": one.name,
            "domain": one.domain,
            "unit": one.unit,
            "countries": int(facts["countries"][slug]),
            "newest": wording.period(facts["newest"][slug]),
            "slug": slug,
            "href": address(state.model_copy(update={"indicator": slug})),
        }
        for slug, one in known.items()
    ]
    return Answer(
        "Indicators",
        f"The evidence holds {len(rows)} series of figures of countries, as known on {wording.day(evidence.as_of)}.",
        desk.made(evidence),
        CAVEAT,
        "the evidence snapshot of Headway; the page of a series names its publishers",
        ("Choose one in the list, or by typing its name into the choice of indicators.",),
        (),
        (AnswerTable("indicators", "Every series", {**_LISTED, "slug": "Slug"}, rows),),
    )


@dataclass(frozen=True)
class _Series:
    """One indicator as known on a day.

    Attributes:
        wanted: codes of the countries whose lines are asked for.
        group: whose members alone are on the map and in the table; None for all countries.
    """

    evidence: Evidence
    one: Indicator
    wanted: Sequence[str]
    group: Country | None

    @cached_property
    def rows(self) -> pd.DataFrame:
        """All figures of countries, and those of the groups that are asked for."""
        return self._with_groups(self.evidence.observations(self.one.slug), self.evidence.observations)

    @cached_property
    def newest(self) -> pd.DataFrame:
        """Newest figures, best first, groups last."""
        least = self.one.direction < 0
        ordered = self.evidence.latest(self.one.slug).sort_values("value", ascending=least, kind="stable")
        return self._with_groups(ordered, self.evidence.latest)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """Newest figures of countries of the group, best first."""
        own = self.newest[~self.newest["country"].isin(list(blocs()))]
        return own if self.group is None else own[own["country"].isin(list(self.group.members))]

    @cached_property
    def names(self) -> dict[str, str]:
        """Names by code."""
        return {str(code): self.evidence.resolve(str(code)).name for code in self.rows["country"].unique()}

    @property
    def publishers(self) -> list[str]:
        """Publishers of the figures, each once."""
        known = self.evidence.sources()
        return list(dict.fromkeys(known[source].publisher for source in dict.fromkeys(self.rows["source"])))

    def inside(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the members of the group, and of the countries that are asked for."""
        if self.group is None:
            return rows
        return rows[rows["country"].isin([*self.group.members, *self.wanted])]

    def _with_groups(self, own: pd.DataFrame, read: Any) -> pd.DataFrame:
        asked = [code for code in self.wanted if code in blocs()]
        further = read(self.one.slug, country=asked) if asked else own[:0]
        return pd.concat([own, further], ignore_index=True) if len(further) else own


def _one(series: _Series, state: IndicatorsState, desk: ExplorerSession) -> Answer:
    source = "; ".join(series.publishers)
    log = {"auto": None, "linear": False, "log": True}[state.axis]
    picture, told, chosen = indicators.drawn(
        series.rows,
        series.newest if series.group is None else series.inside(series.newest),
        series.names,
        series.one,
        series.publishers,
        wanted=series.wanted,
        log=log,
    )
    caption = Caption(series.evidence.as_of, None, "")
    lines = AnswerChart(
        "lines",
        picture.title,
        picture.alternative,
        lambda width: specification(picture, caption, width),
        _figures(series, chosen, log=picture.log) if picture.kind == "lines" else {},
    )
    refused = log and not picture.log and picture.kind == "lines"
    notes = [series.one.description, series.one.rule, told]
    notes += ["A logarithmic axis shows no zero and nothing below it: the axis is linear."] if refused else []
    table = series.inside(series.newest if state.rows == "newest" else _by_country(series))
    what = "Newest figure of each country" if state.rows == "newest" else "Figures of all periods"
    ranges = {"low": "from", "high": "to"} if table["low"].notna().any() else {}
    columns = {
        "country": "Country", "period": "Period", "value": series.one.unit, **ranges, "publisher": "Publisher",
        "known_since": "Known since", "remark": "Remark", "code": "Code",
    }  # fmt: skip
    return Answer(
        series.one.name,
        _sentence(series),
        desk.made(series.evidence),
        CAVEAT,
        source,
        tuple(filter(None, notes)),
        (lines, _map(series, source, chosen)),
        (AnswerTable("figures", what, columns, _rows(series, table)), _sources(series)),
        {"unit": series.one.unit, "chosen": list(chosen), "indicator": series.one.slug},
    )


def _figures(series: _Series, chosen: Sequence[str], *, log: bool) -> dict[str, Any]:
    rows = series.rows[series.rows["country"].isin(list(chosen))]
    made = indicators.figures(rows, series.names, series.one, chosen, log)
    day = wording.day(series.evidence.as_of)
    return {**made, "told": f"Source: {'; '.join(series.publishers)}. As of {day}."}


def _by_country(series: _Series) -> pd.DataFrame:
    """All figures, country by country, the newest first."""
    ordered = series.rows.assign(name=series.rows["country"].map(series.names))
    return ordered.sort_values(["name", "period"], ascending=[True, False], kind="stable")


def _rows(series: _Series, table: pd.DataFrame) -> list[dict[str, Any]]:
    known = series.evidence.sources()
    kept = table[["country", "period", "value", "low", "high", "source", "published_on", "flag"]]
    return [
        {
            "country": series.names[code],
            "period": period,
            "value": float(value),
            "low": None if low != low else float(low),
            "high": None if high != high else float(high),
            "publisher": known[source].publisher,
            "known_since": f"{published:%Y-%m-%d}",
            "remark": ", ".join(_REMARKS.get(mark, mark) for mark in flag.split(",") if mark),
            "code": code,
            "href": COUNTRY(code),
            "highlight": code in series.wanted,
        }
        for code, period, value, low, high, source, published, flag in kept.itertuples(index=False, name=None)
    ]


def _sources(series: _Series) -> AnswerTable:
    known = series.evidence.sources()
    rows = [
        {"publisher": one.publisher, "title": one.title, "licence": one.licence,
         "retrieved": wording.day(one.retrieved_on), "href": one.url}
        for one in (known[source] for source in dict.fromkeys(series.rows["source"]))
    ]  # fmt: skip
    return AnswerTable("sources", "Sources", _SOURCES, rows)


def _map(series: _Series, source: str, chosen: Sequence[str]) -> AnswerMap:
    one, ranked = series.one, series.ranked
    values = {str(code): float(value) for code, value in zip(ranked["country"], ranked["value"], strict=True)}
    periods = dict(zip(ranked["country"], ranked["period"], strict=True))
    shown = [str(code) for code in world_map.outlines()["paths"]] + [*world_map.outlines()["circles"]]
    members = dict.fromkeys(shown if series.group is None else series.group.members)
    areas = [
        world_map.MapArea(
            code,
            values.get(code),
            f"{series.names[code]}: {wording.amount(values[code], one.unit)} ({wording.period(periods[code])})"
            if code in values
            else f"{series.evidence.resolve(code).name}: no figure known",
        )
        for code in members
    ]
    who = "country" if series.group is None else f"member of {wording.the(series.group.name)}"
    classes = world_map.classes_by_rank(list(values.values()))
    by_code = {area.code: area.told for area in areas}
    first = "; ".join(by_code[code] for code in list(values)[:5] if code in by_code)
    words = world_map.MapWords(
        f"{one.name}: newest figure of each {who}",
        one.unit,
        f"Each colour has about as many countries. {world_map.projection()}",
        "no figure known",
        f"{len(values)} countries. {first}.",
        source,
    )
    caption = Caption(series.evidence.as_of, None, "")
    marked = list(chosen) if series.wanted else []
    return linked_map(areas, classes, words, caption, order=list(values), marked=marked)


def _sentence(series: _Series) -> str:
    """One sentence on the first of the countries asked for, else on those that come first."""
    one, ranked = series.one, series.ranked
    order = [str(code) for code in ranked["country"]]
    newest = series.newest.set_index("country")
    least = "lowest" if one.direction < 0 else "highest"
    group = series.group
    among = f"{len(order)} countries" if group is None else f"{len(order)} members of {wording.the(group.name)}"

    def figure(code: str) -> str:
        row = newest.loc[code]
        return f"{wording.amount(float(row['value']), one.unit)} ({wording.period(row['period'])})"

    if not series.wanted:
        if not order:
            return f"No figure of {among} is known."
        follows = f"; {wording.the(series.names[order[1]])} follows with {figure(order[1])}" if len(order) > 1 else ""
        best = wording.the(series.names[order[0]])
        return wording.sentence(f"{best} has the {least} newest figure of {among}: {figure(order[0])}{follows}.")
    code = series.wanted[0]
    name = wording.the(series.evidence.resolve(code).name)
    if code not in newest.index:
        return f"No figure of {name} is in the evidence."
    if code not in order:
        return wording.sentence(f"{name} has {figure(code)}.")
    place = order.index(code) + 1
    rank = f"the {least}" if place == 1 else f"the {wording.ordinal(place)} {least}"
    return wording.sentence(f"{name} has {figure(code)}, {rank} newest figure of {among}.")

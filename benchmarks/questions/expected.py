"""The questions, and what the evidence settles each with: read or computed when answers are graded, never typed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import headway as hw
from headway.core.errors import InputError
from headway.findings import FindingId

if TYPE_CHECKING:
    import pandas as pd

    from headway.api.evidence import EvidenceTables
    from headway.findings import Finding

FILE = Path(__file__).with_name("questions.toml")
TOLERANCE = 0.01  # of a figure without an interval: what rounding may take
RATIO_TOLERANCE = 0.05  # of a ratio of two figures
DRAWS = 256
MODEL_SOURCES = ("headway",)


@dataclass(frozen=True, slots=True)
class BenchmarkQuestion:
    """One question; `settled` says where its answer is read or computed."""

    id: str
    kind: str
    asks: str
    settled: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """What the evidence settles a question with.

    Attributes:
        known: False where the honest answer is that it is not known.
        low, high: least and greatest number that is right; None where a name is asked for or nothing is known.
        names: spellings of the name that is right, in lower case.
        date: period or day that the answer speaks of, `2023`, `2025Q2`, `2025-03-13`; empty where none is asked for.
        sources: words of which a right source holds one, in lower case; empty where none is asked for.
    """

    known: bool = True
    low: float | None = None
    high: float | None = None
    names: tuple[str, ...] = ()
    date: str = ""
    sources: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def questions() -> tuple[BenchmarkQuestion, ...]:
    """All questions, in the order of the file."""
    entries = tomllib.loads(FILE.read_text("utf-8"))["question"]
    return tuple(BenchmarkQuestion(one["id"], one["kind"], one["asks"], one["settled"]) for one in entries)


def expected(question: BenchmarkQuestion, tables: EvidenceTables) -> ExpectedAnswer:
    """The right answer by the evidence.

    Raises:
        InputError: the evidence does not settle it, or no way of settling fits; the message names the question.
    """
    settled = question.settled
    way = next((name for name in _WAYS if name in settled), None)
    if way is None:
        raise InputError(f"question {question.id}: settled by none of {', '.join(_WAYS)}")
    try:
        return _WAYS[way](settled, tables)
    except InputError as error:
        raise InputError(f"question {question.id}: {error}") from error


def newest(tables: EvidenceTables, series: str, country: str, period: str | None = None) -> pd.Series[Any]:
    """Row of the newest figure of a country, or of one period; targets are left out.

    Raises:
        InputError: there is none.
    """
    rows = tables.series(series, country, period, period)
    rows = rows[~rows["flag"].str.contains("target", regex=False)].sort_values("period")
    if rows.empty:
        raise InputError(f"{series} of {country} has no figure{f' of {period}' if period else ''}")
    return rows.iloc[-1]


def _series(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    row = newest(tables, settled["series"], settled["country"], settled.get("period"))
    gives, sources = settled.get("gives", "value"), _sources_of(row["publisher"], row["title"], row["url"])
    if gives == "period":
        return ExpectedAnswer(date=str(row["period"]), sources=sources)
    if gives == "published_on":
        return ExpectedAnswer(date=str(row["published_on"].date()), sources=sources)
    low, high = _range(row)
    return ExpectedAnswer(low=low, high=high, date=str(row["period"]), sources=sources)


def _range(row: Mapping[str, Any]) -> tuple[float, float]:
    """Interval of a figure, or what rounding may take of it."""
    value, slack = float(row["value"]), abs(float(row["value"])) * TOLERANCE
    low, high = float(row["low"]), float(row["high"])
    return (low, high) if low == low and high == high else (value - slack, value + slack)


def _largest(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    ranges = _ranges(settled["largest"], settled["among"], tables)
    order = sorted(ranges, key=lambda code: -ranges[code][0])
    if ranges[order[0]][0] <= max(ranges[code][1] for code in order[1:]):
        raise InputError(f"intervals of {settled['largest']} overlap: the evidence does not say which is the largest")
    row = newest(tables, settled["largest"], order[0])
    return ExpectedAnswer(
        names=_names(order[0], tables), sources=_sources_of(row["publisher"], row["title"], row["url"])
    )


def _undecided(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    ranges = _ranges(settled["undecided"], settled["among"], tables)
    if max(low for low, _ in ranges.values()) > min(high for _, high in ranges.values()):
        raise InputError(f"intervals of {settled['undecided']} do not overlap: the evidence says which is the largest")
    return ExpectedAnswer(known=False)


def _ranges(series: str, among: Sequence[str], tables: EvidenceTables) -> dict[str, tuple[float, float]]:
    return {code: _range(newest(tables, series, code)) for code in among}


def _ratio(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    rows = [newest(tables, settled["ratio"], settled[name]) for name in ("country", "over")]
    if rows[0]["period"] != rows[1]["period"]:
        raise InputError("the two figures are not of one period")
    ratio = float(rows[0]["value"] / rows[1]["value"])
    return ExpectedAnswer(
        low=ratio * (1 - RATIO_TOLERANCE),
        high=ratio * (1 + RATIO_TOLERANCE),
        date=str(rows[0]["period"]),
        sources=_sources_of(rows[0]["publisher"], rows[0]["title"], rows[0]["url"]),
    )


def _finding(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    traced = hw.trace(f"{settled['finding']}@{tables.as_of}")
    facts = traced.to_frame()
    sources = tuple(
        dict.fromkeys(
            word for _, row in facts.iterrows() for word in _sources_of(row["publisher"], row["title"], row["url"])
        )
    )
    low, high = _interval(traced.finding)
    return ExpectedAnswer(low=low, high=high, sources=(*sources, *MODEL_SOURCES))


def _interval(finding: Finding) -> tuple[float, float]:
    if finding.low is None or finding.high is None:
        raise InputError(f"{finding.id} has no interval")
    return finding.low, finding.high


def _place(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    ranks = hw.standing(view=settled["place"], evidence=tables).ranks
    first, second = sorted(settled["among"], key=lambda code: float(ranks.at[code, "rank"]))
    if ranks.at[first, "high"] >= ranks.at[second, "low"]:
        raise InputError("intervals of the places overlap: the evidence does not say which is the better")
    return ExpectedAnswer(names=_names(first, tables), sources=MODEL_SOURCES)


def _statement(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    rows = tables.statements()
    found = rows[rows["id"] == settled["statement"]]
    if found.empty:
        raise InputError(f"no statement has the id {settled['statement']}")
    row = found.iloc[0]
    sources = _sources_of(row["publisher"], row["title"], row["url"])
    if settled["gives"] == "date":
        return ExpectedAnswer(date=str(row["date"].date()), sources=sources)
    if settled["gives"] == "target_year":
        return ExpectedAnswer(date=f"{row['target_year']:.0f}", sources=sources)
    value = float(row["value"])
    return ExpectedAnswer(low=value * (1 - TOLERANCE), high=value * (1 + TOLERANCE), sources=sources)


def _model(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    row = _model_named(settled["model"], tables)
    source = tables.opened.sources()[str(row["source"])]
    sources = _sources_of(source.publisher, source.title, source.url)
    if settled["gives"] == "released":
        return ExpectedAnswer(date=str(row["released"].date()), sources=sources)
    return ExpectedAnswer(low=float(row["eci_low"]), high=float(row["eci_high"]), sources=sources)


def _model_named(name: str, tables: EvidenceTables) -> pd.Series[Any]:
    models = tables.models()
    found = models[models["model"] == name]
    if found.empty:
        raise InputError(f"no model is called {name}")
    return found.iloc[0]


def _cause(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    made = hw.explain(settled["cause"], settled["against"], draws=DRAWS, evidence=tables)
    arguments = {finding.id: FindingId.parse(finding.id).arguments for finding in made.findings}
    parts = {arguments[one.id][1]: one for one in made.findings if len(arguments[one.id]) == 2}
    if "named" in settled:
        low, high = _interval(parts[settled["named"]])
        return ExpectedAnswer(low=low, high=high, sources=MODEL_SOURCES)
    largest = max(parts, key=lambda cause: float(parts[cause].value or 0))
    return ExpectedAnswer(names=(largest, largest.replace("_", " ")), sources=MODEL_SOURCES)


def _change(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    from headway.mcp.arguments import SimulateArguments
    from headway.mcp.model_tools import simulate
    from headway.mcp.session import McpSession

    asked = SimulateArguments(
        country=settled["country"], scenario=settled["scenario"], series=[settled["change"]], until=settled["until"],
        draws=DRAWS,
    )  # fmt: skip
    told = simulate(McpSession(), asked).statements[1].statement
    return ExpectedAnswer(low=told.low, high=told.high, sources=MODEL_SOURCES)


def _absent(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    try:
        newest(tables, settled["absent"], settled["country"], settled.get("period"))
    except InputError:
        tables.opened.resolve(settled["country"])  # a name that does not exist would be absent, too
        return ExpectedAnswer(known=False)
    raise InputError(f"the evidence has {settled['absent']} of {settled['country']}")


def _unscored(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    name = settled["unscored"]
    if len(name) == 3:
        return _absent({"absent": "capability_level", "country": name}, tables)
    if _model_named(name, tables)["eci"] == _model_named(name, tables)["eci"]:
        raise InputError(f"{name} has a level")
    return ExpectedAnswer(known=False)


def _beyond(settled: Mapping[str, Any], tables: EvidenceTables) -> ExpectedAnswer:
    from headway.ensemble.question import LATEST

    if settled["beyond"] <= LATEST:
        raise InputError(f"{settled['beyond']} lies within the horizon of the model")
    return ExpectedAnswer(known=False)


_WAYS: Mapping[str, Callable[[Mapping[str, Any], EvidenceTables], ExpectedAnswer]] = {
    "series": _series,
    "largest": _largest,
    "ratio": _ratio,
    "finding": _finding,
    "place": _place,
    "statement": _statement,
    "model": _model,
    "cause": _cause,
    "change": _change,
    "absent": _absent,
    "undecided": _undecided,
    "unscored": _unscored,
    "beyond": _beyond,
}


def _names(code: str, tables: EvidenceTables) -> tuple[str, ...]:
    """Code and name of a country, in lower case."""
    return code.lower(), tables.opened.resolve(code).name.lower()


def _sources_of(publisher: str, title: str, url: str) -> tuple[str, ...]:
    """Words by which a source is known: its publisher, its title, and the host of its address."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    named = publisher.split(" (after ")[0].split(", by way of ")[0]
    return tuple(word.lower() for word in (named, title, host) if word)

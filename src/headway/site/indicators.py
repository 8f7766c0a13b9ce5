"""Page of an indicator: its chart, the newest figure of every country, all periods, and the same as CSV."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from headway.charts import NARROW, WIDE, Caption, picture_svg
from headway.core import periods, wording
from headway.evidence import Evidence
from headway.evidence.catalogue import Indicator, Source
from headway.findings import Picture

if TYPE_CHECKING:
    import pandas as pd

_LINES, _BARS = 5, 12  # countries in a chart
_COLUMNS = ["country", "period", "value", "low", "high", "level", "source", "published_on", "flag", "grade", "read_in"]
_BOUNDS = ("value", "low", "high")
_FIELDS = ("country", "period", "value", "low", "high", "source", "published_on")


@dataclass(frozen=True)
class IndicatorPage:
    """Content of an indicator's page.

    Attributes:
        newest, whole: rows of the two tables as HTML.
        sources: publishers by the number that rows cite.
        pictures: chart for a wide and for a narrow screen.
        told: words under the chart's heading on which countries it shows.
        figures: all figures as JSON that is safe inside a page, from which its script draws; empty where the chart has
            bars.
    """

    indicator: Indicator
    countries: int
    values: int
    first: str
    last: str
    newest: Markup
    whole: Markup
    sources: Mapping[int, Source]
    pictures: tuple[Markup, Markup]
    told: str
    csv: str
    figures: Markup


def available(evidence: Evidence) -> dict[str, Indicator]:
    """Indicators with at least one figure that is no target, by slug, in order of domain and name."""
    rows = evidence.observations()
    present = set(without_targets(rows)["indicator"].unique())
    listed = sorted(evidence.indicators().items(), key=lambda item: (item[1].domain, item[1].name))
    return {slug: one for slug, one in listed if slug in present}


def page(evidence: Evidence, slug: str, linked: Collection[str]) -> IndicatorPage:
    """Content of the page of an indicator that has figures.

    Args:
        linked: codes of the countries that have a page in the site.
    """
    one = evidence.indicators()[slug]
    rows = evidence.observations(slug)
    newest = evidence.latest(slug)
    names = {code: evidence.resolve(code).name for code in rows["country"].unique()}
    numbers = {source: number for number, source in enumerate(dict.fromkeys(rows["source"]), start=1)}
    links = {
        code: Markup('<a href="../countries/{}.html">{}</a>').format(code, name) if code in linked else escape(name)
        for code, name in names.items()
    }
    newest = newest.sort_values("value", ascending=one.direction < 0, kind="stable")
    ordered = rows.assign(name=rows["country"].map(names)).sort_values(
        ["name", "period"], ascending=[True, False], kind="stable"
    )
    picture, told, chosen = drawn(
        rows, newest, names, one, [evidence.sources()[source].publisher for source in numbers]
    )
    caption = Caption(evidence.as_of, None, "")
    return IndicatorPage(
        indicator=one,
        countries=len(names),
        values=len(rows),
        first=wording.period(min(rows["period"], key=periods.start)),
        last=wording.period(max(rows["period"], key=periods.end)),
        newest=_newest(newest, links, numbers),
        whole=_whole(ordered, names, numbers),
        sources={number: evidence.sources()[source] for source, number in numbers.items()},
        pictures=(Markup(picture_svg(picture, caption, WIDE)), Markup(picture_svg(picture, caption, NARROW))),
        told=told,
        figures=_embedded(figures(rows, names, one, chosen, picture.log)) if picture.kind == "lines" else Markup(),
        csv=rows[_COLUMNS].rename(columns={"value": f"value ({one.unit})"}).to_csv(index=False, date_format="%Y-%m-%d"),
    )


def without_targets(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of what was measured or estimated, not of what somebody aims at."""
    return rows[~rows["flag"].str.contains("target", regex=False)]


def _shown(value: float, low: float, high: float) -> str:
    """A figure with its interval where it has one."""
    return wording.number(value, 4) + (f" ({wording.interval(low, high)})" if low == low else "")


def _newest(rows: pd.DataFrame, links: Mapping[str, Markup], numbers: Mapping[str, int]) -> Markup:
    """Rows of the table of newest figures; each number carries its exact value, by which it is sorted."""
    lines = []
    for code, period, value, low, high, source, published in zip(*(rows[name] for name in _FIELDS), strict=True):
        lines.append(
            f'<tr data-find="{escape(links[code].striptags())} {code}"><th scope=row>{links[code]}<td>{period}'
            f'<td data-value="{value:.12g}">{_shown(value, low, high)}'
            f'<td><a href="#s{numbers[source]}">{numbers[source]}</a>'
            f"<td>{published:%Y-%m-%d}"
        )
    return Markup("\n".join(lines))


def _whole(rows: pd.DataFrame, names: Mapping[str, str], numbers: Mapping[str, int]) -> Markup:
    """Rows of the table of all figures, country by country; short, because they are most of a site's bytes."""
    lines = []
    for code, group in rows.groupby("country", sort=False):
        lines.append(f"<tr><th colspan=4 scope=rowgroup>{escape(names[str(code)])}")
        fields = zip(*(group[name] for name in (*_FIELDS[1:], "flag")), strict=True)
        for period, value, low, high, source, published, flag in fields:
            target = " (target)" if "target" in flag else ""
            lines.append(
                f"<tr><td>{period}{target}<td>{_shown(value, low, high)}<td>{numbers[source]}<td>{published:%Y-%m-%d}"
            )
    return Markup("\n".join(lines))


def drawn(
    rows: pd.DataFrame,
    newest: pd.DataFrame,
    names: Mapping[str, str],
    one: Indicator,
    publishers: Sequence[str],
    *,
    wanted: Sequence[str] = (),
    log: bool | None = None,
) -> tuple[Picture, str, Sequence[str]]:
    """Chart of an indicator: lines, or bars where hardly any country has two periods.

    Also which countries it shows, in words and as codes.

    Args:
        rows: figures, `newest` those of the newest period of each country, best first.
        wanted: codes of the countries to show; those that come first in their newest period where none is given.
        log: whether the axis of lines is logarithmic; None where their figures decide.
    """
    source = ", ".join(dict.fromkeys(publishers))
    real = without_targets(rows)
    lengths = real.groupby("country").size()
    order = list(newest["country"])
    named = [code for code in wanted if code in order and lengths.get(code, 0) > 0]
    lines = [code for code in order if lengths[code] >= 3][:_LINES]
    if named:
        as_lines = any(lengths[code] >= 2 for code in named)
        chosen = named if as_lines else [*(code for code in order if code not in named)][: _BARS - len(named)] + named
    else:
        as_lines = len(lines) >= min(_LINES, len(order))
        chosen = lines if as_lines else order[:_BARS]
    least = "lowest" if one.direction < 0 else "highest"
    ends = newest.set_index("country")["value"]
    if not as_lines:
        chosen = sorted(chosen, key=lambda code: float(ends[code]), reverse=one.direction >= 0)
    ends_told = "; ".join(f"{names[code]}: {wording.amount(float(ends[code]), one.unit)}" for code in chosen)
    data: list[dict[str, Any]]
    if as_lines:
        part = real[real["country"].isin(chosen)].sort_values("period")
        data = [
            {"label": names[code], "date": period, "value": float(value)}
            for place in chosen
            for code, period, value in zip(part["country"], part["period"], part["value"], strict=True)
            if code == place
        ]
    else:
        marked = {code: {"highlight": True} for code in named}
        data = [{"label": names[code], "value": float(ends[code]), **marked.get(code, {})} for code in chosen]
    values = [row["value"] for row in data]
    can = as_lines and min(values) > 0
    picture = Picture(
        kind="lines" if as_lines else "bars",
        title=one.name,
        rows=tuple(data),
        x="" if as_lines else one.unit,
        y=one.unit if as_lines else "",
        alternative=f"Newest figures: {ends_told}.",
        source=source,
        log=can and (max(values) > 50 * min(values) if log is None else log),
    )
    told = f"The {len(chosen)} countries with the {least} newest figure." if len(order) > len(chosen) else ""
    return picture, "" if named else told, chosen


def figures(
    rows: pd.DataFrame, names: Mapping[str, str], one: Indicator, chosen: Sequence[str], log: bool
) -> dict[str, Any]:
    """All figures by country and period, with periods as years and in words; targets are no figures."""
    real = without_targets(rows)
    ordered = sorted(real["period"].unique(), key=periods.start)
    wide = real.drop_duplicates(["country", "period"], keep="last").pivot(
        index="country", columns="period", values=["value", "low", "high"]
    )
    series: dict[str, dict[str, Any]] = {}
    for code in sorted(wide.index, key=lambda code: names[code]):
        by_column = {column: [_rounded(wide.at[code, (column, period)]) for period in ordered] for column in _BOUNDS}
        known = {column: values for column, values in by_column.items() if any(value is not None for value in values)}
        series[code] = {"name": names[code], "values": known.pop("value"), **known}
    return {
        "title": one.name,
        "unit": one.unit,
        "log": log,
        "chosen": list(chosen),
        "periods": [(_year(period), wording.period(period)) for period in ordered],
        "series": series,
    }


def _embedded(made: Mapping[str, Any]) -> Markup:
    """Figures as JSON that is safe inside a page."""
    return Markup(json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))


def _year(period: str) -> float:
    """Start of a period as a year with its fraction."""
    start = periods.start(period)
    return round(start.year + (start.timetuple().tm_yday - 1) / 365.25, 3)


def _rounded(value: float) -> float | None:
    """A figure to six digits; None where there is none."""
    return float(f"{value:.6g}") if value == value else None

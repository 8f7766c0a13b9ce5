"""The registry and the scenarios as tables, for the command line and for the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.scenarios import scenario
from headway.scenarios.country_table import BarredAccess, DatedEstimate, DatedValue, country_table
from headway.scenarios.quantities import quantities
from headway.scenarios.registry import EvidenceTier, Registry

if TYPE_CHECKING:
    import pandas as pd

_HEADINGS = {
    "spending": "1 Spending",
    "supply": "2 Supply under controls",
    "stock": "3 Stock",
    "training_run": "4 Largest run",
    "talent": "5 Talent",
    "algorithms": "6 Algorithms",
    "capability": "7 Capability",
    "niches": "8 Niches",
}
_TIERS = {
    EvidenceTier.FIT: "data inform it",
    EvidenceTier.PRIOR: "literature only",
    EvidenceTier.SCENARIO: "a choice, with its rationale",
}


def parameter_table(registry: Registry) -> pd.DataFrame:
    """One row per parameter: key, mechanism and the fields of `Parameter`; `source` is citation or rationale."""
    import pandas as pd

    rows = [
        {
            "key": key,
            "mechanism": group,
            "symbol": p.symbol,
            "name": p.name,
            "meaning": p.meaning,
            "unit": p.unit,
            "scope": str(p.scope),
            "tier": str(p.tier),
            "distribution": str(p.distribution),
            "source": p.citation or p.rationale,
            "grade": str(p.grade) if p.grade else "choice",
            "url": p.url,
            "note": p.note,
        }
        for group, members in registry.groups.items()
        for key, p in members.items()
    ]
    return pd.DataFrame(rows)


def scenario_table() -> pd.DataFrame:
    """One row per shipped scenario: name, title, what it extends, description."""
    import pandas as pd

    loaded = [scenario.load(name)[-1] for name in scenario.shipped()]
    columns = ("scenario", "title", "extends", "description")
    return pd.DataFrame([[getattr(s, column) or "" for column in columns] for s in loaded], columns=list(columns))


def markdown(registry: Registry) -> str:
    """The page docs/parameters.md: every parameter by mechanism, the correlations, and the country table."""
    table = parameter_table(registry)
    parts = [
        "# Which numbers does the model suppose?",
        "<!-- Written by `python docs/scenario_tables.py`; edit src/headway/scenarios/*.toml instead. -->",
        "Every uncertain number of the model. Tier says how much stands behind it: "
        + "; ".join(f"**{tier}**: {words}" for tier, words in _TIERS.items())
        + ". Intervals of lognormal distributions: median ×/÷ the factor of the 90 % interval.",
    ]
    for group, rows in table.groupby("mechanism", sort=False):
        parts += [f"## {_HEADINGS.get(str(group), str(group))}", _rows_of(rows)]
    parts += ["## Drivers", "Quantities that a scenario file may change, by dates and countries.", _driver_rows()]
    parts += ["## What goes together", _bullets(
        f"{' and '.join(c.parameters)}: {c.value:+g}. {c.citation or c.rationale}" for c in registry.correlations
    )]  # fmt: skip
    parts += ["## Countries", "Facts about single countries that no table of evidence carries.", _country_rows()]
    return "\n\n".join(parts) + "\n"


def _rows_of(rows: pd.DataFrame) -> str:
    lines = ["| symbol | parameter | unit | tier | distribution | source |", "|---|---|---|---|---|---|"]
    for row in rows.itertuples():
        source = f"[{row.source}]({row.url}) ({row.grade})" if row.url else f"{row.source}"
        note = f" {row.note}" if row.note else ""
        scope = "" if row.scope == "world" else f" One per {row.scope}."
        cells = (row.symbol, f"**{row.name}** `{row.key}`. {row.meaning}{scope}", row.unit, row.tier, row.distribution)
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in (*cells, source + note)) + " |")
    return "\n".join(lines)


def _driver_rows() -> str:
    lines = ["| driver | what it is | unit | range | more of it |", "|---|---|---|---|---|"]
    for name, one in quantities().items():
        span = f"{one.low:g} to {one.high:g}" if one.high is not None else f"{one.low:g} and above"
        lines.append(f"| `{name}` {one.label} | {one.meaning} | {one.unit} | {span} | {one.larger} |")
    return "\n".join(lines)


def _country_rows() -> str:
    lines = ["| country | fact | from | value | source |", "|---|---|---|---|---|"]
    for code, country in country_table().items():
        for fact in type(country).model_fields:
            for row in getattr(country, fact):
                lines.append(_country_row(code, fact, row))
    return "\n".join(lines)


def _country_row(code: str, fact: str, row: DatedValue | DatedEstimate | BarredAccess) -> str:
    match row:
        case DatedValue():
            when, value = row.since.isoformat(), f"{row.value:g}"
        case DatedEstimate():
            when, value = row.quarter, f"{row.value:g} [{row.low:g}, {row.high:g}]"
        case BarredAccess():
            when, value = row.since.isoformat(), f"by {', '.join(row.by)}"
            when += f" to {row.until}" if row.until else ""
    source = f"[{row.citation}]({row.url})" if row.url else f"choice: {row.rationale}"
    return f"| {code} | {fact} | {when} | {value} | {source}{' ' + row.note if row.note else ''} |"


def _bullets(lines: object) -> str:
    return "\n".join(f"- {line}" for line in lines)  # type: ignore[attr-defined]

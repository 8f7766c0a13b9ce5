"""Tools that read the evidence: series, places of countries, and the chain behind an id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from headway.core.errors import InputError
from headway.core.numbers import LEVEL
from headway.evidence.benchmarks import partial_coverage
from headway.mcp.answer import SourcedStatement, UncutAnswer, names, of_fact, of_findings, rounded
from headway.mcp.session import country_codes, made

if TYPE_CHECKING:
    import pandas as pd

    from headway.api.evidence import EvidenceTables
    from headway.mcp.arguments import CapabilityArguments, SeriesArguments, StandingArguments, TraceArguments
    from headway.mcp.session import McpSession

MOST_COUNTRIES = 20
MOST_ROWS = 400


def series(session: McpSession, asked: SeriesArguments) -> UncutAnswer:
    """Figures of one indicator: the newest of each country, or all from `since` to `until`.

    Raises:
        InputError: an unknown indicator, country or period; the message gives what is near.
    """
    tables = session.evidence(asked.as_of)
    slug = _slug(tables, asked.indicator)
    codes = few(country_codes(tables, names(asked.countries)))
    rows = tables.series(slug, codes or None, asked.since, asked.until)
    rows = rows[~rows["flag"].str.contains("target", regex=False)]
    if asked.since is None and asked.until is None:
        rows = rows.sort_values("period").groupby("country").tail(1).sort_values("value", ascending=False)
    else:
        rows = rows.sort_values(["period", "value"], ascending=False)
    about = tables.opened.indicators()[slug]
    missing = [code for code in codes if code not in set(rows["country"])]
    return UncutAnswer(
        as_of=tables.as_of,
        statements=tuple(_rows(rows.head(MOST_ROWS), tables)),
        not_known=tuple(
            f"{about.name} of {tables.opened.resolve(code).name}: the evidence has no figure"
            f"{' for these periods' if asked.since or asked.until else ''}."
            for code in missing
        ),
        made_by=f"headway evidence show {slug}",
        narrower="name countries, or a shorter span by since and until",
    )


def _rows(rows: pd.DataFrame, tables: EvidenceTables) -> list[SourcedStatement]:
    """Rows of a series as statements, in their order."""
    facts = tables.opened.facts(rows["id"])
    return [of_fact(facts[identifier], tables.opened) for identifier in rows["id"] if identifier in facts]


def _slug(tables: EvidenceTables, text: str) -> str:
    """Slug of an indicator.

    Raises:
        InputError: there is none; the message gives those whose slug, name or meaning is near.
    """
    known = tables.opened.indicators()
    slug = text.strip().lower().replace(" ", "_").replace("-", "_")
    if slug in known:
        return slug
    words = set(re.findall(r"[a-z]{3,}", text.lower()))
    texts = {name: f"{name.replace('_', ' ')} {one.name} {one.description}".lower() for name, one in known.items()}
    scores = {name: sum(word in about for word in words) for name, about in texts.items()}
    near = [name for name in sorted(scores, key=lambda name: -scores[name]) if scores[name]][:6]
    near = list(dict.fromkeys([*get_close_matches(slug, known, 3, 0.6), *near]))[:6]
    meant = "; ".join(f"{name} ({known[name].name}, {known[name].unit})" for name in near)
    raise InputError(f"'{text}' is not an indicator; near are: {meant or 'none'}. headway://indicators lists all")


def capability(session: McpSession, asked: CapabilityArguments) -> UncutAnswer:
    """Best level so far of countries in ECI points, and their strongest models; or the levels of one model.

    Raises:
        InputError: an unknown country or model; the message gives what is near.
    """
    tables = session.evidence(asked.as_of)
    if asked.model is not None:
        return _levels(tables, asked.model)
    codes = few(country_codes(tables, names(asked.countries)))
    rows = tables.series("capability_level", codes or None)
    newest = rows.sort_values("period").groupby("country").tail(1).sort_values("value", ascending=False)
    models = tables.models()
    strongest = [_strongest(models, code) for code in codes]
    missing = [code for code in codes if code not in set(newest["country"])]
    lower = {code: why for code, why in partial_coverage().items() if code in codes}
    return UncutAnswer(
        as_of=tables.as_of,
        statements=(*_rows(newest, tables), *(level_of(row, tables) for found in strongest for row in found)),
        not_known=(
            *(
                f"{tables.opened.resolve(code).name} has no model of its own with results on two public benchmarks: "
                "its level can only be inferred (brief, section gap)."
                for code in missing
            ),
            *(f"{tables.opened.resolve(code).name}: a lower bound, since {why}." for code, why in lower.items()),
        ),
        made_by=f"headway capability {codes[0] if len(codes) == 1 else ''}".rstrip(),
        narrower="name countries, or a model",
    )


def _strongest(models: pd.DataFrame, code: str, count: int = 3) -> list[Mapping[str, Any]]:
    """Rows of the strongest models of a country, one a model, the one with the highest level first."""
    own = models[(models["countries"].fillna("").str.split(";").str[0] == code) & models["eci"].notna()]
    own = own.assign(named=own["model_group"].fillna(own["model"])).sort_values("eci", ascending=False, kind="stable")
    return [dict(row) for row in own.drop_duplicates("named").head(count).to_dict("records")]


def _levels(tables: EvidenceTables, name: str) -> UncutAnswer:
    """Levels of the models whose name begins with `name`, the newest first."""
    models = tables.models()
    named = models.assign(named=models["model_group"].fillna(models["model"]).astype(str))
    found = named[named["named"].str.casefold().str.startswith(name.strip().casefold())]
    if found.empty:
        near = get_close_matches(name.casefold(), dict.fromkeys(named["named"].str.casefold()), 4, 0.5)
        raise InputError(f"no model known on {tables.as_of} is called '{name}'; near are: {', '.join(near) or 'none'}")
    found = found.sort_values(["released", "eci"], ascending=False, kind="stable").drop_duplicates("named")
    scored, others = found[found["eci"].notna()], found[found["eci"].isna()]
    return UncutAnswer(
        as_of=tables.as_of,
        statements=tuple(level_of(row, tables) for row in scored.to_dict("records")),
        not_known=tuple(
            f"{one}: known, without a level, since it has too few public results." for one in others["named"][:6]
        ),
    )


def level_of(row: Mapping[str, Any], tables: EvidenceTables) -> SourcedStatement:
    """Level of one model as a statement."""
    from headway.core import wording

    told = of_fact(tables.opened.fact(str(row["id"])), tables.opened)
    value, low, high = (rounded(row[name]) for name in ("eci", "eci_low", "eci_high"))
    level = None if low is None or high is None else LEVEL
    shown = wording.quantity(float(row["eci"]), low, high, level, "ECI points")
    statement = told.statement.model_copy(
        update={
            "sentence": f"{told.statement.sentence.rstrip('.')}: {shown}.",
            "value": value,
            "low": low if level else None,
            "high": high if level else None,
            "level": level,
            "unit": "ECI points",
            "period": str(row["released"])[:10],
        }
    )
    return SourcedStatement(statement, told.sources)


def standing(session: McpSession, asked: StandingArguments) -> UncutAnswer:
    """Places of countries with their intervals over alternative rankings; the first ten where none are named.

    Raises:
        InputError: an unknown domain or country.
    """
    from headway.api.standing import standing as ranked
    from headway.scenarios.question import context

    tables = session.evidence(asked.as_of)
    found = ranked(asked.domain, view=asked.view, evidence=tables)
    codes = few(country_codes(tables, names(asked.countries))) or tuple(found.ranks.index[:10])
    recipe = "standing.domain" if asked.domain else f"standing.{asked.view}"
    name = f"standing.domain:{asked.domain}:{asked.view}" if asked.domain else recipe
    findings, missing = [], []
    for code in codes:
        finding = made(context(tables.opened, code), recipe).get(name)
        if finding is None or finding.value is None:
            missing.append(f"{tables.opened.resolve(code).name} takes no place here: too little is on record for it.")
        else:
            findings.append(finding)
    return UncutAnswer(
        as_of=tables.as_of,
        statements=of_findings(findings, tables.opened),
        not_known=tuple(missing),
        made_by=f"headway standing{f' --domain {asked.domain}' if asked.domain else ''} --view {asked.view}",
        narrower=f"name countries, or a domain: {', '.join(found.domains)}",
    )


def trace(session: McpSession, asked: TraceArguments) -> UncutAnswer:
    """A finding made again, then all the facts that it rests on; or one fact and what it was derived from.

    Raises:
        InputError: no such id.
    """
    text = asked.id.strip()
    if "@" not in text:
        return _fact(session, text)
    if ":asked@" in text:
        raise InputError(f"{text} answers a question of its own and is made again by the command under made_by")
    from headway.api.trace import trace as traced

    found = traced(text, extra=session.files if "+" in text else ())
    opened = session.evidence(found.finding.as_of.isoformat()).opened
    rows = found.to_frame().drop_duplicates("id")
    facts = opened.facts(rows["id"])
    behind = tuple(of_fact(facts[identifier], opened) for identifier in rows["id"] if identifier in facts)
    return UncutAnswer(
        as_of=found.finding.as_of,
        statements=(*of_findings([found.finding], opened), *behind),
        not_known=()
        if behind
        else ("No single fact stands behind it: it speaks of the model, or of what is missing.",),
        made_by=f"headway trace {text}",
    )


def _fact(session: McpSession, text: str) -> UncutAnswer:
    """One fact and what it was derived from."""
    tables = session.evidence(None)
    known = tables.opened.facts([text])
    if text not in known:
        raise InputError(
            f"'{text}' is no id of the evidence of {tables.as_of}; give an id as the answers print it, of a finding "
            "(RUS:gap.training_compute:USA@2026-11-22) or of a fact"
        )
    inputs = tables.opened.facts(known[text].inputs)
    return UncutAnswer(
        as_of=tables.as_of,
        statements=tuple(of_fact(fact, tables.opened) for fact in (known[text], *inputs.values())),
    )


def few(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes, if they are not too many.

    Raises:
        InputError: more than `MOST_COUNTRIES`.
    """
    if len(codes) > MOST_COUNTRIES:
        raise InputError(f"countries: {len(codes)} are named; give {MOST_COUNTRIES} at most")
    return codes

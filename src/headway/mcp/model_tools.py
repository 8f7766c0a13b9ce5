"""Tools that ask the model: the brief and its judgement, causes, strategies and futures under a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headway.core import wording
from headway.core.errors import InputError
from headway.core.numbers import LEVEL
from headway.mcp.answer import (
    AnswerStatement,
    SourcedStatement,
    UncutAnswer,
    model_source,
    names,
    of_findings,
    rounded,
)

if TYPE_CHECKING:
    import xarray as xr

    from headway.api.brief import CountryBrief
    from headway.api.evidence import EvidenceTables
    from headway.mcp.arguments import (
        BriefArguments,
        DriverChangeArguments,
        ExplainArguments,
        JudgementArguments,
        SimulateArguments,
        StrategyArguments,
    )
    from headway.mcp.session import McpSession

Draws = NDArray[np.float64]
_SECTIONS = "ambition, standing, gap, why, strengths, change, outlook or unknowns"


def brief(session: McpSession, asked: BriefArguments) -> UncutAnswer:
    """Findings on a country, the most prominent first; those of one part where it is named.

    Raises:
        InputError: an unknown country or scenario, or a country compared with itself.
    """
    tables = session.evidence(asked.as_of)
    made = _brief(tables, asked.country, names(asked.against), shipped_scenario(asked.scenario))
    chosen = [finding for finding in made.findings if asked.section in (None, finding.section)]
    chosen.sort(key=lambda finding: finding.weight)
    missing = [one for one in made.json()["missing"] if one["section"] == asked.section]
    scenario = "" if asked.scenario == "baseline" else f" --scenario {asked.scenario}"
    return UncutAnswer(
        as_of=made.as_of,
        statements=of_findings(chosen, tables.opened),
        not_known=tuple(one["reason"] for one in missing),
        made_by=f"headway brief {made.country}{_against(asked.against)}{scenario} --as-of {made.as_of}",
        narrower=f"name a section: {_SECTIONS}",
    )


def judgement(session: McpSession, asked: JudgementArguments) -> UncutAnswer:
    """The brief as one argument of five to seven sentences, then the findings that these rest on.

    Raises:
        InputError: as `brief`.
    """
    from headway.brief import view
    from headway.findings.finding import FindingTier

    tables = session.evidence(asked.as_of)
    made = _brief(tables, asked.country, names(asked.against), None)
    tiers = [str(tier) for tier in FindingTier]  # a sentence has the last tier of its findings
    sentences = view.judgement(made.composed)
    behind = dict.fromkeys(name for sentence in sentences for name in sentence.findings)
    told = dict(zip(behind, of_findings([made[name] for name in behind], tables.opened), strict=True))
    statements = [
        SourcedStatement(
            AnswerStatement(
                sentence=sentence.text,
                tier=max((told[name].statement.tier for name in sentence.findings), key=tiers.index, default=""),
                rests_on=sentence.findings,
            ),
            tuple(dict.fromkeys(source for name in sentence.findings for source in told[name].sources)),
        )
        for sentence in sentences
    ]
    return UncutAnswer(
        as_of=made.as_of,
        statements=(*statements, *told.values()),
        made_by=f"headway brief {made.country}{_against(asked.against)} --as-of {made.as_of}",
        narrower="the first sentences are the judgement, the rest what it rests on",
    )


def _brief(tables: EvidenceTables, country: str, against: Sequence[str], scenario: str | None) -> CountryBrief:
    from headway.api.brief import brief as composed

    return composed(country, against=against, scenario=scenario, evidence=tables)


def _against(given: Sequence[str] | str) -> str:
    return f" --against {','.join(names(given))}" if names(given) else ""


def shipped_scenario(name: str) -> str | None:
    """Name of a shipped scenario, None for the baseline: tools read no file of the user.

    Raises:
        InputError: no scenario of that name ships.
    """
    from difflib import get_close_matches

    from headway.scenarios.scenario import shipped

    if name not in shipped():
        near = get_close_matches(name, shipped(), 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise InputError(f"no scenario '{name}'; {meant}there are {', '.join(shipped())}")
    return None if name == "baseline" else name


def explain(session: McpSession, asked: ExplainArguments) -> UncutAnswer:
    """The gap to a rival split over its causes, the whole first and then the causes by size.

    Raises:
        InputError: an unknown country, a date that cannot be. EvidenceError: the evidence says too little of a country.
    """
    from headway.api.explain import explain as explained

    tables = session.evidence(asked.as_of)
    found = explained(asked.country, asked.against, at=asked.at, draws=asked.draws, evidence=tables)
    at = f" --at {asked.at}" if asked.at else ""
    return UncutAnswer(
        as_of=tables.as_of,
        statements=of_findings(found.findings, tables.opened),
        made_by=f"headway explain {found.country} --against {found.against}{at} --draws {asked.draws}",
    )


def strategy(session: McpSession, asked: StrategyArguments) -> UncutAnswer:
    """The strategy of least regret and where it fails, whether supremacy is in reach, then each strategy's effect.

    Raises:
        InputError: an unknown country, a date in the past. EvidenceError: the evidence says too little of the country.
    """
    from headway.api.strategy import strategy as compared

    tables = session.evidence(asked.as_of)
    found = compared(asked.country, asked.budget, asked.until, draws=asked.draws, evidence=tables)
    each = found.question.findings(found.results).strategies()
    words = f"--budget {asked.budget:g} --until {asked.until} --draws {asked.draws}"
    return UncutAnswer(
        as_of=tables.as_of,
        statements=of_findings((*found.findings, *each), tables.opened),
        made_by=f"headway strategy {found.question.context.country} {words}",
    )


SHOWN: dict[str, tuple[float, str, str]] = {
    "lag": (1, "months", "lag behind the best of all other countries (negative: ahead of it)"),
    "gap": (1, "ECI points", "gap in capability to the frontier"),
    "sovereign": (1, "ECI points", "capability of the best own model"),
    "accessible": (1, "ECI points", "capability of the best model in reach, own or on others' open weights"),
    "rank": (1, "rank", "rank by the best own model among all modelled countries"),
    "compute": (1, "H100e", "installed AI compute"),
    "compute_share": (100, "%", "share of the world's installed AI compute"),
    "spending_share": (100, "% of GDP", "AI capital spending"),
    "training_run": (1, "log10 FLOP", "largest training run that the compute allows"),
    "talent": (1, "persons", "AI researchers living in the country"),
}
"""Factor, unit and words in which a series is told."""


def simulate(session: McpSession, asked: SimulateArguments) -> UncutAnswer:
    """Futures of a country under a scenario at the end of `until`, and what it changes against the baseline.

    Members of both runs are the same draws, so that the change is taken member by member.

    Raises:
        InputError: an unknown country or scenario, a malformed change, a date outside the horizon.
        EvidenceError: the evidence cannot anchor the model.
    """
    from headway.api.simulate import simulate as simulated

    tables = session.evidence(asked.as_of)
    shipped_scenario(asked.scenario)
    supposed = own_scenario(asked.scenario, asked.changes) if asked.changes else asked.scenario
    code = tables.opened.resolve(asked.country).code
    wanted = (*asked.series, *(("lag_censored",) if "lag" in asked.series else ()))

    def run(scenario: Any) -> xr.Dataset:
        return simulated(
            scenario, focal=code, countries=code, series=wanted, until=asked.until, draws=asked.draws, evidence=tables
        )

    found = run(supposed)
    usual = None if supposed == "baseline" else run("baseline")
    source = (model_source(found.attrs["posterior"]),)
    told = list(_futures(found, usual, asked.series, tables.opened.resolve(code).name))
    name = "FILE" if asked.changes else asked.scenario
    return UncutAnswer(
        as_of=tables.as_of,
        statements=tuple(SourcedStatement(one, source) for one in told),
        made_by=f"headway simulate --focal {code} --scenario {name} --until {asked.until} --draws {asked.draws}",
    )


def own_scenario(base: str, changes: Sequence[DriverChangeArguments]) -> dict[str, Any]:
    """Fields of a scenario file with these changes on top of a shipped scenario."""
    drivers: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        fields = change.model_dump(exclude={"driver"}, exclude_none=True, by_alias=True)
        for way in ("set", "multiply", "add"):
            if getattr(change, way) is not None:
                fields[way] = dict(getattr(change, way))
        drivers.setdefault(change.driver, []).append(fields)
    words = {"title": "Scenario of your own", "description": "Changes given in the question."}
    return {"scenario": "own", **words, "extends": base, **drivers}


def _futures(
    found: xr.Dataset, usual: xr.Dataset | None, series: Sequence[str], name: str
) -> Iterator[AnswerStatement]:
    """One statement a series on the last quarter, followed by one on the change against the baseline."""
    quarter = str(found["quarter"].to_numpy()[-1])
    title = found.attrs["title"].removeprefix("Headway: ")
    for one in series:
        factor, unit, words = SHOWN[one]
        values = _last(found, one) * factor
        when = f"{name}, {wording.period(quarter)}, “{title}”"
        if one == "lag":
            yield _lag_statement(when, values, _last(found, "lag_censored"), quarter)
        else:
            yield _statement(f"{when}: {words}", values, unit, quarter)
        if usual is not None:
            change = _changed(values, _last(usual, one) * factor)
            ending = "places" if unit == "rank" else unit
            yield _statement(f"{when}: change of the {words}, against the baseline", change, ending, quarter)


def _last(run: xr.Dataset, series: str) -> Draws:
    """Values of one series in the last quarter by member; members that failed are NaN."""
    values = run[series].to_numpy()[-1, 0, :].astype(float)
    return np.where(run["status"].to_numpy() == 0, values, np.nan)


def _changed(values: Draws, usual: Draws) -> Draws:
    """Difference by member; one that only rounding makes is none."""
    change = values - usual
    return np.where(np.abs(change) < 1e-4 * np.maximum(np.abs(values), np.abs(usual)), 0.0, change)


def _lag_statement(when: str, values: Draws, censored: Draws, quarter: str) -> AnswerStatement:
    """The lag in the words of a brief; draws whose lag is longer than the record count as a lower bound."""
    low, middle, high = _quantiles(values)
    share = float(np.nanmean(censored))
    others = "the best of all other countries"
    lag = wording.lag(middle, low, high, LEVEL, beyond=share, behind=f"behind {others}", ahead=f"ahead of {others}")
    told = f"In {wording.of_hundred(share)} draws the lag is longer than shown: the frontier's series starts too late."
    return _drawn(f"{when}: {lag}.", (low, middle, high), "months", quarter, told if share else "")


def _statement(words: str, values: Draws, unit: str, quarter: str) -> AnswerStatement:
    """Median and 90% interval of the draws as a statement."""
    low, middle, high = _quantiles(values)
    text = f"{words}: {wording.quantity(middle, low, high, LEVEL, unit)}."
    return _drawn(text, (low, middle, high), unit, quarter, "")


def _quantiles(values: Draws) -> tuple[float, float, float]:
    tail = (1 - LEVEL) / 2
    low, middle, high = (float(at) for at in np.nanquantile(values, [tail, 0.5, 1 - tail]))
    return low, middle, high


def _drawn(
    sentence: str, quantiles: tuple[float, float, float], unit: str, quarter: str, caveat: str
) -> AnswerStatement:
    low, middle, high = quantiles
    return AnswerStatement(
        sentence=sentence,
        value=rounded(middle),
        low=rounded(low),
        high=rounded(high),
        level=LEVEL,
        unit=unit,
        period=quarter,
        tier="scenario",
        caveat=caveat,
    )

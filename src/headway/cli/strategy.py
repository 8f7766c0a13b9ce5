"""`headway strategy` and `headway discover`: what would change it, at what cost, and in which futures it fails."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli import options
from headway.cli.common import TableFormat, console, emit_table, print_json, say
from headway.cli.options import (
    AcceptOutliers,
    AsOf,
    Force,
    Json,
    Map,
    Merge,
    OneCountry,
    Parameters,
    PartOf,
    Posterior,
    Prior,
    Scenario,
    Scheduler,
    Seed,
    Store,
    Svg,
    User,
    own_files,
)
from headway.core.errors import InputError
from headway.core.files import refuse_early, write_atomically
from headway.core.limits import MOST_DRAWS

if TYPE_CHECKING:
    from headway.ensemble.pieces import Sharing
    from headway.findings import Finding
    from headway.strategy.answer import StrategyQuestion
    from headway.strategy.experiment import Experiment
    from headway.strategy.findings import StrategyFindings
    from headway.strategy.results import Results
    from headway.strategy.search import Pareto

_SHAPES = {".csv": TableFormat.CSV, ".parquet": TableFormat.PARQUET, ".json": TableFormat.JSON}
_SHOWN = 20

Budget = Annotated[float, typer.Option("--budget", help="% of GDP a year that every strategy may spend.")]
Until = Annotated[str, typer.Option("--until", help="Last year or quarter.")]
Strategies = Annotated[Path | None, typer.Option("--strategies", metavar="FILE", help="Your own strategies (.yaml).")]
LeverFile = Annotated[Path | None, typer.Option("--levers", metavar="FILE", help="Your own levers (.yaml).")]
Futures = Annotated[Path | None, typer.Option("--futures", metavar="FILE", help="What may happen (.yaml).")]
Values = Annotated[
    Path | None, typer.Option("--judgement", metavar="FILE", help="What counts, and for how much (.yaml).")
]
Draws = Annotated[
    int, typer.Option("--draws", min=20, max=MOST_DRAWS, help="Draws; times what may happen they are the futures.")
]
Sample = Annotated[
    int, typer.Option("--sample", min=0, max=MOST_DRAWS, help="Also run so many mixes that fill the space.")
]
Search = Annotated[bool, typer.Option("--search", help="Search the mixes that no other beats on every objective.")]
Generations = Annotated[int, typer.Option("--generations", min=1, help="Generations of the search.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Table (.csv .parquet .json) or all outcomes (.nc).")
]
Name = Annotated[
    str | None, typer.Option("--strategy", metavar="NAME", help="Which strategy; else that of least regret.")
]
Fails = Annotated[
    str | None, typer.Option("--fails", metavar="CONDITION", help="'sovereign_lag > 36' or 'gain.sovereign_lag < 6'.")
]
Method = Annotated[str, typer.Option("--method", help="prim or cart.")]


def register(app: typer.Typer) -> None:
    app.command("strategy")(strategy)
    app.command("discover")(discover)


def strategy(
    country: OneCountry, budget: Budget = 0.5, until: Until = "2035", strategies: Strategies = None,
    levers: LeverFile = None, futures: Futures = None, judgement: Values = None, draws: Draws = 256,
    sample: Sample = 0, search: Search = False, generations: Generations = 25, part: PartOf = None,
    store: Store = None, merge: Merge = False, scheduler: Scheduler = None,
    out: Out = None, svg: Svg = None, scenario: Scenario = None, prior: Prior = False,
    as_of: AsOf = None, evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
    json: Json = False, seed: Seed = 0, force: Force = False,
) -> None:  # fmt: skip
    """Run every strategy in every future: effect, cost, regret, exposure, and whether supremacy is in reach.

    Machines share one question by --part K/N and one --store FOLDER, or by --scheduler.
    """
    from headway.strategy.approximation import errors
    from headway.strategy.supremacy import reach

    _check(out, svg, force)
    shared = options.sharing(store, part, scheduler, merge)
    asked = _asked(country, budget, until, strategies, levers, futures, judgement, draws, sample, scenario, prior,
                   as_of, own_files(evidence, mapping, accept_outliers, posterior, parameters), seed)  # fmt: skip
    results = _run(asked.experiment, shared)
    speaker = _speaker(asked, results)
    found = None
    if search:
        found = _searched(asked.experiment, generations)
    with options.working("Is supremacy in reach?"):
        more = found.results.experiment.portfolio if found else None
        told = [speaker.robust(), speaker.supremacy(reach(asked.experiment, more=more)), speaker.information()]
        error = errors(asked.experiment)
    if json:
        _print_json(asked, speaker, told, found, {name: asdict(one) for name, one in error.items()})
    else:
        _print(speaker, told, found)
        worst = error["sovereign_lag"]
        say(
            f"Holding the rest of the world changes a strategy's sovereign lag by {worst.typical:.2g} months on "
            f"average, {abs(worst.largest):.2g} at most ({worst.strategies} strategies, {worst.draws} draws)."
        )
    _write(asked, speaker, told, found, out, svg, force)


def discover(
    country: OneCountry, name: Name = None, fails: Fails = None, method: Method = "prim", budget: Budget = 0.5,
    until: Until = "2035", strategies: Strategies = None, levers: LeverFile = None, futures: Futures = None,
    judgement: Values = None, draws: Draws = 512, scenario: Scenario = None, prior: Prior = False,
    as_of: AsOf = None, evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
    json: Json = False, seed: Seed = 0,
) -> None:  # fmt: skip
    """In which futures does a strategy fail: a rule in plain words, with its coverage and density."""
    from headway.strategy.discovery import DEFAULT, DiscoveredRule, describe, failed
    from headway.strategy.discovery import discover as rule_for
    from headway.strategy.sentences import failure

    condition = DiscoveredRule.parse(fails) if fails else DEFAULT
    if method not in ("prim", "cart"):
        raise InputError(f"--method {method}: it is prim or cart")
    asked = _asked(country, budget, until, strategies, levers, futures, judgement, draws, 0, scenario, prior, as_of,
                   own_files(evidence, mapping, accept_outliers, posterior, parameters), seed)  # fmt: skip
    if name is not None and name not in asked.experiment.portfolio.names:
        raise InputError(f"--strategy {name}: there are {', '.join(asked.experiment.portfolio.names)}")
    results = _run(asked.experiment, options.sharing(None, None, None, False))
    speaker = _speaker(asked, results)
    chosen = name or results.names[int(speaker.whole.regret.argmin())]
    failing = failed(results, chosen, condition, asked.judged)
    box = rule_for(describe(results, chosen), failing, "prim" if method == "prim" else "cart")
    sentence = f"{speaker.title(chosen)}: {failure(results, float(failing.mean()), condition, box)}"
    if json:
        rule = None
        if box is not None:
            limits = {key: limit.record() for key, limit in box.limits.items()}
            rule = {"limits": limits, "coverage": box.coverage, "density": box.density, "support": box.support}
        record = {"country": asked.context.country, "strategy": chosen, "condition": str(condition), "method": method,
                  "futures": results.futures, "share_failing": float(failing.mean()), "sentence": sentence,
                  "rule": rule, "recipe": asked.experiment.recipe}  # fmt: skip
        print_json(record)
        return
    console().print(sentence)
    say(f"{results.futures:,} futures; {method.upper()}. --json prints the limits.")


def _asked(
    country: str, budget: float, until: str, strategies: Path | None, levers: Path | None, futures: Path | None,
    judgement: Path | None, draws: int, sample: int, scenario: str | None, prior: bool, as_of: dt.datetime | None,
    files: Sequence[Path] | None, seed: int,
) -> StrategyQuestion:  # fmt: skip
    """The words of the command line as a question."""
    from headway.inference.posterior import chosen_for
    from headway.strategy.answer import strategy_question

    with options.working("Reading the evidence"):
        known = options.evidence_on(as_of, files or ())
        return strategy_question(
            options.context(known, country, (), scenario, seed),
            budget=budget,
            until=until,
            draws=draws,
            sample=sample,
            strategies=strategies,
            own_levers=levers,
            futures_file=futures,
            judgement_file=judgement,
            posterior=None if prior else chosen_for(known),
        )


def _speaker(asked: StrategyQuestion, results: Results) -> StrategyFindings:
    source = "prior" if asked.experiment.posterior is None else "posterior"
    failed = asked.experiment.draws - int(results.good.sum())
    say(
        f"{len(results.names):,} strategies in {results.futures:,} futures: {asked.experiment.draws} draws from the "
        f"{source} × {len(asked.experiment.happenings)} things that may happen"
        + (f"; {failed} draws failed and are left out" if failed else "")
    )
    return asked.findings(results)


def _run(experiment: Experiment, shared: Sharing) -> Results:
    from headway.strategy.run import kept_in, run, run_shared

    if shared.part is not None or shared.merge:
        with options.sharing_pieces("Futures") as progress:
            return run_shared(experiment, shared, progress)
    store = kept_in(experiment, shared.store)
    if store is not None:
        say(f"outcomes are kept in {store / experiment.key}; the same command carries on there")
    with options.progress_bar("Futures") as progress:
        return run(experiment, store=store, scheduler=shared.scheduler, progress=progress)


def _searched(experiment: Experiment, generations: int) -> Pareto:
    from headway.strategy.search import search

    with options.progress_bar("Generations") as progress:
        return search(experiment, generations=generations, progress=progress)


def _print(speaker: StrategyFindings, told: Sequence[Finding], found: Pareto | None) -> None:
    import pandas as pd

    from headway.strategy.report import table

    rows = table(speaker.results, speaker.effects, speaker.whole, speaker.titles)
    rows.sort(key=lambda row: row["regret, months"])
    shown = rows[:_SHOWN]
    emit_table(pd.DataFrame(shown), TableFormat.TABLE, name="strategies", title="Strategies, least regret first")
    if len(rows) > len(shown):
        say(f"{len(rows) - len(shown):,} more strategies; --out FILE.csv writes all")
    if found is not None:
        from headway.strategy.pictures import rows as pareto_rows

        best = sorted(pareto_rows(found), key=lambda row: -row["sovereign_gain"])[:_SHOWN]
        title = f"{len(found.shares)} of {found.tried:,} mixes that no other beats"
        emit_table(pd.DataFrame(best), TableFormat.TABLE, name="pareto", title=title)
    for finding in told:
        console().print(f"\n{finding.sentence}", soft_wrap=not sys.stdout.isatty())


def _print_json(
    asked: StrategyQuestion,
    speaker: StrategyFindings,
    told: Sequence[Finding],
    found: Pareto | None,
    error: dict[str, Any],
) -> None:
    from headway.brief.document import record
    from headway.strategy.pictures import rows as pareto_rows
    from headway.strategy.report import records

    print_json(
        {
            "country": asked.context.country,
            "as_of": asked.context.as_of.isoformat(),
            "budget": asked.experiment.budget,
            "until": speaker.until,
            "futures": speaker.results.futures,
            "happenings": [one.what.name for one in asked.experiment.happenings],
            "recipe": asked.experiment.recipe,
            "fixed_world_error": error,
            "strategies": records(speaker.results, asked.judged, asked.titles),
            "pareto": None if found is None else pareto_rows(found),
            "findings": [record(finding) for finding in told],
        }
    )


def _write(
    asked: StrategyQuestion, speaker: StrategyFindings, told: Sequence[Finding], found: Pareto | None, out: Path | None,
    svg: Path | None, force: bool,
) -> None:  # fmt: skip

    if out is not None and out.suffix == ".nc":
        from headway.strategy.report import labelled

        write_atomically(out, bytes(labelled(speaker.results).to_netcdf(engine="h5netcdf")), force=force)
    elif out is not None:
        import pandas as pd

        from headway.strategy.pictures import rows as pareto_rows
        from headway.strategy.report import flat

        rows = pareto_rows(found) if found is not None else flat(speaker.results, asked.judged, asked.titles)
        emit_table(pd.DataFrame(rows), _SHAPES[out.suffix], name="strategies", out=out, force=force)
    if svg is not None:
        from headway import charts

        if found is None:
            drawn = charts.drawing(told[0], background="#ffffff")
        else:
            from headway.strategy.pictures import alternative, picture

            title = f"{asked.context.name(asked.context.country)}: mixes that no other beats, until {speaker.until[:4]}"
            note = (
                f"{found.tried:,} mixes at up to {asked.experiment.budget:g}% of GDP a year; dots grow with cost. "
                f"Source: Headway model, {asked.context.as_of}; what money does is assumed."
            )
            drawn = charts.svg(picture(found, title, note), title, alternative(found), background="#ffffff")
        write_atomically(svg, drawn, force=force)
    for file in (out, svg):
        if file is not None:
            say(f"wrote {file}")


def _check(out: Path | None, svg: Path | None, force: bool) -> None:
    """Refuse before any work what could not be written after it."""

    if out is not None and out.suffix not in (*_SHAPES, ".nc"):
        raise InputError(f"--out {out}: the name must end in {', '.join((*_SHAPES, '.nc'))}")
    refuse_early(out, svg, force=force)

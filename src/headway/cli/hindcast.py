"""`headway hindcast`: how well the model would have known what came after."""

from __future__ import annotations

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli import options
from headway.cli.calibrate import Draws, Warmup
from headway.cli.common import console, one_day, print_json, say
from headway.cli.options import Force, Json, Merge, PartOf, Scheduler, Store, Svg
from headway.core.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headway.ensemble.pieces import Sharing
    from headway.inference.sampling import SamplingPlan
    from headway.inference.storage import Posterior

Refit = Annotated[bool, typer.Option("--refit", help="Fit the posteriors of the origins anew.")]
Origins = Annotated[
    list[dt.datetime] | None,
    typer.Option(
        "--origin", parser=one_day, metavar="DATE", help="Forecast from this end of a quarter alone (repeat)."
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="Write the record as JSON to this file.")]


def register(app: typer.Typer) -> None:
    app.command("hindcast")(hindcast)


def hindcast(
    refit: Refit = False, origin: Origins = None, draws: Draws = 2000, warmup: Warmup = 500,
    part: PartOf = None, store: Store = None, merge: Merge = False, scheduler: Scheduler = None,
    out: Out = None, svg: Svg = None, force: Force = False, json: Json = False,
) -> None:  # fmt: skip
    """Score forecasts made from what was known on past dates, beside naive forecasts.

    Recomputed from the posteriors of the origins that ship with the package; --refit fits them first.
    Machines share the fits by --part K/N and one --store FOLDER, or by --scheduler.
    """
    import json as text

    from headway.charts import Caption, picture_svg
    from headway.core.files import refuse_early, write_atomically
    from headway.evidence import open_evidence
    from headway.inference.arrays import capability_data
    from headway.inference.checks import flow_shares, withheld
    from headway.inference.diffusion import long_run
    from headway.inference.forecast import baseline_scenario
    from headway.inference.hindcast import hindcast as run
    from headway.inference.posterior import chosen_for
    from headway.inference.record import BASELINE_SCENARIO, hindcast_picture
    from headway.inference.releases import scored_releases
    from headway.inference.sampling import SamplingPlan

    shared = options.sharing(store, part, scheduler, merge)
    if shared.asked and not refit:
        raise InputError("--part, --store, --merge and --scheduler share the fits of --refit: give it too")
    plan = SamplingPlan(draws=draws, warmup=warmup)
    if plan != SamplingPlan() and not refit:
        raise InputError("--draws and --warmup are those of the fits of --refit: give it too")
    days = _ends_of_quarters(origin or ())
    refuse_early(out, svg, force=force)
    evidence = open_evidence()
    origins = _refitted(shared, days, plan) if refit else _shipped(days)
    truth = capability_data(evidence)
    checks = {"withheld": withheld(truth), "chip_flow": flow_shares(evidence, chosen_for(evidence))}
    record = run(
        scored_releases(evidence),
        origins,
        {BASELINE_SCENARIO: baseline_scenario},
        checks,
        progress=None if json else say,
    )
    record["long_run"] = long_run(capability_data(evidence, index_only=True), origins, record["weights"])
    if out is not None:
        write_atomically(out, text.dumps(record, indent=1, ensure_ascii=False) + "\n", force=force)
        say(f"wrote {out}")
    if svg is not None:
        caption = Caption(evidence.as_of, None, "")
        drawing = picture_svg(hindcast_picture(record), caption, background="#ffffff")
        write_atomically(svg, drawing, force=force)
        say(f"wrote {svg}")
    if json:
        print_json(record)
    elif out is None:
        _print(record)


def _ends_of_quarters(given: Sequence[dt.datetime]) -> tuple[dt.date, ...]:
    """Days of `--origin` in order.

    Raises:
        InputError: one is not the last day of a quarter.
    """
    from headway.core import periods

    days = tuple(sorted({moment.date() for moment in given}))
    for day in days:
        if day != (end := periods.quarter_end(periods.quarter_number_of(day))):
            raise InputError(f"--origin {day}: forecasts are made at the end of a quarter, such as {end}")
    return days


def _shipped(days: Sequence[dt.date]) -> dict[dt.date, Posterior]:
    """Posteriors of these days; where none is given, of the origins and of every later end of a quarter that ships."""
    from headway.core import periods
    from headway.inference.hindcast import ORIGINS
    from headway.inference.storage import dates, path_of, read

    known = set(dates())
    if missing := [origin for origin in days or ORIGINS if origin not in known]:
        raise EvidenceError(
            f"no posterior ships for {', '.join(map(str, missing))}; headway hindcast --refit makes them"
        )
    ends = (day for day in known if day == periods.quarter_end(periods.quarter_number_of(day)))
    return {origin: read(path_of(origin)) for origin in days or sorted({*ORIGINS, *ends})}


def _refitted(shared: Sharing, days: Sequence[dt.date], plan: SamplingPlan) -> dict[dt.date, Posterior]:
    from headway.ensemble.pieces import gathered
    from headway.evidence import open_evidence
    from headway.inference.hindcast import ORIGINS
    from headway.inference.refit import RefitTask

    task = RefitTask(days or ORIGINS, plan, open_evidence)
    say(f"fitting what was known on {', '.join(map(str, task.origins))}: {len(task.pieces)} fits")
    with options.sharing_pieces("Fits") as progress:
        return task.posteriors(partial(gathered, sharing=shared, progress=progress))


def _print(record: dict[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    from headway.inference.record import HEADWAY

    title = f"Forecasts of the best score so far, {record['period']}, made 6 and 12 months before, ECI points"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    spans = tuple(record["by_horizon"])
    headings = ("forecast", "points", "CRPS", "MAE", "bias", "in 50%", "in 90%", *(f"CRPS {span} m" for span in spans))
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "forecast" else "right", no_wrap=True)
    order = sorted(record["summary"].items(), key=lambda item: item[1]["crps"])
    for name, found in order:
        table.add_row(
            name, f"{found['n']:.0f}", f"{found['crps']:.2f}", f"{found['mae']:.2f}", f"{found['bias']:+.2f}",
            *(f"{100 * found[f'coverage{level}']:.0f}%" for level in (50, 90)),
            *(f"{record['by_horizon'][span][name]['crps']:.2f}" for span in spans),
        )  # fmt: skip
    console(None if sys.stdout.isatty() else 132).print(table)
    _print_also(record["also"])
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in record["weights"].items())
    counts = ", ".join(f"{record['by_horizon'][span][HEADWAY]['n']:.0f} at {span} months" for span in spans)
    say(f"Points: {counts}. Learned on all origins: drift {record['drift']:g} a year; {weights}. {record['flag']}")


def _print_also(tables: dict[str, dict[str, dict[str, float]]]) -> None:
    """Mean scores of the quantities beside the best score, one column each."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title="From the same forecasts: CRPS, or Brier score", title_justify="left")
    table.add_column("forecast")
    for quantity, rows in tables.items():
        table.add_column(f"{quantity} ({next(iter(rows.values()))['n']:.0f})", justify="right")
    for name in dict.fromkeys(name for rows in tables.values() for name in rows):
        found = (rows.get(name, {}) for rows in tables.values())
        values = (row.get("crps", row.get("brier")) for row in found)
        table.add_row(name, *("" if value is None else f"{value:.2f}" for value in values))
    console(None if sys.stdout.isatty() else 120).print(table)

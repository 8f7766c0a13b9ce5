"""`headway simulate`: futures of countries under a scenario, from the model and its uncertainty."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.common import console, print_json, say
from headway.cli.options import (
    AcceptOutliers,
    AsOf,
    Force,
    Json,
    Map,
    Merge,
    Parameters,
    PartOf,
    Posterior,
    Prior,
    Scenario,
    Scheduler,
    Seed,
    Store,
    User,
)
from headway.core.errors import InputError
from headway.core.files import refuse_early, write_atomically
from headway.core.limits import MEMBERS, MOST_DRAWS

if TYPE_CHECKING:
    from headway.ensemble.export import Source
    from headway.ensemble.pieces import Sharing
    from headway.ensemble.simulation import Ensemble
    from headway.ensemble.summary import Summary

_SHAPES = (".nc", ".zarr", ".csv")
_HEADLINE = ("compute", "compute_share", "training_run", "sovereign", "accessible", "lag", "rank")

Draws = Annotated[int, typer.Option("--draws", min=1, max=MOST_DRAWS, help="Members of the ensemble.")]
Until = Annotated[str | None, typer.Option("--until", help="Last year or quarter: 2040, 2040Q2.")]
Out = Annotated[Path | None, typer.Option("--out", help="FILE.nc, FILE.zarr (streams, resumes) or FILE.csv (IAMC).")]
Countries = Annotated[list[str] | None, typer.Option("--countries", help="Codes or names, joined by commas.")]
Focal = Annotated[str | None, typer.Option("--focal", help="Country that the scenario is about.")]
Series = Annotated[list[str] | None, typer.Option("--series", help="Series to keep, joined by commas; 'all' for all.")]
Layout = Annotated[str, typer.Option("--layout", help="Layout of a CSV file: long (quarters) or wide (years).")]


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate)


def simulate(
    scenario: Scenario = None, draws: Draws = MEMBERS, until: Until = None, out: Out = None, seed: Seed = 0,
    countries: Countries = None, focal: Focal = None, series: Series = None, layout: Layout = "long",
    prior: Prior = False, as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
    part: PartOf = None, store: Store = None, merge: Merge = False, scheduler: Scheduler = None,
    json: Json = False, force: Force = False,
) -> None:  # fmt: skip
    """Run the model: quarterly futures of countries under a scenario, with their uncertainty.

    Without --out, prints medians and 90 % intervals. A .zarr run of the same recipe is resumed and extended.

    Machines share one question by --part 1/8 … --part 8/8 and one --store FOLDER: the part that ends last puts the
    pieces together. Or by --scheduler, on a Dask cluster.
    """
    from headway.ensemble.question import ask
    from headway.ensemble.series import DEFAULT, LABELS
    from headway.ensemble.shared import summarised
    from headway.ensemble.simulation import refuse_none
    from headway.inference.outlook import require_chosen
    from headway.inference.posterior import chosen_for, own_evidence_sentences

    shared = options.sharing(store, part, scheduler, merge)
    _check(out, layout, force)
    wanted = options.split(series) if series else list(DEFAULT)
    own = options.own_files(evidence, mapping, accept_outliers, posterior, parameters)
    known = options.evidence_on(as_of, own)
    ensemble = ask(
        known,
        scenario or "baseline",
        focal=[focal] if focal else [],
        countries=options.split(countries) if countries else [],
        series=tuple(LABELS) if wanted == ["all"] else wanted,
        until=until,
        seed=seed,
        posterior=None if prior else chosen_for(known),
    )
    if not prior:
        require_chosen(known, ensemble, countries, focal)
    source = "the prior (no posterior ships for this date)" if ensemble.posterior is None else "the posterior"
    say(f"{ensemble.scenarios[-1].title}: {draws:,} members drawn from {source}, anchored on {ensemble.world.anchor}")
    for sentence in own_evidence_sentences(known):
        say(sentence)
    if shared.asked and (out is None or out.suffix == ".csv"):
        with options.sharing_pieces(ensemble.scenario) as progress:
            summary = summarised(ensemble, draws, shared, progress)
        refuse_none(summary.status)
        _write_table(ensemble, summary, out, layout, force)
    else:
        summary = _run(ensemble, draws, out, layout, force, shared)
    from headway.ensemble.summary import record

    if json:
        print_json(record(ensemble, summary))
    elif out is None:
        _print(ensemble, summary)
    if summary.good < summary.members:
        say(f"{summary.members - summary.good} members failed and are left out of quantiles (--json says why)")
    if out is not None:
        say(f"wrote {out} (key {ensemble.key})")


def _check(out: Path | None, layout: str, force: bool) -> None:
    """Refuse before any work what could not be written after it."""
    if layout not in ("long", "wide"):
        raise InputError(f"--layout {layout}: it is long or wide")
    if out is None:
        return
    if out.suffix not in _SHAPES:
        raise InputError(f"--out {out}: the name must end in {', '.join(_SHAPES)}")
    if not out.parent.is_dir():
        raise InputError(f"--out {out}: the folder {out.parent} does not exist")
    if out.suffix == ".zarr":
        from headway.ensemble.export import refuse_foreign

        refuse_foreign(out)
    else:
        refuse_early(out, force=force)


def _run(ensemble: Ensemble, draws: int, out: Path | None, layout: str, force: bool, shared: Sharing) -> Summary:
    from headway.ensemble.export import stream
    from headway.ensemble.simulation import MemberBlock, refuse_none
    from headway.ensemble.summary import Summary, joined, refuse_too_large

    if out is not None and out.suffix == ".nc":
        refuse_too_large(ensemble, draws)
    source = _shared_source(ensemble, draws, shared) if shared.asked else ensemble.pieces
    with options.progress_bar(ensemble.scenario, draws) as progress:
        if out is not None and out.suffix == ".zarr":
            summary = stream(ensemble, out, draws, force=force, source=source, progress=progress)
            refuse_none(summary.status)
            return summary
        summary, kept = Summary(ensemble.series), list[MemberBlock]()
        for piece in source(range(draws)):
            summary.add(piece)
            progress(summary.members)
            if out is not None and out.suffix == ".nc":
                kept.append(piece)
    refuse_none(summary.status)
    if out is not None and out.suffix == ".nc":
        write_atomically(out, bytes(joined(ensemble, kept).to_netcdf(engine="h5netcdf")), force=force)
    else:
        _write_table(ensemble, summary, out, layout, force)
    return summary


def _shared_source(ensemble: Ensemble, draws: int, shared: Sharing) -> Source:
    """Source of members whose pieces all lie there: the first is read before any file is begun.

    Raises:
        typer.Exit: with code 0, where pieces of other parts are missing.
    """
    from itertools import chain

    from headway.ensemble.shared import members_of
    from headway.ensemble.simulation import cut

    with options.sharing_pieces(ensemble.scenario) as progress:
        blocks = members_of(ensemble, draws, shared, progress)
        first = next(blocks)
    whole = chain([first], blocks)
    return lambda wanted: (cut(block, wanted) for block in whole if block.members.stop > wanted.start)


def _write_table(ensemble: Ensemble, summary: Summary, out: Path | None, layout: str, force: bool) -> None:
    """Quantiles as a table in `out`, where one is asked for."""
    from headway.ensemble import export

    if out is not None:
        table = export.long(ensemble, summary) if layout == "long" else export.wide(ensemble, summary)
        write_atomically(out, table.to_csv(index=False), force=force)


def _print(ensemble: Ensemble, summary: Summary) -> None:
    """Medians and 90 % intervals at the anchor and after two, five and ten years."""
    from rich import box
    from rich.table import Table

    from headway.ensemble.summary import headline

    anchor, last = int(ensemble.world.anchor[:4]), int(ensemble.world.grid.names[-1][:4])
    years = tuple(year for year in (anchor, anchor + 2, anchor + 5, anchor + 10) if year <= last)
    shown = tuple(name for name in _HEADLINE if name in ensemble.series) or ensemble.series
    screen = console(None if sys.stdout.isatty() else 140)
    for position, code in enumerate(ensemble.countries):
        table = Table(box=box.SIMPLE_HEAD, title=f"{code}, {ensemble.scenario}", title_justify="left")
        table.add_column("median [90 % interval]", no_wrap=True)
        for year in years:
            table.add_column(f"end of {year}", justify="right", no_wrap=True)
        for row in headline(ensemble, summary, position, shown, years):
            table.add_row(*row)
        screen.print(table)

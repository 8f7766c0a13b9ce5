"""`headway forecast`: freeze a forecast that can be scored later, and score it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from headway.cli.common import SentenceGroup, console, one_day, print_json, say
from headway.cli.options import Force, Json
from headway.core.errors import EvidenceError

AsOf = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", parser=one_day, metavar="DATE", help="Date of a posterior; the newest by default."),
]
Posterior = Annotated[Path | None, typer.Option("--posterior", help="Posterior file; a shipped one by default.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; forecast-DATE.json where none is named.")]
Until = Annotated[str, typer.Option("--until", help="Last quarter to forecast.")]
Actuals = Annotated[
    Path | None,
    typer.Option("--actuals", help="CSV: country, quarter, eci (best score so far); the evidence's scores by default."),
]
Frozen = Annotated[Path | None, typer.Option("--forecast", help="Frozen forecast; the one that ships by default.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        cls=SentenceGroup, no_args_is_help=True, help="Freeze a forecast that can be scored later, and score it."
    )
    group.command("freeze")(freeze)
    group.command("score")(score)
    group.command("tilt")(tilt)
    app.add_typer(group, name="forecast")


def freeze(
    as_of: AsOf = None, posterior: Posterior = None, out: Out = None, until: Until = "2030Q4", force: Force = False
) -> None:
    """Write quarterly forecasts by country with their quantiles, naive forecasts beside, and a hash over all of it."""
    import json

    from headway.core import periods
    from headway.core.files import refuse_early, write_atomically
    from headway.evidence import open_evidence
    from headway.inference import forecast
    from headway.inference.posterior import read_whole, shipped
    from headway.inference.releases import scored_releases

    periods.quarter_number(until)
    refuse_early(out, force=force)
    found = read_whole(posterior) if posterior else shipped(as_of.date() if as_of else None)
    if found is None:
        raise EvidenceError("no posterior ships for that date; headway calibrate makes one")
    path = out or Path(f"forecast-{periods.quarter_end(found.data.last)}.json")
    refuse_early(path, force=force)
    content = forecast.freeze(open_evidence(found.as_of), scored_releases(open_evidence()), found, until)
    write_atomically(path, json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n", force=force)
    say(f"wrote {path}: {len(content['countries'])} countries, {content['quarters'][0]} to {content['quarters'][-1]}")
    say(f"SHA-256 {content['sha256']}")


def tilt(
    posterior: Annotated[Path, typer.Argument(metavar="POSTERIOR.npz", help="A fit made by `headway calibrate`.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="File to write; else a fit's own.")] = None,
    force: Force = False,
) -> None:
    """Weigh the rows of a fit so that the baseline scenario rises over a year as the forecast does, as calibrate does.

    Needed anew where the record of the hindcast has changed. The fit must be one to the shipped evidence.
    """
    from headway.core.files import refuse_early
    from headway.evidence import open_evidence
    from headway.inference import tilting
    from headway.inference.posterior import read_whole
    from headway.inference.releases import scored_releases
    from headway.inference.storage import write

    path = out or posterior
    refuse_early(path, force=force)
    found = read_whole(posterior)
    tilted = tilting.tilt(open_evidence(found.as_of), scored_releases(open_evidence()), found)
    write(path, tilted, force=force)
    say(tilting.sentence(tilted))
    say(f"wrote {path}")


def score(actuals: Actuals = None, forecast: Frozen = None, json: Json = False) -> None:
    """Score a frozen forecast, its members and the naive ones frozen beside it, on what came true."""
    from headway.core.files import read_text
    from headway.evidence import open_evidence
    from headway.inference import forecast as frozen_forecast
    from headway.inference.releases import scored_releases

    path = forecast or _newest(None if actuals else scored_releases(open_evidence()).last)
    frozen = frozen_forecast.opened(read_text(path, frozen_forecast.MOST_BYTES), str(path))
    scale = None
    if actuals is not None:
        rows = frozen_forecast.read_actuals(actuals, frozen_forecast.countries(frozen), frozen_forecast.span(frozen))
    else:
        releases = scored_releases(open_evidence())
        rows, scale = frozen_forecast.outcomes(frozen, releases), frozen_forecast.scale_to(frozen, releases)
    found = frozen_forecast.score(frozen, rows)
    if scale is not None:
        moved = frozen_forecast.score(frozen, rows, scale)["summary"]
        found["rescaled"] = {
            "intercept": scale.intercept,
            "slope": scale.slope,
            "models": scale.models,
            "summary": moved,
        }
    if json:
        print_json(found)
    else:
        _print(found)


def _newest(last: int | None) -> Path:
    """The newest shipped forecast; with `last`, the newest made before quarter `last`, which outcomes can score."""
    from headway.core import periods
    from headway.inference.storage import SHIPPED

    def scored(path: Path) -> bool:
        until = dt.date.fromisoformat(path.stem.removeprefix("forecast-"))
        return last is None or periods.quarter_number_of(until) < last

    frozen = [path for path in sorted(SHIPPED.glob("forecast-*.json")) if scored(path)]
    if not frozen:
        raise EvidenceError("no frozen forecast that outcomes could score ships; name one with --forecast")
    return frozen[-1]


def _print(found: dict[str, Any]) -> None:
    from rich import box
    from rich.table import Table

    made = found["forecast"]
    title = f"Forecast frozen on {made['frozen_on']} from data to {made['data_until']} (SHA-256 {made['sha256'][:12]}…)"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    rescaled = found.get("rescaled")
    headings = (
        "forecast",
        "points",
        "CRPS",
        "MAE",
        "bias",
        "in 50%",
        "in 90%",
        *(("CRPS rescaled",) if rescaled else ()),
    )
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "forecast" else "right", no_wrap=True)
    for name, row in sorted(found["summary"].items(), key=lambda item: item[1]["crps"]):
        table.add_row(
            name, f"{row['n']:.0f}", f"{row['crps']:.2f}", f"{row['mae']:.2f}", f"{row['bias']:+.2f}",
            *(f"{100 * row[f'coverage{level}']:.0f}%" for level in (50, 90)),
            *((f"{rescaled['summary'][name]['crps']:.2f}",) if rescaled else ()),
        )  # fmt: skip
    console().print(table)
    if rescaled:
        say(
            f"Rescaled: forecasts laid on the scale of the evidence's table, {rescaled['intercept']:+.2f} "
            f"{rescaled['slope']:+.4f} y, from {rescaled['models']} models in both."
        )

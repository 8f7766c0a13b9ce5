"""`headway calibrate`: fit the posterior to the evidence of a date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.common import print_json, say
from headway.cli.options import AcceptOutliers, AsOf, Force, Json, Map, Parameters, Seed, User, evidence_on, own_files

if TYPE_CHECKING:
    from headway.inference.calibrate import Progress

Structure = Annotated[
    list[str] | None, typer.Option("--structure", help="Fit only this structure (repeat for more); all by default.")
]
Chains = Annotated[int, typer.Option("--chains", min=2, help="Independent chains, run side by side.")]
Draws = Annotated[int, typer.Option("--draws", min=50, help="Draws of each chain after warm-up.")]
Warmup = Annotated[int, typer.Option("--warmup", min=50, help="Steps of each chain that adapt the sampler.")]
Keep = Annotated[int, typer.Option("--keep", min=10, help="Draws kept in the file, evenly thinned.")]
Without = Annotated[
    str | None, typer.Option("--without", metavar="COUNTRY", help="Withhold this country's capability scores.")
]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; posterior-DATE.npz where none is named.")]
Resume = Annotated[
    bool, typer.Option("--resume/--afresh", help="Go on from the checkpoint of a killed fit, or begin again.")
]


def register(app: typer.Typer) -> None:
    app.command("calibrate")(calibrate)


def calibrate(
    as_of: AsOf = None, structure: Structure = None, chains: Chains = 4, draws: Draws = 2000, warmup: Warmup = 500,
    keep: Keep = 2000, seed: Seed = 0, without: Without = None, out: Out = None, resume: Resume = True,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    parameters: Parameters = None, force: Force = False, json: Json = False,
) -> None:  # fmt: skip
    """Fit the model to what was known on a date, by NUTS. A killed fit goes on from its last checkpoint.

    With your own evidence or distributions (--evidence, --parameters) the fit is yours: other commands draw from it by
    --posterior, given the same files.

    A fit that has not converged is an error (exit code 4) and is not stored. The posteriors of the package were made
    by this command.
    """
    from headway.core.files import make_folder, refuse_early
    from headway.inference import tilting
    from headway.inference.calibrate import calibrate as fit
    from headway.inference.releases import scored_releases
    from headway.inference.sampling import SamplingPlan
    from headway.inference.storage import write
    from headway.inference.structure import structure as named

    own = own_files(evidence, mapping, accept_outliers, parameters=parameters)
    known = evidence_on(as_of, own)
    path = out or Path(f"posterior-{known.as_of}.npz")
    refuse_early(path, force=force)
    wanted = dict.fromkeys(part for name in structure or () for part in named(name).parts)
    plan = SamplingPlan(chains=chains, warmup=warmup, draws=draws, seed=seed)
    checkpoints = path.parent / f".{path.stem}.checkpoints"
    if not resume and checkpoints.exists():
        for file in checkpoints.glob("*.checkpoint"):
            file.unlink()
    make_folder(checkpoints, f"cannot keep checkpoints in {checkpoints}")
    try:
        with _watched() as progress:
            posterior = fit(
                known, plan, names=tuple(wanted), keep=keep, checkpoints=checkpoints,
                without=known.resolve(without).code if without else None, progress=progress,
            )  # fmt: skip
        if not wanted and without is None:
            posterior = tilting.tilt(known, scored_releases(known), posterior)
        write(path, posterior, force=force)
        for file in checkpoints.glob("*.checkpoint"):
            file.unlink()
    finally:
        with suppress(OSError):  # a killed fit leaves its checkpoints, and so the folder
            checkpoints.rmdir()
    if json:
        print_json({"file": str(path), **posterior.record})
    for name, found in posterior.record["diagnostics"].items():
        say(f"{name}: R-hat {found['r_hat']:.3f}, effective sample size {found['ess']:.0f}, "
            f"{found['divergent']} divergent of {found['chains'] * found['draws']}")  # fmt: skip
    if not wanted and without is None:
        say(tilting.sentence(posterior))
    say(f"wrote {path}")


@contextmanager
def _watched() -> Iterator[Progress]:
    """A progress bar on stderr when it is a terminal; elsewhere one line per part."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
        tasks = {}

        def progress(part: str, done: int, wanted: int) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(part, total=wanted)
            bar.update(tasks[part], completed=done)
            if done >= wanted and not screen.is_terminal:
                say(f"{part}: {wanted} steps done")

        yield progress

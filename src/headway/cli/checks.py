"""`headway checks`: does the model still say what it must, and what changed since an earlier run."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import Annotated

import typer

from headway.cli.common import console, print_json, say
from headway.cli.options import Force, Json, Prior, working
from headway.core.errors import InputError, ModelError
from headway.core.files import read_json, refuse_early, write_atomically
from headway.core.limits import MOST_DRAWS

Checks = Annotated[Path | None, typer.Option("--file", help="Your own checks (YAML) instead of the shipped ones.")]
Members = Annotated[int, typer.Option("--draws", min=1, max=MOST_DRAWS, help="Members of each run.")]
Record = Annotated[Path | None, typer.Option("--record", help="Write the outcomes to this JSON file.")]
Since = Annotated[Path | None, typer.Option("--since", help="Outcomes of an earlier run: shows what moved.")]
Page = Annotated[Path | None, typer.Option("--page", help="Write the page (Markdown) to this file.")]


def register(app: typer.Typer) -> None:
    app.command("checks")(checks)


def checks(
    file: Checks = None, draws: Members = 256, record: Record = None, since: Since = None, page: Page = None,
    prior: Prior = False, json: Json = False, force: Force = False,
) -> None:  # fmt: skip
    """Run the model checks; exit code 4 if one fails."""
    from headway.ensemble.checks import SHIPPED, read_checks, run_checks
    from headway.ensemble.checks import page as page_of
    from headway.evidence import open_evidence
    from headway.inference.posterior import chosen_for

    refuse_early(record, page, force=force)
    before = _earlier(since)
    with working("running the scenarios that the checks need"):
        evidence = open_evidence()
        fit = None if prior else chosen_for(evidence)
        outcomes = run_checks(evidence, read_checks(file or SHIPPED), draws, posterior=fit)
    if record is not None:
        rows = {"schema_version": 1, "outcomes": [outcome.model_dump() for outcome in outcomes]}
        write_atomically(record, json_.dumps(rows, indent=2) + "\n", force=force)
    if page is not None:
        write_atomically(page, "# Model checks\n\n" + page_of(outcomes, before), force=force)
    if json:
        print_json({"outcomes": [outcome.model_dump() for outcome in outcomes]})
    else:
        for outcome in outcomes:
            mark = "ok  " if outcome.passed else "FAIL"
            console().print(f"{mark} {outcome.share:6.1%} of members (needed {outcome.needed:.0%})  {outcome.says}")
    failed = [outcome.check for outcome in outcomes if not outcome.passed]
    if failed:
        raise ModelError(f"{len(failed)} of {len(outcomes)} model checks failed: {', '.join(failed)}")
    say(f"all {len(outcomes)} model checks hold")


def _earlier(path: Path | None) -> dict[str, float] | None:
    if path is None:
        return None
    try:
        rows = read_json(path, 10_000_000)["outcomes"]
        return {row["check"]: float(row["median"]) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"--since {path}: not a record of `headway checks --record`: {error}") from error

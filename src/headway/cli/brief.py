"""`headway brief`: where a country stands in AI, why, what would change it, and how sure anyone can be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.common import say
from headway.cli.options import (
    AcceptOutliers,
    AsOf,
    Force,
    Json,
    Map,
    Parameters,
    Posterior,
    Recompute,
    Scenario,
    Seed,
    User,
)
from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.brief.compose import Brief
    from headway.brief.document import Document
    from headway.findings import Context

Countries = Annotated[list[str], typer.Argument(metavar="COUNTRY…", help="ISO codes or names; EU, BRICS … too.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a self-contained page.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write a PDF.")]
Against = Annotated[
    list[str] | None, typer.Option("--against", metavar="CHN,USA", help="Compare with these; else the leaders.")
]
Groups = Annotated[Path | None, typer.Option("--groups", metavar="FILE", help="Your own groups (.toml, .yaml).")]
Diff = Annotated[Path | None, typer.Option("--diff", metavar="OLD.json", help="Say what changed since, and why.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for several countries.")]
BriefOnly = Annotated[bool, typer.Option("--brief-only", help="Page and PDF without the annex: two pages.")]


def register(app: typer.Typer) -> None:
    app.command("brief")(brief)


def brief(
    country: Countries, html: Html = None, pdf: Pdf = None, brief_only: BriefOnly = False, json: Json = False,
    as_of: AsOf = None, against: Against = None, scenario: Scenario = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
    groups: Groups = None,
    diff: Diff = None, out: Out = None, seed: Seed = 0, recompute: Recompute = False, force: Force = False,
) -> None:  # fmt: skip
    """A brief of a country on one screen, as a page, as a PDF or as JSON; several countries make a folder."""
    from headway.brief.diff import same_country
    from headway.brief.edition import brief_of

    folder = _destinations(country, html, pdf, json, diff, out, force)
    if brief_only and html is None and pdf is None:
        raise InputError("--brief-only leaves out the annex of a page or a PDF; name one with --html or --pdf")
    before = _earlier(diff)
    files = options.own_files(
        [*(evidence or ()), *((groups,) if groups else ())], mapping, accept_outliers, posterior, parameters
    )
    with options.working("Reading the evidence"):
        known = options.evidence_on(as_of, files)
        contexts = [options.context(known, name, against or (), scenario, seed) for name in dict.fromkeys(country)]
    contexts = list({context.country: context for context in contexts}.values())
    if before is not None:
        same_country(before, contexts[0].country)
    if folder is not None:
        from headway.brief.html import refuse_early

        refuse_early(folder, [context.country for context in contexts], force=force)
    briefs: list[Brief] = []
    for context in contexts:
        with options.working(f"Composing the brief of {known.resolve(context.country).name}"):
            briefs.append(brief_of(context, None if briefs else say, recompute=recompute))
    _say_own(contexts, briefs)
    if folder is not None:
        _write_folder(briefs, folder, force)
        return
    _write_files(briefs[0], html, pdf, force, annex=not brief_only)
    if before is not None:
        _print_diff(before, briefs[0], json)
    elif json:
        from headway.brief.document import text

        sys.stdout.write(text(briefs[0]))
    elif html is None and pdf is None:
        _print_summary(briefs[0])


def _say_own(contexts: list[Context], briefs: list[Brief]) -> None:
    """Say on stderr what the user's own rows changed in the briefs, and which of them cannot enter the model."""
    evidence = contexts[0].evidence
    own = evidence.own
    if own is None or (own.observations.empty and own.posterior is None and own.parameters is None):
        return
    from dataclasses import replace

    from headway.brief.diff import own_evidence_changes
    from headway.brief.edition import brief_of
    from headway.evidence import open_evidence
    from headway.inference.posterior import own_evidence_sentences

    shipped = open_evidence(evidence.as_of)
    for context, brief in zip(contexts, briefs, strict=True):
        if {context.country, *context.against} & set(evidence.groups):
            continue  # the user's own group: without their evidence there is none
        with options.working("Comparing with the brief without your own files"):
            without = brief_of(replace(context, evidence=shipped))
        say(own_evidence_changes(without, brief))
    for sentence in own_evidence_sentences(evidence):
        say(sentence)


def _destinations(
    country: list[str],
    html: Path | None,
    pdf: Path | None,
    json: bool,
    diff: Path | None,
    out: Path | None,
    force: bool,
) -> Path | None:
    """Refuse what cannot be written before anything is computed; the folder, where one is to be made."""
    from headway.core.files import refuse_early

    if len(country) == 1 and out is None:
        refuse_early(html, pdf, force=force)
        if html is not None and html == pdf:
            raise InputError(f"--html and --pdf both name {html}; give each its own file")
        return None
    for option, given in (("--html", html), ("--pdf", pdf), ("--json", json or None), ("--diff", diff)):
        if given is not None:
            raise InputError(
                f"{option} is for one country; several make a folder with a page and JSON each: use --out DIR"
            )
    return out or Path("briefs")


def _earlier(diff: Path | None) -> Document | None:
    if diff is None:
        return None
    from headway.brief.document import read

    return read(diff)


def _write_folder(briefs: list[Brief], folder: Path, force: bool) -> None:
    from headway.brief.html import write

    with options.working(f"Writing {folder}"):
        written = write(briefs, folder, force=force)
    say(f"wrote {len(briefs)} {'brief' if len(briefs) == 1 else 'briefs'}; open {written[0]}")


def _write_files(brief: Brief, html: Path | None, pdf: Path | None, force: bool, *, annex: bool) -> None:
    from headway.core.files import write_atomically

    if html is not None:
        from headway.brief.html import page

        with options.working("Drawing the page"):
            write_atomically(html, page(brief, annex=annex), force=force)
        say(f"wrote {html}")
    if pdf is not None:
        from headway.brief import pdf as paper

        with options.working("Setting the PDF"):
            write_atomically(pdf, paper.pdf(brief, annex=annex), force=force)
        say(f"wrote {pdf}")


def _print_diff(before: Document, brief: Brief, json: bool) -> None:
    from headway.brief.diff import diff, report
    from headway.brief.document import plain_data
    from headway.cli.common import console, print_json

    found = diff(before, brief)
    if json:
        print_json({"diff": plain_data(found)})
    else:
        print(report(found, min(console().width, 100)))


def _print_summary(brief: Brief) -> None:
    from headway.brief.terminal import summary
    from headway.cli.common import console

    screen = console()
    screen.print(summary(brief, screen.width if screen.is_terminal else 100), soft_wrap=True)

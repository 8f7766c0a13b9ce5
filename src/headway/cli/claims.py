"""`headway claims`: does what is said hold? Check a ledger of claims, or draft one from an article."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli.common import SentenceGroup, console, print_json, say
from headway.cli.options import (
    AcceptOutliers,
    AsOf,
    Force,
    Json,
    Map,
    Parameters,
    Posterior,
    User,
    own_files,
    progress_bar,
    say_remarks,
)
from headway.core.errors import InputError
from headway.core.wording import counted

if TYPE_CHECKING:
    from headway.brief.edition import Edition
    from headway.claims.check import LedgerReport
    from headway.claims.evaluate.lookup import EvidenceLookup
    from headway.claims.ledger import Ledger
    from headway.claims.proposer.draft import Draft
    from headway.evidence import Evidence
    from headway.findings import Context, Finding


class Gate(StrEnum):
    """Verdicts that a script may want to fail on."""

    CONTRADICTED = "contradicted"
    LEANING_AGAINST = "leaning-against"
    CANNOT_DECIDE = "cannot-decide"


group = typer.Typer(cls=SentenceGroup, no_args_is_help=True, help="Does what is said hold?", rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="claims")


@group.command()
def check(
    ledger: Annotated[str, typer.Argument(help="A ledger (.yaml, .csv, .xlsx), or the name of a shipped one.")],
    as_of: AsOf = None, json: Json = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write the page with the claims as cards.")] = None,
    fail_on: Annotated[Gate | None, typer.Option("--fail-on", help="Exit 1 if a claim has this verdict.")] = None,
    evidence: User = None,
    mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None,
    parameters: Parameters = None,
    only: Annotated[list[str] | None, typer.Option("--claim", help="Only this claim, with its evidence.")] = None,
    then: Annotated[bool, typer.Option("--then/--no-then", help="Also judge at the date of each article.")] = True,
    assume_first: Annotated[
        bool, typer.Option("--assume-first", help="For scripts: take the first proposal where nobody chose.")
    ] = False,
    force: Force = False,
) -> None:  # fmt: skip
    """Give every claim of a ledger its verdict, with the evidence for and against."""
    from headway.brief.edition import held_findings
    from headway.claims.check import Verdict
    from headway.claims.check import check as check_ledger
    from headway.claims.evaluate.lookup import EvidenceLookup
    from headway.claims.ledger import read_ledger
    from headway.claims.record import report_record
    from headway.evidence import open_evidence

    book = read_ledger(ledger)
    files = own_files(evidence, mapping, accept_outliers, posterior, parameters)
    if html is not None and html.exists() and not force:
        raise InputError(f"{html} exists already; choose another name or pass --force to replace it")
    lookup = EvidenceLookup(_known_on(as_of, files), book.errors, held_findings)
    earlier = (lambda day: open_evidence(day, files)) if then else None
    report = check_ledger(book.only(only) if only else book, lookup, earlier, _progress(), assume_first)
    if json:
        print_json(report_record(report))
    else:
        _print(report, in_full=bool(only))
    if html is not None:
        _write_page(report, lookup, html, force)
    wanted = {
        Gate.CONTRADICTED: {Verdict.CONTRADICTED},
        Gate.LEANING_AGAINST: {Verdict.CONTRADICTED, Verdict.LEANING_AGAINST},
        Gate.CANNOT_DECIDE: {Verdict.CANNOT_DECIDE},
    }
    if fail_on is not None and any(item.judgement.verdict in wanted[fail_on] for item in report.claims):
        raise typer.Exit(1)


@group.command()
def read(
    article: Annotated[str, typer.Argument(help="A text (.txt), a page (.html), or - for standard input.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the draft here instead of stdout.")] = None,
    json: Json = False, as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    endpoint: Annotated[str | None, typer.Option(help="OpenAI-compatible address that reads too.")] = None,
    model: Annotated[str | None, typer.Option(help="Model to ask at the endpoint.")] = None,
    max_tokens: Annotated[int, typer.Option(help="Stop asking once this many tokens are used.")] = 20_000,
    max_cost: Annotated[float | None, typer.Option(help="Stop before this many dollars; needs --price.")] = None,
    price: Annotated[float | None, typer.Option(help="Dollars per million tokens, for --max-cost.")] = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Draft a ledger from an article: what is claimed, of whom, and which test would show it. A person edits it."""
    from headway.brief.edition import held_findings
    from headway.claims.evaluate.lookup import EvidenceLookup
    from headway.claims.proposer.draft import as_yaml, draft
    from headway.claims.reader.article import open_article
    from headway.claims.record import draft_record
    from headway.core.files import write_atomically

    if out is not None and out.exists() and not force:
        raise InputError(f"{out} exists already; choose another name or pass --force to replace it")
    text = open_article(article)
    for note in text.notes:
        say(f"{article}: {note}")
    lookup = EvidenceLookup(_known_on(as_of, own_files(evidence, mapping, accept_outliers)), held=held_findings)
    with progress_bar("Sentences") as advance:
        drafted = draft(text, lookup, advance)
    if endpoint is not None or model is not None:
        drafted = _ask(drafted, lookup, endpoint, model, max_tokens, max_cost, price)
    name = (
        "draft" if article == "-" else "".join(c if c.isalnum() else "-" for c in Path(article).stem.lower()).strip("-")
    )
    body = as_yaml(drafted, name or "draft")
    if json:
        print_json(draft_record(drafted))
    if out is not None:
        write_atomically(out, body, force=force)
    elif not json:
        print(body, end="")
    _summary(drafted, article, out)


@group.command()
def review(
    ledger: Annotated[Path, typer.Argument(help="A drafted ledger (.yaml); it is written again after each choice.")],
    choices: Annotated[
        Path | None, typer.Option("--choices", help="File of choices, which order later reviews.")
    ] = None,
) -> None:
    """Choose, claim by claim, the proposal that says what is meant; a number, n for none, s to skip, q to stop.

    Claims that are most worth checking come first.
    """
    from headway.claims.ledger import parse_ledger
    from headway.claims.review import choice_of, choose, keep_choice, ordered, read_choices
    from headway.core import yaml_files
    from headway.core.files import write_atomically

    text = yaml_files.read_text(ledger)
    book, record = parse_ledger(text, str(ledger)), dict(yaml_files.document(text, ledger).value)
    kept = choices if choices is not None else _kept_choices()
    waiting = [place for place, claim in enumerate(book.claims) if claim.awaits_choice]
    waiting.sort(key=lambda place: -(book.claims[place].worth or 0.0))
    for number, place in enumerate(waiting, start=1):
        claim = book.claims[place]
        offers = ordered(claim, read_choices(kept))
        print(f"\n{number} of {len(waiting)}: {claim.claim}")
        if claim.sentence:
            print(f"  in the sentence: {claim.sentence}")
        for index, offer in enumerate(offers, start=1):
            print(f"  {index}. {offer.sentence}")
        answer = _answer(len(offers))
        if answer == "q":
            break
        if answer == "s":
            continue
        chosen = None if answer == "n" else offers[int(answer) - 1]
        claims = list(record["claims"])
        claims[place] = choose(claims[place], chosen)
        record = {**record, "claims": claims}
        body = yaml_files.dump(record)
        parse_ledger(body, str(ledger))
        write_atomically(ledger, body, force=True)
        keep_choice(kept, choice_of(claim, chosen))
    left = sum(claim.awaits_choice for claim in parse_ledger(yaml_files.read_text(ledger), str(ledger)).claims)
    done = len(waiting) - left
    say(f"{ledger}: {counted(done, 'claim')} confirmed, {left} still proposed; then: headway claims check {ledger}")


def _answer(count: int) -> str:
    """A number up to `count`, n, s or q; the end of the input is q."""
    numbers = "1" if count == 1 else f"1–{count}"
    while True:
        try:
            answer = input(f"{numbers}, n(one), s(kip), q(uit): ").strip().lower()
        except EOFError:
            return "q"
        if answer in ("n", "s", "q") or (answer.isascii() and answer.isdigit() and 1 <= int(answer) <= count):
            return answer
        print(f"“{answer}” is no answer here: give {numbers}, n, s or q")


def _kept_choices() -> Path:
    from headway.core.files import data_folder

    return data_folder() / "claim-choices.jsonl"


class ExportFormat(StrEnum):
    """Forms in which a checked ledger is taken along."""

    CSV = "csv"
    YAML = "yaml"
    CLAIMREVIEW = "claimreview"
    HTML = "html"


@group.command()
def export(
    ledger: Annotated[str, typer.Argument(help="A ledger (.yaml, .csv, .xlsx), or the name of a shipped one.")],
    format: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.CSV,
    out: Annotated[Path | None, typer.Option("--out", help="Write it here instead of stdout.")] = None,
    author: Annotated[str | None, typer.Option(help="Who publishes the verdicts; ClaimReview needs it.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the published page; ClaimReview needs it.")] = None,
    as_of: AsOf = None, evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    force: Force = False,
) -> None:  # fmt: skip
    """Write a ledger as a table with its verdicts, as YAML, as ClaimReview (JSON-LD), or as a page that holds both."""
    from headway.claims.claim_review import claim_reviews
    from headway.claims.ledger import read_ledger
    from headway.claims.page import drawn_page
    from headway.claims.spreadsheet import ledger_table
    from headway.core import yaml_files
    from headway.core.files import refuse_early, write_atomically

    refuse_early(out, force=force)
    marked = format in (ExportFormat.CLAIMREVIEW, ExportFormat.HTML)
    if marked and not (author and url and url.startswith(("https://", "http://"))):
        raise InputError(f"--format {format} needs --author NAME and --url https://… of the page to be published")
    book = read_ledger(ledger)
    if format is ExportFormat.YAML:
        body = yaml_files.dump(book.model_dump(mode="json", exclude_defaults=True))
    else:
        report, lookup = _checked(book, _known_on(as_of, own_files(evidence, mapping, accept_outliers)))
        if format is ExportFormat.CSV:
            body = ledger_table(report)
        else:
            reviews = claim_reviews(report, lookup, author or "", (url or "").split("#")[0])
            say(f"{len(reviews)} of {len(report.claims)} claims have a verdict that can be published as ClaimReview")
            body = (
                drawn_page(report, lookup, reviews)
                if format is ExportFormat.HTML
                else f"{dumps(reviews, ensure_ascii=False, indent=1)}\n"
            )
    if out is None:
        print(body, end="")
    else:
        write_atomically(out, body, force=force)
        say(f"wrote {out}")


def _checked(
    book: Ledger, known: Evidence, held: Callable[[Context], Iterable[Finding] | None] | None = None
) -> tuple[LedgerReport, EvidenceLookup]:
    """The ledger checked on what is known, without the verdicts of the days on which it was said."""
    from headway.brief.edition import held_findings
    from headway.claims.check import check as check_ledger
    from headway.claims.evaluate.lookup import EvidenceLookup

    lookup = EvidenceLookup(known, book.errors, held or held_findings)
    return check_ledger(book, lookup, None, _progress()), lookup


@group.command()
def watch(
    ledger: Annotated[str, typer.Argument(help="A ledger (.yaml, .csv, .xlsx), or the name of a shipped one.")],
    since: Annotated[
        Path, typer.Option(help="The older edition (.zip), or the verdicts that `claims check --json` printed.")
    ],
    until: Annotated[Path | None, typer.Option(help="The newer edition; else the present evidence.")] = None,
    json: Json = False,
    fail_on_change: Annotated[bool, typer.Option("--fail-on-change", help="Exit 1 if a verdict changed.")] = False,
) -> None:
    """Say which verdicts changed between two editions, and what moved them."""
    from dataclasses import asdict

    from headway.brief.edition import read as read_edition
    from headway.claims.ledger import read_ledger
    from headway.claims.record import report_record
    from headway.claims.watch import earlier_verdicts, verdict_changes
    from headway.core import wording
    from headway.core.files import read_json

    book = read_ledger(ledger)
    older = None if since.suffix == ".json" else read_edition(since)
    newer = read_edition(until) if until is not None else None
    before = earlier_verdicts(read_json(since, 50_000_000), str(since)) if older is None else _record_on(book, older)
    if newer is None:
        report, _ = _checked(book, _known_on(None, ()))
        after = report_record(report)
    else:
        after = _record_on(book, newer)
    changes = verdict_changes(before, after)
    why = _reasons(older, newer, book)
    if json:
        records = [{**asdict(one), "reasons": sorted(why(one.findings))} for one in changes]
        print_json({"ledger": book.ledger, "since": before["as_of"], "until": after["as_of"], "changes": records})
    else:
        for one in changes:
            print(one.told(sorted(why(one.findings))))
    since_day, until_day = (wording.day(dt.date.fromisoformat(record["as_of"])) for record in (before, after))
    say(f"{len(changes)} of {len(book.claims)} verdicts changed from {since_day} to {until_day}")
    if changes and fail_on_change:
        raise typer.Exit(1)


def _record_on(book: Ledger, edition: Edition) -> dict[str, Any]:
    """Verdicts on the evidence of the day of an edition, with the findings that it holds."""
    from headway.claims.record import report_record
    from headway.evidence import open_evidence

    known = open_evidence(edition.key.as_of)
    if known.snapshot_hash != edition.key.evidence:
        say(f"figures of {edition.key.as_of} are read from today's snapshot, as they were known on that day")
    report, _ = _checked(book, known, edition.findings)
    return report_record(report)


def _reasons(older: Edition | None, newer: Edition | None, book: Ledger) -> Callable[[Iterable[str]], set[str]]:
    """Reasons that `headway diff` gives for findings, by their ids; without two editions there are none."""
    if older is None or newer is None:
        return lambda findings: set()
    from headway.brief.diff import key
    from headway.brief.edition_diff import compare

    named = {code for claim in book.claims for code in claim.countries} | ({book.country} if book.country else set())
    places = [code for code in sorted(named) if code in older.places and code in newer.places]
    changed = compare(older, newer, places).countries if places else ()
    reasons = {change.key: set(change.reasons) for one in changed for change in one.changes}
    return lambda findings: {str(why) for finding in findings for why in reasons.get(key(finding), ())}


@group.command("list")
def list_ledgers(
    terms: Annotated[bool, typer.Option("--terms", help="List the terms that a test may use instead.")] = False,
    json: Json = False,
) -> None:
    """The shipped ledgers, or the language of tests."""
    if terms:
        _list_terms(json)
        return
    from headway.claims.ledger import read_ledger, shipped_ledgers

    books = [read_ledger(name) for name in shipped_ledgers()]
    rows = [
        {"ledger": book.ledger, "country": book.country, "claims": len(book.claims), "title": book.title}
        for book in books
    ]
    if json:
        print_json({"ledgers": rows})
        return
    for row in rows:
        print(f"{row['ledger']:<24} {row['country'] or '':<5} {row['claims']:>3} claims  {row['title']}")


def _list_terms(json: bool) -> None:
    from headway.claims.evaluate.terms import TERM_FORMS
    from headway.findings.recipe import recipes

    if json:
        print_json(
            {
                "terms": [{"signature": form.signature, "meaning": form.meaning} for form in TERM_FORMS.values()],
                "findings": sorted(recipes()),
            }
        )
        return
    for form in TERM_FORMS.values():
        print(f"{form.signature:<44} {form.meaning}")
    print("\nFindings, written section.quantity(COUNTRY[, ARGUMENT…]):")
    print("  " + "\n  ".join(sorted(recipes())))


def _known_on(as_of: dt.datetime | None, files: Sequence[Path]) -> Evidence:
    """The evidence of a day; a day after the snapshot is answered with a warning, never passed off as known."""
    from headway.evidence import open_evidence

    evidence = open_evidence(as_of.date() if as_of else None, files)
    say_remarks(evidence)
    if evidence.as_of > evidence.snapshot_date:
        say(f"--as-of {evidence.as_of} is after the evidence, which ends on {evidence.snapshot_date}")
    return evidence


def _ask(
    drafted: Draft,
    lookup: EvidenceLookup,
    endpoint: str | None,
    model: str | None,
    tokens: int,
    cost: float | None,
    price: float | None,
) -> Draft:
    from headway.claims.proposer.endpoint import ModelEndpoint, refine_with_model

    if endpoint is None or model is None:
        raise InputError("--endpoint and --model belong together")
    return refine_with_model(drafted, lookup, ModelEndpoint.from_environment(endpoint, model, tokens, cost, price), say)


def _progress() -> Callable[[str], None]:
    """Shows on a terminal which claim is being evaluated; silent when stderr is piped."""
    if not sys.stderr.isatty():
        return lambda claim: None
    from rich.console import Console

    screen = Console(stderr=True, highlight=False)
    return lambda claim: screen.print(f"weighing {claim}", style="dim")


def _print(report: LedgerReport, in_full: bool) -> None:
    from headway.claims.terminal import cards, footnotes, overview

    if in_full:
        print(cards(report), end="")
    else:
        console().print(overview(report))
    for words in footnotes(report):
        say(words)


def _write_page(report: LedgerReport, lookup: EvidenceLookup, path: Path, force: bool) -> None:
    from headway.claims.page import drawn_page
    from headway.core.files import write_atomically

    write_atomically(path, drawn_page(report, lookup), force=force)
    say(f"wrote {path}")


def _summary(drafted: Draft, article: str, out: Path | None) -> None:
    found, testable = len(drafted.claims), drafted.testable
    if not found:
        say(f"{article}: nothing checkable found in {counted(drafted.sentences, 'sentence')}")
        return
    ending = f"; wrote {out}" if out is not None else ""
    read = f"{counted(drafted.sentences, 'sentence')}, {counted(found, 'claim')}"
    say(
        f"{read}, {testable} with a proposed test{ending}; "
        "no claim has a verdict until you choose among its proposals: headway claims review"
    )

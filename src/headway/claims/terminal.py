"""A checked ledger on a terminal: one line a claim, or each claim with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from headway.claims.check import LEAST_ASSUMED_CONFIDENCE, CheckedClaim, LedgerReport, Verdict
from headway.core import wording

if TYPE_CHECKING:
    from rich.table import Table


def overview(report: LedgerReport) -> Table:
    """The claims with their verdicts and probabilities."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=report.ledger.title, title_justify="left")
    table.add_column("claim", ratio=3)
    table.add_column("verdict", no_wrap=True)
    table.add_column("in 100", justify="right")
    for item in report.claims:
        probability = item.judgement.probability
        chance = "" if probability is None else wording.in_hundred(probability).removesuffix(" in 100")
        table.add_row(item.claim.claim, f"{_verdict(item)}{' *' if _presupposes(item) else ''}", chance)
        for number, offer in enumerate(item.offered, start=1):
            table.add_row(f"  {number}. {offer.sentence}", "", "", style="dim")
        if not item.offered and not item.readings and item.judgement.why:
            table.add_row(f"  because {item.judgement.why}", "", "", style="dim")
    return table


def _verdict(item: CheckedClaim) -> str:
    return f"{item.judgement.verdict}{' (assumed)' if item.assumed else ''}"


def cards(report: LedgerReport) -> str:
    """Every claim with its readings, the evidence for and against, and what leads back to its sources."""
    return "".join(f"{_card(item)}\n" for item in report.claims)


def footnotes(report: LedgerReport) -> Iterator[str]:
    """Notes on the meaning of the verdicts."""
    if any(_presupposes(item) for item in report.claims):
        yield "* advice: what is judged is what it presupposes, not its wisdom"
    if any(item.judgement.verdict is Verdict.PROPOSED for item in report.claims):
        yield ("proposed: nobody has chosen a test, so there is no verdict; choose with: headway claims review")
    if any(item.assumed for item in report.claims):
        yield (
            "assumed: the first proposal, which nobody chose, where it covers all of the claim with a confidence of "
            f"{LEAST_ASSUMED_CONFIDENCE:g}, else not settled"
        )
    limits = report.ledger.thresholds
    yield (
        f"supported from {100 * limits.supported:g} in 100, leaning from {100 * limits.leaning:g}, mirrored below; "
        f"evidence as known on {report.as_of}; --claim ID, --json and --html give the evidence for and against"
    )


def _presupposes(item: CheckedClaim) -> bool:
    return item.claim.kind == "advice" and bool(item.readings)


def _card(item: CheckedClaim) -> str:
    probability = item.judgement.probability
    chance = "" if probability is None else f" ({wording.in_hundred(probability)}: {wording.likelihood(probability)})"
    basis = "what it presupposes: " if _presupposes(item) else ""
    lines = [
        ("because", item.judgement.why),
        *((f"{number}.", offer.sentence) for number, offer in enumerate(item.offered, start=1)),
        *(("reading", f"{one.reading}: {one.judgement.verdict}") for one in item.readings if len(item.readings) > 1),
        *(("test", one.test) for one in item.readings),
        *(("for", point.words) for point in item.points_for[:2]),
        *(("against", point.words) for point in item.points_against[:2]),
        ("note", item.claim.note),
        ("settle", item.settle),
        ("then", f"{item.earlier.judgement.verdict} on {item.earlier.as_of}" if item.earlier else ""),
        *(("trace", known.finding) for known in item.used if known.finding),
        *(("fact", fact) for known in item.used if not known.finding for fact in known.facts[:3]),
    ]
    body = "".join(f"  {name:<8} {text}\n" for name, text in lines if text)
    return f"{item.claim.claim}\n  {basis}{_verdict(item)}{chance}\n{body}"

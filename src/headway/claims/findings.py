"""Finding about the ledger of a country: claims about it can be checked, and with which command."""

from __future__ import annotations

from collections.abc import Iterator

from headway.claims.ledger import ledgers_of, parse_ledger, shipped_ledgers
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe


@recipe("sources.ledger")
def ledger(context: Context) -> Iterator[Finding]:
    """One line for every shipped ledger about the country whose claims had been made by the date of the evidence."""
    for name in ledgers_of(context.country):
        parsed = parse_ledger(shipped_ledgers()[name], name)
        if parsed.newest is not None and parsed.newest > context.as_of:
            continue
        claims = len(parsed.claims)
        yield Finding(
            id=context.id("sources.ledger", name),
            section="sources",
            quantity="claims checked",
            value=float(claims),
            unit="claims",
            as_of=context.as_of,
            tier=FindingTier.DERIVED,
            sentence=f"{claims} claims made about {context.the(context.country)} have been put to the test: "
            f"headway claims check {name}.",
            weight=1,
        )

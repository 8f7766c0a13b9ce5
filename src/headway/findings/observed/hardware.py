"""The gap in installed AI compute, as far as chips and clusters are counted."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from headway.core import wording
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe
from headway.findings.rivals import rivals

# Ownership of chips is the better count and exists for few countries; clusters are seen in part, but widely.
_COUNTS = (
    (
        "compute_stock_h100e",
        "AI chips owned",
        "Documented chips only: undeclared imports and rented chips are left out.",
    ),
    ("cluster_h100e", "AI clusters known", "Known clusters are a minority of all, and Chinese ones are named least."),
)


@recipe("gap.compute_stock")
def compute_stock(context: Context) -> Iterator[Finding]:
    """Ratio of installed AI compute by the best count that both countries share."""
    shown = [context.country, *rivals(context)]
    tables = [(context.evidence.latest(slug, country=shown).set_index("country"), *rest) for slug, *rest in _COUNTS]
    for rival in rivals(context):
        for table, what, caveat in tables:
            if {context.country, rival} <= set(table.index) and (
                table.loc[[context.country, rival], "value"] > 0
            ).all():
                yield _ratio(context, rival, table, what, caveat)
                break


def _ratio(context: Context, rival: str, table: pd.DataFrame, what: str, caveat: str) -> Finding:
    own, other = table.loc[context.country], table.loc[rival]
    ratio = float(other["value"]) / float(own["value"])
    more, less = (rival, context.country) if ratio >= 1 else (context.country, rival)
    return Finding(
        id=context.id("gap.compute_stock", rival),
        section="gap",
        quantity="ratio of AI compute",
        value=ratio,
        unit="times",
        period=str(other["period"]),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=(str(own["id"]), str(other["id"])),
        sentence=wording.sentence(
            f"{context.of(more)} {what} come to {wording.times(max(ratio, 1 / ratio))} those of {context.the(less)}: "
            f"{wording.number(float(table.loc[more, 'value']))} H100-equivalents ({table.loc[more, 'period']}) against "
            f"{wording.number(float(table.loc[less, 'value']))} ({table.loc[less, 'period']})."
        ),
        caveat=caveat,
    )

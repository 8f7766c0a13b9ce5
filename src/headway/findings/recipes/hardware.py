"""The gap in installed AI compute, as far as chips are counted."""

from __future__ import annotations

from collections.abc import Iterator

from headway.findings import words
from headway.findings.finding import Finding, Tier
from headway.findings.naming import the
from headway.findings.recipe import Context, recipe
from headway.findings.rivals import rivals


@recipe("gap.compute_stock")
def compute_stock(context: Context) -> Iterator[Finding]:
    """Ratio of installed AI compute, where both countries' stocks are estimated."""
    stocks = context.evidence.latest("compute_stock_h100e").set_index("country")
    if context.country not in stocks.index or not float(stocks.loc[context.country, "value"]) > 0:
        return
    own = stocks.loc[context.country]
    for rival in (code for code in rivals(context) if code in stocks.index):
        other = stocks.loc[rival]
        ratio = float(other["value"]) / float(own["value"])
        yield Finding(
            id=context.id("gap.compute_stock", rival),
            section="gap",
            quantity="ratio of AI compute",
            value=ratio,
            unit="times",
            period=str(other["period"]),
            as_of=context.as_of,
            tier=Tier.DERIVED,
            observations=(str(own["id"]), str(other["id"])),
            sentence=words.sentence(
                f"{the(rival)} holds {words.times(ratio)} the AI compute counted for {the(context.country)} "
                f"({words.number(float(other['value']))} H100-equivalents in {other['period']} against "
                f"{words.number(float(own['value']))} in {own['period']})."
            ),
            caveat="Documented chips only: undeclared imports and chips rented abroad are not in it.",
        )

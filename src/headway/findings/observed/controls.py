"""Part 4, as far as evidence goes: export controls as dated events."""

from __future__ import annotations

from collections.abc import Iterator

from headway.findings.finding import Finding, FindingTier
from headway.findings.observed.common import dated
from headway.findings.recipe import Context, recipe


@recipe("why.controls")
def controls(context: Context) -> Iterator[Finding]:
    """Export controls and sanctions on record, as dated events."""
    events = context.evidence.statements("event", context.country)
    if events.empty:
        return
    events = events.sort_values("date", kind="stable")
    first, last = events.iloc[0], events.iloc[-1]
    yield Finding(
        id=context.id("why.controls"),
        section="why",
        quantity="export-control events on record",
        value=float(len(events)),
        unit="events",
        period=f"{first['date'].date()}–{last['date'].date()}",
        as_of=context.as_of,
        tier=FindingTier.OBSERVED,
        observations=tuple(map(str, events["id"])),
        sentence=f"{len(events)} export-control events concerning {context.the(context.country)} are on record since "
        f"{dated(first)}; the latest, {dated(last)}: "
        f"{str(last['text']).rstrip('.')}.",
        weight=1,
    )

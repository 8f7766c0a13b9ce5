"""Dated events of a country for the charts of What if: acts on record, such as controls, and releases of its models."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from headway.core import wording
from headway.findings.observed.common import dated

if TYPE_CHECKING:
    from headway.evidence import Evidence

EventKind = Literal["chips", "tools", "services", "entities", "finance", "domestic", "release"]
TOPICS = {
    "chips": "chips", "tools": "chip tools", "services": "services", "entities": "listed firms", "finance": "finance",
    "domestic": "own rules",
}  # fmt: skip
DIRECTIONS = {"tighten": "tightened", "loosen": "loosened"}
MARKED_ON: dict[str, tuple[EventKind, ...]] = {
    "lag": ("chips", "tools", "services", "entities", "finance", "domestic", "release"),
    "sovereign": ("release",),
    "compute_share": ("chips", "tools", "entities", "domestic"),
    "available": ("services", "release"),
}
"""Series → kinds of events that its chart marks."""


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """Event on record, with the words of its source.

    Attributes:
        when: its date as precise as it is known. label: for a chart. id: row of the evidence.
    """

    day: dt.date
    when: str
    kind: EventKind
    label: str
    text: str
    who: str
    publisher: str
    url: str
    id: str

    @property
    def short(self) -> str:
        """Month and year, or the year alone where no more is known: `Apr 2025`."""
        return self.when if len(self.when) == 4 else self.day.strftime("%b %Y")


def events_of(evidence: Evidence, country: str) -> tuple[DatedEvent, ...]:
    """Acts that concern the country and releases that raised its best measured capability, the earliest first."""
    return evidence.once(("dated events", country), lambda: _events_of(evidence, country))


def _events_of(evidence: Evidence, country: str) -> tuple[DatedEvent, ...]:
    return tuple(sorted((*_acts(evidence, country), *_releases(evidence, country)), key=lambda one: (one.day, one.id)))


def _acts(evidence: Evidence, country: str) -> Sequence[DatedEvent]:
    rows = evidence.statements("event", country)
    made = []
    for _, row in rows[rows["date"].notna() & rows["topic"].isin(list(TOPICS))].iterrows():
        words = TOPICS[row["topic"]], DIRECTIONS.get(row["direction"], "changed")
        made.append(
            DatedEvent(
                pd.Timestamp(row["date"]).date(), dated(row), row["topic"], " ".join(words), row["text"], row["who"],
                row["publisher"], row["url"], row["id"],
            )
        )  # fmt: skip
    return made


def _releases(evidence: Evidence, country: str) -> Sequence[DatedEvent]:
    levels = evidence.observations("capability_level", country).sort_values("period")
    best = levels[levels["value"] > levels["value"].cummax().shift(fill_value=float("-inf"))]
    at = {str(id): row["value"] for _, row in best.iterrows() for id in str(row["inputs"]).split()}
    made = []
    for id, fact in evidence.facts(list(at)).items():
        model, source = fact.row, fact.source
        if fact.table != "models" or pd.isna(model["released"]):
            continue
        day = pd.Timestamp(model["released"]).date()
        name = str(model["model_group"] or model["model"]).partition(" (")[0]  # its date is told beside it
        text = f"{name} is released, the country's best measured model so far ({wording.number(at[id], 4)} ECI points)."
        made.append(
            DatedEvent(
                day, wording.day(day), "release", name, text, str(model["organization"]), source.publisher, source.url,
                id,
            )
        )  # fmt: skip
    return made


def by_priority(events: Sequence[DatedEvent]) -> list[DatedEvent]:
    """Events so that each year's newest come first: a chart that has no room for all then marks some of every year."""
    newest = sorted(events, key=lambda one: one.day, reverse=True)
    seen: dict[int, int] = {}
    place = []
    for one in newest:
        seen[one.day.year] = seen.get(one.day.year, 0) + 1
        place.append(seen[one.day.year])
    return [one for _, one in sorted(zip(place, newest, strict=True), key=lambda pair: pair[0])]

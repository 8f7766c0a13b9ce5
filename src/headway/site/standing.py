"""Standing of countries in every view, and the record of the hindcast, as tables of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from headway.charts import NARROW, WIDE, Caption, picture_svg
from headway.evidence import Evidence
from headway.inference import record as hindcast
from headway.standing.evidence_table import VIEWS
from headway.standing.view import ranking, robust_standing


@dataclass(frozen=True)
class ViewTable:
    """One view of the standing.

    Attributes:
        title: in words.
        rows: as `headway.standing.view.ranking` gives them, best first, for the whole view.
        domains: typical rank by country in each domain, by the domain's name.
        alternatives: number of alternative rankings that the intervals rest on.
    """

    view: str
    title: str
    rows: list[dict[str, Any]]
    domains: Mapping[str, Mapping[str, int]]
    alternatives: int


def views(evidence: Evidence) -> list[ViewTable]:
    """Every view of the standing as known on the evidence's date.

    Raises:
        EvidenceError: the evidence carries no ranking.
    """
    tables = []
    for view in VIEWS:
        made = robust_standing(evidence, view)
        domains = {node: {row["code"]: row["rank"] for row in ranking(made, node)} for node in made.domains}
        alternatives = len(made.ensembles[made.root].scores)
        tables.append(ViewTable(view, made.title(made.root, view), ranking(made, made.root), domains, alternatives))
    return tables


@dataclass(frozen=True)
class RecordPage:
    """Hindcast record: scores of every forecaster, least error first, what they say, and their picture.

    Attributes:
        scores: name, mean scores over all horizons, and CRPS by horizon in months.
        spans: horizons in months.
    """

    told: tuple[str, ...]
    period: str
    spans: tuple[str, ...]
    scores: list[tuple[str, Mapping[str, float], tuple[float, ...]]]
    pictures: tuple[Markup, Markup]


def record(evidence: Evidence) -> RecordPage | None:
    """Record that was known on the evidence's date, or None."""
    found = hindcast.stored(evidence.as_of)
    if found is None:
        return None
    spans = tuple(found["by_horizon"])
    order = sorted(found["summary"].items(), key=lambda item: float(item[1]["crps"]))
    scores = [
        (name, row, tuple(float(found["by_horizon"][span][name]["crps"]) for span in spans)) for name, row in order
    ]
    told = (hindcast.verdict(found), hindcast.coverage(evidence.as_of), hindcast.long_run_verdict(evidence.as_of))
    picture, caption = hindcast.hindcast_picture(found), Caption(evidence.as_of, None, "")
    wide, narrow = (Markup(picture_svg(picture, caption, width)) for width in (WIDE, NARROW))
    return RecordPage(tuple(filter(None, told)), str(found["period"]), spans, scores, (wide, narrow))

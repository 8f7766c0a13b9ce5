"""The rank of a country among all that have a figure."""

from __future__ import annotations

import datetime as dt

import numpy as np

from headway.claims.weighing.desk import EvidenceLookup, inside
from headway.claims.weighing.draws import checked_period, shuffled
from headway.claims.weighing.known import GRID, Known, MissingEvidence
from headway.core import periods, wording
from headway.findings.naming import the

FEWEST = 5
"""Among fewer countries a rank says nothing."""


def rank(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    """Rank among all countries with a figure (1 = best by the indicator's direction), errors drawn independently."""
    slug, country = arguments[:2]
    period = checked_period(arguments[2] if len(arguments) > 2 else at)
    code, entry = desk.country(country), desk.evidence.indicators()[slug]
    own = desk.row(slug, country, period)
    frame = desk.evidence.observations(slug)
    frame = frame[~frame["flag"].str.contains("target", regex=False)]
    frame = frame.assign(end=[periods.end(text) for text in frame["period"]])
    limit = own["end"] if period is not None else desk.as_of
    begin = min(limit - dt.timedelta(days=5 * 366), own["end"] - dt.timedelta(days=366))
    recent = frame[[begin <= day <= limit for day in frame["end"]]]
    newest = recent.sort_values("end").groupby("country").tail(1)
    sign = -1.0 if entry.direction == -1 else 1.0
    draws = {str(row["country"]): sign * shuffled(desk.known(row)) for row in newest.to_dict("records")}
    draws[code] = sign * shuffled(desk.known(own))
    if len(draws) < FEWEST:
        raise MissingEvidence(
            f"only {wording.number(len(draws))} countries have a figure of {entry.name}, too few for a rank"
        )
    above = sum((other > draws[code]).astype(np.float64) for key, other in draws.items() if key != code)
    ranks = 1.0 + np.broadcast_to(np.asarray(above, dtype=np.float64), (GRID,))
    best = {str(row["country"]): sign * float(row["value"]) for row in newest.to_dict("records")}
    return Known(
        key=f"rank:{slug}:{code}:{period or 'newest'}",
        family=f"rank:{slug}",
        words=f"rank of {the(desk.name(code))} by {inside(entry.name)} among {len(draws)} countries with a figure",
        value=1.0 + sum(value > sign * float(own["value"]) for key, value in best.items() if key != code),
        unit="rank",
        quantiles=np.sort(ranks),
        period=str(own["period"]),
        assumed="ranks redrawn from the figures' errors, taken as independent",
        tier="derived",
        facts=(str(own["id"]),),
    )

"""Pictures that stand beside the judgement, at most one for each of its steps."""

from __future__ import annotations

from headway.brief.compose import Brief
from headway.findings import Finding

_PICTURES: tuple[tuple[str, ...], ...] = (
    ("gap.lag_observed", "gap.training_compute"),  # the distance
    ("outlook.long_run", "outlook.fan"),  # what comes
    ("why.attribution", "why.driver"),  # because
    ("standing.profile", "strengths.rca", "standing.scale"),  # but
    ("change.robust", "unknowns.measurement"),  # so
)
"""Recipes whose picture goes with a step of the judgement, the preferred one first."""


def front_pictures(brief: Brief) -> tuple[Finding, ...]:
    """Findings whose pictures stand beside the judgement, in its order; fewer where the brief has fewer."""
    drawn: dict[str, Finding] = {}
    for finding in brief.findings:
        if finding.picture is not None:
            drawn.setdefault(finding.id.split(":")[1].partition("@")[0], finding)
    chosen = (next((drawn[name] for name in names if name in drawn), None) for names in _PICTURES)
    return tuple(finding for finding in chosen if finding is not None)

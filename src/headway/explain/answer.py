"""Answer to a question of why: the gap of a country against one rival, split, with everything there is to say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core.errors import InputError
from headway.explain import question
from headway.explain.attribution import Attribution
from headway.explain.causes import causes, read_causes
from headway.explain.findings import AttributionFindings
from headway.explain.readings import verdicts
from headway.findings.finding import Finding
from headway.findings.recipe import Context, scenario_name
from headway.findings.rivals import leaders
from headway.scenarios.own_parameters import registry_for

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws

DRAWS = 256  # where none are asked for


@dataclass(frozen=True)
class ExplainedGap:
    """Attributes:
    attribution: the split. findings: headline first. source: `posterior` or `prior`, of which the draws are.
    """

    attribution: Attribution
    findings: tuple[Finding, ...]
    source: str


def explain_gap(
    context: Context,
    *,
    at: str | None = None,
    since: str | None = None,
    draws: int = DRAWS,
    causes_file: Path | None = None,
    fit: PosteriorDraws | None,
    progress: Callable[[int], None] = lambda done: None,
) -> ExplainedGap:
    """Gap of the context's country against the one it is compared with, or against the leader, split over its causes.

    Args:
        at, since, fit: as `headway.explain.question.explain`. causes_file: the user's own causes (`.yaml`).
        progress: told the number of draws done.

    Raises:
        InputError: several rivals, a malformed file, a date that cannot be, too few draws.
        EvidenceError: the evidence says too little of a country. ModelError: too few draws ran to the end.
    """
    if len(context.against) > 1:
        raise InputError(f"--against {','.join(context.against)}: one rival at a time")
    rival = (context.against or leaders(context))[0]
    found, ensemble = question.explain(
        context.evidence,
        context.country,
        rival,
        at=at,
        since=since,
        scenario=context.scenario or "baseline",
        draws=draws,
        seed=context.seed,
        fit=fit,
        chosen=read_causes(causes_file) if causes_file else causes(),
        check=True,
        progress=progress,
    )
    fitted = question.fitted(fit, context.country, rival, context.as_of)
    weighed = verdicts(found, fitted, known=registry_for(context.evidence))
    idle = scenario_name(context.scenario) is not None and question.begins_after(ensemble, found.dates[-1])
    speaker = AttributionFindings(context, found, idle=idle, arguments=_arguments(at, since, causes_file))
    return ExplainedGap(found, tuple(speaker.findings(weighed)), "prior" if fit is None else "posterior")


def _arguments(at: str | None, since: str | None, causes_file: Path | None) -> tuple[str, ...]:
    """Part of the ids of findings that tells the question from the one that a brief asks."""
    return tuple(part for part in (at, since and f"since-{since}", causes_file and causes_file.stem) if part)

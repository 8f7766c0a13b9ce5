"""Briefs made before: the terminal, the page, the PDF and the JSON of one country show the same one."""

from __future__ import annotations

from collections.abc import Callable

from headway import kept as keeping
from headway.assumptions.scenario import content
from headway.brief import stored
from headway.brief.compose import Brief
from headway.findings import Context


def kept(context: Context, compose: Callable[[Context], Brief]) -> Brief:
    """The brief of `context`, composed unless it was kept before.

    It depends on the evidence, the user's own files among it, and on the question: every file of the scenario.

    Raises:
        InputError: an unknown or malformed scenario.
    """
    facts = (
        *context.evidence.identity,
        context.country, context.against, context.scenario, content(context.scenario), context.seed,
    )  # fmt: skip
    return keeping.kept("briefs", facts, lambda: compose(context), keeping.Form(".json", stored.write, stored.read))

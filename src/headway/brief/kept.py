"""Briefs made before: the terminal, the page, the PDF and the JSON of one country show the same one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from headway.brief.compose import Brief
from headway.core import cache as keeping
from headway.findings import Context


def kept(context: Context, compose: Callable[[Context], Brief]) -> Brief:
    """The brief of `context`, composed unless it was kept before. It depends on the evidence and on the question."""
    scenario = Path(context.scenario or "")
    facts = (
        *context.evidence.identity,
        context.country, context.against, context.scenario, context.seed,
        scenario.read_bytes() if scenario.is_file() else b"",
    )  # fmt: skip
    return keeping.kept("briefs", facts, lambda: compose(context))

"""Trace: a finding made again from its id, and the chain down to publishers."""

from __future__ import annotations

from typing import Any

from headway.brief import view
from headway.brief.document import plain_data
from headway.brief.trace import Link
from headway.brief.trace import trace as follow
from headway.core.errors import InputError
from headway.explorer.address import ParameterError
from headway.explorer.session import ExplorerSession
from headway.findings import Context, FindingId

MOST = 40  # facts shown under one fact


def answer(identifier: str, desk: ExplorerSession) -> dict[str, Any]:
    """The chain of a finding.

    Raises:
        ParameterError: not an id, or a finding of another date or scenario, or one that this evidence does not make.
    """
    try:
        id = FindingId.parse(identifier)
        if id.as_of != desk.evidence.as_of or id.user != desk.evidence.user_hash:
            raise InputError(f"this server has the evidence of {desk.evidence.as_of}; run: headway trace {identifier}")
        known = Context(desk.evidence, desk.code("id", id.country), (), id.scenario)
        found = follow(id, known)
    except InputError as error:
        raise ParameterError("id", str(error).removeprefix("id: ")) from error
    finding = found.finding
    return {
        "schema_version": 1,
        "id": str(id),
        "sentence": view.spoken(finding),
        "number": view.number(finding),
        "interval": view.interval(finding),
        "tier": str(finding.tier),
        "meaning": view.TIERS[finding.tier][1],
        "caveat": finding.caveat,
        "recipe": found.about,
        "parameters": list(finding.parameters),
        "command": f"headway trace {id}",
        "facts": len(found.links),
        "links": [_link(link) for link in found.links[:MOST]],
    }


def _link(link: Link, depth: int = 0) -> dict[str, Any]:
    inputs = link.inputs[: MOST if depth < 2 else 0]
    return {
        "id": link.id,
        "text": link.text,
        **plain_data(link.reference),
        "facts": len(link.inputs),
        "inputs": [_link(below, depth + 1) for below in inputs],
    }

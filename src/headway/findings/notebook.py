"""A finding as a notebook shows it: its sentence, what the number rests on, and its picture."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from headway.core import wording

if TYPE_CHECKING:
    from headway.findings.finding import Finding

Draw = Callable[["Finding"], tuple[str, dict[str, Any]]]
"""SVG of a finding's picture, and its representations by media type."""

_draws: list[Draw] = []


def draw_with(draw: Draw) -> None:
    """Draw pictures of findings in notebooks by `draw`, which a room below gives, since this one cannot draw."""
    _draws[:] = [draw]


def bundle(finding: Finding) -> dict[str, Any]:
    """Representations of a finding by media type: plain text, HTML with the picture, and the picture by itself."""
    picture, more = _draws[0](finding) if _draws and finding.picture is not None else ("", {})
    basis = [str(finding.tier), f"as known on {wording.day(finding.as_of)}"]
    if finding.level is not None:
        basis.insert(1, f"interval of {finding.level:.0%}")
    html = (
        f"<div><h4>{escape(finding.title or finding.quantity)}</h4><p>{escape(finding.sentence)}</p>{picture}"
        f"<p><small>{escape(' · '.join(basis))}<br>{escape(finding.caveat)}</small></p>"
        f"<p><code>{escape(finding.id)}</code></p></div>"
    )
    return {"text/plain": f"{finding.sentence} [{finding.id}]", "text/html": html, **more}

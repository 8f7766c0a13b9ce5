"""The picture of a finding with what must travel with it: date, interval level, caveat."""

from __future__ import annotations

from typing import Any

from headway.charts.draw import NARROW, WIDE, specification
from headway.charts.frame import Caption
from headway.charts.render import svg
from headway.findings import Finding


def chart(finding: Finding, width: float = WIDE) -> dict[str, Any]:
    """The specification of a finding's picture.

    Raises:
        ValueError: the finding has no picture.
    """
    if finding.picture is None:
        raise ValueError(f"finding {finding.id} has no picture")
    return specification(finding.picture, Caption(finding.as_of, finding.level, finding.caveat), width)


def drawing(finding: Finding, width: float = WIDE, *, background: str | None = None) -> str:
    """The SVG of a finding's picture."""
    drawn = chart(finding, width)
    assert finding.picture is not None
    return svg(drawn, finding.picture.title, finding.picture.alternative, background=background)


def table(finding: Finding) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the data behind a picture, without the marks that only steer the drawing."""
    if finding.picture is None:
        return [], []
    hidden = {"highlight", "total"}
    columns = list(dict.fromkeys(key for row in finding.picture.rows for key in row if key not in hidden))
    return columns, [[row.get(column) for column in columns] for row in finding.picture.rows]


__all__ = ["NARROW", "WIDE", "chart", "drawing", "table"]

"""The two pictures of the README: the brief as a terminal shows it, and one figure of it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from headway.brief.charts.figure import drawing
from headway.brief.compose import compose
from headway.brief.terminal import COLUMNS, summary
from headway.evidence import open_evidence
from headway.findings import Context

IMAGES = Path(__file__).parent / "img"


def main(country: str = "RUS") -> None:
    """Draw both for `country` from the shipped snapshot."""
    IMAGES.mkdir(exist_ok=True)
    brief = compose(Context(open_evidence(), country))
    console = Console(width=COLUMNS, record=True, file=StringIO(), force_terminal=True)
    console.print(summary(brief))
    svg = console.export_svg(title=f"headway brief {country}", unique_id="brief", font_aspect_ratio=0.61)
    # The exporter asks a content network for its font; a picture in a repository must not.
    (IMAGES / "brief-terminal.svg").write_text(_without_web_fonts(svg), encoding="utf-8")
    shown = next(finding for finding in brief.findings if ":gap.training_compute" in finding.id and finding.picture)
    (IMAGES / "training-runs.svg").write_text(drawing(shown, background="white"), encoding="utf-8")


def _without_web_fonts(svg: str) -> str:
    import re

    return re.sub(r"@font-face \{[^}]*\}\s*", "", svg)


if __name__ == "__main__":
    main()

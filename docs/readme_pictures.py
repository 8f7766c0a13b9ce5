"""What the README and docs/record.md show of results: a brief in a terminal, and how often forecasts were right."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

from inference_report import blind
from rich.console import Console

from headway.brief.compose import compose
from headway.brief.terminal import COLUMNS, summary
from headway.evidence import open_evidence
from headway.findings import Context
from headway.inference import record
from headway.inference.baselines import BASELINES

IMAGES = Path(__file__).parent / "img"
RECORD = Path(__file__).with_name("record.md")


def main(country: str = "RUS") -> None:
    """Make both, the brief for `country`, from the shipped snapshot."""
    IMAGES.mkdir(exist_ok=True)
    brief = compose(Context(open_evidence(), country))
    console = Console(width=COLUMNS, record=True, file=StringIO(), force_terminal=True)
    console.print(summary(brief))
    svg = console.export_svg(title=f"headway brief {country}", unique_id="brief", font_aspect_ratio=0.61)
    # The exporter asks a content network for its font; a picture in a repository must not.
    (IMAGES / "brief-terminal.svg").write_text(_without_web_fonts(svg), encoding="utf-8")
    text = RECORD.read_text("utf-8")
    for name, table in (("blind", blind()), ("record", _record())):
        marked = f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, m=marked: m, text, flags=re.DOTALL)
    RECORD.write_text(text, "utf-8")


def _record() -> str:
    """The model beside the naive forecasts, best first."""
    stored = record.stored()
    assert stored is not None, "no hindcast record ships"
    lines = ["| forecast | CRPS | mean absolute error | inside its 90% interval |", "|---|---|---|---|"]
    names = (record.HEADWAY, record.BASELINE_SCENARIO, *BASELINES)
    shown = {name: stored["summary"][name] for name in names if name in stored["summary"]}
    for name, row in sorted(shown.items(), key=lambda item: float(item[1]["crps"])):
        said = "**Headway**" if name == record.HEADWAY else name
        held = f"{round(row['coverage90'] * row['n'])} of {row['n']:.0f}"
        lines.append(f"| {said} | {row['crps']:.2f} | {row['mae']:.2f} | {held} |")
    origins, panel = (", ".join(stored[key]) for key in ("origins", "panel"))
    note = (
        f"Forecasts of the best capability score, 6 and 12 months ahead, in ECI points (less is better), made from "
        f"what was known on {origins} for {panel}; naive forecasts have the spread that served them best afterwards. "
        f"{record.verdict(stored)} {stored['flag']}"
    )
    return "\n".join(lines) + f"\n\n{note}"


def _without_web_fonts(svg: str) -> str:
    return re.sub(r"@font-face \{[^}]*\}\s*", "", svg)


if __name__ == "__main__":
    main()

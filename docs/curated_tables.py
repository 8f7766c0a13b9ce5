"""Fill the counts of docs/curated.md from the typed tables: `python docs/curated_tables.py`."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

from headway.evidence.observations import GRADES, NEAR_GRADES, on_one_page
from headway.evidence.sources.curated import FIGURES, STATEMENT_KINDS, CitedRow, CuratedFigure, rows

PAGE = Path(__file__).with_name("curated.md")
WHOLE = "eurostat_ai_enterprises"
"""Source of the table of a statistical office that is typed whole; the share is said without it too."""


def typed() -> dict[str, list[CitedRow]]:
    """Rows of each typed table, by its role."""
    folder = Path(str(files("headway.evidence") / "curated"))
    models: dict[str, type[CitedRow]] = {role: model for role, (_, model) in STATEMENT_KINDS.items()}
    models[FIGURES] = CuratedFigure
    return {role: [row for _, row in rows(folder / f"{role}.csv", model)] for role, model in models.items()}


def counts() -> str:
    """How many rows are near their body, the table by grade, how many were read as quoted, on one page, and twice."""
    tables = typed()
    every = [row for table in tables.values() for row in table]
    near = sum(row.grade in NEAR_GRADES for row in every)
    whole = sum(isinstance(row, CuratedFigure) and row.source == WHOLE for row in every)
    alone = sum(row.grade != "copy" and on_one_page(row.grade, row.read_in) for row in every)
    quoted = sum(row.grade == "primary" and row.verified == "S" for row in every)
    without = (near - whole) / (len(every) - whole)
    twice = [row for row in every if row.second_read_on is not None]
    last_read = max(row.second_read_on for row in twice if row.second_read_on is not None)
    lines = [
        f"{near} of {len(every)} rows ({near / len(every):.0%}) were read in the text of the body that made the figure "
        f"or in that of a statistical office, and {without:.0%} without the {whole} rows of Eurostat's table of firms "
        "that use AI; the aim is six in ten.",
        "",
        f"| table | {' | '.join(GRADES)} |",
        f"|---|{'---|' * len(GRADES)}",
    ]
    for role, table in tables.items():
        by = Counter(row.grade for row in table)
        lines.append(f"| `{role}.csv` | {' | '.join(str(by[grade]) for grade in GRADES)} |")
    last = (
        f"{quoted} rows of primary grade were read as quoted or repeated word for word by another page (S). "
        f"{alone} rows of press and secondary grade rest on one page."
    )
    second = (
        f"{len(twice)} of {len(every)} rows ({len(twice) / len(every):.0%}) were read again by somebody who had not "
        f"typed them, last on {last_read.day} {last_read:%B %Y}."
    )
    return "\n".join([*lines, "", last, second])


def filled(page: str) -> str:
    """The page with its counts made anew."""
    between = re.compile(r"(?<=<!-- counts -->\n).*?(?=<!-- /counts -->)", re.DOTALL)
    return between.sub(lambda _: f"{counts()}\n", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")

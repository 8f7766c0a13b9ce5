"""Write the schema of a brief, and the tables of docs/findings.md, from the recipes and the fields of findings.

Run as `python docs/finding_tables.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_type_hints

import headway.brief
from headway.brief.compose import PARTS
from headway.brief.document import schema
from headway.findings import FindingDetails, recipes

PAGE = Path(__file__).with_name("findings.md")
SCHEMA = Path(headway.brief.__file__).parent / "schema" / "brief-2.json"


def recipe_table() -> str:
    """Recipes in the order of the brief's parts, each with what its findings say."""
    made = recipes().values()
    lines = ["| recipe | its findings |", "|---|---|"]
    for part in PARTS:
        of = sorted((one for one in made if one.name.partition(".")[0] == part.key), key=lambda one: one.name)
        lines += [f"| `{one.name}` | {(one.make.__doc__ or '').partition(chr(10))[0]} |" for one in of]
    return "\n".join(lines)


def field_table() -> str:
    """Fields of a finding that the schema describes."""
    fields: dict[str, Any] = schema()["$defs"]["CitedFinding"]["properties"]
    lines = ["| field | meaning |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{name}` | {one['description']} |" for name, one in fields.items())])


def detail_table() -> str:
    """Names under `details`, with what stands under each."""
    lines = ["| name | meaning |", "|---|---|"]
    for name, hint in get_type_hints(FindingDetails, include_extras=True).items():
        lines.append(f"| `{name}` | {hint.__metadata__[0].description} |")
    return "\n".join(lines)


def filled(page: str) -> str:
    """The page with its tables made anew."""
    for name, table in (("recipes", recipe_table()), ("fields", field_table()), ("details", detail_table())):
        marks = f"<!-- {name} -->", f"<!-- /{name} -->"
        between = re.compile(f"(?<={re.escape(marks[0])}\n).*?(?={re.escape(marks[1])})", re.DOTALL)
        page = between.sub(lambda _, table=table: f"{table}\n", page)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")

"""Fill the tables of docs/evidence.md from the catalogue: `python docs/evidence_tables.py`."""

from __future__ import annotations

import re
from pathlib import Path

from headway.evidence.catalogue import Indicator, indicators, sources
from headway.evidence.fetch import shipped_manifest

PAGE = Path(__file__).with_name("evidence.md")
TABLES = ("tables", "domains", "figures")


def source_table() -> str:
    """Publishers whose tables are read, with vintage, licence and known-by rule."""
    read = {file.source for file in shipped_manifest().files if file.origin == "cache"}
    lines = ["| source | what | vintage | licence | counts as known |", "|---|---|---|---|---|"]
    for slug, source in sorted(sources().items()):
        if slug in read:
            days = f"{source.lag_days} days after the period; " if source.lag_days is not None else ""
            lines.append(
                f"| `{slug}` | [{source.title}]({source.url}), {source.publisher} | {source.retrieved_on} "
                f"| {source.licence} | {days}{source.lag_rule} |"
            )
    return "\n".join(lines)


def figure_sources() -> str:
    """Sources of single figures typed by hand."""
    read = {file.source for file in shipped_manifest().files if file.origin == "cache"}
    rest = [source for slug, source in sorted(sources().items()) if slug not in {*read, "curated"}]
    return "\n".join(f"- {source.publisher}: [{source.title}]({source.url}). {source.licence}." for source in rest)


def indicator_table() -> str:
    """Indicators by domain."""
    lines = ["| domain | observed | derived |", "|---|---|---|"]
    domains = dict.fromkeys(entry.domain for entry in indicators().values())
    for domain in sorted(domains):
        of = [entry for entry in indicators().values() if entry.domain == domain]
        lines.append(f"| {domain} | {_slugs(of, derived=False)} | {_slugs(of, derived=True)} |")
    return "\n".join(lines)


def _slugs(entries: list[Indicator], *, derived: bool) -> str:
    return ", ".join(f"`{entry.slug}`" for entry in entries if bool(entry.rule) == derived)


def filled(page: str) -> str:
    """The page with its tables made anew."""
    made = dict(zip(TABLES, (source_table(), indicator_table(), figure_sources()), strict=True))
    for name, table in made.items():
        marks = f"<!-- {name} -->", f"<!-- /{name} -->"
        between = re.compile(f"(?<={re.escape(marks[0])}\n).*?(?={re.escape(marks[1])})", re.DOTALL)
        page = between.sub(lambda _, table=table: f"{table}\n", page)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")

"""Resources: pages of the documentation, the catalogue of indicators, scenarios, and ledgers of claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from headway.mcp.session import McpSession

DOCS: Mapping[str, str] = {
    "reading-a-brief": "How to read a brief, and what its marks mean",
    "capability": "How models and countries are placed on the capability scale",
    "standing": "How ranks are made",
    "explain": "How a gap is split over causes",
    "strategy": "How strategies are tested",
    "claims": "How claims get verdicts, and the language of tests",
    "evidence": "What is in the evidence, and from whom",
    "model": "The model's equations",
    "inference": "How the model is fitted and scored",
    "agents": "These tools",
}
"""Pages by name with their titles; the wheel carries the same ones (pyproject.toml)."""
_MARKDOWN, _PLAIN = "text/markdown", "text/plain"


@dataclass(frozen=True, slots=True)
class McpResource:
    """Address of a resource, its title, and its type."""

    uri: str
    title: str
    mime_type: str


def listed() -> tuple[McpResource, ...]:
    """All resources that there are."""
    from headway.claims.ledger import shipped_ledgers

    return (
        McpResource("headway://indicators", "Indicators: slug, unit, domain, name", _PLAIN),
        McpResource("headway://scenarios", "Shipped scenarios: name and what is supposed", _PLAIN),
        McpResource("headway://ledgers", "Ledgers of claims, with the ids of their claims", _PLAIN),
        *(McpResource(f"headway://ledgers/{name}", f"Ledger {name}", "text/yaml") for name in shipped_ledgers()),
        *(McpResource(f"headway://docs/{name}", title, _MARKDOWN) for name, title in DOCS.items()),
    )


def read(session: McpSession, uri: str) -> tuple[str, str]:
    """Text and type of a resource.

    Raises:
        InputError: there is none of that address. EvidenceError: the page was not installed.
    """
    found = {one.uri: one for one in listed()}.get(uri)
    if found is None:
        raise InputError(f"no resource '{uri}'; there are {', '.join(one.uri for one in listed())}")
    kind, _, name = uri.removeprefix("headway://").partition("/")
    if kind == "docs":
        return _page(name), found.mime_type
    if kind == "indicators":
        return _indicators(session), found.mime_type
    if kind == "scenarios":
        return _scenarios(), found.mime_type
    return _ledger(name) if name else _ledgers(), found.mime_type


def _page(name: str) -> str:
    """Text of a page: from the installed package, or from the folder of documentation beside its sources."""
    package = Path(str(files("headway")))
    for folder in (package / "docs", package.parent.parent / "docs"):
        if (folder / f"{name}.md").is_file():
            return (folder / f"{name}.md").read_text("utf-8")
    raise EvidenceError(f"the page {name} is not installed with the package")


def _indicators(session: McpSession) -> str:
    table = session.evidence(None).indicators.reset_index()
    rows = (f"{row['indicator']} | {row['unit']} | {row['domain']} | {row['name']}" for _, row in table.iterrows())
    return "\n".join(rows) + "\n"


def _scenarios() -> str:
    from headway.scenarios.scenario import load, shipped

    return "".join(f"{name}: {' '.join(load(name)[-1].description.split())}\n" for name in shipped())


def _ledgers() -> str:
    from headway.claims.ledger import read_ledger, shipped_ledgers

    books = (read_ledger(name) for name in shipped_ledgers())
    return "\n".join(
        f"{book.ledger}: {book.title}\n" + "".join(f"  {one.id}: {one.claim}\n" for one in book.claims)
        for book in books
    )


def _ledger(name: str) -> str:
    from headway.claims.ledger import shipped_ledgers

    return str(shipped_ledgers()[name])

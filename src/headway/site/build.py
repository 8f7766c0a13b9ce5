"""Build of a site from an edition: which pages there are, in which order they are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from headway.brief import edition_diff, html
from headway.brief.document import SCHEMA_VERSION, document
from headway.brief.edition import Edition
from headway.core import wording
from headway.site import home, pages
from headway.site.folder import SiteFolder, filled

_CHANGES = "changes.html"


def build(
    edition: Edition,
    folder: Path,
    countries: Sequence[str],
    *,
    since: Edition | None = None,
    force: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> tuple[int, int]:
    """Write the site; number of its files and their bytes.

    Args:
        countries: codes of the briefs that it holds.
        since: an earlier edition, with which sentences are compared.
        advance: is called after each of `steps(countries)` pieces of work.

    Raises:
        InputError: as `headway.site.folder.filled`; or the edition is damaged.
    """
    with filled(folder, force=force) as site:
        site.add(pages.STYLE, pages.stylesheet())
        site.add(pages.SCRIPT, pages.script())
        changes = edition_diff.compare(since, edition, countries, weight=1) if since else None
        links = {pages.HOME: "Countries"}
        if changes is not None:
            links[_CHANGES] = "What changed"
            site.add(_CHANGES, pages.render("changes.html.j2", _CHANGES, edition.key, links, found=changes))
        _countries(site, edition, countries, changes, links, advance)
    return site.count, site.bytes


def steps(countries: Sequence[str]) -> int:
    """Number of pieces of work of which the build tells."""
    return len(countries)


def _countries(
    site: SiteFolder,
    edition: Edition,
    countries: Sequence[str],
    changes: edition_diff.EditionDiff | None,
    links: dict[str, str],
    advance: Callable[[], None],
) -> None:
    above = [(f"../{address}", words) for address, words in links.items()]
    rows = []
    for code in countries:
        brief = edition.brief(code)
        own = [*above, (f"{code}.json", "Findings as JSON")]
        site.add(f"countries/{code}.html", html.page(brief, html.PageSurroundings(own, f"../{pages.STYLE}")))
        findings = {"schema_version": SCHEMA_VERSION, **document(brief)}
        site.add(f"countries/{code}.json", json.dumps(findings, ensure_ascii=False, separators=(",", ":")))
        rows.append(home.row(brief, changes))
        advance()
    rows.sort(key=lambda row: wording.sentence(row.name))
    site.add(pages.HOME, pages.render("index.html.j2", pages.HOME, edition.key, links, rows=rows, since=changes))

"""Build of a site from an edition: which pages there are, in which order they are written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headway.brief import edition_diff, html
from headway.brief.document import SCHEMA_VERSION, document
from headway.brief.edition import Edition
from headway.claims.ledger import Ledger
from headway.evidence import Evidence
from headway.site import claims, home, indicators, pages, preview, standing, whatif, world_map
from headway.site.folder import SiteFolder, filled

_CHANGES, _STANDING, _RECORD = "changes.html", "standing.html", "record.html"
_INDICATORS, _CLAIMS, _WHATIF = "indicators/index.html", "claims/index.html", "what-if.html"


@dataclass(frozen=True)
class _SitePages:
    """A site that is being written, with what all its pages share."""

    folder: SiteFolder
    edition: Edition
    links: dict[str, str]

    def add(self, template: str, name: str, **values: Any) -> None:
        self.folder.add(name, pages.render(template, name, self.edition.key, self.links, **values))


def build(
    edition: Edition,
    evidence: Evidence,
    folder: Path,
    *,
    countries: Sequence[str],
    slugs: Sequence[str],
    ledgers: Sequence[Ledger] = (),
    address: str = "",
    since: Edition | None = None,
    force: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> tuple[int, int]:
    """Write the site; number of its files and their bytes.

    Args:
        evidence: from which the edition was made.
        countries: codes of the briefs that it holds, and `slugs` of the indicators that have a page.
        ledgers: of claims that are judged and get a page.
        address: at which the site will lie, with a slash at its end, for what machines read; "" where it is unknown.
        since: an earlier edition, with which sentences are compared.
        advance: is called once for each country, indicator and ledger.

    Raises:
        InputError: as `headway.site.folder.filled`; the edition is damaged; or a claim asks for what does not exist.
        EvidenceError: the evidence carries no ranking.
    """
    changes = edition_diff.compare(since, edition, countries, weight=1) if since else None
    record = standing.record(evidence)
    links = {pages.HOME: "Countries", _STANDING: "Standing", _INDICATORS: "Indicators"}
    links |= {_WHATIF: "What if"}
    links |= {_CLAIMS: "Claims"} if ledgers else {}
    links |= {_RECORD: "Record"} if record else {}
    links |= {_CHANGES: "What changed"} if changes else {}
    with filled(folder, force=force) as files:
        site = _SitePages(files, edition, links)
        files.add(pages.STYLE, pages.stylesheet())
        for name, content in pages.scripts().items():
            files.add(name, content)
        if changes is not None:
            site.add("changes.html.j2", _CHANGES, found=changes)
        if record is not None:
            site.add("record.html.j2", _RECORD, record=record)
        site.add("standing.html.j2", _STANDING, views=standing.views(evidence), linked=set(countries))
        _write_countries(site, countries, changes, address, advance)
        _write_indicators(site, evidence, slugs, set(countries), advance)
        if ledgers:
            _write_claims(site, evidence, ledgers, address, advance)
    return files.count, files.bytes


def _write_countries(
    site: _SitePages,
    countries: Sequence[str],
    changes: edition_diff.EditionDiff | None,
    address: str,
    advance: Callable[[], None],
) -> None:
    above = [(f"../{address}", words) for address, words in site.links.items()]
    changed = Counter(change.country for change in changes.sentences) if changes else Counter[str]()
    rows, ready = [], []
    for code in countries:
        brief = site.edition.brief(code)
        own = [*above, (f"{code}.json", "Findings as JSON")]
        page = html.page(brief, html.PageSurroundings(own, f"../{pages.STYLE}"))
        row = home.row(brief, changed[code])
        if address:
            picture = preview.picture(brief) if row.value is not None else None
            if picture is not None:
                site.folder.add(f"countries/{code}.png", picture)
            page = preview.with_tags(page, row, address, picture is not None)
        site.folder.add(f"countries/{code}.html", pages.slim(page))
        findings = {"schema_version": SCHEMA_VERSION, **document(brief)}
        text = json.dumps(findings, ensure_ascii=False, separators=(",", ":"))
        site.folder.add(f"countries/{code}.json", text)
        rows.append(row)
        ready += [found] if (found := whatif.answers(brief)) else []
        advance()
    rows.sort(key=lambda row: row.name.casefold())
    site.add(
        "index.html.j2",
        pages.HOME,
        rows=rows,
        since=changes,
        map=world_map.world_map(rows),
        classes=world_map.CLASSES,
        first=home.first(rows),
    )
    ready.sort(key=lambda row: row.name.casefold())
    site.add(
        "whatif.html.j2",
        _WHATIF,
        rows=ready,
        strategies=whatif.strategies(ready),
        scenarios=whatif.scenarios(),
        code=ready[0].code if ready else countries[0],
    )


def _write_indicators(
    site: _SitePages, evidence: Evidence, slugs: Sequence[str], linked: set[str], advance: Callable[[], None]
) -> None:
    listed = []
    for slug in slugs:
        page = indicators.page(evidence, slug, linked)
        site.add("indicator.html.j2", f"indicators/{slug}.html", page=page)
        site.folder.add(f"indicators/{slug}.csv", page.csv)
        listed.append({"indicator": page.indicator, "countries": page.countries, "last": page.last})
        advance()
    site.add("indicators.html.j2", _INDICATORS, listed=listed)


def _write_claims(
    site: _SitePages, evidence: Evidence, ledgers: Sequence[Ledger], address: str, advance: Callable[[], None]
) -> None:
    judged = []
    for ledger in ledgers:
        page = claims.ledger_page(ledger, evidence, site.edition, address)
        site.add("ledger.html.j2", page.name, page=page)
        judged.append(page)
        advance()
    total = sum(len(page.cards) for page in judged)
    site.add("claims.html.j2", _CLAIMS, pages=judged, total=total, example=claims.example(judged))

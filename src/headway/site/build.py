"""Build of a site from an edition: which pages there are, in which order they are written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from headway.brief import edition_diff, html
from headway.brief.compose import Brief
from headway.brief.document import SCHEMA_VERSION, document
from headway.brief.edition import Edition
from headway.claims.ledger import Ledger
from headway.evidence import Evidence
from headway.site import claims, home, indicators, pages, preview, standing, whatif, world_map
from headway.site.folder import SiteFolder, filled
from headway.site.preview import PagePreview

_CHANGES, _STANDING, _RECORD = "changes.html", "standing.html", "record.html"
_INDICATORS, _CLAIMS, _WHATIF = "indicators/index.html", "claims/index.html", "what-if.html"

_HOME_WORDS = "Months behind the best of all other countries, measured or modelled, with what comes next and why."


@dataclass(frozen=True)
class _SitePages:
    """A site that is being written, with what all its pages share."""

    folder: SiteFolder
    edition: Edition
    links: dict[str, str]
    address: str

    def add(self, template: str, name: str, about: Callable[[], PagePreview] | None = None, **values: Any) -> None:
        """Write a page, and its preview where the site's address is known."""
        head = self.head(name, about) if about else Markup()
        self.folder.add(name, pages.render(template, name, self.edition.key, self.links, head, **values))

    def head(self, name: str, about: Callable[[], PagePreview]) -> Markup:
        """Tags for the head of a page; its picture is written beside it. Empty where the address is not known."""
        if not self.address:
            return Markup()
        made = about()
        if made.picture is not None:
            self.folder.add(preview.picture_name(name), made.picture)
        return preview.tags(made, self.address, name)


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
    names = {"home": pages.HOME, "whatif": _WHATIF, "indicators": _INDICATORS, "standing": _STANDING}
    names |= {"record": _RECORD} if record else {}
    names |= {"claims": _CLAIMS} if ledgers else {}
    names |= {"changes": _CHANGES} if changes else {}
    links = {names[name]: words for name, words in pages.MAIN.items() if name in names}
    with filled(folder, force=force) as files:
        site = _SitePages(files, edition, links, address)
        files.add(pages.STYLE, pages.stylesheet())
        for name, content in pages.scripts().items():
            files.add(name, content)
        if changes is not None:
            site.add("changes.html.j2", _CHANGES, found=changes)
        if record is not None:
            site.add("record.html.j2", _RECORD, record=record)
        site.add("standing.html.j2", _STANDING, views=standing.views(evidence), linked=set(countries))
        _write_countries(site, countries, changes, advance)
        _write_indicators(site, evidence, slugs, set(countries), advance)
        if ledgers:
            _write_claims(site, evidence, ledgers, advance)
    return files.count, files.bytes


def _write_countries(
    site: _SitePages,
    countries: Sequence[str],
    changes: edition_diff.EditionDiff | None,
    advance: Callable[[], None],
) -> None:
    above = [(f"../{address}", words) for address, words in site.links.items()]
    changed = Counter(change.country for change in changes.sentences) if changes else Counter[str]()
    rows, ready = [], []
    for code in countries:
        brief = site.edition.brief(code)
        own = [*above, (f"{code}.json", "Findings as JSON")]
        row = home.row(brief, changed[code])
        head = site.head(f"countries/{code}.html", partial(_preview_of_brief, brief, row))
        surroundings = html.PageSurroundings(own, f"../{pages.STYLE}", (f"../{pages.EMBED}",), head)
        page = html.page(brief, surroundings)
        site.folder.add(f"countries/{code}.html", pages.slim(page))
        findings = {"schema_version": SCHEMA_VERSION, **document(brief)}
        text = json.dumps(findings, ensure_ascii=False, separators=(",", ":"))
        site.folder.add(f"countries/{code}.json", text)
        rows.append(row)
        ready += [found] if (found := whatif.answers(brief)) else []
        advance()
    rows.sort(key=lambda row: row.name.casefold())
    drawn, as_of = world_map.world_map(rows, "countries/{}.html".format), site.edition.key.as_of
    site.add(
        "index.html.j2",
        pages.HOME,
        lambda: PagePreview("Where does a country stand in AI?", _HOME_WORDS, preview.of_map(rows, as_of)),
        rows=rows,
        since=changes,
        map=drawn,
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
        site.add("indicator.html.j2", f"indicators/{slug}.html", partial(_preview_of_indicator, page), page=page)
        site.folder.add(f"indicators/{slug}.csv", page.csv)
        listed.append({"indicator": page.indicator, "countries": page.countries, "last": page.last})
        advance()
    site.add("indicators.html.j2", _INDICATORS, listed=listed)


def _write_claims(site: _SitePages, evidence: Evidence, ledgers: Sequence[Ledger], advance: Callable[[], None]) -> None:
    judged = []
    for ledger in ledgers:
        page = claims.ledger_page(ledger, evidence, site.edition, site.address)
        site.add("ledger.html.j2", page.name, partial(_preview_of_ledger, page), page=page)
        judged.append(page)
        advance()
    total = sum(len(page.cards) for page in judged)
    first = claims.example(judged)
    site.add(
        "claims.html.j2",
        _CLAIMS,
        partial(_preview_of_claims, total, first),
        pages=judged,
        total=total,
        example=first,
    )


def _preview_of_brief(brief: Brief, row: home.HomeRow) -> PagePreview:
    picture = preview.of_brief(brief) if row.value is not None else None
    return PagePreview(f"{row.name}: AI brief", row.sentence, picture)


def _preview_of_indicator(page: indicators.IndicatorPage) -> PagePreview:
    words = f"{page.indicator.name} of {page.countries} countries, {page.first} to {page.last}. {page.told}"
    return PagePreview(page.indicator.name, words, preview.of_drawing(page.pictures[0]))


def _preview_of_claims(total: int, first: claims.WorkedExample | None) -> PagePreview:
    picture = preview.of_drawing(first.card.wide) if first else None
    return PagePreview("Does what is said hold?", f"{total} claims, each with its test and its verdict.", picture)


def _preview_of_ledger(page: claims.LedgerPage) -> PagePreview:
    counts = ", ".join(f"{count} {verdict}" for (verdict, _), count in page.counts.items())
    drawn = next((card.wide for card in page.cards if card.wide), None)
    return PagePreview(page.ledger.title, f"{len(page.cards)} claims: {counts}.", preview.of_drawing(drawn))

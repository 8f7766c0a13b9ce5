"""Changes between two editions, country by country, and feeds (Atom, JSON Feed) of the sentences that changed."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from headway.brief.compose import Brief
from headway.brief.diff import Diff, Reason, diff, key, report
from headway.brief.document import SCHEMA_VERSION, Document, document
from headway.brief.edition import Edition, EditionKey
from headway.core import wording

_ATOM = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """Finding whose sentence is not as it was.

    Attributes:
        id: of the finding; where it is gone, the id that it had.
        title: country and what the finding is about.
        before, after: its sentences; empty where there was, or is, none.
        reasons: what can have changed it.
        weight: prominence, 1 (headline) to 3 (detail).
    """

    id: str
    country: str
    title: str
    before: str
    after: str
    reasons: tuple[Reason, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """Changes between two editions.

    Attributes:
        since, until: keys of the two.
        countries: changes of each country that has any, in the order of the newer edition.
        sentences: findings whose sentence changed, country by country, most prominent first.
        unchanged: number of countries without a change.
        added, removed: codes of countries that only the newer or only the older edition has.
    """

    since: EditionKey
    until: EditionKey
    countries: tuple[Diff, ...]
    sentences: tuple[SentenceChange, ...]
    unchanged: int
    added: tuple[str, ...]
    removed: tuple[str, ...]


def compare(old: Edition, new: Edition, countries: Sequence[str] = (), weight: int = 3) -> EditionDiff:
    """Changes from `old` to `new`.

    Args:
        countries: codes; all countries of both where none is given.
        weight: findings whose sentence changed are listed up to this weight, 3 for all of them.
    """
    asked = [code for code in new.places if code in old.places and (not countries or code in countries)]
    also: list[Reason] = ["new model"] if old.key.model != new.key.model else []
    also += ["new version"] if old.key.code != new.key.code else []
    found: list[Diff] = []
    sentences: list[SentenceChange] = []
    for code in asked:
        if old.line(code) == new.line(code):
            continue
        before, after = old.brief(code), new.brief(code)
        changes = diff(Document.model_validate({"schema_version": SCHEMA_VERSION, **document(before)}), after, also)
        if changes.changes:
            found.append(changes)
        sentences += sorted(_sentences(before, after, changes, weight), key=lambda change: change.weight)
    only = [code for code in (countries or (*new.places, *old.places)) if (code in new.places) != (code in old.places)]
    return EditionDiff(
        old.key, new.key, tuple(found), tuple(sentences), len(asked) - len(found),
        tuple(code for code in only if code in new.places), tuple(code for code in only if code in old.places),
    )  # fmt: skip


def _sentences(before: Brief, after: Brief, changes: Diff, weight: int) -> Iterable[SentenceChange]:
    was, now = ({key(finding.id): finding for finding in brief.findings} for brief in (before, after))
    for change in changes.changes:
        old, new = was.get(change.key), now.get(change.key)
        one = new or old
        assert one is not None
        said = (old.sentence if old else "", new.sentence if new else "")
        if said[0] != said[1] and one.weight <= weight:
            yield SentenceChange(
                one.id, after.country, f"{after.name}: {change.title}", *said, change.reasons, one.weight
            )


def told(found: EditionDiff, width: int) -> str:
    """The changes in words: of one country all of them, of several a line each."""
    lines = [f"what changed between the editions of {wording.day(found.since.as_of)} and {_until(found)}"]
    lines += [
        f"  {name}: {getattr(found.since, name)[:8]} → {getattr(found.until, name)[:8]}"
        for name in ("evidence", "model", "code")
        if getattr(found.since, name) != getattr(found.until, name)
    ]
    if len(found.countries) == 1:
        lines.append(report(found.countries[0], width))
    for one in found.countries if len(found.countries) > 1 else ():
        kinds = Counter(change.kind for change in one.changes)
        outside = sum(change.outside for change in one.changes)
        counted = [f"{count} {kind}" for kind, count in kinds.items()]
        lines.append(f"{one.country}  {', '.join(counted)}" + (f"; {outside} left their interval" if outside else ""))
    for codes, words in ((found.added, "only in the newer"), (found.removed, "only in the older")):
        if codes:
            lines.append(f"{words}: {', '.join(codes)}")
    lines.append(f"{found.unchanged} {'country' if found.unchanged == 1 else 'countries'} unchanged.")
    return "\n".join(lines)


def atom(found: EditionDiff) -> bytes:
    """Atom feed (RFC 4287) of the sentences that changed, one entry a finding."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        element.text = text or None
        return element

    add(feed, "id", _urn("feed", found.since.code, found.until.code, found.since.evidence, found.until.evidence))
    add(feed, "title", _title(found))
    add(feed, "updated", _moment(found.until.as_of))
    add(add(feed, "author"), "name", "Headway")
    for change in found.sentences:
        entry = add(feed, "entry")
        add(entry, "id", _urn(change.id, change.before, change.after))
        add(entry, "title", change.title)
        add(entry, "updated", _moment(found.until.as_of))
        add(entry, "summary", change.after or f"No longer said: {change.before}")
        add(entry, "content", _content(change), type="text")
        for term in (change.country, *change.reasons):
            add(entry, "category", term=term)
    ElementTree.indent(feed)
    whole: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole + b"\n"


def json_feed(found: EditionDiff) -> str:
    """JSON Feed (version 1.1) of the sentences that changed, one item a finding."""
    items = [
        {
            "id": _urn(change.id, change.before, change.after),
            "title": change.title,
            "summary": change.after or f"No longer said: {change.before}",
            "content_text": _content(change),
            "date_published": _moment(found.until.as_of),
            "tags": [change.country, *change.reasons],
            "_headway": {"finding": change.id, "before": change.before, "after": change.after, "why": change.reasons},
        }
        for change in found.sentences
    ]
    feed = {"version": _JSON_FEED, "title": _title(found), "authors": [{"name": "Headway"}], "items": items}
    return json.dumps(feed, indent=1, ensure_ascii=False) + "\n"


def _content(change: SentenceChange) -> str:
    """Both sentences, the reasons, and how to look the finding up."""
    lines = [f"Before: {change.before or 'nothing was said.'}", f"Now: {change.after or 'nothing is said.'}"]
    if change.reasons:
        lines.append(f"Why: {', '.join(change.reasons)}.")
    if change.after:
        lines.append(f"headway trace {change.id}")
    return "\n".join(lines)


def _title(found: EditionDiff) -> str:
    return f"Headway: findings whose sentence changed, {wording.day(found.since.as_of)} to {_until(found)}"


def _until(found: EditionDiff) -> str:
    """Date of the newer edition; where it is that of the older one, its code tells the two apart."""
    day = wording.day(found.until.as_of)
    return day if found.until.as_of != found.since.as_of else f"{day} (same date)"


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _urn(*parts: str) -> str:
    """Address that is the same for the same change, whoever computes it."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '|'.join(('headway', *parts)))}"

"""Home: months behind the frontier on a map, the answer on one country, and what changed since an earlier edition."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from headway.brief.compose import compose
from headway.charts import Caption
from headway.core import wording
from headway.core.cache import Format, UnreadableEntryError, cached_on_disk, fingerprint
from headway.evidence import Evidence
from headway.explorer.address import HomeState
from headway.explorer.answer import Answer, AnswerMap, AnswerTable, Later
from headway.explorer.session import ExplorerSession
from headway.explorer.views import card
from headway.findings import Context, recipes
from headway.site import home, world_map

COUNTRY = "/country?country={}".format
CAVEAT = "The interval says how sure the distance is; where no score and no training run is known, nothing is shown."
_MEASURED = "gap.lag_observed"
_CHANGES = {"country": "Country", "title": "What it is about", "after": "Now", "before": "Before", "why": "Why"}
_COLUMNS = {
    "code": "Code", "country": "Country", "months": "Months behind", "low": "90% from", "high": "to",
    "how": "How known", "sentence": "In a sentence", **{label: label for label in home.LABELS},
}  # fmt: skip


def answer(state: HomeState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: an unknown country, or a year outside the evidence.
    """
    evidence = desk.on(state.year)
    context = desk.context(state.country, (), evidence)
    found = rows(desk, evidence)
    own = next((row for row in found if row.code == context.country), None) or _measured(context)
    lines = card.lines(own)[1:]  # the sentence says the distance
    whole = desk.edition is not None and evidence is desk.evidence
    source = "the briefs of the edition" if whole else "published scores of AI models, as Epoch AI collects them"
    words = world_map.months_words(found, source)
    notes = [] if whole else [_why_measured(desk, evidence)]
    told, changes = _changes(desk)
    how = f", {own.how}" if own.how else ""
    return Answer(
        f"How far behind the frontier: {own.name}",
        f"{wording.sentence(wording.the(own.name))}: {own.months or 'no distance known'}{how}.",
        desk.made(evidence, model=whole),
        CAVEAT,
        source,
        (*notes, "Click a country on the map for its answer, or walk by the arrow keys; Enter opens its brief."),
        (months_map(found, evidence, words, own.code),),
        (
            AnswerTable("countries", f"All {len(found)} countries and groups", _COLUMNS, Later(partial(_table, found))),
            *([AnswerTable("changes", "Headlines that changed", _CHANGES, changes)] if changes else []),
        ),
        {
            "country": own.code, "name": own.name, "judgement": own.sentence, "lines": lines, "changes": told,
            "changed": [{**row, "href": COUNTRY(row["code"])} for row in changes[:_SHOWN]],
        },
    )  # fmt: skip


_SHOWN = 8  # changes that the page shows; the table has all


def rows(desk: ExplorerSession, evidence: Evidence) -> Sequence[home.HomeRow]:
    """Line of every country: from the edition, or, for a past year and without one, measured distances alone."""

    stored = desk.edition if evidence is desk.evidence else None

    def make() -> Sequence[home.HomeRow]:
        if stored is not None:
            made = [home.row(stored.brief(code), 0) for code in stored.places]
        else:
            models = evidence.models()
            scored = set(models[models["eci"].notna()]["countries"].str.split(";").str[0])
            made = [
                _measured(Context(evidence, code)) if code in scored else home.unknown(code, name)
                for code, name in desk.countries
            ]
        return sorted(made, key=lambda row: row.name.casefold())

    made_from: tuple[object, ...] = (evidence.snapshot_hash, evidence.as_of, evidence.user_hash)
    if stored is not None:
        made_from = (fingerprint(stored.key), tuple(stored.places))
    kept = partial(cached_on_disk, "rows", made_from, make, _ROWS, most=20)
    return evidence.once("rows of the first page", kept)


def _pack(rows: Sequence[home.HomeRow]) -> bytes:
    return json.dumps([asdict(row) for row in rows]).encode()


def _unpack(content: bytes) -> Sequence[home.HomeRow]:
    try:
        read = json.loads(content)
        return [home.HomeRow(**{**row, "answers": tuple(map(tuple, row["answers"]))}) for row in read]
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableEntryError(str(error)) from error


_ROWS = Format(".json", _pack, _unpack)


def months_map(found: Sequence[home.HomeRow], evidence: Evidence, words: world_map.MapWords, marked: str) -> AnswerMap:
    """Map of the months behind the frontier."""
    known = sorted((row for row in found if row.value is not None), key=lambda row: (row.value or 0.0, row.name))
    caption = Caption(evidence.as_of, 0.9, "")
    order = [row.code for row in known]
    return linked_map(world_map.areas(found), world_map.CLASSES, words, caption, order=order, marked=[marked])


def linked_map(
    areas: Sequence[world_map.MapArea], classes: Sequence[world_map.MapClass], words: world_map.MapWords,
    caption: Caption, *, order: Sequence[str], marked: Sequence[str],
) -> AnswerMap:  # fmt: skip
    """Map whose countries lead to their pages; as a file it has a white ground and no links."""

    def paint(width: float, linked: bool) -> str:
        link, ground = (COUNTRY, "") if linked else (None, "#ffffff")
        return world_map.figure(areas, classes, words, caption, width, link=link, background=ground)

    return AnswerMap("map", words.title, words.alternative, paint, order, marked)


def _measured(context: Context) -> home.HomeRow:
    """Line of a country from published scores alone."""
    return home.row(compose(context, [recipes()[_MEASURED]]), 0)


def _why_measured(desk: ExplorerSession, evidence: Evidence) -> str:
    if evidence is not desk.evidence:
        return f"As known on {wording.day(evidence.as_of)}: measured distances alone, as editions speak of today."
    return (
        "No edition fits this evidence, so that measured distances alone are shown; headway edition build makes one "
        "that adds modelled ones, what comes next and why."
    )


def _changes(desk: ExplorerSession) -> tuple[str, list[dict[str, Any]]]:
    """Changes since the earlier edition in a sentence, and headline by headline."""
    if desk.since is None:
        return "No earlier edition to compare with was given to this server (headway serve --since EDITION).", []
    day = wording.day(desk.since.key.as_of)
    found = desk.changes
    if found is None:
        return f"No edition fits this evidence, so that nothing can be compared with the edition of {day}.", []
    told = [
        {
            "code": change.country,
            "country": change.title.partition(": ")[0],
            "title": change.title.partition(": ")[2],
            "after": change.after or "Nothing is said any more.",
            "before": change.before or "Nothing was said.",
            "why": ", ".join(change.reasons),
            "href": COUNTRY(change.country),
        }
        for change in found.sentences
    ]
    if not told:
        return f"No headline has another sentence than in the edition of {day}.", []
    places = len({row["code"] for row in told})
    return (
        f"{len(told)} {'headline' if len(told) == 1 else 'headlines'} of {places} "
        f"{'country' if places == 1 else 'countries'} changed since the edition of {day}.",
        told,
    )


def _table(found: Sequence[home.HomeRow]) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "country": row.name,
            "months": row.value,
            "low": row.low,
            "high": row.high,
            "how": row.how,
            "sentence": row.sentence,
            **{label: dict(row.answers).get(label, "") for label in home.LABELS},
            "href": COUNTRY(row.code),
        }
        for row in found
    ]

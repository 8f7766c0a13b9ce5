"""A finding made again from its id, and the chain from it down to publishers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.brief import view
from headway.brief.compose import drawable
from headway.brief.document import plain_data, record
from headway.brief.edition import stored_finding
from headway.brief.footnotes import FootnoteReference, chain, describe, reading, reference
from headway.core import wording as plain
from headway.core.errors import InputError
from headway.evidence.sources.curated import second_readings
from headway.findings import Context, Finding, FindingId, Recipe
from headway.findings.observed.common import iso_date
from headway.findings.recipe import recipes, scenario_name
from headway.findings.rivals import rivals
from headway.scenarios.question import context as asked_context
from headway.scenarios.question import evidence_on
from headway.scenarios.scenario import shipped

if TYPE_CHECKING:
    from rich.tree import Tree

    from headway.evidence import Evidence, Fact

_SHOWN = 12  # inputs printed under one fact; the JSON has all


@dataclass(frozen=True, slots=True)
class Link:
    """One fact of the chain and what it was derived from; a publisher's own figure has no inputs."""

    id: str
    text: str
    reference: FootnoteReference
    inputs: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A finding, the recipe that made it, and its facts."""

    finding: Finding
    about: str
    links: tuple[Link, ...]


def trace(
    identifier: FindingId, context: Context, known: Mapping[str, Recipe] | None = None, *, recompute: bool = False
) -> Chain:
    """Finding in `context`, which must have the country, date and evidence that the id names, with its facts.

    It is read from the edition that holds it; else its recipe makes it again. A recipe that compares is asked about the
    countries the id names, too.

    Args:
        recompute: make it again even where an edition holds it.

    Raises:
        InputError: no such recipe, or the recipe makes no finding with this id on this evidence.
    """
    registry = recipes() if known is None else known
    if identifier.recipe not in registry:
        near = get_close_matches(identifier.recipe, registry, 3)
        meant = f"; did you mean {plain.listing(near)}?" if near else "; headway brief COUNTRY --json lists ids"
        raise InputError(f"no recipe is called '{identifier.recipe}'{meant}")
    recipe = registry[identifier.recipe]
    finding = None if recompute or known is not None else stored_finding(context, str(identifier))
    made: dict[str, Finding] = {}
    if finding is None:
        made = {one.id: drawable(one, context) for one in recipe(_widened(context, identifier))}
        finding = made.get(str(identifier))
    if finding is None:
        near = get_close_matches(str(identifier), made, 3, 0.0)
        others = f"; it makes {plain.listing(near)}" if near else ", and nothing else either"
        raise InputError(f"recipe {identifier.recipe} makes no finding {identifier} on this evidence{others}")
    about = (recipe.make.__doc__ or "").strip().partition("\n")[0]
    facts = chain(context.evidence, finding.observations)
    return Chain(finding, about, tuple(_links(finding.observations, facts, context.evidence)))


@dataclass(frozen=True, slots=True)
class TypedStatement:
    """Date, second reading and doubt of a typed row.

    Attributes:
        date: date that the statement speaks of, as precisely as it is known; may be empty.
        second_read_on: day on which somebody who had not typed the row read it again; None where nobody did.
        doubt: what is not believed without more; may be empty.
    """

    date: str
    second_read_on: dt.date | None
    doubt: str


@dataclass(frozen=True, slots=True)
class TracedFact:
    """One fact of the evidence with what it was derived from; a statement also has its own typed row."""

    link: Link
    typed: TypedStatement | None


def facts_named(name: str, evidence: Evidence) -> tuple[TracedFact, ...]:
    """Facts with this id, or the statements whose row in a typed table has it (`RUS-04`); none where nothing has it."""
    found = [name] if ":" in name else [id for id in evidence.statements()["id"] if id.rpartition(":")[2] == name]
    facts = evidence.facts(found)
    known = chain(evidence, facts)
    links = _links(tuple(facts), known, evidence)
    typed = {fact.id: fact.row for fact in facts.values() if fact.table == "statements"}
    again = second_readings() if typed else {}
    return tuple(TracedFact(link, _typed(link.id, typed[link.id], again) if link.id in typed else None)
                 for link in links)  # fmt: skip


def _typed(fact: str, row: Mapping[str, Any], again: Mapping[tuple[str, dt.date], dt.date]) -> TypedStatement:
    read = again.get((fact, row["transcribed_on"].date()))
    return TypedStatement(iso_date(row), read, str(row["doubt"]))


def context_of(
    identifier: FindingId, files: Sequence[Path] = (), scenario: str | None = None, seed: int = 0
) -> Context:
    """Context in which the finding was made: evidence of its day, its country and its scenario.

    Args:
        files: the user's own files that took part, in the order they were given.
        scenario: the user's own scenario file.

    Raises:
        InputError: the files or the scenario are not those that the id names, or lack where it names some.
    """
    evidence = evidence_on(identifier.as_of, files)
    _same_evidence(identifier, evidence)
    return asked_context(evidence, identifier.country, (), _scenario(identifier, scenario), seed)


def _same_evidence(identifier: FindingId, known: Evidence) -> None:
    if identifier.user == known.user_hash:
        return
    if identifier.user is None:
        raise InputError(f"{identifier} was made without evidence of your own: leave --evidence away")
    if known.user_hash is None:
        raise InputError(
            f"{identifier} was made with evidence of your own (+{identifier.user}): give it with --evidence FILE"
        )
    raise InputError(
        f"the files given have the hash {known.user_hash}, but {identifier} was made with {identifier.user}: "
        "give the same files, unchanged and in the same order"
    )


def _scenario(identifier: FindingId, given: str | None) -> str | None:
    if given is not None and scenario_name(given) != identifier.scenario:
        raise InputError(
            f"--scenario {given} is not the scenario of {identifier} ({identifier.scenario or 'baseline'})"
        )
    if given is None and identifier.scenario is not None and identifier.scenario not in shipped():
        raise InputError(f"{identifier} was made with a scenario of your own: give it with --scenario FILE")
    return given or identifier.scenario


def _widened(context: Context, identifier: FindingId) -> Context:
    """The context with every country that the id names among those compared with."""
    named = []
    for argument in identifier.arguments:
        try:
            place = context.evidence.resolve(argument)
        except InputError:
            continue
        if place.code == argument and argument != context.country:
            named.append(argument)
    return replace(context, against=tuple(dict.fromkeys((*rivals(context), *named)))) if named else context


def _links(
    identifiers: tuple[str, ...], known: Mapping[str, Fact], evidence: Evidence, above: tuple[str, ...] = ()
) -> Iterator[Link]:
    for identifier in identifiers:
        fact = known[identifier]
        below = () if identifier in above else tuple(_links(fact.inputs, known, evidence, (*above, identifier)))
        yield Link(identifier, describe(fact, evidence), reference(fact), below)


def document(found: Chain) -> dict[str, Any]:
    """The chain as plain data."""
    return {"finding": record(found.finding), "recipe": found.about, "chain": plain_data(found.links)}


def facts_document(facts: Sequence[TracedFact]) -> dict[str, Any]:
    """Facts as plain data."""
    return {"facts": [plain_data(fact) for fact in facts]}


def fact_tree(fact: TracedFact) -> Tree:
    """One fact as a tree for the terminal: its words, what it was derived from, its publisher, how it was typed."""
    from rich.text import Text
    from rich.tree import Tree

    root = Tree("", guide_style="dim", hide_root=True)
    branch = _grow(root, fact.link)
    if typed := fact.typed:
        if typed.date:
            branch.add(Text(f"date: {typed.date}"))
        again = f"on {typed.second_read_on}" if typed.second_read_on else "no"
        branch.add(Text(f"read again by somebody who had not typed it: {again}"))
        if typed.doubt:
            branch.add(Text(f"doubt: {typed.doubt}"))
    return root


def tree(found: Chain) -> Tree:
    """The chain as a tree for the terminal: finding, facts, inputs, publisher."""
    from rich.text import Text
    from rich.tree import Tree

    finding = found.finding
    root = Tree(Text.assemble((finding.id, "bold"), "\n", view.spoken(finding)), guide_style="dim")
    what = " · ".join(filter(None, (str(finding.tier), view.number(finding), view.interval(finding), finding.period)))
    root.add(Text(what))
    root.add(Text(f"recipe: {found.about}" if found.about else "recipe"))
    if finding.caveat:
        root.add(Text(f"caveat: {finding.caveat}"))
    if finding.parameters:
        root.add(Text(f"assumptions: {', '.join(finding.parameters)}"))
    if not found.links:
        root.add(
            Text("no single fact stands behind it: it speaks of what is not in the evidence, or of the model alone")
        )
    for link in found.links:
        _grow(root, link)
    return root


def _grow(tree: Tree, link: Link) -> Tree:
    """The branch of a fact, added to a tree."""
    from rich.text import Text

    branch = tree.add(Text.assemble(link.text, "\n", (link.id, "dim")))
    for below in link.inputs[:_SHOWN]:
        _grow(branch, below)
    if len(link.inputs) > _SHOWN:
        branch.add(Text(f"and {len(link.inputs) - _SHOWN} more facts (--json lists them)", style="dim"))
    if not link.inputs:
        note = link.reference
        branch.add(Text(f"{note.publisher}, {note.title}" + (f", {note.dated}" if note.dated else ""), style="cyan"))
        branch.add(Text(note.url, style="cyan"))
        if said := reading(note):
            branch.add(Text(said, style="cyan"))
        branch.add(Text(f"licence {note.licence}; retrieved {note.retrieved_on}", style="cyan"))
    return branch

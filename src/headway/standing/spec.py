"""Specification of an index and the tree of its nodes: frozen, ordered, hashed; written and read as YAML.

The specification of an index: frozen, ordered, hashed; written and read as YAML.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from headway.core import yaml_files
from headway.core.errors import InputError
from headway.standing.legality import check
from headway.standing.mistakes import mistakes, nearest, several
from headway.standing.moments import Array
from headway.standing.settings import (
    STEPS,
    Aggregation,
    AnyStep,
    Denominate,
    Frozen,
    Impute,
    Normalise,
    Robustness,
    ScaleSetting,
    Weighting,
)


@dataclass(frozen=True, slots=True)
class Tree:
    """Checked tree of nodes over nodes over indicators, to any depth.

    Attributes:
        root: the index.
        nodes: all nodes, children before parents.
        leaves: indicators in the order of the tree.
        children: children of each node.
        parent: parent of each node and indicator but the root.
    """

    root: str
    nodes: tuple[str, ...]
    leaves: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]
    parent: Mapping[str, str]

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Ancestors of a node or indicator: parent, grandparent … up to the root."""
        out: list[str] = []
        while name in self.parent:
            name = self.parent[name]
            out.append(name)
        return tuple(out)

    def under(self, node: str) -> tuple[str, ...]:
        """Indicators below `node`, in order."""
        if node not in self.children:
            return (node,)
        return tuple(leaf for child in self.children[node] for leaf in self.under(child))

    def level(self, name: str) -> int:
        """Height of a node: 0 for an indicator, else one more than the highest child."""
        return 1 + max(self.level(child) for child in self.children[name]) if name in self.children else 0


def build_tree(children: Mapping[str, Sequence[str]], indicators: Sequence[str]) -> Tree:
    """Checked tree, children before parents.

    Args:
        children: node → names of nodes or indicators.

    Raises:
        ValueError: an empty node, an unknown name, a name under two parents or twice under one, a cycle, several
            roots, or an indicator that no node uses.
    """
    parent: dict[str, str] = {}
    known = {*children, *indicators}
    both = sorted(set(children) & set(indicators))
    if both:
        raise ValueError(f"'{both[0]}' is both a node and an indicator")
    for node, names in children.items():
        if not names:
            raise ValueError(f"node '{node}' has no children")
        for name in names:
            if name not in known:
                raise ValueError(
                    f"node '{node}': child '{name}' is neither a node nor an indicator of this specification"
                    f"{nearest(name, known)}"
                )
            if name in parent:
                twice = "twice" if parent[name] == node else f"under '{parent[name]}' as well"
                raise ValueError(f"node '{node}': child '{name}' stands {twice}; a child has one parent")
            parent[name] = node
    for node in children:
        seen, at = [node], node
        while at in parent:
            at = parent[at]
            if at in seen:
                raise ValueError(
                    f"the tree runs in a circle: {' → '.join([*reversed(seen[seen.index(at) :]), seen[-1]])}"
                )
            seen.append(at)
    roots = [node for node in children if node not in parent]
    if len(roots) != 1:
        raise ValueError(f"one node must stand above all others, not {len(roots)} ({', '.join(roots)})")
    loose = [name for name in indicators if name not in parent]
    if loose:
        raise ValueError(f"no node has the indicator '{loose[0]}' as a child")
    nodes: list[str] = []
    leaves: list[str] = []

    def walk(name: str) -> None:
        if name not in children:
            leaves.append(name)
            return
        for child in children[name]:
            walk(child)
        nodes.append(name)

    walk(roots[0])
    return Tree(roots[0], tuple(nodes), tuple(leaves), {k: tuple(v) for k, v in children.items()}, parent)


RESERVED = frozenset({"data", "indicators", "nodes"})
"""Words that outputs and changes use: the data before the first step, and all indicators or nodes at once."""


class IndicatorSpec(Frozen):
    """Column of the data as an indicator; `direction` -1 says that less is better."""

    label: str = ""
    unit: str = ""
    direction: Literal[-1, 1] = 1
    source: str = ""


class Node(Frozen):
    """Aggregate of nodes or indicators.

    Attributes:
        children: names of nodes or indicators; their order is the order of sums and of every output.
        weights: a method's name, a mapping child → relative weight, or a `Weighting`; equal by default.
        aggregate: a method's name or an `Aggregation`; the specification's default where absent.
        minimum_data: share of children that must be present; the specification's default where absent.
        rescale: a normalisation of the node's own scores after aggregation.
    """

    label: str = ""
    children: tuple[str, ...]
    weights: Weighting | None = None
    aggregate: Aggregation | None = None
    minimum_data: float | None = Field(default=None, ge=0, le=1)
    rescale: ScaleSetting | None = None

    @property
    def weighting(self) -> Weighting:
        """Weights, equal by default."""
        return self.weights or Weighting()


class Spec(Frozen):
    """Specification of an index.

    Attributes:
        unit, year: names of the data columns that hold the unit and, if any, the year.
        steps: what happens to indicators, in this order; names are unique, so that a kind may come twice.
        aggregate, minimum_data: defaults of all nodes.
        rank_decimals: decimals to which the scores of nodes are rounded before they are ranked, so that units whose
            published scores are equal share a rank; scores themselves keep all digits. Unrounded by default.
        robustness: alternatives and errors to be studied.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str = ""
    description: str = ""
    source: str = ""
    unit: str = "unit"
    year: str | None = None
    indicators: Mapping[str, IndicatorSpec] = Field(min_length=1)
    nodes: Mapping[str, Node] = Field(min_length=1)
    steps: tuple[AnyStep, ...] = ()
    aggregate: Aggregation = Aggregation()
    minimum_data: float = Field(default=0.0, ge=0, le=1)
    rank_decimals: int | None = Field(default=None, ge=0, le=15)
    robustness: Robustness = Robustness()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        """Steps may be written `- normalise: {method: minmax}`, indicators as a plain list or with empty entries."""
        if not isinstance(given, Mapping):
            return given
        given = dict(given)
        if isinstance(given.get("steps"), list):
            given["steps"] = [_long_step(step) for step in given["steps"]]
        if isinstance(given.get("indicators"), list):
            given["indicators"] = dict.fromkeys(given["indicators"])
        if isinstance(given.get("indicators"), Mapping):
            given["indicators"] = {name: entry or {} for name, entry in given["indicators"].items()}
        return given

    @model_validator(mode="after")
    def _check(self) -> Self:
        found = list(dict.fromkeys([*self._wrong_names(), *self._wrong_steps()]))
        try:
            check(self)
        except ValueError as error:
            found.append(str(error))
        found += self._wrong_choices()
        if found:
            raise ValueError("\n".join(found))
        return self

    def _wrong_names(self) -> Iterator[str]:
        names = [step.name for step in self.steps]
        for name in names:
            if names.count(name) > 1:
                yield f"two steps are named '{name}'; give one of them a `name` of its own"
            if name in self.nodes:
                yield f"'{name}' names both a step and a node"
        for name in (*names, *self.nodes, *self.indicators):
            if name in RESERVED or not name.strip():
                yield f"'{name}' cannot be a name; {', '.join(sorted(RESERVED))} have meanings of their own"

    def _wrong_steps(self) -> Iterator[str]:
        for step in self.steps:
            for indicator in (*(step.indicators or ()), *step.per):
                if indicator not in self.indicators:
                    yield (
                        f"step '{step.name}' names '{indicator}', which is no indicator of this specification"
                        f"{nearest(indicator, self.indicators)}"
                    )
            if isinstance(step, Normalise):
                for leaf in self.indicators:
                    missing = step.missing(leaf) if step.applies(leaf) else ()
                    if missing:
                        method = step.settings(leaf).method
                        yield f"step '{step.name}', indicator '{leaf}': {method} needs `{missing[0]}`"

    def _wrong_choices(self) -> Iterator[str]:
        known = [*(step.name for step in self.steps), *self.nodes, "nodes", "indicators"]
        for choice in self.robustness.choices.values():
            for target in dict.fromkeys(target for option in choice.values() for target in option):
                if target not in known:
                    yield (
                        f"robustness: '{target}' is neither a step nor a node; use `nodes` for all nodes"
                        f"{nearest(target, known)}"
                    )

    @cached_property
    def tree(self) -> Tree:
        """Checked tree of nodes and indicators."""
        return build_tree({name: node.children for name, node in self.nodes.items()}, tuple(self.indicators))

    @cached_property
    def hash(self) -> str:
        """Twelve hexadecimal digits that change whenever anything in the specification does."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def aggregation(self, node: str) -> Aggregation:
        """Aggregation of a node, or the default."""
        return self.nodes[node].aggregate or self.aggregate

    def rounded(self, name: str, scores: Array) -> Array:
        """Scores of a node as they are ranked, with `rank_decimals`; those of an indicator stay as they are."""
        return scores if self.rank_decimals is None or name not in self.nodes else scores.round(self.rank_decimals)

    def label(self, name: str) -> str:
        """Name of a node or an indicator for readers."""
        entry = self.nodes.get(name) or self.indicators.get(name)
        return (entry.label if entry else "") or name

    def with_changes(self, changes: Mapping[str, Mapping[str, Any] | None]) -> Spec:
        """Specification with partial changes: step or node name → fields to replace.

        `nodes` changes every node; None in place of fields removes a step.

        Raises:
            InputError: an unknown name, or a combination that is not legal.
        """
        raw = self.model_dump(mode="json", exclude_unset=True)
        raw["steps"] = [
            {**step, "step": own.step, "name": own.name}
            for step, own in zip(raw.get("steps", []), self.steps, strict=True)
        ]
        for target, fields in changes.items():
            raw = _changed(raw, target, fields)
        return parse(raw, self.name)


def _changed(raw: dict[str, Any], target: str, fields: Mapping[str, Any] | None) -> dict[str, Any]:
    steps = [step["name"] for step in raw["steps"]]
    if target in steps:
        at = steps.index(target)
        new = [] if fields is None else [_merged_step(raw["steps"][at], fields)]
        kept = raw if fields is not None else _without_choices_of(raw, target)
        return {**kept, "steps": [*raw["steps"][:at], *new, *raw["steps"][at + 1 :]]}
    if fields is None:
        raise InputError(f"only a step can be removed; '{target}' is none of {', '.join(steps)}")
    if target in {"nodes", "indicators"}:
        return {**raw, target: {name: {**(entry or {}), **fields} for name, entry in raw[target].items()}}
    if target in raw["nodes"]:
        return {**raw, "nodes": {**raw["nodes"], target: {**raw["nodes"][target], **fields}}}
    raise InputError(f"'{target}' is neither a step ({', '.join(steps)}) nor a node ({', '.join(raw['nodes'])})")


def _without_choices_of(raw: dict[str, Any], step: str) -> dict[str, Any]:
    """Specification whose robustness study no longer changes a step that is removed."""
    study = raw.get("robustness", {})
    if "choices" not in study:
        return raw
    choices = {
        choice: {option: {k: v for k, v in change.items() if k != step} for option, change in options.items()}
        for choice, options in study["choices"].items()
    }
    return {**raw, "robustness": {**study, "choices": choices}}


def _merged_step(step: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Step with changed fields; a changed method drops what it does not use, and settings by indicator.

    The change may bring settings by indicator of its own.
    """
    kept = {key: value for key, value in step.items() if not (key == "per" and "method" in fields)}
    return {**STEPS[step["step"]].without_unused(kept, fields), **fields}


def _long_step(step: Any) -> Any:
    if isinstance(step, str):
        return {"step": step}
    if isinstance(step, Mapping) and "step" not in step and len(step) == 1:
        (kind, fields), *_ = step.items()
        return {"step": kind, **(fields or {})} if isinstance(fields, Mapping) or fields is None else step
    return step


_NO_MAPPING = "a specification is a mapping with `name`, `indicators`, `nodes` and `steps`"


def parse(raw: Any, where: str) -> Spec:
    """Specification from plain data.

    Raises:
        InputError: naming `where`, the field and what was wrong.
    """
    if not isinstance(raw, Mapping):
        raise InputError(f"{where}: {_NO_MAPPING}")
    try:
        return Spec.model_validate(raw)
    except ValidationError as error:
        said = [
            f"{'.'.join(str(part) for part in location)}: {words}" if location else words
            for location, words in mistakes(Spec, error)
        ]
        raise InputError(several(where, said)) from error


def load(path: Path) -> Spec:
    """Specification from a YAML file.

    Raises:
        InputError: the file is missing, is not YAML, or is not a specification.
    """
    return parse_yaml(yaml_files.read_text(Path(path)), str(path))


def parse_yaml(text: str, where: str) -> Spec:
    """Specification from YAML.

    Raises:
        InputError: naming `where`, the line, the field and what was wrong.
    """
    document = yaml_files.document(text, where)
    if not isinstance(document.value, Mapping):
        raise document.refusal((), _NO_MAPPING)
    try:
        return Spec.model_validate(document.value)
    except ValidationError as error:
        refusals = [str(document.refusal(*mistake)) for mistake in mistakes(Spec, error)]
        raise InputError(several(where, [words.removeprefix(f"{where}, ") for words in refusals], ", ")) from error


def dump(spec: Spec) -> str:
    """YAML of a specification, without fields left at their defaults."""
    return yaml_files.dump(spec.model_dump(mode="json", exclude_unset=True))


def further_columns(spec: Spec) -> list[str]:
    """Numeric columns that steps use beside the indicators: denominators, and those that tell which units are alike.

    Steps include those that an option of the robustness study would change.
    """
    used: set[str | None] = set()
    for step in spec.steps:
        for own in (step, *(step.settings(leaf) for leaf in spec.tree.leaves if step.applies(leaf))):
            used |= {own.by} if isinstance(own, Denominate) else set(own.like) if isinstance(own, Impute) else set()
    for fields in _option_fields(spec):
        used |= {fields.get("by"), *fields.get("like", ())}
    return sorted(name for name in used if name)


def _option_fields(spec: Spec) -> Iterator[Mapping[str, Any]]:
    """Fields of steps that options of the robustness study set, those for one indicator by themselves."""
    for options in spec.robustness.choices.values():
        for change in options.values():
            for target, fields in change.items():
                if fields and target in {step.name for step in spec.steps}:
                    yield fields
                    yield from fields.get("per", {}).values()

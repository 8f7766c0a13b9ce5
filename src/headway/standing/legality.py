"""Combinations that cannot be right, found before any number is computed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from headway.standing.settings import Aggregation, Normalise, ScaleSetting

if TYPE_CHECKING:
    from headway.standing.spec import Spec


class Sign(Enum):
    """What is certain of a score's smallest value."""

    POSITIVE = "above zero"
    ZERO = "zero at the lowest unit"
    NEGATIVE = "below zero for some units"
    UNKNOWN = "depends on the data"


def sign_of_scale(scale: ScaleSetting) -> Sign:
    """The smallest score that a normalisation must produce."""
    lower = scale.range[0]
    if scale.method in {"minmax", "goalposts"}:
        if scale.method == "goalposts" and (scale.cap is False or lower <= 0):
            return Sign.UNKNOWN
        return Sign.POSITIVE if lower > 0 else Sign.ZERO if lower == 0 else Sign.NEGATIVE
    if scale.method == "zscore":
        return Sign.NEGATIVE if scale.mean <= 0 else Sign.UNKNOWN
    if scale.method == "rank":
        return Sign.POSITIVE
    zero = {"borda", "percentile_rank", "distance_to_maximum", "distance_to_reference", "distance_to_target"}
    return Sign.ZERO if scale.method in zero else Sign.UNKNOWN


def _sign_of_node(aggregation: Aggregation, signs: list[Sign]) -> Sign:
    if aggregation.method in {"copeland", "kemeny", "benefit_of_the_doubt"}:
        return Sign.UNKNOWN
    if all(sign is Sign.POSITIVE for sign in signs):
        return Sign.UNKNOWN if aggregation.method == "mazziotta_pareto" else Sign.POSITIVE
    if all(sign is Sign.NEGATIVE for sign in signs) and aggregation.method == "arithmetic":
        return Sign.NEGATIVE
    return Sign.UNKNOWN


def check(spec: Spec) -> None:
    """Refuse aggregations and weights whose children are certain to be out of their reach.

    Raises:
        ValueError: naming the node, the child and what to use instead.
    """
    signs: dict[str, Sign] = {}
    methods: dict[str, str] = {}
    for leaf in spec.tree.leaves:
        last = _last_scale(spec, leaf)
        signs[leaf] = sign_of_scale(last) if last is not None else Sign.UNKNOWN
        methods[leaf] = last.method if last is not None else "no normalisation"
        if last is not None and last.method == "fraction_of_maximum" and spec.indicators[leaf].direction < 0:
            raise ValueError(
                f"indicator '{leaf}': a fraction of the maximum has no meaning with direction -1; use minmax"
            )
    for node in spec.tree.nodes:
        settings = spec.nodes[node]
        aggregation = spec.aggregation(node)
        children = settings.children
        _check_children(node, aggregation, {child: signs[child] for child in children}, methods)
        if settings.weighting.method == "entropy":
            bad = next((child for child in children if signs[child] is Sign.NEGATIVE), None)
            if bad is not None:
                raise ValueError(
                    f"node '{node}': entropy weights need scores of zero or more, but '{bad}' has {methods[bad]}"
                )
        _check_weights(spec, node)
        scale = settings.rescale
        signs[node] = sign_of_scale(scale) if scale else _sign_of_node(aggregation, [signs[c] for c in children])
        methods[node] = scale.method if scale else aggregation.method


def _check_children(node: str, aggregation: Aggregation, signs: Mapping[str, Sign], methods: Mapping[str, str]) -> None:
    refused = {Sign.NEGATIVE, Sign.ZERO} if aggregation.needs_positive else {Sign.NEGATIVE}
    if not aggregation.needs_nonnegative:
        return
    bad = next((child for child, sign in signs.items() if sign in refused), None)
    if bad is None:
        return
    need = "positive scores" if aggregation.needs_positive else "scores of zero or more"
    raise ValueError(
        f"node '{node}': {aggregation.method} needs {need}, but '{bad}' ({methods[bad]}) is {signs[bad].value}; "
        "use minmax with `lower` above zero, or goalposts, or aggregate by the arithmetic mean"
    )


def _check_weights(spec: Spec, node: str) -> None:
    settings = spec.nodes[node]
    weighting, children = settings.weighting, settings.children
    for name, given in (("weights", weighting.values), ("target", weighting.target)):
        strange = sorted(set(given) - set(children))
        absent = [child for child in children if given and child not in given]
        if strange or absent:
            what = f"'{strange[0]}', which is no child" if strange else f"nothing for '{absent[0]}'"
            raise ValueError(f"node '{node}': {name} give {what}; the children are {', '.join(children)}")
    if weighting.method == "given" and not weighting.values:
        raise ValueError(f"node '{node}': given weights need `values` for {', '.join(children)}")
    if weighting.method == "given" and sum(weighting.values.values()) == 0:
        raise ValueError(f"node '{node}': all weights are zero")
    if weighting.method == "ahp":
        from headway.core.errors import InputError
        from headway.standing.weights import judgement_matrix

        try:
            judgement_matrix(children, weighting.judgements)
        except InputError as error:
            raise ValueError(f"node '{node}': {error}") from error


def _last_scale(spec: Spec, leaf: str) -> ScaleSetting | None:
    steps = [step for step in spec.steps if isinstance(step, Normalise) and step.applies(leaf)]
    return steps[-1].settings(leaf) if steps else None

"""Checks of a specification: aggregations and weights that cannot be right, found before any number is computed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from headway.standing.settings import Aggregation, Normalise, ScaleSetting

if TYPE_CHECKING:
    from headway.standing.spec import Spec


class LowestScore(Enum):
    """Knowledge about the smallest value of a score."""

    POSITIVE = "above zero"
    ZERO = "zero at the lowest unit"
    NEGATIVE = "below zero for some units"
    UNKNOWN = "depends on the data"


def lowest_of_scale(scale: ScaleSetting) -> LowestScore:
    """Knowledge about the smallest score that a normalisation produces."""
    lower = scale.range[0]
    if scale.method in {"minmax", "goalposts"}:
        if scale.method == "goalposts" and (scale.cap is False or lower <= 0):
            return LowestScore.UNKNOWN
        return LowestScore.POSITIVE if lower > 0 else LowestScore.ZERO if lower == 0 else LowestScore.NEGATIVE
    if scale.method == "zscore":
        return LowestScore.NEGATIVE if scale.mean <= 0 else LowestScore.UNKNOWN
    if scale.method == "rank":
        return LowestScore.POSITIVE
    zero = {"borda", "percentile_rank", "distance_to_maximum", "distance_to_reference", "distance_to_target"}
    return LowestScore.ZERO if scale.method in zero else LowestScore.UNKNOWN


def _lowest_of_node(aggregation: Aggregation, lowest: list[LowestScore]) -> LowestScore:
    if aggregation.method in {"copeland", "kemeny", "benefit_of_the_doubt"}:
        return LowestScore.UNKNOWN
    if aggregation.made_positive and aggregation.method != "mazziotta_pareto":
        return LowestScore.POSITIVE
    if all(low is LowestScore.POSITIVE for low in lowest):
        return LowestScore.UNKNOWN if aggregation.method == "mazziotta_pareto" else LowestScore.POSITIVE
    if all(low is LowestScore.NEGATIVE for low in lowest) and aggregation.method == "arithmetic":
        return LowestScore.NEGATIVE
    return LowestScore.UNKNOWN


def check(spec: Spec) -> None:
    """Refusal of aggregations and weights whose children are certain to be out of their domain.

    Raises:
        ValueError: naming the node, the child and what to use instead.
    """
    lowest: dict[str, LowestScore] = {}
    methods: dict[str, str] = {}
    for leaf in spec.tree.leaves:
        last = _last_scale(spec, leaf)
        lowest[leaf] = lowest_of_scale(last) if last is not None else LowestScore.UNKNOWN
        methods[leaf] = last.method if last is not None else "no normalisation"
        if last is not None and last.method == "fraction_of_maximum" and spec.indicators[leaf].direction < 0:
            raise ValueError(
                f"indicator '{leaf}': a fraction of the maximum has no meaning with direction -1; use minmax"
            )
    for node in spec.tree.nodes:
        settings = spec.nodes[node]
        aggregation = spec.aggregation(node)
        children = settings.children
        _check_children(node, aggregation, {child: lowest[child] for child in children}, methods)
        if settings.weighting.method == "entropy":
            bad = next((child for child in children if lowest[child] is LowestScore.NEGATIVE), None)
            if bad is not None:
                raise ValueError(
                    f"node '{node}': entropy weights need scores of zero or more, but '{bad}' has {methods[bad]}"
                )
        _check_weights(spec, node)
        scale = settings.rescale
        lowest[node] = lowest_of_scale(scale) if scale else _lowest_of_node(aggregation, [lowest[c] for c in children])
        methods[node] = scale.method if scale else aggregation.method


def _check_children(
    node: str, aggregation: Aggregation, lowest: Mapping[str, LowestScore], methods: Mapping[str, str]
) -> None:
    refused = {LowestScore.NEGATIVE, LowestScore.ZERO} if aggregation.needs_positive else {LowestScore.NEGATIVE}
    if not aggregation.needs_nonnegative or aggregation.made_positive:
        return
    bad = next((child for child, low in lowest.items() if low in refused), None)
    if bad is None:
        return
    need = "positive scores" if aggregation.needs_positive else "scores of zero or more"
    raise ValueError(
        f"node '{node}': {aggregation.method} needs {need}, but '{bad}' ({methods[bad]}) is {lowest[bad].value}; "
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

"""Settings of steps in plain sentences, as an audit report says what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from headway.standing.settings import Denominate, Impute, Normalise, Screen, Treat
from headway.standing.sheet import columns_by_setting
from headway.standing.spec import Spec


def step_sentences(spec: Spec, *kinds: type[Any]) -> tuple[str, ...]:
    """Sentences on the steps of some kinds, in the specification's order, with the indicators that each is for."""
    out: list[str] = []
    for step in spec.steps:
        if not isinstance(step, kinds):
            continue
        if isinstance(step, Screen):
            out.append(_screen(step))
            continue
        groups = list(columns_by_setting(step, spec.tree.leaves))
        for own, columns in groups:
            names = [spec.label(spec.tree.leaves[j]) for j in columns]
            if isinstance(own, Denominate) and own.by is None:
                continue
            everyone = len(columns) == len(spec.tree.leaves)
            whom = "" if everyone else f" ({listed(names)})"
            out.append(f"{_WORDS[type(own)](own)}{whom}.")
    return tuple(out)


def _screen(step: Screen) -> str:
    words = []
    if step.minimum_data is not None:
        words.append(f"a unit needs {step.minimum_data:.0%} of the indicators")
    if step.minimum_nonzero is not None:
        words.append(f"{step.minimum_nonzero:.0%} of its values must not be zero")
    words += [f"always in: {', '.join(step.include)}"] if step.include else []
    words += [f"always out: {', '.join(step.exclude)}"] if step.exclude else []
    return f"Screening: {'; '.join(words) or 'nothing asked'}."


def _denominate(step: Denominate) -> str:
    how = {"ratio": "divided by", "product": "times", "difference": "minus", "log_ratio": "logarithm of the ratio to"}
    return f"Denomination: {how[step.function]} {str(step.by).replace('_', ' ')}"


def _impute(step: Impute) -> str:
    near = f"the mean of the {step.neighbours} most similar units"
    if step.like:
        near += f" (by the other indicators and {' and '.join(name.replace('_', ' ') for name in step.like)})"
    words = {
        "mean": "the mean of the units that have a value",
        "median": "the median of the units that have a value",
        "group_mean": f"the mean of the unit's group ({step.group})",
        "group_median": f"the median of the unit's group ({step.group})",
        "row_mean": "the mean of the unit's other indicators, on a common scale",
        "row_median": "the median of the unit's other indicators, on a common scale",
        "neighbours": near,
        "floor": "the worst value that any unit has",
        "chained": "multiple imputation by chained equations",
        "latest": "the unit's own latest value",
        "constant": "the unit's own nearest value in time",
        "linear": "the unit's own values, joined by a line over time",
    }
    return f"A gap takes {words[step.method]}"


def _treat(step: Treat) -> str:
    words = [] if step.bottom is None else [f"values below {step.bottom:g} are set to it"]
    transform = {
        "log": "logarithms",
        "log_mirrored": "mirrored logarithms",
        "boxcox": f"Box–Cox of power {step.power:g}",
    }
    if step.winmax != 0:
        most = "any number of" if step.winmax is None else f"at most {step.winmax}"
        words.append(f"{most} extreme values are brought to the next one (winsorised)")
    if step.transform != "none":
        when = (
            "for all" if step.force else f"where |skewness| ≥ {step.skewness:g} and kurtosis ≥ {step.kurtosis:g} stay"
        )
        words.append(f"{transform[step.transform]} {when}")
    return f"Outliers: {'; '.join(words) or 'left as they are'}"


def _normalise(step: Normalise) -> str:
    low, high = step.range
    logs = " of logarithms" if step.log else ""
    words = {
        "minmax": f"min–max to {low:g}–{high:g}",
        "zscore": f"z-scores with mean {step.mean:g} and standard deviation {step.sd:g}",
        "goalposts": f"goalposts{logs} {_ends(step)}, to {low:g}–{high:g}",
        "scaled": f"a line that takes {_ends(step)} to {low:g} and {high:g}",
        "distance_to_target": f"distance to the target {step.target}",
        "distance_to_reference": f"distance to {step.reference}",
        "none": "none",
    }
    years = ", parameters of all years together" if step.scope == "all" else ""
    return f"Scale: {words.get(step.method, step.method.replace('_', ' '))}{years}"


def _ends(step: Normalise) -> str:
    return f"{step.low:g} and {step.high:g}" if step.low is not None and step.high is not None else "of the indicator"


_WORDS: dict[type[Any], Callable[[Any], str]] = {
    Denominate: _denominate,
    Impute: _impute,
    Treat: _treat,
    Normalise: _normalise,
}


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names joined by commas, with a count of those beyond `most`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")

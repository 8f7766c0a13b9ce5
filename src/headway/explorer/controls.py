"""The controls of each view: their labels, steps and units; ranges and defaults are the parameters' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from headway.explorer.address import DOMAINS, State, bounds


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a form.

    Attributes:
        hint: one line under the label. options: value → text, of a select. unit: said after the value.
        zero: words for the right end of a slider, where the parameter is 0. empty: where a slider stands whose
            parameter is not given. none: words of a select where no country is chosen. group: heading above controls.
    """

    name: str
    label: str
    kind: Literal["slider", "select", "country", "countries"]
    hint: str = ""
    step: float = 1
    unit: str = ""
    low: float = 0
    high: float = 1
    options: Mapping[str, str] = field(default_factory=dict)
    zero: str = ""
    group: str = ""
    none: str = "–"
    empty: float | None = None

    def within(self, kind: type[State]) -> Control:
        """With the parameter's own range."""
        low, high = bounds(kind, self.name)
        if self.kind != "slider" or low is None or high is None or self.high != 1 or self.low != 0:
            return self
        return replace(self, low=low, high=high)


VIEW = {"scale": "by size", "intensity": "for its size (per head)"}


def controls(path: str, last_year: int, first_year: int) -> Sequence[Control]:
    """Controls of a view, in order."""
    names = {str(name): name.capitalize() for name in DOMAINS} | {"flows": "Flows of people"}
    if path == "world":
        return (
            Control("view", "Ranked", "select", options=VIEW),
            Control("domain", "Domain", "select", options={"all": "All domains", **names}),
            Control("year", "As known at the end of", "slider", low=first_year, high=last_year, zero="today"),
            Control("country", "Country to mark", "country", none="none"),
            Control("top", "Countries shown", "slider", step=5),
        )
    if path == "standing":
        return (
            Control("country", "Country", "country", none="choose"),
            Control("view", "Ranked", "select", options=VIEW),
            *(Control(name, names[name], "slider", step=0.5, group="Weight of each domain") for name in DOMAINS),
            Control("top", "Countries shown", "slider", step=5),
        )
    if path == "country":
        return (
            Control("country", "Country", "country", none="choose"),
            Control("against", "Compared with", "countries", hint="codes joined by commas; empty: the leaders"),
        )
    return ()

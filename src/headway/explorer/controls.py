"""The controls of each view: their labels, steps and units; ranges and defaults are the parameters' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from headway.explorer.address import DOMAINS, PageState, bounds
from headway.scenarios.registry import registry
from headway.scenarios.scenario import load, shipped


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a form.

    Attributes:
        hint: one line under the label. options: value → text, of a select. unit: said after the value.
        zero: words for the right end of a slider, where the parameter is 0. empty: where a slider stands whose
            parameter is not given. none: words of a select where no country is chosen. group: heading above controls.
        rest: word for where a slider stands by default.
    """

    name: str
    label: str
    kind: Literal["slider", "select", "country", "countries", "words"]
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
    rest: str = "default"

    def within(self, kind: type[PageState]) -> Control:
        """With the parameter's own range."""
        low, high = bounds(kind, self.name)
        if self.kind != "slider" or low is None or high is None or self.high != 1 or self.low != 0:
            return self
        return replace(self, low=low, high=high)


_ASKED = ("Question", "Starting point")  # groups whose sliders are no levers
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
            *(
                Control(name, names[name], "slider", step=0.5, group="Weight of each domain", rest="even")
                for name in DOMAINS
            ),
            Control("top", "Countries shown", "slider", step=5),
        )
    if path == "country":
        return (
            Control("country", "Country", "country", none="choose"),
            Control("against", "Compared with", "countries", hint="codes joined by commas; empty: the leaders"),
        )
    if path == "whatif":
        return [replace(one, rest="default" if one.group in _ASKED else "today") for one in _whatif()]
    if path == "compare":
        return (
            Control("countries", "Countries", "countries", hint="one to four codes joined by commas"),
            Control("scenarios", "Scenarios", "words", hint=f"joined by commas: {', '.join(shipped())}"),
            Control("within", "Close means within", "slider", unit=" months"),
            Control("until", "At the end of", "slider"),
        )
    return ()


def _whatif() -> Sequence[Control]:
    names = {name: load(name)[-1].title for name in shipped()}
    niches = {name: name.replace("_", " ").capitalize() for name in registry().niche_names}
    ask, chips, people, money, rest = "Question", "Chips", "People and ideas", "Money", "Starting point"
    field = "A niche"
    return (
        Control("country", "Country", "country", none="choose", group=ask),
        Control("against", "Rivals", "countries", hint="two codes; empty: the leaders", group=ask),
        Control("until", "At the end of", "slider", group=ask),
        Control("within", "Close means within", "slider", unit=" months", group=ask),
        Control("scenario", "Named scenario", "select", options=names, group=rest),
        Control("since", "Changes begin in", "slider", group=rest),
        Control("spending", "AI spending", "slider", step=0.1, unit="×", group=money),
        Control("growth", "Growth of GDP, points more", "slider", step=0.5, unit=" a year", group=money),
        Control("rents", "Resource rents", "slider", step=0.1, unit="×", group=money),
        Control("controls", "Demand under export controls", "slider", step=5, unit="%", empty=0, group=chips),
        Control("controls_from", "… from", "slider", group=chips),
        Control("grey", "Grey supply", "slider", step=0.1, unit="×", group=chips),
        Control("partner", "Chips from partners, more", "slider", step=10, unit="k a year", group=chips),
        Control("domestic", "Domestic chips, more", "slider", step=10, unit="k a year", group=chips),
        Control("education", "Researchers trained", "slider", step=0.1, unit="×", group=people),
        Control("attraction", "Attracted, of those trained", "slider", step=5, unit="%", group=people),
        Control("emigration", "Push to leave", "slider", step=0.1, unit="×", group=people),
        Control("exodus", "Shock: lost a year, two years", "slider", step=1, unit="%", group=people),
        Control("openness", "Openness", "slider", step=5, unit="%", empty=100, group=people),
        Control("collaboration", "Collaboration with partners", "slider", step=5, unit="%", empty=0, group=people),
        Control("closing", "Open weights close in", "slider", low=2026, high=2040, zero="never", group=people),
        Control("niche", "Niche", "select", options=niches, group=field),
        Control(
            "effort", "Niche effort, more", "slider", step=0.25, unit=" units", group=field,
            hint="What it costs is not counted: lower the spending to pay for it.",
        ),
    )  # fmt: skip

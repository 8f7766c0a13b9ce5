"""State of each view, its address and its controls: only what differs from the default is written down.

The same query serves the page and its answers as JSON, CSV, Parquet, SVG and PNG. `load(address(state)) == state`.
Ranges and defaults of controls are the parameters' own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from headway.core.errors import InputError
from headway.scenarios import scenario as scenarios
from headway.scenarios.registry import registry

Kind = Literal["scale", "intensity"]
Domain = Literal[
    "all", "compute", "capability", "talent", "flows", "research", "money", "education", "institutions", "economy",
    "adoption", "energy",
]  # fmt: skip
PartKey = Literal["all", "ambition", "standing", "gap", "why", "strengths", "change", "outlook", "unknowns", "sources"]
Structure = Literal["compute", "diffusion", "both"]
Code = Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9]{1,11})?$", max_length=12)]
Codes = Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9]{1,11}(,[A-Z][A-Z0-9]{1,11}){0,3})?$", max_length=60)]
EightCodes = Annotated[str, Field(pattern=r"^([A-Z][A-Z0-9]{1,11}(,[A-Z][A-Z0-9]{1,11}){0,7})?$", max_length=110)]
Weight = Annotated[float, Field(ge=0, le=10, json_schema_extra={"step": 0.5})]

DOMAINS: tuple[Domain, ...] = get_args(Domain)[1:]


class ParameterError(InputError):
    """A value of one parameter that cannot be; surfaces name the parameter."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter, self.message = parameter, message


class PageState(BaseModel):
    """State that all views share.

    Attributes:
        snapshot, model: the evidence and the posterior that an address was made with; a server that has others says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    path: ClassVar[str]

    snapshot: Annotated[str, Field(pattern=r"^([0-9a-f]{8,64})?$", description="evidence of the address")] = ""
    model: Annotated[str, Field(pattern=r"^(prior|[0-9a-f]{8,64})?$", description="posterior of the address")] = ""


S = TypeVar("S", bound=PageState)


class HomeState(PageState):
    """Months behind the frontier on a map, the answer on one country, and what changed since an earlier edition."""

    path = "home"
    country: Annotated[Code, Field(description="ISO code; empty is the third of the frontier's leaders")] = ""
    year: Annotated[int, Field(ge=0, le=2100, description="as known at the end of this year; 0 is today")] = 0


class IndicatorsState(PageState):
    """Every series of the evidence, or one of them as lines, map and table; by default the list of all."""

    path = "indicators"
    indicator: Annotated[str, Field(pattern=r"^[a-z0-9_]*$", max_length=80, description="slug; empty lists all")] = ""
    countries: Annotated[EightCodes, Field(description="up to eight codes; empty are those that come first")] = ""
    group: Annotated[Code, Field(description="only the members of this group of countries, such as EU")] = ""
    axis: Annotated[
        Literal["auto", "linear", "log"],
        Field(description="of the lines; auto is logarithmic where figures are far apart"),
    ] = "auto"
    rows: Annotated[
        Literal["newest", "all"], Field(description="the newest figure of each country in the table, or all periods")
    ] = "newest"
    year: Annotated[int, Field(ge=0, le=2100, description="as known at the end of this year; 0 is today")] = 0


class WorldState(PageState):
    """Ranks of all countries, by size or per head, in one domain or in all, as known at the end of a year."""

    path = "world"
    view: Annotated[Kind, Field(description="scale (size) or intensity (per head); they are never blended")] = "scale"
    domain: Annotated[Domain, Field(description="one domain of the index, or all")] = "all"
    year: Annotated[int, Field(ge=0, le=2100, description="as known at the end of this year; 0 is today")] = 0
    top: Annotated[int, Field(ge=10, le=60, description="how many countries the chart shows")] = 30
    country: Annotated[Code, Field(description="country to mark")] = ""


class CountryState(PageState):
    """The brief of one country, part by part."""

    path = "country"
    country: Annotated[Code, Field(description="ISO code; empty is the third of the frontier's leaders")] = ""
    against: Annotated[Codes, Field(description="codes to compare with; empty are the leaders")] = ""
    part: Annotated[PartKey, Field(description="one part of the brief, or all")] = "all"
    finding: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]*$", max_length=120, description="one finding")] = ""


class StandingState(PageState):
    """The composite indicator with the reader's own weights of its domains; all else varies as in the study."""

    path = "standing"
    view: Annotated[Kind, Field(description="scale (size) or intensity (per head)")] = "scale"
    country: Annotated[Code, Field(description="country whose places are shown")] = ""
    top: Annotated[int, Field(ge=10, le=60, description="how many countries the chart shows")] = 20
    compute: Weight = 1.0
    capability: Weight = 1.0
    talent: Weight = 1.0
    flows: Weight = 1.0
    research: Weight = 1.0
    money: Weight = 1.0
    education: Weight = 1.0
    institutions: Weight = 1.0
    economy: Weight = 1.0
    adoption: Weight = 1.0
    energy: Weight = 1.0


def fields(kind: type[PageState]) -> Mapping[str, Mapping[str, Any]]:
    """Parameters of a view for its page: of each the default, and whether it is a number, a switch or text."""
    return {name: {"kind": _sort(one.annotation), "default": one.default} for name, one in kind.model_fields.items()}


def _sort(annotation: Any) -> Literal["number", "switch", "text"]:
    kinds = {annotation, *get_args(annotation)}
    return "switch" if bool in kinds else "number" if kinds & {int, float} else "text"


def address(state: PageState, suffix: str = "") -> str:
    """The canonical address: `/world?view=intensity`; `suffix` such as `.csv` asks for another form of the answer."""
    told = {
        name: value
        for name, field in type(state).model_fields.items()
        if (value := getattr(state, name)) != field.default and name != "width"
    }
    query = urlencode(
        {key: _written(value) for key, value in told.items()},
        quote_via=lambda text, safe, *rest: quote(text, safe=f"{safe},"),
    )
    return f"/{state.path}{suffix}" + (f"?{query}" if query else "")


def load(kind: type[S], text: str) -> S:
    """The state that an address of this view stands for.

    Raises:
        ParameterError: an unknown or repeated parameter, or a value that it cannot have.
    """
    pairs = parse_qsl(text.partition("?")[2], keep_blank_values=True)
    query = dict(pairs)
    if len(query) < len(pairs):
        twice = next(key for key in query if sum(name == key for name, _ in pairs) > 1)
        raise ParameterError(twice, "given more than once")
    try:
        return kind.model_validate(query)
    except ValidationError as error:
        name, message = problem(error)
        raise ParameterError(name, message) from error


def leniently(kind: type[S], query: Mapping[str, str]) -> tuple[S, list[str]]:
    """The nearest state that can be, for the page: what is out of range is clamped or left out, and said."""
    kept, remarks = dict(query), list[str]()
    for _ in range(len(query) + 1):
        try:
            return kind.model_validate(kept), remarks
        except ValidationError as error:
            name, message = problem(error)
            near = _nearest(kind, name, kept.pop(name, ""))
            if near is not None:
                kept[name] = _written(near)
            remarks.append(f"{name}: {message}; {'its default' if near is None else _written(near)} is shown")
    return kind(), remarks


def problem(error: ValidationError) -> tuple[str, str]:
    """Parameter and words of the first thing wrong."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "query"
    words = "no such parameter" if first["type"] == "extra_forbidden" else first["msg"]
    return name, words[:1].lower() + words[1:]


def bounds(kind: type[PageState], name: str) -> tuple[float | None, float | None]:
    """Least and greatest value of a parameter."""
    facts = kind.model_fields[name].metadata if name in kind.model_fields else []
    low = next((fact.ge for fact in facts if hasattr(fact, "ge")), None)
    high = next((fact.le for fact in facts if hasattr(fact, "le")), None)
    return low, high


def _nearest(kind: type[PageState], name: str, given: str) -> float | int | None:
    low, high = bounds(kind, name)
    try:
        value = float(given)
    except ValueError:
        return None
    if low is None or high is None or value != value or low <= value <= high:
        return None
    near = min(max(value, low), high)
    return int(near) if kind.model_fields[name].annotation is int else near


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def codes(text: str) -> Sequence[str]:
    """Codes of a parameter that holds several."""
    return [code for code in text.split(",") if code]


def _never_or_year(year: int) -> int:
    if 0 < year < FIRST_CHANGE:
        raise PydanticCustomError("year", f"give a year from {FIRST_CHANGE}, or 0 for never")
    return year


FIRST_CHANGE = 2022
Factor = Annotated[float, Field(ge=0.1, le=10)]
Year = Annotated[int, Field(ge=FIRST_CHANGE, le=2035)]
YearOrNever = Annotated[
    int,
    Field(ge=0, le=2040, json_schema_extra={"anyOf": [{"const": 0}, {"minimum": FIRST_CHANGE}]}),
    AfterValidator(_never_or_year),
]


class WhatIfState(PageState):
    """Futures of a country and its rivals when levers are moved and shocks come; a null lever is left as it is."""

    path = "whatif"
    country: Annotated[Code, Field(description="the country whose levers move")] = ""
    against: Annotated[Codes, Field(description="up to two rivals; empty are the leaders")] = ""
    structure: Annotated[
        Structure,
        Field(
            description="of the long run: compute (decides), diffusion (lags revert to their mean, whatever the "
            "levers do) or both side by side"
        ),
    ] = "compute"
    scenario: Annotated[
        str, Field(pattern=r"^[a-z0-9-]+$", max_length=60, description="named scenario that the changes begin from")
    ] = "baseline"
    since: Annotated[Year, Field(description="year in which the changes begin")] = 2027
    spending: Annotated[Factor, Field(description="AI capital spending, times what it would be")] = 1.0
    controls: Annotated[float | None, Field(ge=0, le=100, description="% of demand under export controls")] = None
    controls_from: Annotated[Year, Field(description="year from which the controls are so")] = 2027
    grey: Annotated[float, Field(ge=0, le=5, description="grey supply of chips, times what it would be")] = 1.0
    partner: Annotated[float, Field(ge=0, le=1000, description="chips from partners, thousand H100e a year more")] = 0.0
    domestic: Annotated[float, Field(ge=0, le=1000, description="domestic chips, thousand H100e a year more")] = 0.0
    education: Annotated[float, Field(ge=0.2, le=5, description="researchers trained, times what it would be")] = 1.0
    attraction: Annotated[
        float, Field(ge=0, le=300, description="researchers attracted, % of those trained at home")
    ] = 0.0
    emigration: Annotated[float, Field(ge=0, le=3, description="push to leave, times what it would be")] = 1.0
    exodus: Annotated[float, Field(ge=0, le=30, description="a shock: % of researchers lost a year for two years")] = (
        0.0
    )
    openness: Annotated[float | None, Field(ge=0, le=100, description="% open to what others publish")] = None
    collaboration: Annotated[
        float | None, Field(ge=0, le=100, description="depth of collaboration with the closest partners, %")
    ] = None
    closing: Annotated[YearOrNever, Field(description="year from which nobody publishes weights; 0 is never")] = 0
    cut: Annotated[YearOrNever, Field(description="year from which no foreign model is rented out; 0 is never")] = 0
    provider_cut: Annotated[
        YearOrNever, Field(description="year from which the provider of the best rented model serves none; 0 is never")
    ] = 0
    metered: Annotated[
        float, Field(ge=0, le=100, description="% of the wanted use of rented models that is served")
    ] = 100.0
    growth: Annotated[float, Field(ge=-5, le=5, description="growth of GDP, percentage points a year more")] = 0.0
    rents: Annotated[float, Field(ge=0, le=3, description="resource rents, times what they would be")] = 1.0
    niche: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=40, description="niche that the effort goes into")] = (
        "computer_vision"
    )
    effort: Annotated[
        float, Field(ge=0, le=5, description="effort on the niche, units more; costs are not counted")
    ] = 0.0
    within: Annotated[int, Field(ge=1, le=60, description="the gap to be closed to, months")] = 12
    until: Annotated[int, Field(ge=2027, le=2040, description="year at whose end the futures are read")] = 2035
    whole: Annotated[
        bool, Field(description="the whole world moves; false holds all but the country and its rivals, for a slider")
    ] = True


class WhyState(WhatIfState):
    """State of the view that splits the move of the lag among the changes, by Shapley values."""

    path = "why"


class LeversState(WhatIfState):
    """State of the view that says where every lever stands and how far it moves the lag over its range."""

    path = "levers"


class CardState(PageState):
    """The answer on a country in a few lines: how far, whether that grows, the first cause, what would help."""

    path = "card"
    country: Annotated[Code, Field(description="ISO code; empty is the third of the frontier's leaders")] = ""


class CompareState(PageState):
    """Countries or scenarios side by side."""

    path = "compare"
    countries: Annotated[Codes, Field(description="one to four codes; empty are the three leaders")] = ""
    scenarios: Annotated[
        str, Field(pattern=r"^[a-z0-9-]+(,[a-z0-9-]+){0,3}$", max_length=200, description="named scenarios, up to four")
    ] = "baseline"
    within: Annotated[int, Field(ge=1, le=60, description="months behind that count as close")] = 12
    until: Annotated[int, Field(ge=2027, le=2040, description="year at whose end the futures are read")] = 2035


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a form.

    Attributes:
        hint: one line under the label. options: value → text, of a select. unit: said after the value.
        zero: words for the right end of a slider, where the parameter is 0. empty: where a slider stands whose
            parameter is not given. none: words in an empty field of a country. group: heading above controls.
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
LONG_RUN = {"compute": "compute decides", "diffusion": "knowledge diffuses", "both": "both, side by side"}
AXIS = {"auto": "as the figures want", "linear": "linear", "log": "logarithmic"}
ROWS = {"newest": "newest figure of each country", "all": "figures of all periods"}
VIEW = {"scale": "by size", "intensity": "for its size (per head)"}


def controls(
    path: str, last_year: int, first_year: int, options: Mapping[str, Mapping[str, str]] | None = None
) -> Sequence[Control]:
    """Controls of a view, in order.

    Args:
        options: of selects that follow from the evidence, by the control's name.
    """
    offered = options or {}
    year = Control("year", "As known at the end of", "slider", low=first_year, high=last_year, zero="today")
    names = {str(name): name.capitalize() for name in DOMAINS} | {"flows": "Flows of people"}
    if path == "home":
        return Control("country", "Find a country", "country", none="type a name"), year
    if path == "indicators":
        return (
            Control("indicator", "Indicator", "select", options=offered["indicator"]),
            Control(
                "countries", "Countries", "countries", none="add a country",
                hint="up to eight, by name or on the map; else those that come first",
            ),
            Control("group", "Map and table of", "select", options=offered["group"]),
            Control("axis", "Axis of the lines", "select", options=AXIS),
            Control("rows", "Table", "select", options=ROWS),
            year,
        )  # fmt: skip
    if path == "world":
        return (
            Control("view", "Ranked", "select", options=VIEW),
            Control("domain", "Domain", "select", options={"all": "All domains", **names}),
            year,
            Control("country", "Country to mark", "country", none="type a name"),
            Control("top", "Countries shown", "slider", step=5),
        )
    if path == "standing":
        return (
            Control("country", "Country", "country", none="type a name"),
            Control("view", "Ranked", "select", options=VIEW),
            *(
                Control(name, names[name], "slider", step=0.5, group="Weight of each domain", rest="even")
                for name in DOMAINS
            ),
            Control("top", "Countries shown", "slider", step=5),
        )
    if path == "country":
        return (
            Control("country", "Country", "country", none="type a name"),
            Control("against", "Compared with", "countries", none="add a country", hint="if none, the leaders"),
        )
    if path == "whatif":
        return [replace(one, rest="default" if one.group in _ASKED else "today") for one in _whatif()]
    if path == "compare":
        return (
            Control("countries", "Countries", "countries", none="add a country", hint="up to four, else the leaders"),
            Control("scenarios", "Scenarios", "words", hint=f"joined by commas: {', '.join(scenarios.shipped())}"),
            Control("within", "Close means within", "slider", unit=" months"),
            Control("until", "At the end of", "slider"),
        )
    return ()


def _whatif() -> Sequence[Control]:
    names = {name: scenarios.load(name)[-1].title for name in scenarios.shipped()}
    niches = {name: name.replace("_", " ").capitalize() for name in registry().niche_names}
    ask, chips, people, money, rest = "Question", "Chips", "People and ideas", "Money", "Starting point"
    field = "A niche"
    return (
        Control("country", "Country", "country", none="type a name", group=ask),
        Control("against", "Rivals", "countries", none="add a country", hint="up to two, else the leaders", group=ask),
        Control("until", "At end of", "slider", group=ask),
        Control("within", "Close: within", "slider", unit=" months", group=ask),
        Control("structure", "In the long run", "select", options=LONG_RUN, group=rest),
        Control("scenario", "Named scenario", "select", options=names, group=rest),
        Control("since", "Changes from", "slider", group=rest),
        Control("spending", "AI spending", "slider", step=0.1, unit="×", group=money),
        Control("growth", "Growth of GDP, points more", "slider", step=0.5, unit=" a year", group=money),
        Control("rents", "Resource rents", "slider", step=0.1, unit="×", group=money),
        Control("controls", "Demand under export controls", "slider", unit="%", empty=0, group=chips),
        Control("controls_from", "… from", "slider", group=chips),
        Control("grey", "Grey supply", "slider", step=0.1, unit="×", group=chips),
        Control("partner", "Chips from partners, more", "slider", step=10, unit="k a year", group=chips),
        Control("domestic", "Domestic chips, more", "slider", step=10, unit="k a year", group=chips),
        Control("education", "Researchers trained", "slider", step=0.1, unit="×", group=people),
        Control("attraction", "Attracted, of those trained", "slider", step=5, unit="%", group=people),
        Control("emigration", "Emigration", "slider", step=0.1, unit="×", group=people),
        Control("exodus", "Shock: lost a year, two years", "slider", step=1, unit="%", group=people),
        Control("openness", "Openness", "slider", unit="%", empty=100, group=people),
        Control("collaboration", "Collaboration with partners", "slider", unit="%", empty=0, group=people),
        Control("closing", "Open weights close in", "slider", low=2026, high=2040, zero="never", group=people),
        Control("cut", "Rented models are cut in", "slider", low=2026, high=2040, zero="never", group=people),
        Control("provider_cut", "Largest provider cuts in", "slider", low=2026, high=2040, zero="never", group=people),
        Control("metered", "Use of rented models served", "slider", step=5, unit="%", group=people),
        Control("niche", "Niche", "select", options=niches, group=field),
        Control(
            "effort", "Niche effort, more", "slider", step=0.25, unit=" units", group=field,
            hint="What it costs is not counted: lower the spending to pay for it.",
        ),
    )  # fmt: skip

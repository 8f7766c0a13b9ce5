"""Arguments of the tools: their names, kinds and limits, as the client is told them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LEAST_CHARS, MOST_CHARS, USUAL_CHARS = 600, 40_000, 4_000

Place = Annotated[str, Field(min_length=2, max_length=60, description="ISO code or name: KOR, Korea; a bloc: EU")]
Places = Annotated[
    list[str] | str, Field(max_length=400, description="codes or names, as a list or joined by commas; 20 at most")
]
Day = Annotated[
    str | None,
    Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="evidence as known on this day, 2024-06-30; newest if none"),
]


class ToolArguments(BaseModel):
    """Arguments that every tool takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_chars: Annotated[
        int,
        Field(ge=LEAST_CHARS, le=MOST_CHARS, description="most characters of the answer; more bring more statements"),
    ] = USUAL_CHARS


class DatedArguments(ToolArguments):
    """Arguments of a tool that looks at the evidence of a day."""

    as_of: Day = None


Rivals = Annotated[
    list[str] | str, Field(max_length=400, description="countries to compare with; the leaders of the frontier if none")
]
Draws = Annotated[int, Field(ge=20, le=1000, description="draws of the model: more are steadier and slower")]
Until = Annotated[str | int, Field(description="last year or quarter: 2035, 2035Q4; 2060 at most")]
ShippedScenario = Annotated[
    str,
    Field(pattern=r"^[a-z0-9-]+$", max_length=60, description="name of a shipped scenario, such as baseline"),
]


class BriefArguments(DatedArguments):
    """Arguments of `brief`."""

    country: Place
    against: Rivals = ""
    section: Annotated[
        Literal["ambition", "standing", "gap", "why", "strengths", "change", "outlook", "unknowns"] | None,
        Field(description="one part of the brief; the most prominent findings of all parts if none"),
    ] = None
    scenario: ShippedScenario = "baseline"


class JudgementArguments(DatedArguments):
    """Arguments of `judgement`."""

    country: Place
    against: Rivals = ""


class CapabilityArguments(DatedArguments):
    """Arguments of `capability`."""

    countries: Places = ""
    model: Annotated[
        str | None, Field(max_length=80, description="name of a model, or the beginning of it, instead of countries")
    ] = None


class ExplainArguments(DatedArguments):
    """Arguments of `explain`."""

    country: Place
    against: Annotated[str | None, Field(max_length=60, description="the rival; the leader if none")] = None
    at: Annotated[str | int | None, Field(description="quarter or year, 2025Q4; the last with scores if none")] = None
    draws: Draws = 256


class DriverChangeArguments(BaseModel):
    """One dated change of one driver of a scenario; exactly one of set, multiply and add."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    driver: Annotated[
        Literal["controls", "grey", "partner", "domestic", "exodus", "push", "graduates", "investment", "openness",
                "collaboration", "open_weights", "gdp", "rents"],
        Field(description="controls: share of chip demand refused, 0 to 1; grey, partner, domestic: chip supply, H100e "
              "a year; exodus: talent leaving, 1/year; investment: factor; open_weights: 1 published, 0 closed"),
    ]  # fmt: skip
    countries: Annotated[
        Literal["focal", "others", "all"] | list[str],
        Field(alias="for", description="focal (the country asked about), others, all, or codes"),
    ] = "focal"
    set: Annotated[dict[str, float | None] | None, Field(description='values by date, {"2027": 0}; null ends it')] = (
        None
    )
    multiply: dict[str, float | None] | None = None
    add: dict[str, float | None] | None = None
    shape: Literal["step", "linear"] = "step"


class SimulateArguments(DatedArguments):
    """Arguments of `simulate`."""

    country: Place
    scenario: Annotated[
        ShippedScenario,
        Field(description="name of a shipped scenario, which own changes extend; headway://scenarios lists them"),
    ] = "baseline"
    changes: Annotated[
        list[DriverChangeArguments],
        Field(max_length=12, description="a scenario of your own: dated changes of drivers, on top of `scenario`"),
    ] = []
    series: Annotated[
        list[
            Literal[
                "lag",
                "gap",
                "sovereign",
                "accessible",
                "rank",
                "compute",
                "compute_share",
                "spending_share",
                "training_run",
                "talent",
            ]
        ],
        Field(min_length=1, max_length=10, description="lag: months behind the best of all others; gap: ECI points"),
    ] = ["lag", "gap"]
    until: Until = 2030
    draws: Draws = 256


class StrategyArguments(DatedArguments):
    """Arguments of `strategy`."""

    country: Place
    budget: Annotated[float, Field(gt=0, le=20, description="% of GDP a year that every strategy may spend")] = 0.5
    until: Until = 2035
    draws: Draws = 256


class CheckClaimArguments(DatedArguments):
    """Arguments of `check_claim`: a claim in words, with or without the test chosen, or a claim of a shipped ledger."""

    claim: Annotated[
        str | None, Field(min_length=3, max_length=600, description="one sentence in English, as it was said")
    ] = None
    test: Annotated[
        str | None,
        Field(max_length=400, description="the test that stands for it, chosen among those the tool proposes"),
    ] = None
    ledger: Annotated[str | None, Field(pattern=r"^[a-z0-9-]+$", description="shipped ledger: headway://ledgers")] = (
        None
    )
    claim_id: Annotated[str | None, Field(max_length=60, description="one claim of the ledger")] = None


class RecordArguments(ToolArguments):
    """Arguments of `record`."""

    months: Annotated[
        Literal["6", "12"] | None, Field(description="horizon of the forecasts; both together if none")
    ] = None


class SeriesArguments(DatedArguments):
    """Arguments of `series`."""

    indicator: Annotated[
        str,
        Field(max_length=80, description="slug, rd_share_gdp; headway://indicators lists all, an unknown one suggests"),
    ]
    countries: Places = ""
    since: Annotated[str | int | None, Field(description="first period: 2020, 2024Q3; only the newest if none")] = None
    until: Annotated[str | int | None, Field(description="last period")] = None


class StandingArguments(DatedArguments):
    """Arguments of `standing`."""

    countries: Places = ""
    domain: Annotated[
        str | None, Field(max_length=40, description="one domain, such as compute or talent; all together if none")
    ] = None
    view: Annotated[
        Literal["scale", "intensity", "frontier"],
        Field(description="scale: by size; intensity: per head; frontier: best model, run and cluster"),
    ] = "scale"


class TraceArguments(ToolArguments):
    """Arguments of `trace`."""

    id: Annotated[
        str,
        Field(max_length=300, description="id of a finding, RUS:gap.training_compute:USA@2026-11-22, or of a fact"),
    ]

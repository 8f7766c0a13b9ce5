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

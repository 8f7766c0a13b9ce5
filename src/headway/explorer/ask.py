"""Answers by address, without a server: pages, files, frames, the command line and Python all come here."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pydantic import create_model
from pydantic_core import to_json

from headway.charts import WIDE
from headway.core.errors import InputError
from headway.explorer import export
from headway.explorer.address import (
    CardState,
    CompareState,
    CountryState,
    HomeState,
    IndicatorsState,
    LeversState,
    PageState,
    StandingState,
    WhatIfState,
    WhyState,
    WorldState,
    address,
    load,
)
from headway.explorer.answer import Answer, record
from headway.explorer.claimed import ClaimState
from headway.explorer.session import ExplorerSession

Make = Callable[..., Answer]
"""Answer to a state and the session that it is asked of."""
KINDS: tuple[type[PageState], ...] = (
    WorldState, HomeState, CountryState, CardState, WhatIfState, WhyState, LeversState, CompareState, IndicatorsState,
    StandingState, ClaimState,
)  # fmt: skip
ABOUT = ("method", "data", "limits", "record")


class AnswerShape(StrEnum):
    """Forms of an answer."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    SVG = "svg"
    PNG = "png"


def state_of(text: str) -> PageState:
    """State that an address stands for: `/world?view=intensity`, with or without scheme and host before it.

    Raises:
        ParameterError: a parameter that cannot be.
        InputError: no view answers at this address.
    """
    parts = urlsplit(text)
    name = parts.path.strip("/") or HomeState.path
    known = {kind.path: kind for kind in KINDS} | {name: about_state(name) for name in ABOUT}
    if name not in known:
        raise InputError(f"{text!r} is the address of no answer; give one such as /{' or /'.join(known)}")
    return load(known[name], f"/{name}?{parts.query}")


def answer(state: PageState, desk: ExplorerSession) -> Answer:
    """Answer to a state.

    Raises:
        ParameterError: a value that the evidence does not have.
        EvidenceError: the evidence cannot answer.
    """
    return maker(type(state))(state, desk)


def maker(kind: type[PageState]) -> Make:
    """Function that answers states of a kind; libraries that run the model load with those that need them."""
    if kind.path in ABOUT:
        tell = importlib.import_module("headway.explorer.views.about").PAGES[kind.path]
        return lambda _, desk: tell(desk)
    found: Make = importlib.import_module(f"headway.explorer.views.{kind.path}").answer
    return found


def content(
    answer: Answer,
    state: PageState,
    shape: AnswerShape,
    desk: ExplorerSession,
    *,
    width: int | None = None,
    chart: str = "",
    tables: bool = True,
) -> bytes:
    """An answer as a file.

    Args:
        width: of charts in px; JSON holds their specifications only where it is given.
        chart: name of the one in SVG and PNG, the first where it is empty.
        tables: whether JSON holds them.

    Raises:
        ParameterError: no such chart, or the view has no table.
    """
    canonical = address(state)
    if shape is AnswerShape.JSON:
        told = record(answer, canonical, width, tables=tables)
        return to_json({**told, "differs": _differences(state, desk)}, inf_nan_mode="null")
    if shape is AnswerShape.CSV:
        return export.csv_text(answer, canonical).encode()
    if shape is AnswerShape.PARQUET:
        return export.parquet(answer, canonical)
    if shape is AnswerShape.SVG:
        return export.drawing(answer, chart, width or WIDE).encode()
    return export.image(answer, chart, width or WIDE)


def _differences(state: PageState, desk: ExplorerSession) -> list[str]:
    """Words on other evidence, or another posterior, than the address was made with."""
    return [
        f"the address was made with {what} {asked}, this server has {has[:12]}"
        for what, asked, has in (
            ("evidence", state.snapshot, desk.evidence.snapshot_hash),
            ("posterior", state.model, desk.model),
        )
        if asked and not has.startswith(asked)
    ]


@lru_cache(maxsize=8)
def about_state(name: str) -> type[PageState]:
    """The state of a page that has no choices."""
    made: Any = create_model(name.capitalize(), __base__=PageState)
    made.path = name
    found: type[PageState] = made
    return found

"""Pages of the explorer: a shell with controls and charting libraries; what they show comes from the API.

vl-convert bundles the libraries once; the user's cache folder keeps them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field, create_model

from headway import __version__
from headway.core.cache import SCRIPT, cached_on_disk
from headway.core.templates import template_environment
from headway.explorer.address import PageState, ParameterError, address, controls, fields, leniently, load
from headway.explorer.ask import ABOUT as PLAIN_PAGES
from headway.explorer.claimed import NOT_OURS, ClaimState
from headway.explorer.session import FIRST_YEAR, ExplorerSession
from headway.explorer.views.indicators import options
from headway.explorer.whatif.changes import LEVERS, OF_ACCESS
from headway.site.pages import MAIN

if TYPE_CHECKING:
    from jinja2 import Environment

_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_lock = threading.Lock()


@lru_cache(maxsize=1)
def bundle() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one classic script that defines `vegaEmbed`."""
    import vl_convert

    with _lock:
        return cached_on_disk(
            "scripts", (_SNIPPET,), lambda: vl_convert.javascript_bundle(_SNIPPET).encode(), SCRIPT, most=2
        )


_OWN = ("home", "world", "country", "whatif", "compare", "indicators", "standing", "record", "claims")
NAV = tuple((name, words) for name, words in MAIN.items() if name in _OWN)
ABOUT = (("method", "Method"), ("data", "Data"), ("limits", "Limits"))
TITLES = {
    "home": (
        "Where does a country stand in AI?",
        "How far it is behind the best of all others, whether that grows, why, and what would help.",
    ),
    "world": ("World", "Who stands where in artificial intelligence, and how robust is each place?"),
    "country": ("Country", "Where a country stands, how far it is behind, why, and what would change it."),
    "whatif": ("What if", "Move a lever or a shock and see every future move with it."),
    "compare": ("Compare", "Countries or scenarios side by side."),
    "indicators": ("Indicators", "Every series in the evidence, as lines, as a map and as a table."),
    "standing": ("Standing", "Weigh the domains yourself and see which places survive."),
    "claims": ("Claims", "Paste what somebody says and check it against the evidence."),
    "claim": ("Claim", "What is claimed, and whether the evidence bears it out."),
    "method": ("Method", "What the model assumes, number by number."),
    "data": ("Data", "What is known, from whom, under which licence."),
    "limits": ("Limits", "What this cannot tell you."),
    "record": ("Hindcast record", "How well it would have known what came later."),
}

_PICTURED = ("home", "world", "whatif", "compare", "standing")
SEARCHED = tuple(name for name in LEVERS if name not in (*OF_ACCESS, "effort"))
"""Levers of which What if finds the setting: all that can move the lag."""
SHOWN_ON = {"why": "whatif", "levers": "whatif", "card": "country"}
"""Views that have no page of their own, and the page that shows them."""


def page(kind: type[PageState], query: Mapping[str, str], desk: ExplorerSession, base: str) -> Response:
    """The shell of a view with its controls set from the address; what cannot be is clamped, and said.

    Args:
        base: address of the server, with a slash at its end, for previews, which want whole addresses.
    """
    refused = ""
    if kind is ClaimState:  # a test has no value near it
        state, remarks, refused = _claim(query)
    else:
        state, remarks = leniently(kind, query)
    if kind.path in SHOWN_ON:
        return RedirectResponse(f"/{SHOWN_ON[kind.path]}?{urlencode(query)}")
    title, question = TITLES[kind.path]
    offered = options(desk) if kind.path == "indicators" else {}
    shown = [one.within(kind) for one in controls(kind.path, desk.evidence.as_of.year, FIRST_YEAR, offered)]
    template = "about.html.j2" if kind.path in PLAIN_PAGES else f"{kind.path}.html.j2"
    html = (
        _environment()
        .get_template(template if template in _environment().list_templates() else "view.html.j2")
        .render(
            path=kind.path,
            title=title,
            question=question,
            controls=shown,
            searched=SEARCHED,
            address=address(state),
            whole=base + address(state).removeprefix("/"),
            picture=base + address(state, ".png").removeprefix("/") if _pictured(state) else "",
            fields=json.dumps(fields(kind)),
            remarks=remarks,
            refused=refused,
            said=getattr(state, "text", ""),
            not_ours=NOT_OURS,
            claim_fields=json.dumps(fields(ClaimState)),
            nav=NAV,
            about=ABOUT,
            version=__version__,
            snapshot=desk.evidence.snapshot_hash,
            model=desk.model,
            names=desk.names,
            leaders=desk.first,
            as_of=desk.evidence.as_of,
        )
    )
    return HTMLResponse(html, 422 if refused else 200)


def _claim(query: Mapping[str, str]) -> tuple[PageState, list[str], str]:
    """State of a claim's page, no remarks, and why the address cannot be read: empty where it can."""
    try:
        return load(ClaimState, f"?{urlencode(query)}"), [], ""
    except ParameterError as error:
        return ClaimState(), [], str(error)


def _pictured(state: PageState) -> bool:
    """Whether previews can show a picture of a page: its first chart."""
    if isinstance(state, ClaimState):
        return bool(state.text or state.claim)
    return state.path in _PICTURED or (state.path == "indicators" and getattr(state, "indicator", "") != "")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How an answer is wanted; no part of its state, as it changes nothing that is said."""

    width: int | None = None
    chart: str = ""
    tables: bool = True


PLAIN = Drawing()


@lru_cache(maxsize=32)
def with_drawing(kind: type[PageState]) -> type[PageState]:
    """The parameters of the API: those of the state, and how charts are wanted."""
    return create_model(
        f"{kind.__name__}Query",
        __base__=kind,
        width=(int | None, Field(None, ge=320, le=1600, description="with a width, charts come as Vega-Lite")),
        chart=(str, Field("", pattern=r"^[A-Za-z0-9_.-]*$", max_length=120, description="chart of .svg and .png")),
        tables=(bool, Field(True, description="false leaves tables out of .json: for a page whose slider moves")),
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return template_environment("headway.explorer")

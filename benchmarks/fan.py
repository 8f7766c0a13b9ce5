"""The question that all pages of the comparison answer: three fans of a country when its AI spending moves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from headway.explorer.address import WhatIfState
from headway.explorer.session import ExplorerSession
from headway.explorer.views.whatif import SHOWN, quantiles, question

LEAST, MOST, STEP, START = 0.1, 10.0, 0.1, 1.0


@lru_cache(maxsize=1)
def desk() -> ExplorerSession:
    """The shipped evidence and posterior, all members."""
    return ExplorerSession()


def fans(spending: float) -> tuple[list[int], tuple[str, ...], dict[str, tuple[str, Any, Any]]]:
    """Years, names of the moving countries, series → title, quantiles now and as things go (5, years, countries)."""
    asked = question(WhatIfState(spending=spending, whole=False), desk())  # as Headway's page asks while a slider moves
    now, base, shown = asked.paths(asked.state), asked.baseline(), len(asked.years)
    found = {
        name: (title, factor * quantiles(now[name][:shown]), factor * quantiles(base[name][:shown]))
        for name, (title, _, factor) in SHOWN.items()
    }
    return asked.years, asked.names, found


def figures(spending: float) -> list[Any]:
    """The three fans in Plotly, the charting library of both Dash and Streamlit."""
    import plotly.graph_objects as go

    years, names, found = fans(spending)
    made = []
    for title, now, base in found.values():
        figure = go.Figure(layout={"title": title, "height": 320, "showlegend": False, "uirevision": title})
        for low, high, shade in ((0, 4, 0.16), (1, 3, 0.3)):
            figure.add_scatter(x=years, y=now[low, :, 0], line={"width": 0})
            figure.add_scatter(
                x=years, y=now[high, :, 0], line={"width": 0}, fill="tonexty", fillcolor=f"rgba(0,114,178,{shade})"
            )
        figure.add_scatter(x=years, y=base[2, :, 0], line={"dash": "dash", "color": "#1b2430"})
        for k, name in enumerate(names):
            figure.add_scatter(x=years, y=now[2, :, k], name=name)
        made.append(figure)
    return made

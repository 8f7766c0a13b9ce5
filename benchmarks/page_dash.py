"""A minimal Dash page with the same slider and fans: python -m benchmarks.page_dash PORT"""

from __future__ import annotations

import sys
from typing import Any

from benchmarks.fan import LEAST, MOST, START, STEP, figures


def main(port: int) -> None:
    from dash import Dash, Input, Output, dcc, html

    app = Dash(__name__)
    names = [f"fan-{k}" for k in range(3)]
    slider = dcc.Slider(LEAST, MOST, STEP, value=START, marks=None, id="spending", updatemode="drag")
    graphs = [dcc.Graph(id=name, figure=figure) for name, figure in zip(names, figures(START), strict=True)]
    app.layout = html.Div([slider, *graphs])

    @app.callback([Output(name, "figure") for name in names], Input("spending", "value"), prevent_initial_call=True)
    def moved(value: float) -> list[Any]:
        return figures(value)

    app.run(host="127.0.0.1", port=port, debug=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))

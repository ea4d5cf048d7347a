"""The same wall as many would build it: one interval callback a second that makes all figures.

It reads the very same newest frame from Redis as the product does, so that the two differ only in
how a number reaches the screen. `python -m benchmarks.naive REDIS_URL PREFIX PORT` serves it.
"""

import json
import sys
from typing import Any

import plotly.graph_objects as go
import redis
import uvicorn
from dash import Dash, Input, Output, dcc, html


def read_frame(client: Any, prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Readings and sparks by indicator."""
    readings = {k.decode(): json.loads(v) for k, v in client.hgetall(f"{prefix}:readings").items()}
    sparks = {k.decode(): json.loads(v) for k, v in client.hgetall(f"{prefix}:sparks").items()}
    return readings, sparks


def build_figure(values: list[float | None]) -> go.Figure:
    """One sparkline as a Plotly figure."""
    figure = go.Figure(go.Scatter(y=values, mode="lines"))
    figure.update_layout(height=60, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def build_app(url: str, prefix: str) -> Dash:
    """A wall of all indicators."""
    client = redis.from_url(url)
    app = Dash("naive", backend="fastapi")
    app.layout = html.Div([dcc.Interval(id="tick", interval=1000), html.Div(id="wall")])

    @app.callback(Output("wall", "children"), Input("tick", "n_intervals"))  # type: ignore[untyped-decorator]
    def draw(_: int | None) -> list[Any]:
        readings, sparks = read_frame(client, prefix)
        return [
            html.Div(
                [
                    html.H3(key),
                    html.B(str(reading.get("value"))),
                    dcc.Graph(figure=build_figure((sparks.get(key) or {}).get("values") or [])),
                ]
            )
            for key, reading in sorted(readings.items())
        ]

    return app


def main(url: str, prefix: str, port: str) -> None:
    """Serve on loopback."""
    uvicorn.run(
        build_app(url, prefix).server, host="127.0.0.1", port=int(port), log_level="warning"
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])

"""The box of a bar: a `<progress>` or more over each other, since no length may be a style.

A tick is the end of an invisible bar. What may lie under zero has a side for either sign, which
begin at zero in the middle.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from dash import html

from dashboard.scale import Tick

Side = Literal["over", "under"]
SIDES: tuple[Side, Side] = ("under", "over")


def size_on(value: float, side: str = "over") -> float:
    """How long the bar of a value is on a side of zero."""
    return max(0.0, -value if side == "under" else value)


def render_length(
    value: float,
    most: float,
    name: str,
    *,
    title: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> html.Progress:
    """One length of a bar; without a title it says nothing to those who hear the page."""
    said = {"aria-hidden": "true"} if title is None else {"aria-label": title}
    return html.Progress(
        value=f"{value:g}",
        max=f"{most or 1:g}",
        className=f"bar {name}".strip(),
        **said,
        **(data or {}),
    )


def render_ticks(
    ticks: Iterable[Tick], most: float, data: Mapping[str, Any] | None = None
) -> list[html.Progress]:
    """Where target and limits stand on a bar; `data` makes them follow its scale."""
    return [
        render_length(
            tick.at,
            most,
            f"bar-tick tick-{tick.mark}",
            data={**data, "data-tick": f"{tick.at:g}"} if data else None,
        )
        for tick in ticks
    ]


def render_box(lengths: Sequence[html.Progress], *, two_sided: bool = False) -> html.Span:
    """The box that holds the lengths of one bar."""
    return html.Span(list(lengths), className="bar-box bar-two" if two_sided else "bar-box")

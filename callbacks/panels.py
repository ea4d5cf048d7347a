"""Panels: what their charts and splits show is asked once the page is there, then once a minute."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.answers import BAD_QUESTION, REFUSED, UNREACHABLE, words_of
from callbacks.guard import guarded_callback
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, Refused, authorise_for
from dashboard.catalogue.pages import Panel
from dashboard.catalogue.places import only_within
from dashboard.figures import Figure
from dashboard.ports import Series, SeriesRequest, Unreachable
from dashboard.text import Text
from layouts.pages.contents import panel_of
from layouts.panels.absence import render_missing, render_not_renewed
from layouts.panels.draw import Scheme, draw_panel
from layouts.panels.frame import render_split
from layouts.panels.needs import Answers, Failure, Usual, is_from_frame, requests_of, wants_usual
from layouts.view import View

PATIENCE = 8.0
"""Seconds that a page waits for the slowest of its answers."""
NoUpdate = Any
Note = str | Mapping[str, Any] | None
"""What stands over a chart, as the browser tells it: words where there is none, else nothing or a
component in its corner."""
Chart = tuple[Figure | NoUpdate, str | Component | NoUpdate]


async def ask(
    services: Services,
    person: Person,
    request: SeriesRequest,
    until: float,
    within: str | None = None,
) -> Series | Failure:
    """The answer to one question, or why there is none; `until` is a time of the event loop."""
    try:
        authorise_for(person, "see", services.catalogue, request.key)
        if services.catalogue.indicator(request.key) is None:
            return Failure(Text(zh=f"没有指标 {request.key}", en=f"no indicator {request.key}"))
        async with asyncio.timeout_at(until):
            series = await services.answer(request, person)
        return only_within(services.catalogue, series, within) if within else series
    except Refused:
        return Failure(REFUSED)
    except Unreachable as error:
        return Failure(words_of(error))
    except TimeoutError:
        return Failure(UNREACHABLE)
    except ValueError as error:
        return Failure(_with(BAD_QUESTION, str(error)))


def _with(text: Text, detail: str) -> Text:
    return Text(zh=f"{text.zh}：{detail}", en=f"{text.en}: {detail}")


async def ask_usual(services: Services, series: Series, until: float) -> Usual | None:
    """What is usual along a series that was answered; None where the past says too little, or is
    not to be had just now: the series itself is worth showing without."""
    request = series.request
    try:
        async with asyncio.timeout_at(until):
            edges = await services.usual(request.key, request.window, series.grain)
    except (Unreachable, TimeoutError):
        return None
    low = [(at, edge) for at, edge, _, _ in edges]
    high = [(at, edge) for at, _, _, edge in edges]
    return Usual(low, high) if edges else None


async def answers_of(services: Services, view: View, panel: Panel) -> Answers:
    """What a panel has to know, each question asked in the lane of its departments; one that takes
    too long is a failure, so that no panel waits for another's department."""
    until = asyncio.get_running_loop().time() + PATIENCE
    try:
        requests = list(requests_of(panel, view.catalogue, view.now, view.zone.key))
    except ValueError as error:
        asked = SeriesRequest(panel.indicators[0], (view.now, view.now))
        return Answers({asked: Failure(_with(BAD_QUESTION, str(error)))})
    found = await asyncio.gather(
        *(
            ask(services, view.person, request, until, panel.within if request.by else None)
            for request in requests
        )
    )
    series = dict(zip(requests, found, strict=True))
    first = found[0] if found else None
    if isinstance(first, Series) and wants_usual(panel, first):
        return Answers(series, await ask_usual(services, first, until))
    return Answers(series)


def scheme_of(said: Mapping[str, Any] | None) -> Scheme:
    """How the browser shows the page; what it says is not believed beyond reason."""
    asked = said or {}
    size = asked.get("scale", 1)
    scale = float(size) if isinstance(size, int | float) else 1.0
    return Scheme(
        theme="dark" if asked.get("theme") == "dark" else "light",
        scale=min(max(scale, 0.5), 4.0),
        narrow=asked.get("narrow") is True,
    )


async def chart_of(
    services: Services, view: View, name: str, scheme: Scheme, *, again: bool, note: Note = None
) -> Chart:
    """A panel's chart and the words over it; `note` is what stands there now. Where a newer one
    cannot be drawn, a chart that is there stays and says since when."""
    panel = panel_of(view.catalogue, name)
    if panel is None:
        return no_update, ""
    answers = await answers_of(services, view, panel)
    drawn = draw_panel(view, panel, answers, scheme)
    failed = any(isinstance(answer, Failure) for answer in answers.series.values())
    if again and failed and drawn.note:
        return no_update, _kept(view, drawn.note, note)
    return drawn.figure, render_missing(drawn.missing) if drawn.missing else drawn.note


def _kept(view: View, reason: str, note: Note) -> str | Component | NoUpdate:
    """What stands over a panel whose newest questions failed."""
    if isinstance(note, str) and note:
        return reason  # There is no chart under it.
    if isinstance(note, Mapping) and "kept" in note["props"]["className"].split():
        return no_update  # It says since when.
    return render_not_renewed(view, reason)


async def split_of_panel(
    services: Services, view: View, name: str, *, again: bool
) -> list[Component] | NoUpdate:
    """A panel's bars or rows in their newest order. Those that the frame carries stand there from
    the first; they are only put in order again."""
    panel = panel_of(view.catalogue, name)
    if panel is None or (not again and is_from_frame(panel, view.catalogue)):
        return no_update
    return render_split(view, panel, await answers_of(services, view, panel))


async def _on_page_due(
    services: Services,
    person: Person,
    scheme: Mapping[str, Any] | None,
    tick: int | None,
    charts: list[dict[str, str]],
    splits: list[dict[str, str]],
    notes: list[Note],
    language: str | None,
) -> tuple[list[Any], list[Any], list[Any]]:
    """Everything on a page that comes from history. One answer for the whole page, since each
    answer costs the browser a look at every component there is."""
    view = build_view(services, person, language=language)
    shown = scheme_of(scheme)
    again = bool(tick)
    drawn, laid = await asyncio.gather(
        asyncio.gather(
            *(
                chart_of(services, view, one["panel"], shown, again=again, note=note)
                for one, note in zip(charts, notes, strict=True)
            )
        ),
        asyncio.gather(
            *(split_of_panel(services, view, one["panel"], again=again) for one in splits)
        ),
    )
    return [figure for figure, _ in drawn], [note for _, note in drawn], list(laid)


def register(app: Dash, services: Services) -> None:
    """Register the callbacks of panels on the app."""
    every = cast(str, ALL)
    app.clientside_callback(
        ClientsideFunction(namespace="pages", function_name="scheme"),
        Output(ids.PAGE_SCHEME, "data"),
        Input(ids.PAGE_TICK, "n_intervals"),
    )
    guarded_callback(
        app,
        services,
        Output(ids.panel_figure(every), "figure"),
        Output(ids.panel_note(every), "children"),
        Output(ids.panel_split(every), "children"),
        Input(ids.PAGE_SCHEME, "data"),
        Input(ids.PAGE_TICK, "n_intervals"),
        State(ids.panel_figure(every), "id"),
        State(ids.panel_split(every), "id"),
        State(ids.panel_note(every), "children"),
        State(ids.LANGUAGE, "data"),
    )(_on_page_due)

"""The desk: what each screen shows, and the orders that its buttons give."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.devices import Devices
from callbacks.guard import guarded_callback
from callbacks.orders import give_order
from callbacks.room import Room
from callbacks.services import Services
from callbacks.stages import Stages
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, authorise
from dashboard.catalogue.screens import Screen, named_by
from dashboard.orders import Kind, kind_of
from dashboard.screens import waits_behind
from layouts.pages.desk import critical_matters, render_critical, render_preview, render_state
from layouts.pages.desk_modes import screens_at, target_title
from layouts.pages.desk_words import Said
from layouts.view import View


@dataclass(frozen=True)
class Fields:
    """What was chosen and typed for a screen."""

    path: str = ""
    address: str = ""
    text: str = ""
    visit: str = ""


@dataclass(frozen=True)
class Board(Room):
    """What the desk works with."""

    async def act(self, view: View, action: str, key: str, fields: Fields) -> str:
        """Give the order of a button to a screen, or to those of a room; what is said of it. Raises
        Refused, Unreachable."""
        person, language = authorise(view.person, "operate"), view.language
        screens = screens_at(view.catalogue, key)
        if not screens:
            return Said.DARK.of(language)
        try:
            kind, payload = asked(view, action, fields)
            for screen in screens:
                await give_order(self.services, self.stages, person, screen.key, kind, payload)
        except ValueError as error:
            return str(error)
        done = Said.DONE.fill(language, target_title(view, key), said_of(action).of(language))
        return Said.WAITS.fill(language, done) if self._waits(kind, screens) else done

    def _waits(self, kind: Kind, screens: Sequence[Screen]) -> bool:
        """Whether what was ordered is not what is shown."""
        return any(waits_behind(kind, self.stages.showing_of(one).mode) for one in screens)


def asked(view: View, action: str, fields: Fields) -> tuple[Kind, dict[str, Any]]:
    """The order that a button means. Raises ValueError in the viewer's own words where something is
    missing, or the matter is no longer open."""
    if action == "show":
        return "show", {"path": _path(view, fields)}
    if action == "message":
        if not fields.text.strip():
            raise ValueError(Said.NO_TEXT.of(view.language))
        return "message", {"text": fields.text}
    if action == "visit":
        if not fields.visit:
            raise ValueError(Said.NO_VISIT.of(view.language))
        return "visit", {"visit": fields.visit}
    name, _, of = action.partition(" ")
    if name == "take":
        return "take", _taken(view, unquote(of))
    if name == "response":
        return "response", {"on": True, "set": of}
    if action == "response-off":
        return "response", {"on": False}
    if action.startswith("end-"):
        return "end", {"kind": action.removeprefix("end-")}
    return kind_of(action), {"on": True} if action == "night" else {}


def _path(view: View, fields: Fields) -> str:
    path = fields.address.strip() or fields.path
    if not path:
        raise ValueError(Said.NO_PAGE.of(view.language))
    if not path.startswith("/") or named_by(path) is None:
        raise ValueError(Said.BAD_PAGE.fill(view.language, path))
    return path


def _taken(view: View, matter_id: str) -> dict[str, Any]:
    """A matter with the page at which it is seen best."""
    for matter in critical_matters(view):
        if matter["id"] == matter_id:
            indicator = matter.get("indicator")
            path = f"/indicator/{indicator}" if indicator else f"/department/{matter['department']}"
            return {"path": path, "matter": matter_id}
    raise ValueError(Said.NO_CRITICAL.of(view.language))


def said_of(action: str) -> Said:
    """What a button is called."""
    if action.startswith("take "):
        return Said.CRITICAL
    if action.startswith("response "):
        return Said.SHOW
    return {"message": Said.SEND}.get(action) or Said[action.replace("-", "_").upper()]


async def _on_due(
    services: Services,
    person: Person,
    _: int | None,
    screens: Sequence[dict[str, str]],
    language: str | None,
    *,
    board: Board,
) -> tuple[list[Any], list[Component]]:
    """How every screen is now, and what is critical."""
    view = build_view(services, person, language=language)
    register = await board.register(view)
    known = view.catalogue.screens
    states = [
        render_state(view, known[one["screen"]], register) if one["screen"] in known else no_update
        for one in screens
    ]
    return states, render_critical(view, register)


async def _on_pressed(
    services: Services,
    person: Person,
    _: Sequence[int | None],
    paths: Sequence[str | None],
    addresses: Sequence[str | None],
    texts: Sequence[str | None],
    screens: Sequence[dict[str, str]],
    visits: Sequence[str | None],
    targets: Sequence[dict[str, str]],
    language: str | None,
    *,
    board: Board,
) -> Any:
    """A button of the desk was pressed."""
    pressed = ctx.triggered[0]["value"] if ctx.triggered else None
    button = ctx.triggered_id
    if not pressed or not isinstance(button, dict):
        return no_update
    view = build_view(services, person, language=language)
    key = str(button["screen"])
    typed = zip(paths, addresses, texts, screens, strict=True)
    of_screen = {one["screen"]: (path or "", at or "", text or "") for path, at, text, one in typed}
    visit = {one["target"]: found for found, one in zip(visits, targets, strict=True)}
    fields = Fields(*of_screen.get(key, ("", "", "")), visit.get(key) or "")
    return await board.act(view, str(button["action"]), key, fields)


async def _on_preview(
    services: Services,
    person: Person,
    pressed: int | None,
    name: dict[str, str],
    language: str | None,
    *,
    board: Board,
) -> Any:
    """Somebody opened or shut the preview of a screen: drawn at every second press."""
    screen = services.catalogue.screens.get(name["screen"])
    if screen is None or not pressed:
        return no_update
    if pressed % 2 == 0:
        return []
    view = build_view(services, person, language=language)
    return render_preview(view, screen, board.stages.showing_of(screen))


def register(app: Dash, services: Services, devices: Devices, stages: Stages) -> None:
    """Register the callbacks of the page on the app."""
    board, every = Board(services, devices, stages), cast(str, ALL)
    language = State(ids.LANGUAGE, "data")

    def with_board(answer: Any) -> Any:
        async def answered(services: Services, person: Person, *inputs: Any) -> Any:
            return await answer(services, person, *inputs, board=board)

        return answered

    guarded_callback(
        app,
        services,
        Output(ids.desk_state(every), "children"),
        Output(ids.DESK_MATTERS, "children"),
        Input(ids.DESK_TICK, "n_intervals"),
        State(ids.desk_state(every), "id"),
        language,
    )(with_board(_on_due))
    guarded_callback(
        app,
        services,
        Output(ids.DESK_SAID, "children"),
        Input(ids.desk_action(every, every), "n_clicks"),
        State(ids.desk_path(every), "value"),
        State(ids.desk_address(every), "value"),
        State(ids.desk_text(every), "value"),
        State(ids.desk_path(every), "id"),
        State(ids.desk_visit(every), "value"),
        State(ids.desk_visit(every), "id"),
        language,
        action="operate",
        prevent_initial_call=True,
    )(with_board(_on_pressed))
    guarded_callback(
        app,
        services,
        Output(ids.desk_preview(cast(str, MATCH)), "children"),
        Input(ids.desk_look(cast(str, MATCH)), "n_clicks"),
        State(ids.desk_preview(cast(str, MATCH)), "id"),
        language,
    )(with_board(_on_preview))

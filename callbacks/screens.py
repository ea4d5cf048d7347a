"""The register of screens: a browser is paired by its code, devices are renamed, revoked, identified."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.devices import Devices
from callbacks.guard import guarded_callback
from callbacks.limiter import Limiter
from callbacks.orders import give_order
from callbacks.room import Room
from callbacks.services import Services
from callbacks.stages import Stages
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, authorise
from dashboard.devices import name_of
from dashboard.ports import Unreachable
from layouts.pages.screens import Register, render_facts, render_list
from layouts.pages.screens_words import Said
from layouts.view import View

WRONG_CODES, WITHIN_SECONDS = 10, 600.0
"""Wrong codes that somebody may enter, and in how long: a million codes are not tried like that."""


@dataclass(frozen=True)
class Desk(Room):
    """What the register works with."""

    guesses: Limiter

    async def pair(
        self, view: View, code: object, screen: object, name: object
    ) -> tuple[str, bool]:
        """Pair the browser that shows a code; what is said of it, and whether it is done. Raises
        Refused, Unreachable."""
        person, language = authorise(view.person, "operate"), view.language
        digits = "".join(one for one in str(code or "") if one.isdigit())
        if len(digits) != 6:
            return Said.BAD_CODE.of(language), False
        known = view.catalogue.screens.get(screen) if isinstance(screen, str) else None
        if known is None:
            return Said.NO_SCREEN_CHOSEN.of(language), False
        try:
            called = name_of(name)
        except ValueError:
            return Said.BAD_NAME.of(language), False
        if self.guesses.spent(person.name):
            return Said.TOO_MANY.of(language), False
        services = self.services
        claim, now = services.screens.claim, services.clock()
        device = await services.in_store(claim, digits, known.key, called, person.name, now)
        if device is None:
            self.guesses.note(person.name)
            return Said.NO_CODE.of(language), False
        await self._tell()
        return Said.PAIRED.fill(language, called, view.say(known.title)), True

    async def act(self, view: View, action: str, device: str, name: object) -> str:
        """Rename, revoke or identify a device; what is said of it. Raises Refused, Unreachable."""
        person, language = authorise(view.person, "operate"), view.language
        services, who = self.services, person.name
        known = next((one for one in self.devices.all if one.id == device), None)
        if known is None:
            return Said.GONE.of(language)
        if action == "identify":
            await give_order(services, self.stages, person, known.screen, "identify", {})
            return Said.IDENTIFIED.of(language)
        if action == "rename":
            try:
                called = name_of(name)
            except ValueError:
                return Said.BAD_NAME.of(language)
            done = await services.in_store(services.screens.rename, device, called, who)
            said = Said.RENAMED.fill(language, called)
        else:
            now = services.clock()
            done = await services.in_store(services.screens.revoke, device, who, now)
            said = Said.REVOKED.fill(language, known.name)
        await self._tell()
        return said if done else Said.GONE.of(language)

    async def _tell(self) -> None:
        """Here at once, and in the other web processes: where Redis is away within seconds."""
        await self.devices.refresh()
        try:
            await self.services.wire.announce()
        except Unreachable:
            return


def shown_of(register: Register) -> list[list[str]]:
    """What the list was made of: while it is the same nobody's typing is disturbed."""
    modes = [[key, one.mode, str(one.held)] for key, one in register.showing.items()]
    return [[one.id, one.screen, one.name] for one in register.devices] + modes


async def _on_due(
    services: Services,
    person: Person,
    _: int | None,
    shown: list[list[str]] | None,
    language: str | None,
    *,
    desk: Desk,
) -> tuple[Any, Any]:
    """The list, where it is another than is shown."""
    view = build_view(services, person, language=language)
    register = await desk.register(view)
    now = shown_of(register)
    return (no_update, no_update) if now == shown else (render_list(view, register), now)


async def _on_facts_due(
    services: Services,
    person: Person,
    _: int | None,
    devices: Sequence[dict[str, str]],
    language: str | None,
    *,
    desk: Desk,
) -> list[Any]:
    """How each device that is shown is now."""
    view = build_view(services, person, language=language)
    register = await desk.register(view)
    known = {one.id: one for one in register.devices}
    return [
        render_facts(view, known[one["device"]], register) if one["device"] in known else no_update
        for one in devices
    ]


async def _on_paired(
    services: Services,
    person: Person,
    pressed: int | None,
    code: str | None,
    screen: str | None,
    name: str | None,
    language: str | None,
    *,
    desk: Desk,
) -> tuple[Any, Any, Any, Any]:
    """A code was entered: what is said, the list as it is then, and an empty field."""
    if not pressed:
        return no_update, no_update, no_update, no_update
    view = build_view(services, person, language=language)
    said, done = await desk.pair(view, code, screen, name)
    if not done:
        return said, no_update, no_update, no_update
    register = await desk.register(view)
    return said, render_list(view, register), shown_of(register), ""


async def _on_action(
    services: Services,
    person: Person,
    _: Sequence[int | None],
    names: Sequence[str | None],
    devices: Sequence[dict[str, str]],
    language: str | None,
    *,
    desk: Desk,
) -> tuple[Any, Any, Any]:
    """A button of a device was pressed."""
    pressed = ctx.triggered[0]["value"] if ctx.triggered else None
    button = ctx.triggered_id
    if not pressed or not isinstance(button, dict):
        return no_update, no_update, no_update
    view = build_view(services, person, language=language)
    typed = {one["device"]: name for one, name in zip(devices, names, strict=True)}
    action, device = str(button["action"]), str(button["device"])
    said = await desk.act(view, action, device, typed.get(device))
    register = await desk.register(view)
    listed: list[Component] = render_list(view, register)
    return said, listed, shown_of(register)


def register(app: Dash, services: Services, devices: Devices, stages: Stages) -> None:
    """Register the callbacks of the page on the app."""
    desk = Desk(services, devices, stages, Limiter(WRONG_CODES, WITHIN_SECONDS))
    every = cast(str, ALL)
    language = State(ids.LANGUAGE, "data")

    def with_desk(answer: Any) -> Any:
        async def answered(services: Services, person: Person, *inputs: Any) -> Any:
            return await answer(services, person, *inputs, desk=desk)

        return answered

    guarded_callback(
        app,
        services,
        Output(ids.SCREENS_LIST, "children"),
        Output(ids.SCREENS_SHOWN, "data"),
        Input(ids.SCREENS_TICK, "n_intervals"),
        State(ids.SCREENS_SHOWN, "data"),
        language,
    )(with_desk(_on_due))
    guarded_callback(
        app,
        services,
        Output(ids.device_facts(every), "children"),
        Input(ids.SCREENS_TICK, "n_intervals"),
        State(ids.device_facts(every), "id"),
        language,
        prevent_initial_call=True,
    )(with_desk(_on_facts_due))
    guarded_callback(
        app,
        services,
        Output(ids.SCREENS_SAID, "children"),
        Output(ids.SCREENS_LIST, "children", allow_duplicate=True),
        Output(ids.SCREENS_SHOWN, "data", allow_duplicate=True),
        Output(ids.PAIR_CODE, "value"),
        Input(ids.PAIR_SEND, "n_clicks"),
        State(ids.PAIR_CODE, "value"),
        State(ids.PAIR_SCREEN, "value"),
        State(ids.PAIR_NAME, "value"),
        language,
        action="operate",
        prevent_initial_call=True,
    )(with_desk(_on_paired))
    guarded_callback(
        app,
        services,
        Output(ids.SCREENS_SAID, "children", allow_duplicate=True),
        Output(ids.SCREENS_LIST, "children", allow_duplicate=True),
        Output(ids.SCREENS_SHOWN, "data", allow_duplicate=True),
        Input(ids.device_action(every, every), "n_clicks"),
        State(ids.device_name(every), "value"),
        State(ids.device_name(every), "id"),
        language,
        action="operate",
        prevent_initial_call=True,
    )(with_desk(_on_action))

"""Stages: what each screen shows now, told to all its devices as soon as it changes.

Orders come from every web process at once over Redis. What is in force is read from the store as
well, so that a message that was lost costs seconds and no more.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from callbacks.hub import event
from callbacks.services import Services
from dashboard.catalogue.screens import Screen
from dashboard.devices import Device
from dashboard.modes import Around, is_past, place_of, stated_in
from dashboard.orders import STANDING, Order, ends
from dashboard.ports import Unreachable
from dashboard.readings import instant
from dashboard.screens import Showing, described, showing
from dashboard.seats import laid_out
from layouts.stage_words import stage_words

READ_SECONDS = 5.0
"""Between two looks at the store; also how long a lost message goes unnoticed."""
TICK_SECONDS = 0.5
"""Between two looks at the clock: schedules and orders begin and end by it."""
SETTLED = timedelta(seconds=30)
"""A level that changed is known to all processes by then."""
CENTER = "center"
"""Who ends what the desk said of a level that has changed."""
MOST_WAITING = 64
"""Events that may wait for a device; one that is so far behind comes back for the newest state."""


@dataclass(eq=False)
class Stage:
    """One open stage."""

    device: Device
    waiting: "asyncio.Queue[bytes]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    gone: bool = False

    def tell(self, data: bytes) -> None:
        """Send it something; one that does not keep up is sent away."""
        try:
            self.waiting.put_nowait(data)
        except asyncio.QueueFull:
            self.leave()

    async def next(self) -> bytes:
        """What it has to be sent now; waits for it. Empty when it has gone."""
        while not self.gone:
            data = await self.waiting.get()
            if data:
                return data
        return b""

    def leave(self) -> None:
        """It has gone: wake it so that it ends."""
        self.gone = True
        while self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(b"")


class Stages:
    """All open stages by screen, and the orders in force."""

    def __init__(self, services: Services, version: str) -> None:
        """`version` is that of the stage's own scripts, by which it knows that there are new ones."""
        self._services = services
        self._version = version
        self._zone = ZoneInfo(services.settings.zone)
        self._open: dict[str, set[Stage]] = {}
        self._orders: dict[int, Order] = {}
        self._heard: list[tuple[float, Order]] = []
        self._told: dict[str, bytes] = {}
        self._stated: dict[tuple[str, str], str] = {}
        self._asked: asyncio.Event | None = None

    @property
    def open(self) -> int:
        """How many stages are open."""
        return sum(len(stages) for stages in self._open.values())

    def join(self, device: Device) -> Stage:
        """A stage opens; the state of its screen is the first that it is told."""
        stage = Stage(device)
        self._tell_changes([device.screen])  # Else those that are open would miss what is new.
        self._open.setdefault(device.screen, set()).add(stage)
        stage.tell(self._event(device.screen))
        return stage

    def leave(self, stage: Stage) -> None:
        """A stage has gone."""
        self._open.get(stage.device.screen, set()).discard(stage)
        stage.leave()

    def showing_of(self, screen: Screen) -> Showing:
        """What a screen shows now."""
        catalogue = self._services.catalogue
        calendar = catalogue.calendars.get(screen.calendar or "")
        own = (one for one in self._orders.values() if one.screen == screen.key)
        self.stated_of(screen)
        around = Around(catalogue.visits, self._stated)
        return showing(screen, own, calendar, self._services.clock(), self._zone, around)

    def stated_of(self, screen: Screen) -> str | None:
        """The level that people have set where a screen follows one; what was heard last stays
        while nothing is heard."""
        rule = screen.response_pages
        if rule is None:
            return None
        reading = self._services.live.sections().get("readings", {}).get(rule.of)
        if (stated := stated_in(rule, reading)) is not None:
            self._stated[place_of(rule)] = stated
        return self._stated.get(place_of(rule))

    def take(self, order: Order) -> None:
        """An order was given, here or elsewhere: it is in force at once, and its screen told."""
        if any(known.id == order.id for _, known in self._heard):
            return
        self._heard = [*self._recently(), (time.monotonic(), order)]
        self._apply(order)
        data = event("order", orjson.dumps(order.wire()))
        for stage in tuple(self._open.get(order.screen, ())):
            stage.tell(data)
        self._tell_changes([order.screen])

    def look_again(self) -> None:
        """Something may have been missed: read the orders in force at once."""
        if self._asked is not None:
            self._asked.set()

    async def follow(self) -> None:
        """Keep all stages up to date, until cancelled."""
        self._asked = asyncio.Event()
        read = beaten = -1e9
        while True:
            now = time.monotonic()
            if self._asked.is_set() or now - read >= READ_SECONDS:
                self._asked.clear()
                read = now
                await self._read()
            await self._end_past()
            self._tell_changes(list(self._open))
            if now - beaten >= self._services.settings.heartbeat:
                beaten = now
                self._beat()
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await self._asked.wait()
            except TimeoutError:
                continue

    async def _read(self) -> None:
        asked, now = time.monotonic(), self._services.clock()
        try:
            found = await self._services.in_store(self._services.screens.orders, now)
        except Unreachable:
            return  # What is known stays in force until its own end.
        self._orders = {one.id: one for one in found}
        # What was heard while the store was asked may not be in its answer yet.
        for at, order in self._recently():
            if at >= asked - 1.0:
                self._apply(order)

    async def _end_past(self) -> None:
        """End what the desk said of a level that has changed, so that it is not in force again when
        that level comes back."""
        now, known = self._services.clock(), self._services.catalogue.screens
        for one in [one for one in self._orders.values() if one.kind == "response"]:
            screen = known.get(one.screen)
            if screen is None or now - one.at < SETTLED or not is_past(one, self.stated_of(screen)):
                continue
            give, said = self._services.screens.give, {"kind": "response"}
            try:
                ended = await self._services.in_store(give, one.screen, "end", said, CENTER, now)
                self.take(ended)
                await self._services.wire.publish(ended)
            except Unreachable:
                return  # It is not in force; the next look tries again.

    def _recently(self) -> list[tuple[float, Order]]:
        now = time.monotonic()
        return [(at, order) for at, order in self._heard if now - at < READ_SECONDS * 2]

    def _apply(self, order: Order) -> None:
        over = ends(order)
        self._orders = {
            number: one
            for number, one in self._orders.items()
            if one.screen != order.screen or one.kind not in over or number > order.id
        }
        if order.kind in STANDING:
            self._orders[order.id] = order

    def _tell_changes(self, screens: list[str]) -> None:
        for key in screens:
            stages = self._open.get(key)
            if not stages:
                self._open.pop(key, None)
                self._told.pop(key, None)
                continue
            if self._told.get(key) == self._body(key):
                continue
            data = self._event(key)
            for stage in tuple(stages):
                stage.tell(data)

    def _event(self, key: str) -> bytes:
        """The state of a screen as an event, with the time of it."""
        body = self._told[key] = self._body(key)
        at = orjson.dumps(instant(self._services.clock()))
        return event("state", b'{"at":' + at + b"," + body[1:])

    def _body(self, key: str) -> bytes:
        """All but the time of it; a screen that is no longer in the catalogue is dark."""
        return orjson.dumps(state_of(self, self._services, key) | {"version": self._version})

    def _beat(self) -> None:
        data = event("heartbeat", orjson.dumps({"at": instant(self._services.clock())}))
        for stages in self._open.values():
            for stage in tuple(stages):
                stage.tell(data)

    def orders_of(self, screen: str, now: datetime) -> list[Order]:
        """The orders of a screen that are in force, the oldest first."""
        found = (one for one in self._orders.values() if one.screen == screen and one.stands(now))
        return sorted(found, key=lambda one: one.id)


def state_of(stages: Stages, services: Services, key: str) -> dict[str, Any]:
    """What a stage has to know: its screen, what that shows now, and by whose orders."""
    catalogue, now = services.catalogue, services.clock()
    screen = catalogue.screens.get(key)
    if screen is None:
        none = {"rooms": {}, "letters": 0.0}
        return {"screen": None, "showing": Showing("off", ()).wire(), "layout": none, "orders": []}
    number = list(catalogue.screens).index(key) + 1
    shown = stages.showing_of(screen)
    return {
        "screen": described(screen) | {"number": number},
        "showing": shown.wire(),
        "said": stage_words(catalogue, screen, shown),
        "layout": laid_out(screen, shown.pages, catalogue.duty_walls),
        "orders": [one.wire() for one in stages.orders_of(key, now)],
    }

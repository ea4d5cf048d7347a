"""The watch over paired screens: which are not heard of, put down for the center's own numbers.

The center reads that like any department's rows (`catalog/departments/center.yaml`), so that a
screen which is silent during its schedule waits in 待处置 like anything else. Every web process
watches; they say the same.
"""

import asyncio
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callbacks.devices import Devices
from callbacks.services import Services
from dashboard.devices import Device, silent_screens
from dashboard.ports import ScreenNote, Unreachable
from dashboard.screens import is_off

WATCH_SECONDS = 3.0
NOTED_SECONDS = 30.0
"""What has not changed is put down again after this: what is older says nothing of now."""
SEEN = timedelta(minutes=1)
"""When a device was heard last is kept to the minute."""


class ScreenWatch:
    """Looks every few seconds, until cancelled."""

    def __init__(self, services: Services, devices: Devices) -> None:
        self._services = services
        self._devices = devices
        self._zone = ZoneInfo(services.settings.zone)
        self._began: datetime | None = None
        self._noted: tuple[list[ScreenNote], float] | None = None

    async def follow(self) -> None:
        """Watch. Where Redis or the store does not answer nothing can be said of any screen."""
        while True:
            try:
                await self.look()
            except Unreachable:
                self._noted = None
            await asyncio.sleep(WATCH_SECONDS)

    async def look(self) -> None:
        """One look. Raises Unreachable."""
        now = self._services.clock()
        # While no web process ran no screen could be heard: they have their time to come back.
        self._began = self._began or now
        devices = self._devices.all
        heard = await self._services.wire.heard(device.id for device in devices)
        silent = silent_screens(devices, heard, now, since=self._began)
        await self._note([self._noted_of(key, devices, now, silent=silent[key]) for key in silent])
        seen = {
            device.id: heard[device.id].at
            for device in devices
            if device.id in heard
            and (device.last_seen is None or heard[device.id].at - device.last_seen >= SEEN)
        }
        if seen:
            await self._services.in_store(self._services.screens.seen, seen)

    def _noted_of(
        self, key: str, devices: tuple[Device, ...], now: datetime, *, silent: bool
    ) -> ScreenNote:
        catalogue = self._services.catalogue
        screen = catalogue.screens.get(key)
        count = sum(device.screen == key for device in devices)
        if screen is None:
            return ScreenNote(key, key, count, due=False, silent=False)
        calendar = catalogue.calendars.get(screen.calendar or "")
        due = not is_off(screen, calendar, now, self._zone)
        return ScreenNote(key, screen.title.zh, count, due=due, silent=due and silent)

    async def _note(self, notes: list[ScreenNote]) -> None:
        before, at = self._noted or ([], -NOTED_SECONDS)
        if self._noted and notes == before and time.monotonic() - at < NOTED_SECONDS:
            return
        now = self._services.clock()
        await self._services.in_store(self._services.screens.note_screens, notes, now)
        self._noted = notes, time.monotonic()

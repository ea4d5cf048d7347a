"""What tests of screens stand on: a heartbeat, and ports that answer from memory."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dashboard.devices import Beat, Device, Heard, Pairing
from dashboard.orders import STANDING, Kind, Order, ends
from dashboard.ports import ScreenNote, Unreachable

BEAT: dict[str, Any] = {
    "page": "/wall/duty",
    "version": "v1",
    "width": 1920,
    "height": 1080,
    "dpr": 1.0,
    "frame_age": 0.5,
    "dropped": 2,
    "heap": 50_000_000,
    "uptime": 60.0,
    "clock_offset": 0.2,
    "errors": [],
}


class MemoryScreens:
    """A store of screens; `notes` is its audit."""

    def __init__(self) -> None:
        self.pairings: dict[str, tuple[str, datetime, str | None]] = {}
        self.known: dict[str, Device] = {}
        self.given: list[Order] = []
        self.noted: list[ScreenNote] = []
        self.notes: list[tuple[str, str, str]] = []
        self.down = False

    def open_pairing(self, code: str, secret: str, now: datetime, until: datetime) -> bool:
        self._answer()
        self.pairings = {s: one for s, one in self.pairings.items() if one[1] > now}
        if any(one[0] == code for one in self.pairings.values()):
            return False
        self.pairings[secret] = code, until, None
        return True

    def waiting(self, now: datetime) -> int:
        self._answer()
        return sum(one[1] > now for one in self.pairings.values())

    def pairing(self, secret: str, now: datetime) -> Pairing | None:
        self._answer()
        found = self.pairings.get(secret)
        return Pairing(*found) if found and found[1] > now else None

    def claim(self, code: str, screen: str, name: str, who: str, now: datetime) -> Device | None:
        self._answer()
        for secret, (known, until, device) in self.pairings.items():
            if known == code and until > now and device is None:
                made = Device(f"d{len(self.known)}", screen, name, who, now)
                self.known[made.id] = made
                self.pairings[secret] = known, until, made.id
                self.notes.append((who, "pair", screen))
                return made
        return None

    def hand_over(self, secret: str, token: str, now: datetime) -> Device | None:
        self._answer()
        device = self.known.get(self.pairings.get(secret, ("", now, None))[2] or "")
        if device is None or device.last_seen or device.revoked_at:
            return None
        self.known[device.id] = replace(device, token=token)
        return self.known[device.id]

    def devices(self) -> list[Device]:
        self._answer()
        return [one for one in self.known.values() if one.revoked_at is None]

    def rename(self, device: str, name: str, who: str) -> bool:
        return self._change(device, who, "rename", name=name)

    def revoke(self, device: str, who: str, now: datetime) -> bool:
        return self._change(device, who, "revoke", revoked_at=now)

    def seen(self, devices: Mapping[str, datetime]) -> None:
        self._answer()
        for device, at in devices.items():
            self.known[device] = replace(self.known[device], last_seen=at)

    def give(
        self,
        screen: str,
        kind: Kind,
        payload: Mapping[str, Any],
        who: str,
        now: datetime,
        until: datetime | None = None,
    ) -> Order:
        self._answer()
        order = Order(len(self.given) + 1, screen, kind, who, now, dict(payload), until)
        self.given = [
            replace(one, ended_at=now)
            if one.screen == screen and one.kind in ends(order) and one.ended_at is None
            else one
            for one in self.given
        ]
        over = kind not in STANDING
        self.given.append(replace(order, ended_at=now) if over else order)
        self.notes.append((who, f"order {kind}", screen))
        return order

    def orders(self, now: datetime) -> list[Order]:
        self._answer()
        return [one for one in self.given if one.stands(now)]

    def note_screens(self, notes: Sequence[ScreenNote], now: datetime) -> None:
        self._answer()
        self.noted = list(notes)

    def _change(self, device: str, who: str, action: str, **changes: Any) -> bool:
        self._answer()
        before = self.known.get(device)
        if before is None or before.revoked_at is not None:
            return False
        self.known[device] = replace(before, **changes)
        self.notes.append((who, action, before.screen))
        return True

    def _answer(self) -> None:
        if self.down:
            raise Unreachable("the store does not answer")


class MemoryWire:
    """One Redis for the web processes of a test, or none while it is `down`."""

    def __init__(self) -> None:
        self.beats: dict[str, Heard] = {}
        self.listeners: list[tuple[Callable[[Order], None], Callable[[], None]]] = []
        self.down = False

    async def publish(self, order: Order) -> None:
        self._answer()
        for on_order, _ in self.listeners:
            on_order(order)

    async def announce(self) -> None:
        self._answer()
        for _, on_devices in self.listeners:
            on_devices()

    async def follow(
        self, on_order: Callable[[Order], None], on_devices: Callable[[], None]
    ) -> None:
        one = on_order, on_devices
        self.listeners.append(one)
        on_devices()
        try:
            await asyncio.Event().wait()
        finally:
            self.listeners.remove(one)

    async def keep(self, device: str, beat: Beat, now: datetime) -> None:
        self._answer()
        self.beats[device] = Heard(now, beat)

    async def heard(self, devices: Iterable[str]) -> dict[str, Heard]:
        self._answer()
        return {device: self.beats[device] for device in devices if device in self.beats}

    def _answer(self) -> None:
        if self.down:
            raise Unreachable("Redis does not answer")

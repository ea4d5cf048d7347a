"""Screens, their devices and their orders, as the core sees what is kept and sent of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from dashboard.devices import Beat, Device, Heard, Pairing
from dashboard.orders import Kind, Order


@dataclass(frozen=True)
class ScreenNote:
    """How a paired screen is now, for the center's own numbers."""

    screen: str
    title: str
    devices: int
    due: bool
    silent: bool


class ScreenStore(Protocol):
    """What outlives everything. Secrets and tokens come as hashes; each change is written with its
    note in the audit, or not at all. Calls block and may raise Unreachable."""

    def open_pairing(self, code: str, secret: str, now: datetime, until: datetime) -> bool:
        """Let a browser wait under a code; False where another one waits under it."""
        ...

    def waiting(self, now: datetime) -> int:
        """How many browsers wait."""
        ...

    def pairing(self, secret: str, now: datetime) -> Pairing | None:
        """The pairing of a browser that has not expired."""
        ...

    def claim(self, code: str, screen: str, name: str, who: str, now: datetime) -> Device | None:
        """Pair the browser that shows a code with a screen; None where none does."""
        ...

    def hand_over(self, secret: str, token: str, now: datetime) -> Device | None:
        """Give a claimed browser its token; again as long as it has not come with one. None where
        it is not claimed."""
        ...

    def devices(self) -> list[Device]:
        """All devices that are not revoked, in the order in which they were paired."""
        ...

    def rename(self, device: str, name: str, who: str) -> bool:
        """False where there is no such device."""
        ...

    def revoke(self, device: str, who: str, now: datetime) -> bool:
        """Its token is worth nothing from now on. False where it was so already."""
        ...

    def seen(self, devices: Mapping[str, datetime]) -> None:
        """Note when devices were heard last."""
        ...

    def give(
        self,
        screen: str,
        kind: Kind,
        payload: Mapping[str, Any],
        who: str,
        now: datetime,
        until: datetime | None = None,
    ) -> Order:
        """Keep an order, and end those that it ends."""
        ...

    def orders(self, now: datetime) -> list[Order]:
        """All that are in force."""
        ...

    def note_screens(self, notes: Sequence[ScreenNote], now: datetime) -> None:
        """Put down how the paired screens are; what is not among them is no longer paired."""
        ...


class ScreenWire(Protocol):
    """What goes at once from one web process to all, and what is of no use tomorrow. Raises
    Unreachable where Redis does not answer."""

    async def publish(self, order: Order) -> None:
        """Tell all web processes of an order."""
        ...

    async def announce(self) -> None:
        """Tell all web processes that a device was paired, renamed or revoked."""
        ...

    async def follow(
        self, on_order: Callable[[Order], None], on_devices: Callable[[], None]
    ) -> None:
        """Call back in the event loop with each order, and where devices changed or something may
        have been missed; until cancelled. Outages are survived."""
        ...

    async def keep(self, device: str, beat: Beat, now: datetime) -> None:
        """Keep what a device said of itself."""
        ...

    async def heard(self, devices: Iterable[str]) -> dict[str, Heard]:
        """What devices said last, as far as that is not long ago."""
        ...

"""What a screen goes by beside its own schedule and orders: visits, and the levels that people have
set. Software follows levels and sets none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.catalogue.screens import PageSet, ResponsePages
from dashboard.catalogue.visits import Visit
from dashboard.orders import Order
from dashboard.readings import State, instant


@dataclass(frozen=True)
class Around:
    """The kinds of visit of the catalogue, and what is stated by fact and place as far as it was
    heard of."""

    visits: Mapping[str, Visit] = field(default_factory=dict)
    stated: Mapping[tuple[str, str], str] = field(default_factory=dict)


ALONE = Around()
"""Neither visits nor levels."""


@dataclass(frozen=True)
class Following:
    """A set of pages that is in force by a response: by the level that people have stated, or put
    on by hand."""

    pages: PageSet
    stated: str | None
    by_hand: bool = False

    def wire(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"set": self.pages.key, "stated": self.stated, "by_hand": self.by_hand}


@dataclass(frozen=True)
class Visiting:
    """A visit that is in force."""

    visit: Visit
    until: datetime | None
    order: int

    def wire(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"visit": self.visit.key, "until": instant(self.until)}


def visited(order: Order | None, around: Around) -> Visiting | None:
    """The visit that an order began; none where the catalogue no longer knows of it."""
    visit = around.visits.get(str(order.payload["visit"])) if order is not None else None
    return None if visit is None or order is None else Visiting(visit, order.until, order.id)


def place_of(rule: ResponsePages) -> tuple[str, str]:
    """By which a stated level is found: the fact and whose level it is."""
    return rule.of, rule.place or ""


def stated_in(rule: ResponsePages, reading: Mapping[str, Any] | None) -> str | None:
    """The code of the level that a reading states; None where it says nothing. An old one counts:
    what people set holds until they say otherwise, also while its feed is down."""
    if reading is None or reading.get("state") == State.UNAVAILABLE:
        return None
    part = reading if rule.place is None else (reading.get("parts") or {}).get(rule.place)
    text = part.get("text") if part else None
    return str(text) if text else None


def followed(rule: ResponsePages | None, order: Order | None, around: Around) -> Following | None:
    """The set of pages that is in force: the one of the level that is stated, else what the desk
    said of that very level."""
    if rule is None:
        return None
    stated = around.stated.get(place_of(rule))
    if order is not None and not is_past(order, stated):
        wanted = order.payload.get("set") if order.payload["on"] else None
        by_hand = next((one for one in rule.sets if one.key == wanted), None)
        return Following(by_hand, stated, by_hand=True) if by_hand else None
    own = next((one for one in rule.sets if stated in one.stated), None)
    return Following(own, stated) if own else None


def overridden(rule: ResponsePages | None, order: Order | None, around: Around) -> bool:
    """Whether the desk said that a screen does not follow the level that is stated."""
    if rule is None or order is None or order.payload["on"]:
        return False
    return not is_past(order, around.stated.get(place_of(rule)))


def is_past(order: Order, stated: str | None) -> bool:
    """Whether the level has changed since the desk spoke of it. Nobody can tell where none is heard
    of, so that what it said holds."""
    return stated is not None and order.payload.get("stated") != stated

"""Orders: what the desk tells a screen. Which stand until they end, and which are over at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from dashboard.catalogue.screens import named_by
from dashboard.readings import instant, parse_instant

Kind = Literal[
    "show",
    "hold",
    "night",
    "message",
    "identify",
    "take",
    "visit",
    "drill",
    "response",
    "next",
    "reload",
    "end",
    "give_back",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
STANDING: frozenset[Kind] = frozenset(
    ("show", "hold", "night", "message", "identify", "take", "visit", "drill", "response")
)
"""Orders that are in force until they end; a screen has one of each kind at a time."""
LASTS: Mapping[Kind, timedelta] = {
    "identify": timedelta(seconds=15),
    "message": timedelta(minutes=10),
}
"""How long an order stands of which nobody said until when; a visit as long as its kind lasts."""
LONGEST_MESSAGE = 200


@dataclass(frozen=True)
class Order:
    """One order. `payload` is by kind: `show` and `take` have a `path` (`take` the `matter` too),
    `message` a `text`, `night` whether it is `on`, `end` the `kind` that it ends; `visit` the kind
    of `visit`, `drill` perhaps a `text`; `response` whether it is `on`, with which `set` of pages,
    and the level that was `stated` when it was given: it holds until that changes."""

    id: int
    screen: str
    kind: Kind
    by: str
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None
    ended_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it is in force."""
        return (
            self.kind in STANDING
            and self.ended_at is None
            and (self.until is None or now < self.until)
        )

    def wire(self) -> dict[str, Any]:
        """The order as JSON."""
        return {
            "id": self.id,
            "screen": self.screen,
            "kind": self.kind,
            "by": self.by,
            "at": instant(self.at),
            "payload": dict(self.payload),
            "until": instant(self.until),
        }

    @classmethod
    def parse(cls, wire: Mapping[str, Any]) -> "Order":
        """The inverse of `wire`."""
        until = wire["until"]
        return cls(
            int(wire["id"]),
            str(wire["screen"]),
            kind_of(wire["kind"]),
            str(wire["by"]),
            parse_instant(wire["at"]),
            wire["payload"],
            parse_instant(until) if until else None,
        )


def kind_of(found: object) -> Kind:
    """A kind of order. Raises ValueError naming all there are."""
    if found not in KINDS:
        raise ValueError(f"found order {found!r}, expected one of {', '.join(KINDS)}")
    return found


def ends(order: Order) -> frozenset[str]:
    """The kinds of standing orders of the same screen that an order ends."""
    if order.kind == "give_back":
        return frozenset({"take"})
    if order.kind == "end":
        return frozenset({str(order.payload["kind"])})
    return frozenset({order.kind} & STANDING)


Payload = Mapping[str, Any]


def checked_payload(kind: Kind, payload: Payload) -> dict[str, Any]:
    """What an order says, and nothing else. Raises ValueError, saying what was expected."""
    check = _CHECKS.get(kind)
    return check(payload) if check is not None else {}


def _show(payload: Payload) -> dict[str, Any]:
    path = payload.get("path")
    if not isinstance(path, str) or not path.startswith("/") or named_by(path) is None:
        raise ValueError(f"found path {path!r}, expected a page such as /department/transit")
    return {"path": path}


def _take(payload: Payload) -> dict[str, Any]:
    matter = payload.get("matter")
    return _show(payload) | ({"matter": str(matter)} if matter else {})


def _message(payload: Payload) -> dict[str, Any]:
    text = payload.get("text")
    if not isinstance(text, str) or not 0 < len(text.strip()) <= LONGEST_MESSAGE:
        raise ValueError(f"expected a text of 1 to {LONGEST_MESSAGE} characters")
    return {"text": text.strip()}


def _night(payload: Payload) -> dict[str, Any]:
    return {"on": payload.get("on") is not False}


def _end(payload: Payload) -> dict[str, Any]:
    if payload.get("kind") not in STANDING:
        raise ValueError(
            f"found kind {payload.get('kind')!r}, expected one of {', '.join(sorted(STANDING))}"
        )
    return {"kind": payload["kind"]}


def _visit(payload: Payload) -> dict[str, Any]:
    visit = payload.get("visit")
    if not isinstance(visit, str) or not visit:
        raise ValueError(f"found visit {visit!r}, expected one of catalog/visits.yaml")
    return {"visit": visit}


def _drill(payload: Payload) -> dict[str, Any]:
    return _message(payload) if payload.get("text") else {}


def _response(payload: Payload) -> dict[str, Any]:
    if payload.get("on") is False:
        return {"on": False}
    pages = payload.get("set")
    if not isinstance(pages, str) or not pages:
        raise ValueError(f"found set {pages!r}, expected one of the screen's `response_pages`")
    return {"on": True, "set": pages}


_CHECKS: dict[Kind, Callable[[Payload], dict[str, Any]]] = {
    "show": _show,
    "take": _take,
    "message": _message,
    "night": _night,
    "end": _end,
    "visit": _visit,
    "drill": _drill,
    "response": _response,
}


def in_force(orders: Iterable[Order], now: datetime) -> dict[Kind, Order]:
    """The newest order of each kind that is in force."""
    standing = sorted((one for one in orders if one.stands(now)), key=lambda one: one.id)
    return {one.kind: one for one in standing}

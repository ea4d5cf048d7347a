"""What a screen shows at a moment: by its schedule, and by the orders that are in force. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dashboard.catalogue.reference import Calendar
from dashboard.catalogue.screens import WEEKDAYS, Period, Screen, Shown, pixel_size
from dashboard.due import is_workday
from dashboard.modes import ALONE, Around, Following, Visiting, followed, overridden, visited
from dashboard.orders import Kind, Order, in_force

Mode = Literal["normal", "night", "off", "response", "ordered", "visit", "taken"]
PRECEDENCE: tuple[Mode, ...] = ("taken", "visit", "ordered", "response")
"""What is wanted on a screen rather than its schedule, the first before the others: a matter that
took it, visitors, what the desk pushed, the pages of a response."""
_BRINGS: dict[Kind, Mode] = {"visit": "visit", "show": "ordered", "response": "response"}
_UNDIMMED: frozenset[Mode] = frozenset(("taken", "visit", "response"))
"""What is to be seen, also by night."""


@dataclass(frozen=True)
class Showing:
    """What is shown. `pages` are shown in turn, none where the screen is dark; while it is `held`
    the stage stays where it is; `message` is written over the picture; `identified` shows which
    screen this is. `visit` and `response` are in force, which is not to say that they are what is
    shown; `overridden` that the desk has it follow no level; `drill` says what is drilled, empty
    where nobody said what, None where nothing is."""

    mode: Mode
    pages: tuple[Shown, ...]
    night: bool = False
    held: bool = False
    message: str | None = None
    identified: bool = False
    visit: Visiting | None = None
    response: Following | None = None
    overridden: bool = False
    drill: str | None = None

    def wire(self) -> dict[str, Any]:
        """The same as JSON, dwell in seconds."""
        pages = [{"path": one.path, "dwell": one.dwell.total_seconds()} for one in self.pages]
        return {
            "mode": self.mode,
            "pages": pages,
            "night": self.night,
            "held": self.held,
            "message": self.message,
            "identified": self.identified,
            "visit": self.visit.wire() if self.visit else None,
            "response": self.response.wire() if self.response else None,
            "overridden": self.overridden,
            "drill": self.drill,
        }


Shows = tuple[Mode, tuple[Shown, ...]]


def showing(
    screen: Screen,
    orders: Iterable[Order],
    calendar: Calendar | None,
    now: datetime,
    zone: ZoneInfo,
    around: Around = ALONE,
) -> Showing:
    """What a screen shows now: the first of `PRECEDENCE` that is wanted, else what night and the
    schedule say; a screen that is off is woken by each of them."""
    standing = in_force(orders, now)
    scheduled = _by_night_order(
        screen, _scheduled(screen, calendar, now.astimezone(zone)), standing
    )
    visit = visited(standing.get("visit"), around)
    response = followed(screen.response_pages, standing.get("response"), around)
    wanted = _wanted(standing, visit, response)
    mode, pages = next(((m, wanted[m]) for m in PRECEDENCE if m in wanted), scheduled)
    message, drill = _after(visit, standing.get("message")), standing.get("drill")
    return Showing(
        mode,
        pages,
        night=scheduled[0] == "night" and mode not in _UNDIMMED,
        held=_after(visit, standing.get("hold")) is not None,
        message=str(message.payload["text"]) if message else None,
        identified="identify" in standing,
        visit=visit,
        response=response,
        overridden=overridden(screen.response_pages, standing.get("response"), around),
        drill=str(drill.payload.get("text", "")) if drill else None,
    )


def _wanted(
    standing: Mapping[Kind, Order], visit: Visiting | None, response: Following | None
) -> dict[Mode, tuple[Shown, ...]]:
    """Everything that is wanted on a screen rather than its schedule."""
    found: dict[Mode, tuple[Shown, ...]] = {}
    taken, shown = standing.get("take"), standing.get("show")
    if taken is not None:
        found["taken"] = (Shown(path=str(taken.payload["path"])),)
    if shown is not None:
        found["ordered"] = (Shown(path=str(shown.payload["path"])),)
    if visit is not None:
        found["visit"] = tuple(visit.visit.pages)
    if response is not None:
        found["response"] = tuple(response.pages.pages)
    return found


def waits_behind(kind: Kind, mode: Mode) -> bool:
    """Whether what an order brings is not shown while a screen shows `mode`, but only afterwards."""
    brings = _BRINGS.get(kind)
    if brings is None or mode not in PRECEDENCE:
        return False
    return PRECEDENCE.index(mode) < PRECEDENCE.index(brings)


def _after(visit: Visiting | None, order: Order | None) -> Order | None:
    """An order over what is shown. Guests see none that was given before they came: it was meant for
    those who were there."""
    return None if order is None or (visit is not None and order.id < visit.order) else order


def is_off(screen: Screen, calendar: Calendar | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the schedule says that a screen is dark, so that nobody misses it."""
    return _scheduled(screen, calendar, now.astimezone(zone)).mode == "off"


def described(screen: Screen) -> dict[str, Any]:
    """What a stage has to know of its screen, as JSON."""
    width, height = pixel_size(screen.pixels)
    return {
        "key": screen.key,
        "title": screen.title.model_dump(),
        "room": screen.room.model_dump() if screen.room else None,
        "width": width,
        "height": height,
        "millimetres": pixel_size(screen.millimetres) if screen.millimetres else None,
        "distance": screen.distance,
        "safe_area": screen.safe_area.model_dump(),
        "language": screen.language,
        "theme": screen.theme,
    }


def _scheduled(screen: Screen, calendar: Calendar | None, local: datetime) -> Showing:
    own = tuple(screen.pages)
    for period in screen.schedule:
        if _holds(period, calendar, local):
            if period.off:
                return Showing("off", ())
            if period.night:
                return Showing("night", own[:1])
            return Showing("normal", tuple(period.pages))
    return Showing("normal", own)


def _by_night_order(screen: Screen, scheduled: Showing, standing: Mapping[Kind, Order]) -> Shows:
    night = standing.get("night")
    if night is not None and night.payload["on"]:
        return "night", (scheduled.pages or tuple(screen.pages))[:1]
    if night is not None and scheduled.mode == "night":
        return "normal", tuple(screen.pages)
    return scheduled.mode, scheduled.pages


def _holds(period: Period, calendar: Calendar | None, local: datetime) -> bool:
    """Whether a local time lies in a period: one of today, or of yesterday past midnight."""
    today, at = local.date(), local.time()
    end = time.max if period.end == "24:00" else period.end
    if isinstance(period.end, time) and period.end <= period.start:
        yesterday = today - timedelta(days=1)
        return (at >= period.start and _is_one_of(period, calendar, today)) or (
            at < period.end and _is_one_of(period, calendar, yesterday)
        )
    return (
        period.start <= at and (at < end or end == time.max) and _is_one_of(period, calendar, today)
    )


def _is_one_of(period: Period, calendar: Calendar | None, day: date) -> bool:
    if not period.days or WEEKDAYS[day.weekday()] in period.days:
        return True
    return ("workdays" if _is_worked(calendar, day) else "holidays") in period.days


def _is_worked(calendar: Calendar | None, day: date) -> bool:
    if calendar is None:
        return is_workday(day)
    if day in calendar.closed:
        return False
    return day in calendar.open or is_workday(day, country_holidays=calendar.country_holidays)

"""What a screen shows at a moment: by its schedule, and by the orders that are in force. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dashboard.catalogue.reference import Calendar
from dashboard.catalogue.screens import WEEKDAYS, Period, Screen, Shown, pixel_size
from dashboard.due import is_workday
from dashboard.orders import Order, in_force

Mode = Literal["normal", "night", "off", "ordered", "taken"]


@dataclass(frozen=True)
class Showing:
    """What is shown. `pages` are shown in turn, none where the screen is dark; while it is `held`
    the stage stays where it is; `message` is written over the picture; `identified` shows which
    screen this is."""

    mode: Mode
    pages: tuple[Shown, ...]
    night: bool = False
    held: bool = False
    message: str | None = None
    identified: bool = False

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
        }


def showing(
    screen: Screen,
    orders: Iterable[Order],
    calendar: Calendar | None,
    now: datetime,
    zone: ZoneInfo,
) -> Showing:
    """What a screen shows now. A matter that took it goes before what the desk pushed, and that
    before the schedule; a screen that is off is woken by either."""
    standing = in_force(orders, now)
    scheduled = _scheduled(screen, calendar, now.astimezone(zone))
    mode, pages = scheduled.mode, scheduled.pages
    if "night" in standing:
        mode, pages = _by_night_order(screen, scheduled, on=bool(standing["night"].payload["on"]))
    night = mode == "night"
    pushed = standing.get("take") or standing.get("show")
    if pushed is not None:
        mode = "taken" if pushed.kind == "take" else "ordered"
        pages = (Shown(path=str(pushed.payload["path"])),)
    message = standing.get("message")
    return Showing(
        mode,
        pages,
        # What took the wall is to be seen, also by night.
        night=night and mode != "taken",
        held="hold" in standing,
        message=str(message.payload["text"]) if message else None,
        identified="identify" in standing,
    )


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


def _by_night_order(
    screen: Screen, scheduled: Showing, *, on: bool
) -> tuple[Mode, tuple[Shown, ...]]:
    if on:
        return "night", (scheduled.pages or tuple(screen.pages))[:1]
    if scheduled.mode == "night":
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

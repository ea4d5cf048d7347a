"""When data is due: the open hours of a calendar, and how long data has been awaited within them.

Public holidays and make-up workdays come from the published Chinese calendar. Years for which none
is published yet have plain weekends and no holidays (`holidays_known` says which); the calendar's
own `closed` and `open` days always hold, so a city can write a new year's days down itself.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import chinese_calendar

from dashboard.catalogue.reference import Calendar, Hours
from dashboard.windows import Range, midnight, zone_of

FAR = timedelta(days=60)
"""Further back than this every hour counts as due: such data is old by any measure."""


def holidays_known(year: int) -> bool:
    """Whether the public holidays of a year are published."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_workday(day: date, *, country_holidays: bool = True) -> bool:
    """Whether a day is worked: Monday to Friday, moved by public holidays where these are known."""
    if not country_holidays or not holidays_known(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def open_hours(calendar: Calendar, day: date) -> list[Hours]:
    """The hours of one local day in which data is due."""
    if day in calendar.open:
        return calendar.open[day]
    if day in calendar.closed:
        return []
    worked = is_workday(day, country_holidays=calendar.country_holidays)
    return calendar.workdays if worked else calendar.restdays


def is_due(calendar: Calendar | None, now: datetime) -> bool:
    """Whether data is due now; always where there is no calendar."""
    if calendar is None:
        return True
    return any(start <= now < end for start, end in _periods(calendar, (now, now)))


def awaited(calendar: Calendar | None, since: datetime, now: datetime) -> timedelta:
    """How much of the time from `since` to `now` data was due in; negative where since is ahead.

    An office that closed on Friday evening is awaited for a minute on Monday a minute past opening.
    """
    if calendar is None or since >= now:
        return now - since
    start = max(since, now - FAR)
    within = (
        min(until, now) - max(opened, start)
        for opened, until in _periods(calendar, (start, now))
        if until > start and opened < now
    )
    return sum(within, start - since)


def _periods(calendar: Calendar, window: Range) -> Iterator[Range]:
    """Open periods that may overlap a range. Hours that end before they start run past midnight."""
    zone = zone_of(calendar.zone)
    first, last = (at.astimezone(zone).date() for at in window)
    for number in range(-1, (last - first).days + 1):
        day = first + timedelta(days=number)
        for hours in open_hours(calendar, day):
            start = datetime.combine(day, hours.start, zone).astimezone(window[0].tzinfo)
            yield start, _end(hours, day, calendar.zone)


def _end(hours: Hours, day: date, zone: str) -> datetime:
    following = day + timedelta(days=1)
    if not isinstance(hours.end, time):
        return midnight(following, zone)
    last_day = day if hours.end > hours.start else following
    return datetime.combine(last_day, hours.end, zone_of(zone))

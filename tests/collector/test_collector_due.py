"""When data is due, and how long it has been awaited."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.catalogue.reference import Calendar
from dashboard.due import awaited, holidays_known, is_due, is_workday, open_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
TITLE = {"zh": "大厅", "en": "Hall"}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def hall(**more: Any) -> Calendar:
    hours = [{"start": "08:30", "end": "12:00"}, {"start": "14:00", "end": "17:30"}]
    return Calendar.model_validate({"key": "hall", "title": TITLE, "workdays": hours, **more})


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-20T08:29:59", False),
        ("2026-11-20T08:30:00", True),
        ("2026-11-20T12:00:00", False),
        ("2026-11-20T13:00:00", False),
        ("2026-11-20T17:29:59", True),
        ("2026-11-21T10:00:00", False),  # Saturday
        ("2026-10-01T10:00:00", False),  # National Day, a Thursday
        ("2026-10-10T10:00:00", True),  # a Saturday worked to make up for it
    ],
)
def test_hall_is_due_in_its_hours_on_working_days_only(at: str, due: bool) -> None:
    assert is_due(hall(), local(at)) is due


def test_without_a_calendar_data_is_always_due() -> None:
    assert is_due(None, local("2026-10-01T03:00:00"))


def test_years_without_published_holidays_have_plain_weekends() -> None:
    assert holidays_known(2026)
    assert not holidays_known(2039)
    assert is_workday(date(2039, 10, 3))  # a Monday within the usual holidays
    assert not is_workday(date(2039, 10, 1))  # a Saturday


def test_the_citys_own_days_hold_before_any_holiday() -> None:
    calendar = hall(
        closed=["2039-10-03"], open={"2039-10-01": [{"start": "09:00", "end": "10:00"}]}
    )
    assert open_hours(calendar, date(2039, 10, 3)) == []
    assert is_due(calendar, local("2039-10-01T09:30:00"))


def test_an_office_closed_over_the_weekend_is_not_awaited_meanwhile() -> None:
    friday, monday = local("2026-11-20T17:29:00"), local("2026-11-23T08:31:00")
    assert awaited(hall(), friday, monday) == timedelta(minutes=2)


def test_a_feed_dead_for_days_grows_old_day_by_day() -> None:
    dead, now = local("2026-11-16T08:30:00"), local("2026-11-18T12:00:00")
    assert awaited(hall(), dead, now) == timedelta(hours=7 * 2 + 3.5)


def test_hours_that_end_before_they_start_run_past_midnight() -> None:
    night = [{"start": "22:00", "end": "01:30"}]
    calendar = Calendar.model_validate(
        {"key": "night", "title": TITLE, "workdays": night, "restdays": night}
    )
    assert is_due(calendar, local("2026-11-21T01:29:00"))
    assert not is_due(calendar, local("2026-11-21T01:30:00"))
    assert awaited(
        calendar, local("2026-11-20T21:00:00"), local("2026-11-21T05:00:00")
    ) == timedelta(hours=3.5)


def test_a_whole_day_ends_at_its_own_midnight() -> None:
    whole = [{"start": "00:00", "end": "24:00"}]
    calendar = Calendar.model_validate(
        {"key": "always", "title": TITLE, "workdays": whole, "restdays": whole}
    )
    since, now = local("2026-10-01T05:00:00"), local("2026-11-05T07:00:00")
    assert awaited(calendar, since, now) == now - since


def test_a_source_ahead_of_us_has_a_negative_wait() -> None:
    now = local("2026-11-20T10:00:00")
    assert awaited(hall(), now + timedelta(minutes=7), now) == timedelta(minutes=-7)

"""What a screen shows: by hours, weekdays, holidays and make-up days, and by the desk's orders."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.catalogue.reference import Calendar
from dashboard.catalogue.screens import DutyScreen, Screen, SideScreen
from dashboard.orders import KINDS, Order, checked_payload, ends, in_force, kind_of
from dashboard.screens import Showing, described, is_off, showing

ZONE = ZoneInfo("Asia/Shanghai")
TEXT = {"zh": "屏", "en": "Screen"}


def side(*schedule: dict[str, Any], **more: Any) -> SideScreen:
    pages = [{"path": "/department/transit"}, {"path": "/map", "dwell": "90s"}]
    return SideScreen.model_validate(
        {"key": "side", "kind": "side", "title": TEXT, "pages": pages, "schedule": schedule} | more
    )


def duty(*schedule: dict[str, Any]) -> DutyScreen:
    blocks = [{"department": "transit", "numbers": ["transit.rate"]}]
    return DutyScreen.model_validate(
        {"key": "duty", "title": TEXT, "focus": "transit.rate", "blocks": blocks}
        | {"schedule": schedule}
    )


def at(text: str) -> datetime:
    """A local time such as `2026-10-10 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def order(called: str, number: int = 1, **payload: Any) -> Order:
    known = kind_of(called)
    return Order(number, "side", known, "值班长", at("2026-11-25 09:00"), payload)


def shown(screen: Screen, local: str, *orders: Order, calendar: Calendar | None = None) -> Showing:
    return showing(screen, orders, calendar, at(local), ZONE)


def paths(found: Showing) -> list[str]:
    return [page.path for page in found.pages]


NIGHT = {"from": "22:00", "to": "07:00", "night": True}


def test_a_side_screen_shows_its_pages_in_turn_and_a_duty_wall_itself() -> None:
    found = shown(side(), "2026-11-25 09:00")
    assert (found.mode, paths(found)) == ("normal", ["/department/transit", "/map"])
    assert [page["dwell"] for page in found.wire()["pages"]] == [60.0, 90.0]
    assert paths(shown(duty(), "2026-11-25 09:00")) == ["/wall/duty"]


@pytest.mark.parametrize(
    ("local", "night"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("06:59", True), ("07:00", False)],
)
def test_night_is_one_page_without_rotation_past_midnight(local: str, night: bool) -> None:
    found = shown(side(NIGHT), f"2026-11-25 {local}")
    assert found.night is night
    assert len(found.pages) == (1 if night else 2)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-11-25", True),  # a Wednesday
        ("2026-11-28", False),  # a Saturday
        ("2026-10-01", False),  # the national day, a Thursday
        ("2026-10-10", True),  # a Saturday that is made up
    ],
)
def test_workdays_and_holidays_are_those_of_the_country(day: str, worked: bool) -> None:
    hours = {"from": "08:00", "to": "18:00"}
    screen = side(
        {**hours, "days": ["workdays"], "pages": [{"path": "/map"}]},
        {**hours, "days": ["holidays"], "off": True},
    )
    found = shown(screen, f"{day} 10:00")
    assert (found.mode, paths(found)) == (("normal", ["/map"]) if worked else ("off", []))


def test_a_calendar_of_the_city_has_closed_and_open_days_of_its_own() -> None:
    calendar = Calendar.model_validate(
        {
            "key": "hall",
            "title": TEXT,
            "closed": ["2026-11-25"],
            "open": {"2026-11-28": [{"start": "09:00", "end": "12:00"}]},
        }
    )
    screen = side({"from": "00:00", "to": "24:00", "days": ["holidays"], "off": True})
    assert shown(screen, "2026-11-25 10:00", calendar=calendar).mode == "off"
    assert shown(screen, "2026-11-28 10:00", calendar=calendar).mode == "normal"
    assert is_off(screen, calendar, at("2026-11-25 23:59"), ZONE)


def test_hours_past_midnight_belong_to_the_day_on_which_they_start() -> None:
    screen = side({"from": "22:00", "to": "06:00", "days": ["fri"], "off": True})
    assert shown(screen, "2026-11-27 23:00").mode == "off"
    assert shown(screen, "2026-11-28 05:00").mode == "off", "the night of Friday"
    assert shown(screen, "2026-11-28 23:00").mode == "normal"
    assert shown(screen, "2026-11-27 05:00").mode == "normal", "the night of Thursday"


def test_the_first_period_that_fits_counts() -> None:
    screen = side({"from": "00:00", "to": "24:00", "days": ["wed"], "off": True}, NIGHT)
    assert shown(screen, "2026-11-25 23:00").mode == "off"
    assert shown(screen, "2026-11-26 23:00").mode == "night"


def test_what_the_desk_pushes_goes_before_the_schedule_and_wakes_a_dark_screen() -> None:
    dark = side({"from": "00:00", "to": "24:00", "off": True})
    found = shown(dark, "2026-11-25 10:00", order("show", path="/map"))
    assert (found.mode, paths(found)) == ("ordered", ["/map"])


def test_a_matter_that_took_the_wall_goes_before_all_and_is_not_dimmed() -> None:
    orders = (order("show", path="/map"), order("take", 2, path="/indicator/incidents.open"))
    found = shown(side(NIGHT), "2026-11-25 23:00", *orders)
    assert (found.mode, found.night) == ("taken", False)
    assert paths(found) == ["/indicator/incidents.open"]


def test_night_is_ordered_by_day_and_day_by_night() -> None:
    dimmed = shown(side(NIGHT), "2026-11-25 10:00", order("night", on=True))
    assert (dimmed.night, len(dimmed.pages)) == (True, 1)
    awake = shown(side(NIGHT), "2026-11-25 23:00", order("night", on=False))
    assert (awake.night, len(awake.pages)) == (False, 2)


def test_hold_message_and_identify_are_over_what_is_shown() -> None:
    orders = (order("hold"), order("message", 2, text="会商"), order("identify", 3))
    found = shown(side(), "2026-11-25 10:00", *orders)
    assert (found.mode, found.held, found.message, found.identified) == (
        "normal",
        True,
        "会商",
        True,
    )


def test_an_order_stands_until_it_ends_or_its_time_is_over() -> None:
    now = at("2026-11-25 10:00")
    past = Order(1, "side", "show", "x", now, {"path": "/map"}, until=now)
    ended = Order(2, "side", "hold", "x", now, ended_at=now)
    over = Order(3, "side", "next", "x", now)
    assert in_force([past, ended, over], now) == {}
    assert list(in_force([past], now - timedelta(seconds=1))) == ["show"]


def test_an_order_ends_those_of_its_kind_and_what_it_says() -> None:
    assert ends(order("show", path="/")) == {"show"}
    assert ends(order("next")) == set()
    assert ends(order("give_back")) == {"take"}
    assert ends(order("end", kind="show")) == {"show"}


def test_an_order_is_the_same_after_its_way_over_the_wire() -> None:
    made = order("message", text="x")
    assert Order.parse(made.wire()) == made


@pytest.mark.parametrize(
    ("kind", "payload", "said"),
    [
        ("show", {"path": "https://elsewhere"}, "expected a page such as"),
        ("show", {"path": "//elsewhere/map"}, "expected a page such as"),
        ("show", {"path": "/export/x.csv"}, "expected a page such as"),
        ("take", {}, "expected a page such as"),
        ("message", {"text": " "}, "expected a text"),
        ("message", {"text": "长" * 201}, "expected a text"),
        ("end", {"kind": "next"}, "expected one of"),
    ],
)
def test_an_order_that_says_nothing_sound_is_refused(
    kind: str, payload: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        checked_payload(kind_of(kind), payload)


def test_there_is_no_order_of_another_kind() -> None:
    with pytest.raises(ValueError, match="expected one of show"):
        kind_of("explode")
    assert {kind_of(kind) for kind in KINDS} == set(KINDS)


def test_a_stage_is_told_the_size_of_its_screen() -> None:
    told = described(side(pixels="1080x1920", millimetres="680x1210", distance=4))
    assert (told["width"], told["height"], told["millimetres"]) == (1080, 1920, (680, 1210))

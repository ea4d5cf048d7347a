"""What goes before what on a screen: a matter, guests, a push, a response, night, the schedule; and
how each of them ends."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.catalogue.screens import SideScreen
from dashboard.catalogue.visits import Visit
from dashboard.modes import Around, stated_in
from dashboard.orders import Order, checked_payload, ends, kind_of
from dashboard.screens import Showing, showing

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE).astimezone(UTC)
NIGHT = DAY + timedelta(hours=13)
TEXT = {"zh": "屏", "en": "Screen"}
FACT, PLACE = "incidents.responses", "440600"
SCREEN = SideScreen.model_validate(
    {
        "key": "side",
        "kind": "side",
        "title": TEXT,
        "pages": [{"path": "/department/transit"}, {"path": "/map"}],
        "schedule": [{"from": "22:00", "to": "07:00", "night": True}],
        "response_pages": {
            "of": FACT,
            "place": PLACE,
            "sets": [
                {"key": "watch", "title": TEXT, "stated": ["wind_4"], "pages": [{"path": "/"}]},
                {
                    "key": "grave",
                    "title": TEXT,
                    "stated": ["wind_3", "wind_2"],
                    "pages": [{"path": "/department/incidents"}, {"path": "/map"}],
                },
            ],
        },
    }
)
GUESTS = Visit.model_validate(
    {
        "key": "guests",
        "title": TEXT,
        "pages": [{"path": "/department/environment"}, {"path": "/department/customs"}],
    }
)


def order(called: str, number: int = 1, until: datetime | None = None, **payload: Any) -> Order:
    return Order(number, "side", kind_of(called), "值班长", DAY, payload, until)


def shown(*orders: Order, stated: str | None = None, now: datetime = DAY) -> Showing:
    around = Around({"guests": GUESTS}, {(FACT, PLACE): stated} if stated else {})
    return showing(SCREEN, orders, None, now, ZONE, around)


def paths(found: Showing) -> list[str]:
    return [page.path for page in found.pages]


TAKE = order("take", 9, path="/indicator/incidents.open")
VISIT = order("visit", 5, visit="guests")
SHOW = order("show", 3, path="/department/cases")
NIGHTS = order("night", 2, on=True)


def test_each_goes_before_all_that_come_after_it() -> None:
    standing = [TAKE, VISIT, SHOW]
    modes = []
    for count in range(4):
        modes.append(shown(*standing[count:], NIGHTS, stated="wind_3").mode)
    assert modes == ["taken", "visit", "ordered", "response"]
    assert shown(NIGHTS, stated="none").mode == "night"
    assert shown(stated="none").mode == "normal"


def test_guests_are_shown_the_whole_list_undimmed_by_night_too() -> None:
    found = shown(VISIT, now=NIGHT)
    assert (found.mode, found.night) == ("visit", False)
    assert paths(found) == ["/department/environment", "/department/customs"]


def test_a_visit_ends_by_itself_and_with_its_kind() -> None:
    visit = order("visit", until=DAY + timedelta(minutes=60), visit="guests")
    assert shown(visit, now=DAY + timedelta(minutes=59)).mode == "visit"
    assert shown(visit, now=DAY + timedelta(minutes=60)).mode == "normal"
    assert shown(order("visit", visit="of_yesterdays_catalogue")).mode == "normal"


def test_guests_see_no_message_that_was_meant_for_those_before_them() -> None:
    found = shown(order("message", 1, text="会商"), order("hold", 2), VISIT)
    assert (found.message, found.held) == (None, False)
    found = shown(VISIT, order("message", 6, text="欢迎"), order("hold", 7))
    assert (found.message, found.held) == ("欢迎", True)


def test_a_matter_that_took_the_wall_gives_it_back_to_the_guests() -> None:
    found = shown(TAKE, VISIT)
    assert found.mode == "taken"
    assert found.visit is not None
    assert ends(order("give_back")) == {"take"}


@pytest.mark.parametrize(
    ("stated", "pages"),
    [
        ("wind_4", ["/"]),
        ("wind_2", ["/department/incidents", "/map"]),
        ("none", ["/department/transit", "/map"]),
        ("cold_4", ["/department/transit", "/map"]),
        (None, ["/department/transit", "/map"]),
    ],
)
def test_a_screen_follows_the_level_that_people_have_set(
    stated: str | None, pages: list[str]
) -> None:
    assert paths(shown(stated=stated)) == pages


def test_a_response_wakes_a_dimmed_screen() -> None:
    found = shown(stated="wind_3", now=NIGHT)
    assert (found.mode, found.night) == ("response", False)


def test_the_desk_ends_a_response_until_its_level_changes() -> None:
    off = order("response", on=False, stated="wind_3")
    found = shown(off, stated="wind_3")
    assert (found.mode, found.overridden) == ("normal", True)
    found = shown(off, stated="wind_2")
    assert (found.mode, found.overridden) == ("response", False)
    assert shown(off).mode == "normal", "nobody hears of a level: nothing has changed"


def test_the_desk_puts_a_response_on_by_hand_until_its_level_changes() -> None:
    on = order("response", on=True, set="grave", stated="none")
    found = shown(on, stated="none")
    assert found.mode == "response"
    assert found.response is not None
    assert found.response.by_hand
    assert paths(shown(on, stated="wind_4")) == ["/"]
    assert shown(order("response", on=True, set="gone", stated="none"), stated="none").mode == (
        "normal"
    )


@pytest.mark.parametrize(
    "other",
    [(), (TAKE,), (VISIT,), (SHOW,), (NIGHTS,)],
    ids=["alone", "take", "visit", "show", "night"],
)
def test_a_drill_is_marked_over_whatever_is_shown(other: tuple[Order, ...]) -> None:
    found = shown(order("drill", 8), *other, stated="wind_3")
    assert found.drill == ""
    assert shown(*other).drill is None
    assert found.mode == shown(*other, stated="wind_3").mode, "it changes nothing of what is shown"


def test_what_is_drilled_is_said_and_sent_to_the_stage() -> None:
    told = shown(order("drill", text="防汛Ⅱ级"), VISIT, stated="wind_4").wire()
    assert told["drill"] == "防汛Ⅱ级"
    assert told["visit"] == {"visit": "guests", "until": None}
    assert told["response"] == {"set": "watch", "stated": "wind_4", "by_hand": False}


@pytest.mark.parametrize(
    ("reading", "stated"),
    [
        (None, None),
        ({"state": "fresh", "parts": {PLACE: {"text": "wind_3"}}}, "wind_3"),
        ({"state": "stale", "parts": {PLACE: {"text": "wind_3"}}}, "wind_3"),
        ({"state": "unavailable", "parts": {PLACE: {"text": "wind_3"}}}, None),
        ({"state": "fresh", "parts": {"440604": {"text": "wind_1"}}}, None),
        ({"state": "fresh"}, None),
    ],
)
def test_the_level_is_that_of_the_place_and_holds_while_its_feed_is_old(
    reading: dict[str, Any] | None, stated: str | None
) -> None:
    assert SCREEN.response_pages is not None
    assert stated_in(SCREEN.response_pages, reading) == stated


@pytest.mark.parametrize(
    ("kind", "payload", "said"),
    [
        ("visit", {}, "expected one of catalog/visits.yaml"),
        ("response", {"on": True}, "expected one of the screen's `response_pages`"),
        ("drill", {"text": "长" * 201}, "expected a text"),
    ],
)
def test_an_order_of_a_mode_that_says_nothing_sound_is_refused(
    kind: str, payload: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        checked_payload(kind_of(kind), payload)
    assert checked_payload("drill", {}) == {}
    assert checked_payload("response", {"on": False, "set": "x"}) == {"on": False}

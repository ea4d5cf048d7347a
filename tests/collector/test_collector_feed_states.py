"""A feed is said to be as it is since it has been so, not since its collector began."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from collecting import City, definition

from dashboard.readings import State
from data_access.collector.feed_states import FeedStates

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAYS_AGO, LATER = NOW - timedelta(days=3), NOW + timedelta(minutes=1)


def began_again(was: State) -> FeedStates:
    """A collector that begins anew with a feed that has been in this state for days."""
    before = FeedStates()
    before.since("orders", was, None, DAYS_AGO, reported=True)
    return FeedStates.parse(before.kept())


def since(states: FeedStates, state: State, reason: str | None = None, **more: bool) -> datetime:
    reported = more.get("reported", state is not State.UNAVAILABLE)
    return states.since("orders", state, reason, NOW, reported=reported)


@pytest.mark.parametrize("was", [State.STALE, State.UNAVAILABLE])
def test_what_was_down_is_down_since_then_until_it_reports(was: State) -> None:
    states = began_again(was)
    assert since(states, State.UNAVAILABLE, "not_read") == DAYS_AGO
    assert since(states, State.UNAVAILABLE, "unreachable: away") == DAYS_AGO
    assert since(states, State.FRESH) == NOW
    late = states.since("orders", State.LATE, None, LATER, reported=True)
    assert late == LATER


def test_a_report_that_is_as_old_as_before_ends_nothing() -> None:
    states = began_again(State.STALE)
    assert since(states, State.UNAVAILABLE, "unreachable: away") == DAYS_AGO
    assert since(states, State.STALE) == DAYS_AGO


def test_what_was_well_is_so_still_once_it_is_read() -> None:
    states = began_again(State.FRESH)
    assert since(states, State.UNAVAILABLE, "not_read") == NOW
    assert since(states, State.FRESH) == DAYS_AGO


def test_what_was_well_and_is_not_reached_any_more_is_down_from_now_on() -> None:
    states = began_again(State.FRESH)
    assert since(states, State.UNAVAILABLE, "unreachable: away") == NOW
    back = states.since("orders", State.FRESH, None, LATER, reported=True)
    assert back == LATER


def test_a_dead_feed_keeps_its_since_over_a_restart_and_a_new_catalogue(city: City) -> None:
    city.redefine("v1", north=definition("north"))
    catalogue = city.holder.catalogue
    away = city.places["north"].url + ".absent"
    city.holder.catalogue = replace(catalogue, urls={"north": away})

    def dead_since() -> str | None:
        feed = city.watch.section("feeds").get("north.orders", {})
        down = (feed.get("reason") or "").startswith("unreachable")
        return str(feed["since"]) if down else None

    def redefined() -> bool:
        return city.watch.section("facts")["catalogue"]["version"] == "v2"

    with city.collecting():
        city.watch.until(dead_since)
        first = dead_since()
        later = definition("north", late="3s")
        city.holder.catalogue = replace(
            city.holder.catalogue, version="v2", departments={"north": later}
        )
        city.watch.until(redefined)
        city.watch.until(dead_since)
        assert dead_since() == first
    with city.collecting():
        city.watch.until(lambda: city.watch.counter("north", "failures"))
        city.watch.until(dead_since)
        assert dead_since() == first

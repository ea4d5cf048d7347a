"""Which feeds become tickets, when they close, and that a department has one for one cause."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.catalogue import Department
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.feeds import WHOLE, Feed
from dashboard.readings import State
from dashboard.tickets import Ticket, settle

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
CITY = load(Path(__file__).parents[2] / "catalog", AnyValue())
CASES = CITY.departments["cases"]
RULES = list(CITY.tickets.values())
ASIDE = next(
    name
    for name, d in CASES.datasets.items()
    if any(not (r.keep or r.expected) for r in d.set_aside)
)
RULE = next(
    rule.name for rule in CASES.datasets[ASIDE].set_aside if not (rule.keep or rule.expected)
)


def feed(state: str, minutes: float = 30, dataset: str = ASIDE, **more: Any) -> Feed:
    since = NOW - timedelta(minutes=minutes)
    return Feed("cases", dataset, State(state), NOW, NOW, 60, 600, since, **more)


def opened(*feeds: Feed, before: tuple[Ticket, ...] = (), of: Department = CASES) -> list[Ticket]:
    return settle(before, RULES, of, feeds, NOW)[0]


def closed(ticket: Ticket, *feeds: Feed) -> bool:
    return bool(settle([ticket], RULES, CASES, feeds, NOW)[1])


@pytest.mark.parametrize(
    ("state", "minutes", "rules"),
    [
        ("fresh", 99, []),
        ("not_due", 99, []),
        ("late", 9, []),
        ("late", 10, ["late"]),
        ("stale", 4, []),
        ("stale", 5, ["down"]),
        ("unavailable", 60, ["down"]),
    ],
)
def test_a_feed_becomes_a_ticket_once_it_has_been_bad_for_long_enough(
    state: str, minutes: float, rules: list[str]
) -> None:
    assert [ticket.rule for ticket in opened(feed(state, minutes))] == rules


def test_a_ticket_names_liaison_cause_and_deadline() -> None:
    [ticket] = opened(feed("stale", reason="no_answer"))
    assert ticket.liaison == CASES.liaison.zh
    assert ticket.cause == "数据中断：数据库无响应"
    assert ticket.due_at - NOW == timedelta(hours=2)


def test_there_is_one_open_ticket_per_cause() -> None:
    [ticket] = opened(feed("stale"))
    assert opened(feed("stale"), before=(ticket,)) == []


def test_a_ticket_closes_when_mended_and_waits_while_nothing_is_due() -> None:
    [late] = opened(feed("late"))
    assert closed(late, feed("fresh"))
    assert not closed(late, feed("not_due"))
    assert not closed(late, feed("late", 1)), "late again since a minute ago"
    assert closed(late, feed("stale")), "the ticket of no data takes its place"
    assert closed(late), "the dataset is gone"


def test_a_silent_department_has_one_ticket() -> None:
    names = list(CASES.datasets)[:3]
    silent = [feed("unavailable", dataset=name, reason="unreachable: x") for name in names]
    [ticket] = opened(*silent)
    assert ticket.dataset == WHOLE
    assert closed(ticket, feed("fresh", dataset=names[0]), *silent[1:])


def test_nobody_is_asked_to_mend_what_has_not_been_read_yet() -> None:
    assert opened(feed("unavailable", reason="not_read")) == []


@pytest.mark.parametrize(("arrived", "aside", "wanted"), [(100, 6, 1), (100, 5, 0), (10, 9, 0)])
def test_too_many_rows_set_aside_become_a_ticket(arrived: int, aside: int, wanted: int) -> None:
    found = opened(feed("fresh", arrived=arrived, set_aside={RULE: aside}))
    assert len(found) == wanted
    for ticket in found:
        assert ticket.rule == "set_aside"
        assert closed(ticket, feed("fresh", arrived=100, set_aside={}))
        assert not closed(ticket, feed("fresh")), "not counted yet"


def test_how_a_department_writes_is_no_fault_of_its_data() -> None:
    dataset = CASES.datasets["one_door"]
    usual = next(rule.name for rule in dataset.set_aside if rule.expected)
    found = feed("fresh", dataset="one_door", arrived=100, set_aside={usual: 90})
    assert opened(found) == []

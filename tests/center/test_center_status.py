"""The status page lists the open tickets of the departments that somebody may see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.feeds import WHOLE
from dashboard.frames import Audience
from dashboard.seen import catalogue_of
from dashboard.text import Language
from dashboard.tickets import Ticket
from layouts.pages.tickets import render_tickets
from layouts.view import View

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
CITY = load(Path(__file__).parents[2] / "catalog", AnyValue())


def ticket(department: str, dataset: str, hours: float, rule: str = "down") -> Ticket:
    opened, due = NOW - timedelta(hours=5), NOW + timedelta(hours=hours)
    return Ticket(department, dataset, rule, "数据中断：数据库无响应", "李", opened, due)


TICKETS = [ticket("cases", "one_door", -1), ticket("customs", WHOLE, 2)]


def said(language: Language = "zh", tickets: list[Ticket] | None = None) -> str:
    somebody = Person("tester", None, EVERYTHING)
    view = View(CITY, {}, somebody, language, "light", NOW, ZoneInfo("Asia/Shanghai"))
    return str(render_tickets(view, TICKETS if tickets is None else tickets))


def test_a_ticket_says_whose_what_and_until_when() -> None:
    words = said()
    for expected in (
        "办件",
        "一门式办件",
        "数据中断：数据库无响应",
        "09:00 超期",
        "全部数据集",
        "12:00",
    ):
        assert expected in words
    assert words.count("超期") == 1
    assert "/export/rows/center.tickets_month.xlsx" in words


def test_tickets_are_said_in_english_too() -> None:
    words = said("en")
    for expected in ("No data", "All datasets", "09:00 overdue", "This month's list"):
        assert expected in words
    assert "数据" not in words


def test_no_ticket_is_a_sentence() -> None:
    assert "没有未结的问题单。" in said(tickets=[])


@pytest.mark.parametrize("department", ["cases", "customs"])
def test_nobody_reads_of_another_departments_tickets(department: str) -> None:
    seen = catalogue_of(CITY, Audience(frozenset({department})))
    somebody = Person("tester", frozenset({department}), EVERYTHING)
    view = View(CITY, {}, somebody, "zh", "light", NOW, ZoneInfo("Asia/Shanghai"))
    words = str(render_tickets(replace(view, catalogue=seen), TICKETS))
    assert ("一门式办件" in words) == (department == "cases")
    assert ("全部数据集" in words) == (department == "customs")
    assert set(seen.codes["departments"].codes) == {department}

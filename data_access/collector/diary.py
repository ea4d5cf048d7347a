"""The job that keeps the diary of a department: its feeds, tickets, matters and indicators."""

from datetime import datetime

from dashboard.diary import Page, feed_notes, indicator_notes
from dashboard.tickets import settle
from data_access.collector.board import Board
from data_access.collector.work import Desk, Outcome


class DiaryKeeper:
    """Puts down what the board said last. The center's own feeds are no department's: it keeps no
    account of how punctual it is with itself."""

    def __init__(self, desk: Desk, board: Board) -> None:
        self._desk = desk
        self._board = board
        self._noted: datetime | None = None
        self._drift: dict[str, int] = {}

    def handed_over(self, desk: Desk) -> "DiaryKeeper":
        """The same for a successor, who counts no drift again that was put down already."""
        keeper = DiaryKeeper(desk, self._board)
        keeper._noted, keeper._drift = self._noted, self._drift
        return keeper

    def __call__(self) -> Outcome:
        """Raises Unreachable or Fenced."""
        said, department = self._board.said, self._desk.agenda.department
        if said is None:
            return Outcome()
        now, feeds = self._desk.clock(), () if department.own else said.feeds
        drift = {feed.dataset: feed.drift for feed in feeds}
        found = {name: count - self._drift.get(name, 0) for name, count in drift.items()}
        standing = self._desk.history.open_tickets(department.key)
        rules = said.catalogue.tickets.values()
        opened, closed = settle(standing, rules, department, feeds, now)
        page = Page(
            department=department.key,
            at=now,
            feeds=feed_notes(department, feeds, found, self._noted, now),
            indicators=indicator_notes(said.catalogue, said.readings),
            matters=said.matters,
            opened=opened,
            closed=closed,
        )
        self._desk.history.write_diary(page, token=self._desk.token())
        self._noted, self._drift = now, drift
        return Outcome()

"""What was delivered, as the table `deliveries` tells it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue.deliveries import Delivery, Due
from dashboard.due import is_workday
from dashboard.text import Text
from dashboard.windows import zone_of
from data_access.intake.tables import DELIVERIES

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = timedelta(hours=24)
"""How long before it is due a delivery is awaited."""
BACK = 10
"""Days back for which an owed file is entered where the center was down meanwhile."""


@dataclass(frozen=True)
class Arrival:
    """A file as it came: its name, the digest of its bytes, when it was last written (ms since
    1970), and when it came."""

    name: str
    digest: str
    written: int
    came: datetime


class Ledger:
    """The deliveries of a department, within one connection's transaction."""

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData, now: datetime) -> None:
        self._connection = connection
        self._table = metadata.tables[DELIVERIES]
        self._now = now.astimezone(UTC).replace(microsecond=0)

    def known(self, feed: str, arrival: Arrival) -> bool:
        """Whether just this file, as it was written then, is dealt with. One that was refused is
        not: who puts it back wants it judged again."""
        return self._any(self._same(feed, arrival) & (self._table.c.state != "refused"))

    def _same(self, feed: str, arrival: Arrival) -> sa.ColumnElement[bool]:
        t = self._table.c
        same = (t.name == arrival.name) & (t.digest == arrival.digest)
        return (t.feed == feed) & same & (t.written == arrival.written)

    def same_content(self, feed: str, day: date, arrival: Arrival) -> str | None:
        """The name under which the same content counts for the same day already. What has been
        replaced since does not: who sends it again takes the correction back."""
        t = self._table.c
        counts = (t.feed == feed) & (t.day == day) & (t.state == "taken")
        found = self._connection.execute(
            sa.select(t.name).where(counts & (t.digest == arrival.digest))
        ).first()
        return None if found is None else str(found.name)

    def take(self, feed: str, day: date, due: datetime | None, arrival: Arrival) -> int:
        """Enter a file that is taken in; gives its id. Whatever it replaces says so, and a file
        that was awaited is it."""
        t = self._table.c
        of_day = (t.feed == feed) & (t.day == day)
        self._set(of_day & (t.state == "taken"), {"state": "replaced"})
        awaited = self._connection.execute(
            sa.select(t.id).where(of_day & (t.state == "awaited"))
        ).first()
        cells = self._cells(arrival) | {"state": "taken"}
        if awaited is not None:
            self._set(t.id == awaited.id, cells)
            return int(awaited.id)
        first = not self._any(of_day & t.due.is_not(None))
        return self.enter(feed, day, cells | {"due": _utc(due) if first and due else None})

    def refuse(self, feed: str, day: date | None, arrival: Arrival, reason: Text) -> None:
        """Enter a file that is refused whole, with the reason."""
        if self._any(self._same(feed, arrival)):
            self._set(self._same(feed, arrival), _reason(reason))
            return
        cells = self._cells(arrival) | {"state": "refused", **_reason(reason)}
        self.enter(feed, day, cells)

    def repeat(self, feed: str, day: date, arrival: Arrival, reason: Text) -> None:
        """Enter a file whose content was there already."""
        self.enter(feed, day, self._cells(arrival) | {"state": "repeated", **_reason(reason)})

    def count(self, number: int, rows: int, aside: int, reason: Text | None = None) -> None:
        """Add rows taken in and set aside to a delivery; the newest reason is kept."""
        t = self._table.c
        cells: dict[str, Any] = {
            "taken_rows": t.taken_rows + rows,
            "aside_rows": t.aside_rows + aside,
        }
        self._set(t.id == number, cells | (_reason(reason) if reason else {}))

    def day_of_stream(self, feed: str, day: date, stream: str, came: datetime) -> int:
        """The id of a stream's delivery of a day, which grows as pushes come."""
        t = self._table.c
        found = self._connection.execute(
            sa.select(t.id).where((t.feed == feed) & (t.day == day) & (t.state == "taken"))
        ).first()
        cells = {"came": _utc(came), "name": stream}
        if found is None:
            return self.enter(feed, day, cells | {"state": "taken"})
        self._set(t.id == found.id, cells)
        return int(found.id)

    def await_due(self, name: str, feed: Delivery, zone: str) -> None:
        """Enter what is owed and has not come, once it is due within a day."""
        t = self._table.c
        if feed.due is None:
            return
        first = self._connection.execute(
            sa.select(sa.func.min(t.day)).where(t.feed == name)
        ).scalar()
        for day, due in owed(feed.due, zone, self._now):
            begun = first is not None and day >= first
            if begun and not self._any((t.feed == name) & (t.day == day) & t.due.is_not(None)):
                self.enter(name, day, {"state": "awaited", "due": _utc(due)})

    def enter(self, feed: str, day: date | None, cells: dict[str, Any]) -> int:
        """Insert one row; gives its id."""
        row = {"feed": feed, "day": day, "changed": self._now, **cells}
        row = {"taken_rows": 0, "aside_rows": 0, **row}
        done = self._connection.execute(self._table.insert().values(row))
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])

    def _cells(self, arrival: Arrival) -> dict[str, Any]:
        return {
            "name": arrival.name[-255:],
            "digest": arrival.digest,
            "written": arrival.written,
            "came": _utc(arrival.came),
        }

    def _set(self, where: sa.ColumnElement[bool], cells: dict[str, Any]) -> None:
        changed = {**cells, "changed": self._now}
        self._connection.execute(self._table.update().where(where).values(changed))

    def _any(self, where: sa.ColumnElement[bool]) -> bool:
        found = self._connection.execute(sa.select(self._table.c.id).where(where).limit(1))
        return found.first() is not None


def _reason(reason: Text) -> dict[str, Any]:
    return {"reason_zh": reason.zh, "reason_en": reason.en}


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def due_of(due: Due, day: date, zone: str) -> datetime:
    """When the file for a day is due."""
    hour, minute = map(int, due.at.split(":"))
    last = day + timedelta(days=due.after)
    return datetime.combine(last, time(hour, minute), zone_of(zone)).astimezone(UTC)


def is_owed(due: Due, day: date) -> bool:
    """Whether a file is owed for a day."""
    if due.of == "every":
        return True
    return is_workday(day) if due.of == "workdays" else _WEEKDAYS[day.weekday()] == due.of


def owed(due: Due, zone: str, now: datetime) -> Iterator[tuple[date, datetime]]:
    """Days for which a file is owed and due soon or not long ago, with when."""
    today = now.astimezone(zone_of(zone)).date()
    days: Iterable[int] = range(due.after + BACK, -2, -1)
    for back in days:
        day = today - timedelta(days=back)
        at = due_of(due, day, zone)
        if is_owed(due, day) and at <= now + AHEAD:
            yield day, at

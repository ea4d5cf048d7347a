"""Thinning: 5-minute buckets to hours after 14 days, hours to local days after 400; sums stay.

Of samples the last one of each hour, later of each day, is kept. What is merged cannot be told apart
again, so it is done by the store's own clock, and not at all where this process's says otherwise.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from dashboard.ports import ClocksDiffer
from dashboard.windows import bucket_start
from data_access.store import tables as t
from data_access.store.buckets import Key, as_row, delete_keys, lock_series, thinned_to
from data_access.store.database import Database
from data_access.store.grains import Keeping, believable, epoch, keeping, moment
from data_access.store.values import Kept, Scale
from data_access.store.writes import upsert

STRIDE = timedelta(days=30)
"""How much of one series is thinned in one transaction."""
APART = timedelta(minutes=5)
"""Clocks that differ by more are wrong, one of them."""
MOST_NOTES = 5_000
"""Notes of the audit deleted in one transaction, so that other writers wait a fraction of a second."""
Span = tuple[int | None, int]
"""Epochs from (the beginning where None) to (excluded) of what is newly old."""


class Thinning:
    """Merges what has become old enough; safe beside writers, and when run twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def thin(self, now: datetime, zone: str, *, samples: bool) -> int:
        """Thin the series kept in a zone's days, and all samples where told to; the number of rows
        merged away. Raises ClocksDiffer where the store's clock does not say `now`."""
        with self._database.reading() as connection:
            now = self._agreed(connection, now)
            found = thinned_to(connection, zone)
            before = found and believable(found, now, zone)
            of_zone = sa.select(t.series.c.id, t.series.c.how).where(t.series.c.zone == zone)
            series = connection.execute(of_zone).all()
            every = sa.select(t.track.c.id).where(sa.true() if samples else sa.false())
            tracks = connection.execute(every).scalars().all()
        kept_as = keeping(now, zone, before)
        gone = 0
        for span in _spans(before, kept_as):
            for series_id, how in series:
                gone += self._thin_series(series_id, how, span, kept_as)
            for track_id in tracks:
                gone += self._thin_track(track_id, span, kept_as)
        self._note(zone, kept_as)
        return gone

    def prune_audit(self, now: datetime, days: int) -> int:
        """Delete notes older than so many days; how many they were. Raises ClocksDiffer."""
        c = t.audit.c
        with self._database.reading() as connection:
            before = self._agreed(connection, now) - timedelta(days=days)
        old = sa.select(c.id).where(c.at < before.timestamp()).order_by(c.at).limit(MOST_NOTES)
        gone = 0
        while True:
            with self._database.writing() as connection:
                found = connection.execute(sa.delete(t.audit).where(c.id.in_(old))).rowcount
            gone += found
            if found < MOST_NOTES:
                return gone

    def _agreed(self, connection: sa.Connection, now: datetime) -> datetime:
        """The store's time, which this process's clock must agree with. Raises ClocksDiffer."""
        stored = moment(self._database.clock(connection))
        if abs(stored - now) > APART:
            raise ClocksDiffer(
                f"found {stored:%Y-%m-%d %H:%M} by the store's clock and {now:%Y-%m-%d %H:%M} by this"
                " machine's, expected them to agree: set the clock that is wrong"
            )
        return stored

    def _note(self, zone: str, kept_as: Keeping) -> None:
        days_to, hours_to = epoch(kept_as.days_to), epoch(kept_as.hours_to)
        with self._database.writing() as connection:
            row = {"zone": zone, "days_to": days_to, "hours_to": hours_to}
            upsert(connection, t.thinned, [row])

    def _thin_series(self, series_id: int, how: str, span: Span, kept_as: Keeping) -> int:
        c = t.bucket.c
        scale = Scale("max" if how == "max" else "min" if how == "min" else "sum", None)
        gone = 0
        for lo, hi in self._strides(c.at, c.series_id == series_id, span, kept_as.zone):
            query = sa.select(c.by_id, c.at, c.code, c.whole, c.part, c.real).where(
                c.series_id == series_id, c.at >= lo, c.at < hi
            )
            with self._database.writing() as connection:
                lock_series(connection, [series_id])
                rows = {
                    (series_id, row[0], row[1], row[2]): (row[3], row[4], row[5])
                    for row in connection.execute(query)
                }
                old, merged = _merged(rows, scale, kept_as)
                delete_keys(connection, old)
                upsert(connection, t.bucket, [as_row(key, kept) for key, kept in merged.items()])
            gone += len(old)
        return gone

    def _thin_track(self, track_id: int, span: Span, kept_as: Keeping) -> int:
        c = t.sample.c
        gone = 0
        for lo, hi in self._strides(c.slot, c.track_id == track_id, span, kept_as.zone):
            within = sa.and_(c.track_id == track_id, c.slot >= lo, c.slot < hi)
            with self._database.writing() as connection:
                found = connection.execute(sa.select(c.slot, c.code).where(within)).all()
                old = _superseded([(row[0], row[1]) for row in found], kept_as)
                if old:
                    named = (c.slot == sa.bindparam("s"), c.code == sa.bindparam("k"))
                    statement = sa.delete(t.sample).where(c.track_id == track_id, *named)
                    connection.execute(statement, [{"s": slot, "k": code} for slot, code in old])
            gone += len(old)
        return gone

    def _strides(
        self, time: sa.ColumnElement[int], of: sa.ColumnElement[bool], span: Span, zone: str
    ) -> Iterator[tuple[int, int]]:
        """The part of a span that has rows, cut at local midnights."""
        bounds = sa.select(sa.func.min(time)).where(of, time < span[1])
        if span[0] is not None:
            bounds = bounds.where(time >= span[0])
        with self._database.reading() as connection:
            first = connection.execute(bounds).scalar_one()
        if first is None:
            return
        lo = bucket_start(moment(first), "1d", zone)
        while epoch(lo) < span[1]:
            hi = bucket_start(lo + STRIDE, "1d", zone)
            yield epoch(lo), min(epoch(hi), span[1])
            lo = hi


def _spans(before: tuple[int, int] | None, kept_as: Keeping) -> list[Span]:
    """What has to become days, and what hours, since thinning came to `before`."""
    days_to, hours_to = epoch(kept_as.days_to), epoch(kept_as.hours_to)
    if before is None:
        return [(None, days_to), (days_to, hours_to)]
    spans = [(before[0], days_to), (max(before[1], days_to), hours_to)]
    return [(lo, hi) for lo, hi in spans if lo < hi]


def _merged(
    rows: dict[Key, Kept], scale: Scale, kept_as: Keeping
) -> tuple[list[Key], dict[Key, Kept]]:
    """Keys that go, and the merged buckets that stay or come, of groups that are not merged yet."""
    groups: dict[Key, list[Key]] = {}
    start = _starts(kept_as)
    for key in rows:
        series_id, by_id, at, code = key
        groups.setdefault((series_id, by_id, start(at), code), []).append(key)
    old: list[Key] = []
    merged: dict[Key, Kept] = {}
    for target, keys in groups.items():
        if keys == [target]:
            continue
        kept = rows[keys[0]]
        for key in keys[1:]:
            kept = scale.merge(kept, rows[key])
        merged[target] = kept
        old += [key for key in keys if key != target]
    return old, merged


def _superseded(samples: Sequence[tuple[int, str]], kept_as: Keeping) -> list[tuple[int, str]]:
    """Samples that are not the last of their group."""
    start = _starts(kept_as)
    last: dict[tuple[int, str], int] = {}
    for slot, code in samples:
        group = (start(slot), code)
        last[group] = max(slot, last.get(group, slot))
    return [(slot, code) for slot, code in samples if last[start(slot), code] != slot]


def _starts(kept_as: Keeping) -> Callable[[int], int]:
    """`Keeping.start` on epochs, remembering what it found."""
    known: dict[int, int] = {}

    def start(at: int) -> int:
        if at not in known:
            known[at] = epoch(kept_as.start(moment(at)))
        return known[at]

    return start

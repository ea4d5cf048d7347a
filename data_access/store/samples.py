"""Samples of stocks, asked and derived values, and one histogram per closed day."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from dashboard.measures import BUCKET
from dashboard.ports import Point, Range, Sample
from dashboard.windows import bucket_start
from data_access.store import tables as t
from data_access.store.database import Database
from data_access.store.grains import epoch, moment
from data_access.store.registry import Registry, check_token
from data_access.store.writes import upsert

DAYS = "histogram"
"""The period under which an indicator's day histograms are tracked."""


class Samples:
    """The sample and histogram tables."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database = database
        self._registry = registry

    def add(self, department: str, samples: Sequence[Sample], token: int) -> None:
        """Keep samples: the last one of each five minutes stays."""
        keys = {(s.indicator, s.window, s.by) for s in samples}
        tracks = self._registry.tracks_to_write(sorted(keys))
        newest: dict[tuple[int, int, str], dict[str, Any]] = {}
        for s in sorted(samples, key=lambda sample: sample.at):
            track = tracks[s.indicator, s.window, s.by]
            slot = epoch(s.at) // BUCKET * BUCKET
            newest[track, slot, s.code] = {
                "track_id": track,
                "slot": slot,
                "code": s.code,
                "at": s.at.timestamp(),
                "value": s.value,
                "n": s.n,
            }
        with self._database.writing() as connection:
            check_token(connection, department, token)
            upsert(connection, t.sample, list(newest.values()))

    def within(
        self, indicator: str, window: Range, *, period: str, by: str, grain: str | None, zone: str
    ) -> list[Point]:
        """Samples in a range in order of time and code, the last of each bucket of a grain."""
        track = self._registry.track(indicator, period, by)
        if track is None:
            return []
        c = t.sample.c
        first, last = window[0].timestamp(), window[1].timestamp()
        query = (
            sa.select(c.at, c.code, c.value, c.n)
            .where(c.track_id == track, c.slot > first - BUCKET, c.slot < last)
            .where(c.at >= first, c.at < last)
            .order_by(c.at, c.code)
        )
        with self._database.reading() as connection:
            found = [Point(moment(row[0]), *row[1:]) for row in connection.execute(query)]
        if grain is None:
            return found
        kept: dict[tuple[Any, str], Point] = {}
        for point in found:
            start = bucket_start(point.at, grain, zone)
            kept[start, point.code] = Point(start, point.code, point.value, point.n)
        return [kept[key] for key in sorted(kept)]

    def put_histograms(
        self,
        department: str,
        indicator: str,
        day: date,
        by: str,
        counts: Mapping[str, Mapping[int, int]],
        token: int,
    ) -> None:
        """Make a day's histograms of a split exactly these; a day without values is known empty."""
        track = self._registry.tracks_to_write([(indicator, DAYS, by)])[indicator, DAYS, by]
        wanted: dict[str, Mapping[int, int]] = {"": {}, **counts}
        c = t.histogram.c
        mine = sa.and_(c.track_id == track, c.day == day.toordinal())
        rows = [
            {
                "track_id": track,
                "day": day.toordinal(),
                "code": code,
                "counts": json.dumps(dict(sorted(bins.items()))),
            }
            for code, bins in wanted.items()
        ]
        with self._database.writing() as connection:
            check_token(connection, department, token)
            connection.execute(sa.delete(t.histogram).where(mine))
            upsert(connection, t.histogram, rows)

    def histograms(
        self, indicator: str, first: date, last: date, by: str
    ) -> dict[date, dict[str, dict[int, int]]]:
        """Histograms by code of the days from `first` to `last`, both included."""
        track = self._registry.track(indicator, DAYS, by)
        if track is None:
            return {}
        c = t.histogram.c
        query = sa.select(c.day, c.code, c.counts).where(
            c.track_id == track, c.day.between(first.toordinal(), last.toordinal())
        )
        days: dict[date, dict[str, dict[int, int]]] = {}
        with self._database.reading() as connection:
            for day, code, counts in connection.execute(query.order_by(c.day, c.code)):
                bins = {int(number): count for number, count in json.loads(counts).items()}
                days.setdefault(date.fromordinal(day), {})[code] = bins
        return days

"""Ids of the names that rows carry: series, splits and tracks, made when first written.

Before anything is made it is looked for: after a restart all is there, and a look waits for no
other writer.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from dashboard.measures import Additive, TickPlan
from dashboard.ports import Fenced
from data_access.store import tables as t
from data_access.store.database import Database
from data_access.store.writes import insert_missing


def check_token(connection: sa.Connection, department: str, token: int) -> None:
    """Raise Fenced unless `token` is the department's newest; holds the lease till the commit."""
    newest = sa.select(t.lease.c.token).where(t.lease.c.department == department)
    # A key share lets the holder renew meanwhile and makes whoever takes over wait for the commit.
    kept = newest.with_for_update(read=True, key_share=True)
    held = connection.execute(kept).scalar_one_or_none()
    if held != token:
        raise Fenced(f"{department}: token {token} is not the newest ({held})")


class Registry:
    """Names to ids, remembered once they are committed: an id never changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._series: dict[tuple[str, str], tuple[int, str]] = {}
        self._splits: dict[str, int] = {}
        self._tracks: dict[tuple[str, str, str], int] = {}

    def series_to_write(self, plan: TickPlan, zone: str) -> dict[str, int]:
        """Ids of a plan's additives by name, made or given this zone where needed."""
        wanted = [(plan.department, additive.name) for additive in plan.additives]
        if not self._are_known(wanted, zone):
            self._load_series(plan.department)
        if not self._are_known(wanted, zone):
            self._make_series(plan, zone)
        return {name: self._series[department, name][0] for department, name in wanted}

    def _are_known(self, wanted: Sequence[tuple[str, str]], zone: str) -> bool:
        return all(self._series.get(key, (0, ""))[1] == zone for key in wanted)

    def _load_series(self, department: str) -> None:
        c = t.series.c
        query = sa.select(c.additive, c.id, c.zone).where(c.department == department)
        with self._database.reading() as connection:
            found = {(department, row[0]): (row[1], row[2]) for row in connection.execute(query)}
        self._series |= found

    def _make_series(self, plan: TickPlan, zone: str) -> None:
        rows = [
            {
                "department": plan.department,
                "additive": additive.name,
                "plan": plan.key,
                "how": additive.how,
                "zone": zone,
            }
            for additive in plan.additives
        ]
        mine = t.series.c.department == plan.department
        with self._database.writing() as connection:
            insert_missing(connection, t.series, ["department", "additive"], rows)
            names = [row["additive"] for row in rows]
            connection.execute(
                sa.update(t.series)
                .where(mine, t.series.c.additive.in_(names), t.series.c.zone != zone)
                .values(zone=zone)
            )
        self._load_series(plan.department)

    def series(self, additive: Additive, department: str | None) -> int | None:
        """The id of an additive, None where nothing was ever written.

        Raises ValueError where no department is named and several have such a series.
        """
        if department is not None and (department, additive.name) in self._series:
            return self._series[department, additive.name][0]
        query = sa.select(t.series.c.department, t.series.c.id, t.series.c.zone)
        query = query.where(t.series.c.additive == additive.name)
        with self._database.reading() as connection:
            found = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
        self._series |= {(owner, additive.name): entry for owner, entry in found.items()}
        if department is None and len(found) > 1:
            raise ValueError(
                f"found series of {sorted(found)} for one additive, expected `department`"
            )
        owners = found if department is None else {department: found.get(department)}
        entry = next(iter(owners.values()), None)
        return entry[0] if entry else None

    def splits_to_write(self, names: Sequence[str]) -> dict[str, int]:
        """Ids of splits by name, made where needed."""
        if any(name not in self._splits for name in names):
            self._load_splits(names)
        missing = [name for name in names if name not in self._splits]
        if missing:
            with self._database.writing() as connection:
                insert_missing(connection, t.split, ["name"], [{"name": name} for name in missing])
            self._load_splits(missing)
        return {name: self._splits[name] for name in names}

    def split(self, name: str) -> int | None:
        """The id of a split, None where nothing was ever written."""
        if name not in self._splits:
            self._load_splits([name])
        return self._splits.get(name)

    def _load_splits(self, names: Sequence[str]) -> None:
        query = sa.select(t.split.c.name, t.split.c.id).where(t.split.c.name.in_(names))
        with self._database.reading() as connection:
            self._splits |= {row[0]: row[1] for row in connection.execute(query)}

    def tracks_to_write(
        self, keys: Sequence[tuple[str, str, str]]
    ) -> dict[tuple[str, str, str], int]:
        """Ids of (indicator, period, by), made where needed."""
        for indicator in {key[0] for key in keys if key not in self._tracks}:
            self._load_tracks(indicator)
        missing = [key for key in keys if key not in self._tracks]
        if missing:
            names = ["indicator", "period", "by"]
            rows = [dict(zip(names, key, strict=True)) for key in missing]
            with self._database.writing() as connection:
                insert_missing(connection, t.track, names, rows)
            for indicator in {key[0] for key in missing}:
                self._load_tracks(indicator)
        return {key: self._tracks[key] for key in keys}

    def track(self, indicator: str, period: str, by: str) -> int | None:
        """The id of a track, None where nothing was ever written."""
        if (indicator, period, by) not in self._tracks:
            self._load_tracks(indicator)
        return self._tracks.get((indicator, period, by))

    def _load_tracks(self, indicator: str) -> None:
        columns = (t.track.c.indicator, t.track.c.period, t.track.c.by, t.track.c.id)
        query = sa.select(*columns).where(t.track.c.indicator == indicator)
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        self._tracks |= {(row[0], row[1], row[2]): row[3] for row in found}

"""What was published of bus arrivals and of quick settlement, beside the rows that show the same."""

import sqlalchemy as sa

from demo.published import Lived, Published
from demo.transit.lines import KNOWN_LINE
from demo.transit.network import KNOWN_STOP
from demo.transit.schema import METADATA

_CRASHES = METADATA.tables["crashes"]
_CALLS = METADATA.tables["stop_times"]


def _three_stops(lived: Lived) -> float:
    """Kilometres of the three legs before the known stop on the known line."""
    stop, before = _CALLS.alias("stop"), _CALLS.alias("before")
    return lived.number(
        sa.select((stop.c.shape_dist_traveled - before.c.shape_dist_traveled) / 1000.0)
        .where(stop.c.route_short_name == KNOWN_LINE, stop.c.stop_name == KNOWN_STOP)
        .where(stop.c.direction_id == 0, before.c.direction_id == 0)
        .where(before.c.route_id == stop.c.route_id)
        .where(before.c.stop_sequence == stop.c.stop_sequence - 3)
    )


def _minutes_to_leave(lived: Lived) -> float:
    """Median minutes from report to leaving of crashes without injury that were settled by app."""
    quick = sa.select(_CRASHES.c.reported_at, _CRASHES.c.left_scene_at).where(
        _CRASHES.c.report_channel == "APP",
        _CRASHES.c.severity == "NONE",
        _CRASHES.c.left_scene_at.is_not(None),
    )
    with lived.engine.connect() as connection:
        lasted = sorted(
            (left - reported).total_seconds() for reported, left in connection.execute(quick)
        )
    if not lasted:
        raise ValueError("expected quick settlements, found none")
    return float(lasted[len(lasted) // 2]) / 60


PUBLISHED: tuple[Published, ...] = (
    Published(
        row="S7",
        said="line 115, three stops and about 1.7 km from the stop 市二医院",
        where="Chancheng",
        kind="size",
        unit="km",
        value=1.7,
        measure=_three_stops,
    ),
    Published(
        row="S9",
        said="parties may leave the scene in about 5 min",
        where="Foshan",
        kind="duration",
        unit="min",
        value=5,
        measure=_minutes_to_leave,
    ),
)

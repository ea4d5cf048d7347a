"""The tables of the environment data center: hourly numbers, and a table of numbers kept as text."""

from typing import Any

import sqlalchemy as sa

from demo.columns import hour_key, key, local, number, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())


def _time_key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(), primary_key=True, index=True, info={"form": "local"})


sa.Table(
    "air_hourly",
    METADATA,
    key("stationcode", 8),
    _time_key("timepoint"),
    word("area", 20),
    word("positionname", 20),
    word("district_code", 6),
    word("town_code", 9),
    number("latitude"),
    number("longitude"),
    number("pm2_5"),
    number("pm10"),
    number("o3"),
    number("no2"),
    number("so2"),
    number("co"),
    word("marks", 8),
    local("received_at", index=True),
)
sa.Table(
    "air_city_hourly",
    METADATA,
    _time_key("timepoint"),
    word("area", 20),
    number("pm2_5"),
    number("pm10"),
    number("o3"),
    number("o3_8h"),
    number("no2"),
    number("so2"),
    number("co"),
    local("received_at", index=True),
)
sa.Table(
    "water_station",
    METADATA,
    key("station_code", 8),
    _time_key("monitor_time"),
    word("station_name", 20),
    word("district_code", 6),
    word("town_code", 9),
    number("latitude"),
    number("longitude"),
    word("target_class", 4),
    word("ph", 12),
    word("do_value", 12),
    word("codmn_value", 12),
    word("nh3n_value", 12),
    word("tp_value", 12),
    number("do_limit"),
    number("nh3n_limit"),
    local("received_at", index=True),
)
sa.Table(
    "source_hourly",
    METADATA,
    key("outlet_code", 12),
    key("factor_code", 8),
    hour_key("data_hour"),
    word("enterprise", 20),
    word("district_code", 6),
    number("value"),
    number("limit_value"),
    word("flag", 1),
    local("received_at", index=True),
)
sa.Table(
    "source_daily",
    METADATA,
    key("outlet_code", 12),
    key("factor_code", 8),
    _time_key("data_date"),
    word("enterprise", 20),
    word("district_code", 6),
    word("town_code", 9),
    number("wd"),
    number("jd"),
    number("avg_value"),
    number("limit_value"),
    number("over_ratio"),
    whole("valid_hours"),
    local("updated_at", index=True),
)
sa.Table(
    "station_delivery",
    METADATA,
    key("station_code", 8),
    _time_key("slot_at"),
    word("kind", 8),
    word("district_code", 6),
    word("town_code", 9),
    local("due_at", index=True),
    local("arrived_at"),
    local("updated_at", index=True),
)
sa.Table(
    "section_month",
    METADATA,
    key("section_code", 8),
    key("month", 7),
    word("section_name", 20),
    word("district_code", 6),
    word("town_code", 9),
    number("latitude"),
    number("longitude"),
    word("target_class", 4),
    word("found_class", 4),
    word("worst_factor", 20),
    local("published_at", index=True),
    local("replaced_at", index=True),
    local("updated_at", index=True),
)
sa.Table(
    "water_source_month",
    METADATA,
    key("source_code", 8),
    key("month", 7),
    word("source_name", 30),
    word("river", 20),
    word("district_code", 6),
    word("town_code", 9),
    number("latitude"),
    number("longitude"),
    whole("met"),
    word("beyond", 20),
    local("published_at", index=True),
    local("replaced_at", index=True),
    local("updated_at", index=True),
)
sa.Table(
    "air_rank_month",
    METADATA,
    key("month", 7),
    whole("cities"),
    whole("place"),
    number("composite_index"),
    local("published_at", index=True),
    local("replaced_at", index=True),
    local("updated_at", index=True),
)

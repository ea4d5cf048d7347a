"""The tables of the transit department: English names, instants and seconds since 1970."""

import sqlalchemy as sa

from demo.columns import epoch, instant, key, number, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("feed_status", METADATA, key("feed"), epoch("feed_timestamp"), word("feed_version"))
sa.Table(
    "routes",
    METADATA,
    key("route_id"),
    word("route_short_name"),
    word("district_code", 6),
    whole("planned_headway"),
)
sa.Table(
    "stops",
    METADATA,
    key("stop_id", 8),
    word("stop_name"),
    word("district_code", 6),
    word("town_code", 9),
    number("latitude"),
    number("longitude"),
)
sa.Table(
    "stop_times",
    METADATA,
    key("route_id"),
    sa.Column("direction_id", sa.Integer(), primary_key=True),
    sa.Column("stop_sequence", sa.Integer(), primary_key=True),
    word("stop_id", 8),
    word("route_short_name"),
    word("stop_name"),
    word("trip_headsign"),
    whole("shape_dist_traveled"),
    whole("run_seconds"),
    sa.Index("stop_times_stop_name", "stop_name"),
)
sa.Table(
    "vehicle_positions",
    METADATA,
    key("vehicle_id"),
    word("route_id"),
    word("route_short_name"),
    word("district_code", 6),
    word("town_code", 9),
    whole("in_service"),
    whole("direction_id"),
    whole("current_stop_sequence"),
    whole("distance_traveled"),
    whole("gap_ahead"),
    number("mean_speed"),
    word("current_status"),
    word("occupancy_status"),
    number("latitude"),
    number("longitude"),
    epoch("timestamp", index=True),
    epoch("updated_at", index=True),
)
sa.Table(
    "trips_performed",
    METADATA,
    key("trip_id_performed"),
    word("service_date", 10),
    word("route_id"),
    word("route_short_name"),
    word("district_code", 6),
    word("town_code", 9),
    word("vehicle_id"),
    instant("schedule_trip_start", index=True),
    instant("actual_trip_start"),
    whole("start_delay"),
    word("schedule_relationship", 12),
    whole("first_last"),
    whole("scheduled_headway"),
    number("headway_ratio"),
    instant("updated_at", index=True),
)
sa.Table(
    "road_conditions",
    METADATA,
    key("section_id", 8),
    sa.Column("observed_at", sa.BigInteger(), primary_key=True, info={"form": "epoch"}),
    word("section_name"),
    word("district_code", 6),
    word("town_code", 9),
    number("tpi"),
    number("avg_speed"),
    sa.Index("road_conditions_observed", "observed_at"),
)
sa.Table(
    "signals",
    METADATA,
    key("signal_id"),
    word("district_code", 6),
    word("town_code", 9),
    word("state", 12),
    epoch("last_seen", index=True),
)
sa.Table(
    "crashes",
    METADATA,
    key("crash_id"),
    word("district_code", 6),
    word("town_code", 9),
    word("severity", 12),
    word("report_channel", 12),
    instant("reported_at", index=True),
    instant("left_scene_at", index=True),
    instant("settled_at"),
    whole("minutes_to_clear"),
    instant("updated_at", index=True),
)
sa.Table(
    "arrival_predictions",
    METADATA,
    key("prediction_id"),
    word("route_short_name"),
    word("stop_name"),
    word("district_code", 6),
    word("town_code", 9),
    whole("stops_away"),
    whole("meters_away"),
    instant("asked_at"),
    whole("predicted_seconds"),
    instant("arrived_at", index=True),
    whole("abs_error_seconds"),
    instant("updated_at", index=True),
)
sa.Table(
    "rail_delays",
    METADATA,
    key("event_id"),
    word("line_name"),
    word("station_name"),
    word("district_code", 6),
    word("town_code", 9),
    word("cause", 12),
    instant("begun_at", index=True),
    whole("delay_minutes"),
    instant("recovered_at"),
    instant("updated_at", index=True),
)
sa.Table(
    "coaches",
    METADATA,
    key("coach_id"),
    word("plate"),
    word("category", 12),
    word("company"),
    word("district_code", 6),
    word("town_code", 9),
    whole("on_duty"),
    epoch("position_at", index=True),
    epoch("updated_at", index=True),
)

"""The tables of the emergency center: local timestamps, states in mixed case, rain and water."""

from typing import Any

import sqlalchemy as sa

from demo.columns import key, local, number, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())


def _place() -> list[sa.Column[Any]]:
    return [word("district_code", 6), word("town_code", 9)]


def _position() -> list[sa.Column[Any]]:
    return [number("latitude"), number("longitude")]


def _time_key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(), primary_key=True, index=True, info={"form": "local"})


sa.Table("heartbeat", METADATA, key("source"), local("beat_at"))
sa.Table(
    "incident",
    METADATA,
    key("incident_no", 24),
    word("kind", 16),
    word("grade", 8),
    word("status", 16),
    word("district_name", 20),
    *_place(),
    number("latitude"),
    number("longitude"),
    local("received_at", index=True),
    local("dispatched_at"),
    local("en_route_at"),
    local("on_scene_at", index=True),
    local("cleared_at", index=True),
    local("updated_at", index=True),
)
sa.Table(
    "unit_run",
    METADATA,
    key("incident_no", 24),
    key("unit_no", 16),
    word("district_code", 6),
    local("dispatched_at", index=True),
    local("en_route_at"),
    local("on_scene_at", index=True),
    local("cleared_at"),
    local("updated_at", index=True),
)
sa.Table(
    "report_duty",
    METADATA,
    key("incident_no", 24),
    key("stage", 8),
    word("grade", 8),
    *_place(),
    word("kind", 16),
    local("started_at"),
    local("due_at", index=True),
    local("sent_at", index=True),
    local("updated_at", index=True),
)
sa.Table(
    "call_volume",
    METADATA,
    key("line", 4),
    key("district_code", 6),
    _time_key("slot_start"),
    whole("calls"),
    local("received_at", index=True),
)
sa.Table(
    "rain_gauge",
    METADATA,
    key("town_code", 9),
    _time_key("observed_at"),
    word("district_code", 6),
    *_position(),
    number("rain_10m"),
    number("rain_1h"),
    local("received_at", index=True),
)
sa.Table(
    "water_level",
    METADATA,
    key("station_code", 8),
    _time_key("observed_at"),
    word("station_name", 20),
    *_place(),
    *_position(),
    number("level_m"),
    number("warning_m"),
    number("above_warning"),
    local("received_at", index=True),
)
sa.Table(
    "flood_spot",
    METADATA,
    key("spot_code", 8),
    _time_key("observed_at"),
    word("spot_name", 30),
    *_place(),
    *_position(),
    number("depth_cm"),
    local("received_at", index=True),
)
sa.Table(
    "reservoir_level",
    METADATA,
    key("reservoir_code", 8),
    _time_key("observed_at"),
    word("reservoir_name", 20),
    *_place(),
    *_position(),
    number("level_m"),
    number("limit_m"),
    number("above_limit"),
    local("received_at", index=True),
)
sa.Table(
    "shelter",
    METADATA,
    key("shelter_code", 8),
    word("shelter_name", 20),
    *_place(),
    number("wd"),
    number("jd"),
    whole("capacity"),
    word("state", 8),
    whole("people"),
    whole("places_free"),
    local("changed_at", index=True),
)
sa.Table(
    "work_hazard",
    METADATA,
    key("hazard_no", 24),
    word("site", 20),
    word("trade", 16),
    word("grade", 8),
    *_place(),
    number("wd"),
    number("jd"),
    local("found_at", index=True),
    local("owed_by", index=True),
    local("mended_at", index=True),
    local("updated_at", index=True),
)
sa.Table(
    "hazard_period",
    METADATA,
    key("period_no", 24),
    word("kind", 16),
    word("hazard", 16),
    word("stated", 20),
    word("code", 16),
    whole("grade"),
    whole("anew"),
    word("district_code", 6),
    word("signed_by", 20),
    local("declared_at", index=True),
    local("lifted_at", index=True),
    local("updated_at", index=True),
)
sa.Table(
    "duty_roster",
    METADATA,
    key("duty_no", 24),
    word("role", 16),
    word("person", 20),
    local("starts_at", index=True),
    local("ends_at"),
    local("published_at", index=True),
)
for _name, _code in (("response_level", "response_code"), ("warning_signal", "signal_code")):
    sa.Table(
        _name,
        METADATA,
        key("statement_no", 24),
        word("district_code", 6),
        word("hazard", 16),
        word(_code, 16),
        word("signed_by", 20),
        local("declared_at", index=True),
    )

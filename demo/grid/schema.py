"""The tables of grid governance: the names of the city-management schema in wide use, local times."""

import sqlalchemy as sa

from demo.columns import key, local, number, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("sys_heartbeat", METADATA, key("source", 12), local("beat_time"))
sa.Table(
    "dict_event_type",
    METADATA,
    key("sub_type_code", 8),
    word("main_type_code", 4),
    word("main_type_name", 20),
    word("sub_type_name", 40),
    whole("days_allowed"),
)
sa.Table(
    "to_rec",
    METADATA,
    key("rec_id", 20),
    word("task_num", 24),
    word("event_src_name", 12),
    word("main_type_code", 4),
    word("sub_type_code", 8),
    word("sub_type_name", 40),
    word("district_code", 6),
    word("street_code", 9),
    word("community_code", 12),
    word("duty_grid_code", 14),
    number("coordinate_x"),
    number("coordinate_y"),
    local("create_time", index=True),
    local("dispatch_time", index=True),
    local("dispose_deadline", index=True),
    local("dispose_begin_time"),
    local("dispose_end_time"),
    local("archive_time", index=True),
    whole("rework_num"),
    whole("hang_num"),
    whole("postpone_num"),
    whole("need_archive"),
    whole("intime_archive"),
    local("last_update_time", index=True),
    sa.Index("ix_to_rec_task_num", "task_num"),
)
sa.Table(
    "to_visit",
    METADATA,
    key("visit_id", 20),
    word("person_code", 16),
    word("person_name", 20),
    word("person_kind", 8),
    word("district_code", 6),
    word("street_code", 9),
    word("community_code", 12),
    word("duty_grid_code", 14),
    local("plan_time"),
    local("visit_deadline", index=True),
    local("visit_time", index=True),
    word("visit_way", 4),
    whole("need_help"),
    local("last_update_time", index=True),
)

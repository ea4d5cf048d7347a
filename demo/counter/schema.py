"""The tables of Shunde's one counter, its city app and its terminals: camelCase names, UTC moments."""

import sqlalchemy as sa

from demo.columns import instant, key, whole, word
from demo.simulation import with_progress

METADATA = with_progress(sa.MetaData())

sa.Table("syncState", METADATA, key("feed", 16), instant("syncedAt"))
sa.Table(
    "counterCase",
    METADATA,
    key("caseNo", 24),
    word("districtCode", 6),
    word("townCode", 9),
    word("leadDept", 20),
    whole("deptCount"),
    word("counterKind", 10),
    instant("acceptedAt", index=True),
    instant("dueAt", index=True),
    instant("closedAt", index=True),
    instant("updatedAt", index=True),
)
sa.Table(
    "mobileService",
    METADATA,
    key("serviceId", 8),
    word("serviceName", 40),
    word("serviceKind", 16),
    whole("isUp"),
    instant("probedAt", index=True),
)
sa.Table(
    "appUsage",
    METADATA,
    sa.Column(
        "usageHour",
        sa.DateTime(timezone=True),
        primary_key=True,
        index=True,
        info={"form": "instant"},
    ),
    key("serviceKind", 16),
    key("outcome", 8),
    whole("useCount"),
    instant("updatedAt", index=True),
)
sa.Table(
    "terminal",
    METADATA,
    key("terminalId", 12),
    word("districtCode", 6),
    word("townCode", 9),
    word("place", 40),
    word("faultCode", 12),
    instant("heartbeatAt", index=True),
)
sa.Table(
    "terminalUse",
    METADATA,
    key("useId", 24),
    word("terminalId", 12),
    word("districtCode", 6),
    word("townCode", 9),
    word("serviceKind", 16),
    whole("afterHours"),
    word("result", 10),
    instant("startedAt", index=True),
    instant("endedAt"),
    instant("updatedAt", index=True),
)
sa.Table(
    "booking",
    METADATA,
    key("bookingNo", 24),
    word("districtCode", 6),
    word("townCode", 9),
    word("channel", 10),
    instant("bookedAt", index=True),
    instant("slotAt", index=True),
    instant("arrivedAt"),
    instant("updatedAt", index=True),
)

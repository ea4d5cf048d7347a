"""What has been published about the video platform and public WLAN, beside the demo city's own."""

import sqlalchemy as sa

from demo.base.schema import METADATA
from demo.published import Lived, Published

NODES = METADATA.tables["接入节点"]
POINTS = METADATA.tables["无线接入点"]
SHUNDE = "440606"


def capacity(lived: Lived) -> float:
    """Cameras that Shunde's access nodes can connect."""
    column = NODES.c["接入能力"]
    return lived.number(sa.select(sa.func.sum(column)).where(NODES.c["区"] == SHUNDE))


def users_per_point(lived: Lived) -> float:
    """People whom an access point can take at once."""
    return lived.number(sa.select(sa.func.avg(POINTS.c["最大并发"])))


PUBLISHED = (
    Published(
        "S20",
        "capacity to connect 100,000 cameras",
        "Shunde, 2018–2019",
        "size",
        "cameras",
        100_000,
        capacity,
    ),
    Published(
        "S21",
        "600,000 people at once on 30,000 planned access points",
        "Foshan, about 2016",
        "rate",
        "people per point",
        20,
        users_per_point,
    ),
)

"""What has been published about Shunde's city app, beside the demo city's own."""

import sqlalchemy as sa

from demo.counter.schema import METADATA
from demo.published import Lived, Published

SERVICES = METADATA.tables["mobileService"]


def added(lived: Lived) -> float:
    """Mobile services that were added to the app and are offered."""
    return lived.number(sa.select(sa.func.count()).select_from(SERVICES))


PUBLISHED = (
    Published("S4", "86 mobile services added", "Shunde, 2018–2019", "size", "services", 86, added),
)

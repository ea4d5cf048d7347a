"""What has been published about Shunde's grid, beside the demo city's own matters."""

import sqlalchemy as sa

from demo.grid.schema import METADATA
from demo.published import Lived, Published

MATTERS = METADATA.tables["to_rec"]


def kinds(lived: Lived) -> float:
    """Different kinds of matter that grid workers have reported."""
    return lived.number(sa.select(sa.func.count(sa.distinct(MATTERS.c.sub_type_code))))


PUBLISHED = (
    Published("S18", "200+ kinds of matter", "Shunde, 2018–2019", "size", "kinds", 200, kinds),
)

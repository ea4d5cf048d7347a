"""Trade: the commerce bureau's monthly totals and its processing trade business, all as files.

Totals of a month come on the 18th to 20th of the next one, and some are sent again; the business of
a day comes as a file the morning after.
"""

import numpy as np

from demo.days import Array, Times
from demo.simulation import Mirror, Plan, Process
from demo.trade.business import business_of, filed_before
from demo.trade.schema import METADATA
from demo.trade.totals import MONTHS_BACK, totals_of

FILE = "加工贸易业务"


def sent_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The log of the daily file: it comes every morning, on days without business too."""
    del seed
    times = np.array([filed_before(at)], np.int64)
    return {"文件": np.array([FILE], dtype=object), "报送时间": times}, times


PLAN = Plan(
    METADATA,
    (
        Process(totals_of, lead=90, before=31 * MONTHS_BACK),
        Process(business_of, lead=30),
    ),
    (Mirror("报送日志", sent_at),),
)

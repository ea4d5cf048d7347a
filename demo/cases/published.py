"""What has been published about Chancheng's one door, beside the demo city's own cases."""

import numpy as np
import sqlalchemy as sa

from demo.cases.schema import METADATA
from demo.published import Lived, Published

CASES = METADATA.tables["T_BJXX"]
MATTERS = METADATA.tables["T_SXML"]
TICKETS = METADATA.tables["T_PDJH"]
JOBS = METADATA.tables["T_JYPP"]
CHANCHENG = "440604"
WHERE = "Chancheng, about 2016"
PERSON, COMPANY = 1, 2
THERE = MATTERS.c.QXDM == CHANCHENG
COMPANIES = (CASES.c.XZQHDM == CHANCHENG) & (CASES.c.SQRLX == COMPANY)
ONLINE = CASES.c.WSSBQD.is_not(None)


def _offered(lived: Lived, kind: int) -> float:
    wanted = THERE & MATTERS.c.SXDX.in_([kind])
    return lived.number(sa.select(sa.func.count()).select_from(MATTERS).where(wanted))


def personal(lived: Lived) -> float:
    """Matters in the catalogue that natural persons may bring."""
    return _offered(lived, PERSON)


def business(lived: Lived) -> float:
    """Matters in the catalogue that legal persons may bring."""
    return _offered(lived, COMPANY)


def on_the_spot(lived: Lived) -> float:
    """Of the catalogue's matters, how many can be finished while the applicant waits, in percent."""
    return 100 * lived.share(MATTERS.c.SFDC == 1, THERE)


def wait(lived: Lived) -> float:
    """Minutes from taking a ticket to being called, the median of Chancheng's halls."""
    asked = sa.select(TICKETS.c.QHSJ, TICKETS.c.JHSJ).where(
        TICKETS.c.QXDM == CHANCHENG, TICKETS.c.JHSJ.is_not(None)
    )
    with lived.engine.connect() as connection:
        waits = [(called - taken).total_seconds() for taken, called in connection.execute(asked)]
    return float(np.median(waits)) / 60


def online_companies(lived: Lived) -> float:
    """Of the companies that applied, how many did so online at least once, in percent."""
    companies = sa.func.count(sa.distinct(CASES.c.SQRBM))
    online = lived.number(sa.select(companies).where(COMPANIES, ONLINE))
    return 100 * online / lived.number(sa.select(companies).where(COMPANIES))


def after_hours(lived: Lived) -> float:
    """Of companies' cases, how many are filed online outside the halls' hours, in percent."""
    return 100 * lived.share(ONLINE & (CASES.c.SFFGZSJ == 1), COMPANIES)


def jobs(lived: Lived) -> float:
    """Fitting jobs offered to a person who swipes the card at a desk, on average."""
    return lived.number(sa.select(sa.func.avg(JOBS.c.PPGWS * 1.0)))


PUBLISHED = (
    Published("S2", "natural persons 306 matters", WHERE, "size", "matters", 306, personal),
    Published("S2", "legal persons 570 matters", WHERE, "size", "matters", 570, business),
    Published(
        "S2", "close to 50 % of the matters can be finished on the spot", WHERE, "share", "%", 50,
        on_the_spot,
    ),
    Published("S2", "wait cut to 5–10 min", WHERE, "duration", "min", 7.5, wait),
    Published(
        "S2", "1/3 of applicants apply online (legal persons)", WHERE, "share", "%", 100 / 3,
        online_companies,
    ),
    Published(
        "S2", "1/5 of business is filed online outside working hours (legal persons)", WHERE,
        "share", "%", 20, after_hours,
    ),
    Published("S6", "one example: 3 fitting jobs", WHERE, "rate", "jobs", 3, jobs),
)  # fmt: skip

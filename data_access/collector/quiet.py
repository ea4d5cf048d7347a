"""The quiet hours of a department, in which its days are compared."""

from datetime import date, datetime, timedelta

from dashboard.catalogue import Department
from dashboard.windows import zone_of


def night_of(department: Department, now: datetime) -> date | None:
    """The local day on which the quiet hours began that it is now; None outside of them. Hours that
    end before they start run past midnight, and are one night all the same."""
    local = now.astimezone(zone_of(department.zone))
    minute = local.hour * 60 + local.minute
    start, end = department.quiet_minutes
    if start <= end:
        return local.date() if start <= minute < end else None
    if minute >= start:
        return local.date()
    return local.date() - timedelta(days=1) if minute < end else None

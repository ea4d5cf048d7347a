"""The quiet hours of a department, in which its days are compared."""

from datetime import date, datetime, time, timedelta

from dashboard.catalogue import Department
from dashboard.windows import zone_of


def night_of(department: Department, now: datetime) -> date | None:
    """The local day on which the quiet hours began that it is now; None outside of them. Hours that
    end before they start run past midnight, and are one night all the same."""
    local = now.astimezone(zone_of(department.zone))
    start, end = (time.fromisoformat(part) for part in department.quiet.split("-"))
    if start <= end:
        return local.date() if start <= local.time() < end else None
    if local.time() >= start:
        return local.date()
    return local.date() - timedelta(days=1) if local.time() < end else None

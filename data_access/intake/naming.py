"""What a file is called: whether the day in its name can be right, and what name was expected."""

from collections.abc import Iterator, Mapping
from datetime import date

from dashboard.catalogue.deliveries import Delivery
from dashboard.text import Text
from data_access.intake.slips import Refused, Slip, quoted

_FIRST_YEAR = 2000
"""No feed goes back further, and days near the first of the calendar cannot be counted back from."""


def check_day(day: date, today: date) -> None:
    """Raise Refused where no file can be for such a day."""
    if day.year < _FIRST_YEAR or day > today:
        first = date(_FIRST_YEAR, 1, 1)
        raise Refused(
            Slip(
                quoted(day),
                Text(
                    zh=f"{first} 以后、不晚于今天（{today}）的日期",
                    en=f"a day from {first} on and no later than today, {today}",
                ),
                Text(zh="改正文件名后重新报送", en="rename the file and send it again"),
            )
        )


def no_such_name(name: str, feeds: Mapping[str, Delivery]) -> Slip:
    """What is said of a file that is called like none of the feeds."""
    wanted = list(_examples(feeds))
    return Slip(
        quoted(name),
        Text(zh=f" {'、'.join(wanted)} 这样的文件名", en=f"a name such as {', '.join(wanted)}"),
        Text(zh="改正文件名后重新报送", en="rename the file and send it again"),
    )


def _examples(feeds: Mapping[str, Delivery]) -> Iterator[str]:
    for feed in feeds.values():
        pattern = (feed.pattern or "").replace("*", "")
        yield date(2026, 11, 25).strftime(pattern)

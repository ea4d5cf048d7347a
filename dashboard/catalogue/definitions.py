"""What a number means: its definition, what its signs are called, when it is abnormal."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from dashboard.catalogue.model import Entry, Span
from dashboard.text import Text


class Limit(Entry):
    """When a reading is abnormal, and what is expected of whom.

    `against` compares with the indicator's own past instead of a fixed number: `four_weeks` what is
    usual over the four weeks before, `weekday_hour` the 99th percentile of the same hour of the
    same weekday, `day_before` and `week_before` the same time then. `as` says whether the value is
    the quotient or the difference to it.

    Eight values of a weekday-hour have no 99th percentile, so it is the median of that hour over
    eight weeks (of a window that overlaps two hours, of both by their shares) plus the 99th
    percentile of how far the hours up to two before and after, of all weekdays, lay from the median
    of the other weeks: some hundred deviations. Counts and sums are compared by their roots.
    Unknown under four weeks of history. A count or sum needs a window of an hour; a mean, a ratio
    or an extreme may be of less.

    With `each`, a limit is judged for every part of `live_by` and never for the total, whose level
    is then that of its worst part.
    """

    level: Literal["warning", "alarm"]
    op: Literal["<", "<=", ">", ">="]
    value: float
    against: Literal["four_weeks", "weekday_hour", "day_before", "week_before"] | None = None
    as_: Literal["quotient", "difference"] = Field("quotient", alias="as")
    min_n: int = Field(0, description="not judged on fewer rows than this")
    hours: tuple[int, int] | None = Field(None, description="only judged from–to these local hours")
    each: bool = Field(False, description="of each part of `live_by`, not of the total")
    due: Span | None = Field(None, description="how long until it must be dealt with")
    note: Text | None = None


class Definition(Entry):
    """What exactly is counted, and who in the owning department confirmed it."""

    text: Text
    confirmed_by: Text | None = None
    confirmed_on: date | None = None

    @property
    def confirmed(self) -> bool:
        return self.confirmed_by is not None and self.confirmed_on is not None

    @model_validator(mode="after")
    def _both_or_none(self) -> "Definition":
        if (self.confirmed_by is None) != (self.confirmed_on is None):
            raise ValueError("confirmed_by and confirmed_on belong together")
        return self


class Signs(Entry):
    """What a value over and one under zero is called, such as 警戒以上 and 警戒以下; its sign is then
    always written."""

    over: Text = Field(description="of a value over zero")
    under: Text = Field(description="of a value under zero")

"""What all catalogue models share: strictness and the small value types written in YAML."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
)

from dashboard.windows import LONGEST

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Entry(BaseModel):
    """A part of the catalogue: frozen, and a key that no one knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def parse_span(value: object) -> timedelta:
    """Read a span such as `90s`, `15m`, `4h` or `7d`.

    Raises ValueError naming what was found where the text is no such span, or one of more than a
    century: what is counted back from now would come before the first year that a date can have.
    """
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", str(value).strip())
    if not found:
        raise ValueError(f"found {value!r}, expected a span such as 90s, 15m, 4h or 7d")
    try:
        span = timedelta(**{_UNITS[found[2]]: float(found[1])})
    except OverflowError:
        span = timedelta.max
    if span > LONGEST:
        longest = span_text(LONGEST)
        raise ValueError(f"found {value!r}, expected a span of a century ({longest}) at the most")
    return span


def span_text(value: timedelta) -> str:
    """The shortest exact spelling of a span, the inverse of `parse_span`."""
    seconds = value.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"


def _lasting(span: timedelta) -> timedelta:
    if span <= timedelta(0):
        raise ValueError(f"found {span_text(span)!r}, expected a span above zero such as 10s")
    return span


Span = Annotated[timedelta, BeforeValidator(parse_span), PlainSerializer(span_text)]
Length = Annotated[Span, AfterValidator(_lasting)]
"""A span that zero cannot stand for: what is repeated, cut up or waited for by it."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A key inside one file: lower case, digits, underscores."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""An indicator's full key: `department.indicator`."""

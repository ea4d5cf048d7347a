"""What is still to be read of a plan's past, as ranges of time, newest first."""

from collections.abc import Iterable

from dashboard.ports import Range
from dashboard.windows import joined


def newest_first(ranges: Iterable[Range]) -> list[Range]:
    """Ranges joined where they touch."""
    return joined(ranges)[::-1]


def without(ranges: Iterable[Range], read: Range) -> list[Range]:
    """Ranges less one that is read."""
    return newest_first(
        piece
        for start, end in ranges
        for piece in ((start, min(end, read[0])), (max(start, read[1]), end))
        if piece[0] < piece[1]
    )

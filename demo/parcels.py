"""Files as departments send them: mostly in time, some late, some wrong, some twice, some corrected.

A parcel is a file that is laid into the landing folder at a moment; what is in it is a pure function
of the seed and the day, so that a city that was switched off lays the same files later.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xlsxwriter

from demo.days import DAY, HOUR, MINUTE, date_of, midnight

Cells = Sequence[object]
Make = Callable[[int], bytes]
"""The bytes of a file by its version: 0 the first, 1 the corrected one."""


@dataclass(frozen=True)
class Parcel:
    """A file, when it is laid into the folder, and what is in it."""

    at: int
    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Push:
    """One entry of a stream, and when it is pushed."""

    at: int
    feed: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Habits:
    """How a sender works: usually at `hour` of the day after (or more days, `after`), and how often
    it is late, sends something wrong first, sends twice, or corrects itself two days later."""

    hour: float
    after: int = 1
    late: float = 0.05
    wrong: float = 0.03
    twice: float = 0.03
    corrects: float = 0.04


def parcels(
    rng: np.random.Generator,
    habits: Habits,
    day: int,
    stem: str,
    suffix: str,
    make: Make,
    spoil: Callable[[bytes], bytes],
) -> list[Parcel]:
    """All files that are ever sent for a day, in the order in which they come."""
    name = f"{stem}{date_of(day):%Y%m%d}"
    usual = midnight(day + habits.after) + int(habits.hour * HOUR) + int(rng.normal(0, 9 * MINUTE))
    late = int(rng.uniform(1, 6) * HOUR) if rng.random() < habits.late else 0
    wrong, twice, corrects = rng.random(3) < (habits.wrong, habits.twice, habits.corrects)
    found = [Parcel(usual + late, name + suffix, lambda: make(0))]
    if wrong:
        mended = usual + late + int(rng.uniform(1, 4) * HOUR)
        found = [
            Parcel(usual + late, name + suffix, lambda: spoil(make(0))),
            Parcel(mended, f"{name}_重报{suffix}", lambda: make(0)),
        ]
    if twice:
        found.append(Parcel(found[-1].at + 25 * MINUTE, f"{name}_2{suffix}", lambda: make(0)))
    if corrects:
        later = midnight(day + habits.after + 2) + int((habits.hour + 3) * HOUR)
        found.append(Parcel(later, f"{name}_更正{suffix}", lambda: make(1)))
    return found


LONGEST = 5 * DAY
"""No file for a day comes later than this after its end."""


def csv_bytes(
    header: Cells, rows: Sequence[Cells], encoding: str, trailer: Cells | None = None
) -> bytes:
    """A text file as the department's system writes it, with CR LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    if trailer is not None:
        writer.writerow(trailer)
    return out.getvalue().encode(encoding)


def xlsx_bytes(title: str, sheet: str, header: Cells, rows: Sequence[Cells]) -> bytes:
    """A workbook with a title over the names of its columns, as people make them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        page.write(0, 0, title)
        page.write_row(1, 0, header)
        for at, row in enumerate(rows, 2):
            page.write_row(at, 0, row)
    return out.getvalue()


def cut_off(data: bytes) -> bytes:
    """A file whose sending broke off: the last quarter of its lines is not there."""
    lines = data.splitlines(keepends=True)
    return b"".join(lines[: max(2, len(lines) * 3 // 4)])

"""Rows behind a number as a sheet: read once, one by one, up to so many and for so long."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.catalogue import Catalogue
from dashboard.provenance import Fact, Provenance
from dashboard.sheets import Column, Row, Sheet, marks
from dashboard.text import Language, Text

CUT = Text(zh="截断", en="cut")
COUNTED = Text(zh="行数", en="rows")


@dataclass
class Limited:
    """Rows up to a number and a time, and then why there are no more of them.

    Whether any were left out is known only by one row more, which is taken and not given.
    """

    stream: Iterator[list[Any]]
    most: int
    seconds: float
    marked: Row = ()
    clock: Callable[[], float] = time.monotonic
    count: int = 0
    cut: str = field(default="", init=False)

    def __iter__(self) -> Iterator[Row]:
        until = self.clock() + self.seconds
        try:
            for row in self.stream:
                self.cut = self._reached(until)
                if self.cut:
                    return
                yield (*row, *self.marked)
                self.count += 1
        finally:
            if isinstance(self.stream, Generator):
                # It holds the department's connection, and a place among those who may ask.
                self.stream.close()

    def _reached(self, until: float) -> str:
        if self.count >= self.most:
            limit = f"{self.most} 行", f"{self.most} rows"
        elif self.clock() >= until:
            limit = f"{self.seconds:g} 秒", f"{self.seconds:g} s"
        else:
            return ""
        return f"已达 {limit[0]}上限，还有更多 the limit of {limit[1]} was reached, there are more"

    def closing(self) -> tuple[Fact, ...]:
        """How many rows there are, and why not more."""
        cut: tuple[Fact, ...] = ((CUT, self.cut),) if self.cut else ()
        return (*cut, (COUNTED, self.count))


def rows_sheet(
    catalogue: Catalogue,
    key: str,
    names: Sequence[str],
    rows: Limited,
    provenance: Provenance,
    zone: str,
    language: Language = "zh",
) -> Sheet:
    """Rows as a sheet, their columns called as the catalogue does; `rows` is read once.

    Raises KeyError for an indicator that the catalogue has not.
    """
    indicator, dataset = catalogue.indicator(key), catalogue.dataset_of(key)
    if indicator is None:
        raise KeyError(key)
    shown = dataset.show if dataset is not None else {}
    added, rows.marked = marks(provenance)
    # The unit is of the number, not of its rows; that they are simulated is said of rows too.
    demo = tuple(column for column in added if column.name == "demo")
    rows.marked = rows.marked[len(added) - len(demo) :]
    columns = tuple(
        Column(name, shown[name] if name in shown else Text(zh=name, en=name), "any")
        for name in names
    )
    return Sheet(indicator.title, (*columns, *demo), rows, provenance, zone, language, rows.closing)

"""Deliveries: what a department sends to the center instead of opening a database to it.

Rows of a delivery land in a table of the department's own database at the center, which is then
read like any other. A column is named once, by what it is called there.
"""

import codecs
import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from dashboard.catalogue.model import Entry, Name, Span
from dashboard.text import Text

ColumnName = Annotated[str, Field(pattern=r"^[^\W\d]\w{0,59}$")]
"""A column of the landing table: a letter, then letters, digits and underscores, of any script."""
OwedOf = Literal["every", "workdays", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAY_CODES = ("%Y", "%m", "%d")
OWN_COLUMNS = ("delivery_id", "entry_id", "received_at")
"""Columns that the center adds to every landing table."""


class DeliveredColumn(Entry):
    """One column of a delivery: what it must hold for the row to be taken in."""

    kind: Literal["text", "whole", "number", "date", "time"] = "text"
    header: str | None = Field(
        None, description="what the file or push calls it; the column's own name where absent"
    )
    required: bool = Field(True, description="a row without it is set aside")
    allowed: list[str] | None = Field(None, description="the only values that it may have")
    codes: Name | None = Field(
        None, description="or: the codes of a list of catalog/codes/ are the only values"
    )
    least: float | None = Field(None, description="smallest number that can be right")
    most: float | None = Field(None, description="largest number that can be right")
    format: str | None = Field(
        None,
        description="of a date or time, strptime codes; `%Y-%m-%d` and `%Y-%m-%d %H:%M:%S` where"
        " absent. With an offset (`%z`) it lands as the department's own time. Typed cells of a"
        " workbook need none",
    )
    length: Annotated[int, Field(ge=1, le=2000)] = Field(64, description="longest text")

    @field_validator("format")
    @classmethod
    def _no_zones_by_name(cls, value: str | None) -> str | None:
        if value is not None and "%Z" in value.replace("%%", ""):
            raise ValueError(
                f"found format {value!r}, expected %z for an offset: of a zone's name the time"
                " would not be told apart from local time"
            )
        return value

    @property
    def written(self) -> str:
        """The format in which a date or time is written."""
        return self.format or ("%Y-%m-%d" if self.kind == "date" else "%Y-%m-%d %H:%M:%S")


class Trailer(Entry):
    """The last line of a file, by which the sender says what it holds: what does not agree with it
    was cut off or mixed up on the way, and is refused whole."""

    mark: str = Field(description="text of its first cell, such as 合计")
    rows: Annotated[int, Field(ge=2)] | None = Field(
        None, description="cell, counted from 1, that holds the number of rows"
    )
    totals: dict[ColumnName, Annotated[int, Field(ge=2)]] = Field(
        {}, description="column → cell that holds its sum over all rows"
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Trailer":
        if self.rows is None and not self.totals:
            raise ValueError("found neither `rows` nor `totals`, expected one of them")
        return self


class Due(Entry):
    """By when a file is owed: so many days after the day it is for, at this local time."""

    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        description="local time such as 08:00"
    )
    after: Annotated[int, Field(ge=0, le=60)] = Field(
        1, description="days after the day that it is for (T+1: 1)"
    )
    of: OwedOf = Field("every", description="days for which one is owed")


class Delivery(Entry):
    """A feed that comes as files in a folder, or as pushes into a Redis stream."""

    kind: Literal["files", "stream"]
    title: Text
    table: Name | None = Field(None, description="landing table; the feed's own name where absent")
    key: list[ColumnName] = Field(min_length=1, description="columns that identify a row")
    columns: dict[ColumnName, DeliveredColumn] = Field(
        min_length=1, description="columns that are taken in; others are left out"
    )
    refuse_over: Annotated[float, Field(ge=0, le=1)] = Field(
        0.2, description="files: refused whole where more than this share of the rows is bad"
    )
    keep: Span = Field(
        "30d",
        validate_default=True,
        description="how long files that were taken in, and acknowledged pushes in a Redis of the"
        " department, are kept; in the center's own, pushes are gone once they have landed",
    )
    folder: str | None = Field(
        None,
        description="files: landing folder; `${NAME}` is read from the environment; unset or"
        " absent: `incoming/<department>` in the data folder",
    )
    pattern: str | None = Field(
        None,
        description="files: name such as `yy_%Y%m%d*.csv` (`.csv`, `.txt`, `.xlsx`) with the day"
        " that it is for; `*` stands for anything",
    )
    encoding: str = Field("utf-8", description="files: of text, such as gbk; strictly")
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = Field(
        ",", description="files: what separates the cells of text"
    )
    sheet: str | None = Field(
        None, description="files: sheet of a workbook; the first where absent"
    )
    heading: Annotated[int, Field(ge=1, le=50)] = Field(
        1, description="files: line that names the columns"
    )
    trailer: Trailer | None = Field(None, description="files: a last line with control totals")
    day: ColumnName | None = Field(None, description="files: column that holds the row's day")
    covers: Annotated[int, Field(ge=1, le=400)] = Field(
        1,
        description="files: days of a file, up to the one in its name; a later file replaces them",
    )
    due: Due | None = Field(None, description="files: when one is owed")
    stream: str | None = Field(
        None,
        description="stream: its name; `${NAME}` is read from the environment; unset:"
        " `incoming:<department>:<feed>` under the center's prefix",
    )
    redis: str | None = Field(
        None, description="stream: URL such as `${NAME}` of its Redis; the center's own where unset"
    )
    version: ColumnName | None = Field(
        None, description="stream: column that grows when a row is pushed again; the largest counts"
    )

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            codecs.lookup(value)
        except LookupError:
            raise ValueError(
                f"found encoding {value!r}, expected one such as utf-8, gbk or gb18030"
            ) from None
        return value

    @field_validator("pattern")
    @classmethod
    def _names_a_day(cls, value: str | None) -> str | None:
        if value is None:
            return None
        missing = [code for code in _DAY_CODES if value.count(code) != 1]
        other = [code for code in re.findall(r"%.?", value) if code not in _DAY_CODES]
        if missing or other:
            raise ValueError(f"found pattern {value!r}, expected one each of %Y, %m and %d")
        if not value.lower().endswith((".csv", ".txt", ".xlsx")):
            raise ValueError(
                f"found pattern {value!r}, expected a name that ends .csv, .txt, .xlsx"
            )
        return value

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Delivery":
        needed, foreign = (
            (("pattern", "day"), ("stream", "redis", "version"))
            if self.kind == "files"
            else (("stream",), ("folder", "pattern", "trailer", "day", "due", "sheet"))
        )
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(f"found kind {self.kind} without `{name}`, expected `{name}:`")
        for name in foreign:
            if getattr(self, name) is not None:
                raise ValueError(f"found `{name}`, expected nothing that kind {self.kind} has not")
        return self

    @model_validator(mode="after")
    def _names_its_columns(self) -> "Delivery":
        totals = list(self.trailer.totals) if self.trailer else []
        named = [*self.key, *filter(None, (self.day, self.version)), *totals]
        for name in named:
            if name not in self.columns:
                raise ValueError(
                    f"found column {name!r}, expected one of {', '.join(self.columns)}"
                )
        for name in (*self.key, *filter(None, (self.day, self.version))):
            if not self.columns[name].required:
                raise ValueError(f"found column {name!r} not required, expected it to be")
        for name in totals:
            if self.columns[name].kind not in ("whole", "number"):
                raise ValueError(f"found a total of {name!r}, expected a column of numbers")
        if self.day and self.columns[self.day].kind not in ("date", "time"):
            raise ValueError(f"found day {self.day!r}, expected a column of kind date or time")
        for name in OWN_COLUMNS:
            if name in self.columns:
                raise ValueError(f"found column {name!r}, expected another name: the center's own")
        return self

    @property
    def workbook(self) -> bool:
        """Whether its files are XLSX."""
        return (self.pattern or "").lower().endswith(".xlsx")

    def header_of(self, column: str) -> str:
        """What the sender calls a column."""
        return self.columns[column].header or column

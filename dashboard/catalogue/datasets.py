"""Datasets: what a department's table is, in the words of its own columns.

A dataset names columns once; indicators then speak of its times, dimensions and values only.
"""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from dashboard.catalogue.lookups import Lookup
from dashboard.catalogue.model import Entry, Length, Name, Span
from dashboard.text import Text
from dashboard.windows import Slots

Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "is_null", "not_null"]
Scalar = str | int | float | bool


class TimeColumn(Entry):
    """A column that holds a time, in the form in which the department writes it.

    `instant` is a UTC time (timestamptz; a naive UTC timestamp where the engine has no such type),
    `local` a naive wall-clock timestamp of `zone`, `date` a calendar day of `zone`, `epoch` a number
    counted from 1970 (`unit`: `s`, `ms`, `us`, or the seconds that one unit stands for), `text` a
    string in `format` (strptime codes) of `zone`.
    """

    column: str
    kind: Literal["instant", "local", "date", "epoch", "text"]
    zone: str | None = Field(None, description="IANA zone; the department's where absent")
    unit: Literal["s", "ms", "us"] | Annotated[int, Field(ge=1)] = "s"
    format: str = Field("%Y-%m-%d %H:%M:%S", description="of kind text, strptime codes")
    sorts: bool = Field(
        True, description="false where the text does not sort by time: a declared slow scan"
    )
    open: str | None = Field(
        None,
        description="ISO date or time that the department writes for none, such as 1900-01-01 for"
        " not yet: `is_null` and `until` take it for no time",
    )

    slot: Length | None = Field(
        None,
        description="rows are sums over slots of this length, which begin at this time: a rolling"
        " window is the newest whole slots",
    )
    arrives: Span = Field(
        "1m", validate_default=True, description="with `slot`: how long after its end it is there"
    )

    @property
    def slots(self) -> Slots | None:
        """The slots that a rolling window by this time consists of; None for single events."""
        return None if self.slot is None else Slots(self.slot, self.arrives)

    @field_validator("open")
    @classmethod
    def _an_iso_time(cls, value: str | None) -> str | None:
        if value is not None:
            datetime.fromisoformat(value)
        return value


class Condition(Entry):
    """One condition on a row: `column op value`, on a time `time op value`, or any of several.

    `value` may be `now`, `now-30m`, `now+2h` beside a `time`. `other` names another time of the
    dataset to compare with. `fold` compares text without case and surrounding blanks.
    """

    column: str | None = None
    time: Name | None = None
    op: Op = "="
    value: Scalar | list[Scalar] | None = None
    other: Name | None = None
    fold: bool = False
    any: list["Condition"] | None = None
    sql: str | None = Field(None, description="escape for what cannot be said otherwise")

    @model_validator(mode="after")
    def _one_subject(self) -> "Condition":
        subjects = [name for name in ("column", "time", "any", "sql") if getattr(self, name)]
        if len(subjects) != 1:
            raise ValueError(
                f"found {subjects or 'nothing'}, expected one of column, time, any, sql"
            )
        bare = self.op in ("is_null", "not_null")
        if self.column or self.time:
            if bare != (self.value is None and self.other is None):
                raise ValueError(
                    f"op {self.op!r} with value {self.value!r}: give a value or `other`"
                    " unless op is is_null or not_null"
                )
            if (self.op in ("in", "not_in")) != isinstance(self.value, list):
                raise ValueError(
                    f"op {self.op!r} with value {self.value!r}: a list goes with in, not_in"
                )
        return self


class Likeness(Entry):
    """What codes of one form are called, where they are too many to be named one by one: `253路` is
    Bus 253 in English."""

    code: str = Field(description="regular expression of the whole code, with one group")
    called: Text = Field(description="with `{}` for the group")

    @model_validator(mode="after")
    def _has_one_group(self) -> "Likeness":
        try:
            groups = re.compile(self.code).groups
        except re.error as error:
            raise ValueError(f"code {self.code!r}: {error}") from None
        if groups != 1 or any("{}" not in text for text in (self.called.zh, self.called.en)):
            raise ValueError(
                f"code {self.code!r}: expected one group, and `{{}}` for it in both texts"
            )
        return self

    def title_of(self, code: str) -> Text | None:
        """What a code is called; None where it is not of this form."""
        found = re.fullmatch(self.code, code)
        if found is None:
            return None
        return Text(zh=self.called.zh.format(found[1]), en=self.called.en.format(found[1]))


class Dimension(Entry):
    """A way to split a dataset: a column of codes, and what the codes are called."""

    column: str
    title: Text
    codes: Name | None = Field(None, description="a code list of catalog/codes/")
    values: dict[str, Text] | None = Field(None, description="codes named here")
    like: Likeness | None = Field(None, description="what all codes of one form are called")
    fold: bool = Field(False, description="codes differ only in case or blanks")
    limit: Annotated[int, Field(ge=1, le=500)] = Field(
        50, description="more values than this are summed as `other`"
    )
    changes: bool = Field(
        False,
        description="a row's code changes over its life, such as a stage: the past of stocks is not"
        " split by it",
    )


class SetAside(Entry):
    """Rows that cannot be right: counted and shown, and left out unless `keep`."""

    name: Name
    title: Text
    where: list[Condition] = Field(min_length=1)
    times: list[Name] | None = Field(
        None, description="only left out of measures that use one of these times"
    )
    keep: bool = Field(False, description="counted and shown, not left out")
    expected: bool = Field(
        False,
        description="how the department writes, such as 1900 for not yet, and no fault of its data:"
        " left out as any, and no cause of a data ticket",
    )


class Reported(Entry):
    """Where the department says when it last reported, apart from the rows themselves."""

    table: str
    time: TimeColumn
    where: list[Condition] = []


class Find(Entry):
    """How a person finds one row of a dataset: by typing its number, or its name where it has one.

    A number is found whole or by its beginning, of which at least `at_least` characters must be
    there: each column of `numbers` has an index of its own. Named things, of which there are few, are
    found by any part of their name and by its pinyin; they are read whole, at most 2,000 of them.
    """

    title: Text = Field(description="what one row is called: a declaration, a stop")
    numbers: list[str] = Field([], description="columns with what a row is known by, each indexed")
    name: str | None = Field(None, description="column with the name of a named thing")
    at_least: Annotated[int, Field(ge=3, le=20)] = Field(
        4, description="characters of a number before the department is asked"
    )

    @model_validator(mode="after")
    def _something_to_go_by(self) -> "Find":
        if not self.numbers and self.name is None:
            raise ValueError("found neither, expected `numbers`, or the column of a `name`")
        return self


class Dataset(Entry):
    """A table, view or SELECT of a department."""

    title: Text
    table: str | None = None
    select: str | None = Field(None, description="a SELECT instead of a table")
    form: Name | None = Field(
        None, description="the form of catalog/forms/ whose entries these rows are"
    )
    key: list[str] = Field(min_length=1, description="columns that identify a row")
    version: str | None = Field(
        None, description="column that grows when a row is sent again: the largest counts"
    )
    times: dict[Name, TimeColumn] = {}
    dimensions: dict[Name, Dimension] = {}
    pairs: list[tuple[Name, Name]] = Field([], description="dimensions also kept together")
    changed: TimeColumn | None = Field(None, description="when the row was last written")
    corrected: bool = Field(
        True,
        description="rows may be written anew later; false for what is only ever added, such as"
        " measurements, so that nothing is missed without `changed`",
    )
    reported: Reported | Literal["rows", "clock"] = Field(
        "rows",
        description="as-of: newest `changed` or time of the rows; `clock` where the live database"
        " itself is asked, so that asking is reporting; or a table that says so",
    )
    set_aside: list[SetAside] = []
    private: list[str] = Field([], description="columns masked unless the role is cleared")
    show: dict[str, Text] = Field({}, description="columns shown as rows, with their titles")
    find: Find | None = Field(None, description="how a person finds one row")
    lookup: Lookup | None = Field(None, description="how a person asks by choosing")
    tail: Span = Field("2h", validate_default=True, description="how far back rows still come in")
    history: Span = Field("60d", validate_default=True, description="how far back is read at first")
    refresh: Length = Field("10s", validate_default=True)
    late: Span = Field("2m", validate_default=True, description="older than this: late")
    stale: Span = Field("15m", validate_default=True, description="older than this: stale")
    calendar: Name | None = Field(None, description="when data is due; always where absent")

    def dimension_of(self, column: str) -> Dimension | None:
        """What names the codes of a column; None where nothing does."""
        return next((one for one in self.dimensions.values() if one.column == column), None)

    def slots_of(self, time: str | None) -> Slots | None:
        """The slots of one of its times by name."""
        column = self.times.get(time or "")
        return column.slots if column else None

    @model_validator(mode="after")
    def _one_source(self) -> "Dataset":
        if bool(self.table) == bool(self.select):
            raise ValueError("expected either `table` or `select`, found both or neither")
        unknown = {d for pair in self.pairs for d in pair} - set(self.dimensions)
        if unknown:
            raise ValueError(f"pairs name {sorted(unknown)}, expected of {sorted(self.dimensions)}")
        # What is found answers with the key, which is the address of its page.
        told = {*self.find.numbers, self.find.name or "", *self.key} if self.find else set()
        if hidden := told & set(self.private):
            raise ValueError(
                f"find goes by {sorted(hidden)} or tells it as the key, expected columns that are not private: what may"
                " not be shown may not be guessed either"
            )
        looked = set(self.lookup.columns()) if self.lookup else set()
        if hidden := looked & set(self.private):
            raise ValueError(
                f"lookup names {sorted(hidden)}, expected columns that are not private"
            )
        if not self.late < self.stale:
            raise ValueError(f"late {self.late} is not before stale {self.stale}")
        return self

"""Dated tables the catalogue refers to: code lists, calendars, standards, roles."""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field

from dashboard.catalogue.model import Entry, Name
from dashboard.text import Text


class Former(Entry):
    """What a code was called before, up to the day from which it is called otherwise."""

    title: Text
    until: date = Field(description="first day of the next name")


class Code(Entry):
    """What a code means, and while when."""

    title: Text
    parent: str | None = Field(None, description="code it belongs to in the parent list")
    valid_from: date | None = None
    valid_to: date | None = None
    former: list[Former] = Field([], description="names before, each for the days it held")
    spellings: list[str] = Field([], description="other spellings departments use")


class Codes(Entry):
    """One file of catalog/codes/: a shared list such as districts or towns."""

    key: Name
    title: Text
    parent: Name | None = None
    codes: dict[str, Code]


class Hours(Entry):
    """Times of day, from–to, local; `24:00` is the end of the day."""

    start: time
    end: time | Literal["24:00"]


class Calendar(Entry):
    """One file of catalog/calendars/: when data is due. Outside, a dataset is not due."""

    key: Name
    title: Text
    zone: str = "Asia/Shanghai"
    workdays: list[Hours] = Field([], description="Monday to Friday and make-up workdays")
    restdays: list[Hours] = Field([], description="weekends and public holidays")
    country_holidays: bool = Field(True, description="China's public holidays and make-up workdays")
    closed: list[date] = []
    open: dict[date, list[Hours]] = Field({}, description="days with hours of their own")


class Factor(Entry):
    """One pollutant's break points; `index` gives the value that stands for each."""

    points: list[float] = Field(min_length=2)
    index: list[float] | None = Field(None, description="the column's own where absent")
    beyond: Literal["clip", "hold"] = Field(
        "clip", description="clip: at the last index; hold: does not count beyond the last point"
    )
    descending: bool = Field(False, description="smaller is worse, such as dissolved oxygen")


class Column(Entry):
    """A set of factors judged together, such as 24-hour or real-time values."""

    index: list[float]
    factors: dict[Name, Factor]


class Grade(Entry):
    """A named class of the result, up to and including `upto`."""

    upto: float
    title: Text
    colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] | None = None


class Edition(Entry):
    """A standard as it holds from a day on."""

    name: str
    valid_from: date
    method: Literal["interpolated", "worst_class"]
    columns: dict[Name, Column]
    grades: list[Grade] = []
    source: str


class Standard(Entry):
    """One file of catalog/standards/: all editions of a standard, each with its first day."""

    key: Name
    title: Text
    worst: Text | None = Field(
        None,
        description="what the deciding factor is called, such as 首要污染物; unsaid where absent",
    )
    factors: dict[Name, Text] = Field({}, description="what its factors are called, by name")
    editions: list[Edition] = Field(min_length=1)


RoleAction = Literal[
    "see",
    "rows",
    "export",
    "ask",
    "enter",
    "observe",
    "operate",
    "configure",
    "screens",
    "accounts",
]


class Role(Entry):
    """What a role may see and do."""

    key: Name
    title: Text
    departments: list[Name] | Literal["all"] = "all"
    actions: list[RoleAction] = ["see"]
    private: bool = Field(False, description="cleared for columns marked private")


class Roles(Entry):
    """catalog/roles.yaml."""

    roles: list[Role]

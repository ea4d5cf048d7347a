"""Layers of the map: what is drawn, from which dataset or indicator, coloured by what."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dashboard.catalogue.datasets import Condition, Scalar
from dashboard.catalogue.model import Entry, Key, Length, Name
from dashboard.text import Text

Shape = Literal[
    "circle",
    "square",
    "triangle",
    "diamond",
    "drop",
    "bus",
    "cross",
    "ring",
    "house",
    "hexagon",
    "dam",
    "pentagon",
    "target",
    "camera",
    "fan",
]
Ink = Literal["quiet", "series", "off", "warning", "alarm"]
"""How a class looks: grey, blue, hollow grey, or the two colours of what is abnormal."""
DatasetKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class Class(Entry):
    """One class of a layer's legend: the rows whose value is one of `values`, at most `upto`, or
    `below` a number.

    Classes are tried in their order; the last one may name none of them and takes what is left.
    """

    title: Text
    values: list[Scalar] | None = None
    upto: float | None = None
    below: float | None = None
    ink: Ink = "quiet"
    colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] | None = Field(
        None,
        description="an official colour, such as of congestion; `ink` where absent. `warning` and"
        " `alarm` stay for what is abnormal",
    )
    shape: Shape | None = Field(
        None, description="of points: its own sign; the layer's where absent"
    )


class Colouring(Entry):
    """What decides a point's class: a column, alone or beside the column of its limit, or how long
    ago one of its times was."""

    column: str | None = None
    limit: str | None = Field(
        None, description="column of the limit: the class is then found by value / limit"
    )
    age: Name | None = Field(None, description="a time of the dataset: the class is by seconds ago")
    classes: list[Class] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_subject(self) -> "Colouring":
        if bool(self.column) == bool(self.age):
            raise ValueError("expected either `column` or `age`, found both or neither")
        if self.age and self.limit:
            raise ValueError("`limit` goes with `column`, not with `age`")
        for one in self.classes[:-1]:
            if sum(x is not None for x in (one.values, one.upto, one.below)) != 1:
                raise ValueError(f"class {one.title.en!r}: expected `values`, `upto` or `below`")
        return self


class Placed(Entry):
    """Where a point is: two columns of degrees in WGS-84 or GCJ-02, or the seat of a code."""

    lat: str | None = None
    lon: str | None = None
    crs: Literal["wgs84", "gcj02"] = "wgs84"
    by: str | None = Field(
        None,
        description="instead: a column of codes, placed by the layer's `places`, or at the seats of"
        " districts and towns",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Placed":
        columns = self.lat is not None and self.lon is not None
        if columns == (self.by is not None):
            raise ValueError("expected `lat` and `lon`, or `by`")
        return self


class Newest(Entry):
    """Of each thing measured only its newest row counts, and none older than `within`."""

    time: Name
    of: list[str] = Field(min_length=1, description="columns that name the thing")
    within: Length


class Layer(Entry):
    """One layer of the map.

    `points` draws rows of a dataset at their positions, `indicator` an indicator's parts (districts
    and towns as areas, other codes at `places`), `lines` rows on roads or rivers of the map.
    """

    key: Name
    title: Text
    kind: Literal["points", "indicator", "lines"]
    dataset: DatasetKey | None = Field(
        None, description="`department.dataset`, of points and lines"
    )
    position: Placed | None = Field(None, description="of points")
    line: str | None = Field(None, description="of lines: the column that names one")
    lines: dict[str, str] = Field(
        {}, description="of lines: what the column holds → code of a line of roads or water"
    )
    where: list[Condition] = Field([], description="which rows; all where absent")
    newest: Newest | None = None
    colour: Colouring | None = None
    ink: Ink = Field("series", description="how all of them look where `colour` is absent")
    label: str | None = Field(None, description="column whose text names a point")
    value: str | None = Field(None, description="column whose number is shown beside the name")
    unit: Text | None = None
    shape: Shape = "circle"
    indicator: Key | None = Field(None, description="of kind indicator")
    by: Name | None = Field(None, description="of kind indicator: the split that is drawn")
    places: dict[str, tuple[float, float]] = Field(
        {}, description="code → [latitude, longitude] in WGS-84, where codes are no areas"
    )
    indicators: list[Key] = Field([], description="where a point's record leads on to")
    nearest: list[Name] = Field(
        [], description="layers of which the ten nearest are shown with a chosen point"
    )
    moves: bool = Field(
        False,
        description="things on the move: read with every refresh of the dataset, others not more"
        " often than every 30 s",
    )
    on: bool = Field(False, description="shown when the map is opened")
    order: int = 100
    limit: Annotated[int, Field(ge=1, le=50_000)] = Field(20_000, description="rows at most")

    @model_validator(mode="after")
    def _what_it_needs(self) -> "Layer":
        needs = {
            "points": ("dataset", "position"),
            "indicator": ("indicator", "by"),
            "lines": ("dataset", "line", "lines", "colour"),
        }[self.kind]
        missing = [name for name in needs if not getattr(self, name)]
        if missing:
            raise ValueError(f"{self.kind} without {', '.join(missing)}")
        return self

    @property
    def department(self) -> str:
        """The department whose data it shows."""
        return str(self.dataset or self.indicator).partition(".")[0]

    @property
    def sampled(self) -> bool:
        """Whether the collector reads rows for it; an indicator's parts come with its reading."""
        return self.kind != "indicator"


class Layers(Entry):
    """catalog/map.yaml: the layers of the one map."""

    layers: list[Layer]

"""Pages: which indicators are shown where, and in which form."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dashboard.catalogue.indicators import Window
from dashboard.catalogue.model import Entry, Key, Name
from dashboard.text import Text

PanelKind = Literal[
    "number",
    "trend",
    "band",
    "ranked",
    "stages",
    "heatmap",
    "multiples",
    "table",
    "rules",
    "facts",
    "lookup",
    "rows",
    "map",
    "matrix",
    "calendar",
    "control",
    "flow",
    "gantt",
]
FORMS: dict[PanelKind, str] = {
    "number": "one big value with its comparison and sparkline",
    "trend": "line over time, with limits, target and the usual range",
    "band": "median line in a P10–P90 band per day",
    "ranked": "horizontal bars of one dimension, worst first, with target",
    "stages": "where things stand now: one bar per stage, abnormal part marked",
    "heatmap": "hour of day by day",
    "multiples": "one small trend per value of a dimension",
    "table": "one row per value of a dimension, several indicators as columns",
    "rules": "a list of indicators with value and worst age, breached first",
    "facts": "stated texts per group, such as response levels",
    "lookup": "a question asked by choosing, such as the next bus of a line at a stop",
    "rows": "indicators with their counts, each opening its worst rows",
    "map": "the first indicator's districts or towns in shades, and layers of the map over them",
    "matrix": "value by two dimensions, marked where a limit is exceeded",
    "calendar": "a value per day of the year so far, a month a line, in a standard's classes",
    "gantt": "what is open over time, each by its own stages",
    "flow": "stages from first to last: how many stand in each, how old, where it waits",
    "control": "single days about their mean, within 3-sigma limits; points outside and runs marked",
}
"""What each kind of panel shows; part of the generated reference."""
LISTS: tuple[PanelKind, ...] = ("rows", "gantt")
"""Kinds that show rows, which the collector keeps ready."""


class Panel(Entry):
    """One panel of a page: a kind, its indicators and its place on the 12-column grid."""

    kind: PanelKind
    indicators: list[Key] = Field(min_length=1)
    title: Text | None = Field(
        None, description="a sentence a clerk would say; else the indicator's"
    )
    note: Text | None = None
    by: Name | None = None
    stages: list[Name] = Field(
        [],
        description="of a gantt: times of the dataset in their order; all that it shows where absent",
    )
    within: str | None = Field(
        None, description="code of a larger unit to whose parts `by` is kept: a district's towns"
    )
    across: Name | None = Field(
        None,
        description="of a matrix: the dimension whose codes are columns; those of `by` are rows",
    )
    window: Window | None = None
    grain: Literal["5m", "15m", "1h", "1d", "1mo"] | None = None
    lookup: Key | None = Field(
        None, description="of kind `lookup`: the dataset that is asked, as `department.dataset`"
    )
    layers: list[Name] = Field(
        [], description="of kind `map`: layers of catalog/map.yaml, the uppermost first"
    )
    width: Annotated[int, Field(ge=2, le=12)] = 4
    height: Literal["short", "normal", "tall"] = "normal"

    @model_validator(mode="after")
    def _asks_what_it_names(self) -> "Panel":
        if (self.kind == "lookup") != (self.lookup is not None):
            raise ValueError(
                "`lookup` names the dataset of a panel of kind lookup, and of no other"
            )
        if self.layers and self.kind != "map":
            raise ValueError("`layers` are of a panel of kind map")
        return self


class Page(Entry):
    """One file of catalog/pages/; shown at /department/<key>."""

    key: Name
    title: Text
    department: Name | None = Field(None, description="a department's own page")
    order: int = 100
    numbers: list[Key] = Field(default=[], description="the row of key figures", max_length=6)
    panels: list[Panel] = []

    @property
    def listed(self) -> list[str]:
        """The indicators of which its panels list rows."""
        return [key for panel in self.panels if panel.kind in LISTS for key in panel.indicators]

    @property
    def crossed(self) -> list[tuple[str, str]]:
        """The indicators that its panels show by two dimensions, with the pair."""
        return [
            (panel.indicators[0], f"{panel.by},{panel.across}")
            for panel in self.panels
            if panel.kind == "matrix"
        ]

"""Rules by which a bad feed becomes a data ticket (数据问题单) to its department's liaison."""

from typing import Literal

from pydantic import Field, model_validator

from dashboard.catalogue.model import Entry, Name, Span
from dashboard.text import Text


class TicketRule(Entry):
    """What opens a ticket. It closes by itself once the feed is mended."""

    key: Name
    title: Text
    states: list[Literal["late", "stale", "unavailable"]] = Field(
        [], description="states of a feed that open it"
    )
    after: Span = Field(
        "5m", validate_default=True, description="how long the feed has to have been so"
    )
    share: float | None = Field(
        None, description="percent of the rows of the last day that are set aside, above which"
    )
    min_n: int = Field(20, description="with `share`: fewer rows than this say nothing")
    due: Span = Field(description="time the liaison has to mend it")

    @model_validator(mode="after")
    def _one_cause(self) -> "TicketRule":
        if bool(self.states) == (self.share is not None):
            raise ValueError("expected `states` or `share`, found both or neither")
        return self


class TicketRules(Entry):
    """catalog/tickets.yaml."""

    tickets: list[TicketRule] = Field(description="the rules")

"""Visits: what guests of a room are shown, by who they are: a locked list of pages, for a while.

How a visit is ordered and what goes before it is worked out in `dashboard.screens`.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from dashboard.catalogue.model import Entry, Length, Name, span_text
from dashboard.catalogue.screens import Shown
from dashboard.text import Text

LONGEST_VISIT = timedelta(hours=12)
"""Nobody is a guest for longer; a screen that was forgotten comes back by itself."""


def _ends_by_itself(lasts: timedelta) -> timedelta:
    if lasts > LONGEST_VISIT:
        raise ValueError(
            f"found {span_text(lasts)!r}, expected {span_text(LONGEST_VISIT)} or shorter:"
            " a visit ends by itself"
        )
    return lasts


class Visit(Entry):
    """What one kind of visitor is shown. District rankings are left out of its pages, and matters go
    to the desk alone."""

    key: Name
    title: Text
    lasts: Annotated[Length, AfterValidator(_ends_by_itself)] = Field(
        timedelta(minutes=60), description="after how long it ends by itself; 12h at most"
    )
    pages: list[Shown] = Field(
        min_length=1, description="shown in turn, on a duty wall too: it is off duty meanwhile"
    )


class Visits(Entry):
    """catalog/visits.yaml."""

    visits: list[Visit] = Field(description="the kinds of visitor, each with a key of its own")

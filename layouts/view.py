"""What a page is rendered from: one value with the city, the newest frame, who looks and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dashboard.access import Person
from dashboard.catalogue import Catalogue
from dashboard.geography.files import Geography
from dashboard.text import Language, Text

Theme = Literal["dark", "light", "auto"]
THEMES: tuple[Theme, ...] = ("dark", "light", "auto")


@dataclass(frozen=True)
class View:
    """Everything a page needs. Renderers are pure: the same view gives the same components.

    `sections` is the newest frame (see `dashboard.frames`), already cut to what `person` may see;
    do not change it. `now` is aware and in UTC, `zone` the city's. `path` is the browser's path
    and `params` the query string, each name once (its last value). `theme` auto follows the
    browser's own preference. `geography` holds the files that the map is drawn from.
    """

    catalogue: Catalogue
    sections: Mapping[str, Mapping[str, dict[str, Any]]]
    person: Person
    language: Language
    theme: Theme
    now: datetime
    zone: ZoneInfo
    path: str = "/"
    params: Mapping[str, str] = field(default_factory=dict)
    geography: Geography = field(default=Geography({}), repr=False)

    def say(self, text: Text) -> str:
        """A text in the language of this view."""
        return text.of(self.language)

    def words(self, zh: str, en: str) -> str:
        """A text written on the spot, in the language of this view."""
        return zh if self.language == "zh" else en

    def reading(self, key: str) -> dict[str, Any] | None:
        """The newest reading of an indicator; None where none came or it may not be seen."""
        return self.sections.get("readings", {}).get(key)

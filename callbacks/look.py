"""How somebody looks at the center: language and theme, from the address, a switch or a cookie."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import HTTPConnection

from dashboard.text import LANGUAGES, Language
from layouts.view import THEMES, Theme

LANGUAGE_COOKIE, THEME_COOKIE = "cc-lang", "cc-theme"
Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Look:
    """The path and query of the page in the browser, and what its cookies say."""

    path: str = "/"
    params: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)

    def language(self, chosen: object = None) -> Language:
        """`?lang=` first, then what a switch has chosen, then the cookie, else Chinese."""
        asked = (self.params.get("lang"), chosen, self.cookies.get(LANGUAGE_COOKIE))
        return cast(Language, _first(asked, LANGUAGES, "zh"))

    def theme(self, chosen: object = None) -> Theme:
        """The same with `?theme=`; walls are dark and pages follow the browser by default."""
        asked = (self.params.get("theme"), chosen, self.cookies.get(THEME_COOKIE))
        usual = "dark" if self.path.startswith("/wall/") else "auto"
        return cast(Theme, _first(asked, THEMES, usual))


LOOK: ContextVar[Look] = ContextVar("look", default=Look())  # noqa: B039  # Look is frozen
"""Of the current request; set by `callbacks.identity`."""


def look_of(request: HTTPConnection) -> Look:
    """The look of a request. Dash asks for layouts and callbacks at addresses of its own: there,
    the page is the one that the browser names as the referrer."""
    path, query = request.url.path, request.url.query
    if path.startswith("/_dash-"):
        page = urlsplit(request.headers.get("referer", ""))
        path, query = page.path or "/", page.query
    return Look(path, query_of(query), request.cookies)


def query_of(search: str | None) -> dict[str, str]:
    """A query string, with or without its `?`, each name once with its last value."""
    return dict(parse_qsl((search or "").removeprefix("?"), keep_blank_values=True))


def _first(asked: tuple[object, ...], known: tuple[str, ...], usual: str) -> str:
    return next((value for value in asked if isinstance(value, str) and value in known), usual)

"""Routes: how a path of the browser finds the page that renders it.

The table itself is `layouts.router.PAGES`; page modules define renderers and know nothing of it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from dash.development.base_component import Component

from dashboard.text import Text

SIGN_IN, ACCOUNT = "/sign-in", "/account"
"""Pages that are no Dash pages: they work before anything may be seen."""
Renderer = Callable[..., Component]
"""`render(view, **path_parameters)`; raises NoSuchPage where a parameter names nothing."""


class NoSuchPage(Exception):
    """There is no such page; `found` is what was asked for and `nearest` the best right path."""

    def __init__(self, found: str, nearest: str | None = None) -> None:
        super().__init__(found)
        self.found = found
        self.nearest = nearest


@dataclass(frozen=True)
class Route:
    """One kind of page. `pattern` is a path such as `/department/{key}`; each `{name}` stands for
    one segment and is given to `render` under that name. `title` names the kind of page."""

    pattern: str
    render: Renderer
    title: Text

    @cached_property
    def _matcher(self) -> re.Pattern[str]:
        parts = re.split(r"\{(\w+)\}", self.pattern)
        regex = "".join(
            f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
        return re.compile(regex)

    def match(self, path: str) -> dict[str, str] | None:
        """The path's parameters where it is one of this kind, else None."""
        found = self._matcher.fullmatch(path.rstrip("/") or "/")
        return {k: unquote(v) for k, v in found.groupdict().items()} if found else None


def find_route(pages: Sequence[Route], path: str) -> tuple[Route, dict[str, str]] | None:
    """The first route that matches and the parameters in the path."""
    for route in pages:
        parameters = route.match(path)
        if parameters is not None:
            return route, parameters
    return None

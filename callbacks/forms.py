"""Forms of plain pages: what was sent, bounded, and where it came from."""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse

from layouts.routes import ACCOUNT, SIGN_IN

LONGEST = 8192
"""Bytes that a form may have: all of them are a few short fields."""


class TooLong(ValueError):
    """More was sent than any form has."""


async def form_of(request: Request) -> dict[str, str]:
    """What was typed, by field. Raises TooLong."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise TooLong
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def way_back(wanted: str | None) -> str:
    """A path of the center itself to go to; the first page for anything else, since a link could
    lead through here to a page that only looks like the center's."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return "/"
    # Browsers leave out such signs before they read an address.
    if not wanted.isprintable() or urlsplit(wanted).path in (SIGN_IN, ACCOUNT):
        return "/"
    return wanted


def came_from(request: Request) -> str:
    """The page of the center on which a link was followed; the first one where none says so."""
    said = urlsplit(request.headers.get("referer", ""))
    if said.netloc != request.headers.get("host"):
        return "/"
    return way_back(said.path + (f"?{said.query}" if said.query else ""))


def page_answer(text: str, status: int = 200) -> HTMLResponse:
    """A plain page."""
    return HTMLResponse(text, status, {"cache-control": "no-store"})

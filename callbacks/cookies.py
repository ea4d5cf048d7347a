"""Cookies that hold a secret: of people who signed in, and of screens that were paired."""

from starlette.responses import Response
from starlette.types import Scope


def is_secure(scope: Scope) -> bool:
    """Whether a request came over TLS."""
    return scope.get("scheme") in ("https", "wss")


def cookie_name(name: str, scope: Scope) -> str:
    """A cookie's name: over TLS bound to this very host, so that no other site of the domain can
    set it."""
    return f"__Host-{name}" if is_secure(scope) else name


def set_cookie(answer: Response, scope: Scope, name: str, value: str, seconds: int) -> None:
    """Give a browser a secret: no script reads it, no other site's page sends it."""
    answer.set_cookie(
        cookie_name(name, scope),
        value,
        max_age=seconds,
        path="/",
        secure=is_secure(scope),
        httponly=True,
        samesite="lax",
    )

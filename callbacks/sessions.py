"""Sessions: who signed in with the browser that asks, and that what has ended is soon noticed.

The store is asked once for a browser; then a loop asks every few seconds for all together, so that
pages cost it nothing, and streams of sessions that ended are closed.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import structlog
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callbacks.cookies import cookie_name, is_secure, set_cookie
from callbacks.guard import PERSON
from callbacks.services import Services
from dashboard.access import Person, person_of_account
from dashboard.accounts import LONGEST, Account, Session, fingerprint
from dashboard.ports import Unreachable

RECHECK_SECONDS = 2.0
"""A session that was ended lets nobody in after about this."""
_FRESH = 2 * RECHECK_SECONDS + 1
_QUIET = 60.0
"""A browser of which nothing was heard for so many seconds is asked for when it comes back."""
_OUTAGE = 600.0
"""While the store does not answer, who was signed in stays so for this many seconds."""
TOUCH = timedelta(minutes=1)
COOKIE = "cc-session"
ENDED = 4403
"""What is said to a web socket whose session ended."""

log = structlog.get_logger()


@dataclass
class _Known:
    """A session that stood when the store was last asked, by `time.monotonic`."""

    session: Session
    account: Account
    checked: float
    used: float


@dataclass(eq=False)
class _Stream:
    """An open stream of somebody who signed in."""

    person: Person
    leave: Callable[[], None]


class Sessions:
    """Who is signed in, for one process of the web."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, _Known] = {}
        self._streams: set[_Stream] = set()
        self._silent = False

    async def person(self, scope: Scope) -> Person | None:
        """Who signed in with the browser that asks; None where nobody did."""
        token = token_of(scope)
        known = await self._look_up(fingerprint(token)) if token else None
        return None if known is None else self._person(known)

    @contextmanager
    def watching(self, person: Person, leave: Callable[[], None]) -> Iterator[None]:
        """Have `leave` called once what a person sees has ended or changed, while the block runs."""
        stream = _Stream(person, leave)
        if person.session is not None:
            self._streams.add(stream)
        try:
            yield
        finally:
            self._streams.discard(stream)

    async def hold(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a web socket until it ends, or what let in who opened it has."""
        left = asyncio.Event()

        async def heard() -> Message:
            waiting = [asyncio.ensure_future(one) for one in (receive(), left.wait())]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if left.is_set():
                    return {"type": "websocket.disconnect", "code": ENDED}
                return cast(Message, waiting[0].result())
            finally:
                for one in waiting:
                    one.cancel()

        with self.watching(PERSON.get(), left.set):
            await app(scope, heard, send)

    def forget(self, session: int | None = None) -> None:
        """Ask the store anew for a session, or for all."""
        for mark, known in list(self._known.items()):
            if session in (None, known.session.id):
                del self._known[mark]

    async def watch(self) -> None:
        """Ask for all that are in use, every few seconds; until cancelled."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            await self.recheck()

    async def recheck(self) -> None:
        """Ask the store which sessions still stand, and close the streams of the others."""
        open_ = {stream.person.session for stream in self._streams}
        now = time.monotonic()
        for mark, known in list(self._known.items()):
            if now - known.used > _QUIET and known.session.id not in open_:
                del self._known[mark]
        try:
            await self._ask(list(self._known))
        except Unreachable:
            return  # Noted by `Services`, and nobody can have ended a session meanwhile.
        people = {known.session.id: self._person(known) for known in self._known.values()}
        for stream in list(self._streams):
            if stream.person != people.get(stream.person.session or 0):
                self._streams.discard(stream)
                stream.leave()

    async def _look_up(self, mark: str) -> _Known | None:
        known, now = self._known.get(mark), time.monotonic()
        # While the store is silent the loop alone waits for it, and no page does.
        patience = _OUTAGE if self._silent else _FRESH
        if known is None or now - known.checked > patience:
            try:
                await self._ask([mark])
            except Unreachable:
                if known is None or now - known.checked > _OUTAGE:
                    return None
        known = self._known.get(mark)
        if known is None or not known.session.stands(self._services.clock()):
            return None
        known.used = now
        await self._touch(known)
        return known

    async def _ask(self, marks: list[str]) -> None:
        if not marks:
            return
        asked = time.monotonic()
        services = self._services
        self._silent = True
        found = await services.in_sessions(services.accounts.standing, marks, services.clock())
        self._silent = False
        for mark in marks:
            before = self._known.pop(mark, None)
            if mark in found:
                session, account = found[mark]
                used = asked if before is None else before.used
                self._known[mark] = _Known(session, account, asked, used)

    async def _touch(self, known: _Known) -> None:
        """Note now and then that a browser was heard of."""
        services, now = self._services, self._services.clock()
        if now - known.session.seen_at < TOUCH:
            return
        # At once, since a page asks for many things in the same moment.
        known.session = replace(known.session, seen_at=now)
        try:
            await services.in_sessions(services.accounts.touch, known.session.id, now)
        except Unreachable:
            log.info("a session could not be touched")

    def _person(self, known: _Known) -> Person:
        roles = self._services.catalogue.roles
        return person_of_account(known.account, roles, known.session.id)


def token_of(scope: Scope) -> str | None:
    """What the browser holds for its session."""
    return HTTPConnection(scope).cookies.get(cookie_name(COOKIE, scope))


def hand_out(response: Response, scope: Scope, token: str) -> None:
    """Give a browser its token: no script reads it, no other site's page sends it."""
    set_cookie(response, scope, COOKIE, token, int(LONGEST.total_seconds()))


def take_back(response: Response, scope: Scope) -> None:
    """Have a browser forget its token."""
    name, secure = cookie_name(COOKIE, scope), is_secure(scope)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")

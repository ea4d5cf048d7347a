"""Signing in: a name and a password become a session; nothing tells which of the two was wrong."""

import math
from datetime import timedelta
from functools import partial

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from callbacks.answers import words_of
from callbacks.forms import TooLong, came_from, form_of, page_answer, way_back
from callbacks.guard import PERSON
from callbacks.hosts import origin_of
from callbacks.look import LANGUAGE_COOKIE, LOOK
from callbacks.services import Services
from callbacks.sessions import Sessions, hand_out
from dashboard.accounts import Account, fingerprint, name_of, new_token
from dashboard.passwords import fits, hash_of, is_outdated
from dashboard.ports import Beginning, Unreachable
from dashboard.text import Language
from dashboard.words import Word
from layouts.pages.account_words import Told
from layouts.pages.sign_in import render_sign_in
from layouts.routes import ACCOUNT, SIGN_IN

YEAR = 365 * 24 * 3600
"""Seconds for which a choice of language is kept, as long as the switch of a page does."""

log = structlog.get_logger()


async def _on_sign_in(services: Services, sessions: Sessions, request: Request) -> Response:
    language = LOOK.get().language()
    if request.method != "POST":
        back = way_back(request.query_params.get("next")) if request.url.query else "/"
        back = came_from(request) if back == "/" else back
        if PERSON.get().session is not None:
            return RedirectResponse(back, 303)
        answer = page_answer(render_sign_in(language, back))
        if "lang" in request.query_params:
            # What comes after it has no such parameter.
            answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="lax")
        return answer
    try:
        typed = await form_of(request)
    except TooLong:
        said = Told.LONG_FORM.of(language)
        return page_answer(render_sign_in(language, "/", said=said), 413)
    back = way_back(typed.get("next"))
    try:
        return await _tried(services, sessions, request, typed, back)
    except Unreachable as error:
        said = words_of(error).of(language)
        return page_answer(render_sign_in(language, back, said=said), 503)


async def _tried(
    services: Services, sessions: Sessions, request: Request, typed: dict[str, str], back: str
) -> Response:
    language, host = LOOK.get().language(), host_of_request(services, request)
    name = name_of(typed.get("name", ""))
    wait = await services.in_signing_in(services.attempts.take, name, host)
    if wait is not None:
        said = Told.WAIT.fill(language, in_words(wait, language))
        later = page_answer(render_sign_in(language, back, said=said, name=name), 429)
        later.headers["retry-after"] = str(math.ceil(wait.total_seconds()))
        return later
    account = await proved(services, name, typed.get("password", ""))
    if account is None or account.disabled_at is not None:
        log.info("sign-in refused", host=host)
        said = Told.WRONG.of(language)
        return page_answer(render_sign_in(language, back, said=said, name=name), 401)
    await services.in_signing_in(services.attempts.succeeded, name)
    if (old := PERSON.get().session) is not None:
        await services.in_sessions(services.accounts.end, old, name, services.clock())
        sessions.forget(old)
    answer = RedirectResponse(ACCOUNT if account.must_change else back, 303)
    return await begun(services, request, account.name, answer)


async def proved(services: Services, name: str, password: str) -> Account | None:
    """The account of a name where the password is its own; it takes as long where there is none.

    Raises Unreachable."""
    account = await services.in_sessions(services.accounts.account, name)
    kept = None if account is None else account.password
    if not await services.in_signing_in(fits, kept, password) or kept is None:
        return None
    if is_outdated(kept):
        newer = await services.in_signing_in(hash_of, password)
        await services.in_sessions(services.accounts.strengthen, name, kept, newer)
    return account


async def begun(
    services: Services, request: Request, name: str, answer: RedirectResponse
) -> Response:
    """The answer that hands out a session of its own, of a token that nobody has seen before."""
    token = new_token()
    agent = request.headers.get("user-agent", "")
    beginning = Beginning(name, fingerprint(token), agent, host_of_request(services, request))
    await services.in_sessions(services.accounts.begin, beginning, services.clock())
    hand_out(answer, request.scope, token)
    return answer


def host_of_request(services: Services, request: Request) -> str:
    """Where somebody comes from."""
    return origin_of(request.scope, believes_proxy=services.settings.believes_proxy)


def in_words(wait: timedelta, language: Language) -> str:
    """How long to wait, rounded up."""
    seconds = wait.total_seconds()
    if seconds <= 60:
        return Word.SECONDS.fill(language, math.ceil(seconds))
    return Word.MINUTES.fill(language, math.ceil(seconds / 60))


def register(server: Starlette, services: Services, sessions: Sessions) -> None:
    """Register the page; it is public, and `same_origin` stands before it."""
    answer = partial(_on_sign_in, services, sessions)

    async def sign_in(request: Request) -> Response:
        return await answer(request)

    server.add_route(SIGN_IN, sign_in, methods=["GET", "POST"])

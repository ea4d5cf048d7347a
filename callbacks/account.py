"""One's own account: password and sessions; for administrators those of all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from callbacks.answers import words_of
from callbacks.forms import TooLong, form_of, page_answer
from callbacks.guard import guarded_route
from callbacks.look import LOOK
from callbacks.services import Services
from callbacks.sessions import Sessions, take_back
from callbacks.sign_in import begun, host_of_request, in_words, proved
from dashboard.access import Person, authorise, may
from dashboard.accounts import password_fault
from dashboard.passwords import hash_of
from dashboard.ports import Unreachable
from dashboard.text import Language
from layouts.pages.account import AccountView, render_account
from layouts.pages.account_words import Told
from layouts.routes import ACCOUNT, SIGN_IN

DONE = {
    "password": Told.PASSWORD_CHANGED,
    "ended": Told.ENDED,
    "disabled": Told.SHUT_OUT,
    "enabled": Told.LET_IN,
    "nothing": Told.NOT_DONE,
}
"""What is said after something was done, by the word in the address."""


@dataclass(frozen=True)
class Asked:
    """Something to be done: by whom, and what was typed."""

    services: Services
    sessions: Sessions
    person: Person
    request: Request
    typed: dict[str, str]

    @property
    def language(self) -> Language:
        """That of whoever asks."""
        return LOOK.get().language()

    @property
    def which(self) -> str:
        """The session or account that something is done to."""
        return self.typed.get("which", "")


async def _on_account(
    sessions: Sessions, services: Services, person: Person, request: Request
) -> Response:
    try:
        if request.method != "POST":
            done = DONE.get(request.query_params.get("done", ""))
            said = "" if done is None else done.of(LOOK.get().language())
            return await _shown(services, person, said=said)
        typed = await form_of(request)
        do = DOINGS.get(typed.get("do", ""))
        if do is None:
            return RedirectResponse(ACCOUNT, 303)
        return await do(Asked(services, sessions, person, request, typed))
    except TooLong:
        said = Told.LONG_FORM.of(LOOK.get().language())
        return await _shown(services, person, said=said, status=413)
    except Unreachable as error:
        return page_answer(words_of(error).of(LOOK.get().language()), 503)


async def _shown(
    services: Services, person: Person, *, said: str = "", status: int = 200
) -> Response:
    """The page. Raises Unreachable."""
    accounts, now = services.accounts, services.clock()
    own = await services.in_sessions(accounts.account, person.name)
    if own is None or person.session is None:
        return RedirectResponse(SIGN_IN, 303)
    language, every = LOOK.get().language(), may(person, "accounts")
    view = AccountView(
        language=language,
        zone=ZoneInfo(services.settings.zone),
        account=own,
        session=person.session,
        titles={key: role.title.of(language) for key, role in services.catalogue.roles.items()},
        sessions=await services.in_sessions(accounts.sessions, own.name, now),
        accounts=await services.in_sessions(accounts.accounts) if every else None,
        all_sessions=await services.in_sessions(accounts.sessions, None, now) if every else None,
        said=said,
        failed=status >= 400,
    )
    return page_answer(render_account(view), status)


async def _change_password(asked: Asked) -> Response:
    services, name, typed = asked.services, asked.person.name, asked.typed
    old, new = typed.get("old", ""), typed.get("new", "")
    host = host_of_request(services, asked.request)
    # A browser that was left open is no place to guess the password either.
    wait = await services.in_signing_in(services.attempts.take, name, host)
    if wait is not None:
        said = Told.WAIT.fill(asked.language, in_words(wait, asked.language))
        return await _shown(services, asked.person, said=said, status=429)
    account = await proved(services, name, old)
    if account is None:
        return await _refused(asked, Told.WRONG_OLD.of(asked.language))
    await services.in_signing_in(services.attempts.succeeded, name)
    if (fault := _fault(name, old, new, typed.get("again", ""), asked.language)) is not None:
        return await _refused(asked, fault)
    hashed = await services.in_signing_in(hash_of, new)
    now = services.clock()
    change = partial(services.accounts.set_password, name, hashed, name, now, must_change=False)
    await services.in_sessions(change)
    asked.sessions.forget()
    to = "/" if account.must_change else f"{ACCOUNT}?done=password"
    return await begun(services, asked.request, name, RedirectResponse(to, 303))


def _fault(name: str, old: str, new: str, again: str, language: Language) -> str | None:
    if new != again:
        return Told.NOT_THE_SAME.of(language)
    if new == old:
        return Told.SAME_AS_OLD.of(language)
    fault = password_fault(name, new)
    return None if fault is None else fault.of(language)


async def _refused(asked: Asked, said: str) -> Response:
    return await _shown(asked.services, asked.person, said=said, status=422)


async def _sign_out(asked: Asked) -> Response:
    services, person = asked.services, asked.person
    end = services.accounts.end
    await services.in_sessions(end, person.session or 0, person.name, services.clock())
    asked.sessions.forget(person.session)
    answer = RedirectResponse("/", 303)
    take_back(answer, asked.request.scope)
    return answer


async def _end(asked: Asked) -> Response:
    """End a session: one's own, or any where all accounts are looked after."""
    services, person = asked.services, asked.person
    session = int(asked.which) if asked.which.isdecimal() and len(asked.which) < 10 else 0
    whose = None if may(person, "accounts") else person.name
    now = services.clock()
    done = await services.in_sessions(services.accounts.end, session, person.name, now, whose)
    return _done(asked, "ended" if done else "nothing")


async def _end_others(asked: Asked) -> Response:
    services, name = asked.services, asked.person.name
    but = asked.person.session
    await services.in_sessions(services.accounts.end_all, name, name, services.clock(), but)
    return _done(asked, "ended")


async def _disable(asked: Asked, *, disabled: bool) -> Response:
    """Raises Refused for who does not look after accounts."""
    services, person = asked.services, authorise(asked.person, "accounts")
    if asked.which == person.name:
        return _done(asked, "nothing")  # Nobody would be left to let them in again.
    set_disabled = services.accounts.set_disabled
    change = partial(set_disabled, asked.which, person.name, services.clock(), disabled=disabled)
    done = await services.in_sessions(change)
    word = "disabled" if disabled else "enabled"
    return _done(asked, word if done else "nothing")


def _done(asked: Asked, word: str) -> Response:
    asked.sessions.forget()
    return RedirectResponse(f"{ACCOUNT}?done={word}", 303)


DOINGS: dict[str, Callable[[Asked], Awaitable[Response]]] = {
    "password": _change_password,
    "sign-out": _sign_out,
    "end": _end,
    "end-others": _end_others,
    "disable": partial(_disable, disabled=True),
    "enable": partial(_disable, disabled=False),
}
"""What the forms of the page ask for in their field `do`."""


def register(server: Starlette, services: Services, sessions: Sessions) -> None:
    """Register the page, whose right everybody has who signed in."""
    answer = partial(_on_account, sessions)
    guarded_route(server, services, ACCOUNT, action="own", methods=("GET", "POST"))(answer)

"""The small city with accounts in a store of its own, and people who sign in to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
from dash import Dash
from small_city import NOW, make_services

from callbacks.services import Services
from callbacks.web import build_web
from dashboard.accounts import Account
from dashboard.catalogue.reference import Role
from dashboard.passwords import hash_of
from dashboard.text import Text
from data_access.store import SqlAccounts, open_history

PASSWORD = "seven bridges of fo"
HASH = hash_of(PASSWORD)
ROLES = {
    "administrator": ["see", "operate", "screens", "accounts"],
    "officer": ["see", "rows", "operate"],
}


class Patience:
    """Attempts that are never too many until a test says so."""

    def __init__(self) -> None:
        self.wait: timedelta | None = None
        self.tried: list[tuple[str, str]] = []
        self.forgotten: list[str] = []

    def take(self, name: str, host: str) -> timedelta | None:
        self.tried.append((name, host))
        return self.wait

    def succeeded(self, name: str) -> None:
        self.forgotten.append(name)


@dataclass
class Town:
    """A web with accounts, whose clock tests move."""

    services: Services
    accounts: SqlAccounts
    attempts: Patience
    web: Dash
    later: timedelta = timedelta(0)

    def add(self, name: str, *roles: str, must_change: bool = False) -> None:
        made = Account(name, f"{name}明", HASH, roles, NOW, must_change=must_change)
        assert self.accounts.add(made, "tests")

    def browser(
        self, host: str = "10.9.8.7", base: str = "http://center", **headers: str
    ) -> httpx.AsyncClient:
        """A browser on another machine."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.web.server, client=(host, 1)),
            base_url=base,
            headers={
                "origin": base,
                "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140",
                **headers,
            },
        )

    async def recheck(self) -> None:
        """What the web does every few seconds."""
        await self.web.server.state.sessions.recheck()


@contextmanager
def town(folder: Path, **settings: object) -> Iterator[Town]:
    """The small city with accounts and two roles."""
    history = open_history(f"sqlite:///{folder}/store.sqlite")
    accounts, attempts = SqlAccounts(history.database), Patience()
    made: list[Town] = []
    services = replace(
        make_services(**settings),
        accounts=accounts,
        attempts=attempts,
        clock=lambda: NOW + made[0].later,
    )
    for key, actions in ROLES.items():
        role = {"key": key, "title": Text(zh=key, en=key), "actions": actions}
        services.catalogue.roles[key] = Role.model_validate(role)
    made.append(Town(services, accounts, attempts, build_web(services)))
    yield made[0]
    history.close()


async def sign_in(
    browser: httpx.AsyncClient, name: str = "li", password: str = PASSWORD, back: str = "/map"
) -> httpx.Response:
    """Send the form."""
    form = {"name": name, "password": password, "next": back}
    return await browser.post("/sign-in", data=form)


def said(answer: httpx.Response) -> str:
    """What a plain page says in its note."""
    found = re.search(r'class="plain-(?:said|done)"[^>]*>([^<]*)<', answer.text)
    return found[1] if found else ""

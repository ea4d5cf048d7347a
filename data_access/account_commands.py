"""`app.py account …`: who may sign in, from the terminal; and the first account of a new center."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from dashboard.accounts import FIRST_NAME, FIRST_ROLES, Account, is_name, name_of
from dashboard.catalogue.reference import Role
from dashboard.ports import Accounts

_COLUMN = 16


class Mistaken(Exception):
    """What was asked for cannot be done; the message says why and what is expected."""


@dataclass(frozen=True)
class Desk:
    """What the commands work with."""

    accounts: Accounts
    roles: Mapping[str, Role]
    now: datetime
    who: str

    def changed(self, done: bool, name: str) -> None:
        """Raises Mistaken where an account is not there."""
        if not done:
            known = ", ".join(one.name for one in self.accounts.accounts()) or "none yet"
            raise Mistaken(f"no account {name!r}; there are: {known}")

    def known(self, roles: list[str]) -> tuple[str, ...]:
        """The roles. Raises Mistaken for one that the catalogue has not."""
        for key in roles:
            if key not in self.roles:
                raise Mistaken(f"no role {key!r}; the catalogue has: {', '.join(self.roles)}")
        return tuple(dict.fromkeys(roles))


def describe(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked for to the parser of `app.py account`."""
    asked = parser.add_subparsers(dest="asked", required=True)
    for name, (_, said) in COMMANDS.items():
        added = asked.add_parser(name, help=said, description=said)
        if name in ("sessions", "list"):
            added.add_argument("name", nargs="?", help="of one account")
        elif name == "revoke":
            added.add_argument("name", help="whose")
            added.add_argument("session", type=int, nargs="*", help="which; none means all of them")
        else:
            added.add_argument("name", help="what is typed to sign in")
        if name == "add":
            added.add_argument("--title", default="", help="how the person is called on the page")
        if name in ("add", "roles"):
            added.add_argument("roles", nargs="*", help="roles of catalog/roles.yaml")


def answer(
    options: argparse.Namespace, accounts: Accounts, roles: Mapping[str, Role], now: datetime
) -> int:
    """Do what was asked for; 2 where it cannot be done. Raises Unreachable."""
    desk = Desk(accounts, roles, now, f"terminal ({getpass.getuser()})")
    if getattr(options, "name", None):
        options.name = name_of(options.name)
    try:
        COMMANDS[options.asked][0](desk, options)
    except Mistaken as mistaken:
        print(mistaken, file=sys.stderr)
        return 2
    return 0


def _one_time() -> tuple[str, str]:
    """A password and its hash. Imported here: every process reads what can be asked for."""
    from dashboard.passwords import hash_of, one_time_password

    password = one_time_password()
    return password, hash_of(password)


def _add(desk: Desk, options: argparse.Namespace) -> None:
    if not is_name(options.name):
        raise Mistaken(
            f"{options.name!r} is no name: expected 2 to 64 letters, digits, dots or dashes"
        )
    roles, (password, kept) = desk.known(options.roles), _one_time()
    made = Account(options.name, options.title, kept, roles, desk.now, must_change=True)
    if not desk.accounts.add(made, desk.who):
        raise Mistaken(f"there is an account {options.name!r} already")
    if not roles:
        print("it has no role yet and may do nothing: app.py account roles", options.name, "ROLE")
    _say_password(options.name, password)


def _password(desk: Desk, options: argparse.Namespace) -> None:
    password, kept = _one_time()
    done = desk.accounts.set_password(options.name, kept, desk.who, desk.now, must_change=True)
    desk.changed(done, options.name)
    _say_password(options.name, password)


def _say_password(name: str, password: str, to: TextIO | None = None) -> None:
    """To whoever sits at the terminal, and to no log."""
    print(f"{name} signs in with this password once, and then chooses one: {password}", file=to)


def _roles(desk: Desk, options: argparse.Namespace) -> None:
    roles = desk.known(options.roles)
    desk.changed(desk.accounts.set_roles(options.name, roles, desk.who), options.name)


def _disable(desk: Desk, options: argparse.Namespace) -> None:
    done = desk.accounts.set_disabled(options.name, desk.who, desk.now, disabled=True)
    desk.changed(done, options.name)


def _enable(desk: Desk, options: argparse.Namespace) -> None:
    done = desk.accounts.set_disabled(options.name, desk.who, desk.now, disabled=False)
    desk.changed(done, options.name)


def _revoke(desk: Desk, options: argparse.Namespace) -> None:
    desk.changed(desk.accounts.account(options.name) is not None, options.name)
    if not options.session:
        ended = desk.accounts.end_all(options.name, desk.who, desk.now)
        print(f"{ended} ended")
    for session in options.session:
        if not desk.accounts.end(session, desk.who, desk.now, options.name):
            raise Mistaken(f"{options.name} has no session {session}: app.py account sessions")


def _list(desk: Desk, options: argparse.Namespace) -> None:
    for one in desk.accounts.accounts():
        if options.name in (None, one.name):
            shut = "disabled" if one.disabled_at else ""
            state = shut or ("one-time password" if one.must_change else "enabled")
            print(one.name.ljust(_COLUMN), state.ljust(_COLUMN + 2), " ".join(one.roles), one.title)


def _sessions(desk: Desk, options: argparse.Namespace) -> None:
    for one in desk.accounts.sessions(options.name, desk.now):
        seen = one.seen_at.isoformat(timespec="minutes")
        print(str(one.id).rjust(6), one.account.ljust(_COLUMN), seen, one.host, one.agent[:60])


COMMANDS: dict[str, tuple[Callable[[Desk, argparse.Namespace], None], str]] = {
    "add": (_add, "add an account and print its one-time password"),
    "password": (_password, "print a new one-time password; all sessions of the account end"),
    "roles": (_roles, "have an account hold exactly these roles"),
    "disable": (_disable, "shut an account out and end its sessions"),
    "enable": (_enable, "let an account in again"),
    "list": (_list, "all accounts"),
    "sessions": (_sessions, "who is signed in, in which browser"),
    "revoke": (_revoke, "end sessions of an account"),
}


def _this_python() -> str:
    """What this runs by, as one types it here: the packages are nowhere else."""
    near = os.path.relpath(sys.executable)
    return sys.executable if near.startswith("..") else near


def make_first(accounts: Accounts, now: datetime, terminal: TextIO) -> None:
    """Make the first account where there is none, and say its one-time password once, to a terminal
    alone: what is no terminal is kept in a file or a log. Raises Unreachable."""
    if accounts.accounts():
        return
    password, kept = _one_time()
    made = Account(FIRST_NAME, "", kept, FIRST_ROLES, now, must_change=True)
    if not accounts.add(made, "first start", only_first=True):
        return
    if terminal.isatty():
        print("the first account, at /sign-in:", file=terminal)
        _say_password(FIRST_NAME, password, terminal)
    else:
        again = f"{_this_python()} app.py account password {FIRST_NAME}"
        print(f"the first account is {FIRST_NAME}; `{again}` says its password", file=terminal)
    terminal.flush()

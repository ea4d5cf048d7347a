"""Authorisation: the one function that every callback, route, stream and export passes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from dashboard.accounts import Account
from dashboard.catalogue import Catalogue
from dashboard.catalogue.reference import Role, RoleAction
from dashboard.frames import Audience

Action = Literal[RoleAction, "own"]
"""`observe` is what programs that watch over the center need; `screens` and `accounts` say who shows
and who signs in; `own`, which no role gives, is one's own account."""
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True)
class Person:
    """Who asks. `departments` None sees all; `private` is cleared for masked columns, and so are
    `cleared` departments; `roles` are those held, None all there are, by which single indicators
    and forms are kept to a few. `only` names the departments of actions that are held for some.

    `session` is that of a person who signed in and is called by `title`, None for an address.
    """

    name: str
    departments: frozenset[str] | None = None
    actions: frozenset[Action] = frozenset()
    private: bool = False
    roles: frozenset[str] | None = frozenset()
    only: tuple[tuple[Action, frozenset[str]], ...] = ()
    cleared: frozenset[str] = frozenset()
    title: str = ""
    session: int | None = None

    @property
    def audience(self) -> Audience:
        """With whom the same frames are shared."""
        return Audience(self.departments, self.roles)

    def sees_private(self, department: str) -> bool:
        """Whether the masked columns of a department are shown."""
        return self.private or department in self.cleared

    def within(self, action: Action, department: str) -> bool:
        """Whether an action that is held is held for a department."""
        return all(department in some for held, some in self.only if held == action)


class Refused(Exception):
    """Raised where somebody may not do what was asked; the message can be shown to them."""


OWN: frozenset[Action] = frozenset(("own",))
EVERYTHING: frozenset[Action] = frozenset(get_args(Action)) - OWN
"""All that roles can give."""
HERE: frozenset[Action] = frozenset(("see", "rows", "export", "ask", "enter", "observe"))
"""What the machine itself may do. An address is no person: whoever drives screens or changes
something of the center signs in."""
NOBODY = Person(name="nobody", departments=frozenset())


def person_of(host: str | None, *, handed_on: bool = False) -> Person:
    """Who speaks from `host` without having signed in: loopback, or nobody.

    What was handed on comes from the proxy's address, which says nothing of who asks.
    """
    if host in LOOPBACK and not handed_on:
        return Person(name="loopback", actions=HERE, roles=None)
    return NOBODY


def person_of_account(account: Account, roles: Mapping[str, Role], session: int) -> Person:
    """Who signed in: may do what any of the account's roles may, each in its departments.

    Whoever has to change the password may do that and nothing else.
    """
    if account.must_change:
        return Person(account.name, frozenset(), OWN, title=account.title, session=session)
    held = [roles[key] for key in account.roles if key in roles]
    given = {action for role in held for action in role.actions}
    where = {action: _departments(r for r in held if action in r.actions) for action in given}
    private = _departments(role for role in held if role.private)
    return Person(
        name=account.name,
        departments=where.get("see", frozenset()),
        actions=frozenset(given) | OWN,
        private=private is None,
        roles=frozenset(role.key for role in held),
        only=tuple((action, some) for action, some in sorted(where.items()) if some is not None),
        cleared=private or frozenset(),
        title=account.title,
        session=session,
    )


def _departments(roles: Iterable[Role]) -> frozenset[str] | None:
    """Those of any of the roles; None for all there are."""
    found: set[str] = set()
    for role in roles:
        if role.departments == "all":
            return None
        found.update(role.departments)
    return frozenset(found)


def authorise(
    person: Person, action: Action, department: str | None = None, roles: Iterable[str] = ()
) -> Person:
    """Let `person` do `action` (on a department's data where one is named, and on what only some
    `roles` may see where there are such) or raise Refused."""
    if action not in person.actions:
        raise Refused(f"{person.name} may not {action}")
    if department and person.departments is not None and department not in person.departments:
        raise Refused(f"{person.name} may not {action} data of {department}")
    if department and not person.within(action, department):
        raise Refused(f"{person.name} may not {action} data of {department}")
    if department and not person.audience.sees(department, roles):
        raise Refused(f"{person.name} may not {action} what is kept to some roles")
    return person


def may_enter(person: Person, department: str, roles: Iterable[str]) -> bool:
    """Whether somebody may fill in a form of a department that is kept for some roles; for all
    where none is named."""
    return may(person, "enter", department, roles)


def authorise_for(person: Person, action: Action, catalogue: Catalogue, key: str) -> Person:
    """`authorise` for an indicator's full key: by its department and the roles it is kept to."""
    indicator = catalogue.indicator(key)
    roles = indicator.roles if indicator is not None else ()
    return authorise(person, action, key.partition(".")[0], roles)


def may(
    person: Person, action: Action, department: str | None = None, roles: Iterable[str] = ()
) -> bool:
    """Whether `authorise` lets a person through."""
    try:
        authorise(person, action, department, roles)
    except Refused:
        return False
    return True

"""Authorisation: the one function that every callback, route, stream and export passes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dashboard.catalogue import Catalogue
from dashboard.frames import Audience

Action = Literal["see", "rows", "export", "ask", "enter", "operate", "configure"]
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True)
class Person:
    """Who asks. `departments` None sees all; `private` is cleared for masked columns; `roles` are
    those held, None all there are, by which single indicators and forms are kept to a few."""

    name: str
    departments: frozenset[str] | None = None
    actions: frozenset[Action] = frozenset()
    private: bool = False
    roles: frozenset[str] | None = frozenset()

    @property
    def audience(self) -> Audience:
        """With whom the same frames are shared."""
        return Audience(self.departments, self.roles)


class Refused(Exception):
    """Raised where somebody may not do what was asked; the message can be shown to them."""


EVERYTHING: frozenset[Action] = frozenset(
    ("see", "rows", "export", "ask", "enter", "operate", "configure")
)
NOBODY = Person(name="nobody", departments=frozenset())


def person_of(host: str | None, *, handed_on: bool = False) -> Person:
    """Who speaks from `host`: until sign-in exists, loopback is everyone and others are nobody.

    What was handed on comes from the proxy's address, which says nothing of who asks.
    """
    if host in LOOPBACK and not handed_on:
        return Person(name="loopback", actions=EVERYTHING, roles=None)
    return NOBODY


def authorise(
    person: Person, action: Action, department: str | None = None, roles: Iterable[str] = ()
) -> Person:
    """Let `person` do `action` (on a department's data where one is named, and on what only some
    `roles` may see where there are such) or raise Refused."""
    if action not in person.actions:
        raise Refused(f"{person.name} may not {action}")
    if department and person.departments is not None and department not in person.departments:
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

"""What somebody may do: by the address, or by the roles of an account."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.access import (
    HERE,
    OWN,
    Action,
    Refused,
    authorise,
    may,
    person_of,
    person_of_account,
)
from dashboard.accounts import (
    TOO_EASY,
    TOO_LONG,
    TOO_SHORT,
    Account,
    fingerprint,
    is_name,
    name_of,
    new_token,
    password_fault,
)
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.catalogue.reference import Role
from dashboard.passwords import fits, hash_of, is_outdated, one_time_password
from dashboard.settings import Settings
from dashboard.text import Text

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def role(key: str, *actions: Action, departments: object = "all", private: bool = False) -> Role:
    return Role.model_validate(
        {
            "key": key,
            "title": Text(zh=key, en=key),
            "actions": list(actions),
            "departments": departments,
            "private": private,
        }
    )


ROLES = {
    one.key: one
    for one in (
        role("leader", "see", "export"),
        role("customs", "see", "rows", departments=["customs"], private=True),
        role("cases", "see", "rows", "enter", departments=["cases"]),
        role("operator", "operate"),
    )
}


def account(*roles: str, must_change: bool = False) -> Account:
    return Account("li", "李明", "", roles, NOW, must_change=must_change)


def test_an_address_drives_nothing() -> None:
    here = person_of("127.0.0.1")
    assert here.actions == HERE
    assert here.session is None
    for action in ("operate", "configure", "screens", "accounts", "own"):
        with pytest.raises(Refused):
            authorise(here, action)
    assert person_of("10.9.8.7").actions == frozenset()
    assert person_of("127.0.0.1", handed_on=True).actions == frozenset()


def test_an_account_may_do_what_any_of_its_roles_may() -> None:
    person = person_of_account(account("cases", "operator"), ROLES, 7)
    assert person.actions == {"see", "rows", "enter", "operate", "own"}
    assert person.departments == {"cases"}
    assert (person.roles, person.session, person.title) == ({"cases", "operator"}, 7, "李明")
    assert may(person, "operate")
    assert not may(person, "see", "customs")


def test_what_a_role_may_do_in_its_department_it_may_not_in_others() -> None:
    person = person_of_account(account("leader", "customs"), ROLES, 1)
    assert person.departments is None
    assert may(person, "export", "cases")
    assert may(person, "rows", "customs")
    assert not may(person, "rows", "cases"), "rows are seen of customs alone"
    assert person.sees_private("customs")
    assert not person.sees_private("cases")


def test_departments_of_two_roles_are_joined() -> None:
    person = person_of_account(account("customs", "cases"), ROLES, 1)
    assert person.departments == {"customs", "cases"}
    assert may(person, "rows", "customs")
    assert may(person, "rows", "cases")
    assert not may(person, "enter", "customs")


def test_roles_that_are_gone_from_the_catalogue_give_nothing() -> None:
    person = person_of_account(account("retired"), ROLES, 1)
    assert person.actions == OWN
    assert person.departments == frozenset()
    assert person.roles == frozenset()


def test_who_has_to_change_the_password_may_do_nothing_else() -> None:
    person = person_of_account(account("leader", must_change=True), ROLES, 1)
    assert person.actions == OWN
    assert not person.audience.sees("cases")


def test_the_shipped_city_has_somebody_who_looks_after_accounts() -> None:
    roles = load(Settings().catalog, AnyValue()).roles
    person = person_of_account(account("administrator", "shift_leader"), roles, 1)
    for action in ("see", "operate", "configure", "screens", "accounts", "observe"):
        assert may(person, action)
    officer = person_of_account(account("duty_officer"), roles, 1)
    assert may(officer, "operate")
    assert not may(officer, "accounts")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("123456789", TOO_SHORT),
        ("x" * 201, TOO_LONG),
        ("my-LI-password", TOO_EASY),
        ("abababababab", TOO_EASY),
        ("佛山的指挥中心每天都亮着", None),
        ("seven bridges of fo", None),
    ],
)
def test_passwords_that_are_guessed_first_are_not_taken(password: str, fault: Text | None) -> None:
    assert password_fault("li", password) == fault


def test_names_are_the_same_however_they_were_typed() -> None:
    assert name_of(" Ｌi.Ming ") == "li.ming"
    assert is_name("li.ming")
    assert is_name("李明")
    for wrong in ("", "a", "-a", "a b", "a/b", "loopback", "nobody", "a" * 65, "a\n"):
        assert not is_name(wrong), wrong


def test_a_password_fits_its_own_hash_alone_and_nobody_s_never() -> None:
    kept = hash_of("seven bridges of fo")
    assert "seven" not in kept
    assert kept.startswith("$argon2id$")
    assert fits(kept, "seven bridges of fo")
    assert not fits(kept, "seven bridges")
    assert not fits(None, "seven bridges")
    assert not fits("no hash", "seven bridges")
    assert not is_outdated(kept)


def test_one_time_passwords_and_tokens_are_never_the_same() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(password_fault("admin", one) is None for one in made)
    tokens = {new_token() for _ in range(50)}
    assert len({fingerprint(token) for token in tokens}) == 50
    assert min(len(token) for token in tokens) >= 43


def test_a_session_ends_by_itself() -> None:
    from dashboard.accounts import IDLE, LONGEST, Session

    until = NOW + LONGEST
    session = Session(1, "li", NOW, until - timedelta(hours=1), until, None, "", "")
    assert session.stands(until - timedelta(seconds=1))
    assert not session.stands(until), "however much was heard of it"
    assert not Session(1, "li", NOW, NOW, until, None, "", "").stands(NOW + IDLE)
    assert not Session(1, "li", NOW, NOW, until, NOW, "", "").stands(NOW)

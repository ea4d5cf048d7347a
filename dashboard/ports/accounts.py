"""Who signs in, as the web and the commands see it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from dashboard.accounts import Account, Session


@dataclass(frozen=True)
class Beginning:
    """A session that begins: who, in which browser, and the fingerprint of its token."""

    account: str
    token: str
    agent: str
    host: str


class Accounts(Protocol):
    """Accounts and sessions in the store. Every change has its note in the audit, by `who`; every
    method may raise Unreachable."""

    def account(self, name: str) -> Account | None:
        """An account, disabled ones too."""
        ...

    def accounts(self) -> list[Account]:
        """All accounts by name."""
        ...

    def add(self, account: Account, who: str, *, only_first: bool = False) -> bool:
        """Add an account; False where there is one of its name, with `only_first` where there is
        any."""
        ...

    def set_password(
        self, name: str, password: str, who: str, now: datetime, *, must_change: bool
    ) -> bool:
        """Keep another hash and end all sessions of the account; False where there is no such."""
        ...

    def strengthen(self, name: str, old: str, new: str) -> None:
        """Keep a newer hash of the same password."""
        ...

    def set_roles(self, name: str, roles: Sequence[str], who: str) -> bool:
        """False where there is no such account."""
        ...

    def set_disabled(self, name: str, who: str, now: datetime, *, disabled: bool) -> bool:
        """Shut an account out and end its sessions, or let it in again; False where there is none."""
        ...

    def begin(self, beginning: Beginning, now: datetime) -> int:
        """A session begins; its id. Those that ended long ago are forgotten."""
        ...

    def standing(
        self, tokens: Collection[str], now: datetime
    ) -> Mapping[str, tuple[Session, Account]]:
        """The sessions of these fingerprints that stand, of accounts that are not shut out."""
        ...

    def touch(self, session: int, now: datetime) -> None:
        """Something was heard of a session."""
        ...

    def sessions(self, account: str | None, now: datetime) -> list[Session]:
        """The sessions that stand, of an account or of all; what was heard of last comes first."""
        ...

    def end(self, session: int, who: str, now: datetime, account: str | None = None) -> bool:
        """Revoke a session, with `account` only where it is its; False where none stands."""
        ...

    def end_all(self, account: str, who: str, now: datetime, but: int | None = None) -> int:
        """Revoke all sessions of an account, `but` one; how many there were."""
        ...


class Attempts(Protocol):
    """How often signing in may be tried, by name and by host."""

    def take(self, name: str, host: str) -> timedelta | None:
        """Count an attempt; None where it may be made, else how long it has to wait."""
        ...

    def succeeded(self, name: str) -> None:
        """Forget what was tried for a name."""
        ...


class NoAccounts:
    """Nobody signs in: for what is built without a store."""

    def account(self, name: str) -> Account | None:
        """None."""
        return None

    def accounts(self) -> list[Account]:
        """None."""
        return []

    def add(self, account: Account, who: str, *, only_first: bool = False) -> bool:
        """Adds nothing."""
        return False

    def set_password(
        self, name: str, password: str, who: str, now: datetime, *, must_change: bool
    ) -> bool:
        """Of nobody."""
        return False

    def strengthen(self, name: str, old: str, new: str) -> None:
        """Of nobody."""

    def set_roles(self, name: str, roles: Sequence[str], who: str) -> bool:
        """Of nobody."""
        return False

    def set_disabled(self, name: str, who: str, now: datetime, *, disabled: bool) -> bool:
        """Of nobody."""
        return False

    def begin(self, beginning: Beginning, now: datetime) -> int:
        """None can begin."""
        raise LookupError("there are no accounts")

    def standing(
        self, tokens: Collection[str], now: datetime
    ) -> Mapping[str, tuple[Session, Account]]:
        """None."""
        return {}

    def touch(self, session: int, now: datetime) -> None:
        """There is none."""

    def sessions(self, account: str | None, now: datetime) -> list[Session]:
        """None."""
        return []

    def end(self, session: int, who: str, now: datetime, account: str | None = None) -> bool:
        """There is none."""
        return False

    def end_all(self, account: str, who: str, now: datetime, but: int | None = None) -> int:
        """There is none."""
        return 0


class NoAttempts:
    """Nobody signs in, so nobody may try."""

    def take(self, name: str, host: str) -> timedelta | None:
        """To be tried an hour later."""
        return timedelta(hours=1)

    def succeeded(self, name: str) -> None:
        """It never does."""

"""Accounts and sessions: who signs in, what a session is, which names and passwords are taken."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.text import Text

IDLE = timedelta(hours=12)
"""A session of which nothing was heard for this long has ended."""
LONGEST = timedelta(days=30)
"""And so has one of this age, whatever was heard of it."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
TOO_SHORT = Text(zh="密码至少 10 个字符", en="A password has at least 10 characters")
TOO_LONG = Text(zh="密码至多 200 个字符", en="A password has at most 200 characters")
TOO_EASY = Text(
    zh="密码太容易猜：不要含用户名，也不要重复几个字符",
    en="Too easy to guess: leave out the user name, and do not repeat a few characters",
)
FIRST_NAME = "admin"
FIRST_ROLES = ("administrator", "shift_leader")
"""The account that is made where there is none, and what it may do."""
_RESERVED = frozenset({"loopback", "nobody"})
"""Names of those who did not sign in, in the audit."""
_NAME = re.compile(r"\w[\w.-]{0,62}\w")


@dataclass(frozen=True)
class Account:
    """A person who signs in by `name` and is called `title`. `password` is a hash; while it
    `must_change` the account may do nothing else."""

    name: str
    title: str
    password: str
    roles: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None = None
    must_change: bool = False


@dataclass(frozen=True)
class Session:
    """A browser in which an account is signed in."""

    id: int
    account: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    agent: str
    host: str

    def stands(self, now: datetime) -> bool:
        """Whether it lets anybody in."""
        return self.revoked_at is None and now < min(self.expires_at, self.seen_at + IDLE)


def new_token() -> str:
    """What a browser holds for a session, or as a screen: 256 random bits."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a token: whoever reads the store cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def name_of(typed: str) -> str:
    """A name as it is kept, however its letters were typed."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def is_name(name: str) -> bool:
    """Whether an account may be called so: 2 to 64 letters, digits, dots, dashes."""
    return _NAME.fullmatch(name) is not None and name not in _RESERVED


def password_fault(name: str, password: str) -> Text | None:
    """Why a password is not taken; None where it is."""
    if len(password) < SHORTEST_PASSWORD:
        return TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return TOO_LONG
    # A name in it is what is tried first; and so is one sign many times.
    if name in password.casefold() or len(set(password)) < 4:
        return TOO_EASY
    return None

"""Passwords: hashed by argon2, told apart in the same time whoever asks, made up where one is needed."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher()
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other when read aloud or typed from a terminal."""


def hash_of(password: str) -> str:
    """What is kept of a password; takes a twentieth of a second, and 64 MB, on purpose."""
    return _HASHER.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one of a hash. Where there is none, the same is worked out as if
    there were, so that the time tells nobody which names exist."""
    try:
        return _HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made by weaker rules than those of today."""
    return _HASHER.check_needs_rehash(kept)


def one_time_password() -> str:
    """A password that is used once, to choose one's own: a hundred random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


@cache
def _nobodys() -> str:
    return hash_of(secrets.token_urlsafe(16))

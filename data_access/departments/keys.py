"""The key of a row as text: how it stands in an address, and what of it may be told."""

from collections.abc import Sequence
from typing import Any

from dashboard.records import joined_key
from data_access.departments.codes import code_of
from data_access.departments.scopes import Scope
from data_access.departments.times import Time


def key_time(scope: Scope, column: str) -> Time | None:
    """The time that a column of the key is, None where it is none."""
    names = (name for name, spec in scope.dataset.times.items() if spec.column == column)
    return next((scope.time(name) for name in names), None)


class Addresses:
    """Makes the addresses of a dataset's rows (`records.joined_key`) from their keys as read. They
    are empty where a part of the key is private: then no record can be opened."""

    def __init__(self, scope: Scope) -> None:
        self._times = [key_time(scope, name) for name in scope.dataset.key]
        self._open = not set(scope.dataset.key) & set(scope.dataset.private)

    def of(self, key: Sequence[Any]) -> str:
        """The address of one row; `key` in the key's order."""
        if not self._open:
            return ""
        return joined_key([_part(raw, t) for raw, t in zip(key, self._times, strict=True)])


def _part(raw: Any, time: Time | None) -> str:
    at = time.read(raw) if time is not None else None
    return at.isoformat() if at is not None else code_of(raw)

"""The center's own memory: history, leases, audit. `open_history(url)` is the way in."""

from data_access.store.accounts import SqlAccounts
from data_access.store.history import SqlHistory, open_history

__all__ = ["SqlAccounts", "SqlHistory", "open_history"]

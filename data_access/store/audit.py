"""Notes in the audit, in the transaction of what they are about."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from data_access.store import tables as t
from data_access.store.database import Database


def note(
    database: Database,
    connection: sa.Connection,
    who: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
) -> None:
    """Note who did what, with the store's own time."""
    row = {
        "at": database.clock(connection),
        "who": who,
        "action": action,
        "subject": subject,
        "detail": json.dumps(detail, ensure_ascii=False, default=str),
    }
    connection.execute(sa.insert(t.audit), [row])

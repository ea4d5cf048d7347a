"""Brings the store's tables to the newest shape at start, also when several processes start."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from data_access.store.database import Database

_LOCK = 7_263_548_190_113_201
"""Advisory lock under which one process at a time migrates a PostgreSQL store."""


def migrate(database: Database) -> None:
    """Apply the missing migrations in one transaction; other processes wait for it.

    Raises Unreachable where the store does not answer.
    """
    with database.writing() as connection:
        if not database.sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = Config()
        config.set_main_option("script_location", "data_access.store:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

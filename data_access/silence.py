"""PostgreSQL connections that are cut where the server stands still: its driver waits for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen

T = TypeVar("T")
_INTERVAL = 0.1
"""Seconds between two looks of the driver whether it has been told to stop."""


class Impatient(psycopg.Connection[Any]):
    """A connection on which no single wait, be it for a statement, for further rows of it or for a
    commit, lasts longer than `patience` seconds; it is closed then."""

    patience: float = 30.0

    def wait(self, gen: PQGen[T], interval: float = _INTERVAL, timeout: float | None = None) -> T:
        """All that the driver waits for passes here, but for the connecting itself."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:
            self.close()  # What was asked may still be answered, and be taken for another answer.
            raise

    @contextmanager
    def hurried(self, seconds: float) -> Iterator[None]:
        """Wait no longer than so many seconds each time within."""
        before, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = before


def make_impatient(engine: sa.Engine, patience: float, connecting: float) -> None:
    """Have an engine's connections closed after `patience` seconds of silence, and those of its
    pool asked whether they are still there, for which they have `connecting` seconds."""

    @sa.event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Impatient:
        opened = Impatient.connect(*arguments, **named)
        opened.patience = patience
        return opened

    @sa.event.listens_for(engine, "checkout")
    def _still_there(raw: Impatient, *_: Any) -> None:
        try:
            with raw.hurried(connecting):
                raw.autocommit = True  # One question is enough then, without BEGIN and ROLLBACK.
                raw.execute("SELECT 1")
                raw.autocommit = False
        except psycopg.Error as error:
            raise sa.exc.DisconnectionError() from error

"""What databases say when they fail, turned into `Unreachable` with words that are safe to show; into
`Declined` where the database is well and only this question is not to its liking, and into `TimedOut`
where this one took too long.

Drivers put hosts, users, paths and whole statements into their messages; none of that is passed on.
What is said is the kind of failure, and for a wrong name the nearest right one.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from dashboard.ports import Declined, TimedOut, Unreachable

_TIMED_OUT = {"57014", "1969", "3024", "1317"}
_LOCKED = {"55P03", "1205", "40001", "1213"}
_DENIED = {"42501", "1142", "1143", "1044"}
_READ_ONLY = {"25006", "1792", "1290"}
_NO_NAME = {"42703", "42P01", "1054", "1146"}
_LOGIN = {"28P01", "28000", "3D000", "1045", "1049", "1698"}
_LOGIN_CLASSES = ("28", "3D")
_TROUBLED = ("08", "40", "53", "55", "57", "58", "XX")
"""Classes of PostgreSQL's codes that tell of the server and its load, not of the statement."""
_EXHAUSTED = {"1021", "1028", "1037", "1038", "1040", "1041", "1053", "1203", "1226"}
"""The same of MariaDB: no room on the disk, no memory, too many connections, shutting down."""
_SQLITE_REFUSES = {1, 18, 20, 21, 23, 25}
"""SQLite's primary codes for what is wrong with a statement and not with the file."""


class Silent(Unreachable):
    """There was no way in: no other question would be answered either."""


class Misnamed(Declined):
    """A table or column that the database has not; `names` are those it has."""

    def __init__(self, where: str, kind: str, name: str, names: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        self.nearest = nearest(name, names)
        hint = f"; the nearest is {self.nearest!r}" if self.nearest else ""
        super().__init__(f"{where}: the database has no {kind} {name!r}{hint}")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The most similar of the names, None where none is similar at all."""
    found = process.extractOne(
        name, list(names), scorer=fuzz.WRatio, processor=str.casefold, score_cutoff=40
    )
    return str(found[0]) if found else None


@contextmanager
def answering(department: str, seconds: float) -> Iterator[None]:
    """Turn any failure of the database inside into Unreachable; `seconds` is the statement limit."""
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise Unreachable(f"{department}: all connections to the database are in use") from error
    except sa.exc.DBAPIError as error:
        raise _kind(error)(f"{department}: {_said(error, seconds)}") from error
    except (sa.exc.CompileError, sa.exc.NoSuchTableError, UnicodeError) as error:
        raise Declined(f"{department}: not readable ({type(error).__name__})") from error
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise Unreachable(f"{department}: not readable ({type(error).__name__})") from error


def _kind(error: sa.exc.DBAPIError) -> type[Unreachable]:
    if _is_declined(error):
        return Declined
    if _took_too_long(code_of(error), str(error.orig)):
        return TimedOut
    return Silent if _shuts_out_all(error) else Unreachable


def _is_declined(error: sa.exc.DBAPIError) -> bool:
    """Whether the database is well and refuses this statement. Time and locks are no refusal: the
    same statement may be answered a moment later, and a database in trouble says the like."""
    if isinstance(error.orig, sqlite3.Error):
        # Rows are fetched as they are asked for, so SQLite may refuse without a statement, and its
        # codes are wider than the one of the kind, which is the lowest byte.
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_REFUSES
    code = code_of(error)
    if not code or error.connection_invalidated or error.statement is None:
        return False  # What fails while a connection is made would fail with any statement.
    if code in _TIMED_OUT | _LOCKED | _LOGIN | _EXHAUSTED:
        return False
    if len(code) == 5:
        return not code.startswith((*_TROUBLED, *_LOGIN_CLASSES))
    return not code.startswith(("0", "2"))  # Those are of the client: the connection broke.


def _said(error: sa.exc.DBAPIError, seconds: float) -> str:
    code = code_of(error)
    refusal = _refusal(code, str(error.orig), seconds)
    if refusal is not None:
        return refusal
    if code in _LOGIN:
        return "the database refused the login"
    if is_away(error) and not _is_declined(error):
        return "the database does not answer"
    return f"the database refused the statement ({type(error.orig).__name__} {code})".rstrip()


def _refusal(code: str, text: str, seconds: float) -> str | None:
    """What a database said that answers, only not this statement."""
    sayings = (
        (
            _took_too_long(code, text),
            f"the statement was ended after {seconds:g} s",
        ),
        (code in _LOCKED or "locked" in text, "the database is locked by others"),
        (
            code in _READ_ONLY or "readonly" in text,
            "the connection only reads, a write was refused",
        ),
        (code in _DENIED, "the account has no right to read what was asked"),
        (code in _NO_NAME or "no such" in text, "a table or column named in the catalogue is gone"),
    )
    return next((said for holds, said in sayings if holds), None)


def _took_too_long(code: str, text: str) -> bool:
    return code in _TIMED_OUT or text == "interrupted"


def _shuts_out_all(error: sa.exc.DBAPIError) -> bool:
    code = code_of(error)
    refused = _refusal(code, str(error.orig), 0.0) is not None
    return not refused and (code in _LOGIN or is_away(error))


def code_of(error: sa.exc.DBAPIError) -> str:
    """The SQLSTATE of PostgreSQL or the error number of MariaDB; empty where there is none."""
    arguments = getattr(error.orig, "args", ())
    if arguments and isinstance(arguments[0], int):
        return str(arguments[0])
    return str(getattr(error.orig, "sqlstate", None) or "")


def is_away(error: sa.exc.DBAPIError) -> bool:
    """Whether there is no connection, as opposed to a statement that failed."""
    code = code_of(error)
    return (
        error.connection_invalidated
        or code.startswith(("08", "57P"))
        or code in {"2002", "2003", "2006", "2013"}
        or (isinstance(error, sa.exc.OperationalError) and (not code or error.statement is None))
    )

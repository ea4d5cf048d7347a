"""What is said of something that fails outside: its kind and its code, and never a driver's own words.

Those carry hosts, accounts, whole statements and values of rows, and what is said here goes into the
log and into the table of deliveries, which others read.
"""

import redis
import sqlalchemy as sa

from data_access.departments.faults import code_of, is_away


def reason_of(error: Exception) -> str:
    """Why something could not be done, in one line. What we or the system's own calls say of a
    folder or a table of ours is safe to repeat."""
    match error:
        case sa.exc.DBAPIError() if is_away(error):
            return f"the database does not answer ({kind_of(error)})"
        case sa.exc.DBAPIError():
            return f"the database refused the statement ({kind_of(error)})"
        case sa.exc.SQLAlchemyError():
            return f"the database cannot be used ({type(error).__name__})"
        case redis.RedisError():
            return f"Redis does not answer as it should ({type(error).__name__})"
    return " ".join(str(error).split())[:300]


def kind_of(error: sa.exc.DBAPIError) -> str:
    """The driver's name for an error, and the database's code where it has one."""
    code = code_of(error) or getattr(error.orig, "sqlite_errorname", "")
    return f"{type(error.orig).__name__} {code}".strip()

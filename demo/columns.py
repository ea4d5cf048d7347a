"""Columns as departments write them; a column remembers in which form it holds its times."""

from typing import Any

import sqlalchemy as sa

LOST = -2_208_988_800 - 8 * 3600
"""1900-01-01 00:00 on the city's clock: what some systems write for a date that is not there."""

SLASHED = 10**12
"""Added to a time that is written in the column's other form: 2026/11/22 10:20:30."""


def local(name: str, *, index: bool = False, lost: bool = False) -> sa.Column[Any]:
    """A wall-clock timestamp of the city; with `lost`, 1900-01-01 stands for an empty one."""
    info = {"form": "local", "lost": lost}
    return sa.Column(name, sa.DateTime(), index=index, info=info)


def instant(name: str, *, index: bool = False) -> sa.Column[Any]:
    """A moment: timestamptz where the engine has it, else naive UTC."""
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, index=index, info={"form": "instant"})


def epoch(name: str, *, index: bool = False) -> sa.Column[Any]:
    """Seconds since 1970."""
    return sa.Column(name, sa.BigInteger(), index=index, info={"form": "epoch"})


def millis(name: str, *, index: bool = False) -> sa.Column[Any]:
    """Milliseconds since 1970."""
    return sa.Column(name, sa.BigInteger(), index=index, info={"form": "millis"})


def stamp(name: str, *, index: bool = False) -> sa.Column[Any]:
    """Wall-clock time as text of 14 digits, YYYYMMDDHHMMSS, or `SLASHED` by hand."""
    return sa.Column(name, sa.String(20), index=index, info={"form": "stamp"})


def hour_key(name: str) -> sa.Column[Any]:
    """A part of the key: an hour by its end as text, in which midnight is 24:00 of the day."""
    return sa.Column(name, sa.String(16), primary_key=True, index=True, info={"form": "hour"})


def local_key(name: str) -> sa.Column[Any]:
    """A part of the key: a wall-clock timestamp of the city."""
    return sa.Column(name, sa.DateTime(), primary_key=True, index=True, info={"form": "local"})


def version(name: str) -> sa.Column[Any]:
    """A part of the key: how many times the row has been sent."""
    return sa.Column(name, sa.Integer(), primary_key=True, autoincrement=False)


def key(name: str, length: int = 32) -> sa.Column[Any]:
    """A text that names the row, or a part of its key."""
    return sa.Column(name, sa.String(length), primary_key=True)


def word(name: str, length: int = 40) -> sa.Column[Any]:
    """A short text."""
    return sa.Column(name, sa.String(length))


def number(name: str) -> sa.Column[Any]:
    """A measured number, double precision on every engine."""
    return sa.Column(name, sa.Double())


def whole(name: str) -> sa.Column[Any]:
    """A whole number."""
    return sa.Column(name, sa.Integer())


def money(name: str) -> sa.Column[Any]:
    """An exact amount with two decimals, held in hundredths inside the demo."""
    return sa.Column(name, sa.Numeric(18, 2), info={"form": "hundredths"})

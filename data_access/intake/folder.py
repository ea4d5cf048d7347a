"""A landing folder: which files wait in it, and where they go once they are judged."""

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dashboard.catalogue.deliveries import Delivery
from data_access.intake.ledger import Arrival

TAKEN, REFUSED = "taken", "refused"
NOTE, SLIPS = ".reason.txt", ".rows.csv"
"""How the files end by which the center tells of another file: why it was refused, and its rows
that were set aside. One that is moved back with what it tells of is no delivery."""
_OURS = re.compile(r".*\.(csv|txt|xlsx)(\.reason\.txt|\.rows\.csv)", re.I)
SETTLES = 5.0
"""Seconds for which a file must not have been written, before it is taken for complete."""
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")
_PARTS = {"%Y": r"(?P<Y>\d{4})", "%m": r"(?P<m>\d{2})", "%d": r"(?P<d>\d{2})", "*": ".*"}


@dataclass(frozen=True)
class Waiting:
    """A file that waits: what it is called, its size, and when it was last written (ns)."""

    path: Path
    size: int
    written: int

    @property
    def mark(self) -> tuple[str, int, int]:
        """By what it is known again without being read."""
        return self.path.name, self.size, self.written

    def came(self, now: datetime) -> datetime:
        """When it came: when it was last written, and no later than now."""
        return min(now, datetime.fromtimestamp(self.written / 1e9, UTC))

    def read(self, most: int) -> bytes:
        """Its bytes, and no more than one beyond the most. Raises OSError, also where it has become
        a link meanwhile."""
        handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            return file.read(most + 1)

    def arrival(self, data: bytes | None, now: datetime) -> Arrival:
        """The file as the ledger knows it; one that is not read has no digest."""
        digest = "" if data is None else hashlib.sha256(data).hexdigest()
        return Arrival(self.path.name, digest, self.written // 1_000_000, self.came(now))


def waiting(folder: Path, now: datetime) -> list[Waiting]:
    """Complete files, the oldest first. Raises OSError where the folder cannot be read.

    A link is none: who may write here must not have the center read, and tell of, other files.
    """
    found = []
    for path in folder.iterdir():
        name = path.name
        unfinished = name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED)
        if unfinished or _OURS.fullmatch(name):
            continue
        try:
            told = path.lstat()
        except FileNotFoundError:
            continue  # Its sender took it away between the two looks.
        if stat.S_ISREG(told.st_mode) and now.timestamp() - told.st_mtime >= SETTLES:
            found.append(Waiting(path, told.st_size, told.st_mtime_ns))
    return sorted(found, key=lambda one: (one.written, one.path.name))


def feed_of(name: str, feeds: Mapping[str, Delivery]) -> tuple[str, date] | None:
    """The feed whose pattern a file's name fits, and the day that it names."""
    for feed, delivery in feeds.items():
        day = day_in(delivery.pattern or "", name)
        if day is not None:
            return feed, day
    return None


def day_in(pattern: str, name: str) -> date | None:
    """The day that a name says by a pattern; None where it does not fit."""
    parts = re.split(r"(%Y|%m|%d|\*)", pattern)
    found = re.fullmatch("".join(_PARTS.get(part, re.escape(part)) for part in parts), name, re.I)
    if found is None:
        return None
    try:
        return date(int(found["Y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def put_away(file: Waiting, place: str, now: datetime) -> Path:
    """Move a file into a folder beside it; gives where it is now. Raises OSError where that fails.

    Who corrects a file sends it under the same name, so a second one of it is told by the time.
    """
    told = file.path.lstat()
    if (told.st_size, told.st_mtime_ns) != (file.size, file.written):
        return file.path  # It was written anew meanwhile: that is another delivery, still to come.
    folder = file.path.parent / place
    make_own(folder)
    target = folder / file.path.name
    if target.exists():
        target = folder / f"{file.path.stem}.{now:%Y%m%dT%H%M%S%f}{file.path.suffix}"
    return file.path.rename(target)


def make_own(folder: Path) -> None:
    """Make a folder of the center's in a landing folder. Raises OSError where a link stands there:
    a sender could lead what is written to anywhere."""
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    folder.mkdir(exist_ok=True)


def tidy(folder: Path, older: timedelta, now: datetime) -> None:
    """Delete files that were taken in long ago."""
    for path in files_in(folder / TAKEN):
        if now.timestamp() - path.lstat().st_mtime > older.total_seconds():
            path.unlink(missing_ok=True)


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that may not be there; what a link of a sender leads to is not ours."""
    if folder.is_symlink() or not folder.is_dir():
        return iter(())
    return (path for path in folder.iterdir() if path.is_file())

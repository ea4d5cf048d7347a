"""The catalogue as it stands now: read again when its files change, the last good kept."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from dashboard.catalogue.city import Catalogue
from dashboard.catalogue.load import load
from dashboard.catalogue.tree import TreeReader

_EVERY = 1.0
"""Seconds between looks at the files."""
_LOG = structlog.get_logger(__name__)

Stamp = frozenset[tuple[str, int, int]]


class WatchedCatalogue:
    """A `ports.CatalogueSource` over a folder. `clock` counts seconds and never goes back.

    A bad edit keeps the last good version of what it broke: `current().problems` says so. Files
    that cannot be read at all (a folder gone for a moment) leave the whole catalogue as it was.
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._environ, self._clock = folder, environ, clock
        self._lock = threading.Lock()
        self._stamp = stamp_of(folder)
        self._reader = TreeReader()
        self._catalogue = load(folder, environ, read=self._reader)
        self._looked = clock()
        self._unreadable = False
        _log_problems(self._catalogue, None)

    def current(self) -> Catalogue:
        """The newest good catalogue. Looks at the files at most once a second, in one thread;
        the others meanwhile go on with what they have."""
        if self._clock() - self._looked >= _EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._catalogue

    def _look(self) -> None:
        self._looked = self._clock()
        try:
            stamp = stamp_of(self._folder)
            if stamp != self._stamp:
                self._read_again(stamp)
        except OSError as error:
            if not self._unreadable:
                _LOG.error("catalogue unreadable, the last one is kept", reason=str(error))
            self._unreadable = True
        else:
            self._unreadable = False

    def _read_again(self, stamp: Stamp) -> None:
        before = self._catalogue
        after = load(self._folder, self._environ, before, self._reader)
        # A file saved while we read is seen at the next look: the stamp is from before.
        self._stamp = stamp
        if after.version != before.version:
            self._catalogue = after
            _LOG.info("catalogue read again", version=after.version, before=before.version)
            _log_problems(after, before)


def stamp_of(folder: Path) -> Stamp:
    """Names, sizes and times of the catalogue's files: what changes when one is edited.

    Raises OSError where the folder cannot be read.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"found no folder {folder}, expected the catalogue's")
    stats = ((path, path.stat()) for path in folder.rglob("*.yaml"))
    return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def _log_problems(catalogue: Catalogue, before: Catalogue | None) -> None:
    """Say each problem once, when it appears."""
    known = set(before.problems) if before else set()
    for problem in catalogue.problems:
        if problem not in known:
            _LOG.warning("catalogue problem", problem=str(problem))

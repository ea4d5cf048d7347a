"""Where deliveries come in: folders and streams by the variables that the catalogue names."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.catalogue.deliveries import Delivery
from dashboard.catalogue.departments import VARIABLE


@dataclass(frozen=True)
class Places:
    """The environment's variables, the data folder, the center's Redis and its prefix."""

    environ: Mapping[str, str]
    data: Path
    redis_url: str
    prefix: str

    def folder(self, department: str, feed: Delivery) -> Path:
        """The landing folder of a feed; in the data folder, and made, where none is set. Raises
        OSError where it cannot be made."""
        named = self._filled(feed.folder)
        if named is not None:
            return Path(named)
        own = self.data / "incoming" / department
        own.mkdir(parents=True, exist_ok=True)
        return own

    def stream(self, department: str, name: str, feed: Delivery) -> str:
        """The stream of a feed."""
        return self._filled(feed.stream) or f"{self.prefix}:incoming:{department}:{name}"

    def redis(self, feed: Delivery) -> str:
        """The URL of the Redis that a feed is pushed into."""
        return self._filled(feed.redis) or self.redis_url

    def is_own_redis(self, feed: Delivery) -> bool:
        """Whether a feed is pushed into the center's own Redis."""
        return self.redis(feed) == self.redis_url

    def refused(self, department: str) -> Path:
        """Where entries that were set aside are kept."""
        return self.data / "incoming" / department / "refused"

    def _filled(self, text: str | None) -> str | None:
        """A text with its variables filled in; None where one is not set."""
        if text is None or any(not self.environ.get(name) for name in VARIABLE.findall(text)):
            return None
        return VARIABLE.sub(lambda name: self.environ[name[1]], text)


def consumer_of(data: Path) -> str:
    """The name by which the receiver of a data folder reads streams: the same after a start, so
    that what it had read and not acknowledged comes first."""
    return f"{socket.gethostname()}:{data.stat().st_ino}"

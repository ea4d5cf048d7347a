"""The outbox of a department: what has changed since it was last published, in one batch a time."""

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from dashboard.frames import POINTS, SECTIONS, Entry
from dashboard.ports import LivePublisher
from dashboard.reasons import Reason

_UNTOLD = {
    "readings": ("collected_at",),
    "feeds": ("collected_at", "tick_ms"),
    "facts": ("at", "lag_s", "ticks", "skipped", "failures", "queries"),
    "layers": ("at",),
    "lists": ("at",),
}
"""What may change without being worth an entry of its own, by section."""
BEAT = 10.0
"""Seconds after which an entry is sent again though nothing else than these has changed."""
Wanted = Mapping[str, Mapping[str, Entry]]


@dataclass
class Outbox:
    """Sends what is new to Redis; what could not be sent stays to be sent.

    `left_behind` are keys by section that an earlier collector published. They stay up, and grow
    old by themselves, until there is something to say instead: a reading until it is read or
    cannot be, what is `made_later` (keys by section) for `settling` seconds. Others are removed at
    once where they are wanted no more. Times are seconds of a monotonic clock.
    """

    publisher: LivePublisher
    department: str
    beat: float = BEAT
    left_behind: Mapping[str, list[str]] = field(default_factory=dict)
    made_later: Mapping[str, Set[str]] = field(default_factory=dict)
    settling: float = 0.0
    _began: float = field(default_factory=time.monotonic)
    _sent: dict[str, dict[str, tuple[Entry, float]]] = field(default_factory=dict)

    def send(self, token: int, wanted: Wanted, now: float) -> bool:
        """Publish what changed, all of it where Redis has lost it. False where Redis did not
        answer. Raises Fenced."""
        whole = self.publisher.needs_refill(self.department)
        if whole and self.left_behind and not self.publisher.holds(self.department):
            self.left_behind = {}  # It is gone with all else, so nothing of it stays up.
        batch = self._changes(wanted, now, whole)
        if not any(batch.values()):
            return True
        if not self.publisher.publish(self.department, token, batch):
            return False
        for section, entries in batch.items():
            sent = self._sent.setdefault(section, {})
            for key, entry in entries.items():
                if entry is None:
                    sent.pop(key, None)
                else:
                    sent[key] = entry, now
        self.left_behind = {
            section: [key for key in keys if key not in batch.get(section, {})]
            for section, keys in self.left_behind.items()
        }
        return True

    def keys(self) -> dict[str, list[str]]:
        """What is published now, by section, to be remembered over a restart."""
        sections = dict.fromkeys([*self._sent, *self.left_behind])
        found = {s: {*self._sent.get(s, ()), *self.left_behind.get(s, ())} for s in sections}
        return {section: sorted(keys) for section, keys in found.items() if keys}

    def _changes(
        self, wanted: Wanted, now: float, whole: bool
    ) -> dict[str, dict[str, Entry | None]]:
        batch: dict[str, dict[str, Entry | None]] = {}
        for section in (*SECTIONS, POINTS):
            sent, entries = self._sent.get(section, {}), wanted.get(section, {})
            left = self.left_behind.get(section, ())
            news: dict[str, Entry | None] = {
                key: entry
                for key, entry in entries.items()
                if not (key in left and entry.get("reason") == Reason.NOT_READ.value)
                and (whole or self._is_news(section, entry, sent.get(key), now))
            }
            settles = now - self._began < self.settling
            later = self.made_later.get(section, frozenset()) if settles else frozenset()
            known = [*sent, *(key for key in left if key not in later)]
            news |= {key: None for key in known if key not in entries}
            if news:
                batch[section] = news
        return batch

    def _is_news(
        self, section: str, entry: Entry, sent: tuple[Entry, float] | None, now: float
    ) -> bool:
        if sent is None:
            return True
        before, at = sent
        if before == entry:
            return False
        untold = _UNTOLD.get(section, ())
        return now - at >= self.beat or _told(before, untold) != _told(entry, untold)


def _told(entry: Entry, untold: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in untold}

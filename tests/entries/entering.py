"""A product of the shipped forms alone: store, collector and web on one folder, with a clock that
tests move."""

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collector.collecting import QUICK, Watch

from app import store_url, with_own
from dashboard.catalogue.watch import WatchedCatalogue
from dashboard.entries import Statement
from dashboard.settings import Settings
from data_access.collector import Collector
from data_access.departments.source import SqlSource
from data_access.live.publisher import RedisPublisher
from data_access.store import SqlHistory, open_history

CATALOG = Path(__file__).parents[2] / "catalog"
PARTS = ("forms", "codes", "departments/entries.yaml")
ROLES = """\
roles:
  - {key: duty_officer, title: {zh: 值班员, en: Duty officer}, actions: [see, enter]}
  - {key: shift_leader, title: {zh: 值班长, en: Shift leader}, actions: [see, enter]}
"""


@dataclass
class Moved:
    """The time, and so much later where a test says so."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later


@dataclass
class Desk:
    """What a test works with."""

    settings: Settings
    history: SqlHistory
    watch: Watch
    clock: Moved = field(default_factory=Moved)

    def enter(self, place: str, **values: float) -> None:
        """An entry as the page makes it."""
        at = self.clock().replace(microsecond=0)
        until = at + timedelta(hours=3)
        self.history.enter(
            Statement("transfer", place, place, None, values, "李明", "me", at, until)
        )

    def reading(self, name: str = "to_move") -> dict[str, Any]:
        return self.watch.reading(f"entries.{name}")


@contextmanager
def desk(folder: Path, redis_url: str) -> Iterator[Desk]:
    """A running collector over the store of `folder`."""
    catalog = folder / "catalog"
    for part in PARTS:
        source, target = CATALOG / part, catalog / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    (catalog / "roles.yaml").write_text(ROLES, encoding="utf-8")
    prefix = f"cc-test-{uuid.uuid4().hex[:8]}"
    settings = Settings(catalog=catalog, data=folder, redis_url=redis_url, redis_prefix=prefix)
    made = Desk(settings, open_history(store_url(settings)), Watch(redis_url, prefix))
    catalogue = WatchedCatalogue(catalog, with_own(settings, {}))
    assert not catalogue.current().problems, catalogue.current().problems
    publisher = RedisPublisher(redis_url, prefix, 1000)

    def source_of(*arguments: Any, **more: Any) -> SqlSource:
        return SqlSource(*arguments, clock=made.clock, **more)

    collector = Collector(
        catalogue, made.history, publisher, source_of, clock=made.clock, pace=QUICK
    )
    thread = threading.Thread(target=collector.run)
    thread.start()
    try:
        yield made
    finally:
        collector.stop()
        thread.join(10)
        made.history.close()

"""A small product of the center alone: store, collector and web, with a wall and a side screen, and
one officer who may drive them."""

import shutil
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import sqlalchemy as sa
from collector.collecting import QUICK, Watch
from web_server import serve_web

from app import create_app, store_url, with_own
from dashboard.accounts import Account
from dashboard.catalogue.watch import WatchedCatalogue
from dashboard.matters import Matter
from dashboard.passwords import hash_of
from dashboard.readings import Level
from dashboard.settings import Settings
from dashboard.text import Text
from data_access.collector import Collector
from data_access.departments.source import SqlSource
from data_access.live.publisher import RedisPublisher
from data_access.store import SqlAccounts, SqlHistory, open_history, tables
from data_access.store.screens import SqlScreens

CATALOG = Path(__file__).parents[2] / "catalog"
SCREENS = """\
screens:
  - key: duty
    title: {zh: 值班屏, en: Duty wall}
    room: {zh: 大厅, en: Hall}
    focus: center.matters_open
    blocks:
      - department: center
        numbers: [center.screens_silent, center.tickets_open]
  - key: side
    title: {zh: 侧屏, en: Side screen}
    kind: side
    pages:
      - {path: /department/center, dwell: 45s}
      - {path: /indicator/center.matters_open, dwell: 45s}
"""
ROLES = """\
roles:
  - key: duty_officer
    title: {zh: 值班员, en: Duty officer}
    actions: [see, operate]
"""
OFFICER, PASSWORD = "chen", "seven bridges of fo"


@dataclass
class Product:
    """What a test works with."""

    settings: Settings
    history: SqlHistory
    watch: Watch

    @property
    def screens(self) -> SqlScreens:
        return SqlScreens(self.history.database)

    def publish_alarm(self, key: str, title: str) -> None:
        """An alarm as another collector would publish it."""
        matter = Matter(
            id=f"elsewhere/{key}",
            department="center",
            kind="limit",
            level=Level.ALARM,
            title=Text(zh=title, en=title),
            place=Text(zh="全市", en="The city"),
            since=datetime.now(UTC),
            indicator=key,
        )
        publisher = RedisPublisher(self.settings.redis_url, self.settings.redis_prefix, 1000)
        assert publisher.publish("elsewhere", 1, {"matters": {matter.id: matter.wire()}})

    def audit(self) -> list[tuple[str, str]]:
        """Who did what, the oldest first."""
        with self.history.database.reading() as connection:
            c = tables.audit.c
            return [(who, action) for who, action in connection.execute(sa.select(c.who, c.action))]


@contextmanager
def product(
    folder: Path, redis_url: str, more: Mapping[str, str] | None = None
) -> Iterator[Product]:
    """A running collector over the store of `folder`, and the catalogue of the center with the files
    of `more`."""
    catalog = folder / "catalog"
    (catalog / "departments").mkdir(parents=True)
    shutil.copy(CATALOG / "departments" / "center.yaml", catalog / "departments")
    (catalog / "screens.yaml").write_text(SCREENS, encoding="utf-8")
    (catalog / "roles.yaml").write_text(ROLES, encoding="utf-8")
    for name, text in (more or {}).items():
        (catalog / name).parent.mkdir(exist_ok=True)
        (catalog / name).write_text(text, encoding="utf-8")
    prefix = f"cc-test-{uuid.uuid4().hex[:8]}"
    settings = Settings(catalog=catalog, data=folder, redis_url=redis_url, redis_prefix=prefix)
    made = Product(settings, open_history(store_url(settings)), Watch(redis_url, prefix))
    officer = Account(OFFICER, "陈值班", hash_of(PASSWORD), ("duty_officer",), datetime.now(UTC))
    assert SqlAccounts(made.history.database).add(officer, "tests")
    catalogue = WatchedCatalogue(catalog, with_own(settings, {}))
    assert not catalogue.current().problems, catalogue.current().problems
    publisher = RedisPublisher(redis_url, prefix, 1000)
    collector = Collector(catalogue, made.history, publisher, SqlSource, pace=QUICK)
    thread = threading.Thread(target=collector.run)
    thread.start()
    try:
        yield made
    finally:
        collector.stop()
        thread.join(10)
        made.history.close()


@contextmanager
def served(made: Product) -> Iterator[str]:
    """The web of a product; its address."""
    with serve_web(create_app(made.settings, {}).server) as url:
        yield url


@contextmanager
def signed_in(base: str) -> Iterator[httpx.Client]:
    """A program with the session of the officer."""
    with httpx.Client(base_url=base) as officer:
        form = {"name": OFFICER, "password": PASSWORD, "next": "/screens"}
        answer = officer.post("/sign-in", data=form)
        assert answer.status_code == 303, answer.text
        yield officer

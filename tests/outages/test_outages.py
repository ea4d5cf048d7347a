"""Parts of the house die one after another; the wall keeps its values, says what is late, recovers.

`OUTAGE_SECONDS` is how long each stays down: a few seconds in the ordinary run, 30 in the long one
(`make outages`).
"""

import os
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from outages.faulty_proxy import FaultyProxy
from outages.stage import Stage, catalogue_copy, shown, wait_for, wall_of
from playwright.sync_api import Browser, Page
from servers import ROOT, make_database

DOWN = float(os.environ.get("OUTAGE_SECONDS", "12"))
RECOVERY = 5.0
BANNER = "[data-connection]:visible"
PARTS = ("redis", "simulate", "collect", "serve")
LATE, REFRESH = 6.0, 2.0
"""Seconds of the catalogue of this test: how long after a refresh customs is late."""
LIMIT = LATE + REFRESH
LIVELY = 1800.0
"""Seconds: what is late no sooner than this does not come by the minute."""
SCREEN = 2.0
"""Seconds until a screen says what it knows: it looks at ages once a second."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def proxy(request: pytest.FixtureRequest) -> Iterator[tuple[FaultyProxy, str, str]]:
    """A customs department on PostgreSQL behind a faulty proxy: proxy, direct URL, proxied URL."""
    database = make_database("postgresql", request, ROOT)
    direct = sa.make_url(next(database))
    faulty = FaultyProxy(direct.port or 5432)
    proxied = direct.set(host="127.0.0.1", port=faulty.port)
    yield (
        faulty,
        direct.render_as_string(hide_password=False),
        proxied.render_as_string(hide_password=False),
    )
    faulty.close()
    next(database, None)


@pytest.fixture(scope="module")
def stage(
    proxy: tuple[FaultyProxy, str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The whole product, living."""
    folder = tmp_path_factory.mktemp("stage")
    catalogue = catalogue_copy(ROOT / "catalog", folder / "catalog", "customs", LATE, REFRESH)
    _, direct, proxied = proxy
    urls = {
        f"{name.upper()}_URL": f"sqlite:///{folder}/{name}.sqlite"
        for name in ("transit", "cases", "environment", "incidents")
    }
    made = Stage(
        folder,
        {
            **urls,
            "CUSTOMS_URL": proxied,
            "COMMAND_CENTER_CATALOG": str(catalogue),
            "COMMAND_CENTER_DEMO_DAYS": "2",
        },
        {"simulate": {"CUSTOMS_URL": direct}},
    )
    made.make_city()
    for name in PARTS:
        made.start(name)
    wait_for(made.ready, 60)
    yield made
    made.close()


@pytest.fixture(scope="module")
def wall(stage: Stage, chromium: Browser) -> Iterator[Page]:
    """One wall that stays open through everything; it is never reloaded."""
    with wall_of(chromium, stage.url) as page:
        page.evaluate("window.neverReloaded = true")
        wait_for(lambda: all(state == "fresh" for _, state in _due(page).values()), 30)
        yield page


@pytest.fixture(autouse=True)
def whole(stage: Stage, proxy: tuple[FaultyProxy, str, str], wall: Page) -> None:
    """Whatever a test before left down is up again, and the wall has seen it."""
    proxy[0].set("forward")
    for name in PARTS:
        if name not in stage.running:
            stage.start(name)
    wait_for(stage.ready, 60)
    wait_for(lambda: all(state == "fresh" for _, state in _due(wall).values()), 60)


def _due(page: Page) -> dict[str, tuple[str, str]]:
    """What is due of what comes by the minute: what comes by the hour may be late by itself, such
    as the air where one instrument is at fault, and no outage of these tests makes it so."""
    lively = _lively(page)
    return {k: seen for k, seen in shown(page).items() if k in lively and seen[1] != "not_due"}


def _lively(page: Page) -> set[str]:
    script = """limit => [...window.CommandCenter.live.stream.sections.readings]
        .filter(([, reading]) => reading.late_after < limit).map(([key]) => key)"""
    return set(page.evaluate(script, LIVELY))


def _customs(page: Page) -> set[str]:
    """The state of what is read with every tick; asked windows have longer limits of their own."""
    return {state for key, (_, state) in _due(page).items() if key == "customs.unreleased"}


def _others(page: Page) -> set[str]:
    return {state for key, (_, state) in _due(page).items() if not key.startswith("customs.")}


def _numbers(page: Page) -> dict[str, str]:
    """The numbers that are shown, by indicator."""
    seen = shown(page).items()
    return {key: text for key, (text, state) in seen if state != "not_due" and text.strip("—– ")}


def _values_stay(page: Page, seconds: float, until_late: float | None = None) -> None:
    """Every number stays readable for that long; where a limit is given, customs says within so
    many seconds that it is late, and says so to the end."""
    known = _numbers(page)
    assert len(known) >= 10
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        seen = shown(page)
        assert [key for key in known if not seen[key][0].strip("—– ")] == []
        if until_late is not None and passed > until_late:
            assert "fresh" not in _customs(page), f"not late after {passed:.1f} s"
        time.sleep(0.5)


def _stand_still(page: Page, seconds: float) -> None:
    """Nothing can move a number while the web or Redis is away: each keeps its very text."""
    time.sleep(1)  # A frame may still be under way.
    known = _numbers(page)
    _values_stay(page, seconds - 1, LIMIT + SCREEN)
    assert {key: text for key, text in _numbers(page).items() if key in known} == known


def _newest(page: Page) -> float:
    """The newest moment at which anything on the wall was collected, as the wall knows it."""
    script = """Math.max(...[...window.CommandCenter.live.stream.sections.readings.values()]
        .map(reading => Date.parse(reading.collected_at) || 0))"""
    return float(page.evaluate(script)) / 1000


def _moves_again(page: Page) -> float:
    """Seconds until the wall has something collected after now."""
    now = time.time()
    took = wait_for(lambda: _newest(page) > now, 30)
    assert page.evaluate("window.neverReloaded") is True
    return took


def _recovered(page: Page, what: str) -> None:
    """The wall moves again soon after the part is up."""
    took = _moves_again(page)
    print(f"\n{what}: the wall moves again after {took:.1f} s")
    assert took <= RECOVERY


def test_redis_killed_and_replaced_by_an_empty_one(stage: Stage, wall: Page) -> None:
    stage.kill("redis")
    _stand_still(wall, DOWN)
    stage.start("redis")
    _recovered(wall, "Redis killed")
    wait_for(lambda: _others(wall) == {"fresh"}, 10)


def test_redis_flushed(stage: Stage, wall: Page) -> None:
    stage.redis.flushall()
    _recovered(wall, "Redis flushed")
    _values_stay(wall, 3)
    keys = {key.partition(".")[0] for key in shown(wall)}
    assert keys >= {"transit", "customs", "cases", "environment", "incidents"}


@pytest.mark.parametrize("fault", ["dead", "hanging"])
def test_one_department_down_is_late_and_no_other_notices(
    stage: Stage, wall: Page, proxy: tuple[FaultyProxy, str, str], fault: str
) -> None:
    wait_for(lambda: _customs(wall) == {"fresh"}, 20)
    proxy[0].set("dead" if fault == "dead" else "hanging")
    began = time.monotonic()
    marked = wait_for(lambda: "fresh" not in _customs(wall), LIMIT + SCREEN)
    while time.monotonic() - began < DOWN:
        assert _others(wall) == {"fresh"}
        assert "fresh" not in _customs(wall)
        time.sleep(0.5)
    _values_stay(wall, 1)
    proxy[0].set("forward")
    took = wait_for(lambda: _customs(wall) == {"fresh"}, 30)
    print(f"\ncustoms {fault}: late after {marked:.1f} s, fresh again after {took:.1f} s")
    assert took <= RECOVERY


def test_collector_killed(stage: Stage, wall: Page) -> None:
    stage.kill("collect")
    _values_stay(wall, DOWN, LIMIT + SCREEN)
    up = stage.start_until("collect", "event=collecting")
    _recovered(wall, f"collector killed, up in {up:.1f} s")
    # A first tick asks for all that there is, in all departments at once.
    took = wait_for(lambda: _customs(wall) == {"fresh"}, 20)
    print(f"customs fresh {took:.1f} s later")


def test_web_killed(stage: Stage, wall: Page) -> None:
    stage.kill("serve")
    wait_for(lambda: wall.locator(BANNER).count() > 0, 5)
    _stand_still(wall, DOWN)
    began = time.monotonic()
    stage.start("serve")
    wait_for(stage.ready, 60)
    _recovered(wall, f"web killed, up in {time.monotonic() - began:.1f} s")
    wait_for(lambda: wall.locator(BANNER).count() == 0, 5)

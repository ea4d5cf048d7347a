"""Who is silent holds up only his own: other departments, the store and health go on."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from small_city import NOW, MemoryHistory, MemorySeries, make_services
from structlog.testing import capture_logs

from callbacks.lanes import Lanes, lane_of
from callbacks.services import Services
from callbacks.web import build_web
from dashboard.access import EVERYTHING, Person
from dashboard.ports import Busy, Series, SeriesRequest, Unreachable

ME = Person("me", actions=EVERYTHING)


class Hanging(MemorySeries):
    """Questions about one department hang until they are let go."""

    def __init__(self, department: str) -> None:
        super().__init__()
        self.department = department
        self.let_go = threading.Event()

    def answer(self, request: SeriesRequest) -> Series:
        if request.key.startswith(self.department):
            self.let_go.wait(30)
        return super().answer(request)


@pytest.fixture
async def hanging() -> AsyncIterator[Services]:
    """The small city, in which the department of cases hangs."""
    series = Hanging("cases.")
    services = replace(make_services(), series=series, lanes=Lanes(2, 2, patience=0.4))
    yield services
    series.let_go.set()
    services.lanes.close()


@pytest.fixture
async def asking(hanging: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_web(hanging).server, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_a_silent_department_holds_up_neither_others_nor_the_store_nor_health(
    asking: httpx.AsyncClient, hanging: Services
) -> None:
    paths = [f"/api/series/cases.lodged?window={days}d" for days in range(1, 21)]
    asked = [asyncio.create_task(asking.get(path)) for path in paths]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    for path in ("/readyz", "/healthz", "/metrics", "/api/readings", "/api/series/customs.released",
                 "/export/customs.released.csv"):  # fmt: skip
        assert (await asking.get(path)).status_code == 200, path
    assert time.monotonic() - began < 2
    answers = [await one for one in asked[2:]]
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].json()["error"]["en"].startswith("The source is answering other questions")
    assert "busy" in answers[0].json()["reason"]
    hanging.series.let_go.set()  # type: ignore[attr-defined]
    assert {(await one).status_code for one in asked[:2]} == {200}


async def test_many_who_ask_the_same_hold_one_thread_and_the_departments_history_goes_on(
    hanging: Services,
) -> None:
    series: Any = hanging.series
    series.department = "cases.lodged"
    end = NOW - timedelta(milliseconds=500)
    start = NOW - timedelta(days=7)
    windows = [(start, end - timedelta(milliseconds=200 * n)) for n in range(20)]
    many = [
        asyncio.create_task(hanging.answer(SeriesRequest("cases.lodged", window), ME))
        for window in windows
    ]
    await asyncio.sleep(0.05)
    other = hanging.answer(SeriesRequest("cases.fees", windows[0]), ME)
    assert (await asyncio.wait_for(other, 0.3)).points
    many.pop().cancel()
    series.let_go.set()
    assert len({id(answer) for answer in await asyncio.gather(*many)}) == 1
    assert [request.key for request in series.asked].count("cases.lodged") == 1
    await hanging.answer(SeriesRequest("cases.lodged", windows[0]), ME)
    assert [request.key for request in series.asked].count("cases.lodged") == 2


async def test_a_store_that_hangs_leaves_health_its_own_threads(services: Services) -> None:
    let_go = threading.Event()
    waiting = [asyncio.create_task(services.in_store(let_go.wait, 30)) for _ in range(10)]
    await asyncio.sleep(0.05)
    assert await asyncio.wait_for(services.in_health(lambda: "well"), 1) == "well"
    let_go.set()
    await asyncio.gather(*waiting)


async def test_who_gives_up_before_his_turn_is_not_asked_for() -> None:
    lanes, let_go, put = Lanes(1, 1), threading.Event(), []
    first = asyncio.create_task(lanes.run("cases", let_go.wait, 30))
    await asyncio.sleep(0.05)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lanes.run("cases", put.append, 1), 0.05)
    let_go.set()
    await first
    await lanes.run("cases", put.append, 2)
    assert put == [2]
    lanes.close()


async def test_a_lane_that_is_full_says_so() -> None:
    lanes, let_go = Lanes(1, 1, patience=0.05), threading.Event()
    first = asyncio.create_task(lanes.run("cases", let_go.wait, 30))
    await asyncio.sleep(0.02)
    with pytest.raises(Busy, match="cases: busy"):
        await lanes.run("cases", print)
    assert await lanes.run("customs", lambda: "customs go on") == "customs go on"
    let_go.set()
    await first
    lanes.close()


def test_what_rests_on_two_departments_has_a_lane_of_its_own() -> None:
    assert len({lane_of(frozenset(names)) for names in (("a",), ("b",), ("a", "b"))}) == 3
    assert lane_of(frozenset(("b", "a"))) == lane_of(frozenset(("a", "b")))


async def test_an_outage_of_the_store_is_logged_once_when_it_starts_and_once_when_it_ends() -> None:
    services = make_services()
    series: Any = services.series
    history: MemoryHistory = services.history  # type: ignore[assignment]
    transport = httpx.ASGITransport(build_web(services).server, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        with capture_logs() as logs:
            series.refuses = Unreachable("the center's store did not answer")
            history.down = True
            for _ in range(6):
                assert (await client.get("/api/series/cases.lodged")).status_code == 503
                assert (await client.get("/readyz")).status_code == 503
            series.refuses, history.down = None, False
            for _ in range(3):
                assert (await client.get("/readyz")).status_code == 200
                assert (await client.get("/api/series/cases.lodged")).status_code == 200
    events = [log["event"] for log in logs]
    assert events == ["the store does not answer", "the store answers again"]

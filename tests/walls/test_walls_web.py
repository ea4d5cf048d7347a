"""Over HTTP: a browser is paired, sees, is given orders, says how it is, and is revoked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from dash import Dash
from walls.walls_city import BEAT, MemoryScreens, MemoryWire
from web.small_city import NOW, make_services, text

from callbacks.orders import give_order
from callbacks.screen_watch import ScreenWatch
from callbacks.services import Services
from callbacks.web import build_web
from dashboard.access import EVERYTHING, NOBODY, Person, Refused
from dashboard.catalogue.screens import DutyScreen, SideScreen

OPERATOR = Person("值班长", actions=EVERYTHING, roles=None)
DESK = "10.9.8.6"
JSON = {"content-type": "application/json"}


@dataclass
class Moved:
    """A clock that tests move."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return NOW + self.later


@dataclass
class House:
    """A web process over memory; the parts that a test looks at."""

    services: Services
    web: Dash
    clock: Moved
    screens: MemoryScreens
    wire: MemoryWire
    closing: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, host: str = "10.9.8.7", scheme: str = "http") -> httpx.AsyncClient:
        """A browser with cookies of its own; from another machine where nothing else is said."""
        transport = httpx.ASGITransport(self.web.server, client=(host, 1))
        made = httpx.AsyncClient(transport=transport, base_url=f"{scheme}://center")
        self.closing.append(made)
        return made

    async def pair(self, browser: httpx.AsyncClient, screen: str = "duty") -> str:
        """Pair a browser with a screen; the device."""
        waiting = (await browser.post("/wall/pairing")).json()
        device = self.screens.claim(waiting["code"], screen, "左侧", "值班长", self.clock())
        assert device is not None
        assert (await browser.post("/wall/pairing")).json() == {"state": "paired", "screen": screen}
        return device.id


def make_house(services: Services | None = None) -> House:
    services = services or make_services()
    clock = Moved()
    services = replace(services, clock=clock)
    blocks = [{"department": "cases", "numbers": ["cases.lodged"]}]
    duty = {"key": "duty", "title": text("值班屏"), "focus": "cases.lodged", "blocks": blocks}
    pages = [{"path": "/department/cases"}, {"path": "/department/customs"}]
    side = {"key": "side", "kind": "side", "title": text("侧屏"), "pages": pages}
    services.catalogue.screens["duty"] = DutyScreen.model_validate(duty)
    services.catalogue.screens["side"] = SideScreen.model_validate(side)
    screens, wire = services.screens, services.wire
    assert isinstance(screens, MemoryScreens)
    assert isinstance(wire, MemoryWire)
    return House(services, build_web(services), clock, screens, wire)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = make_house()
    yield made
    for one in made.closing:
        await one.aclose()


@pytest.fixture
async def desk(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of somebody who may operate; how people sign in is tested where they do."""

    async def officer(scope: Any) -> Person | None:
        return OPERATOR if (scope.get("client") or ("",))[0] == DESK else None

    monkeypatch.setattr(house.web.server.state.sessions, "person", officer)
    async with house.browser(DESK) as browser:
        yield browser


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)


class Following:
    """What a browser hears of `/wall/orders`."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 0
        self.ended = False

    @property
    def events(self) -> list[tuple[str, Any]]:
        found = []
        for block in self.body.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in fields:
                found.append((fields["event"], json.loads(fields["data"])))
        return found

    def of(self, name: str) -> list[Any]:
        return [data for event, data in self.events if event == name]


@asynccontextmanager
async def following(
    house: House, browser: httpx.AsyncClient, path: str = "/wall/orders"
) -> AsyncIterator[Following]:
    """A stream of a browser; httpx's own transport would wait for its end."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": b"", "scheme": "http", "server": ("center", 80), "client": ("10.9.8.7", 1),
        "headers": [(b"host", b"center"), (b"cookie", cookies.encode())],
    }  # fmt: skip
    heard, gone = Following(), asyncio.Event()

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        heard.status = message.get("status", heard.status)
        heard.body += message.get("body", b"")

    task = asyncio.create_task(house.web.server(scope, receive, send))
    task.add_done_callback(lambda _: setattr(heard, "ended", True))
    try:
        await until(lambda: heard.body or heard.ended)
        yield heard
    finally:
        gone.set()
        await asyncio.wait_for(task, 10)


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """The endless work of the web process."""
    state = house.web.server.state

    async def listen() -> None:
        await house.wire.follow(state.stages.take, state.stages.look_again)

    tasks = [
        asyncio.create_task(work()) for work in (state.devices.follow, state.stages.follow, listen)
    ]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def test_a_browser_that_waits_is_shown_a_code_and_nothing_of_the_city(house: House) -> None:
    browser = house.browser()
    page = await browser.get("/wall", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "screen-3-stage.js" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    told = (await browser.post("/wall/pairing")).json()
    assert told["state"] == "waiting"
    assert len(told["code"]) == 6
    assert told["code"].isdigit()
    assert told["address"] == "http://center/screens"
    assert told["qr"].startswith("data:image/svg+xml")
    for path in ("/wall/duty", "/", "/live", "/wall/orders", "/api/readings", "/_dash-layout"):
        assert (await browser.get(path)).status_code == 403, path
    again = (await browser.post("/wall/pairing")).json()
    assert again["code"] == told["code"], "it keeps its code"


async def test_a_code_that_has_expired_is_followed_by_another_for_weeks(house: House) -> None:
    browser = house.browser()
    codes = set()
    for _ in range(5):
        codes.add((await browser.post("/wall/pairing")).json()["code"])
        house.clock.later += timedelta(minutes=10, seconds=1)
    assert len(codes) == 5
    assert len(house.screens.pairings) == 1, "those that have expired are forgotten"


async def test_only_the_browser_that_shows_a_code_is_given_its_token(house: House) -> None:
    one, other = house.browser(), house.browser()
    code = (await one.post("/wall/pairing")).json()["code"]
    await other.post("/wall/pairing")
    house.screens.claim(code, "duty", "左侧", "值班长", NOW)
    assert (await other.post("/wall/pairing")).json()["state"] == "waiting"
    assert (await one.post("/wall/pairing")).json()["state"] == "paired"


async def test_a_token_is_kept_where_no_script_reads_it_and_only_its_hash_is_known(
    house: House,
) -> None:
    browser = house.browser()
    await house.pair(browser)
    answer = await browser.get("/wall")
    cookie = answer.headers["set-cookie"].lower()
    for wanted in ("httponly", "samesite=lax", "path=/", "max-age=31536000"):
        assert wanted in cookie
    assert "secure" not in cookie
    token = browser.cookies["cc-device"]
    [device] = house.screens.devices()
    assert device.token != token
    assert len(token) >= 43
    assert token not in answer.text


async def test_over_https_the_cookie_is_bound_to_this_host(house: House) -> None:
    browser = house.browser(scheme="https")
    told = (await browser.post("/wall/pairing")).json()
    assert told["address"] == "https://center/screens"
    house.screens.claim(told["code"], "duty", "左侧", "值班长", NOW)
    answer = await browser.post("/wall/pairing")
    assert "__Host-cc-device=" in answer.headers["set-cookie"]
    assert "; Secure" in answer.headers["set-cookie"]
    assert (await browser.get("/api/readings")).status_code == 200


async def test_a_paired_screen_sees_and_may_do_nothing_else_wherever_it_is(house: House) -> None:
    for host in ("10.9.8.7", "127.0.0.1"):
        browser = house.browser(host)
        await house.pair(browser)
        for path in ("/api/readings", "/_dash-layout", "/wall/duty", "/department/cases"):
            assert (await browser.get(path)).status_code == 200, path
        for path in ("/readyz", "/export/cases.lodged.csv"):
            assert (await browser.get(path)).status_code == 403, path
        order = await browser.post("/api/screens/duty/orders", json={"kind": "reload"})
        assert order.status_code == 403


async def test_a_made_up_token_is_nobodys(house: House) -> None:
    browser = house.browser()
    browser.cookies.set("cc-device", "x" * 43)
    assert (await browser.get("/api/readings")).status_code == 403
    assert (await browser.post("/wall/pairing")).json()["state"] == "waiting"


async def test_an_answer_that_was_lost_is_given_again(house: House) -> None:
    browser = house.browser()
    code = (await browser.post("/wall/pairing")).json()["code"]
    secret = dict(browser.cookies)
    house.screens.claim(code, "duty", "左侧", "值班长", NOW)
    await browser.post("/wall/pairing")
    late = house.browser()
    late.cookies.update(secret)
    assert (await late.post("/wall/pairing")).json()["state"] == "paired"
    assert (await late.get("/api/readings")).status_code == 200
    assert (await browser.get("/api/readings")).status_code == 403, "the first token is void"


async def test_browsers_that_want_many_codes_have_to_wait(house: House) -> None:
    answers = [(await house.browser().post("/wall/pairing")).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert (await house.browser("10.1.1.1").post("/wall/pairing")).status_code == 200


async def test_a_store_that_is_away_makes_no_screen_forget_that_it_was_paired(
    house: House,
) -> None:
    browser = house.browser()
    await house.pair(browser)
    house.screens.down = True
    await house.web.server.state.devices.refresh()
    assert (await browser.get("/api/readings")).status_code == 200
    assert (await browser.post("/wall/pairing")).json()["state"] == "paired"
    assert (await house.browser().post("/wall/pairing")).status_code == 503


async def test_the_first_event_is_the_state_of_the_screen(house: House) -> None:
    browser = house.browser()
    await house.pair(browser, "side")
    async with following(house, browser) as heard:
        [(name, state)] = heard.events
        assert name == "state"
        assert state["screen"]["title"]["zh"] == "侧屏"
        assert state["screen"]["number"] == 2
        assert [page["path"] for page in state["showing"]["pages"]] == [
            "/department/cases",
            "/department/customs",
        ]
        assert state["at"].startswith("2026-11-22T08:00:00")


async def test_an_order_reaches_the_stages_of_its_screen_within_a_second(
    house: House, desk: httpx.AsyncClient
) -> None:
    duty, side = house.browser(), house.browser()
    await house.pair(duty)
    await house.pair(side, "side")
    async with working(house), following(house, duty) as wall, following(house, side) as other:
        body = {"kind": "show", "payload": {"path": "/department/cases"}}
        answer = await desk.post("/api/screens/duty/orders", json=body)
        assert answer.status_code == 201
        assert answer.json()["by"] == OPERATOR.name
        await until(lambda: len(wall.of("state")) == 2, 1.0)
        [order] = wall.of("order")
        assert order["kind"] == "show"
        assert wall.of("state")[1]["showing"]["mode"] == "ordered"
        assert [one["kind"] for one in wall.of("state")[1]["orders"]] == ["show"]
        assert not other.of("order")
        ending = {"kind": "end", "payload": {"kind": "show"}}
        await desk.post("/api/screens/duty/orders", json=ending)
        await until(lambda: len(wall.of("state")) == 3, 1.0)
        assert wall.of("state")[2]["showing"]["mode"] == "normal"
    assert house.screens.notes[2:] == [
        (OPERATOR.name, "order show", "duty"),
        (OPERATOR.name, "order end", "duty"),
    ]


async def test_who_comes_later_is_told_what_is_in_force(house: House) -> None:
    browser = house.browser()
    await house.pair(browser)
    stages = house.web.server.state.stages
    order = await give_order(
        house.services, stages, OPERATOR, "duty", "message", {"text": "会商十点开始"}
    )
    assert order.until == NOW + timedelta(minutes=10)
    async with following(house, browser) as heard:
        assert heard.of("state")[0]["showing"]["message"] == "会商十点开始"


async def test_an_order_of_another_process_that_no_message_told_is_found_in_the_store(
    house: House,
) -> None:
    browser = house.browser()
    await house.pair(browser)
    async with working(house), following(house, browser) as heard:
        house.screens.give("duty", "hold", {}, "值班长", house.clock())
        house.web.server.state.stages.look_again()
        await until(lambda: len(heard.of("state")) == 2)
        assert heard.of("state")[1]["showing"]["held"] is True


async def test_an_order_is_given_though_redis_is_away(house: House) -> None:
    browser = house.browser()
    await house.pair(browser)
    async with working(house), following(house, browser) as heard:
        house.wire.down = True
        stages = house.web.server.state.stages
        await give_order(house.services, stages, OPERATOR, "duty", "night", {"on": True})
        await until(lambda: len(heard.of("state")) == 2, 1.0)
        assert heard.of("state")[1]["showing"]["night"] is True


async def test_a_schedule_begins_by_the_clock_alone(house: House) -> None:
    night = [{"from": "17:00", "to": "18:00", "night": True}]
    screen = house.services.catalogue.screens["duty"]
    house.services.catalogue.screens["duty"] = DutyScreen.model_validate(
        screen.model_dump(by_alias=True, exclude_none=True) | {"schedule": night}
    )
    browser = house.browser()
    await house.pair(browser)
    async with working(house), following(house, browser) as heard:
        assert heard.of("state")[0]["showing"]["night"] is False
        house.clock.later = timedelta(hours=1)
        await until(lambda: len(heard.of("state")) == 2, 3.0)
        assert heard.of("state")[1]["showing"]["night"] is True


async def test_a_revoked_screen_is_nobody_and_its_streams_end(house: House) -> None:
    browser = house.browser()
    device = await house.pair(browser)
    async with (
        working(house),
        following(house, browser) as orders,
        following(house, browser, "/live") as live,
    ):
        assert (orders.status, live.status) == (200, 200)
        house.screens.revoke(device, "值班长", NOW)
        await until(lambda: orders.ended and live.ended, 5.0)
        assert orders.events[-1] == ("over", {}), "so that it asks at once what it is now"
    assert (await browser.get("/api/readings")).status_code == 403
    assert (await browser.post("/wall/pairing")).json()["state"] == "waiting"
    assert house.web.server.state.stages.open == 0


async def test_only_a_paired_screen_is_given_the_worker_that_keeps_its_pages(house: House) -> None:
    browser = house.browser()
    for other in (browser, house.browser("127.0.0.1")):
        assert (await other.get("/wall/worker")).status_code == 403
    await house.pair(browser)
    answer = await browser.get("/wall/worker?v=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["service-worker-allowed"] == "/"
    assert answer.headers["cache-control"] == "no-store"


async def test_orders_are_for_paired_screens_alone(house: House) -> None:
    for host in ("127.0.0.1", "10.9.8.7"):
        assert (await house.browser(host).get("/wall/orders")).status_code == 403
        beat = await house.browser(host).post("/wall/heartbeat", json=BEAT)
        assert beat.status_code == 403


async def test_a_heartbeat_is_kept_with_the_centers_own_time(house: House) -> None:
    browser = house.browser()
    device = await house.pair(browser)
    assert (await browser.post("/wall/heartbeat", json=BEAT)).status_code == 204
    heard = house.wire.beats[device]
    assert (heard.at, heard.beat.page) == (NOW, "/wall/duty")


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", json.dumps(BEAT | {"width": -1}), json.dumps(BEAT | {"x": 1})]
)
async def test_what_is_no_heartbeat_is_refused(house: House, body: str) -> None:
    browser = house.browser()
    await house.pair(browser)
    answer = await browser.post("/wall/heartbeat", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"]["zh"] == "心跳格式不对"
    assert house.wire.beats == {}


async def test_a_heartbeat_without_end_is_not_read_to_its_end(house: House) -> None:
    browser = house.browser()
    await house.pair(browser)
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 1024

    answer = await browser.post("/wall/heartbeat", content=endless(), headers=JSON)
    assert answer.status_code == 400
    assert "more than 4096 bytes" in answer.text


async def test_a_heartbeat_is_not_taken_while_redis_is_away(house: House) -> None:
    browser = house.browser()
    await house.pair(browser)
    house.wire.down = True
    assert (await browser.post("/wall/heartbeat", json=BEAT)).status_code == 503


@pytest.mark.parametrize(
    ("screen", "body", "status"),
    [
        ("dutty", {"kind": "reload"}, 404),
        ("duty", {"kind": "explode"}, 400),
        ("duty", {"kind": "show", "payload": {"path": "https://x"}}, 400),
        ("duty", {"kind": "show", "payload": "/map"}, 400),
        ("duty", {"kind": "hold", "until": "soon"}, 400),
        ("duty", [], 400),
    ],
)
async def test_an_order_that_cannot_be_followed_is_refused_with_what_was_expected(
    house: House, desk: httpx.AsyncClient, screen: str, body: Any, status: int
) -> None:
    answer = await desk.post(f"/api/screens/{screen}/orders", json=body)
    assert answer.status_code == status
    assert answer.json()["expected"]
    assert house.screens.given == []


async def test_a_form_of_another_site_gives_no_order(house: House, desk: httpx.AsyncClient) -> None:
    body, plain = json.dumps({"kind": "reload"}), {"content-type": "text/plain"}
    answer = await desk.post("/api/screens/duty/orders", content=body, headers=plain)
    assert answer.status_code == 400
    foreign = {"content-type": "application/json", "origin": "http://elsewhere"}
    answer = await desk.post("/api/screens/duty/orders", content=body, headers=foreign)
    assert answer.status_code == 403
    assert house.screens.given == []


async def test_who_may_not_operate_gives_no_order(house: House) -> None:
    with pytest.raises(Refused):
        await give_order(
            house.services, house.web.server.state.stages, NOBODY, "duty", "reload", {}
        )


async def test_a_screen_that_is_gone_from_the_catalogue_is_dark_and_sees_nothing(
    house: House,
) -> None:
    browser = house.browser()
    await house.pair(browser, "side")
    async with working(house), following(house, browser) as heard:
        del house.services.catalogue.screens["side"]
        await until(lambda: len(heard.of("state")) == 2, 3.0)
        assert heard.of("state")[1]["screen"] is None
        assert heard.of("state")[1]["showing"]["mode"] == "off"
    assert (await browser.get("/api/readings")).json()["readings"] == {}


async def looked(house: House, watch: ScreenWatch) -> dict[str, tuple[bool, bool]]:
    await house.web.server.state.devices.refresh()
    await watch.look()
    return {note.screen: (note.due, note.silent) for note in house.screens.noted}


async def test_a_screen_of_which_nothing_is_heard_is_put_down_as_silent_until_it_is_back(
    house: House,
) -> None:
    browser = house.browser()
    device = await house.pair(browser)
    watch = ScreenWatch(house.services, house.web.server.state.devices)
    await browser.post("/wall/heartbeat", json=BEAT)
    assert await looked(house, watch) == {"duty": (True, False)}
    assert house.screens.known[device].last_seen == NOW
    house.clock.later = timedelta(seconds=29)
    assert await looked(house, watch) == {"duty": (True, False)}
    house.clock.later = timedelta(seconds=30)
    assert await looked(house, watch) == {"duty": (True, True)}
    await browser.post("/wall/heartbeat", json=BEAT)
    assert await looked(house, watch) == {"duty": (True, False)}
    house.screens.revoke(device, "值班长", NOW)
    assert await looked(house, watch) == {}


async def test_a_screen_that_is_off_by_schedule_is_missed_by_nobody(house: House) -> None:
    off = [{"from": "00:00", "to": "24:00", "off": True}]
    screen = house.services.catalogue.screens["duty"]
    house.services.catalogue.screens["duty"] = DutyScreen.model_validate(
        screen.model_dump(by_alias=True, exclude_none=True) | {"schedule": off}
    )
    await house.pair(house.browser())
    house.clock.later = timedelta(hours=9)
    watch = ScreenWatch(house.services, house.web.server.state.devices)
    assert await looked(house, watch) == {"duty": (False, False)}


async def test_nothing_is_said_of_screens_while_redis_is_away(house: House) -> None:
    await house.pair(house.browser())
    watch = ScreenWatch(house.services, house.web.server.state.devices)
    house.clock.later = timedelta(hours=1)
    house.wire.down = True
    with pytest.raises(Exception, match="Redis does not answer"):
        await looked(house, watch)
    assert house.screens.noted == []


async def test_screens_have_their_time_to_come_back_after_the_web_was_away(house: House) -> None:
    await house.pair(house.browser())
    house.clock.later = timedelta(hours=1)
    watch = ScreenWatch(house.services, house.web.server.state.devices)
    assert await looked(house, watch) == {"duty": (True, False)}
    house.clock.later += timedelta(seconds=30)
    assert await looked(house, watch) == {"duty": (True, True)}


async def test_when_a_screen_was_heard_is_kept_to_the_minute(house: House) -> None:
    browser = house.browser()
    device = await house.pair(browser)
    watch = ScreenWatch(house.services, house.web.server.state.devices)
    seen = []
    for seconds in (0, 30, 59, 60):
        house.clock.later = timedelta(seconds=seconds)
        await browser.post("/wall/heartbeat", json=BEAT)
        await looked(house, watch)
        seen.append(house.screens.known[device].last_seen)
    assert seen == [NOW, NOW, NOW, NOW + timedelta(seconds=60)]

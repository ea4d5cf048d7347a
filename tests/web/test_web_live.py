"""The stream: shared frames, resuming, slow viewers, heartbeats, and viewers that go."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from small_city import MemoryFeed, make_services, reading, until

import callbacks.hub
from callbacks.hub import RING, Hub, Viewer
from callbacks.services import Services
from callbacks.web import build_web, kept_up
from dashboard.frames import EVERYBODY, Audience


def parse(data: bytes) -> list[dict[str, Any]]:
    """The events of a piece of stream."""
    events = []
    for block in data.decode().split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines() if not line.startswith(":")]
        fields = {name: value for name, _, value in lines}
        if "event" in fields:
            events.append({**fields, "data": json.loads(fields["data"])})
    return events


@pytest.fixture
def feed() -> MemoryFeed:
    made = MemoryFeed()
    made.publish({"readings": {"cases.a": reading("cases.a", 1.0)}})
    return made


@pytest.fixture
def hub(feed: MemoryFeed) -> Hub:
    return Hub(feed, 15.0)


async def events(viewer: Viewer, seconds: float = 30.0) -> list[dict[str, Any]]:
    return parse(await asyncio.wait_for(viewer.next(), seconds))


async def test_new_viewer_gets_a_snapshot_then_deltas(feed: MemoryFeed, hub: Hub) -> None:
    viewer = hub.join(EVERYBODY)
    [snapshot] = await events(viewer)
    assert snapshot["event"] == "snapshot"
    assert snapshot["id"] == "e1-1-0"
    assert snapshot["data"]["readings"]["cases.a"]["value"] == 1.0
    feed.publish({"readings": {"cases.a": reading("cases.a", 2.0)}, "matters": {"m": None}})
    [delta] = await events(viewer)
    assert delta["event"] == "delta"
    assert delta["id"] == "e1-2-0"
    assert delta["data"]["seq"] == 2
    assert delta["data"]["readings"]["cases.a"]["value"] == 2.0
    assert delta["data"]["matters"] == {"m": None}
    assert "sparks" not in delta["data"]


async def test_changes_that_come_together_are_one_frame(feed: MemoryFeed, hub: Hub) -> None:
    viewer = hub.join(EVERYBODY)
    await viewer.next()
    for value in range(5):
        feed.publish({"readings": {f"cases.{value}": reading(f"cases.{value}")}})
    [delta] = await events(viewer)
    assert len(delta["data"]["readings"]) == 5
    assert delta["id"] == "e1-6-0"
    assert delta["data"]["published"] == "1970-01-01T00:00:00.002Z", "of the oldest change in it"


async def test_viewers_share_the_very_bytes(feed: MemoryFeed, hub: Hub) -> None:
    viewers = [hub.join(EVERYBODY) for _ in range(3)]
    snapshots = [await viewer.next() for viewer in viewers]
    feed.publish({"readings": {"cases.a": reading("cases.a", 2.0)}})
    deltas = [await viewer.next() for viewer in viewers]
    assert all(data is snapshots[0] for data in snapshots)
    assert all(data is deltas[0] for data in deltas)


async def test_each_audience_gets_its_own_departments(feed: MemoryFeed, hub: Hub) -> None:
    everything, customs = hub.join(EVERYBODY), hub.join(Audience(frozenset({"customs"})))
    await everything.next()
    [snapshot] = await events(customs)
    assert snapshot["data"]["readings"] == {}
    feed.publish({"readings": {"cases.a": reading("cases.a", 2.0)}})
    assert (await events(everything))[0]["data"]["readings"].keys() == {"cases.a"}
    feed.publish({"readings": {"customs.b": reading("customs.b")}})
    [delta] = await events(customs)
    assert delta["data"]["readings"].keys() == {"customs.b"}


async def test_viewer_resumes_after_the_last_frame_it_saw(feed: MemoryFeed, hub: Hub) -> None:
    first = hub.join(EVERYBODY)
    await first.next()
    feed.publish({"readings": {"cases.a": reading("cases.a", 2.0)}})
    [seen] = await events(first)
    feed.publish({"readings": {"cases.a": reading("cases.a", 3.0)}})
    await first.next()
    back = hub.join(EVERYBODY, seen["id"])
    [missed] = await events(back)
    assert missed["event"] == "delta"
    assert missed["data"]["readings"]["cases.a"]["value"] == 3.0


async def test_nothing_is_written_for_an_audience_whose_screens_are_closed(
    feed: MemoryFeed, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen that comes back is still given what it missed."""
    first = hub.join(EVERYBODY)
    await first.next()
    feed.publish({"readings": {"cases.a": reading("cases.a", 2.0)}})
    [seen] = await events(first)
    first.leave()
    written, payload = [], callbacks.hub.payload
    monkeypatch.setattr(callbacks.hub, "payload", lambda *a: written.append(a) or payload(*a))
    for value in (3.0, 4.0):
        feed.publish({"readings": {"cases.a": reading("cases.a", value)}})
        hub._flush()
    assert written == []
    missed = await events(hub.join(EVERYBODY, seen["id"]))
    values = [event["data"]["readings"]["cases.a"]["value"] for event in missed]
    assert values == [3.0, 4.0]
    await events(hub.join(EVERYBODY, seen["id"]))
    assert len(written) == 2, "each frame is written once"


@pytest.mark.parametrize("last", ["e0-1-0", "e1-99-0", "nonsense", ""])
async def test_unknown_place_gets_a_snapshot(hub: Hub, last: str) -> None:
    [snapshot] = await events(hub.join(EVERYBODY, last))
    assert snapshot["event"] == "snapshot"


async def test_new_epoch_sends_everybody_a_snapshot(feed: MemoryFeed, hub: Hub) -> None:
    viewer = hub.join(EVERYBODY)
    [before] = await events(viewer)
    feed.epoch = "e2"
    feed.publish({"readings": {"cases.a": reading("cases.a", 9.0)}}, whole=True)
    [after] = await events(viewer)
    assert after["event"] == "snapshot"
    assert after["data"]["readings"]["cases.a"]["value"] == 9.0
    [again] = await events(hub.join(EVERYBODY, before["id"]))
    assert again["event"] == "snapshot"


async def test_slow_viewer_gets_one_snapshot_and_holds_no_frames(
    feed: MemoryFeed, hub: Hub
) -> None:
    slow = hub.join(EVERYBODY)
    await slow.next()
    for value in range(RING + 20):
        feed.publish({"readings": {"cases.a": reading("cases.a", float(value))}})
        hub._flush()
    caught_up = await events(slow)
    assert [event["event"] for event in caught_up] == ["snapshot"]
    assert caught_up[0]["data"]["readings"]["cases.a"]["value"] == RING + 19
    assert len(slow.channel._frames) == RING


async def test_viewer_a_little_behind_gets_all_it_missed(feed: MemoryFeed, hub: Hub) -> None:
    viewer = hub.join(EVERYBODY)
    await viewer.next()
    for value in range(3):
        feed.publish({"readings": {"cases.a": reading("cases.a", float(value))}})
        hub._flush()
    missed = await events(viewer)
    assert [event["data"]["readings"]["cases.a"]["value"] for event in missed] == [0.0, 1.0, 2.0]


async def test_lost_redis_is_told_at_once(feed: MemoryFeed, hub: Hub) -> None:
    viewer = hub.join(EVERYBODY)
    await viewer.next()
    beating = asyncio.create_task(hub.beat())
    [first] = await events(viewer)
    assert first["event"] == "heartbeat"
    assert first["data"]["connected"] is True
    feed.connected = False
    [lost] = await events(viewer)
    assert lost["data"]["connected"] is False
    assert "id" not in lost
    beating.cancel()


async def test_screen_that_opens_while_redis_is_lost_is_told(feed: MemoryFeed, hub: Hub) -> None:
    beating = asyncio.create_task(hub.beat())
    feed.connected = False
    early = hub.join(EVERYBODY)
    await early.next()
    assert (await events(early))[0]["data"]["connected"] is False
    late = hub.join(EVERYBODY)
    await late.next()
    assert (await events(late))[0]["data"]["connected"] is False
    beating.cancel()


async def test_endless_work_that_fails_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callbacks.web._RESTART_SECONDS", 0.01)
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1
        raise RuntimeError("broken entry")

    task = asyncio.create_task(kept_up(work))
    await until(lambda: runs >= 3)
    task.cancel()


@contextlib.asynccontextmanager
async def serving(services: Services) -> AsyncIterator[tuple[str, Hub]]:
    """The web on a real port of loopback."""
    app = build_web(services)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app.server, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started)
        try:
            port = listening.getsockname()[1]
            yield f"http://127.0.0.1:{port}", app.server.state.hub
        finally:
            server.should_exit = True
            await task


async def next_event(lines: AsyncIterator[str]) -> dict[str, Any]:
    block = b""
    async for line in lines:
        block += line.encode() + b"\n"
        if not line and (found := parse(block + b"\n")):
            return found[0]
    raise AssertionError("the stream ended")


async def test_stream_over_http_and_viewers_that_go_are_let_go() -> None:
    services = make_services(heartbeat=0.3)
    feed: MemoryFeed = services.live  # type: ignore[assignment]
    async with (
        serving(services) as (url, hub),
        httpx.AsyncClient(base_url=url, timeout=60) as client,
    ):
        assert feed.followed == 1
        async with client.stream("GET", "/live", headers={"accept-encoding": "gzip"}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in answer.headers
            lines = aiter(answer.aiter_lines())
            snapshot = await next_event(lines)
            assert snapshot["event"] == "snapshot"
            assert hub.viewers == 1
            feed.publish({"readings": {"cases.lodged": reading("cases.lodged", 5.0)}})
            heard: dict[str, dict[str, Any]] = {}
            while heard.keys() != {"delta", "heartbeat"}:
                event = await next_event(lines)
                heard[event["event"]] = event
            last = heard["delta"]["id"]
        await until(lambda: hub.viewers == 0)
        feed.publish({"readings": {"cases.lodged": reading("cases.lodged", 6.0)}})
        await asyncio.sleep(0.1)
        for asked in ({"headers": {"last-event-id": last}}, {"params": {"last": last}}):
            async with client.stream("GET", "/live", **asked) as answer:
                lines = aiter(answer.aiter_lines())
                while (resumed := await next_event(lines))["event"] == "heartbeat":
                    pass
                assert resumed["event"] == "delta"
                assert resumed["data"]["readings"]["cases.lodged"]["value"] == 6.0


async def test_open_stream_does_not_hold_up_the_end() -> None:
    async with asyncio.timeout(60):
        async with serving(make_services()) as (url, _), httpx.AsyncClient() as client:
            context = client.stream("GET", url + "/live")
            answer = await context.__aenter__()
            await next_event(aiter(answer.aiter_lines()))

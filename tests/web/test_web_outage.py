"""Redis killed and replaced by an empty one, as a screen hears it: one chain of real parts."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from small_city import make_services, reading, until
from test_web_live import next_event, serving

from data_access.live.embedded import EmbeddedRedis
from data_access.live.follower import LiveFollower
from data_access.live.publisher import RedisPublisher


def fill(publisher: RedisPublisher, **values: float) -> None:
    publisher.needs_refill("cases")
    keys = {f"cases.{name}": value for name, value in values.items()}
    batch: dict[str, Any] = {"readings": {key: reading(key, value) for key, value in keys.items()}}
    assert publisher.publish("cases", 1, batch)


async def test_screen_keeps_its_values_and_gets_a_snapshot_of_the_new_redis(
    tmp_path: Path,
) -> None:
    with EmbeddedRedis(tmp_path) as server:
        publisher = RedisPublisher(server.url, "test", 1000)
        fill(publisher, a=1.0, b=2.0)
        services = replace(make_services(), live=LiveFollower(server.url, "test"))
        async with (
            serving(services) as (url, _),
            httpx.AsyncClient(base_url=url, timeout=60) as client,
        ):
            await until(lambda: services.live.connected)
            async with client.stream("GET", "/live") as answer:
                lines = aiter(answer.aiter_lines())

                async def hear(name: str) -> dict[str, Any]:
                    async with asyncio.timeout(30):
                        while (event := await next_event(lines))["event"] != name:
                            pass
                    return event

                before = await hear("snapshot")
                fill(publisher, a=3.0)
                assert (await hear("delta"))["data"]["readings"]["cases.a"]["value"] == 3.0
                assert server.pid is not None
                os.kill(server.pid, signal.SIGKILL)
                while (await hear("heartbeat"))["data"]["connected"]:
                    pass
                kept = (await client.get("/api/readings")).json()
                assert kept["connected"] is False
                assert kept["readings"]["cases.a"]["value"] == 3.0
                assert (await client.get("/readyz")).status_code == 503
                server.start()
                await until(lambda: publisher.needs_refill("cases"))
                fill(publisher, a=4.0)
                after = await hear("snapshot")
                values = {k: r["value"] for k, r in after["data"]["readings"].items()}
                assert values == {"cases.a": 4.0, "cases.b": 2.0}
                assert after["id"].split("-")[0] != before["id"].split("-")[0]
        publisher.close()

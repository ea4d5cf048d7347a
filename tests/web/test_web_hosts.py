"""By which names the center may be called, and what a proxy that hands on may do."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from dash import Dash
from small_city import make_services, router_question
from test_web_live import next_event, serving
from web_sockets import answers_to_web_socket

from callbacks.web import build_web

PATHS = ("/", "/readyz", "/metrics", "/live", "/api/readings", "/export/cases.lodged.csv",
         "/wall/duty", "/_dash-layout", "/_dash-dependencies", "/assets/tokens.css")  # fmt: skip
Calling = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def calling() -> Calling:
    """Somebody on this machine who asks a center with settings of its own."""

    @asynccontextmanager
    async def make(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
        server = build_web(make_services(**settings)).server
        transport = httpx.ASGITransport(server, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client

    return make


async def status(client: httpx.AsyncClient, host: str, path: str = "/api/readings") -> int:
    return (await client.get(path, headers={"host": host})).status_code


@pytest.mark.parametrize("path", PATHS)
async def test_a_name_of_another_site_is_misdirected_on_every_path(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"host": "rebound.example:8050"})
    assert answer.status_code == 421
    said = answer.json()
    assert said["found"] == "rebound.example"
    assert said["error"]["zh"]
    assert "COMMAND_CENTER_ALLOWED_HOSTS" in said["mend"]


async def test_a_callback_by_a_name_of_another_site_is_misdirected(
    client: httpx.AsyncClient,
) -> None:
    question, host = router_question("/"), {"host": "rebound.example"}
    answer = await client.post("/_dash-update-component", json=question, headers=host)
    assert answer.status_code == 421


async def test_web_socket_by_a_name_of_another_site_is_closed(web: Dash) -> None:
    sent = await answers_to_web_socket(web.server, "rebound.example", "127.0.0.1")
    assert sent == ["websocket.close"]


async def test_loopback_and_the_host_listened_on_are_names_of_the_center(calling: Calling) -> None:
    async with calling(host="wall.foshan.example") as client:
        for host in ("localhost:8050", "127.0.0.1:8050", "[::1]:8050", "LocalHost",
                     "Wall.Foshan.Example:8050"):  # fmt: skip
            assert await status(client, host) == 200, host
        for host in ("localhost.example", "wall.foshan.example.evil.example", "127.0.0.2", "",
                     "localhost@evil.example", "evil.example/localhost", "[::1", "localhost:x:y"):  # fmt: skip
            assert await status(client, host) == 421, host


async def test_further_names_are_a_setting(calling: Calling) -> None:
    async with calling(allowed_hosts="wall.example, *.city.example") as client:
        for host in ("wall.example", "a.city.example:443", "a.b.city.example"):
            assert await status(client, host) == 200, host
        for host in ("city.example", "evilcity.example", "a.wall.example"):
            assert await status(client, host) == 421, host
    async with calling(allowed_hosts="*") as client:
        assert await status(client, "anything.example") == 200


async def test_the_address_a_request_came_in_on_is_a_name_of_the_center(web: Dash) -> None:
    async def asked(server: str, host: str) -> int:
        sent: list[Any] = []
        scope = {
            "type": "http", "method": "GET", "path": "/api/readings", "raw_path": b"/api/readings",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
            "headers": [(b"host", host.encode())],
            "client": ("127.0.0.1", 1), "server": (server, 80),
        }  # fmt: skip

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        await web.server(scope, receive, send)
        return int(sent[0]["status"])

    assert await asked("10.1.2.3", "10.1.2.3:8050") == 200
    assert await asked("::ffff:10.1.2.3", "10.1.2.3:8050") == 200
    assert await asked("10.1.2.3", "10.1.2.4") == 421
    assert await asked("rebound.example", "rebound.example") == 421


@pytest.mark.parametrize(
    "header",
    ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip", "via"],
)
async def test_what_a_proxy_on_this_machine_hands_on_has_no_rights_of_the_machine(
    client: httpx.AsyncClient, header: str
) -> None:
    for path in ("/api/readings", "/live", "/_dash-layout", "/readyz"):
        answer = await client.get(path, headers={header: "127.0.0.1"})
        assert answer.status_code == 403, path
    assert (await client.get("/healthz", headers={header: "127.0.0.1"})).status_code == 200


async def test_a_proxy_may_be_trusted_by_a_setting(calling: Calling) -> None:
    handed_on = {"x-forwarded-for": "10.9.8.7", "x-forwarded-proto": "https"}
    async with calling(trust_proxy=True) as client:
        answer = await client.get("/export/cases.lodged.csv?provenance=1", headers=handed_on)
    assert answer.status_code == 200
    assert "https://localhost/indicator/cases.lodged" in answer.text


async def test_stream_goes_on_by_a_right_name_and_not_by_another() -> None:
    async with (
        serving(make_services()) as (url, hub),
        httpx.AsyncClient(base_url=url, timeout=30) as client,
    ):
        async with client.stream("GET", "/live") as answer:
            assert (await next_event(aiter(answer.aiter_lines())))["event"] == "snapshot"
        async with client.stream("GET", "/live", headers={"host": "rebound.example"}) as answer:
            assert answer.status_code == 421
        assert hub.viewers <= 1

"""Pages over HTTP: cold deep links, languages, headers, failures that never blank a screen."""

from typing import Any

import httpx
import pytest
from dash import Dash, Input, Output
from small_city import router_question
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

import callbacks.router
from callbacks.bundles import Bundles
from callbacks.guard import guarded_callback
from callbacks.look import Look
from callbacks.services import Services
from callbacks.web import content_policy
from dashboard.ports import Unreachable

HTML = {"accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/department/cases", "/status", "/indicator/cases.lodged"])
async def test_cold_deep_link_gets_the_shell(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert "_dash-config" in answer.text


async def test_path_of_no_page_gets_the_shell_with_404(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere", headers=HTML)
    assert answer.status_code == 404
    assert "_dash-config" in answer.text
    for search, words in (("", "没有这个页面"), ("?lang=en", "There is no such page")):
        question = router_question("/nowhere", search)
        put = await client.post("/_dash-update-component", json=question)
        assert words in put.text


async def test_program_that_asks_for_nothing_gets_json(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).json() == {"detail": "Not Found"}


async def test_router_puts_the_page_of_the_path(client: httpx.AsyncClient) -> None:
    answer = await client.post("/_dash-update-component", json=router_question("/department/cases"))
    assert answer.status_code == 200
    assert "办件" in answer.text
    assert "cases.lodged" in answer.text


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/api/readings", "/healthz", "/_dash-layout"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self' 'sha256-" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-request-id"]


async def test_page_asks_no_other_host(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    assert "http://" not in page
    assert "https://" not in page


async def test_policy_allows_each_inline_script_of_the_page(web: Dash) -> None:
    policy = content_policy(web)
    assert policy.count("'sha256-") == len(web.csp_hashes()) > 0


async def test_bundles_are_compressed_once_and_kept(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    renderer = next(part for part in page.split('"') if "/dash_renderer." in part)
    first = await client.get(renderer)
    second = await client.get(renderer)
    assert first.headers["content-encoding"] == "gzip"
    assert "immutable" in second.headers["cache-control"]
    assert first.content == second.content
    plain = await client.get(renderer, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content


async def test_bundle_without_fingerprint_is_asked_for_again(client: httpx.AsyncClient) -> None:
    path = "/_dash-component-suites/dash/dcc/async-graph.js"
    first = await client.get(path)
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


async def test_made_up_queries_fill_no_memory_with_bundles() -> None:
    asked: list[str] = []

    async def suite(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await PlainTextResponse("script")(scope, receive, send)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Bundles(suite)), base_url="http://center"
    ) as client:
        for number in range(3):
            await client.get(f"/_dash-component-suites/a.js?x={number}")
    assert len(asked) == 1


async def test_failing_page_says_so_and_is_noted(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> Any:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(callbacks.router, "render_page", fail)
    with capture_logs() as logs:
        answer = await client.post("/_dash-update-component", json=router_question("/"))
    assert answer.status_code == 200
    assert "出了问题" in answer.text
    assert "secret" not in answer.text
    assert [log["event"] for log in logs] == ["callback failed"]


async def test_failing_callback_keeps_the_screen_and_says_so(
    web: Dash, client: httpx.AsyncClient, services: Services
) -> None:
    async def silent(*_: Any) -> Any:
        raise Unreachable("the department does not answer")

    guarded_callback(web, services, Output("x", "children"), Input("y", "data"))(silent)
    question = {
        "output": "x.children",
        "outputs": {"id": "x", "property": "children"},
        "inputs": [{"id": "y", "property": "data", "value": 1}],
        "changedPropIds": ["y.data"],
        "state": [],
    }
    answer = await client.post("/_dash-update-component", json=question)
    said = answer.json()
    assert "x" not in said.get("response", {})
    assert "数据来源暂时没有应答" in answer.text


async def test_failing_route_says_so_in_safe_words(services: Services, web: Dash) -> None:
    services.series.refuses = RuntimeError("secret")  # type: ignore[attr-defined]
    transport = httpx.ASGITransport(web.server, client=("127.0.0.1", 1), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://center") as client:
        answer = await client.get("/api/series/cases.lodged")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["error"]["en"]


def test_language_is_the_addresss_then_the_switchs_then_the_cookies() -> None:
    assert Look().language() == "zh"
    assert Look(cookies={"cc-lang": "en"}).language() == "en"
    assert Look(cookies={"cc-lang": "en"}).language("zh") == "zh"
    assert Look(params={"lang": "en"}).language("zh") == "en"
    assert Look(params={"lang": "fr"}).language(None) == "zh"


def test_walls_are_dark_unless_asked_otherwise() -> None:
    assert Look("/wall/duty").theme() == "dark"
    assert Look("/").theme() == "auto"
    assert Look("/wall/duty", {"theme": "light"}).theme("dark") == "light"


async def test_shell_speaks_the_language_of_the_page_it_is_for(client: httpx.AsyncClient) -> None:
    zh = await client.get("/_dash-layout")
    page = {"referer": "http://center/department/cases?lang=en"}
    en = await client.get("/_dash-layout", headers=page)
    cookie = await client.get("/_dash-layout", headers={"cookie": "cc-lang=en"})
    assert "佛山城市运行指挥中心" in zh.text
    assert "Foshan City Command Center" in en.text
    assert "Foshan City Command Center" in cookie.text
    assert '<html lang="en"' in (await client.get("/?lang=en")).text


async def test_page_follows_its_own_address(client: httpx.AsyncClient) -> None:
    question = router_question("/nowhere", "?lang=en")
    answer = await client.post("/_dash-update-component", json=question)
    assert "There is no such page" in answer.text
    assert "没有这个页面" not in answer.text

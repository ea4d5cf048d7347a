"""The walk over every door: each asks for its right, and nobody hears of another department."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from dash import Dash
from small_city import feed, reading, router_question, text

import callbacks.guard
import callbacks.identity
import callbacks.live
import callbacks.orders
import callbacks.web
from callbacks.answers import REFUSED
from callbacks.questions import ask
from callbacks.services import Services
from dashboard import ids
from dashboard.access import Action, Person, Refused
from dashboard.catalogue.pages import Page
from dashboard.catalogue.screens import DutyScreen

ROUTES: dict[str, tuple[str, Action]] = {
    "/api/indicators": ("/api/indicators", "see"),
    "/api/map/files/{name}.geojson": ("/api/map/files/city.geojson", "see"),
    "/api/map/layers": ("/api/map/layers", "see"),
    "/api/map/points/{layer}": ("/api/map/points/cases", "see"),
    "/api/map/values/{key}": ("/api/map/values/cases.lodged?by=district", "see"),
    "/api/readings": ("/api/readings", "see"),
    "/api/readings/{key}": ("/api/readings/cases.lodged", "see"),
    "/api/search": ("/api/search?q=lodged", "see"),
    "/api/series/{key}": ("/api/series/cases.lodged", "see"),
    "/export/page/{page}.xlsx": ("/export/page/cases.xlsx", "export"),
    "/export/{key}.{format}": ("/export/cases.lodged.csv", "export"),
    "/export/rows/{key}.{format}": ("/export/rows/cases.lodged.csv", "export"),
    "/readyz": ("/readyz", "observe"),
    "/metrics": ("/metrics", "observe"),
    "/live": ("/live", "see"),
    "/account": ("/account", "own"),
}
"""Every guarded route with an address that is answered, and the right that it asks for."""
OF_STAGES: dict[str, tuple[str, str, Action]] = {
    "/wall/orders": ("GET", "/wall/orders", "see"),
    "/wall/heartbeat": ("POST", "/wall/heartbeat", "see"),
    "/wall/exit": ("POST", "/wall/exit", "see"),
    "/wall/worker": ("GET", "/wall/worker", "see"),
    "/api/screens/{screen}/orders": ("POST", "/api/screens/duty/orders", "operate"),
}
"""Those of screens, which a paired browser or the desk asks (see tests/walls)."""
PAGES = ("/", "/department/cases", "/indicator/cases.lodged", "/map", "/status", "/wall/duty")
SAMPLES = {"indicator": "cases.lodged", "key": "cases.lodged", "panel": "cases/0"} | {
    "dataset": "cases.applications"
}
"""What stands for MATCH and ALL in the bodies of callbacks."""
OTHERS = re.compile("通关|放行|Customs|customs")


def guarded(web: Dash) -> dict[str, Any]:
    """Every route that a guard stands before."""
    return {
        route.path: endpoint
        for route in web.server.routes
        if hasattr(endpoint := getattr(route, "endpoint", None), "guarded_by")
    }


def bodies(web: Dash) -> Iterator[tuple[dict[str, Any], Action]]:
    """What a browser sends for each callback, and the right that this asks for."""
    for spec in web._callback_list:
        registered = web.callback_map[spec["output"]].get("callback")
        if registered is None:
            continue
        outputs = [_one(name) for name in spec["output"].strip(".").split("...")]
        inputs = [_dependency(entry) for entry in spec["inputs"]]
        yield (
            {
                "output": spec["output"],
                "outputs": outputs if len(outputs) > 1 else outputs[0],
                "inputs": inputs,
                "state": [_dependency(entry) for entry in spec["state"]],
                "changedPropIds": [_changed(inputs[0])],
            },
            registered.guarded_by,
        )


def _one(name: str) -> dict[str, Any]:
    identity, _, wanted = name.rpartition(".")
    return {"id": _concrete(identity), "property": wanted}


def _concrete(identity: str) -> Any:
    if not identity.startswith("{"):
        return identity
    found = json.loads(identity)
    return {k: SAMPLES.get(k, "0") if isinstance(v, list) else v for k, v in found.items()}


def _dependency(entry: dict[str, Any]) -> Any:
    one = {"id": _concrete(entry["id"]), "property": entry["property"], "value": 1}
    if entry["property"] == "id":
        one["value"] = one["id"]
    elif entry["property"] in ("data", "pathname", "search"):
        one["value"] = "/" if entry["property"] == "pathname" else None
    return [one] if '["ALL"]' in entry["id"] else one


def _changed(entry: Any) -> str:
    one = entry[0] if isinstance(entry, list) else entry
    name = one["id"] if isinstance(one["id"], str) else json.dumps(one["id"], sort_keys=True)
    return f"{name.replace(' ', '')}.{one['property']}"


def be(monkeypatch: pytest.MonkeyPatch, person: Person) -> None:
    """Everybody who asks is this person."""
    monkeypatch.setattr(callbacks.identity, "person_of", lambda *_, **__: person)


def test_the_walk_knows_every_guarded_route_and_its_right(web: Dash) -> None:
    found = {path: endpoint.guarded_by for path, endpoint in guarded(web).items()}
    told = {path: action for path, (_, action) in ROUTES.items()}
    assert found == told | {path: action for path, (_, _, action) in OF_STAGES.items()}
    assert len(list(bodies(web))) >= 4


async def test_every_door_refuses_where_authorise_refuses(
    web: Dash, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    def refuse(person: Person, action: str, department: str | None = None) -> Person:
        raise Refused("no")

    for module in (callbacks.guard, callbacks.live, callbacks.orders, callbacks.web):
        monkeypatch.setattr(module, "authorise", refuse)
    for path, _ in ROUTES.values():
        assert (await client.get(path)).status_code == 403, path
    for method, path, _ in OF_STAGES.values():
        assert (await client.request(method, path)).status_code == 403, path
    layout = await client.get("/_dash-layout")
    assert layout.status_code == 403
    assert REFUSED.zh in layout.text
    monkeypatch.undo()
    whole = await client.get("/_dash-layout")
    assert ids.PAGE in whole.text, "a refusal at first breaks nothing for who comes next"
    for module in (callbacks.guard, callbacks.live, callbacks.orders, callbacks.web):
        monkeypatch.setattr(module, "authorise", refuse)
    for body, _ in bodies(web):
        answer = await client.post("/_dash-update-component", json=body)
        assert answer.status_code == 403, body["output"]
    assert services.series.asked == []  # type: ignore[attr-defined]
    assert services.history.notes == []  # type: ignore[attr-defined]


@pytest.fixture
def onlooker(monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody who may see everything and do nothing else."""
    person = Person("onlooker", None, frozenset({"see"}))
    be(monkeypatch, person)
    return person


async def test_who_only_sees_exports_nothing_and_looks_at_every_page(
    web: Dash, client: httpx.AsyncClient, onlooker: Person, services: Services
) -> None:
    for path, action in ROUTES.values():
        if path != "/live":
            expected = 200 if action == "see" else 403
            assert (await client.get(path)).status_code == expected, path
    for page in PAGES:
        assert (await client.get(page)).status_code == 200, page
        answer = await client.post("/_dash-update-component", json=router_question(page))
        assert answer.status_code == 200, page
    for body, action in bodies(web):
        answer = await client.post("/_dash-update-component", json=body)
        expected = (200, 204) if action == "see" else (403,)
        assert answer.status_code in expected, body["output"]
    assert services.history.notes == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("lacking", ["export", "rows"])
async def test_an_export_of_rows_needs_both_rights(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, lacking: Action
) -> None:
    rights: frozenset[Action] = frozenset({"see", "export", "rows", "ask"})
    be(monkeypatch, Person("clerk", None, rights))
    assert (await client.get("/export/rows/cases.lodged.csv")).status_code == 200
    be(monkeypatch, Person("clerk", None, rights - {lacking}))
    assert (await client.get("/export/rows/cases.lodged.csv")).status_code == 403


async def test_what_no_history_answers_needs_the_right_to_ask(
    web: Dash, client: httpx.AsyncClient, onlooker: Person, services: Services
) -> None:
    services.series.asks_department = {"cases.lodged"}  # type: ignore[attr-defined]
    assert (await client.get("/api/series/cases.lodged")).status_code == 403
    assert (await client.get("/api/series/cases.fees")).status_code == 200
    assert services.history.notes == []  # type: ignore[attr-defined]
    [body] = [body for body, action in bodies(web) if action == "see" and len(body["outputs"]) == 3]
    answer = await client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200
    assert REFUSED.zh in answer.text


async def test_what_a_department_is_asked_is_noted_once_a_question(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.series.asks_department = {"cases.lodged"}  # type: ignore[attr-defined]
    assert (await client.get("/api/series/cases.lodged?window=24h")).status_code == 200
    assert (await client.get("/api/series/cases.fees?window=24h")).status_code == 200
    [note] = services.history.notes  # type: ignore[attr-defined]
    assert note[:3] == ("loopback", "ask", "cases.lodged")
    assert note[3]["to"] == "2026-11-22T08:00:00+00:00"


async def test_who_may_not_ask_is_no_hindrance_to_who_may(
    services: Services,
) -> None:
    services.series.asks_department = {"cases.lodged"}  # type: ignore[attr-defined]
    see: frozenset[Action] = frozenset({"see"})
    people = [Person("a", None, see), Person("b", None, see | {"ask"})]
    requests = [ask(services, person, "cases.lodged", {}).request for person in people]
    found = await asyncio.gather(
        *(services.answer(r, p) for r, p in zip(requests, people, strict=True)),
        return_exceptions=True,
    )
    assert isinstance(found[0], Refused)
    assert not isinstance(found[1], BaseException)


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch, services: Services) -> Person:
    """Somebody of one department, in a city whose pages and walls show two."""
    person = Person("clerk", frozenset({"cases"}), frozenset({"see", "export", "rows", "ask"}))
    be(monkeypatch, person)
    pages = services.catalogue.pages
    both = ["cases.lodged", "customs.released"]
    common = {"title": text("全部"), "numbers": both}
    panel = {"kind": "rules", "indicators": both}
    customs = {"key": "customs", "title": text("通关页"), "department": "customs"}
    pages["common"] = Page.model_validate({"key": "common", **common, "panels": [panel]})
    pages["customs"] = Page.model_validate({**customs, "numbers": ["customs.released"]})
    blocks = [{"department": key.partition(".")[0], "numbers": [key]} for key in both]
    duty = {"key": "duty", "title": text("值班"), "focus": "customs.released", "blocks": blocks}
    services.catalogue.screens["duty"] = DutyScreen.model_validate(duty)
    return person


def told(content: bytes) -> str:
    """What an answer says, a workbook's sheets included."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


async def test_who_is_of_one_department_hears_nothing_of_another(
    web: Dash, client: httpx.AsyncClient, clerk: Person
) -> None:
    others = ("observe", "own")
    own = [path for path, action in ROUTES.values() if action not in others and path != "/live"]
    for path in [
        *own,
        "/export/page/common.xlsx",
        "/export/rows/cases.lodged.xlsx",
        "/_dash-layout",
    ]:
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert not OTHERS.search(told(answer.content)), path
    for page in (*PAGES, "/department/common", "/nowhere", "/department/custom", "/wall/x"):
        answer = await client.post("/_dash-update-component", json=router_question(page))
        assert answer.status_code == 200, page
        said = answer.text.replace(page.rpartition("/")[2] or "\0", "")
        assert not OTHERS.search(said), page
    for body, _ in bodies(web):
        answer = await client.post("/_dash-update-component", json=body)
        assert not OTHERS.search(answer.text), body["output"]


async def test_what_is_another_departments_is_refused_or_unknown(
    client: httpx.AsyncClient, clerk: Person
) -> None:
    for path in ("/api/readings/{}", "/api/series/{}", "/export/{}.csv", "/export/rows/{}.csv"):
        answer = await client.get(path.format("customs.released"))
        assert answer.status_code == 403, path
        assert not OTHERS.search(answer.text), path
    assert (await client.get("/export/page/customs.xlsx")).status_code == 404
    for page in ("/department/customs", "/indicator/customs.released"):
        answer = await client.post("/_dash-update-component", json=router_question(page))
        assert not re.search("通关|放行|Customs", answer.text), page


@pytest.mark.parametrize("panel", ["customs/0", "trend|customs.released|24h|1h||normal"])
async def test_a_callback_tells_nothing_of_another_department_whatever_its_body_names(
    web: Dash, client: httpx.AsyncClient, clerk: Person, monkeypatch: pytest.MonkeyPatch, panel: str
) -> None:
    foreign = {
        "indicator": "customs.released",
        "key": "customs.released",
        "panel": panel,
    }
    monkeypatch.setattr("test_web_rights.SAMPLES", foreign)
    for body, _ in bodies(web):
        answer = await client.post("/_dash-update-component", json=body)
        # What the browser itself named is named back: ids of its own components.
        said = re.sub(r"customs(\.released|\\u002f0|/0)", "", answer.text)
        assert not OTHERS.search(said), body["output"]
        assert "SELECT" not in answer.text


async def test_the_stream_of_one_department_holds_nothing_of_another(
    web: Dash, clerk: Person, services: Services
) -> None:
    services.live.publish({"feeds": {"customs.applications": feed("customs")}})  # type: ignore[attr-defined]
    viewer = web.server.state.hub.join(clerk.audience, None)
    snapshot = await viewer.next()
    services.live.publish({"readings": {"customs.released": reading("customs.released", 5.0),  # type: ignore[attr-defined]
                                        "cases.lodged": reading("cases.lodged", 6.0)}})  # fmt: skip
    delta = await viewer.next()
    assert b"cases.lodged" in snapshot
    assert b"6.0" in delta
    assert not OTHERS.search((snapshot + delta).decode())
    viewer.leave()
    sent = await _streamed(web)
    assert b"cases.lodged" in sent
    assert not OTHERS.search(sent.decode())


async def _streamed(web: Dash) -> bytes:
    """What `/live` sends to somebody who goes at the first frame."""
    sent = b""
    seen = asyncio.Event()

    async def send(message: Any) -> None:
        nonlocal sent
        sent += message.get("body", b"")
        if b"cases.lodged" in sent:
            seen.set()

    async def receive() -> Any:
        await asyncio.wait_for(seen.wait(), 10)
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live",
        "raw_path": b"/live",
        "query_string": b"",
        "headers": [(b"host", b"center")],
        "client": ("127.0.0.1", 1),
        "server": ("center", 80),
        "scheme": "http",
    }
    await web.server(scope, receive, send)
    return sent

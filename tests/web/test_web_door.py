"""No callback and no route lets anybody in without asking `authorise`."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from dash import Dash
from small_city import make_services, router_question
from web_sockets import answers_to_web_socket

import callbacks.guard
import callbacks.identity
from callbacks.guard import PERSON
from callbacks.identity import PUBLIC, WAITING
from callbacks.web import build_web
from dashboard import ids
from dashboard.access import Person, Refused

DASHES_OWN = re.compile(r"/(_dash-.*|_reload-hash|_favicon\.ico|)")
"""Routes that Dash registers by itself: the outermost door alone stands before them."""


def routes(web: Dash) -> Iterator[tuple[str, Any]]:
    """Every route with parameters filled in."""
    for route in web.server.routes:
        yield re.sub(r"\{\w+(:\w+)?\}", "x", route.path), route


def is_open(path: str) -> bool:
    """Whether it is open to everybody: it holds nothing of the city."""
    return (path + "/").startswith(PUBLIC) or path in PUBLIC or path in WAITING


def server_callbacks(web: Dash) -> dict[str, Any]:
    return {name: spec["callback"] for name, spec in web.callback_map.items() if "callback" in spec}


def test_every_route_asks_or_is_one_of_dash_or_public(web: Dash) -> None:
    unguarded = [
        path
        for path, route in routes(web)
        if not hasattr(getattr(route, "endpoint", None), "guarded_by")
        and not DASHES_OWN.fullmatch(path)
        and not is_open(path)
    ]
    assert unguarded == []


async def test_stranger_is_refused_on_every_route_but_the_public(
    web: Dash, stranger: httpx.AsyncClient
) -> None:
    tried = 0
    for path, route in routes(web):
        if is_open(path) or not hasattr(route, "methods"):
            continue
        for method in route.methods or {"GET"}:
            answer = await stranger.request(method, path, json={} if method == "POST" else None)
            assert answer.status_code == 403, f"{method} {path}"
            if method != "HEAD":
                assert answer.json()["error"]["zh"]
            tried += 1
    assert tried > 12


async def test_stranger_is_led_to_where_one_signs_in(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/department/cases", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fdepartment%2Fcases"


async def test_stranger_may_ask_whether_the_process_lives(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).status_code == 200


async def test_web_socket_of_dash_is_closed_to_strangers(web: Dash) -> None:
    sent = await answers_to_web_socket(web.server, "center", "10.9.8.7")
    assert sent == ["websocket.close"]


async def test_every_callback_refuses_nobody(web: Dash) -> None:
    found = server_callbacks(web)
    assert len(found) >= 4
    for name, callback in found.items():
        assert hasattr(callback, "guarded_by"), name
        with pytest.raises(Refused):
            await callback.__wrapped__()


def test_every_callback_is_async(web: Dash) -> None:
    found = server_callbacks(web)
    blocking = [name for name, call in found.items() if not inspect.iscoroutinefunction(call)]
    assert blocking == []


def test_every_id_of_a_callback_is_one_of_the_ids_module(web: Dash) -> None:
    known = {value for name, value in vars(ids).items() if name.isupper()}
    used: set[str] = set()
    for spec in web._callback_list:
        used |= {item["id"] for item in [*spec["inputs"], *spec["state"]]}
        used |= {output.rpartition(".")[0] for output in spec["output"].strip(".").split("...")}
    plain = {name for name in used if not name.startswith("{")}
    assert plain
    assert plain - known == set()


async def test_person_without_the_right_gets_403_from_a_callback(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(person: Person, action: str, department: str | None = None) -> Person:
        raise Refused("no")

    monkeypatch.setattr(callbacks.guard, "authorise", refuse)
    answer = await client.post("/_dash-update-component", json=router_question("/"))
    assert answer.status_code == 403
    assert (await client.get("/api/readings")).status_code == 403


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
async def test_who_only_sees_is_not_told_of_departments_that_are_not_his(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    clerk = Person("clerk", frozenset({"cases"}), frozenset({"see"}))
    monkeypatch.setattr(callbacks.identity, "person_of", lambda *_, **__: clerk)
    assert (await client.get("/api/readings")).status_code == 200
    assert (await client.get(path)).status_code == 403


def test_nobody_is_asked_for_nothing_outside_a_request() -> None:
    assert PERSON.get().actions == frozenset()


async def test_two_applications_live_in_one_process(client: httpx.AsyncClient) -> None:
    build_web(make_services())
    answer = await client.post("/_dash-update-component", json=router_question("/department/cases"))
    assert answer.status_code == 200
    assert (await client.get("/department/cases")).status_code == 200

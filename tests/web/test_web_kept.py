"""Indicators that are kept to some roles: nobody else is told that there are such."""

import json
import re
from typing import Any

import httpx
import pytest
from dash import Dash
from small_city import count, reading, router_question, text
from test_web_rights import be, bodies, told

from callbacks.services import Services
from dashboard.access import EVERYTHING, Person, Refused, authorise_for, person_of
from dashboard.catalogue import Indicator
from dashboard.catalogue.pages import Page
from dashboard.frames import Audience, visible

KEY = "cases.secret"
OUTSIDER = Person("outsider", actions=EVERYTHING)
INSIDER = Person("insider", actions=EVERYTHING, roles=frozenset({"inspector", "clerk"}))
SECRET = re.compile("查验率|cases.secret|41.25")


@pytest.fixture
async def kept(services: Services) -> Services:
    """A city with an indicator that only inspectors may see, on a page beside one for all."""
    cases = services.catalogue.departments["cases"]
    cases.indicators["secret"] = Indicator.model_validate(
        count("查验率", roles=["inspector"], serves=["S9"])
    )
    panels = [
        {"kind": "rules", "indicators": ["cases.lodged", KEY]},
        {"kind": "trend", "title": text("查验率多高"), "indicators": [KEY]},
    ]
    services.catalogue.pages["cases"] = Page.model_validate(
        {
            "key": "cases",
            "title": text("办件"),
            "department": "cases",
            "numbers": ["cases.lodged", KEY],
            "panels": panels,
        }
    )
    _publish(services)
    return services


def _publish(services: Services) -> None:
    services.live.publish(  # type: ignore[attr-defined]
        {
            "readings": {
                "cases.lodged": reading("cases.lodged", 6.0),
                KEY: reading(KEY, 41.25, roles=["inspector"]),
            },
            "sparks": {KEY: {"department": "cases", "roles": ["inspector"], "values": [41.25]}},
        }
    )


READ = (
    "/api/indicators",
    "/api/indicators?serves=S9",
    "/api/readings",
    "/export/page/cases.xlsx",
    "/api/search?q=查验率",
    "/api/readings/cases.secre",
)
OWN = (
    f"/api/readings/{KEY}",
    f"/api/series/{KEY}",
    f"/export/{KEY}.csv",
    f"/export/rows/{KEY}.csv",
)


async def test_whoever_lacks_the_role_hears_nothing_of_it(
    web: Dash, client: httpx.AsyncClient, kept: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, OUTSIDER)
    for path in READ:
        answer = await client.get(path)
        said = told(answer.content).replace("查验率", "", 1) if "search" in path else None
        assert not SECRET.search(said or told(answer.content)), path
    for path in OWN:
        answer = await client.get(path)
        other = await client.get(path.replace(KEY, "cases.secrets"))
        assert (answer.status_code, other.status_code) == (404, 404), path
        told_of = answer.text.replace(KEY, ""), other.text.replace("cases.secrets", "")
        assert told_of[0] == told_of[1], f"{path} is as one that there is not"
    for page in ("/", "/department/cases", f"/indicator/{KEY}", "/status"):
        answer = await client.post("/_dash-update-component", json=router_question(page))
        said = answer.text.replace(page.rpartition("/")[2] or "\0", "")
        assert not SECRET.search(_words(said)), page
    assert kept.series.asked == [] or KEY not in str(kept.series.asked)  # type: ignore[attr-defined]


async def test_who_holds_the_role_sees_it_everywhere(
    web: Dash, client: httpx.AsyncClient, kept: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, INSIDER)
    for path in READ[:4]:
        assert SECRET.search(told((await client.get(path)).content)), path
    for path in OWN:
        assert (await client.get(path)).status_code == 200, path
    page = await client.post("/_dash-update-component", json=router_question("/department/cases"))
    assert SECRET.search(_words(page.text))


def _words(body: str) -> str:
    """What an answer of Dash says, its escapes undone."""
    return body.encode().decode("unicode_escape", "replace") if "\\u" in body else body


async def test_no_callback_tells_of_it_whatever_its_body_names(
    web: Dash, client: httpx.AsyncClient, kept: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, OUTSIDER)
    for panel in ("cases/0", "cases/1", f"trend|{KEY}|24h|1h||normal"):
        samples = {"indicator": KEY, "key": KEY, "panel": panel}
        monkeypatch.setattr("test_web_rights.SAMPLES", samples)
        for body, _ in bodies(web):
            answer = await client.post("/_dash-update-component", json=body)
            said = answer.text.replace(KEY, "").replace(json.dumps(KEY), "")
            assert not SECRET.search(_words(said)), body["output"]
            assert "SELECT" not in answer.text


async def test_the_stream_holds_it_for_the_role_alone(web: Dash, kept: Services) -> None:
    hub = web.server.state.hub
    viewers = {person.name: hub.join(person.audience) for person in (OUTSIDER, INSIDER)}
    snapshots = {name: await viewer.next() for name, viewer in viewers.items()}
    _publish(kept)
    deltas = {name: await viewer.next() for name, viewer in viewers.items()}
    for seen in (snapshots, deltas):
        assert b"cases.lodged" in seen["outsider"]
        assert not SECRET.search(seen["outsider"].decode())
        assert b"41.25" in seen["insider"]
    for viewer in viewers.values():
        viewer.leave()


def test_a_role_opens_no_other_department() -> None:
    entry: dict[str, Any] = {"department": "cases", "roles": ["inspector"]}
    batch = {"readings": {KEY: entry}}
    inspector = frozenset({"inspector"})
    assert visible(batch, Audience(frozenset({"cases"}), inspector)) == batch
    assert not visible(batch, Audience(frozenset({"customs"}), inspector))["readings"]
    assert not visible(batch, Audience(None, frozenset()))["readings"]


async def test_authorise_asks_for_one_of_the_roles(kept: Services) -> None:
    assert authorise_for(INSIDER, "see", kept.catalogue, KEY) is INSIDER
    assert authorise_for(OUTSIDER, "see", kept.catalogue, "cases.lodged") is OUTSIDER
    with pytest.raises(Refused, match="kept to some roles"):
        authorise_for(OUTSIDER, "rows", kept.catalogue, KEY)


def test_until_somebody_signs_in_this_machine_is_everybody_and_others_nobody() -> None:
    assert person_of("127.0.0.1").roles is None
    assert person_of("10.9.8.7").roles == frozenset()

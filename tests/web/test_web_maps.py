"""What the map is drawn from, over HTTP: compressed once, told by its version, cut to who asks."""

from typing import Any

import httpx
import orjson
import pytest
from small_city import points, reading

import callbacks.identity
from callbacks.maps import card_of
from callbacks.services import Services
from dashboard.access import EVERYTHING, Person
from dashboard.geography.near import nearest
from dashboard.ports import Busy

CLERK = Person("clerk", frozenset({"cases"}), EVERYTHING)


def be(monkeypatch: pytest.MonkeyPatch, person: Person) -> None:
    monkeypatch.setattr(callbacks.identity, "person_of", lambda *_, **__: person)


async def test_points_carry_their_version_and_are_sent_once(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = await client.get("/api/map/points/cases")
    assert first.json() == points()
    assert first.headers["content-encoding"] == "gzip"
    tag = first.headers["etag"]
    assert tag == '"v1"'
    again = await client.get("/api/map/points/cases", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    plain = await client.get("/api/map/points/cases", headers={"accept-encoding": "identity"})
    assert plain.json() == points()


async def test_a_new_version_is_sent_to_whoever_has_the_old_one(
    client: httpx.AsyncClient, services: Services
) -> None:
    shelf: Any = services.shelf
    old = await client.get("/api/map/points/cases")
    shelf.bodies["cases.cases"] = orjson.dumps(points("v2"))
    told = services.live.sections()["layers"]["cases.cases"] | {"version": "v2"}
    services.live.publish({"layers": {"cases.cases": told}})  # type: ignore[attr-defined]
    new = await client.get("/api/map/points/cases", headers={"if-none-match": old.headers["etag"]})
    assert new.json()["version"] == "v2"
    assert shelf.asked[-1] == ("cases.cases", "v2")


async def test_a_layer_of_another_department_is_neither_sent_nor_named(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, CLERK)
    assert (await client.get("/api/map/points/customs")).status_code == 403
    listed = (await client.get("/api/map/layers")).json()
    assert [one["key"] for one in listed] == ["cases"]
    assert listed[0]["now"]["aside"] == {"zero": 1}
    assert listed[0]["classed"] == points()["classed"]
    assert [one["title"]["zh"] for one in listed[0]["classes"]] == ["图层"]
    missing = await client.get("/api/map/points/none")
    assert missing.status_code == 404
    assert "customs" not in missing.text


async def test_ids_which_are_keys_of_rows_are_blank_for_who_may_not_see_rows(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await client.get("/api/map/points/cases")
    be(monkeypatch, Person("onlooker", None, frozenset({"see"})))
    shown = await client.get("/api/map/points/cases")
    assert set(shown.json()["id"]) == {""}
    assert {one["id"] for one in shown.json()["aside"]} <= {""}
    assert shown.json()["lon"] == whole.json()["lon"]
    asked = {"if-none-match": whole.headers["etag"]}
    assert (await client.get("/api/map/points/cases", headers=asked)).status_code == 200


async def test_a_layer_that_was_never_read_says_so(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.live.publish({"layers": {"cases.cases": None}})  # type: ignore[attr-defined]
    answer = await client.get("/api/map/points/cases")
    assert answer.status_code == 503
    assert answer.json()["error"]["zh"] == "图层尚未读取"


async def test_files_of_the_map_are_sent_compressed_and_others_are_none(
    client: httpx.AsyncClient, services: Services
) -> None:
    found = await client.get("/api/map/files/towns.geojson")
    assert len(found.json()["features"]) == 32
    assert found.json()["schematic"]
    assert found.headers["etag"] == f'"{services.geography.files["towns"].etag}"'
    assert (await client.get("/api/map/files/secrets.geojson")).status_code == 404


@pytest.mark.parametrize("path", ["points/cases", "files/districts.geojson"])
async def test_too_many_files_at_once_are_answered_and_no_fault(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    async def busy(*_: object, **__: object) -> bytes:
        raise Busy("too many files are being made")

    monkeypatch.setattr(type(services), "in_files", busy)
    answer = await client.get(f"/api/map/{path}")
    assert answer.status_code == 503
    assert "too many" in answer.text or "正在回答" in answer.text


async def test_parts_come_from_the_reading_or_from_history_and_no_department(
    client: httpx.AsyncClient, services: Services
) -> None:
    asked = await client.get("/api/map/values/cases.lodged?by=district")
    parts = asked.json()["parts"]
    assert parts["440604"]["name"] == {"zh": "禅城", "en": "Chancheng"}
    assert asked.json()["state"] == "fresh"
    assert services.series.asked[-1].grain == "total"  # type: ignore[attr-defined]
    parts = {"440604": {"value": 9, "n": 9, "level": "alarm"}}
    live = reading("cases.lodged", parts_by="district", parts=parts)
    services.live.publish({"readings": {"cases.lodged": live}})  # type: ignore[attr-defined]
    again = await client.get("/api/map/values/cases.lodged?by=district")
    assert again.json()["parts"]["440604"]["level"] == "alarm"
    wrong = await client.get("/api/map/values/cases.lodged?by=town")
    assert wrong.status_code == 400
    assert (await client.get("/api/map/values/cases.none?by=x")).status_code == 404


async def test_the_card_of_a_point_asks_the_department_once_and_is_noted(
    services: Services,
) -> None:
    chosen = {"layer": "cases", "id": "1", "label": "甲", "lon": 113.11, "lat": 23.02}
    person = Person("clerk", None, EVERYTHING)
    assert "甲" in str(await card_of(services, person, chosen, "zh"))
    notes: Any = services.history
    assert [note[1:3] for note in notes.notes] == [("record", "cases.applications")]


async def area_card(services: Services, level: str, language: str, **more: Any) -> str:
    """The card of Chancheng, whose part of the reading is at a level."""
    live: Any = services.live
    parts = {"440604": {"value": 9.0, "n": 12, "level": level}}
    told = reading("cases.lodged", parts_by="district", parts=parts, **more)
    live.publish({"readings": {"cases.lodged": told}})
    layers: Any = services.catalogue.layers
    layers["areas"] = layers["cases"].model_copy(
        update={"kind": "indicator", "indicator": "cases.lodged", "by": "district"}
    )
    chosen = {"layer": "areas", "code": "440604"}
    try:
        return str(await card_of(services, Person("clerk", None, EVERYTHING), chosen, language))
    finally:
        del layers["areas"]


async def test_the_card_of_an_area_says_its_value_and_n(services: Services) -> None:
    card = await area_card(services, "alarm", "zh")
    assert "禅城" in card
    assert "9 件" in card.replace("\xa0", " ").replace("\\xa0", " ")
    assert "n 12" in card
    assert "alarm" in card
    assert "数据截至 15:59:30 · 正常" in card


async def test_the_card_of_an_area_whose_reading_is_late_carries_the_clock(
    services: Services,
) -> None:
    card = await area_card(services, "normal", "en", state="stale")
    assert "As of 15:59:30 · " in card
    assert "data-mark='late'" in card
    gone = await area_card(services, "normal", "en", value=None, state="unavailable")
    assert "n 12" not in gone
    assert "Unavailable" in gone


async def test_what_is_near_is_told_with_its_distance_to_who_may_see_it(
    services: Services,
) -> None:
    chosen = {"layer": "cases", "id": "1", "label": "甲", "lon": 113.11, "lat": 23.02}
    everybody = str(await card_of(services, Person("clerk", None, EVERYTHING), chosen, "zh"))
    assert "最近的 2 个：通关图层" in everybody
    assert "0 m" in everybody
    assert "通关" not in str(await card_of(services, CLERK, chosen, "zh"))


async def test_what_was_put_into_other_classes_is_near_without_a_class(services: Services) -> None:
    shelf: Any = services.shelf
    other = points(department="customs") | {"classed": "other", "class": [7, 7]}
    shelf.bodies["customs.customs"] = orjson.dumps(other)
    chosen = {"layer": "cases", "id": "1", "label": "甲", "lon": 113.11, "lat": 23.02}
    card = str(await card_of(services, Person("clerk", None, EVERYTHING), chosen, "zh"))
    assert "最近的 2 个：通关图层" in card
    assert "Span(children='', className='near-state')" in card


async def test_lines_are_near_nothing(services: Services) -> None:
    layers: Any = services.catalogue.layers
    kept = layers["customs"]
    layers["customs"] = kept.model_copy(update={"kind": "lines"})
    chosen = {"layer": "cases", "id": "1", "label": "甲", "lon": 113.11, "lat": 23.02}
    try:
        card = str(await card_of(services, Person("clerk", None, EVERYTHING), chosen, "zh"))
    finally:
        layers["customs"] = kept
    assert "甲" in card
    assert "通关" not in card


async def test_who_may_not_see_rows_is_shown_a_card_without_one(services: Services) -> None:
    chosen = {"layer": "cases", "id": "1", "label": "甲"}
    person = Person("onlooker", None, frozenset({"see"}))
    assert "甲" in str(await card_of(services, person, chosen, "zh"))
    notes: Any = services.history
    assert notes.notes == []


@pytest.mark.parametrize(
    "chosen",
    [
        {"layer": "customs", "id": "1"},
        {"layer": "none"},
        {"code": "440604", "indicator": "customs.released", "by": "district"},
        {"code": "x", "indicator": "nothing", "by": []},
    ],
)
async def test_what_a_browser_invents_or_may_not_see_shows_nothing(
    services: Services, chosen: dict[str, Any]
) -> None:
    assert "Component" not in str(type(await card_of(services, CLERK, chosen, "zh")))
    assert not isinstance(await card_of(services, CLERK, chosen, "zh"), list)


def test_the_nearest_are_in_order_with_their_distance() -> None:
    body = points()
    found = nearest(orjson.dumps(body), (113.27, 22.84), body["classed"])
    assert [near.id for near in found] == ["2", "1"]
    assert found[0].label == "2", "what has no name is called by its id"
    assert found[0].distance == 0
    assert 25_000 < found[1].distance < 27_000

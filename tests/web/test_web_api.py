"""The JSON interface and health."""

from typing import Any

import httpx
import pytest
from small_city import NOW, feed, make_services, reading, text

from callbacks.api import indicator_json
from callbacks.questions import ask
from callbacks.services import Services
from dashboard.access import Person
from dashboard.catalogue import Indicator, Problem
from dashboard.catalogue.told import problem_facts
from dashboard.ports import Unreachable


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_indicators_are_a_list_without_internal_ones(client: httpx.AsyncClient) -> None:
    found = await get(client, "/api/indicators")
    keys = [indicator["key"] for indicator in found]
    assert keys == ["cases.lodged", "cases.fees", "cases.open", "customs.released"]
    first = found[0]
    assert first["department"] == "cases"
    assert first["title"] == {"zh": "申请量", "en": "申请量 count"}
    assert first["unit"]["zh"] == "件"
    assert first["definition"]["zh"] == "申请数"
    assert first["confirmed"] is False
    assert first["basis"] == "live"


async def test_indicators_can_be_asked_by_the_row_they_serve(client: httpx.AsyncClient) -> None:
    found = await get(client, "/api/indicators?serves=S9")
    assert [indicator["key"] for indicator in found] == ["cases.lodged"]
    assert await get(client, "/api/indicators?serves=S8") == []
    expected = (await get(client, "/api/indicators?serves=nine", 400))["expected"]
    assert "S9: the system of the city" in expected


async def test_readings_are_those_of_the_newest_frame(client: httpx.AsyncClient) -> None:
    found = await get(client, "/api/readings")
    assert found["connected"] is True
    assert found["readings"].keys() == {"cases.lodged", "customs.released"}
    assert await get(client, "/api/readings/cases.lodged") == reading("cases.lodged")


async def test_indicator_without_reading_is_unavailable_and_not_zero(
    client: httpx.AsyncClient,
) -> None:
    found = await get(client, "/api/readings/cases.fees")
    assert found["value"] is None
    assert found["state"] == "unavailable"


@pytest.mark.parametrize("path", ["/api/readings/", "/api/series/", "/export/"])
async def test_unknown_indicator_names_the_nearest(client: httpx.AsyncClient, path: str) -> None:
    suffix = ".csv" if path == "/export/" else ""
    found = await get(client, f"{path}cases.lodgd{suffix}", 404)
    assert found["nearest"] == "cases.lodged"
    assert found["found"] == "cases.lodgd"
    assert found["error"]["zh"]


async def test_series_says_how_it_was_made(client: httpx.AsyncClient) -> None:
    found = await get(client, "/api/series/cases.lodged?window=7d&grain=1h&by=district")
    assert found["grain"] == "1h"
    assert found["by"] == "district"
    assert found["to"] == "2026-11-22T08:00:00.000Z"
    assert found["points"][0] == {"at": found["from"], "code": "440604", "value": 0.1 + 0.2, "n": 3}
    assert found["origin"] == "history"


async def test_decimals_keep_every_digit(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/series/cases.fees")
    assert '"value":1234567890123.45' in answer.text
    assert '"value":-2.50' in answer.text


async def test_window_is_the_indicators_own_unless_asked(
    client: httpx.AsyncClient, services: Services
) -> None:
    today = await get(client, "/api/series/cases.lodged")
    assert today["window"] == "today"
    assert today["from"] == "2026-11-21T16:00:00.000Z"
    stock = await get(client, "/api/series/cases.open")
    assert stock["window"] == "1d"
    whole = await get(client, "/api/series/cases.lodged?window=2020-01-01/2021-06-30&grain=total")
    assert (whole["from"], whole["to"]) == ("2019-12-31T16:00:00.000Z", "2021-06-30T16:00:00.000Z")
    assert services.series.asked[-1].grain == "total"  # type: ignore[attr-defined]


async def test_one_value_is_given_where_no_grain_was_asked_and_none_is_kept(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.series.only_total = True  # type: ignore[attr-defined]
    assert (await get(client, "/api/series/cases.lodged"))["grain"] == "total"
    assert "total" in (await get(client, "/api/series/cases.lodged?grain=15m", 400))["expected"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("window=7x", "from/to"),
        ("window=2021-01-01/2020-01-01", "from < to"),
        ("grain=2h", "1h"),
        ("by=street", "district"),
        ("windw=7d", "window"),
    ],
)
async def test_wrong_question_says_what_was_found_and_expected(
    client: httpx.AsyncClient, query: str, expected: str
) -> None:
    found = await get(client, f"/api/series/cases.lodged?{query}", 400)
    name, _, value = query.partition("=")
    assert found["found"][name] == value
    assert expected in found["expected"]
    assert expected in found["mend"]


async def test_a_standards_own_dimension_is_a_split_like_any_other() -> None:
    indicator = Indicator.model_validate(
        {
            "title": text("空气"),
            "unit": text("级"),
            "basis": "live",
            "definition": {"text": text("空气")},
            "measure": {
                "kind": "standard",
                "standard": "air",
                "column": "hour",
                "inputs": {"pm25": "cases.pm25"},
                "by": "station",
            },
        }
    )
    services = make_services()
    catalogue = services.catalogue_source.catalogue  # type: ignore[attr-defined]
    catalogue.departments["cases"].indicators["air"] = indicator
    person = Person("tester", actions=frozenset({"see"}))
    question = ask(services, person, "cases.air", {"by": "station"})
    assert question.request.by == "station"
    assert indicator_json(catalogue, "cases.air", indicator)["by"] == ["station"]
    with pytest.raises(ValueError, match="found by 'street', expected one of station"):
        ask(services, person, "cases.air", {"by": "street"})


async def test_silent_department_is_503(client: httpx.AsyncClient, services: Services) -> None:
    services.series.refuses = Unreachable("cases does not answer")  # type: ignore[attr-defined]
    found = await get(client, "/api/series/cases.lodged", 503)
    assert found["reason"] == "cases does not answer"
    assert (await client.get("/export/cases.lodged.csv")).status_code == 503
    assert (await client.get("/export/page/cases.xlsx")).status_code == 503


async def test_ready_when_redis_store_and_collector_work(client: httpx.AsyncClient) -> None:
    found = await get(client, "/readyz")
    assert found["status"] == "ok"
    assert found["collector"]["lag"] == 2.0
    assert found["departments"]["cases"] == {"ok": True, "feeds": {"applications": "fresh"}}


async def test_what_the_collector_found_against_the_catalogue_is_named(
    client: httpx.AsyncClient, services: Services
) -> None:
    assert (await get(client, "/readyz"))["catalogue"]["named"] == []
    problem = Problem("catalog/departments/cases.yaml", 9, "column 'x'", "a column")
    services.live.publish({"facts": problem_facts("cases", [problem], {})})  # type: ignore[attr-defined]
    found = (await get(client, "/readyz"))["catalogue"]
    assert found["problems"] == 1
    assert found["named"] == [
        "catalog/departments/cases.yaml:9: error: column 'x'; expected a column"
    ]


async def test_dead_department_is_said_and_leaves_the_wall_ready(
    client: httpx.AsyncClient, services: Services
) -> None:
    silent = {**feed("cases"), "state": "stale", "reason": "does not answer"}
    services.live.publish({"feeds": {"cases.applications": silent}})  # type: ignore[attr-defined]
    found = await get(client, "/readyz")
    assert found["departments"]["cases"]["ok"] is False
    assert found["departments"]["cases"]["reason"] == "does not answer"


@pytest.mark.parametrize("state", ["fresh", "not_due", "unavailable"])
async def test_a_department_that_was_never_read_is_not_ready(
    client: httpx.AsyncClient, services: Services, state: str
) -> None:
    unread = {**feed("cases"), "state": state, "collected_at": None, "reason": "not_read"}
    services.live.publish({"feeds": {"cases.applications": unread}})  # type: ignore[attr-defined]
    found = (await get(client, "/readyz"))["departments"]["cases"]
    assert (found["ok"], found["reason"]) == (False, "not_read")


async def test_not_ready_before_any_department_has_answered(
    client: httpx.AsyncClient, services: Services
) -> None:
    blank = {"value": None, "state": "unavailable", "as_of": None, "collected_at": None}
    keys = services.live.sections()["readings"]
    feeds = {f"{d}.applications": feed(d) | {"collected_at": None} for d in ("cases", "customs")}
    unread = {"readings": {key: reading(key, **blank) for key in keys}, "feeds": feeds}
    services.live.publish(unread)  # type: ignore[attr-defined]
    found = await get(client, "/readyz", 503)
    assert found["collector"] == {"ok": False, "lag": None}
    assert (await get(client, "/api/readings/cases.lodged"))["collected_at"] is None


async def test_not_ready_without_redis_store_or_collector(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.live.connected = False  # type: ignore[misc]
    assert (await get(client, "/readyz", 503))["redis"]["ok"] is False
    services.live.connected = True  # type: ignore[misc]
    services.history.down = True  # type: ignore[attr-defined]
    assert (await get(client, "/readyz", 503))["store"]["ok"] is False
    services.history.down = False  # type: ignore[attr-defined]
    old = {"collected_at": "2026-11-22T07:00:00.000Z"}
    services.live.publish(  # type: ignore[attr-defined]
        {
            "readings": {k: reading(k, **old) for k in ("cases.lodged", "customs.released")},
            "feeds": {f"{d}.applications": {**feed(d), **old} for d in ("cases", "customs")},
        }
    )
    assert (await get(client, "/readyz", 503))["collector"] == {"ok": False, "lag": 3600.0}


async def test_metrics_are_for_prometheus(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    assert "command_center_live_viewers 0.0" in text
    assert "command_center_redis_connected 1.0" in text
    age = 'command_center_feed_age_seconds{dataset="applications",department="cases"} 30.0'
    assert age in text
    assert NOW.year == 2026

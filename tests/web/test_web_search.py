"""Search and records over a real database: what is found, what is masked, who may, who is silent."""

import json
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from plotly.utils import PlotlyJSONEncoder
from searched_city import NUMBER, searched_services
from small_city import MemoryCatalogue, MemoryHistory

import callbacks.search
from callbacks.record import answer_record
from callbacks.search import Finder
from callbacks.services import Services
from callbacks.web import build_web
from dashboard.access import EVERYTHING, Person, Refused
from dashboard.records import joined_key, record_path, split_key
from dashboard.search import Entry, search

CLERK = Person("clerk", actions=EVERYTHING)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return searched_services(tmp_path)


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_web(services).server, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://center") as made:
        yield made


def hrefs(answer: dict[str, Any]) -> list[str]:
    return [one["href"] for one in answer["found"]]


@pytest.mark.parametrize(
    "typed", ["申请量", "SQL", "shenqingl", "lodged", "cases.lodged", "申请 量"]
)
async def test_an_indicator_is_found_by_any_of_its_names(services: Services, typed: str) -> None:
    assert hrefs(await Finder(services).find(CLERK, typed))[0] == "/indicator/cases.lodged"


async def test_pages_and_named_things_are_found_too(services: Services) -> None:
    finder = Finder(services)
    assert "/status" in hrefs(await finder.find(CLERK, "status"))
    answer = await finder.find(CLERK, "zmdt")
    assert hrefs(answer) == [record_path("cases.halls", ("a,b/c", "东"))]
    assert answer["found"][0]["under"] == {"zh": "大厅", "en": "Hall"}
    assert [one["title"]["zh"] for one in answer["found"]] == ["祖庙大厅"]


async def test_a_row_is_found_by_the_beginning_of_its_number_and_that_is_noted(
    services: Services,
) -> None:
    answer = await Finder(services).find(CLERK, NUMBER[:-2])
    assert hrefs(answer)[0] == record_path("cases.applications", (NUMBER,))
    assert len([one for one in answer["found"] if one["kind"] == "number"]) == 5
    assert isinstance(services.history, MemoryHistory)
    asked = {"typed": NUMBER[:-2], "in": ["cases.applications", "customs.applications"]}
    assert services.history.notes == [("clerk", "find", "search", asked)], "one note a question"


async def test_a_department_that_is_silent_is_named_and_holds_up_nobody(services: Services) -> None:
    answer = await Finder(services).find(CLERK, NUMBER)
    assert hrefs(answer) == [record_path("cases.applications", (NUMBER,))]
    assert [one["title"]["zh"] for one in answer["silent"]] == ["通关"]


async def test_names_are_read_once_for_all_who_search(services: Services) -> None:
    finder = Finder(services)
    await finder.find(CLERK, "大厅")
    for kept in finder._names.values():
        assert [entry.title.zh for entry in kept.entries] == ["桂城大厅", "祖庙大厅"]
    before = dict(finder._names)
    await finder.find(CLERK, "桂城")
    assert finder._names == before


async def test_names_are_read_anew_for_another_catalogue(services: Services) -> None:
    finder = Finder(services)
    await finder.find(CLERK, "大厅")
    known = services.catalogue_source
    assert isinstance(known, MemoryCatalogue)
    before = dict(finder._names)
    known.catalogue = replace(known.catalogue, version="another")
    await finder.find(CLERK, "大厅")
    assert finder._names.keys() == before.keys()
    assert all(finder._names[place] is not names for place, names in before.items())


class Hanging:
    """Sources of which customs neither opens nor answers until it is let go."""

    def __init__(self, sources: Any) -> None:
        self.sources = sources
        self.go_on = threading.Event()

    def of(self, department: str) -> Any:
        if department == "customs":
            self.go_on.wait(20)
        return self.sources.of(department)


async def test_a_department_that_hangs_is_waited_for_a_moment_only(services: Services) -> None:
    hanging = Hanging(services.sources)
    finder = Finder(replace(services, sources=hanging), patience=0.3)
    began = time.monotonic()
    try:
        answer = await finder.find(CLERK, NUMBER)
    finally:
        hanging.go_on.set()
    assert time.monotonic() - began < 5
    assert hrefs(answer) == [record_path("cases.applications", (NUMBER,))]
    assert [one["title"]["zh"] for one in answer["silent"]] == ["通关"]


async def test_what_was_found_is_ranked_beside_the_streams(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranked: list[threading.Thread] = []

    def rank(entries: Any, typed: str, most: int) -> list[Entry]:
        ranked.append(threading.current_thread())
        return search(entries, typed, most)

    monkeypatch.setattr(callbacks.search, "search", rank)
    assert hrefs(await Finder(services).find(CLERK, "申请量"))
    assert ranked
    assert threading.main_thread() not in ranked


async def test_what_may_not_be_seen_is_not_found(services: Services) -> None:
    nobody = Person("nobody", departments=frozenset({"customs"}), actions=frozenset({"see"}))
    assert hrefs(await Finder(services).find(nobody, "申请量")) == []
    assert hrefs(await Finder(services).find(nobody, NUMBER)) == []


async def test_a_question_too_long_or_empty_is_told_so(client: httpx.AsyncClient) -> None:
    for asked in ("", " ", "x" * 61):
        answer = await client.get("/api/search", params={"q": asked})
        assert answer.status_code == 400
        assert "expected one of 1 to 60" in answer.json()["said"]
    assert (await client.get("/api/search?q=lodged")).json()["found"]


def said(parts: Any) -> str:
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


async def test_a_record_shows_codes_by_name_times_in_order_and_masks(services: Services) -> None:
    shown = said(await answer_record(services, CLERK, "cases.applications", NUMBER, "zh"))
    for words in (NUMBER, "禅城", "440604", "申办", "2026-11-22 09:00:00", "+90", "•••"):
        assert words in shown
    assert "张三" not in shown
    assert isinstance(services.history, MemoryHistory)
    detail = {"key": NUMBER, "private": False}
    assert services.history.notes[-1] == ("clerk", "record", "cases.applications", detail)


async def test_a_record_that_is_not_there_or_not_allowed(services: Services) -> None:
    for key in ("BJ0", "a,b"):
        shown = said(await answer_record(services, CLERK, "cases.applications", key, "en"))
        assert "There is no such record" in shown
    stranger = Person("stranger", actions=frozenset({"see"}))
    with pytest.raises(Refused):
        await answer_record(services, stranger, "cases.applications", NUMBER, "zh")
    silent = await answer_record(services, CLERK, "customs.applications", "1", "en")
    assert "does not answer" in said(silent)


async def test_a_fault_of_a_reader_is_not_told_as_a_missing_record(services: Services) -> None:
    class Faulty:
        def of(self, _: str) -> Any:
            return self

        def row(self, *_: Any, **__: Any) -> Any:
            raise ValueError("a fault of the reader")

    faulty: Any = Faulty()
    with pytest.raises(ValueError, match="a fault of the reader"):
        await answer_record(
            replace(services, sources=faulty), CLERK, "cases.applications", NUMBER, "en"
        )


@pytest.mark.parametrize("key", [("1",), ("a,b/c", "东"), ("100%", "")])
def test_a_key_survives_its_address(key: tuple[str, ...]) -> None:
    assert split_key(joined_key(key)) == key
    assert record_path("cases.halls", key).count("/") == 3


async def test_rows_of_one_part_alone_are_exported(client: httpx.AsyncClient) -> None:
    path = "/export/rows/cases.lodged.csv"
    every = (await client.get(path)).text
    part = (await client.get(path, params={"by": "district", "part": "440604"})).text
    assert part.count("BJ2026112200") == 9
    assert "BJ20261122020" in every
    assert "BJ20261122020" not in part
    commented = await client.get(
        path, params={"by": "district", "part": "440604", "provenance": "1"}
    )
    assert "district = 440604" in commented.text
    wrong = await client.get(path, params={"by": "district", "part": "禅城"})
    assert wrong.status_code == 400
    assert "expected a code of district such as 440604" in wrong.json()["said"]
    alone = await client.get(path, params={"part": "440604"})
    assert "expected by: one split" in alone.json()["said"]

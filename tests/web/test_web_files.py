"""Files beyond plain series: facts, rows with limits, marks of every row, languages, memory."""

import csv
import io
import itertools
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pytest
from small_city import CASES, NOW, city, count, reading, text

from callbacks.services import Services
from dashboard.catalogue import Department, Indicator
from dashboard.catalogue.load import load
from dashboard.flat_files import write_csv
from dashboard.ports import Point, Series, SeriesRequest
from dashboard.provenance import Asked, provenance_of
from dashboard.row_sheets import Limited
from dashboard.sheets import Column, Sheet, series_sheet
from dashboard.text import Text
from dashboard.workbook import write_workbook

ROOT = Path(__file__).resolve().parents[2]
ZONE = "Asia/Shanghai"
CODES = Column("code", Text(zh="代码", en="code"), "text")
FACT = {
    "kind": "fact",
    "column": "level",
    "group": ["district"],
    "values": {"rain_3": text("Ⅲ级", "Level III")},
}


@pytest.fixture
async def stated(services: Services) -> Services:
    """The small city with a stated fact, read for one district and unnamed for another."""
    fact = count("响应", measure=FACT, window="now", by=["district"], live_by="district")
    services.catalogue.departments["cases"].indicators["response"] = Indicator.model_validate(fact)
    parts = {
        "440604": {"value": None, "n": 1, "level": "alarm", "text": "rain_3",
                   "as_of": "2026-11-22T07:00:00.000Z"},
        "=1+1": {"value": None, "n": 1, "level": "normal", "text": "=cmd"},
    }  # fmt: skip
    made = reading("cases.response", None, parts=parts, parts_by="district")
    services.live.publish({"readings": {"cases.response": made}})  # type: ignore[attr-defined]
    return services


async def rows_of(client: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def book_of(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def facts_of(book: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in book.worksheets[-1].iter_rows(values_only=True) if row[0]}


async def test_a_fact_is_exported_as_rows_with_its_provenance(
    client: httpx.AsyncClient, stated: Services
) -> None:
    first, second = await rows_of(client, "/export/cases.response.csv")
    assert (first["code"], first["name_zh"]) == ("440604", "禅城")
    assert (first["text"], first["text_zh"], first["text_en"]) == ("rain_3", "Ⅲ级", "Level III")
    assert (first["level"], first["stated_at"]) == ("alarm", "2026-11-22T15:00:00+08:00")
    assert (second["text"], second["stated_at"]) == ("'=cmd", "2026-11-22T15:59:30+08:00")
    assert first["source"] == "办件 Cases / applications"
    book = await book_of(client, "/export/cases.response.xlsx?window=7d")
    assert [cell.value for cell in book.worksheets[0][2]][:5] == [
        "440604", "禅城", "Chancheng", "rain_3", "Ⅲ级"
    ]  # fmt: skip
    facts = facts_of(book)
    assert (facts["状态 state"], facts["窗口 window"]) == ("fresh", "now")
    assert facts["数据截至 as-of"] == "2026-11-22T15:59:30+08:00"
    assert (await client.get("/export/cases.response.parquet")).status_code == 200


async def test_every_indicator_of_the_city_is_exported_and_names_its_sources(
    client: httpx.AsyncClient, services: Services
) -> None:
    catalogue: Any = services.catalogue_source
    catalogue.catalogue = load(ROOT / "catalog", {})
    for key, indicator in services.catalogue.indicators():
        for form in ("csv", "xlsx"):
            answer = await client.get(f"/export/{key}.{form}")
            assert answer.status_code == 200, (key, answer.text)
            named = dict(part.split("=", 1) for part in answer.headers["x-provenance"].split("; "))
            assert named["unit"], key
            # The center's own rows are of its real work.
            assert ("demo" in named) == services.catalogue.department_of(key).demo, key
            sources = unquote(named["source"])
            assert sources, key
            assert not sources.endswith("-"), key
            if indicator.dataset is None:
                assert "/" in sources, key
    facts = [k for k, i in services.catalogue.indicators() if i.measure.kind == "fact"]
    assert {"incidents.roster", "incidents.responses", "incidents.warnings"} <= set(facts)


async def test_a_fact_that_was_never_read_is_a_file_without_rows(
    client: httpx.AsyncClient, stated: Services
) -> None:
    stated.live.publish({"readings": {"cases.response": None}})  # type: ignore[attr-defined]
    assert await rows_of(client, "/export/cases.response.csv") == []
    facts = facts_of(await book_of(client, "/export/cases.response.xlsx"))
    assert facts["状态 state"] == "unavailable"


async def test_every_row_says_its_unit_and_only_simulated_ones_that_they_are(
    client: httpx.AsyncClient,
) -> None:
    for path in ("cases.lodged", "customs.released"):
        answer = await client.get(f"/export/{path}.csv")
        [row, *_] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert row["unit"] == "件 cases"
        header = answer.headers["x-provenance"]
        assert "unit=%E4%BB%B6 cases" in header
        demo = path.startswith("cases")
        assert row.get("demo") == ("演示数据 demo data" if demo else None)
        assert ("; demo=" in header) is demo
        sheet = (await book_of(client, f"/export/{path}.xlsx")).worksheets[0]
        named = {cell.value: below.value for cell, below in zip(sheet[1], sheet[2], strict=True)}
        assert named["单位 unit"] == "件 cases"
        assert named.get("演示数据 demo data") == row.get("demo")


def test_a_derived_number_names_the_sources_of_its_inputs() -> None:
    catalogue = city()
    measure = {
        "kind": "formula",
        "formula": "a + b + c",
        "inputs": {"a": "cases.open", "b": "customs.released", "c": "cases.fees"},
    }
    sum_of = count("合计", measure=measure, dataset=None, time=None, window="now")
    department = Department.model_validate(
        {**CASES, "indicators": {**CASES["indicators"], "sum": sum_of}}  # type: ignore[dict-item]
    )
    catalogue.departments["cases"] = department
    series = Series(SeriesRequest("cases.sum", (NOW, NOW)), "1h", [], "history")
    found = provenance_of(catalogue, series, Asked("x", NOW, "1d", "y"), {}, ZONE)
    assert found.source == "办件 Cases / applications; 通关 Customs / applications"


async def test_an_english_workbook_puts_english_words_first_beside_the_same_names(
    client: httpx.AsyncClient,
) -> None:
    book = await book_of(client, "/export/cases.lodged.xlsx?lang=en")
    assert book.sheetnames[0] == "申请量 count"
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert heads[0] == f"time ({ZONE}) 时间"
    assert heads[-2:] == ["unit 单位", "demo data 演示数据"]
    assert "数据截至 as-of" in facts_of(book)
    chinese = await book_of(client, "/export/cases.lodged.xlsx")
    assert chinese.sheetnames[0] == "申请量"
    one, other = [
        (await client.get(f"/export/cases.lodged.csv{q}")).text.splitlines()[0]
        for q in ("", "?lang=en")
    ]
    assert one == other == "\ufefftime,value,n,unit,demo,as_of,source,definition_version"


async def test_rows_are_exported_with_who_asked_noted(
    client: httpx.AsyncClient, services: Services
) -> None:
    rows = await rows_of(client, "/export/rows/cases.lodged.csv?window=7d")
    assert [row["id"] for row in rows] == ["0", "1", "2"]
    assert rows[0]["who"] == "•••"
    assert rows[0]["sbsj"] == "2026-11-22T16:00:00+08:00"
    assert rows[0]["demo"] == "演示数据 demo data"
    assert services.history.notes == [  # type: ignore[attr-defined]
        ("loopback", "rows", "cases.lodged", {"form": "csv", "window": "7d"})
    ]
    answer = await client.get("/export/rows/cases.lodged.xlsx")
    assert answer.headers["x-rows"] == "3"
    assert "x-cut" not in answer.headers
    assert (await client.get("/export/rows/cases.lodged.parquet")).status_code == 400


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_rows_end_at_the_departments_limit_and_say_so(
    client: httpx.AsyncClient, services: Services, form: str
) -> None:
    sources: Any = services.sources
    sources.rows_there = 1_000_000
    department = services.catalogue.departments["cases"]
    limited = department.model_copy(
        update={"limits": department.limits.model_copy(update={"rows": 5})}
    )
    services.catalogue.departments["cases"] = limited
    answer = await client.get(f"/export/rows/cases.lodged.{form}")
    assert (sources.streamed, sources.closed) == (6, 1), "one more, to know"
    assert "5 rows" in answer.headers["x-cut"]
    if form == "csv":
        assert answer.content.decode("utf-8-sig").splitlines()[-1].startswith("# 截断 cut: ")
    else:
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book.worksheets[0].max_row == 6
        assert "5 rows was reached" in facts_of(book)["截断 cut"]


async def test_as_many_rows_as_the_limit_are_all_of_them(
    client: httpx.AsyncClient, services: Services
) -> None:
    sources: Any = services.sources
    sources.rows_there = services.catalogue.departments["cases"].limits.rows
    answer = await client.get("/export/rows/cases.lodged.csv")
    assert answer.headers["x-rows"] == str(sources.rows_there)
    assert "x-cut" not in answer.headers
    assert "# 截断" not in answer.text


def test_what_is_true_or_false_is_so_in_a_workbook(tmp_path: Path) -> None:
    """As a number it would make the workbook one that a spreadsheet wants to repair."""
    sheet = replace(sheet_of(1), columns=(CODES,), rows=[[True], [False], [1]])
    write_workbook(tmp_path / "rows.xlsx", [sheet])
    page = openpyxl.load_workbook(tmp_path / "rows.xlsx").worksheets[0]
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["b", "b", "n"]
    assert [cell.value for cell in cells] == [True, False, 1]


def test_rows_end_when_their_time_is_over() -> None:
    seconds = itertools.count()
    rows = Limited(
        ([number] for number in range(1000)), 1000, 10.0, clock=lambda: float(next(seconds))
    )
    assert len(list(rows)) == 9
    assert "10 s was reached" in rows.cut
    assert {t.en: v for t, v in rows.closing()}["rows"] == 9


def sheet_of(hours: int) -> Sheet:
    """A split series of so many hours by six districts."""
    points = [
        Point(NOW + timedelta(hours=hour), f"4406{code:02}", hour, hour)
        for hour in range(hours)
        for code in range(6)
    ]
    request = SeriesRequest("cases.lodged", (NOW, NOW), "1h", "district")
    series = Series(request, "1h", points, "history")
    catalogue = city()
    provenance = provenance_of(catalogue, series, Asked("x", NOW, "60d", "y"), {}, ZONE)
    return series_sheet(catalogue, series, provenance, ZONE)


def peak(write: Callable[[], None]) -> int:
    """The most memory that was held while writing."""
    tracemalloc.start()
    try:
        write()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_sixty_days_by_hour_and_district_are_written_in_constant_memory(
    tmp_path: Path, form: str
) -> None:
    def write(sheet: Sheet) -> None:
        if form == "csv":
            write_csv(tmp_path / "x.csv", sheet)
        else:
            write_workbook(tmp_path / "x.xlsx", [sheet])

    small, large = sheet_of(2 * 24), sheet_of(60 * 24)
    write(small)
    held = [peak(lambda sheet=sheet: write(sheet)) for sheet in (small, large)]  # type: ignore[misc]
    assert len(large.rows) == 8640  # type: ignore[arg-type]
    assert held[1] < held[0] + 400_000, held

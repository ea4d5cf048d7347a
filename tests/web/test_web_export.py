"""Exports read back by other programs: numbers to the last digit, harmless text, provenance."""

import csv
import io
import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import NOW, city

from callbacks.services import Services
from dashboard.flat_files import harmless, write_csv, write_parquet
from dashboard.ports import Point, Series, SeriesRequest, Unreachable
from dashboard.provenance import Asked, provenance_of
from dashboard.sheets import Sheet, series_sheet
from dashboard.text import Text
from dashboard.workbook import sheet_names, write_workbook

ZONE = "Asia/Shanghai"
SPLIT = "/export/cases.lodged.{}?window=7d&by=district"


def sheet_of(points: list[Point], *, grain: str = "1h", by: str = "") -> Sheet:
    window = datetime(2026, 11, 1, tzinfo=UTC), NOW
    series = Series(SeriesRequest("cases.lodged", window, grain, by), grain, points, "history")
    asked = Asked("loopback", NOW, "7d", "http://center/indicator/cases.lodged")
    catalogue = city()
    provenance = provenance_of(catalogue, series, asked, {}, ZONE)
    return series_sheet(catalogue, series, provenance, ZONE)


async def table(client: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def book(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


async def test_all_formats_hold_the_numbers_of_the_series(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    points = (await client.get("/api/series/cases.lodged?window=7d&by=district")).json()["points"]
    values = [point["value"] for point in points]
    rows = await table(client, SPLIT.format("csv"))
    assert [float(row["value"]) for row in rows] == values
    sheet = (await book(client, SPLIT.format("xlsx"))).worksheets[0]
    assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == values
    (tmp_path / "x.parquet").write_bytes((await client.get(SPLIT.format("parquet"))).content)
    found = pq.read_table(tmp_path / "x.parquet")
    assert found.column("value").to_pylist() == values
    moments = [at.astimezone(UTC) for at in found.column("time").to_pylist()]
    assert moments == [datetime.fromisoformat(point["at"]) for point in points]


async def test_csv_is_a_plain_table_that_says_where_it_comes_from(
    client: httpx.AsyncClient,
) -> None:
    rows = await table(client, SPLIT.format("csv"))
    assert rows[0]["time"] == "2026-11-15T16:00:00+08:00"
    assert rows[0]["name_zh"] == "禅城"
    assert {row["as_of"] for row in rows} == {"2026-11-22T15:59:30+08:00"}
    assert {row["definition_version"] for row in rows} == {"abc123"}
    assert rows[0]["source"].startswith("办件 Cases")


async def test_formulas_in_csv_are_harmless_and_negative_numbers_whole(
    client: httpx.AsyncClient,
) -> None:
    rows = await table(client, SPLIT.format("csv"))
    assert rows[1]["code"] == "'=1+1"
    assert rows[1]["name_zh"] == "'=怪"
    assert rows[2]["value"] == "-2.5"
    money = await table(client, "/export/cases.fees.csv")
    assert [row["value"] for row in money] == ["1234567890123.45", "-2.50"]


async def test_csv_with_all_provenance_begins_with_comments(client: httpx.AsyncClient) -> None:
    text = (await client.get("/export/cases.fees.csv?provenance=1")).content.decode("utf-8-sig")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert any(line.startswith("# 数据截至 as-of: 2026-11-22T15:59:30+08:00") for line in comments)
    assert text.splitlines()[len(comments)].startswith("time,value,n")


async def test_workbook_has_typed_cells_and_a_frozen_filtered_header(
    client: httpx.AsyncClient,
) -> None:
    sheet = (await book(client, SPLIT.format("xlsx"))).worksheets[0]
    first, odd = sheet[2], sheet[3]
    assert first[0].value == datetime(2026, 11, 15, 16)
    assert first[0].number_format == "yyyy-mm-dd hh:mm"
    assert [cell.data_type for cell in first] == ["d", "s", "s", "s", "n", "n", "s", "s"]
    assert (odd[1].value, odd[1].data_type) == ("=1+1", "s")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H5"


async def test_workbook_says_where_its_numbers_come_from(client: httpx.AsyncClient) -> None:
    answer = await client.get("/export/cases.lodged.xlsx?window=7d&grain=1h")
    loaded = python_calamine.load_workbook(io.BytesIO(answer.content))
    assert loaded.sheet_names[1] == "来源 Provenance"
    facts = dict(row[:2] for row in loaded.get_sheet_by_index(1).to_python())
    assert facts["数据截至 as-of"] == "2026-11-22T15:59:30+08:00"
    assert facts["采集时间 collected-at"] == "2026-11-22T15:59:58+08:00"
    assert facts["窗口 window"] == "7d"
    assert facts["粒度 grain"] == "1h"
    assert facts["时区 zone"] == ZONE
    assert facts["口径 basis"].startswith("实时口径")
    assert facts["口径确认 confirmed by"].startswith("待确认")
    assert facts["剔除：办结早于申请 set aside: closed before lodged"] == 3
    assert facts["剔除：时间无法识别（sbsj） set aside: no readable time (sbsj)"] == 2
    assert facts["导出人 who"] == "loopback"
    assert facts["演示数据 demo data"].startswith("是")
    assert facts["链接 permalink"].startswith("http://center/indicator/cases.lodged?window=7d")


async def test_real_data_is_not_called_demo(client: httpx.AsyncClient) -> None:
    loaded = await book(client, "/export/customs.released.xlsx")
    names = [row[0] for row in loaded.worksheets[1].iter_rows(values_only=True)]
    assert not any(name and "演示" in name for name in names)


async def test_page_is_a_workbook_with_a_sheet_per_indicator(client: httpx.AsyncClient) -> None:
    loaded = await book(client, "/export/page/cases.xlsx?window=7d")
    assert loaded.sheetnames == ["申请量", "收费", "来源 Provenance"]
    missing = await client.get("/export/page/case.xlsx")
    assert missing.status_code == 404
    assert missing.json()["nearest"] == "cases"


async def test_silent_department_leaves_an_empty_sheet_that_says_so(
    client: httpx.AsyncClient, services: Services
) -> None:
    services.series.silent = {"cases.fees"}  # type: ignore[attr-defined]
    loaded = await book(client, "/export/page/cases.xlsx")
    assert loaded["收费"].max_row == 1
    said = [row[:2] for row in loaded["来源 Provenance"].iter_rows(values_only=True)]
    assert ("没有应答 no answer", "the department does not answer") in said


async def test_export_is_audited_and_every_answer_names_its_source(
    client: httpx.AsyncClient, services: Services
) -> None:
    answer = await client.get("/export/cases.lodged.csv?window=7d")
    assert services.history.notes == [  # type: ignore[attr-defined]
        ("loopback", "export", "cases.lodged", {"form": "csv", "window": "7d"})
    ]
    assert "as_of=2026-11-22T07:59:30+00:00" in answer.headers["x-provenance"]
    assert 'filename="cases.lodged_20261122-1600.csv"' in answer.headers["content-disposition"]


async def test_unknown_format_names_the_known_ones(client: httpx.AsyncClient) -> None:
    answer = await client.get("/export/cases.lodged.pdf")
    assert answer.status_code == 400
    assert answer.json()["expected"] == "one of csv, xlsx, parquet"


async def test_nothing_is_left_on_disk(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for form in ("csv", "xlsx", "parquet"):
        assert (await client.get(f"/export/cases.lodged.{form}")).status_code == 200
    services.series.refuses = Unreachable("x")  # type: ignore[attr-defined]
    await client.get("/export/cases.lodged.xlsx")
    assert os.listdir(tmp_path) == []  # noqa: PTH208  # an empty folder is read at once


def test_days_are_dates_of_the_city(tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 16, tzinfo=UTC)  # midnight of the 21st in Shanghai
    sheet = sheet_of([Point(at, "", 5, 5)], grain="1d")
    write_workbook(tmp_path / "x.xlsx", [sheet])
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]["A2"]
    assert (cell.value, cell.number_format) == (datetime(2026, 11, 21), "yyyy-mm-dd")
    write_csv(tmp_path / "x.csv", sheet)
    assert b"\r\n2026-11-21,5,5," in (tmp_path / "x.csv").read_bytes()
    write_parquet(tmp_path / "x.parquet", sheet)
    assert pq.read_table(tmp_path / "x.parquet").column("time").to_pylist() == [date(2026, 11, 21)]


def test_missing_value_is_an_empty_cell_and_never_zero(tmp_path: Path) -> None:
    sheet = sheet_of([Point(NOW, "", None, 0), Point(NOW, "", 0, 0)])
    write_workbook(tmp_path / "x.xlsx", [sheet])
    page = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert [page["B2"].value, page["B3"].value] == [None, 0]
    write_parquet(tmp_path / "x.parquet", sheet)
    assert pq.read_table(tmp_path / "x.parquet").column("value").to_pylist() == [None, 0]


def test_long_digit_codes_stay_text(tmp_path: Path) -> None:
    code = "440604199001011234567890"
    sheet = sheet_of([Point(NOW, code, 1, 1)], by="district")
    write_workbook(tmp_path / "x.xlsx", [sheet])
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == (code, "s")


def test_empty_series_is_a_file_with_its_header(tmp_path: Path) -> None:
    sheet = sheet_of([])
    write_workbook(tmp_path / "x.xlsx", [sheet])
    write_csv(tmp_path / "x.csv", sheet)
    write_parquet(tmp_path / "x.parquet", sheet)
    assert pq.read_table(tmp_path / "x.parquet").column_names == [
        "time",
        "value",
        "n",
        "unit",
        "demo",
    ]


def test_parquet_carries_its_provenance(tmp_path: Path) -> None:
    write_parquet(tmp_path / "x.parquet", sheet_of([Point(NOW, "", Decimal("1.10"), 1)]))
    found = pq.read_table(tmp_path / "x.parquet")
    metadata = found.schema.metadata
    assert metadata[b"definition_version"] == b"abc123"
    assert json.loads(metadata[b"provenance"])["grain"] == "1h"
    assert found.column("value").to_pylist() == [Decimal("1.10")]
    assert found.schema.field("time").type.tz == ZONE


def test_too_many_rows_say_how_many_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.workbook.MOST_ROWS", 1)
    with pytest.raises(ValueError, match=r"found 2 rows .* expected at most 1"):
        write_workbook(tmp_path / "x.xlsx", [sheet_of([Point(NOW, "", 1, 1)] * 2)])


NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=200)


@settings(max_examples=10, deadline=None)
@given(NUMBERS)
def test_workbook_keeps_every_digit_of_any_number(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    path = tmp_path_factory.mktemp("digits") / "x.xlsx"
    write_workbook(path, [sheet_of([Point(NOW, "", value, 1) for value in values])])
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [row[1] for row in page.iter_rows(min_row=2, values_only=True)] == values


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("=+-@\t\r.0123456789＝"), st.characters()), min_size=1
    )
)
def test_no_text_begins_like_a_formula(text: str) -> None:
    made = harmless(text)
    assert made in (text, "'" + text)
    if made[0] in "=+-@\t\r":
        assert float(made) < 0 or made.strip("-0.") == ""


def test_sheet_names_are_what_a_workbook_takes() -> None:
    long = "很长的指标名称" * 6
    names = sheet_names(["a/b", "A b", long, long, "''", "[x]:*?"])
    assert len({name.lower() for name in names}) == 6
    assert all(0 < len(name) <= 31 for name in names)
    assert names[:2] == ["a b", "A b 2"]


def test_standard_edition_is_named_with_its_first_day() -> None:
    from dashboard.catalogue.reference import Standard

    catalogue = city()
    standard = {
        "key": "aqi",
        "title": {"zh": "空气质量指数", "en": "AQI"},
        "editions": [
            {
                "name": "HJ 633-2026",
                "valid_from": "2026-03-01",
                "method": "interpolated",
                "columns": {},
                "source": "x",
            }
        ],
    }
    measure = {
        "kind": "standard",
        "standard": "aqi",
        "column": "hour",
        "inputs": {"a": "cases.open"},
    }
    lodged = catalogue.departments["cases"].indicators["lodged"]
    index = lodged.model_validate(
        {
            **lodged.model_dump(exclude_unset=True),
            **{"measure": measure, "dataset": None, "time": None, "window": "now", "by": []},
        }
    )
    catalogue.departments["cases"].indicators["index"] = index
    catalogue.standards["aqi"] = Standard.model_validate(standard)
    series = Series(SeriesRequest("cases.index", (NOW, NOW)), "1h", [], "history")
    found = provenance_of(catalogue, series, Asked("x", NOW, "1d", "y"), {}, ZONE)
    edition = Text(zh="标准版本", en="standard edition")
    assert dict(found.facts)[edition] == "HJ 633-2026 (2026-03-01 →)"
    assert ZoneInfo(ZONE)

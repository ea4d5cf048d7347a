"""What is exported adds up: the sum of a series is the total of the same window."""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from series.series_ground import NOW, SHANGHAI, Case, City, Rows, city, every
from small_city import MemoryCatalogue, MemoryFeed, make_services

from callbacks.web import build_web
from data_access.store import open_history

START = NOW.replace(hour=16, minute=0, second=0) - timedelta(days=9)
END = NOW.replace(minute=40, second=0)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[City]:
    """A city with a case every ten minutes of eight days, in a real store."""
    history = open_history(f"sqlite:///{tmp_path}/store.sqlite", lambda: NOW)
    token = history.take_lease("cases", "test/1", 60)
    assert token is not None
    made = City(city(), history, Rows(), token)  # type: ignore[arg-type]
    window = START, END
    made.fill(
        window,
        every(
            timedelta(minutes=10),
            (START, NOW),
            lambda at: Case(at, "ab"[at.minute // 10 % 2], 1.0 + at.minute, fee=Decimal("0.25")),
        ),
    )
    yield made
    history.close()


@pytest.fixture
async def asking(town: City) -> AsyncIterator[httpx.AsyncClient]:
    """The web over that store."""
    catalogue = MemoryCatalogue()
    catalogue.catalogue = town.catalogue
    services = replace(
        make_services(),
        catalogue_source=catalogue,
        live=MemoryFeed(),
        series=town.desk,
        history=town.history,
        clock=lambda: NOW,
    )
    transport = httpx.ASGITransport(build_web(services).server, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def exported(asking: httpx.AsyncClient, query: str) -> list[dict[str, str]]:
    answer = await asking.get(f"/export/{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def series(asking: httpx.AsyncClient, query: str) -> Any:
    answer = await asking.get(f"/api/series/{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("key", ["opened", "fees"])
@pytest.mark.parametrize(
    ("window", "grain"),
    [("1d", "1h"), ("24h", "1h"), ("100m", "1h"), ("3d", "1d"), ("7d", "1h"), ("3d", "15m"),
     ("2026-11-20T06:15:00/2026-11-21T09:40:00", "1h")],
)  # fmt: skip
@pytest.mark.parametrize("by", ["", "district"])
async def test_a_series_sums_to_the_total_of_its_window(
    asking: httpx.AsyncClient, key: str, window: str, grain: str, by: str
) -> None:
    asked = f"window={window}" + (f"&by={by}" if by else "")
    rows = await exported(asking, f"cases.{key}.csv?{asked}&grain={grain}")
    total = await exported(asking, f"cases.{key}.csv?{asked}&grain=total")
    parts = {row.get("code"): Decimal(row["value"]) for row in total}
    assert sum(parts.values()) > 0
    for code, value in parts.items():
        assert sum(Decimal(r["value"]) for r in rows if r.get("code") == code) == value
    points = (await series(asking, f"cases.{key}?{asked}&grain={grain}"))["points"]
    assert sum(Decimal(str(p["value"])) for p in points) == sum(parts.values())


async def test_the_answer_and_the_file_say_from_when_on(asking: httpx.AsyncClient) -> None:
    query = "cases.opened{}?window=1d&grain=1h"
    found = await series(asking, query.format(""))
    assert found["from"] == found["points"][0]["at"] == "2026-11-21T05:40:00.000Z"
    assert found["points"][1]["at"] == "2026-11-21T06:00:00.000Z"
    assert found["points"][0]["value"] == 2
    answer = await asking.get("/export/" + query.format(".xlsx"))
    facts = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]
    said = {row[0]: row[1] for row in facts.iter_rows(values_only=True)}
    assert said["起 from"] == "2026-11-21T13:40:00+08:00"


async def test_what_cannot_begin_within_a_bucket_says_where_its_bucket_begins(
    asking: httpx.AsyncClient,
) -> None:
    found = await series(asking, "cases.good_days?window=3d&grain=1d")
    first = datetime.fromisoformat(found["from"])
    assert found["points"][0]["at"] == found["from"]
    assert f"{first:%H:%M}" == "16:00", f"midnight of {SHANGHAI}"
    inner = await series(asking, "cases.share?window=1d&grain=1h")
    assert inner["from"] == inner["points"][0]["at"] == "2026-11-21T05:40:00.000Z"

"""A department that sends clinic files and market pushes, its places, and what landed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from data_access.intake.places import Places
from data_access.intake.receiver import receive_once

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""Wednesday, 09:00 in the city: what is owed for Tuesday was due an hour ago."""
TUESDAY = date(2026, 11, 24)
DEPARTMENT = """
key: clinics
title: {zh: 诊所, en: Clinics}
owner: {zh: 卫健局, en: Health Bureau}
liaison: {zh: 信息科, en: Information section}
url: ${CLINICS_URL}
delivery:
  visits:
    kind: files
    title: {zh: 就诊日报, en: Daily visits}
    folder: ${CLINICS_FOLDER}
    pattern: "JZ_%Y%m%d*.csv"
    encoding: gbk
    trailer: {mark: 合计, rows: 2, totals: {visits: 4}}
    key: [day, clinic]
    day: day
    due: {at: "08:00", after: 1}
    columns:
      day: {kind: date, header: 日期, format: "%Y/%m/%d"}
      clinic: {header: 诊所}
      district: {header: 区, codes: districts}
      visits: {kind: whole, header: 人次, least: 0, most: 10000}
      share: {kind: number, header: 移动支付占比, required: false}
  staff:
    kind: files
    title: {zh: 人员周报, en: Weekly staff}
    folder: ${CLINICS_FOLDER}
    pattern: "RY_%Y%m%d.xlsx"
    sheet: 人员
    heading: 2
    key: [day, clinic]
    day: day
    covers: 7
    due: {at: "12:00", after: 1, of: sun}
    columns:
      day: {kind: date, header: 日期}
      clinic: {header: 诊所}
      staff: {kind: whole, header: 人数}
  tests:
    kind: stream
    title: {zh: 检测推送, en: Tests}
    stream: ${CLINICS_STREAM}
    key: [number]
    columns:
      number: {header: id}
      tested: {kind: time, header: at}
      result: {allowed: [pass, fail]}
datasets:
  visits:
    title: {zh: 就诊, en: Visits}
    table: visits
    key: [day, clinic]
    times:
      day: {column: day, kind: date}
    changed: {column: received_at, kind: instant}
indicators: {}
"""
DISTRICTS = """
key: districts
title: {zh: 区, en: District}
codes:
  "440604": {title: {zh: 禅城, en: Chancheng}}
  "440605": {title: {zh: 南海, en: Nanhai}}
"""
Rows = list[dict[str, Any]]


@dataclass
class Ground:
    """One department that delivers, with its folder, stream and landing database."""

    root: Path
    url: str
    redis_url: str
    stream: str

    def __post_init__(self) -> None:
        for part, text in (("departments/clinics", DEPARTMENT), ("codes/districts", DISTRICTS)):
            path = self.root / "catalog" / f"{part}.yaml"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
        self.folder.mkdir()

    @property
    def folder(self) -> Path:
        """The landing folder."""
        return self.root / "landing"

    @property
    def environ(self) -> dict[str, str]:
        """The variables that the department's file names."""
        return {
            "CLINICS_URL": self.url,
            "CLINICS_FOLDER": str(self.folder),
            "CLINICS_STREAM": self.stream,
        }

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it stands."""
        return load(self.root / "catalog", self.environ)

    @property
    def places(self) -> Places:
        """Where deliveries come in."""
        return Places(self.environ, self.root / "data", self.redis_url, "cc")

    def receive(self, now: datetime = NOW) -> int:
        """Take in all that waits."""
        return receive_once(self.catalogue, "clinics", self.places, now)

    def put(self, name: str, data: bytes, came: datetime = NOW - timedelta(hours=2)) -> Path:
        """Lay a file into the landing folder, written at a moment."""
        path = self.folder / name
        path.write_bytes(data)
        os.utime(path, (came.timestamp(), came.timestamp()))
        return path

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """All rows of a landing table in the order of their key."""
        engine = sa.create_engine(self.url)
        try:
            found = sa.Table(table, sa.MetaData(), autoload_with=engine)
            chosen = [found.c[name] for name in columns]
            with engine.connect() as connection:
                keys = list(found.primary_key)
                return [tuple(r) for r in connection.execute(sa.select(*chosen).order_by(*keys))]
        finally:
            engine.dispose()

    def deliveries(self, *columns: str, awaited: bool = False) -> list[tuple[Any, ...]]:
        """What came, or what is awaited too, in the order in which it was entered."""
        found = self.rows("deliveries", "state", *columns)
        return [row[1:] for row in found if awaited or row[0] != "awaited"]


def visits(
    rows: Sequence[Sequence[object]], *, trailer: str | None = None, encoding: str = "gbk"
) -> bytes:
    """A file of visits with the control totals that its rows have, or with another last line."""
    lines = ["日期,诊所,区,人次,移动支付占比"]
    lines += [",".join(map(str, row)) for row in rows]
    total = sum(int(row[3]) for row in rows if str(row[3]).isdigit())
    lines.append(f"合计,{len(rows)},,{total}" if trailer is None else trailer)
    return "\r\n".join(line for line in lines if line).encode(encoding)


GOOD = [
    ("2026/11/24", "祖庙诊所", "440604", 31, "71.5"),
    ("2026/11/24", "桂城诊所", "440605", 58, ""),
]

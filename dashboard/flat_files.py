"""Flat files: the same sheets as CSV and Parquet."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.provenance import Fact
from dashboard.row_sheets import CUT
from dashboard.sheets import Column, Sheet
from dashboard.windows import zone_of

PROVENANCE_COLUMNS = ("as_of", "source", "definition_version")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the start of a formula, also in its full-width form."""
_NEGATIVE = re.compile(r"-\d+(\.\d+)?")


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe goes before what looks like a formula.

    A negative number is none, and stays as it is.
    """
    if text.startswith(_FORMULA) and not _NEGATIVE.fullmatch(text):
        return "'" + text
    return text


def write_csv(path: Path, sheet: Sheet, *, commented: bool = False) -> None:
    """UTF-8 with BOM, one header of plain names, then rows; each row says its as-of, source and
    the version of the definition. `commented` puts all provenance before it in lines with `#`;
    where rows are missing at the end, a last such line says so."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        if commented:
            _write_comments(out, sheet.provenance.facts)
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([*(column.name for column in sheet.columns), *PROVENANCE_COLUMNS])
        tail = [harmless(text) for text in _tail(sheet)]
        for row in sheet.rows:
            writer.writerow([*(_csv_cell(value, sheet.zone) for value in row), *tail])
        _write_comments(out, (fact for fact in sheet.closing() if fact[0] == CUT))


def _write_comments(out: TextIO, facts: Iterable[Fact]) -> None:
    for title, value in facts:
        line = " ".join(f"# {title.zh} {title.en}: {value}".split())
        out.write(line + "\r\n")


def _tail(sheet: Sheet) -> Iterator[str]:
    provenance = sheet.provenance
    yield _local(provenance.as_of, sheet.zone) if provenance.as_of else ""
    yield provenance.source
    yield provenance.version


def _csv_cell(value: object, zone: str) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return _local(value, zone)
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case int() | float():
            return repr(value)
        case _:
            return harmless(str(value))


def _local(at: datetime, zone: str) -> str:
    if at.tzinfo is None:
        # A time that the catalogue does not know stays as the department wrote it.
        return at.isoformat(timespec="seconds")
    return at.astimezone(zone_of(zone)).isoformat(timespec="seconds")


def write_parquet(path: Path, sheet: Sheet) -> None:
    """Typed columns; the file's metadata holds the provenance under `provenance` as JSON."""
    columns = list(zip(*sheet.rows, strict=True)) or [() for _ in sheet.columns]
    arrays = [
        _array(column, list(values), sheet.zone)
        for column, values in zip(sheet.columns, columns, strict=True)
    ]
    facts = {title.en: value for title, value in sheet.provenance.facts}
    metadata = {
        "provenance": json.dumps(facts, ensure_ascii=False),
        **dict(zip(PROVENANCE_COLUMNS, _tail(sheet), strict=True)),
    }
    table = pa.table(arrays, names=[column.name for column in sheet.columns])
    pq.write_table(table.replace_schema_metadata(metadata), path)


def _array(column: Column, values: list[Any], zone: str) -> Any:
    match column.kind:
        case "time":
            return pa.array(values, pa.timestamp("ms", tz=zone))
        case "day":
            return pa.array(values, pa.date32())
        case "count":
            return pa.array(values, pa.int64())
        case "text" | "any":
            return pa.array(values, pa.string())
    return _numbers(values)


def _numbers(values: list[Any]) -> Any:
    """Whole numbers, exact decimals or floats: the narrowest type that changes no value."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int) for value in known):
        return pa.array(values, pa.int64())
    if known and all(isinstance(value, int | Decimal) for value in known):
        return pa.array([None if v is None else Decimal(v) for v in values])
    return pa.array([None if v is None else float(v) for v in values], pa.float64())

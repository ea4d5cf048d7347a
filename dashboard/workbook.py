"""Workbooks: sheets of typed cells and where they come from, written in constant memory."""

import re
from collections.abc import Sequence, Sized
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from dashboard.provenance import Fact
from dashboard.sheets import Column, Sheet
from dashboard.windows import zone_of

MOST_ROWS = 1_048_575
"""Rows of data that fit under the header of one sheet."""
PROVENANCE_SHEET = "来源 Provenance"
_FIRST_YEAR = 1901
_OPTIONS = {
    "constant_memory": True,
    # A text stays the text it is: `=1+1` from a database is no formula.
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}
_WIDTHS = {"time": 18, "day": 12, "text": 22, "number": 16, "count": 12, "any": 20}


class Exact(float):
    """A number whose every digit is written; the library alone would keep sixteen."""

    def __new__(cls, number: int | float | Decimal) -> "Exact":
        made = super().__new__(cls, number)
        made.digits = format(number, "f") if isinstance(number, Decimal) else repr(number)
        return made

    digits: str

    def __format__(self, spec: str) -> str:
        return self.digits


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write sheets and one with their provenance.

    Raises ValueError where a sheet has more rows than fit, saying how many do.
    """
    for sheet in sheets:
        if isinstance(sheet.rows, Sized) and len(sheet.rows) > MOST_ROWS:
            raise ValueError(
                f"found {len(sheet.rows)} rows in {sheet.title.zh!r}, expected at most {MOST_ROWS}:"
                " ask for a coarser grain, or for CSV"
            )
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        styles = Styles(book)
        names = sheet_names([sheet.title.of(sheet.language) for sheet in sheets])
        for name, sheet in zip(names, sheets, strict=True):
            _write_sheet(book.add_worksheet(name), sheet, styles)
        _write_provenance(book.add_worksheet(PROVENANCE_SHEET), names, sheets, styles)


class Styles:
    """The cell formats of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[str, Any] = {}
        self.header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, column: Column) -> Any:
        """The number format of a column."""
        codes = {
            "time": "yyyy-mm-dd hh:mm",
            "day": "yyyy-mm-dd",
            "text": "@",
            "number": "#,##0" + ("." + "0" * column.decimals if column.decimals else ""),
            "count": "#,##0",
            "any": "General",
        }
        return self._made(codes[column.kind])

    def fitting(self, value: object, style: Any) -> Any:
        """The format of a cell: a moment or a day is shown as one in whatever column."""
        if isinstance(value, datetime):
            return self._made("yyyy-mm-dd hh:mm")
        return self._made("yyyy-mm-dd") if isinstance(value, date) else style

    def _made(self, code: str) -> Any:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code})
        return self._formats[code]


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that a workbook takes: at most 31 characters, none of `[]:*?/\\`, no two the same."""
    names: list[str] = []
    for title in titles:
        plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:31] or "数据"
        name, number = plain, 2
        while name.lower() in {known.lower() for known in names}:
            tail = f" {number}"
            name, number = plain[: 31 - len(tail)] + tail, number + 1
        names.append(name)
    return names


def _write_sheet(page: Any, sheet: Sheet, styles: Styles) -> None:
    formats = [styles.of(column) for column in sheet.columns]
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, _WIDTHS[column.kind])
    page.freeze_panes(1, 0)
    # Rows have to come in order: constant memory keeps only the one being written.
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, column.header(sheet.language), styles.header)
    last = 1
    for last, row in enumerate(sheet.rows, start=1):
        for index, value in enumerate(row):
            style = styles.fitting(value, formats[index])
            _write_cell(page, (last, index), value, style, sheet.zone)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write_cell(page: Any, at: tuple[int, int], value: object, style: Any, zone: str) -> None:
    match value:
        case None:
            return
        case date() if value.year < _FIRST_YEAR:
            # A workbook's calendar begins later; placeholders such as 1753 stay readable.
            page.write_string(*at, value.isoformat(), style)
        case datetime():
            local = value.astimezone(zone_of(zone)) if value.tzinfo else value
            page.write_datetime(*at, local.replace(tzinfo=None), style)
        case date():
            page.write_datetime(*at, datetime(value.year, value.month, value.day), style)
        case bool():  # A number for Python, which no spreadsheet reads as one.
            page.write_boolean(*at, value, style)
        case int() | float() | Decimal():
            page.write_number(*at, Exact(value), style)
        case _:
            page.write_string(*at, str(value), style)


def _write_provenance(
    page: Any, names: Sequence[str], sheets: Sequence[Sheet], styles: Styles
) -> None:
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 90)
    page.freeze_panes(1, 0)
    page.write_string(0, 0, "项目 item", styles.header)
    page.write_string(0, 1, "内容 value", styles.header)
    row = 1
    for name, sheet in zip(names, sheets, strict=True):
        row = _write_facts(page, row, name, (*sheet.closing(), *sheet.provenance.facts), styles)


def _write_facts(page: Any, row: int, name: str, facts: Sequence[Fact], styles: Styles) -> int:
    page.write_string(row, 0, "工作表 sheet", styles.header)
    page.write_string(row, 1, name, styles.header)
    for title, value in facts:
        row += 1
        page.write_string(row, 0, f"{title.zh} {title.en}")
        if isinstance(value, int):
            page.write_number(row, 1, value)
        else:
            page.write_string(row, 1, value, styles.wrapped)
    return row + 2

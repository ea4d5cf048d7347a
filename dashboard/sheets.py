"""Sheets: series, stated facts and rows as tables of typed columns, the content of every format."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.indicators import Fact as Stated
from dashboard.clerk import code_text
from dashboard.measures import JOINT
from dashboard.ports import Point, Series
from dashboard.provenance import DEMO, Fact, Provenance
from dashboard.readings import parse_instant
from dashboard.text import Language, Text
from dashboard.windows import local_day

Kind = Literal["time", "day", "text", "number", "count", "any"]
Row = tuple[Any, ...]
DAYS = ("1d", "1mo")
"""Grains whose points are local days, written as dates."""


@dataclass(frozen=True)
class Column:
    """`name` is for programs, `title` for people; `decimals` are those shown, not those kept."""

    name: str
    title: Text
    kind: Kind
    decimals: int = 0

    def header(self, language: Language) -> str:
        """Both languages in one cell, that of the reader first."""
        zh, en = self.title.zh, self.title.en
        return f"{zh} {en}" if language == "zh" else f"{en} {zh}"


class Rows(Collection[Row]):
    """Rows that are made one by one whenever they are read, so that none is held."""

    def __init__(self, length: int, make: Callable[[], Iterator[Row]]) -> None:
        self._length = length
        self._make = make

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        return self._make()

    def __contains__(self, row: object) -> bool:
        return any(row == made for made in self)


def nothing_more() -> tuple[Fact, ...]:
    """Of rows that are all there."""
    return ()


@dataclass(frozen=True)
class Sheet:
    """A table with where it comes from. Times are aware; days are dates; None is an empty cell.

    Rows that are no collection are read once; `closing` is what is only known once they are.
    """

    title: Text
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    provenance: Provenance
    zone: str
    language: Language = "zh"
    closing: Callable[[], tuple[Fact, ...]] = nothing_more


_CODE = Column("code", Text(zh="代码", en="code"), "text")
_NAMES = (
    Column("name_zh", Text(zh="名称", en="name (zh)"), "text"),
    Column("name_en", Text(zh="英文名称", en="name (en)"), "text"),
)
_N = Column("n", Text(zh="样本数", en="n"), "count")
_UNIT = Column("unit", Text(zh="单位", en="unit"), "text")
_DEMO = Column("demo", DEMO, "text")
_STATED = (
    _CODE,
    *_NAMES,
    Column("text", Text(zh="陈述代码", en="stated code"), "text"),
    Column("text_zh", Text(zh="陈述", en="stated (zh)"), "text"),
    Column("text_en", Text(zh="英文陈述", en="stated (en)"), "text"),
    Column("level", Text(zh="级别", en="level"), "text"),
    Column("stated_at", Text(zh="数据截至", en="as-of"), "time"),
)


def marks(provenance: Provenance) -> tuple[tuple[Column, ...], Row]:
    """The columns that say what every number is, and whether it is simulated, with their cells."""
    if provenance.demo:
        return (_UNIT, _DEMO), (provenance.unit, f"{DEMO.zh} {DEMO.en}")
    return (_UNIT,), (provenance.unit,)


def series_sheet(
    catalogue: Catalogue,
    series: Series,
    provenance: Provenance,
    zone: str,
    language: Language = "zh",
) -> Sheet:
    """A series as a sheet: time, the split's code and names where there is one, value, n, unit.

    Raises KeyError for an indicator that the catalogue has not.
    """
    indicator = _known(catalogue, series.request.key)
    kind: Kind = "day" if series.grain in DAYS else "time"
    unit = indicator.unit_over(series.step)
    named = f"{indicator.title.zh}（{unit.zh}）", f"value ({unit.en})"
    added, cells = marks(provenance)
    columns = (
        Column("time", Text(zh="时间", en=f"time ({zone})"), kind),
        *((_CODE, *_NAMES) if series.request.by else ()),
        Column("value", Text(zh=named[0], en=named[1]), "number", indicator.decimals),
        _N,
        *added,
    )
    rows = Rows(len(series.points), lambda: _rows(catalogue, series, kind, zone, cells))
    return Sheet(indicator.title, columns, rows, provenance, zone, language)


def _known(catalogue: Catalogue, key: str) -> Indicator:
    indicator = catalogue.indicator(key)
    if indicator is None:
        raise KeyError(key)
    return indicator


def _rows(
    catalogue: Catalogue, series: Series, kind: Kind, zone: str, marked: Row
) -> Iterator[Row]:
    key, by = series.request.key, series.request.by
    names: dict[tuple[str, date], tuple[str, str]] = {}
    for point in series.points:
        at = local_day(point.at, zone) if kind == "day" else point.at
        if not by:
            yield at, point.value, point.n, *marked
            continue
        day = local_day(point.at, zone)
        if (point.code, day) not in names:
            text = code_text(catalogue, key, by, point.code, day)
            names[point.code, day] = text.zh, text.en
        yield at, _shown_code(point), *names[point.code, day], point.value, point.n, *marked


def _shown_code(point: Point) -> str:
    """Codes of a pair are joined by an unprintable character inside; a bar is shown."""
    return point.code.replace(JOINT, " | ")


def facts_sheet(
    catalogue: Catalogue,
    key: str,
    reading: Mapping[str, Any],
    provenance: Provenance,
    zone: str,
    language: Language = "zh",
) -> Sheet:
    """What is stated now: a row per part with its title, the text, its level and its as-of; none
    where nothing was read yet. Raises KeyError for an indicator that the catalogue has not."""
    indicator = _known(catalogue, key)
    added, cells = marks(provenance)
    by = reading.get("parts_by") or indicator.live_by
    parts: Mapping[str, Mapping[str, Any]] = reading.get("parts") or (
        {"": reading} if reading.get("text") is not None else {}
    )
    rows = [
        (*_stated(catalogue, key, by, (code, part), reading.get("as_of")), *cells)
        for code, part in parts.items()
    ]
    return Sheet(indicator.title, (*_STATED, *added), rows, provenance, zone, language)


def _stated(
    catalogue: Catalogue,
    key: str,
    by: str | None,
    stated: tuple[str, Mapping[str, Any]],
    as_of: str | None,
) -> Row:
    code, part = stated
    measure = _known(catalogue, key).measure
    text = str(part.get("text") or "")
    called = measure.values.get(text) if isinstance(measure, Stated) else None
    name = code_text(catalogue, key, by, code) if code else None
    at = part.get("as_of") or as_of
    return (
        code,
        *((name.zh, name.en) if name else ("", "")),
        text,
        *((called.zh, called.en) if called else (text, text)),
        part.get("level"),
        parse_instant(at) if at else None,
    )

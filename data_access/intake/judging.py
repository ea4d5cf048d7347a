"""A file judged: the rows that can be right, those that cannot and why, or the file refused whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dashboard.catalogue.deliveries import Delivery, Trailer
from dashboard.catalogue.explain import nearest
from dashboard.text import Text
from data_access.intake.cells import BadCell, Value, value_of
from data_access.intake.reading import Line, lines_of
from data_access.intake.slips import SEND_AGAIN, Refused, Slip, quoted

Row = dict[str, Value]
Allowed = Mapping[str, frozenset[str]]
"""The only values of a column, for columns that have such."""
_CLOSE = 1e-6
"""How far a control total may be off, as a share: sums of decimals differ in the last digits."""


@dataclass
class Judged:
    """Rows to take in, and what was set aside: each slip is of one row."""

    rows: list[Row] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def judge_file(feed: Delivery, day: date, data: bytes, allowed: Allowed, zone: str) -> Judged:
    """The rows of a file for a day of the department's zone. Raises Refused where it cannot be taken in at all."""
    lines = lines_of(feed, data)
    places = _places(feed, lines)
    body = [line for line in lines if line.number > feed.heading]
    if feed.trailer:
        body, last = body[:-1], body[-1] if body else None
        _check_trailer(feed, feed.trailer, places, body, last)
    judged = _judge(feed, day, places, body, allowed, zone)
    if len(judged.slips) > feed.refuse_over * max(1, len(body)):
        raise Refused(_too_many(judged, len(body)))
    return judged


def judge_row(
    feed: Delivery,
    cells: Mapping[str, object],
    allowed: Allowed,
    zone: str,
    line: int | None = None,
) -> Row:
    """One row of cells by column. Raises Refused with the first slip."""
    row: Row = {}
    for name, column in feed.columns.items():
        try:
            row[name] = value_of(column, cells.get(name), allowed.get(name), zone)
        except BadCell as bad:
            raise Refused(bad.slip(line, feed.header_of(name))) from bad
    return row


def _places(feed: Delivery, lines: Sequence[Line]) -> dict[str, int]:
    """Where each column stands. Raises Refused where a required one is missing."""
    heading = next((line for line in lines if line.number == feed.heading), None)
    if heading is None:
        raise Refused(
            Slip(
                Text(zh="没有列名", en="no names of columns"),
                Text(zh="列名", en="the names of the columns"),
                SEND_AGAIN,
                feed.heading,
            )
        )
    named = [str(cell or "").strip() for cell in heading.cells]
    places = {}
    for name, column in feed.columns.items():
        header = feed.header_of(name)
        if header in named:
            places[name] = named.index(header)
        elif column.required:
            raise Refused(_no_column(header, named, feed.heading))
    return places


def _no_column(header: str, named: Sequence[str], line: int) -> Slip:
    near = nearest(header, [name for name in named if name])
    mend = SEND_AGAIN
    if near:
        mend = Text(
            zh=f"若“{near}”即为该列，请改名后重新报送",
            en=f"where {near!r} is meant to be it, rename it and send the file again",
        )
    return Slip(
        quoted("、".join(named)),
        Text(zh=f"包含名为“{header}”的列", en=f"a column called {header!r}"),
        mend,
        line,
    )


def _cell(line: Line, place: int) -> object:
    return line.cells[place] if place < len(line.cells) else None


def _check_trailer(
    feed: Delivery,
    trailer: Trailer,
    places: Mapping[str, int],
    body: Sequence[Line],
    last: Line | None,
) -> None:
    """Raise Refused where the last line is none, or says other sums than the rows have."""
    if last is None or str(_cell(last, 0) or "").strip() != trailer.mark:
        found = quoted(_cell(last, 0)) if last else Text(zh="没有数据", en="no rows")
        expected = Text(
            zh=f"以“{trailer.mark}”开头的合计行",
            en=f"a last line that begins with {trailer.mark!r}",
        )
        whole = Text(
            zh="文件可能没有传完，请重新报送", en="it may have been cut off; send it again"
        )
        raise Refused(Slip(found, expected, whole, last.number if last else None))
    if trailer.rows is not None:
        _agree(last, trailer.rows, len(body), Text(zh="行数", en="rows"))
    for name, cell in trailer.totals.items():
        header = feed.header_of(name)
        total = sum(_plain(_cell(line, places[name])) for line in body if name in places)
        _agree(last, cell, total, Text(zh=f"“{header}”合计", en=f"sum of {header}"))


def _agree(last: Line, cell: int, found: float, what: Text) -> None:
    said = _cell(last, cell - 1)
    if abs(_plain(said) - found) <= _CLOSE * max(1.0, abs(found)):
        return
    raise Refused(
        Slip(
            Text(zh=f"{what.zh} {found:,.10g}", en=f"{what.en} {found:,.10g}"),
            Text(zh=f"合计行所写的 {said}", en=f"the {said} that the last line says"),
            Text(
                zh="文件可能不完整，核对后重新报送",
                en="rows may be missing; compare and send it again",
            ),
            last.number,
        )
    )


def _plain(cell: object) -> float:
    """A number for a control sum; what is none counts as 0, and is found as a bad cell later."""
    try:
        return float(str(cell).replace(",", ""))
    except ValueError:
        return 0.0


def _judge(
    feed: Delivery,
    day: date,
    places: Mapping[str, int],
    body: Iterable[Line],
    allowed: Allowed,
    zone: str,
) -> Judged:
    judged = Judged()
    seen: dict[tuple[Value, ...], int] = {}
    for line in body:
        try:
            cells = {name: _cell(line, place) for name, place in places.items()}
            row = judge_row(feed, cells, allowed, zone, line.number)
            _check_day(feed, day, row, line.number)
            key = tuple(row[name] for name in feed.key)
            if key in seen:
                raise Refused(_twice(feed, key, seen[key], line.number))
        except Refused as refused:
            judged.slips.append(refused.slip)
            continue
        seen[key] = line.number
        judged.rows.append(row)
    return judged


def _check_day(feed: Delivery, day: date, row: Row, line: int) -> None:
    assert feed.day is not None  # the model says so of every file
    value = row[feed.day]
    found = value.date() if isinstance(value, datetime) else value
    first = day - timedelta(days=feed.covers - 1)
    if isinstance(found, date) and first <= found <= day:
        return
    span = f"{day}" if first == day else f"{first} – {day}"
    raise Refused(
        Slip(
            quoted(found),
            Text(zh=f"文件名所指的 {span}", en=f"{span}, which the file's name says"),
            Text(
                zh="改正日期，或放入当日的文件", en="mend the date, or put it into that day's file"
            ),
            line,
            feed.header_of(feed.day),
        )
    )


def _twice(feed: Delivery, key: Sequence[Value], first: int, line: int) -> Slip:
    return Slip(
        quoted("/".join(map(str, key))),
        Text(zh=f"与第 {first} 行不同的编号", en=f"a key other than that of line {first}"),
        Text(zh="删去重复的一行后重新报送", en="remove one of the two and send the file again"),
        line,
        "/".join(feed.header_of(name) for name in feed.key),
    )


def _too_many(judged: Judged, rows: int) -> Slip:
    first = judged.slips[0].said()
    count = len(judged.slips)
    return Slip(
        Text(
            zh=f"{rows} 行中有 {count} 行不能采用（首个：{first.zh}）",
            en=f"{count} bad rows of {rows} (the first: {first.en})",
        ),
        Text(zh="绝大多数行正确的文件", en="a file most of whose rows are right"),
        SEND_AGAIN,
    )

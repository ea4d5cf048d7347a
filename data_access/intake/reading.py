"""The cells of a file: text in its declared encoding, or a sheet of a workbook.

Raises `Refused` with line and mend for whatever is no such file. Nothing is guessed: text that is
not in the declared encoding would land as other characters than were sent.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dashboard.catalogue.deliveries import Delivery
from dashboard.text import Text
from data_access.intake.slips import LARGEST, SEND_AGAIN, Refused, Slip, too_large
from data_access.intake.workbooks import rows_of


class Line(NamedTuple):
    """One line of a file, counted from 1, with its cells."""

    number: int
    cells: Sequence[object]

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return all(cell is None or not str(cell).strip() for cell in self.cells)


def lines_of(feed: Delivery, data: bytes) -> list[Line]:
    """The lines in which something stands. Raises Refused where the bytes are no such file."""
    if len(data) > LARGEST:
        raise Refused(too_large(len(data)))
    if feed.workbook:
        found: Iterator[Line] = (
            Line(number, cells) for number, cells in enumerate(rows_of(feed, data), 1)
        )
    else:
        found = _text_lines(feed, data)
    return [line for line in found if not line.blank]


def _text_lines(feed: Delivery, data: bytes) -> Iterator[Line]:
    reader = csv.reader(
        io.StringIO(_decoded(feed.encoding, data), newline=""),
        delimiter=feed.delimiter,
        strict=True,
    )
    try:
        for cells in reader:
            yield Line(reader.line_num, cells)
    except csv.Error as error:
        expected = Text(zh="成对的引号与正常的单元格", en="paired quotes and cells")
        raise Refused(
            Slip(Text(zh=str(error), en=str(error)), expected, SEND_AGAIN, reader.line_num)
        ) from error


def _decoded(encoding: str, data: bytes) -> str:
    canonical = codecs.lookup(encoding).name
    # GB 18030 contains GBK and GB 2312; who says GBK writes characters that only it has.
    name = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig"}.get(canonical, canonical)
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 4])
        raise Refused(
            Slip(
                Text(zh=f"字节 {shown}", en=f"bytes {shown}"),
                Text(zh=f" {encoding} 编码的文字", en=f"text in {encoding}"),
                Text(
                    zh=f"按 {encoding} 另存后重新报送，或在目录中写明 encoding",
                    en=f"save it as {encoding} and send it again, or declare its `encoding`",
                ),
                line,
            )
        ) from error

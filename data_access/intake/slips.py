"""What is wrong with a delivery, in words that tell its sender what to mend."""

from dataclasses import dataclass

import sqlalchemy as sa

from dashboard.text import Text
from data_access.intake.saying import kind_of

LARGEST = 64 * 1024 * 1024
"""Bytes of a file, and of a workbook unpacked, that are read at most."""
_LONGEST = 40
"""Characters of what was found that are told: enough to find it, too few to carry a record."""


@dataclass(frozen=True)
class Slip:
    """One thing wrong: in which line and column, what was found, what was expected, how to mend it."""

    found: Text
    expected: Text
    mend: Text
    line: int | None = None
    column: str | None = None

    def said(self) -> Text:
        """The slip as one sentence."""
        place_zh = "".join(
            [f"第 {self.line} 行" if self.line else "", f"“{self.column}”列" if self.column else ""]
        )
        place_en = ", ".join(
            [f"line {self.line}"] * bool(self.line) + [f"column {self.column}"] * bool(self.column)
        )
        return Text(
            zh=f"{place_zh and place_zh + '：'}{self.found.zh}，应为{self.expected.zh}；{self.mend.zh}",
            en=f"{place_en and place_en + ': '}found {self.found.en}, expected {self.expected.en};"
            f" {self.mend.en}",
        )


class Refused(Exception):
    """A delivery that cannot be taken in at all."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.said().en)
        self.slip = slip


MEND_ROW = Text(zh="改正该行后重新报送", en="mend the row and send it again")
SEND_AGAIN = Text(zh="改正后重新报送整个文件", en="mend it and send the whole file again")
EMPTY = Text(zh="空白", en="nothing")


def quoted(value: object) -> Text:
    """What was found, in quotes and not too long."""
    text = str(value)
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return Text(zh=f"“{shown}”", en=f"{shown!r}")


def not_taken(error: sa.exc.DBAPIError) -> Slip:
    """What is said of values that the landing database does not hold."""
    said = kind_of(error)
    return Slip(
        Text(zh=f"数据库不接受的值（{said}）", en=f"values that the database refuses ({said})"),
        Text(zh="目录中所写列的取值", en="values of the columns as they are declared"),
        Text(zh="核对各列后重新报送", en="compare the columns and send it again"),
    )


def too_large(size: int) -> Slip:
    """What is said of a file of more bytes than are read."""
    found, most = (f"{bytes_ / 1024 / 1024:.0f} MB" for bytes_ in (size, LARGEST))
    return Slip(
        Text(zh=found, en=found),
        Text(zh=f" {most} 以内", en=f"at most {most}"),
        Text(zh="请分开报送", en="send it in parts"),
    )


def fault_of_ours() -> Slip:
    """What is said of a file on which the center itself failed."""
    return Slip(
        Text(zh="中心处理时出错的文件", en="a file on which the center failed"),
        Text(zh="可处理的文件", en="one that it can deal with"),
        Text(
            zh="由中心运维人员查看日志，修正后将文件移回",
            en="the center's operators find the fault in the log, and move the file back once it is"
            " mended",
        ),
    )

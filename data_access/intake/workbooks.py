"""The rows of a workbook, read by another process within limits of memory and time."""

import io
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from dashboard.catalogue.deliveries import Delivery
from dashboard.text import Text
from data_access.intake import sheet
from data_access.intake.slips import LARGEST, Refused, Slip, quoted, too_large

_SECONDS = 300
"""How long a workbook may take where the machine is busy; its processor time is limited too."""


def rows_of(feed: Delivery, data: bytes) -> Sequence[Sequence[object]]:
    """The rows of a feed's sheet from the first line on. Raises Refused where there are none."""
    _check_claim(data)
    kind, found = _read(feed.sheet or "", data)
    if kind == "rows":
        rows: Sequence[Sequence[object]] = found
        return rows
    if kind == "names":
        raise _refused(
            quoted("、".join(found)),
            Text(zh=f"名为“{feed.sheet}”的工作表", en=f"a sheet called {feed.sheet!r}"),
            zh="改正工作表名称后重新报送",
            en="rename the sheet and send it again",
        )
    if kind == "large":
        rows_there, columns = found
        raise _too_wide(
            Text(
                zh=f"{rows_there:,} 行 × {columns:,} 列",
                en=f"{rows_there:,} rows × {columns:,} columns",
            )
        )
    raise _no_workbook(found)


def _check_claim(data: bytes) -> None:
    """Refuse what is no workbook, or says itself that it is too large: with better words than the
    limits of the reading process, which hold where a file does not say so."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _no_workbook(str(error)) from error
    if unpacked > LARGEST:
        raise Refused(too_large(unpacked))


def _read(name: str, data: bytes) -> sheet.Found:
    try:
        # -P: the folder of the file holds other modules, which must not hide those of Python.
        done = subprocess.run(
            [sys.executable, "-P", str(Path(sheet.__file__)), name],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise _too_wide(
            Text(zh="需要过多内存或时间的工作簿", en="a workbook that takes too much to be read")
        ) from error
    found: sheet.Found = pickle.loads(done.stdout)
    return found


def _too_wide(found: Text) -> Refused:
    return _refused(
        found,
        Text(
            zh=f"至多 {sheet.MOST_CELLS:,} 个单元格的工作表",
            en=f"a sheet of at most {sheet.MOST_CELLS:,} cells",
        ),
        zh="删去远处的单元格，或分开报送",
        en="delete cells that stand far off, or send it in parts",
    )


def _no_workbook(said: str) -> Refused:
    return _refused(
        Text(zh=said, en=said),
        Text(zh=" XLSX 工作簿", en="an XLSX workbook"),
        zh="另存为 .xlsx 后重新报送",
        en="save it as .xlsx and send it again",
    )


def _refused(found: Text, expected: Text, zh: str, en: str) -> Refused:
    return Refused(Slip(found, expected, Text(zh=zh, en=en)))

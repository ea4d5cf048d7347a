"""What was refused or set aside, kept beside its reason for whoever mends it, within bounds.

A sender may write into these folders too: nothing is written through a link of its making.
"""

import csv
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dashboard.text import Text
from data_access.intake.folder import NOTE, SLIPS, files_in, make_own
from data_access.intake.slips import Slip

KEPT = timedelta(days=180)
"""How long what was refused waits for somebody to look."""
LARGEST_FOLDER = 1024 * 1024 * 1024
"""Bytes of refused files kept of one folder; beyond them the oldest go."""
LARGEST_DAY = 64 * 1024 * 1024
"""Bytes of pushes that were set aside kept of one feed and day; the rest is only counted."""


def write_note(moved: Path, said: Text) -> None:
    """Write why a file was refused beside it. Raises OSError."""
    path = moved.with_name(moved.name + NOTE)
    with open(path, "w", encoding="utf-8", opener=_no_link) as out:
        out.write(f"{said.zh}\n{said.en}\n")


def write_slips(folder: Path, name: str, slips: Sequence[Slip]) -> None:
    """Write what was set aside of a file beside the refused ones, a line per row. Raises OSError."""
    make_own(folder)
    with open(
        folder / f"{name}{SLIPS}", "w", encoding="utf-8-sig", newline="", opener=_no_link
    ) as out:
        writer = csv.writer(out)
        writer.writerow(["行 line", "列 column", "说明", "what to mend"])
        for slip in slips:
            said = slip.said()
            writer.writerow([slip.line, slip.column, said.zh, said.en])


def append_pushes(path: Path, aside: Mapping[str, tuple[Slip, Any]]) -> None:
    """Append pushes to a file of the day, an entry per line, with what to mend. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for entry, (slip, cells) in aside.items():
        said = slip.said()
        line = {"entry": entry, "zh": said.zh, "en": said.en, "row": cells}
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    with open(path, "a", encoding="utf-8", opener=_no_link) as out:
        for text in lines:
            if out.tell() + len(text.encode()) > LARGEST_DAY:
                return
            out.write(text)


def bound(folder: Path, now: datetime) -> None:
    """Delete what has waited too long, and the oldest of what is too much. Raises OSError."""
    total = 0
    found = sorted(((path.lstat(), path) for path in files_in(folder)), key=_newest_first)
    for told, path in found:
        total += told.st_size
        if total > LARGEST_FOLDER or now.timestamp() - told.st_mtime > KEPT.total_seconds():
            path.unlink(missing_ok=True)


def _newest_first(one: tuple[os.stat_result, Path]) -> tuple[float, str]:
    return -one[0].st_mtime, one[1].name


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)

"""Files for people to take along: who asked for them, how they are written, sent and removed."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from callbacks.look import LOOK
from callbacks.services import Services
from dashboard.access import Person
from dashboard.flat_files import write_csv, write_parquet
from dashboard.provenance import Asked, Provenance
from dashboard.sheets import Sheet
from dashboard.text import Language
from dashboard.windows import zone_of
from dashboard.workbook import write_workbook

FORMATS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


_PREFIX = "cc-export-"
"""Of files on their way; the id of the process that writes them follows."""


@dataclass(frozen=True)
class Asking:
    """One request for an export."""

    services: Services
    person: Person
    base: str
    params: Mapping[str, str]

    @property
    def language(self) -> Language:
        """Which language comes first in a workbook."""
        return LOOK.get().language()

    @property
    def zone(self) -> str:
        """The city's zone, in which times are written."""
        return self.services.settings.zone

    @property
    def commented(self) -> bool:
        """Whether a CSV begins with all its provenance."""
        return self.params.get("provenance") in ("1", "true")

    def asked(self, window: str, path: str) -> Asked:
        """Who asks for what now."""
        link = f"{self.base.rstrip('/')}{path}"
        return Asked(self.person.name, self.services.clock(), window, link)

    async def note(self, action: str, subject: str, form: str) -> None:
        """Note who took what."""
        detail = {"form": form, **self.params}
        history = self.services.history
        await self.services.in_store(history.audit, self.person.name, action, subject, detail)


def check_format(form: str, known: Sequence[str]) -> None:
    """Raises ValueError for a format that there is not, naming those there are."""
    if form not in known:
        raise ValueError(f"found format {form!r}, expected one of {', '.join(known)}")


def write_file(form: str, sheets: Sequence[Sheet], *, commented: bool) -> Path:
    """Write a file that stays until it has been sent; blocks."""
    prefix = f"{_PREFIX}{os.getpid()}-"
    with tempfile.NamedTemporaryFile(prefix=prefix, suffix=f".{form}", delete=False) as made:
        path = Path(made.name)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        if form == "csv":
            write_csv(path, sheets[0], commented=commented)
        elif form == "parquet":
            write_parquet(path, sheets[0])
        else:
            write_workbook(path, sheets)
        undo.pop_all()
    return path


def remove_left_files() -> None:
    """Remove what a process that was killed has left: files whose process is no more, and those of
    our own id, which in a container is that of the one before. Called at start; blocks."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        found = re.match(rf"{_PREFIX}(\d+)-", path.name)
        owner = int(found[1]) if found else None
        if owner is None or owner == os.getpid() or not _runs(owner):
            with suppress(OSError):
                path.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def send_file(
    asking: Asking, path: Path, name: str, form: str, sheets: Sequence[Sheet]
) -> Response:
    """Send a file and remove it; its headers say where it comes from, and whether it was cut. Of
    several sheets each says so itself."""
    stamp = asking.services.clock().astimezone(zone_of(asking.zone)).strftime("%Y%m%d-%H%M")
    headers = {}
    if len(sheets) == 1:
        said = {title.en: str(value) for title, value in sheets[0].closing()}
        headers = {f"x-{name}": quote(value, safe=" ,") for name, value in said.items()}
        headers["x-provenance"] = header(sheets[0].provenance)
    return FileResponse(
        path,
        media_type=FORMATS[form],
        filename=f"{name}_{stamp}.{form}",
        headers={"cache-control": "no-store", **headers},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def header(provenance: Provenance) -> str:
    """What goes with every row, as one header value; what is not ASCII is percent-encoded."""
    as_of = provenance.as_of.astimezone(UTC).isoformat() if provenance.as_of else ""
    parts = {
        "as_of": as_of,
        "source": provenance.source,
        "version": provenance.version,
        "unit": provenance.unit,
        **({"demo": "演示数据 demo data"} if provenance.demo else {}),
    }
    return "; ".join(f"{name}={quote(value, safe=' :+/')}" for name, value in parts.items())

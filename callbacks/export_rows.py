"""Exports of rows: those behind a number, asked of the department with limits, and noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import NO_ROWS, mistake
from callbacks.files import Asking, check_format, send_file, write_file
from callbacks.guard import guarded_route
from callbacks.keyed import about_indicator
from callbacks.questions import ask
from callbacks.services import Services
from callbacks.views import cut
from dashboard.access import Person, authorise
from dashboard.catalogue import Catalogue
from dashboard.catalogue.explain import nearest
from dashboard.ports import Range
from dashboard.provenance import provenance_about, which_rows
from dashboard.row_sheets import Limited, rows_sheet
from dashboard.sheets import Sheet
from dashboard.workbook import MOST_ROWS
from layouts.panels.codes import declared_codes

FORMATS = ("csv", "xlsx")
SECONDS = 60.0
"""How long a department is read for one file; what came until then is given."""


@about_indicator
async def _on_rows(services: Services, person: Person, request: Request) -> Response:
    """The rows behind one indicator, of a window or the newest, of one part where one is named."""
    key, form = request.path_params["key"], request.path_params["format"]
    params = dict(request.query_params)
    asking = Asking(services, person, str(request.base_url), params)
    check_format(form, FORMATS)
    question = ask(services, person, key, params)
    for action in ("export", "rows"):
        authorise(person, action, key.partition(".")[0])
    if question.indicator.dataset is None:
        return mistake(400, NO_ROWS, found=key)
    window = question.request.window if params.get("window") else None
    where = part_of(services.catalogue, key, question.request.by, params.get("part", ""))
    await asking.note("rows", key, form)
    path, sheet = await services.about(key, _write, asking, key, form, Which(window, where))
    return send_file(asking, path, f"{key}.rows", form, [sheet])


@dataclass(frozen=True)
class Which:
    """Which rows: of a window, or the newest; of one code of a dimension, or all."""

    window: Range | None
    where: Mapping[str, str]


def part_of(catalogue: Catalogue, key: str, by: str, part: str) -> dict[str, str]:
    """The code of a split whose rows are asked for; empty where none is. Raises ValueError for a part
    without a split, and for a code that is not among those the catalogue names."""
    if not part:
        return {}
    if not by or "," in by:
        raise ValueError(
            f"found part {part!r} with by {by!r}, expected by: one split it is a part of"
        )
    known = declared_codes(catalogue, key, by)
    if known and part not in known:
        near = nearest(part, known) or known[0]
        raise ValueError(f"found part {part!r}, expected a code of {by} such as {near}")
    return {by: part}


def _write(asking: Asking, key: str, form: str, asked: Which) -> tuple[Path, Sheet]:
    """Read and write in one go, so that no row is held; blocks."""
    sheet = _sheet(asking, key, asked)
    return write_file(form, [sheet], commented=asking.commented), sheet


def _sheet(asking: Asking, key: str, which: Which) -> Sheet:
    services, person, zone = asking.services, asking.person, asking.zone
    catalogue = services.catalogue
    department = catalogue.department_of(key)
    most = min(department.limits.rows, MOST_ROWS)
    source = services.sources.of(department.key)
    cleared = person.sees_private(department.key)
    stream = source.stream_rows(key, which.window, where=which.where, cleared=cleared)
    names = next(stream)
    said = asking.params.get("window", "")
    asked = asking.asked(said, f"/indicator/{key}")
    told = which_rows(said, zone, most, which.where)
    provenance = provenance_about(catalogue, key, told, asked, cut(services, person), zone)
    rows = Limited(stream, most, SECONDS)
    return rows_sheet(catalogue, key, names, rows, provenance, zone, asking.language)


def register(server: Starlette, services: Services) -> None:
    """Register the route."""
    guarded_route(server, services, "/export/rows/{key}.{format}", action="export")(_on_rows)

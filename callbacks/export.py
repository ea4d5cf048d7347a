"""Exports: an indicator as CSV, XLSX or Parquet, and a page as one workbook, with provenance."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from rapidfuzz import process
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import NO_PAGE, UNREACHABLE, bad_question, mistake, unanswered
from callbacks.files import FORMATS, Asking, check_format, send_file, write_file
from callbacks.guard import guarded_route
from callbacks.keyed import about_indicator
from callbacks.questions import Question, answer, ask
from callbacks.services import Services
from callbacks.views import cut, seen_catalogue
from dashboard.access import Person, authorise
from dashboard.catalogue.pages import Page
from dashboard.ports import Series, Unreachable
from dashboard.provenance import provenance_about, provenance_of, which_fact
from dashboard.sheets import Sheet, facts_sheet, series_sheet
from dashboard.text import Text


def permalink(question: Question) -> str:
    """The path at which the same numbers can be looked at."""
    request = question.request
    asked = {"window": question.window, "grain": request.grain, "by": request.by}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/indicator/{request.key}?{query}"


async def sheet_of(asking: Asking, question: Question) -> Sheet:
    """The answer to a question as a sheet: a series, or what is stated now. Raises what `answer`
    does."""
    if question.indicator.measure.kind == "fact":
        return _stated(asking, question)
    return _series(asking, question, await answer(asking.services, question))


def _series(asking: Asking, question: Question, series: Series) -> Sheet:
    catalogue, zone = asking.services.catalogue, asking.zone
    asked = asking.asked(question.window, permalink(question))
    sections = cut(asking.services, asking.person)
    provenance = provenance_of(catalogue, series, asked, sections, zone)
    return series_sheet(catalogue, series, provenance, zone, asking.language)


def _stated(asking: Asking, question: Question) -> Sheet:
    catalogue, zone, key = asking.services.catalogue, asking.zone, question.request.key
    asked = asking.asked("now", f"/indicator/{key}")
    sections = cut(asking.services, asking.person)
    reading = sections.get("readings", {}).get(key, {})
    which = which_fact(reading, zone)
    provenance = provenance_about(catalogue, key, which, asked, sections, zone)
    return facts_sheet(catalogue, key, reading, provenance, zone, asking.language)


@about_indicator
async def _on_indicator(services: Services, person: Person, request: Request) -> Response:
    """One indicator in one format."""
    key, form = request.path_params["key"], request.path_params["format"]
    params = dict(request.query_params)
    asking = Asking(services, person, str(request.base_url), params)
    check_format(form, list(FORMATS))
    question = ask(services, person, key, params)
    authorise(person, "export", key.partition(".")[0])
    sheet = await sheet_of(asking, question)
    await asking.note("export", key, form)
    return await _file(asking, key, form, [sheet])


async def _on_page(services: Services, person: Person, request: Request) -> Response:
    """All indicators of a page, a sheet each."""
    name, params = request.path_params["page"], dict(request.query_params)
    pages = seen_catalogue(services, person).pages
    page = pages.get(name)
    if page is None:
        nearest = process.extractOne(name, list(pages))
        return mistake(404, NO_PAGE, found=name, nearest=nearest[0] if nearest else None)
    asking = Asking(services, person, str(request.base_url), params)
    try:
        sheets, silent = await _page_sheets(asking, page)
        if not sheets:
            return mistake(503, UNREACHABLE, reason="; ".join(silent))
        await asking.note("export", f"page/{name}", "xlsx")
        return await _file(asking, name, "xlsx", sheets)
    except ValueError as error:
        return bad_question(error, params)
    except Unreachable as error:
        return unanswered(error)


async def _page_sheets(asking: Asking, page: Page) -> tuple[list[Sheet], list[str]]:
    """The sheets, and what departments said that did not answer. A sheet without an answer is
    empty and says why; there are none where nobody answered."""
    sheets: list[Sheet] = []
    silent: list[str] = []
    for key in indicators_of(page):
        authorise(asking.person, "export", key.partition(".")[0])
        question = ask(asking.services, asking.person, key, asking.params)
        try:
            sheets.append(await sheet_of(asking, question))
        except Unreachable as error:
            silent.append(f"{key}: {error}")
            empty = Series(question.request, question.request.grain or "—", [], "department")
            sheets.append(without_answer(_series(asking, question, empty), str(error)))
    return ([] if len(silent) == len(sheets) else sheets), silent


def without_answer(sheet: Sheet, reason: str) -> Sheet:
    """The sheet with the reason why it is empty."""
    provenance = sheet.provenance
    facts = ((Text(zh="没有应答", en="no answer"), reason), *provenance.facts)
    return replace(sheet, provenance=replace(provenance, facts=facts))


def indicators_of(page: Page) -> Iterator[str]:
    """Every indicator of a page once, in its order."""
    shown = [*page.numbers, *(key for panel in page.panels for key in panel.indicators)]
    yield from dict.fromkeys(shown)


async def _file(asking: Asking, name: str, form: str, sheets: list[Sheet]) -> Response:
    path = await asking.services.in_files(write_file, form, sheets, commented=asking.commented)
    return send_file(asking, path, name, form, sheets)


def register(server: Starlette, services: Services) -> None:
    """Register the routes; the page first, since its path looks like an indicator's too."""
    guarded_route(server, services, "/export/page/{page}.xlsx", action="export")(_on_page)
    guarded_route(server, services, "/export/{key}.{format}", action="export")(_on_indicator)

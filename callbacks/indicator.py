"""The indicator page: the statement behind a number, and its newest rows when somebody asks."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.answers import words_of
from callbacks.guard import guarded_callback
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, Refused, authorise_for
from dashboard.ports import RowPage, Unreachable
from dashboard.series.subject import splits_of
from dashboard.text import Text
from dashboard.words import Word
from layouts.pages.rows import NEWEST, RowsAsk, render_rows, render_sql
from layouts.view import View


async def statement(services: Services, person: Person, key: str) -> str | Text:
    """The SQL behind a number, or why there is none to show."""
    department = key.partition(".")[0]
    try:
        authorise_for(person, "see", services.catalogue, key)
        if _has_no_rows(services, key):
            return _text(Word.NO_ROWS_OF_DERIVED)
        return await services.about(key, lambda: services.sources.of(department).sql(key))
    except Refused:
        return _text(Word.REFUSED)
    except Unreachable as error:
        return words_of(error)


async def rows_page(services: Services, person: Person, ask: RowsAsk) -> RowPage | Text:
    """One page of the rows behind a number, noted in the audit; or why there is none.

    Raises Refused where the person may not see rows of the department, Unreachable where the store
    cannot note who looks.
    """
    authorise_for(person, "rows", services.catalogue, ask.key)
    if _has_no_rows(services, ask.key):
        return _text(Word.NO_ROWS_OF_DERIVED)
    if ask.rule and not _has_rule(services, ask):
        return _text(Word.NO_ROWS)
    cleared = person.sees_private(ask.key.partition(".")[0])
    detail = {
        "limit": NEWEST, "private": cleared, "offset": ask.offset, "rule": ask.rule, **ask.where,
    }  # fmt: skip
    await services.in_store(services.history.audit, person.name, "rows", ask.key, detail)
    try:
        return await services.about(ask.key, _rows, services, person, ask)
    except Unreachable as error:
        return words_of(error)


def _rows(services: Services, person: Person, ask: RowsAsk) -> RowPage:
    source = services.sources.of(ask.key.partition(".")[0])
    return source.rows(
        ask.key,
        None,
        where=ask.where,
        limit=min(NEWEST, most_rows(services, ask.key) - ask.offset),
        offset=ask.offset,
        cleared=person.sees_private(ask.key.partition(".")[0]),
        rule=ask.rule or None,
    )


def most_rows(services: Services, key: str) -> int:
    """How many rows of a department one look may reach, page after page."""
    return services.catalogue.department_of(key).limits.rows


def _has_rule(services: Services, ask: RowsAsk) -> bool:
    """Whether the catalogue (still) has the set-aside rule that a button names."""
    dataset = services.catalogue.dataset_of(ask.key)
    return dataset is not None and any(rule.name == ask.rule for rule in dataset.set_aside)


def _has_no_rows(services: Services, key: str) -> bool:
    """Whether an indicator is derived from others, or gone from the catalogue."""
    indicator = services.catalogue.indicator(key)
    return indicator is None or indicator.dataset is None


def _text(word: Word) -> Text:
    return Text(zh=word.of("zh"), en=word.of("en"))


async def _on_page_shown(
    services: Services, person: Person, tick: int | None, name: dict[str, str], language: str | None
) -> list[Component] | Any:
    """Fill in the statement once; it does not change while the page is open."""
    if tick:
        return no_update
    view = build_view(services, person, language=language)
    return render_sql(view, await statement(services, person, name["key"]))


def ask_of(services: Services, button: Mapping[str, Any] | None, clicks: object) -> RowsAsk | None:
    """What a pressed button asks for; None for one that only came onto the page.

    A button is what a browser says it is: its offset is not believed beyond what may be looked at,
    nor a split that the indicator does not declare.
    """
    indicator = services.catalogue.indicator(str(button["key"])) if button else None
    if not button or not clicks or indicator is None:
        return None
    key, offset, by = str(button["key"]), button["offset"], str(button["by"])
    most = most_rows(services, key) - 1
    begins = min(max(0, offset), most) if isinstance(offset, int) else 0
    known = by if by in splits_of(indicator) else ""
    return RowsAsk(key, str(button["rule"]), begins, known, str(button["part"]) if known else "")


async def answer_rows(
    services: Services, person: Person, ask: RowsAsk, language: str | None
) -> list[Component]:
    """The rows that somebody asked the department for, or why there are none."""
    view: View = build_view(services, person, language=language)
    page = await rows_page(services, person, ask)
    if isinstance(page, Text):
        return render_sql(view, page)
    return render_rows(view, ask, page, services.clock(), most_rows(services, ask.key))


async def _on_rows_asked(
    services: Services, person: Person, _: Sequence[int | None], language: str | None
) -> list[Component] | Any:
    """Ask the department for the rows that the pressed button names."""
    pressed = ctx.triggered[0]["value"] if ctx.triggered else None
    ask = ask_of(services, ctx.triggered_id, pressed)
    return no_update if ask is None else await answer_rows(services, person, ask, language)


def register(app: Dash, services: Services) -> None:
    """Register the callbacks of the indicator page on the app."""
    match, every = cast(str, MATCH), cast(str, ALL)
    guarded_callback(
        app,
        services,
        Output(ids.indicator_sql(match), "children"),
        Input(ids.PAGE_TICK, "n_intervals"),
        State(ids.indicator_sql(match), "id"),
        State(ids.LANGUAGE, "data"),
    )(_on_page_shown)
    guarded_callback(
        app,
        services,
        Output(ids.indicator_rows(match), "children"),
        Input(ids.indicator_rows_ask(match, every, every, every, every, every), "n_clicks"),
        State(ids.LANGUAGE, "data"),
        action="rows",
    )(_on_rows_asked)

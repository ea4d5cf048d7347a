"""Lookups: what can be chosen, and the department's answer to what was chosen."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.answers import words_of
from callbacks.guard import guarded_callback
from callbacks.held import Held
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person, authorise
from dashboard.catalogue.lookups import Lookup
from dashboard.lookups import chosen_of, in_order, lookup_of
from dashboard.ports import RowPage, Source, Unreachable
from dashboard.search import pinyin_of
from layouts.pages.contents import panel_of
from layouts.pages.rows import render_sql
from layouts.panels.lookup import chosen_title, render_found, render_hint
from layouts.view import View

OPTIONS_HOLD = timedelta(minutes=10)
"""How long what can be chosen is kept before a department is asked for it again."""
MOST_OPTIONS = 50_000
"""Options that are kept, of all choices together."""
_AN_ANSWER = 10
"""What an answer costs beside its options, in options: a made-up choice has none, and is kept too."""
ANSWERS_HOLD = timedelta(seconds=10)
"""How long an answer is given to all who ask the same, such as those whose minutes end together."""
MOST_ANSWERS = 500
LOOK_LASTS = timedelta(hours=1)
"""How long an open panel asks on without being noted again."""
MOST_LOOKS = 5000
Options = list[dict[str, str]]


def _weight(options: Options) -> int:
    return _AN_ANSWER + len(options)


class Asker:
    """Asks departments what was chosen. What can be chosen is read once for all, and kept."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._options = Held[Options](services.clock, OPTIONS_HOLD, MOST_OPTIONS, _weight)
        self._answers = Held[RowPage](services.clock, ANSWERS_HOLD, MOST_ANSWERS)
        self._looks: dict[tuple[object, ...], datetime] = {}

    async def options(
        self, key: str, told: Lookup, column: str, chosen: Mapping[str, str]
    ) -> Options:
        """What can be chosen of one column beside the others, in order. Raises Unreachable."""
        others = tuple(sorted((n, v) for n, v in chosen.items() if n != column))
        place = (self.services.catalogue.version, key, column, others)
        department, _, name = key.partition(".")

        def read(source: Source) -> Options:
            return [_option(v) for v in in_order(source.options(name, column, dict(others)))]

        return await self._options.get(place, lambda: self.services.ask_source(department, read))

    async def answer(
        self,
        person: Person,
        key: str,
        chosen: Mapping[str, str],
        language: str | None,
        *,
        goes_on: bool,
    ) -> list[Component]:
        """The rows that answer, what is still to be chosen, or why there is no answer.

        Raises Refused where the person may not see rows of the department, Unreachable where the
        store cannot note who asks. `goes_on` is what the browser says: that this is no new look.
        """
        department, _, name = key.partition(".")
        authorise(person, "rows", department)
        view = build_view(self.services, person, language=language)
        told = lookup_of(view.catalogue, key)
        if told is None:
            return []
        if any(column not in chosen for column in told.required):
            return render_hint(view, told)
        await self._note(person, key, chosen, goes_on=goes_on)
        services = self.services
        place = (services.catalogue.version, key, _as_one(chosen))
        try:
            page = await self._answers.get(
                place,
                lambda: services.ask_source(department, lambda s: s.look_up(name, dict(chosen))),
            )
        except Unreachable as error:
            return render_sql(view, words_of(error))
        return render_found(view, told, page, services.clock())

    async def _note(
        self, person: Person, key: str, chosen: Mapping[str, str], *, goes_on: bool
    ) -> None:
        """Note a look in the audit. One that goes on is left out only where the very same was noted
        here not long ago, so that no browser asks unseen. Raises Unreachable."""
        look = (person.name, key, _as_one(chosen))
        now = self.services.clock()
        noted = self._looks.get(look)
        if goes_on and noted is not None and now - noted < LOOK_LASTS:
            return
        history = self.services.history
        await self.services.in_store(history.audit, person.name, "lookup", key, dict(chosen))
        self._looks.pop(look, None)
        self._looks[look] = now
        if len(self._looks) > MOST_LOOKS:
            del self._looks[next(iter(self._looks))]


def _as_one(chosen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(chosen.items()))


def _option(value: str) -> dict[str, str]:
    """An option that is found by its pinyin too."""
    return {"label": value, "value": value, "search": " ".join((value, *pinyin_of(value)))}


async def answer_panel(
    asker: Asker,
    person: Person,
    panel: str,
    given: Mapping[str, object],
    language: str | None,
    *,
    goes_on: bool,
) -> tuple[list[Options | Any], list[Component]] | None:
    """The options of every choice of a panel, and the answer; None where it is no lookup (any
    more). Raises Refused as above."""
    shown = panel_of(asker.services.catalogue, panel)
    told = lookup_of(asker.services.catalogue, shown.lookup) if shown else None
    if shown is None or told is None or shown.lookup is None:
        return None
    key = shown.lookup
    authorise(person, "rows", key.partition(".")[0])
    chosen = chosen_of(told, given)
    view = build_view(asker.services, person, language=language)
    try:
        columns = [choice.column for choice in told.choices]
        options = await asyncio.gather(*(asker.options(key, told, c, chosen) for c in columns))
    except Unreachable as error:
        # Without its option a chosen value would be lost, and asked for again after the outage.
        return [no_update] * len(told.choices), render_sql(view, words_of(error))
    named = [_named(view, key, c, found) for c, found in zip(columns, options, strict=True)]
    return named, await asker.answer(person, key, chosen, language, goes_on=goes_on)


def _named(view: View, key: str, column: str, options: Options) -> Options:
    """Options by their names in the language of who looks, found by what is written too."""
    return [
        option | {"label": title, "search": f"{option['search']} {title}"}
        for option in options
        for title in (chosen_title(view, key, column, option["value"]),)
    ]


def register(app: Dash, services: Services) -> None:
    """Register the callback of lookups on the app."""
    asker = Asker(services)
    match, every = cast(str, MATCH), cast(str, ALL)

    async def _on_chosen(
        _: Services,
        person: Person,
        values: Sequence[object],
        __: int | None,
        ___: int | None,
        choices: Sequence[Mapping[str, str]],
        language: str | None,
    ) -> tuple[list[Options] | Any, list[Component] | Any]:
        """Ask anew when something is chosen, the button is pressed, or a minute has gone."""
        if not choices:
            return no_update, no_update
        given = {one["column"]: v for one, v in zip(choices, values, strict=True)}
        minute = ctx.triggered_id == ids.PAGE_TICK
        found = await answer_panel(
            asker, person, choices[0]["panel"], given, language, goes_on=minute
        )
        if found is None or len(found[0]) != len(choices):
            return [no_update] * len(choices), no_update
        return found

    guarded_callback(
        app,
        services,
        Output(ids.lookup_choice(match, every), "options"),
        Output(ids.lookup_answer(match), "children"),
        Input(ids.lookup_choice(match, every), "value"),
        Input(ids.lookup_again(match), "n_clicks"),
        Input(ids.PAGE_TICK, "n_intervals"),
        State(ids.lookup_choice(match, every), "id"),
        State(ids.LANGUAGE, "data"),
        action="rows",
    )(_on_chosen)

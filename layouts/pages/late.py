"""Numbers that are late: which, as of when, how late, and what makes them so."""

from collections.abc import Iterator

from dash import html

from dashboard import ids
from dashboard.derived import input_keys
from dashboard.reasons import reason_text
from dashboard.words import Word
from layouts import live, live_late, live_text
from layouts.live_ages import late_numbers, number_names
from layouts.pages.sections import render_section, render_table
from layouts.view import View

_HEADS = [Word.INDICATORS, Word.AS_OF, Word.AGE, Word.REASON]


def render_late_numbers(view: View) -> html.Section:
    """Every number that is late, the worst first; that all are on time, where none is."""
    title = Word.LATE_NUMBERS.of(view.language)
    late = late_numbers(view, number_names(view))
    if not late:
        words = html.P(Word.ALL_FEEDS_UP.of(view.language), className="panel-sub")
        return render_section(title, [words], 12, ids.LATE_NUMBERS)
    rows = [_row(view, key) for key in late]
    table = render_table(view, title, _HEADS, rows, wide=True)
    return render_section(title, [table], 12, ids.LATE_NUMBERS)


def _row(view: View, key: str) -> html.Tr:
    link = html.A(
        live.indicator_title(view, key), href=f"/indicator/{key}", **{"data-within": "true"}
    )
    stop = view.words("；", "; ")
    return html.Tr(
        [
            html.Th([live.render_still_mark(view, "late"), link], scope="row"),
            html.Td(live.render_as_of(view, key), className="right"),
            html.Td(live_late.render_late(view, key), className="right"),
            html.Td(stop.join(why_late(view, key)), className="reason"),
        ]
    )


def why_late(view: View, key: str) -> Iterator[str]:
    """What makes a number late, as far as it is known: what failed, its feed, or which of the numbers
    it is made of, of which again a part may be late."""
    reading = view.reading(key) or {}
    reason = reason_text(reading.get("reason"))
    if reason is not None:
        yield view.say(reason)
    yield from _late_feed(view, key)
    indicator = view.catalogue.indicator(key)
    for source in input_keys(indicator) if indicator is not None else ():
        said = live_late.lateness_of(view, source)
        if said:
            yield f"{live.indicator_title(view, source)} {said}"


def _late_feed(view: View, key: str) -> Iterator[str]:
    """The feed that a number is measured on, where that is late too."""
    indicator, dataset = view.catalogue.indicator(key), view.catalogue.dataset_of(key)
    if indicator is None or dataset is None:
        return
    name = f"{key.partition('.')[0]}.{indicator.dataset}"
    state = live_text.state_of(view.sections.get("feeds", {}).get(name), view.now)
    if state in live_text.HEARD[1:]:
        yield f"{view.say(dataset.title)} {live_text.state_text(state, view.language)}"

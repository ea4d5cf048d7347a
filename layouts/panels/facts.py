"""Facts: stated texts per group, such as response levels, and single big numbers."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.indicators import Indicator
from dashboard.catalogue.pages import Panel
from dashboard.formats import short_day
from dashboard.readings import parse_instant
from dashboard.samples import rests_on_rows
from dashboard.words import Word
from layouts import live, live_late
from layouts.panels.codes import code_title, declared_codes, dimension_title, window_title
from layouts.panels.needs import Answers, split_of
from layouts.view import View


def render_facts(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """What is in force where: one stated text per group, a column per indicator."""
    codes: dict[str, tuple[str, str]] = {}
    for key in panel.indicators:
        by = split_of(panel, view.catalogue, key)
        for code in (view.reading(key) or {}).get("parts") or {}:
            codes.setdefault(code, (key, by))
    codes = {code: codes[code] for code in _in_order(view, codes)}
    if not codes:
        rows = [
            _row(view, live.indicator_title(view, key), [key], None) for key in panel.indicators
        ]
    else:
        rows = [
            _row(view, _group(view, *owner, code), panel.indicators, code)
            for code, owner in codes.items()
        ]
    several = bool(codes) and len(panel.indicators) > 1
    head = [html.Thead(html.Tr(_heads(view, panel)))] if several else []
    caption = html.Caption(facts_caption(view, panel), className="hidden")
    return [html.Div(html.Table([caption, *head, html.Tbody(rows)]), className="table-box facts")]


def _in_order(view: View, codes: Mapping[str, tuple[str, str]]) -> list[str]:
    """Codes as the catalogue lists them, then those it does not know."""
    owners = dict.fromkeys(codes.values())
    listed = [code for owner in owners for code in declared_codes(view.catalogue, *owner)]
    known = [code for code in dict.fromkeys(listed) if code in codes]
    return known + [code for code in codes if code not in known]


def facts_caption(view: View, panel: Panel) -> str:
    """What a table of facts is about, for those who hear it."""
    titles = (live.indicator_title(view, key) for key in panel.indicators)
    return view.words("、", ", ").join(titles)


def _heads(view: View, panel: Panel) -> list[html.Th]:
    key = panel.indicators[0]
    by = split_of(panel, view.catalogue, key)
    titles = [dimension_title(view.catalogue, key, by, view.language)]
    titles += [live.indicator_title(view, key, short=True) for key in panel.indicators]
    return [html.Th(title, scope="col") for title in titles]


def _group(view: View, key: str, by: str, code: str) -> str:
    return code_title(view.catalogue, key, by, code, view.language)


def _row(view: View, name: str, keys: Sequence[str], code: str | None) -> html.Tr:
    cells = [html.Td(_stated(view, key, code)) for key in keys]
    return html.Tr([html.Th(name, scope="row"), *cells])


def _stated(view: View, key: str, code: str | None) -> list[Component]:
    """A stated text with its mark. A fact holds until another is stated, so that its own time says
    nothing about its age: the panel's does."""
    indicator = view.catalogue.indicator(key)
    if indicator is not None and indicator.measure.kind != "fact":
        mark = live.render_mark(view, key, part=code)
    else:
        level = str((live.entry_of(view, key, code) or {}).get("level", "normal"))
        mark = live.render_still_mark(view, "none" if level == "normal" else level)
    return [mark, live.render_text(view, key, part=code)]


def render_number(view: View, panel: Panel, answers: Answers) -> list[Component]:
    """One big value (or a few) with unit, n, sparkline and comparison."""
    named = len(panel.indicators) > 1 or panel.title is not None
    return [render_key_figure(view, key, named=named) for key in panel.indicators]


def render_key_figure(view: View, key: str, *, named: bool = True) -> html.Div:
    """A number of the row of key figures: label, value, sparkline, comparison in words with n."""
    figure = [
        live.render_mark(view, key),
        live.render_value(view, key),
        live.render_unit(view, key),
        *live.render_grade(view, key),
    ]
    return live.render_box(
        view,
        key,
        [
            *([live.render_label(view, key)] if named else []),
            html.Div(figure, className="figure"),
            live.render_spark(view, key),
            render_comparison(view, key),
        ],
        "tile key-figure",
    )


def render_window(view: View, key: str, indicator: Indicator) -> list[Component]:
    """Over what a number is summed or measured, as it may stand beside a chart over another window;
    of a year of which a few days are known, since when. Nothing beside what is so now."""
    if indicator.window == "now":
        return []
    words, since = window_title(indicator.window, view.language), since_words(view, key)
    return [html.Span(view.words(f"{words}（{since}）", f"{words} ({since})") if since else words)]


def since_words(view: View, key: str) -> str:
    """Since when there is data, of a number whose window begins before it; else empty."""
    since = (view.reading(key) or {}).get("since")
    if since is None:
        return ""
    day = short_day(parse_instant(since), view.now, view.zone, view.language)
    return Word.DATA_SINCE.fill(view.language, day)


def render_comparison(view: View, key: str) -> html.Div:
    """How late it is, if so, and the comparison in words; a rate or time also says on how many rows
    it rests."""
    indicator = view.catalogue.indicator(key)
    notes: list[Component] = [live.render_compare(view, key)]
    if indicator is not None and rests_on_rows(indicator):
        notes.insert(0, live.render_n(view, key))
    window = render_window(view, key, indicator) if indicator is not None else []
    late = live_late.render_late(view, key)
    notes = [late, *window, *live.render_worst(view, key), *notes]
    return html.Div(notes, className="note")

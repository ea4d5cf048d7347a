"""What an indicator says about itself: definition, limits, origin, inputs, rows set aside."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.catalogue import Dataset, Indicator
from dashboard.catalogue.datasets import SetAside
from dashboard.catalogue.definitions import Limit
from dashboard.catalogue.indicators import ByStandard, Days, Formula, Surge
from dashboard.catalogue.reference import Edition
from dashboard.feeds import unreadable_columns
from dashboard.formats import age, number, quantity
from dashboard.i18n import NO_VALUE, level_word
from dashboard.windows import local_day
from dashboard.words import Word
from layouts import live, live_late
from layouts.live_ages import render_oldest
from layouts.pages.formula import all_conditions, conditions_words, render_formula
from layouts.pages.rows import RowsAsk, render_ask
from layouts.pages.sections import render_section, render_table
from layouts.panels.codes import AGAINST, SIGNS
from layouts.panels.said import Said
from layouts.view import View


def render_facts_list(pairs: list[tuple[str, str | Component | list[Component]]]) -> html.Dl:
    """Names and what they are, one line each."""
    rows = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs if value]
    return html.Dl(rows, className="pairs")


def render_definition(view: View, key: str, indicator: Indicator) -> html.Section:
    """What exactly is counted, how, and who confirmed it."""
    definition = indicator.definition
    confirmed = Word.UNCONFIRMED.of(view.language)
    if definition.confirmed_by is not None and definition.confirmed_on is not None:
        confirmed = Word.CONFIRMED_BY.fill(
            view.language, view.say(definition.confirmed_by), definition.confirmed_on.isoformat()
        )
    basis = Word.LIVE_BASIS if indicator.basis == "live" else Word.ASSESSED_BASIS
    conditions = conditions_words(all_conditions(indicator))
    pairs: list[tuple[str, str | Component | list[Component]]] = [
        (Word.FORMULA.of(view.language), render_formula(view, indicator)),
        (Word.FILTERS.of(view.language), html.Code(conditions) if conditions else ""),
        (Word.UNIT.of(view.language), view.say(indicator.unit)),
        (Word.BASIS.of(view.language), basis.of(view.language)),
        (Word.CONFIRMED.of(view.language), confirmed),
    ]
    text = html.P(view.say(definition.text), className="definition")
    return render_section(
        Word.DEFINITION.of(view.language), [text, render_facts_list(pairs)], 6, ids.PART_DEFINITION
    )


def render_limits(view: View, key: str, indicator: Indicator) -> html.Section:
    """Target and limits: when the number is abnormal, and how soon it must be dealt with."""
    pairs: list[tuple[str, str | Component | list[Component]]] = []
    if indicator.target is not None:
        pairs.append((Word.TARGET.of(view.language), _amount(view, indicator, indicator.target)))
    for limit in indicator.limits:
        mark = live.render_still_mark(view, limit.level)
        word = html.Span(f" {level_word(limit.level, view.language)} ")
        pairs.append(
            (Said.TRIGGERS.of(view.language), [mark, word, _limit(view, indicator, limit)])
        )
    if not indicator.limits:
        pairs.append((Said.TRIGGERS.of(view.language), Word.NOT_LIMITED.of(view.language)))
    title = f"{Word.TARGET.of(view.language)} / {Said.TRIGGERS.of(view.language)}"
    return render_section(title, [render_facts_list(pairs)], 6)


def _limit(view: View, indicator: Indicator, limit: Limit) -> html.Span:
    amount = _amount(view, indicator, limit.value)
    words = [f"{SIGNS[limit.op]} {amount}"]
    if limit.against is not None:
        against = AGAINST[limit.against].of(view.language)
        plain = number(limit.value, 2, view.language)
        size = f" × {plain}" if limit.as_ == "quotient" else f" + {amount}"
        size = "" if limit.as_ == "quotient" and limit.value == 1 else size
        words = [f"{SIGNS[limit.op]} {against}{size}"]
    if limit.min_n:
        words.append(f"n ≥ {limit.min_n}")
    if limit.hours is not None:
        words.append(f"{limit.hours[0]:02d}:00–{limit.hours[1]:02d}:00")
    if limit.due is not None:
        words.append(f"{Word.DUE.of(view.language)} {age(limit.due, view.language)}")
    if limit.note is not None:
        words.append(view.say(limit.note))
    return html.Span(" · ".join(words))


def _amount(view: View, indicator: Indicator, value: float) -> str:
    decimals = 0 if float(value).is_integer() else max(1, indicator.decimals)
    return quantity(value, indicator.unit, decimals, view.language)


def render_origin(view: View, key: str, indicator: Indicator) -> html.Section:
    """Where the number comes from and how fresh it must be."""
    department = view.catalogue.department_of(key)
    dataset = view.catalogue.dataset_of(key)
    reading = view.reading(key) or {}
    late, stale = reading.get("late_after"), reading.get("stale_after")
    pairs: list[tuple[str, str | Component | list[Component]]] = [
        (Word.SOURCE.of(view.language), view.say(department.title)),
        (Word.OWNER.of(view.language), view.say(department.owner)),
        (Word.LIAISON.of(view.language), view.say(department.liaison)),
    ]
    if dataset is not None:
        time = dataset.times.get(indicator.time or "")
        pairs += [
            (Word.DATASET.of(view.language), view.say(dataset.title)),
            (Word.TABLE_OR_VIEW.of(view.language), html.Code(dataset.table or "SELECT")),
            (Word.TIME_COLUMN.of(view.language), html.Code(time.column) if time else ""),
            (
                Word.REFRESHED_EVERY.of(view.language),
                age(indicator.refresh or dataset.refresh, view.language),
            ),
        ]
    pairs += [
        (Word.AS_OF.of(view.language), [live.render_as_of(view, key), live.render_age(view, key)]),
        (Word.COLLECTED_AT.of(view.language), live.render_collected(view, key)),
        (Word.FRESHNESS_LIMITS.of(view.language), _ages(view, late, stale)),
        *_editions(view, indicator),
        (Word.CATALOGUE_VERSION.of(view.language), html.Code(view.catalogue.version)),
        (Word.SERVES.of(view.language), " ".join(indicator.serves)),
    ]
    section = render_section(
        Word.ORIGIN.of(view.language), [render_facts_list(pairs)], 12, ids.PART_SOURCE
    )
    section.className += " pairs-beside"
    return section


def _ages(view: View, late: float | None, stale: float | None) -> str:
    if late is None or stale is None:
        return ""
    return " / ".join(age(timedelta(seconds=value), view.language) for value in (late, stale))


def _editions(
    view: View, indicator: Indicator
) -> list[tuple[str, str | Component | list[Component]]]:
    if not isinstance(indicator.measure, ByStandard):
        return []
    standard = view.catalogue.standards.get(indicator.measure.standard)
    if standard is None:
        return []
    today = local_day(view.now, view.zone.key)
    held = [edition for edition in standard.editions if edition.valid_from <= today]
    newest: Edition | None = max(held, key=lambda edition: edition.valid_from, default=None)
    if newest is None:
        return []
    since = newest.valid_from.isoformat()
    words = view.words(f"{newest.name}（{since} 起）", f"{newest.name} (from {since})")
    return [(Word.STANDARD_EDITION.of(view.language), words)]


def render_inputs(view: View, indicator: Indicator) -> list[Component]:
    """The numbers that a derived one is made from, each with its own live value."""
    measure = indicator.measure
    if isinstance(measure, Formula | ByStandard):
        keys = list(dict.fromkeys(measure.inputs.values()))
    elif isinstance(measure, Days | Surge):
        keys = [measure.of]
    else:
        return []
    rows = [
        html.Tr(
            [
                html.Th(
                    dcc.Link(live.indicator_title(view, key), href=f"/indicator/{key}"), scope="row"
                ),
                html.Td(live.render_figure(view, key), className="right"),
                html.Td(
                    [render_oldest(view, [key], aged=True), live_late.render_late_parts(view, key)],
                    className="right ages",
                ),
            ]
        )
        for key in keys
    ]
    heads = [Word.INDICATORS, Word.VALUE, Word.AGE]
    title = Word.INPUTS.of(view.language)
    return [render_section(title, [render_table(view, title, heads, rows)], 12)]


def render_set_aside(view: View, key: str) -> html.Section:
    """The rules by which rows cannot be right, and how many rows each caught in what was read."""
    dataset, indicator = view.catalogue.dataset_of(key), view.catalogue.indicator(key)
    title = Word.SET_ASIDE.of(view.language)
    feed_key = f"{key.partition('.')[0]}.{indicator.dataset if indicator else ''}"
    feed = view.sections.get("feeds", {}).get(feed_key, {})
    rows = [] if dataset is None else _aside_rows(view, key, dataset, feed)
    if not rows:
        words = html.P(Word.NOTHING_SET_ASIDE.of(view.language), className="panel-empty")
        return render_section(title, [words], 6)
    heads = [Word.RULE, Word.STATE, Word.COUNT, Word.DETAILS]
    note = html.P(Word.SET_ASIDE_NOTE.of(view.language), className="panel-sub")
    return render_section(title, [note, render_table(view, title, heads, rows)], 6)


def _aside_rows(view: View, key: str, dataset: Dataset, feed: Mapping[str, Any]) -> list[html.Tr]:
    counts = feed.get("set_aside") or {}
    rows = []
    for rule in dataset.set_aside:
        kept = Word.STILL_COUNTED if rule.keep else Word.NOT_COUNTED
        asks = _rows_of_rule(view, key, rule)
        rows.append(_aside_row(view, view.say(rule.title), kept, counts.get(rule.name), asks))
    for column, count in unreadable_columns(feed, dataset).items():
        name = Word.NO_READABLE_TIME.fill(view.language, column)
        rows.append(_aside_row(view, name, Word.NOT_COUNTED, count, NO_VALUE))
    return rows


def _aside_row(
    view: View, title: str, kept: Word, count: int | None, rows: html.Button | str
) -> html.Tr:
    return html.Tr(
        [
            html.Th(title, scope="row"),
            html.Td(kept.of(view.language), className="right"),
            html.Td(number(count, 0, view.language), className="right lead"),
            html.Td(rows, className="right"),
        ]
    )


def _rows_of_rule(view: View, key: str, rule: SetAside) -> html.Button:
    """Leads to the rows that a rule caught; they are shown where the newest ones are."""
    return render_ask(view, RowsAsk(key, rule.name), Word.DETAILS, "rule", view.say(rule.title))

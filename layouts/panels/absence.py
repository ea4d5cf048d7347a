"""Words that stand where a chart has nothing to draw, or too little to be seen."""

from collections.abc import Sequence

from dash import html

from dashboard.formats import clock, moment, short_day
from dashboard.ports import Series
from dashboard.words import Word
from layouts import live
from layouts.panels.needs import Answers, Failure
from layouts.panels.said import Said
from layouts.view import View

GAP = 0.15
"""A longer part of a window without data at its start is explained."""
DOTS = 0.04
"""A line over less than this share of a window is a dot."""


def nothing_words(view: View, answers: Answers) -> str:
    """Why answers hold no value: a history that does not reach back yet, or nothing at all."""
    series = [answer for answer in answers.series.values() if isinstance(answer, Series)]
    covered = [one.covered[0] for one in series if one.covered is not None]
    if covered and max(covered) > min(one.request.window[0] for one in series):
        at = moment(max(covered), view.now, view.zone, view.language)
        return Word.HISTORY_SINCE.fill(view.language, at)
    if covered:
        return Word.NO_ROWS.of(view.language)
    return Word.NO_WINDOW_YET.of(view.language)


def since_words(view: View, series: Sequence[Series]) -> str:
    """Since when there is data, where that is well within the window; else empty."""
    start, end = series[0].request.window
    first = min(p.at for one in series for p in one.points if p.value is not None)
    if first - start < (end - start) * GAP:
        return ""
    by_day = series[0].grain in ("1d", "1mo")
    say = short_day if by_day else moment
    return Word.DATA_SINCE.fill(view.language, say(first, view.now, view.zone, view.language))


def too_young(view: View, series: Series) -> str:
    """Words in place of small trends that would be no more than dots; empty where they are lines."""
    known = [point.at for point in series.points if point.value is not None]
    start, end = series.request.window
    if max(known) - min(known) >= (end - start) * DOTS:
        return ""
    return Word.DATA_SINCE.fill(
        view.language, moment(min(known), view.now, view.zone, view.language)
    )


def missing_words(view: View, answers: Answers) -> str:
    """What of a panel could not be had and why, named where it is not all that was asked for."""
    failed = {r: a for r, a in answers.series.items() if isinstance(a, Failure)}
    if not failed:
        return ""
    reason = view.say(next(iter(failed.values())).reason)
    if len(failed) == len(answers.series):
        return reason
    names = [live.indicator_title(view, request.key, short=True) for request in failed]
    return Said.MISSING.fill(view.language, view.words("、", ", ").join(names), reason)


def render_missing(words: str) -> html.Span:
    """In a corner of a chart that lacks some of its lines."""
    return html.Span(words, className="chart-note")


def render_not_renewed(view: View, reason: str) -> html.Span:
    """In a corner of a chart that was kept, since a newer one could not be had: from when on."""
    at = clock(view.now, view.zone, seconds=False)
    return html.Span(Said.NOT_RENEWED.fill(view.language, at, reason), className="chart-note kept")

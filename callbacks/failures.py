"""Failures of callbacks: noted in the log, said on the screen in safe words, never a blank."""

import dash_bootstrap_components as dbc
import structlog
from dash import html, no_update, set_props
from dash.development.base_component import Component

from callbacks.answers import TROUBLE, words_of
from callbacks.look import LOOK
from dashboard import ids
from dashboard.access import Refused
from dashboard.ports import Unreachable
from dashboard.text import Text

NOTICE_MILLISECONDS = 10_000

log = structlog.get_logger()


def on_error(error: Exception) -> object:
    """Keep what the screen shows and say beside it that something failed.

    Raises what `said_of` does.
    """
    text = said_of(error)
    toast = dbc.Toast(
        text.of(LOOK.get().language()),
        header="！",
        duration=NOTICE_MILLISECONDS,
        dismissable=True,
        className="notice-toast",
    )
    set_props(ids.NOTICE, {"children": toast})
    return no_update


def trouble_page(error: Exception) -> Component:
    """A page in place of the one that failed. Raises what `said_of` does."""
    text = said_of(error)
    language = LOOK.get().language()
    second = text.of("en" if language == "zh" else "zh")
    return html.Div(
        [html.H1(text.of(language)), html.P(second, className="secondary")],
        className="page trouble-page",
        role="alert",
    )


def said_of(error: Exception) -> Text:
    """What may be said of an error; all of it goes to the log, but for a silence, which was noted
    when it began. Raises Refused again, which the web answers with 403."""
    if isinstance(error, Refused):
        raise error
    if isinstance(error, Unreachable):
        return words_of(error)
    log.error("callback failed", exc_info=error)
    return TROUBLE

"""The page for a path that leads nowhere: says so and leads on."""

from dash import dcc, html

from dashboard.words import Word
from layouts.view import View


def render_missing(view: View, found: str, nearest: str | None = None) -> html.Div:
    """Names what was asked for, the nearest right path where one is known, and the way home."""
    ways = [dcc.Link(Word.TO_TODAY.of(view.language), href="/", className="button")]
    if nearest:
        words = Word.DID_YOU_MEAN.fill(view.language, nearest)
        ways.insert(0, dcc.Link(words, href=nearest, className="button"))
    return html.Div(
        [
            html.Header(html.H1(Word.NO_SUCH_PAGE.of(view.language)), className="page-head"),
            html.Section(
                [
                    html.P([Word.LED_NOWHERE.of(view.language), " ", html.Code(found)]),
                    html.Div(ways, className="actions"),
                ],
                className="panel",
            ),
        ],
        className="page missing-page",
        role="alert",
    )

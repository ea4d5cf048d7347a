"""The search that is there on every page: a dialogue that `assets/search.js` opens and fills.

What is found comes from `/api/search`; the words that the script says stand on the dialogue.
"""

from dash import html

from dashboard import ids
from dashboard.search import LONGEST
from dashboard.words import Word
from layouts.view import View


def render_search_button(view: View) -> html.Button:
    """Opens the search; so do `/` and Ctrl+K."""
    word = Word.SEARCH.of(view.language)
    return html.Button(
        [html.Span(className="search-sign", **{"aria-hidden": "true"}), html.Span(word)],
        className="switch search-open",
        title=f"{word} ( / )",
        **{"data-search": "open", "aria-keyshortcuts": "/ Control+K", "aria-label": word},
    )


def render_search(view: View) -> html.Dialog:
    """The dialogue, closed."""
    language = view.language
    words = {
        "data-nothing": Word.SEARCH_NOTHING.of(language),
        "data-failed": Word.SEARCH_FAILED.of(language),
        "data-silent": Word.SEARCH_SILENT.of(language),
        "data-language": language,
    }
    field = html.Div(
        [
            html.Span(className="search-sign", **{"aria-hidden": "true"}),
            # An input of HTML: Dash would ask the server with every letter by itself.
            html.Div(
                id=ids.SEARCH_FIELD,
                className="search-field",
                **{
                    "data-hint": Word.SEARCH_HINT.of(language),
                    "data-longest": str(LONGEST),
                    "data-label": Word.SEARCH.of(language),
                },
            ),
        ],
        className="search-line",
    )
    keys = html.P(Word.SEARCH_KEYS.of(language), className="search-keys")
    found = html.Ul(
        id=ids.SEARCH_FOUND,
        className="search-found",
        role="listbox",
        **{"aria-label": Word.SEARCH.of(language)},
    )
    said = html.P(id=ids.SEARCH_SAID, className="search-said", role="status")
    label = {"aria-label": Word.SEARCH.of(language)}
    return html.Dialog(
        [field, found, said, keys], id=ids.SEARCH, className="search", **label, **words
    )

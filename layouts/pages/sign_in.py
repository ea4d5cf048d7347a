"""The page at which people sign in: one form, also on a phone and without scripts."""

from dashboard.text import Language
from layouts.html_text import element, render_document, render_field, render_hidden
from layouts.pages.account_words import Told
from layouts.routes import SIGN_IN

MOST = 64
"""Signs of a name that are shown again."""


def render_sign_in(language: Language, back: str, *, said: str = "", name: str = "") -> str:
    """The page; `back` is where it leads, `said` why it is shown again, `name` what was typed."""
    title, name = Told.SIGN_IN.of(language), name[:MOST]
    known = bool(name)
    form = element(
        "form",
        render_hidden("next", back),
        render_field(
            Told.NAME.of(language), "name", "text", "username", first=not known, typed=name
        ),
        render_field(
            Told.PASSWORD.of(language), "password", "password", "current-password", first=known
        ),
        element("button", title, type="submit", class_="button primary"),
        method="post",
        action=SIGN_IN,
        class_="plain-form",
    )
    alert = element("p", said, class_="plain-said", role="alert") if said else ""
    return render_document(
        language,
        title,
        element(
            "section",
            element("h1", title),
            alert,
            form,
            element("p", Told.HELP.of(language), class_="secondary"),
            class_="panel plain-narrow",
        ),
    )

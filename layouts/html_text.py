"""Pages that are plain HTML: they work where Dash may not be asked yet, and without any script."""

from html import escape

from dashboard.text import Language
from dashboard.words import Word

_EMPTY = frozenset({"input", "meta", "link"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | bool | None) -> Html:
    """An element. Children that are no `Html` are escaped; an attribute that is None or False is
    left out, one that is True has no value, and its underscores are dashes (`class_` is `class`)."""
    said = "".join(
        f" {key.strip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _EMPTY:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{together(*children)}</{name}>")


def together(*children: str) -> Html:
    """Children one after the other."""
    return Html("".join(one if isinstance(one, Html) else escape(one) for one in children))


def render_document(language: Language, title: str, *content: str) -> str:
    """A whole page with the center's name and switches above its content."""
    center = Word.COMMAND_CENTER.of(language)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} · {center}"),
        element("link", rel="icon", href="/assets/favicon.ico"),
        # As on every page: it says which theme is in force before anything is painted.
        element("script", src="/assets/shell.js"),
        *(
            element("link", rel="stylesheet", href=f"/assets/{name}.css")
            for name in ("fonts/fonts", "tokens", "base", "shell", "pages", "account")
        ),
    )
    top = element(
        "header",
        element("a", center, class_="brand", href="/"),
        element("div", *_switches(language), class_="plain-switches"),
        class_="plain-top",
    )
    body = element("body", top, element("main", *content, class_="plain-page"), class_="plain")
    lang = "zh-CN" if language == "zh" else "en"
    return "<!doctype html>" + element("html", head, body, lang=lang)


def _switches(language: Language) -> list[Html]:
    to = "en" if language == "zh" else "zh"
    light, dark = Word.THEME_LIGHT.of(language), Word.THEME_DARK.of(language)
    return [
        element(
            "button",
            Word.LANGUAGE.of(language),
            type="button",
            class_="switch",
            lang="en" if to == "en" else "zh-CN",
            data_switch="language",
            data_to=to,
        ),
        element(
            "button",
            element("span", light, class_="when-dark"),
            element("span", dark, class_="when-light"),
            type="button",
            class_="switch",
            data_switch="theme",
        ),
    ]


def render_field(
    label: str, name: str, kind: str, complete: str, *, first: bool = False, typed: str = ""
) -> Html:
    """A labelled field of a form, begun with what was `typed`; the `first` one is typed into.

    `complete` is what browsers and keepers of passwords go by."""
    field = element(
        "input",
        id=f"field-{name}",
        name=name,
        type=kind,
        value=typed or None,
        autocomplete=complete,
        autocapitalize="none",
        spellcheck="false",
        required=True,
        autofocus=first,
        class_="plain-input",
    )
    return element("p", element("label", label, for_=f"field-{name}"), field, class_="plain-field")


def render_hidden(name: str, value: str) -> Html:
    """What a form sends beside what is typed."""
    return element("input", type="hidden", name=name, value=value)

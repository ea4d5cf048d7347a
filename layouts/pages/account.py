"""The page of one's own account, and for administrators of all accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.accounts import Account, Session
from dashboard.text import Language
from layouts.html_text import Html, element, render_document, render_field, render_hidden
from layouts.pages.account_words import Told
from layouts.routes import ACCOUNT

_BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


@dataclass(frozen=True)
class AccountView:
    """What the page is rendered from; `accounts` and `all_sessions` are None for who may not see
    others. `titles` names roles, `session` is that of the browser that asks."""

    language: Language
    zone: ZoneInfo
    account: Account
    session: int
    titles: dict[str, str]
    sessions: Sequence[Session]
    accounts: Sequence[Account] | None = None
    all_sessions: Sequence[Session] | None = None
    said: str = ""
    failed: bool = False

    def word(self, word: Told) -> str:
        """A word in the language of the page."""
        return word.of(self.language)


def render_account(view: AccountView) -> str:
    """The page; while a password has to be changed, nothing but that."""
    said = element(
        "p", view.said, class_="plain-said" if view.failed else "plain-done",
        role="alert" if view.failed else "status",
    ) if view.said else ""  # fmt: skip
    title = view.word(Told.ACCOUNT)
    if view.account.must_change:
        note = element("p", view.word(Told.MUST_CHANGE), class_="secondary")
        return render_document(view.language, title, _head(view), said, _password(view, note))
    others = [] if view.accounts is None else [_accounts(view, view.accounts)]
    if view.all_sessions is not None:
        others.append(_sessions(view, view.all_sessions, everybody=True))
    back = element("p", element("a", view.word(Told.BACK), href="/", class_="button"))
    own = _sessions(view, view.sessions, everybody=False)
    content = (_head(view), said, own, _password(view), *others, back)
    return render_document(view.language, title, *content)


def _head(view: AccountView) -> Html:
    account = view.account
    names = [view.titles.get(key, key) for key in account.roles]
    roles = "、".join(names) if view.language == "zh" else ", ".join(names)
    return element(
        "div",
        element(
            "div",
            element("h1", account.title or account.name),
            element(
                "p",
                _named(account.name if account.title else "", roles or view.word(Told.NO_ROLES)),
                class_="secondary",
            ),
        ),
        _pressed(view, Told.SIGN_OUT, "sign-out"),
        class_="plain-head",
    )


def _password(view: AccountView, note: Html | None = None) -> Html:
    fields = (
        (Told.OLD_PASSWORD, "old", "current-password"),
        (Told.NEW_PASSWORD, "new", "new-password"),
        (Told.NEW_AGAIN, "again", "new-password"),
    )
    form = element(
        "form",
        render_hidden("do", "password"),
        # What keepers of passwords keep the new one for.
        element(
            "input", name="name", value=view.account.name, autocomplete="username", hidden=True
        ),
        *(render_field(view.word(word), name, "password", kind) for word, name, kind in fields),
        element("button", view.word(Told.CHANGE), type="submit", class_="button primary"),
        method="post",
        action=ACCOUNT,
        class_="plain-form",
    )
    return element(
        "section",
        element("h2", view.word(Told.CHANGE_PASSWORD)),
        note or element("p", view.word(Told.PASSWORD_NOTE), class_="secondary"),
        form,
        class_="panel plain-narrow" if view.account.must_change else "panel",
    )


def _sessions(view: AccountView, sessions: Sequence[Session], *, everybody: bool) -> Html:
    title = Told.ALL_SESSIONS if everybody else Told.SESSIONS
    words = [Told.BROWSER, Told.HOST, Told.SINCE, Told.SEEN]
    names = [view.word(word) for word in words]
    heads = [view.word(Told.NAME), *names] if everybody else names
    rows = [_session(view, one, everybody=everybody) for one in sessions]
    more = []
    if not everybody and len(sessions) > 1:
        more = [_pressed(view, Told.END_OTHERS, "end-others")]
    return element(
        "section", element("h2", view.word(title)), _table(heads, rows), *more, class_="panel"
    )


def _session(view: AccountView, session: Session, *, everybody: bool) -> list[str]:
    cells = [
        browser_of(session.agent),
        session.host,
        _at(view, session.created_at),
        _at(view, session.seen_at),
        element("span", view.word(Told.THIS_ONE), class_="secondary")
        if session.id == view.session
        else _pressed(view, Told.END, "end", str(session.id)),
    ]
    return [session.account, *cells] if everybody else cells


def _accounts(view: AccountView, accounts: Sequence[Account]) -> Html:
    heads = [view.word(word) for word in (Told.NAME, Told.ROLES, Told.STATE)]
    rows = [_account(view, one) for one in accounts]
    return element(
        "section",
        element("h2", view.word(Told.ACCOUNTS)),
        element("p", view.word(Told.ACCOUNTS_NOTE), class_="secondary"),
        _table(heads, rows),
        class_="panel",
    )


def _account(view: AccountView, account: Account) -> list[str]:
    shut = account.disabled_at is not None
    state = Told.DISABLED if shut else Told.UNCHANGED if account.must_change else Told.ENABLED
    change = _pressed(view, Told.ENABLE, "enable", account.name) if shut else (
        _pressed(view, Told.DISABLE, "disable", account.name)
    )  # fmt: skip
    names = [view.titles.get(key, key) for key in account.roles]
    return [
        _named(account.name, account.title),
        "、".join(names) if view.language == "zh" else ", ".join(names),
        view.word(state),
        "" if account.name == view.account.name else change,
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """A table whose cells say on a phone what they are, since their heads are not shown there."""
    top = element("tr", *(element("th", head, scope="col") for head in heads), element("td"))
    named = [*heads, None]
    body = [
        element(
            "tr",
            *(element("td", cell, data_head=head) for cell, head in zip(row, named, strict=True)),
        )
        for row in rows
    ]
    return element("table", element("thead", top), element("tbody", *body), class_="plain-table")


def _pressed(view: AccountView, word: Told, do: str, which: str = "") -> Html:
    """A button that does something to `which`."""
    return element(
        "form",
        render_hidden("do", do),
        render_hidden("which", which) if which else "",
        element("button", view.word(word), type="submit", class_="button quiet"),
        method="post",
        action=ACCOUNT,
    )


def _at(view: AccountView, at: datetime) -> str:
    return at.astimezone(view.zone).strftime("%Y-%m-%d %H:%M")


def browser_of(agent: str) -> str:
    """A browser and its system in two words, as far as it says them."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), agent[:24])
    system = next((name for name in _SYSTEMS if name in agent), "")
    return _named(browser, system) or "–"


def _named(*parts: str) -> str:
    return " · ".join(part for part in parts if part)

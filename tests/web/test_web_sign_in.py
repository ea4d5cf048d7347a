"""Signing in: who gets in, who does not, how long it lasts, and that nothing is told to guessers."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from signing_in import PASSWORD, Town, said, sign_in, town
from small_city import router_question

from callbacks.forms import LONGEST, way_back
from callbacks.sign_in import in_words
from dashboard.accounts import IDLE, fingerprint
from dashboard.ports import Unreachable


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        made.add("li", "officer")
        yield made


async def test_a_stranger_is_led_to_sign_in_and_back(place: Town) -> None:
    async with place.browser() as browser:
        page = {"accept": "text/html"}
        led = await browser.get("/department/cases?window=7d", headers=page)
        assert led.status_code == 303
        asked = await browser.get(led.headers["location"], headers=page)
        assert asked.status_code == 200
        assert 'value="/department/cases?window=7d"' in asked.text
        assert asked.headers["content-security-policy"]
        assert asked.headers["cache-control"] == "no-store"
        back = await sign_in(browser, back="/department/cases?window=7d")
        assert (back.status_code, back.headers["location"]) == (303, "/department/cases?window=7d")
        assert (await browser.get("/department/cases", headers=page)).status_code == 200
        answer = await browser.post("/_dash-update-component", json=router_question("/"))
        assert answer.status_code == 200
        shown = await browser.get("/_dash-layout")
        assert "li明" in shown.text
        assert "退出登录" in shown.text


async def test_the_shell_offers_the_way_in_to_who_is_not_signed_in(place: Town) -> None:
    async with place.browser("127.0.0.1") as browser:
        shown = await browser.get("/_dash-layout")
        assert "sign-in" in shown.text
        assert "退出登录" not in shown.text
        page = await browser.get("/sign-in", headers={"referer": "http://center/map?lang=zh"})
        assert 'value="/map?lang=zh"' in page.text, "it leads back to where the link was"
        other = await browser.get("/sign-in", headers={"referer": "http://elsewhere/map"})
        assert 'value="/"' in other.text


async def test_the_token_is_kept_from_scripts_and_the_store(place: Town) -> None:
    async with place.browser() as browser:
        answer = await sign_in(browser)
        cookie = answer.headers["set-cookie"]
        for part in ("cc-session=", "HttpOnly", "SameSite=lax", "Path=/"):
            assert part in cookie, cookie
        assert "Secure" not in cookie
        token = browser.cookies["cc-session"]
        assert place.accounts.standing([fingerprint(token)], place.services.clock())
        assert not place.accounts.standing([token], place.services.clock())


async def test_over_tls_the_cookie_is_the_center_s_alone(tmp_path: Path) -> None:
    with town(tmp_path, behind_proxy=True) as place:
        place.add("li", "officer")
        told = {"x-forwarded-proto": "https", "x-forwarded-for": "6.6.6.6, 10.1.1.1"}
        async with place.browser("127.0.0.1", "https://center", **told) as browser:
            assert (await browser.get("/api/readings")).status_code == 403, "a proxy is nobody"
            cookie = (await sign_in(browser)).headers["set-cookie"]
            assert cookie.startswith("__Host-cc-session=")
            assert "Secure" in cookie
            assert (await browser.get("/api/readings")).status_code == 200
            assert place.attempts.tried == [("li", "10.1.1.1")], "what the proxy itself added"
        token = cookie.partition("=")[2].partition(";")[0]
        sent: list[str] = []
        more = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"10.1.1.1")]
        opened = asyncio.create_task(_socket(place, f"__Host-cc-session={token}", sent, *more))
        async with asyncio.timeout(10):
            while not sent:  # noqa: ASYNC110  # there is no event to wait for
                await asyncio.sleep(0.01)
        assert sent == ["websocket.accept"]
        opened.cancel()
        plain = {"cookie": f"cc-session={token}"}
        async with place.browser("127.0.0.1", "https://center", **told, **plain) as browser:
            assert (await browser.get("/api/readings")).status_code == 403, "not by another name"


async def test_what_a_stranger_says_of_his_address_is_not_believed(place: Town) -> None:
    async with place.browser(**{"x-forwarded-for": "127.0.0.1"}) as browser:
        await sign_in(browser, password="wrong")
        assert place.attempts.tried == [("li", "10.9.8.7")]


@pytest.mark.parametrize(
    ("name", "password"),
    [("li", "wrong"), ("nobody-here", PASSWORD), ("shut", PASSWORD), ("", ""), ("li", "x" * 5000)],
)
async def test_nothing_tells_what_was_wrong(place: Town, name: str, password: str) -> None:
    place.add("shut", "officer")
    place.accounts.set_disabled("shut", "tests", place.services.clock(), disabled=True)
    async with place.browser() as browser:
        answer = await sign_in(browser, name, password)
        assert answer.status_code == 401
        assert said(answer) == "用户名或密码不对。"
        assert "set-cookie" not in answer.headers
        assert (await browser.get("/api/readings")).status_code == 403
    assert place.attempts.forgotten == []


async def test_a_password_is_weighed_also_where_there_is_no_such_name(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[str | None] = []

    def fits(kept: str | None, password: str) -> bool:
        weighed.append(kept)
        return False

    monkeypatch.setattr("callbacks.sign_in.fits", fits)
    async with place.browser() as browser:
        await sign_in(browser, "nobody-here")
    assert weighed == [None]


async def test_who_tried_too_often_waits_and_the_password_is_not_weighed(place: Town) -> None:
    place.attempts.wait = timedelta(seconds=90)
    async with place.browser() as browser:
        answer = await sign_in(browser)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "90")
        assert said(answer) == "尝试次数过多，请 2 分后再试。"
        place.attempts.wait = None
        assert (await sign_in(browser)).status_code == 303
    assert place.attempts.forgotten == ["li"]


async def test_names_are_found_however_they_are_typed(place: Town) -> None:
    async with place.browser() as browser:
        assert (await sign_in(browser, " LI ")).status_code == 303


async def test_a_form_of_another_site_signs_nobody_in(place: Town) -> None:
    for headers in (
        {"origin": "http://elsewhere"},
        {"origin": "null"},
        {"origin": "http://center:8051"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        async with place.browser(**headers) as browser:
            assert (await sign_in(browser)).status_code == 403, headers
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "http://center"}):
        async with place.browser(**headers) as browser:
            assert (await sign_in(browser)).status_code == 303, headers


async def test_a_page_of_another_site_presses_no_button_of_dash_either(place: Town) -> None:
    async with place.browser("127.0.0.1", origin="http://elsewhere") as browser:
        answer = await browser.post("/_dash-update-component", json=router_question("/"))
        assert answer.status_code == 403
        assert "别的网站" in answer.text
        assert (await browser.get("/api/readings")).status_code == 200, "reading is not stopped"


async def test_more_than_a_form_has_is_not_read(place: Town) -> None:
    async with place.browser() as browser:
        assert (await sign_in(browser, password="x" * LONGEST)).status_code == 413


async def test_a_second_sign_in_ends_the_first_session_of_the_browser(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        first = browser.cookies["cc-session"]
        await sign_in(browser)
        assert browser.cookies["cc-session"] != first
        assert len(place.accounts.sessions("li", place.services.clock())) == 1


async def test_who_is_signed_in_is_not_asked_again(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        answer = await browser.get("/sign-in?next=/map")
        assert (answer.status_code, answer.headers["location"]) == (303, "/map")


async def test_signing_out_ends_the_session_wherever_its_token_is(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        token = browser.cookies["cc-session"]
        answer = await browser.post("/account", data={"do": "sign-out"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "cc-session" not in browser.cookies
    async with place.browser(cookie=f"cc-session={token}") as browser:
        assert (await browser.get("/api/readings")).status_code == 403


async def test_a_session_ends_when_nothing_was_heard_of_it(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        place.later = IDLE - timedelta(minutes=1)
        assert (await browser.get("/api/readings")).status_code == 200
        place.later += IDLE - timedelta(minutes=1)
        assert (await browser.get("/api/readings")).status_code == 200, "it was heard of meanwhile"
        place.later += IDLE
        assert (await browser.get("/api/readings")).status_code == 403


async def test_a_session_that_is_revoked_elsewhere_is_noticed_within_seconds(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        assert (await browser.get("/api/readings")).status_code == 200
        place.accounts.end_all("li", "another process", place.services.clock())
        await place.recheck()
        assert (await browser.get("/api/readings")).status_code == 403


async def test_an_account_that_is_shut_out_is_noticed_within_seconds(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        place.accounts.set_disabled("li", "tests", place.services.clock(), disabled=True)
        await place.recheck()
        assert (await browser.get("/api/readings")).status_code == 403


async def test_roles_that_were_taken_away_are_gone_within_seconds(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        assert (await browser.get("/export/cases.lodged.csv")).status_code == 403
        place.accounts.set_roles("li", [], "tests")
        await place.recheck()
        assert (await browser.get("/api/readings")).status_code == 403
        page = await browser.get("/", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/account")


@pytest.mark.parametrize("how", ["revoked", "disabled", "roles"])
async def test_an_open_stream_ends_with_what_let_it_in(place: Town, how: str) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        token, now = browser.cookies["cc-session"], place.services.clock()
    ended = asyncio.create_task(_stream(place, token))
    hub = place.web.server.state.hub
    async with asyncio.timeout(10):
        while not hub.viewers:  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)
    await place.recheck()
    assert hub.viewers == 1, "what still stands is left alone"
    if how == "revoked":
        place.accounts.end_all("li", "tests", now)
    elif how == "disabled":
        place.accounts.set_disabled("li", "tests", now, disabled=True)
    else:
        place.accounts.set_roles("li", ["administrator"], "tests")
    await place.recheck()
    await asyncio.wait_for(ended, 10)
    assert hub.viewers == 0


async def test_an_open_web_socket_ends_with_what_let_it_in(place: Town) -> None:
    """Dash would run its callbacks over it as whoever opened it, for as long as it is open."""
    async with place.browser() as browser:
        await sign_in(browser)
        token, now = browser.cookies["cc-session"], place.services.clock()
    sent: list[str] = []
    opened = asyncio.create_task(_socket(place, f"cc-session={token}", sent))
    async with asyncio.timeout(10):
        while "websocket.accept" not in sent:  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)
    await place.recheck()
    assert not opened.done()
    place.accounts.end_all("li", "tests", now)
    await place.recheck()
    await asyncio.wait_for(opened, 10)


async def _socket(place: Town, cookie: str, sent: list[str], *more: tuple[bytes, bytes]) -> None:
    said = iter(["websocket.connect"])

    async def receive() -> object:
        if (kind := next(said, None)) is None:
            await asyncio.Event().wait()
        return {"type": kind}

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    scope = {
        "type": "websocket", "path": "/_dash-ws-callback", "raw_path": b"/_dash-ws-callback",
        "query_string": b"", "client": ("10.9.8.7", 1), "server": ("center", 80), "scheme": "ws",
        "subprotocols": [],
        "headers": [
            (b"host", b"center"),
            (b"origin", b"http://center"),
            (b"cookie", cookie.encode()),
            *more,
        ],
    }  # fmt: skip
    await place.web.server(scope, receive, send)


async def test_a_web_socket_of_another_site_is_not_opened(place: Town) -> None:
    sent: list[str] = []

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    async def receive() -> object:
        return {"type": "websocket.connect"}

    scope = {
        "type": "websocket", "path": "/_dash-ws-callback", "raw_path": b"/_dash-ws-callback",
        "query_string": b"", "client": ("127.0.0.1", 1), "server": ("center", 80), "scheme": "ws",
        "subprotocols": [],
        "headers": [(b"host", b"center"), (b"origin", b"http://elsewhere")],
    }  # fmt: skip
    await place.web.server(scope, receive, send)
    assert sent == ["websocket.close"]


async def _stream(place: Town, token: str) -> None:
    gone = asyncio.Event()

    async def receive() -> object:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pass

    scope = {
        "type": "http", "method": "GET", "path": "/live", "raw_path": b"/live",
        "query_string": b"", "client": ("10.9.8.7", 1), "server": ("center", 80), "scheme": "http",
        "headers": [(b"host", b"center"), (b"cookie", f"cc-session={token}".encode())],
    }  # fmt: skip
    await place.web.server(scope, receive, send)


async def test_while_the_store_is_silent_who_is_signed_in_stays_so(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise Unreachable("the store does not answer")

    async with place.browser() as browser:
        await sign_in(browser)
        assert (await browser.get("/api/readings")).status_code == 200
        monkeypatch.setattr(place.accounts, "standing", silent)
        await place.recheck()
        assert (await browser.get("/api/readings")).status_code == 200
        monkeypatch.setattr(place.accounts, "account", silent)
        async with place.browser() as other:
            assert (await sign_in(other)).status_code == 503


async def test_who_is_signed_in_and_may_not_gets_a_page_that_says_so(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        answer = await browser.get("/readyz", headers={"accept": "text/html"})
        assert answer.status_code == 403
        assert "没有权限" in answer.text


async def test_a_token_of_nobody_is_nobody(place: Town) -> None:
    for cookie in ("cc-session=x", "cc-session=", "cc-session=" + "y" * 3000):
        async with place.browser(cookie=cookie) as browser:
            assert (await browser.get("/api/readings")).status_code == 403
        async with place.browser("127.0.0.1", cookie=cookie) as browser:
            assert (await browser.get("/api/readings")).status_code == 200, "the machine itself"


@pytest.mark.parametrize(
    ("wanted", "way"),
    [
        ("/map?x=1", "/map?x=1"),
        ("", "/"),
        (None, "/"),
        ("//elsewhere", "/"),
        ("/\\elsewhere", "/"),
        ("/\t/elsewhere", "/"),
        ("https://elsewhere/", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in?next=/map", "/"),
        ("/account", "/"),
    ],
)
def test_nobody_is_led_elsewhere(wanted: str | None, way: str) -> None:
    assert way_back(wanted) == way


def test_waits_are_said_in_whole_units() -> None:
    assert in_words(timedelta(seconds=1.2), "en") == "2 s"
    assert in_words(timedelta(minutes=14, seconds=1), "zh") == "15 分"


async def test_what_is_typed_is_no_markup(place: Town) -> None:
    async with place.browser() as browser:
        answer = await browser.get('/sign-in?next=/"><script>alert(1)</script>')
        assert "<script>alert" not in answer.text
        answer = await sign_in(browser, '"><script>alert(1)</script>', "wrong")
        assert "&lt;script&gt;alert(1)" in answer.text, "the name need not be typed again"
        assert "<script>alert" not in answer.text


async def test_the_page_is_in_both_languages(place: Town) -> None:
    async with place.browser(cookie="cc-lang=en") as browser:
        answer = await browser.get("/sign-in")
        assert "User name" in answer.text
        assert '<html lang="en">' in answer.text


async def test_a_desk_needs_a_person(place: Town) -> None:
    """What drives the screens is asked of people who signed in, not of an address."""
    from dashboard.access import may

    sessions = place.web.server.state.sessions
    async with place.browser() as browser:
        await sign_in(browser)
        cookie = f"cc-session={browser.cookies['cc-session']}".encode()
    person = await sessions.person({"type": "http", "headers": [(b"cookie", cookie)]})
    assert person is not None
    assert may(person, "operate")
    assert not may(person, "accounts")
    assert await sessions.person({"type": "http", "headers": []}) is None

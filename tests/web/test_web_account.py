"""One's own account: password, sessions; and those of all for who looks after accounts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from signing_in import HASH, PASSWORD, Town, said, sign_in, town

from dashboard.passwords import fits
from layouts.pages.account import browser_of

NEW = "nine dragons in the river"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        made.add("li", "officer")
        made.add("wu", "administrator")
        yield made


async def change(browser: httpx.AsyncClient, **typed: str) -> httpx.Response:
    form = {"do": "password", "old": PASSWORD, "new": NEW, "again": NEW} | typed
    return await browser.post("/account", data=form)


async def test_nobody_has_an_account_without_signing_in(place: Town) -> None:
    async with place.browser("127.0.0.1") as browser:
        assert (await browser.get("/account")).status_code == 403
        led = await browser.get("/account", headers={"accept": "text/html"})
        assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=%2Faccount")
        assert (await browser.post("/account", data={"do": "sign-out"})).status_code == 403


async def test_a_one_time_password_opens_nothing_but_its_change(place: Town) -> None:
    place.add("new", "officer", must_change=True)
    async with place.browser() as browser:
        first = await sign_in(browser, "new")
        assert first.headers["location"] == "/account"
        assert (await browser.get("/api/readings")).status_code == 403
        assert (await browser.get("/_dash-layout")).status_code == 403
        page = {"accept": "text/html"}
        led = await browser.get("/map", headers=page)
        assert (led.status_code, led.headers["location"]) == (303, "/account")
        shown = await browser.get("/account", headers=page)
        assert "一次性密码" in shown.text
        assert "plain-table" not in shown.text
        before = browser.cookies["cc-session"]
        done = await change(browser)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert browser.cookies["cc-session"] != before
        assert (await browser.get("/api/readings")).status_code == 200


async def test_another_password_signs_out_every_other_browser(place: Town) -> None:
    async with place.browser() as one, place.browser() as other:
        await sign_in(one)
        await sign_in(other)
        assert (await other.get("/api/readings")).status_code == 200
        done = await change(one)
        assert done.headers["location"] == "/account?done=password"
        assert said(await one.get("/account?done=password")) == "密码已修改。"
        assert (await other.get("/api/readings")).status_code == 403
        assert (await sign_in(other)).status_code == 401
        assert (await sign_in(other, password=NEW)).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "wrong"}, "当前密码不对。"),
        ({"again": NEW + "x"}, "两次输入的新密码不一致。"),
        ({"new": PASSWORD, "again": PASSWORD}, "新密码与当前密码相同。"),
        ({"new": "short", "again": "short"}, "密码至少 10 个字符"),
        ({"new": "", "again": ""}, "密码至少 10 个字符"),
    ],
)
async def test_a_password_that_is_not_taken_is_said_why(
    place: Town, typed: dict[str, str], words: str
) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        answer = await change(browser, **typed)
        assert (answer.status_code, said(answer)) == (422, words)
        found = place.accounts.account("li")
        assert found is not None
        assert found.password == HASH


async def test_the_current_password_is_not_guessed_here_either(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        place.attempts.wait = timedelta(seconds=30)
        answer = await change(browser)
        assert (answer.status_code, said(answer)) == (429, "尝试次数过多，请 30 秒后再试。")


async def test_own_sessions_are_listed_and_ended(place: Town) -> None:
    async with place.browser() as one, place.browser("10.2.2.2") as other:
        await sign_in(one)
        await sign_in(other)
        shown = await one.get("/account")
        assert shown.text.count("Firefox · Linux") == 2
        assert "10.2.2.2" in shown.text
        assert "全部账号" not in shown.text
        theirs = place.accounts.sessions("li", place.services.clock())
        [session] = [s for s in theirs if s.host == "10.2.2.2"]
        done = await one.post("/account", data={"do": "end", "which": str(session.id)})
        assert done.headers["location"] == "/account?done=ended"
        assert (await other.get("/api/readings")).status_code == 403
        assert (await one.get("/api/readings")).status_code == 200
        await sign_in(other)
        await one.post("/account", data={"do": "end-others"})
        assert (await other.get("/api/readings")).status_code == 403
        assert (await one.get("/api/readings")).status_code == 200


@pytest.mark.parametrize("which", ["1", "99", "x", "", "٣", "9" * 40])
async def test_nobody_ends_what_is_another_s(place: Town, which: str) -> None:
    async with place.browser() as one, place.browser() as other:
        await sign_in(one, "wu")
        await sign_in(other)
        done = await other.post("/account", data={"do": "end", "which": which})
        assert done.headers["location"] == "/account?done=nothing"
        assert (await one.get("/api/readings")).status_code == 200


@pytest.mark.parametrize("do", ["disable", "enable"])
async def test_only_who_looks_after_accounts_shuts_out(place: Town, do: str) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        answer = await browser.post("/account", data={"do": do, "which": "wu"})
        assert answer.status_code == 403
        found = place.accounts.account("wu")
        assert found is not None
        assert found.disabled_at is None


async def test_an_administrator_sees_ends_and_shuts_out_all(place: Town) -> None:
    async with place.browser() as admin, place.browser("10.2.2.2") as officer:
        await sign_in(admin, "wu")
        await sign_in(officer)
        shown = await admin.get("/account")
        assert "全部账号" in shown.text
        assert "10.2.2.2" in shown.text
        [session] = place.accounts.sessions("li", place.services.clock())
        await admin.post("/account", data={"do": "end", "which": str(session.id)})
        assert (await officer.get("/api/readings")).status_code == 403
        await sign_in(officer)
        done = await admin.post("/account", data={"do": "disable", "which": "li"})
        assert done.headers["location"] == "/account?done=disabled"
        assert (await officer.get("/api/readings")).status_code == 403
        assert (await sign_in(officer)).status_code == 401
        await admin.post("/account", data={"do": "enable", "which": "li"})
        assert (await sign_in(officer)).status_code == 303
        own = await admin.post("/account", data={"do": "disable", "which": "wu"})
        assert own.headers["location"] == "/account?done=nothing", "somebody has to be left"
        none = await admin.post("/account", data={"do": "disable", "which": "zz"})
        assert none.headers["location"] == "/account?done=nothing"


async def test_what_a_form_does_not_have_does_nothing(place: Town) -> None:
    async with place.browser() as browser:
        await sign_in(browser)
        for form in ({}, {"do": "fly"}):
            assert (await browser.post("/account", data=form)).headers["location"] == "/account"
        assert said(await browser.get("/account?done=<b>")) == ""
        assert (await browser.post("/account", data={"x": "y" * 9000})).status_code == 413


async def test_a_weaker_hash_is_made_anew_when_the_password_is_there(place: Town) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    place.accounts.strengthen("li", HASH, weak)
    async with place.browser() as browser:
        assert (await sign_in(browser)).status_code == 303
    found = place.accounts.account("li")
    assert found is not None
    assert found.password != weak
    assert fits(found.password, PASSWORD)


def test_browsers_are_named_in_two_words() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"
    assert browser_of(edge) == "Edge · Windows"
    assert browser_of("") == "–"

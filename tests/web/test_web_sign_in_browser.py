"""Signing in with a browser: on a desk and on a phone, in both languages, and out again."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from signing_in import PASSWORD, Town, town
from web_server import serve_web

SIZES = {"desk": (1920, 1080), "phone": (390, 844)}
NEW = "nine dragons in the river"
WORDS = {
    "zh": ("登录", "用户名或密码不对。", "修改密码", "退出登录"),
    "en": ("Sign in", "The user name or the password is wrong.", "Change password", "Sign out"),
}
TALL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = pytest.mark.browser


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        # Cookies last by the clock of the browser.
        object.__setattr__(made.services, "clock", lambda: datetime.now(UTC))
        made.add("li", "officer", must_change=True)
        made.add("wu", "administrator")
        yield made


@pytest.fixture
def base(place: Town) -> Iterator[str]:
    with serve_web(place.web.server) as address:
        yield address


def context_of(browser: Browser, base: str, size: str, language: str) -> BrowserContext:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    context.add_cookies([{"name": "cc-lang", "value": language, "url": base}])
    return context


def send(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        page.fill(f"#field-{name}", value)
    page.keyboard.press("Enter")


def looked_at(page: Page) -> None:
    """Nothing is cut off, and whoever cannot see it can use it."""
    assert page.evaluate(TALL) <= 0, page.url
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], page.url


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en"), ("phone", "zh")])
def test_somebody_signs_in_chooses_a_password_and_signs_out(
    chromium: Browser, base: str, size: str, language: str
) -> None:
    sign_in, wrong, change, sign_out = WORDS[language]
    context = context_of(chromium, base, size, language)
    page = context.new_page()
    page.goto(f"{base}/map")
    link = page.get_by_role("link", name=sign_in)
    link.scroll_into_view_if_needed()
    link.click()
    expect(page.get_by_role("heading", name=sign_in)).to_be_visible()
    expect(page.locator("#field-name")).to_be_focused()
    looked_at(page)
    send(page, name="li", password="wrong")
    expect(page.get_by_role("alert")).to_have_text(wrong)
    expect(page.locator("#field-password")).to_be_focused()
    looked_at(page)
    send(page, password=PASSWORD)
    expect(page.get_by_role("heading", name=change)).to_be_visible()
    looked_at(page)
    page.goto(f"{base}/map")
    expect(page.get_by_role("heading", name=change)).to_be_visible()
    send(page, old=PASSWORD, new=NEW, again=NEW)
    expect(page.locator(".nav-account")).to_contain_text("li明")
    page.get_by_role("link", name="li明").click()
    looked_at(page)
    page.get_by_role("button", name=sign_out).click()
    expect(page.locator(".nav-account")).to_contain_text(sign_in)
    context.close()


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
def test_an_administrator_finds_all_accounts_and_sessions(
    chromium: Browser, base: str, size: str, language: str
) -> None:
    context = context_of(chromium, base, size, language)
    page = context.new_page()
    page.goto(f"{base}/sign-in?next=/status")
    send(page, name="wu", password=PASSWORD)
    page.wait_for_url(f"{base}/status")
    page.goto(f"{base}/account")
    expect(page.locator(".plain-table")).to_have_count(3)
    looked_at(page)
    context.close()


def test_a_page_that_is_open_loses_its_stream_within_seconds(
    chromium: Browser, base: str, place: Town
) -> None:
    context = context_of(chromium, base, "desk", "zh")
    page = context.new_page()
    page.goto(f"{base}/sign-in")
    send(page, name="wu", password=PASSWORD)
    expect(page.locator(".nav-account")).to_contain_text("wu明")
    hub = place.web.server.state.hub
    for _ in range(100):
        if hub.viewers:
            break
        page.wait_for_timeout(100)
    assert hub.viewers == 1
    with page.expect_response(lambda answer: answer.url.startswith(f"{base}/live")) as again:
        shut_out = threading.Thread(
            target=place.accounts.set_disabled,
            args=("wu", "tests", datetime.now(UTC)),
            kwargs={"disabled": True},
        )
        shut_out.start()
    shut_out.join()
    # It comes back as the machine itself, which is what a browser on loopback is without a name.
    assert again.value.status == 200
    page.reload()
    expect(page.locator(".nav-account")).to_contain_text("登录")
    context.close()

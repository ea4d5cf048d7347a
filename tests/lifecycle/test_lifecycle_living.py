"""What a running product takes in without a restart: rows written by hand, and catalogue edits."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from catalogue.catalogue_city import City
from lifecycle.hands import HANDS, row_values
from lifecycle.slips import MISTAKES, assert_says_all, check, problems
from lifecycle.slips import made as slip
from outages.stage import Stage, shown, wait_for, wall_of
from playwright.sync_api import Browser, Page
from servers import ROOT

from benchmarks.measuring import snapshot
from dashboard.catalogue.load import load
from dashboard.readings import parse_instant
from dashboard.reasons import Reason

LIVELY = {"transit", "customs", "cases", "environment", "incidents"}
"""Departments that report by the minute."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SHOWING = 1.0
"""Seconds from the tick that reads a row until the wall shows it."""
SLACK = 0.5
"""Seconds that may come on top for each process that waits for a core."""


@pytest.fixture(scope="module")
def wall(still_city: Stage, chromium: Browser) -> Iterator[Page]:
    """One wall that is never reloaded."""
    with wall_of(chromium, still_city.url) as page:
        page.evaluate("window.neverReloaded = true")
        yield page


@pytest.mark.parametrize("engine", HANDS)
def test_a_row_and_its_correction_are_on_the_wall_within_one_refresh(
    still_city: Stage, wall: Page, engine: str
) -> None:
    hand = HANDS[engine]
    dataset = load(ROOT / "catalog", still_city.environment).dataset_of(hand.key)
    assert dataset is not None
    refresh = dataset.refresh.total_seconds()
    before = _settled(still_city, wall, hand.key)
    number = f"HAND-{int(time.time()) % 100_000}"  # Another one where it is tried once more.
    for statement, expected in ((hand.insert, before + 1), (hand.correct, before)):
        _watch(wall, hand.key)
        hand.execute(still_city, statement, row_values(number))
        committed = time.time()
        wait_for(lambda: bool(_seen(wall)), refresh + 30)
        (text, at) = _seen(wall)[0]
        took = at - committed
        print(f"\n{hand.key} on {engine}: {text} after {took:.2f} s, refresh {refresh:g} s")
        assert _number(text) == expected
        assert took <= refresh + SHOWING + _slack()
    assert wall.evaluate("window.neverReloaded") is True


def _slack() -> float:
    """What the wait for processors excuses: half a second on an idle machine."""
    return SLACK * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _settled(stage: Stage, wall: Page, key: str) -> int:
    """The number once the wall shows what the API says, twice a refresh apart."""

    def agree() -> bool:
        text, _ = shown(wall)[key]
        value = stage.get("/api/readings/" + key)["value"]
        return value is not None and text == f"{value:,.0f}"

    wait_for(lambda: _is_read(stage, key.partition(".")[0]), 240)
    wait_for(agree, 120)
    return _number(shown(wall)[key][0])


def _is_read(stage: Stage, department: str) -> bool:
    """Whether no number of a department waits for the history, which takes a first start a core."""
    readings = snapshot(stage.url)["readings"].items()
    own = [one for key, one in readings if key.startswith(f"{department}.")]
    return all(one.get("reason") != Reason.READING_HISTORY.value for one in own)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _watch(wall: Page, key: str) -> None:
    """Note each text that the browser writes into a number from now on, and when."""
    wall.evaluate(
        """key => {
            window.seenByHand?.observer.disconnect();
            const leaf = document.querySelector(
                `.live-value[data-live="${key}"]:not([data-part])`);
            const texts = [];
            let last = leaf.textContent;
            const observer = new MutationObserver(() => {
                if (leaf.textContent === last) return;
                last = leaf.textContent;
                texts.push([last, Date.now() / 1000]);
            });
            observer.observe(leaf, {childList: true, characterData: true, subtree: true});
            window.seenByHand = {observer, texts};
        }""",
        key,
    )


def _seen(wall: Page) -> list[tuple[str, float]]:
    found: list[list[Any]] = wall.evaluate("window.seenByHand.texts")
    return [(text, at) for text, at in found]


@pytest.fixture
def edited(still_city: Stage) -> City:
    """The catalogue that the product runs on, as a folder to edit."""
    return City(still_city.folder)


@pytest.fixture
def status(wall: Page, still_city: Stage) -> Iterator[Page]:
    """The page of the data's state in the wall's browser, loaded once."""
    browser = wall.context.browser
    assert browser is not None
    page = browser.new_page()
    page.goto(still_city.url + "/status")
    page.wait_for_selector(".page-status table")
    yield page
    page.close()


def test_catalogue_mistakes_are_named_while_the_city_lives_on_and_mended_without_a_restart(
    still_city: Stage, edited: City, status: Page
) -> None:
    offered = {i["key"] for i in still_city.get("/api/indicators")}
    versions = _versions(still_city)
    processes = {name: process.pid for name, process in still_city.running.items()}
    with ExitStack() as made:
        places = {made.enter_context(slip(edited, one)): one for one in MISTAKES.values()}
        wait_for(lambda: problems(still_city) == len(places), 60)
        code, said = check(still_city)
        assert code == 1
        assert_says_all(said, places)
        for place in places:
            status.wait_for_selector(f"text={place}", timeout=60_000)
        assert {i["key"] for i in still_city.get("/api/indicators")} == offered
        _all_are_read_again(still_city)
    wait_for(lambda: problems(still_city) == 0, 60)
    wait_for(lambda: _versions(still_city) == versions, 60)
    for place in places:
        status.wait_for_selector(f"text={place}", state="detached", timeout=60_000)
    assert {name: p.pid for name, p in still_city.running.items() if p.poll() is None} == processes


def _all_are_read_again(stage: Stage) -> None:
    """Every department that reports by the minute brings readings that were collected after now."""
    now = datetime.now(UTC)

    def again() -> bool:
        readings = stage.get("/api/readings")["readings"].values()
        fresh = [
            r for r in readings if r["collected_at"] and parse_instant(r["collected_at"]) > now
        ]
        return {r["department"] for r in fresh} >= LIVELY

    wait_for(again, 60)


def _versions(stage: Stage) -> set[str]:
    """The catalogues that readings were made under."""
    return {r["version"] for r in stage.get("/api/readings")["readings"].values()}

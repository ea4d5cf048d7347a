"""The eyes of the screen tests see what is wrong: each fault, made on purpose, is found."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from screens_walk import LOOKING

pytestmark = pytest.mark.browser

HEAD = """<!doctype html><html lang="zh-CN" data-kind="page"><style>
  body { margin: 0; font: 16px "Noto Sans SC Variable", sans-serif }
  .panel { position: relative; width: 300px; height: 100px }
  .cut { overflow: hidden; white-space: nowrap; width: 20px } /* less than any face needs */
  .short { text-overflow: ellipsis }
  .over { position: absolute; top: 0; left: 0 }
</style><script>
  window.CommandCenter = { live: { stream: { sections: { sparks: new Map([["k", { values: [1, 2] }]]) } } } }
</script><body>"""
GOOD = '<section class="panel"><h2>交通</h2><p>道路运行指数</p></section>'
FAULTS = {
    "overflow": '<div style="width: 3000px">宽</div>',
    "clipped": '<section class="panel"><p class="cut">一句长得放不下的话</p></section>',
    "overlap": '<section class="panel"><p class="over">甲甲甲</p><p class="over">乙乙乙</p></section>',
    "empty": '<section class="panel"><div class="panel-head"><h2>空</h2></div></section>',
    "foreign": '<section class="panel"><p style="font-family: serif">别的字体</p></section>',
}


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 800, "height": 600}) as context:
        yield context.new_page()


def look(page: Page, body: str) -> dict[str, Any]:
    page.set_content(HEAD + body)
    found: dict[str, Any] = page.evaluate(LOOKING)
    return found


def test_nothing_is_wrong_with_a_good_page(page: Page) -> None:
    found = look(page, GOOD)
    assert {kind: found[kind] for kind in FAULTS} == {kind: [] for kind in FAULTS}
    assert set(found["letters"]) == set("交通道路运行指数")


@pytest.mark.parametrize("kind", list(FAULTS))
def test_each_fault_is_seen_and_no_other(page: Page, kind: str) -> None:
    found = look(page, GOOD + FAULTS[kind])
    assert {one for one in FAULTS if found[one]} == {kind}, found


def test_a_line_that_is_not_drawn_is_seen(page: Page) -> None:
    found = look(page, GOOD + '<canvas class="spark" data-spark="k"></canvas>')
    assert found["empty"] == ["the line of k is not drawn"]


def test_a_cut_text_whose_title_says_it_all_is_declared(page: Page) -> None:
    words = "一句长得放不下的话"
    body = f'<section class="panel"><p class="cut short" title="{words}">{words}</p></section>'
    assert look(page, body)["clipped"] == []


def test_words_of_labels_are_read_too(page: Page) -> None:
    found = look(page, '<section class="panel" aria-label="Roads"><p>路</p></section>')
    assert [one["words"] for one in found["written"]] == ["路", "Roads"]


def test_what_becomes_late_counts_as_a_row_of_its_panel(page: Page) -> None:
    """What stands below may move then: it is an event that has to be said."""
    late = GOOD.replace("</p>", '<span class="oldest-late">{}</span></p>')
    rows = [look(page, late.format(said))["places"].popitem()[1][4] for said in ("", "迟到 2 分")]
    assert rows == [0, 1]

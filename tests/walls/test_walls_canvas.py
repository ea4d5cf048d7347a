"""A stage on its canvas: it stays clear of what the frame hides, and enlarges pages for the farthest seat."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from test_walls_browser import PHONE, WALL, code_on, order, page_of, pair
from walls.walls_product import SCREENS, Product, product, served, signed_in

pytestmark = pytest.mark.browser
SAFE = "{top: 20, right: 40, bottom: 60, left: 80}"
# A millimetre is a pixel.
MEASURED = SCREENS.replace(
    "    focus:", f"    millimetres: 1920x1080\n    distance: 1\n    safe_area: {SAFE}\n    focus:"
).replace("    kind: side\n", "    kind: side\n    millimetres: 1920x1080\n    distance: 3.5\n")


@contextmanager
def paired(
    chromium: Browser, folder: Path, redis_url: str, title: str
) -> Iterator[tuple[Page, httpx.Client, Product]]:
    """A browser that shows a screen, the officer, and the product."""
    with product(folder, redis_url) as made:
        (made.settings.catalog / "screens.yaml").write_text(MEASURED, encoding="utf-8")
        with (
            served(made) as base,
            signed_in(base) as officer,
            page_of(chromium, WALL) as wall,
            page_of(chromium, PHONE) as desk,
        ):
            wall.goto(f"{base}/wall")
            pair(desk, officer, code_on(wall), title, "小主机")
            expect(wall.locator(".stage-frame.is-shown")).to_have_count(1)
            yield wall, officer, made


def box(page: Page, selector: str) -> list[float]:
    """Left, top, right and bottom of what is painted, without the glide of the picture."""
    found = page.locator(selector).bounding_box()
    assert found is not None
    left, top = found["x"], found["y"]
    return [round(side) for side in (left, top, left + found["width"], top + found["height"])]


def test_nothing_stands_where_the_frame_of_the_screen_hides_it(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with paired(chromium, tmp_path, redis_url, "值班屏") as (wall, officer, made):
        wall.evaluate("() => { document.getElementById('stage').style.transform = 'none'; }")
        assert box(wall, ".stage-frame.is-shown") == pytest.approx([80, 20, 1880, 1020], abs=1)
        order(officer, "duty", "message", text="十点演练")
        expect(wall.locator("#stage-message")).to_be_visible()
        left, _, right, bottom = box(wall, "#stage-message")
        assert [left, right, bottom] == pytest.approx([80, 1880, 1020], abs=1)
        made.publish_alarm("center.matters_open", "河涌水位 超过警戒")
        expect(wall.locator("#stage-band")).to_be_visible()
        left, top, right, bottom = box(wall, "#stage-band")
        assert [left, right, bottom] == pytest.approx([80, 1880, 1020], abs=1)
        assert box(wall, ".stage-frame.is-shown")[3] == pytest.approx(top, abs=1)


def test_a_page_is_enlarged_for_the_farthest_seat_and_falls_into_fewer_columns(
    chromium: Browser, tmp_path: Path, redis_url: str
) -> None:
    with paired(chromium, tmp_path, redis_url, "侧屏") as (wall, _, _made):
        wall.evaluate("() => { document.getElementById('stage').style.transform = 'none'; }")
        assert box(wall, ".stage-frame.is-shown") == pytest.approx([0, 0, 1920, 1080], abs=1)
        frame = wall.locator(".stage-frame.is-shown").element_handle()
        assert frame is not None
        inner = frame.content_frame()
        assert inner is not None
        # 56 rem of 16 px are the least room; canvases are drawn as sharp as the picture is large.
        assert inner.evaluate("innerWidth") == pytest.approx(896, abs=2)
        assert inner.evaluate("devicePixelRatio") == pytest.approx(1920 / 896, abs=0.02)
        assert inner.evaluate("matchMedia('(max-width: 72rem)').matches") is True

"""Any canvas: the same wall on every shape, read from its farthest seat, or it is said that it is not."""

from pathlib import Path
from typing import Any

import pytest
from face_city import city
from face_server import Served
from playwright.sync_api import Browser, Page, expect

from dashboard.catalogue.screens import DutyScreen, pixel_size
from dashboard.seats import Seat, seat_of

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
READING = (HERE / "reading.js").read_text(encoding="utf-8")
LOOKING = (HERE.parent / "screens" / "looking.js").read_text(encoding="utf-8")
PICTURES = HERE.parent / "screenshots" / "canvases"
# Pixels, and the size of a picture of LED tiles of 2.5, 1.25, 1.5, 1.25, 2.5 and 0.9 mm.
CANVASES = {
    "1920x1080": "4800x2700",
    "3840x2160": "4800x2700",
    "7680x1080": "11520x1620",
    "6656x1792": "8320x2240",
    "1080x1920": "2700x4800",
    "7680x4320": "6912x3888",
}
SHORT_AT_8 = {"1920x1080", "3840x2160", "7680x1080", "6656x1792", "1080x1920"}


def wall(pixels: str, distance: float, **more: Any) -> DutyScreen:
    """The duty wall of the sample city on a canvas."""
    duty = city().duty_walls["duty"]
    size = {"pixels": pixels, "millimetres": CANVASES[pixels], "distance": distance}
    return duty.model_copy(update={**size, **more})


def show(served: Served, chromium: Browser, screen: DutyScreen) -> tuple[Page, Seat]:
    """The wall as the stage of that screen shows it."""
    seat = seat_of(screen, "/wall/duty", {"duty": screen})
    width, height = pixel_size(screen.pixels)
    page = chromium.new_page(viewport={"width": width, "height": height})
    look = f"on=screen&lang={screen.language}&theme={screen.theme}"
    page.goto(f"{served.url}/wall/duty?{look}&room={seat.room.wide:.3f}x{seat.room.high:.3f}")
    expect(page.locator(".live-value").first).not_to_be_empty()
    page.evaluate("document.fonts.ready")
    page.wait_for_selector("[data-drawn]")
    page.wait_for_timeout(800)
    return page, seat


def unseemly(page: Page) -> dict[str, Any]:
    """What is cut, over another, outside or empty."""
    found = page.evaluate(LOOKING)
    return {k: found[k] for k in ("overflow", "clipped", "overlap", "empty") if found[k]}


def needed(text: dict[str, Any], seat: Seat) -> float:
    """Contrast of a text: that of large ones is less, which are twice as high as a label."""
    return 4.5 if text["high"] > 2 * seat.font else 7.0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("distance", [4.0, 8.0])
@pytest.mark.parametrize("pixels", CANVASES)
def test_a_wall_is_read_from_its_farthest_seat_or_says_that_it_is_not(
    served: Served, chromium: Browser, pixels: str, distance: float, language: str
) -> None:
    screen = wall(pixels, distance, language=language)
    page, seat = show(served, chromium, screen)
    try:
        name = f"{pixels}-{distance:g}m-{language}.png"
        page.screenshot(path=PICTURES / name)
        assert unseemly(page) == {}
        texts = page.evaluate(READING)
    finally:
        page.close()
    assert len(texts) > 60
    assert [one for one in texts if one["contrast"] < needed(one, seat)] == []
    sight = seat.sight
    assert sight is not None
    floor = 25.0 if language == "zh" else 20.0
    minutes = {
        one["words"]: 21600 * one["high"] * sight.pitch / (6.283 * distance * 1000)
        for one in texts
        if one["chinese"] == (language == "zh")
    }
    smallest = min(minutes.values())
    if language == "zh":
        assert (smallest < floor - 1) == seat.is_short == (distance == 8 and pixels in SHORT_AT_8)
    if not seat.is_short:
        assert smallest > floor - 1, min(minutes, key=lambda words: minutes[words])
    # What the product says of it is what is painted.
    assert smallest == pytest.approx(seat.minutes, rel=0.04)

"""A paired screen of which nothing is heard waits in 待处置 until it is back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from walls.walls_product import product

from dashboard.ports import ScreenNote

MATTER = "center/screens_silent/side"


def test_a_silent_screen_is_a_matter_until_it_is_back(tmp_path: Path, redis_url: str) -> None:
    with product(tmp_path, redis_url) as made:

        def note(*, silent: bool) -> None:
            own = ScreenNote("side", "侧屏", 1, due=True, silent=silent)
            other = ScreenNote("duty", "值班屏", 1, due=True, silent=False)
            made.screens.note_screens([own, other], datetime.now(UTC))

        def matter() -> dict[str, Any] | None:
            return made.watch.section("matters").get(MATTER)

        note(silent=False)
        made.watch.until(lambda: made.watch.value("center.screens_silent") == 0, 20)
        assert matter() is None
        note(silent=True)
        made.watch.until(lambda: matter() is not None, 15, "it opens")
        found = matter()
        assert found is not None
        assert found["title"]["zh"].startswith("侧屏 大屏失联 1")
        assert found["title"]["en"].startswith("Side screen: Screen silent 1")
        assert "center/screens_silent/duty" not in made.watch.section("matters")
        note(silent=False)
        made.watch.until(lambda: matter() is None, 20, "it is withdrawn")


def test_a_city_that_has_paired_no_screen_yet_lacks_nothing(tmp_path: Path, redis_url: str) -> None:
    with product(tmp_path, redis_url) as made:
        feeds = made.watch.section
        made.watch.until(
            lambda: feeds("feeds").get("center.screens", {}).get("state") == "fresh", 20
        )
        made.watch.until(lambda: made.watch.value("center.screens_silent") == 0, 10)
        assert not [key for key in feeds("matters") if "screens" in key]

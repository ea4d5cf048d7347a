"""The navigation leads to every page, those of no department included."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from layouts.shell import _render_navigation
from layouts.view import View

ROOT = Path(__file__).parents[2]


def test_every_page_of_the_shipped_city_is_linked_once() -> None:
    catalogue = load(ROOT / "catalog", AnyValue())
    somebody = Person("tester", None, EVERYTHING)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    view = View(catalogue, {}, somebody, "zh", "light", now, ZoneInfo("Asia/Shanghai"))
    said = str(_render_navigation(view))
    for key, page in catalogue.pages.items():
        assert said.count(f"href='/department/{key}'") == 1, key
        assert page.title.zh in said or page.department is not None
    assert "民生与城市底座" in said
    assert "数据与运行" in said, "of the center's own, what its page is about"

"""Whether a screen can be read from its farthest seat, in words."""

from enum import Enum

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.screens import Screen
from dashboard.seats import Seat, lighter, seats_of, wall_at, worst_of
from dashboard.text import Language
from layouts.view import View


class Read(Enum):
    """What is said of the letters of a screen, as (Chinese, English)."""

    GOOD = (
        "最远座位可读：标注 {}′（{} px）。",
        "It can be read from the farthest seat: labels are {}′ ({} px).",
    )
    SHORT = (
        "最远座位上字偏小：标注 {}′（{} px），应有 {}′（{} px）。",
        "Letters are small for the farthest seat: labels are {}′ ({} px), not {}′ ({} px).",
    )
    LOST = (
        "最远座位不可读：标注 {}′（{} px），应有 {}′（{} px）。",
        "It cannot be read from the farthest seat: labels are {}′ ({} px), not {}′ ({} px).",
    )
    NEARER = ("{} 米以内可读", "It can be read from within {} m")
    FEWER = (
        "每个板块最多 {} 个数则最远座位可读",
        "from the farthest with at most {} numbers in a block",
    )
    NO_MAP = ("去掉地图", "without the map")
    UNKNOWN = (
        "目录未写画面尺寸或最远座位，无法判断字够不够大。",
        "The catalogue says neither size nor farthest seat: whether letters are large enough is unknown.",
    )
    ENLARGED = (
        "页面放大 {} 倍，只显示首屏。",
        "Pages are enlarged {} times and show their first screenful alone.",
    )

    def fill(self, language: Language, *parts: object) -> str:
        """The sentence with its blanks filled in."""
        return self.value[0 if language == "zh" else 1].format(*parts)


def render_legibility(view: View, screen: Screen) -> list[Component]:
    """How its smallest letters are to the farthest seat, and what would have to be else."""
    seats = seats_of(screen, view.catalogue.duty_walls)
    said = _said(view, screen, worst_of(seats))
    enlarged = max((seat.enlarged for seat in seats), default=1.0)
    if enlarged >= 1.05:
        said += view.words("", " ") + Read.ENLARGED.fill(view.language, f"{enlarged:.1f}")
    return [html.P(said, className="panel-sub")]


def _said(view: View, screen: Screen, seat: Seat | None) -> str:
    language = view.language
    if seat is None or seat.sight is None:
        return Read.UNKNOWN.fill(language)
    found = f"{seat.minutes:.0f}", f"{seat.font:.0f}"
    if not seat.is_short:
        return Read.GOOD.fill(language, *found)
    floor = seat.sight.script.floor
    word = Read.LOST if seat.is_lost else Read.SHORT
    said = word.fill(language, *found, f"{floor:.0f}", f"{seat.sight.font(floor):.0f}")
    ways = [Read.NEARER.fill(language, f"{seat.nearest:g}")]
    wall = wall_at(seat.path, view.catalogue.duty_walls)
    if wall is not None and (less := lighter(screen, wall)) is not None:
        ways += [Read.NO_MAP.fill(language)] if wall.layers and not less.mapped else []
        ways.append(Read.FEWER.fill(language, less.tiles))
    return said + view.words("", " ") + view.words("，", ", ").join(ways) + view.words("。", ".")

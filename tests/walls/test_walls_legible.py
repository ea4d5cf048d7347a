"""Letters for the farthest seat: heights worked by hand, room by shape, and what is said where it is short."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from catalogue.catalogue_city import ENVIRON, City, sound_city
from web.small_city import NOW

from dashboard.access import Person
from dashboard.canvas import BAND, SHAPES, TALL, USUAL, WIDE, Canvas, Content, shape_of, wall_least
from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.catalogue.screens import DutyScreen, Shown, SideScreen
from dashboard.legibility import Sight, angle, height
from dashboard.seats import canvas_of, laid_out, lighter, seat_of, seats_of, worst_of
from dashboard.text import Language
from layouts.pages.legible import render_legibility
from layouts.view import View

ROOT = Path(__file__).parents[2]
FULL = Content(5, 3, mapped=True, parts=True)


def duty(**more: Any) -> DutyScreen:
    """A wall of five blocks with three numbers each, with map and parts."""
    blocks = [{"department": "parks", "numbers": ["parks.a", "parks.b", "parks.c"]}] * 5
    title = {"zh": "值班屏", "en": "Duty"}
    wall = {"key": "duty", "title": title, "focus": "parks.a", "multiples": "parks.a"}
    return DutyScreen.model_validate({**wall, "layers": ["spots"], "blocks": blocks, **more})


def look(screen: DutyScreen | SideScreen, language: Language) -> View:
    """The register of this one screen."""
    catalogue = Catalogue(version="v", screens={screen.key: screen})
    person = Person("", frozenset({"see"}), None)
    return View(catalogue, {}, person, language, "dark", NOW, ZoneInfo("Asia/Shanghai"))


def side(**more: Any) -> SideScreen:
    title = {"zh": "侧屏", "en": "Side"}
    pages = [{"path": "/department/parks"}]
    return SideScreen.model_validate(
        {"key": "side", "title": title, "kind": "side", "pages": pages, **more}
    )


@pytest.mark.parametrize(
    ("distance", "minutes", "millimetres"),
    [(8, 20, 46.5), (8, 25, 58.2), (4, 25, 29.1), (12, 16, 55.9), (5, 25, 36.4)],
)
def test_a_height_is_the_small_part_of_a_circle(
    distance: float, minutes: float, millimetres: float
) -> None:
    assert height(distance, minutes) == pytest.approx(millimetres, abs=0.05)
    assert angle(height(distance, minutes), distance) == pytest.approx(minutes)


def test_eight_metres_at_20_minutes_are_73_pixels_of_a_television_and_39_of_a_led_wall() -> None:
    # 46.5 mm at 0.63 mm a pixel are 73.9, rounded down as the books do; at 1.2 mm 38.8.
    assert Sight(8, 0.63).pixels(20) == pytest.approx(73.9, abs=0.1)
    assert Sight(8, 1.2).pixels(20) == pytest.approx(38.8, abs=0.1)


def test_a_chinese_label_needs_more_than_an_english_one() -> None:
    chinese, english = Sight(5, 2.5), Sight(5, 2.5, "en")
    # 36.36 mm are 14.54 px; a Chinese character is 88 % of its font size: 16.5 px.
    assert chinese.font(chinese.script.floor) == pytest.approx(16.53, abs=0.02)
    # 29.09 mm are 11.64 px; a capital is 73.3 %: 15.9 px.
    assert english.font(english.script.floor) == pytest.approx(15.87, abs=0.02)
    assert chinese.minutes(16.53) == pytest.approx(25, abs=0.05)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((1920, 1080), USUAL),
        ((7680, 4320), USUAL),
        ((6656, 1792), WIDE),
        ((7680, 1080), BAND),
        ((1080, 1920), TALL),
    ],
)
def test_a_full_wall_fits_its_usual_room_on_every_shape(size: tuple[int, int], shape: Any) -> None:
    assert shape_of(Canvas(*size)) is shape
    least = wall_least(shape, FULL)
    assert least.wide <= shape.usual.wide
    assert least.high <= shape.usual.high


def test_the_style_has_the_usual_rooms_that_are_counted_with() -> None:
    style = "".join(
        (ROOT / "assets" / name).read_text("utf-8") for name in ("wall.css", "walls.css")
    )
    rooms = re.findall(r"--usual-wide: ([\d.]+);\s+--usual-high: ([\d.]+);", style)
    assert sorted(rooms) == sorted(tuple(f"{side:g}" for side in one.usual) for one in SHAPES)


def test_letters_grow_with_the_distance_until_everything_just_fits() -> None:
    sizes = []
    for distance in (2, 5, 5.3, 5.6, 8):
        screen = duty(millimetres="4800x2700", distance=distance)
        sizes.append(seat_of(screen, "/wall/duty", {"duty": screen}))
    # 1080 / 67.5; at 5.3 m 38.5 mm / 2.5 / 0.88 / 1.0625 = 16.5; the most is 1920 / 108.
    assert [seat.rem for seat in sizes] == pytest.approx([16, 16, 16.49, 17.42, 17.78], abs=0.02)
    assert [seat.is_short for seat in sizes] == [False, False, False, False, True]
    assert sizes[0].room == pytest.approx((120, 67.5))
    assert sizes[-1].nearest == 5.7


def test_a_wall_of_few_blocks_is_read_from_farther_away() -> None:
    wide = {"pixels": "6656x1792", "millimetres": "8320x2240", "distance": 7.5}
    few = duty(layers=[], blocks=duty().blocks[:2], **wide)
    full = duty(**wide)
    assert not seat_of(few, "/wall/duty", {"duty": few}).is_short
    assert seat_of(full, "/wall/duty", {"duty": full}).is_short


def test_a_wall_says_with_how_much_less_it_would_do() -> None:
    screen = duty(pixels="6656x1792", millimetres="8320x2240", distance=7)
    less = lighter(screen, screen)
    assert less is not None
    assert (less.mapped, less.tiles) == (False, 3)
    far = duty(millimetres="1650x930", distance=6)
    assert lighter(far, far) is None, "the line above takes the whole width already"


def test_a_page_is_enlarged_until_its_first_screenful_would_say_nothing() -> None:
    near, far, unknown = (
        seat_of(side(**more), "/department/parks", {})
        for more in (
            {"millimetres": "2160x1215", "distance": 1},
            {"millimetres": "2160x1215", "distance": 20},
            {"pixels": "3840x2160"},
        )
    )
    assert near.enlarged == 1.0
    assert far.room == pytest.approx((56, 31.5))
    assert far.is_lost
    assert (unknown.enlarged, unknown.minutes, unknown.is_short) == (2.0, None, False)
    upright = side(pixels="1080x1920", millimetres="680x1210", distance=20)
    assert seat_of(upright, "/map", {}).room == pytest.approx((31.5, 56))


def test_what_the_frame_hides_is_no_canvas() -> None:
    safe = {"top": 10, "right": 20, "bottom": 30, "left": 0}
    screen = duty(millimetres="1920x1080", safe_area=safe)
    assert canvas_of(screen) == pytest.approx((1900, 1040))
    assert canvas_of(duty(safe_area=safe)) == (1920, 1080), "nobody has measured it"


def test_a_stage_is_told_the_room_of_each_page_and_how_high_letters_have_to_be() -> None:
    screen = duty(millimetres="4800x2700", distance=5)
    told = laid_out(screen, (Shown(path="/wall/duty"), Shown(path="/map")), {"duty": screen})
    assert told["rooms"] == {"/wall/duty": [120.0, 67.5], "/map": [87.126, 49.009]}
    assert told["letters"] == pytest.approx(16.53 / 1080, abs=1e-4)
    assert laid_out(duty(), (), {})["letters"] == 0


def test_the_worst_page_of_a_screen_counts_its_schedule_too() -> None:
    at_night = [{"from": "20:00", "to": "22:00", "pages": [{"path": "/map"}]}]
    screen = duty(millimetres="4800x2700", distance=5, schedule=at_night)
    seats = seats_of(screen, {"duty": screen})
    assert [seat.path for seat in seats] == ["/wall/duty", "/map"]
    worst = worst_of(seats)
    assert worst is not None
    assert worst.minutes == min(seat.minutes or 0 for seat in seats)
    assert worst_of(seats_of(duty(), {})) is None


@pytest.fixture
def sound(tmp_path: Path) -> City:
    return sound_city(tmp_path)


def measured(city: City, millimetres: str, distance: float, more: str = "") -> Catalogue:
    """The sound city with a measured wall."""
    size = f"    millimetres: {millimetres}\n    distance: {distance:g}\n{more}"
    city.edit("screens.yaml", "    focus:", f"{size}    focus:")
    return load(city.folder, ENVIRON)


def test_a_wall_that_is_short_is_a_warning_with_line_and_mend_and_is_shown(sound: City) -> None:
    found = measured(sound, "1650x930", 3)
    assert "duty" in found.screens
    (problem,) = found.problems
    assert (problem.file, problem.severity) == ("catalog/screens.yaml", "warning")
    written = (sound.folder / "screens.yaml").read_text("utf-8").splitlines()
    assert "distance: 3" in written[problem.line - 1]
    assert "labels of" in problem.found
    assert "25′" in problem.expected
    assert "seat everybody within" in problem.mend


def test_a_wall_that_nobody_can_read_is_an_error_and_is_shown_all_the_same(sound: City) -> None:
    found = measured(sound, "1650x930", 12)
    assert [problem.severity for problem in found.problems] == ["error"]
    assert "duty" in found.screens


def test_an_edit_is_taken_up_also_where_it_is_short(sound: City) -> None:
    before = load(sound.folder, ENVIRON)
    measured(sound, "1650x930", 3)
    after = load(sound.folder, ENVIRON, before)
    assert after.screens["duty"].distance == 3


def test_a_safe_area_without_a_size_is_told(sound: City) -> None:
    sound.edit("screens.yaml", "    focus:", "    safe_area: {top: 10}\n    focus:")
    (problem,) = load(sound.folder, ENVIRON).problems
    assert "safe_area" in problem.found


def test_the_shipped_screens_are_read_from_their_farthest_seats() -> None:
    shipped = load(ROOT / "catalog", {})
    for screen in shipped.screens.values():
        for seat in seats_of(screen, shipped.duty_walls):
            assert seat.minutes is not None
            assert not seat.is_short, (screen.key, seat.path, seat.minutes)
    assert [one for one in shipped.problems if one.file.endswith("screens.yaml")] == []


@pytest.mark.parametrize(
    ("language", "distance", "said"),
    [
        ("zh", 1, ["最远座位可读：标注"]),
        ("zh", 3, ["字偏小", "应有 25′", "米以内可读"]),
        ("en", 12, ["cannot be read from the farthest seat", "not 25′", "from within"]),
        ("en", None, ["is unknown"]),
    ],
)
def test_the_register_says_whether_a_screen_is_read(
    sound: City, language: Language, distance: float | None, said: list[str]
) -> None:
    more = {"millimetres": "1650x930", "distance": distance} if distance else {}
    screen = duty(**more)
    words = str(render_legibility(look(screen, language), screen))
    for part in said:
        assert part in words


def test_the_register_says_that_pages_show_their_first_screenful_alone() -> None:
    screen = side(millimetres="2160x1215", distance=3.5)
    assert "页面放大 2.1 倍，只显示首屏" in str(render_legibility(look(screen, "zh"), screen))

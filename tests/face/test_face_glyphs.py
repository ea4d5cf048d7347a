"""The faces that are shipped hold every character of our own words and catalogue."""

import re
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "assets" / "fonts"
CITY = "noto-sans-sc-city.woff2"
DRAWN = {"▲", "◆"}
"""Marks, which the style draws."""
MOST_STRANGERS = 5
"""New words may wait a while for the next run of deploy/fonts.py; each costs a page 40 kB more."""
LARGEST_CITY = 420_000
"""Bytes: what the wall's first load has left for its face within 1.3 MB."""


@cache
def rules() -> dict[str, set[int]]:
    """Each file with the code points for which the browser asks it; the last rule wins."""
    css = (FONTS / "fonts.css").read_text()
    found = re.findall(r'url\("([^"]+)"\).*?unicode-range: ([^;]+);', css, re.DOTALL)
    return {name: points(ranges) for name, ranges in found}


def points(ranges: str) -> set[int]:
    covered: set[int] = set()
    for part in ranges.replace(" ", "").split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        covered.update(range(int(first, 16), int(last or first, 16) + 1))
    return covered


@cache
def glyphs(name: str) -> frozenset[int]:
    return frozenset(TTFont(FONTS / name).getBestCmap())


def file_of(point: int) -> str | None:
    """The file a browser would draw a character from."""
    return next((name for name, covered in reversed(rules().items()) if point in covered), None)


def shown_characters() -> set[str]:
    paths = [ROOT / "dashboard" / "words.py", *sorted((ROOT / "catalog").rglob("*.yaml"))]
    paths += sorted((ROOT / "layouts").rglob("*.py"))
    paths += sorted((ROOT / "assets" / "geo").glob("*.geojson"))
    found = {character for path in paths for character in path.read_text(encoding="utf-8")}
    return {c for c in found if c.isprintable() or c in "\u00a0\u3000"}


def test_every_character_of_words_and_catalogue_has_a_glyph() -> None:
    missing = set()
    for character in shown_characters() - DRAWN:
        name = file_of(ord(character))
        if name is None or ord(character) not in glyphs(name):
            missing.add(character)
    assert not missing, f"no shipped face has {sorted(missing)}"


def test_words_of_the_interface_need_hardly_more_than_one_file() -> None:
    words = set((ROOT / "dashboard" / "words.py").read_text(encoding="utf-8"))
    strangers = {c for c in words if c.isprintable() and file_of(ord(c)) != CITY}
    assert len(strangers) <= MOST_STRANGERS, f"run python deploy/fonts.py: {sorted(strangers)}"


def test_names_on_the_map_need_no_more_than_one_file() -> None:
    """A canvas is drawn once and does not wait for a face: its first names would be boxes."""
    names = {c for path in (ROOT / "assets" / "geo").glob("*.geojson") for c in path.read_text()}
    strangers = {c for c in names if c.isprintable() and file_of(ord(c)) != CITY}
    assert not strangers, f"run python deploy/fonts.py: {sorted(strangers)}"


@pytest.mark.parametrize("character", list("ⅠⅡⅢⅣⅤ—−≥≤µ³℃·％◷"))
def test_signs_of_the_trade_have_glyphs(character: str) -> None:
    name = file_of(ord(character))
    assert name is not None
    assert ord(character) in glyphs(name)


def test_roman_numerals_grow_heavier_with_the_face() -> None:
    font = TTFont(FONTS / CITY)
    name = font.getBestCmap()[ord("Ⅲ")]
    assert font["glyf"][name].isComposite()
    assert font["gvar"].variations[name]


def test_every_rule_has_its_file_and_the_licence_is_there() -> None:
    assert all((FONTS / name).is_file() for name in rules())
    assert "OFL" in (FONTS / "README.md").read_text() or (FONTS / "LICENSE").is_file()
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE").read_text()


def test_own_words_stay_small_on_the_wire() -> None:
    assert (FONTS / CITY).stat().st_size <= LARGEST_CITY

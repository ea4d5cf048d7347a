"""Every page of the living demo city as people see it: in both languages, on a desk, a wall and a
phone, in both themes, when it is 5 s old and when it is 60 s old."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fontTools.ttLib import TTFont
from screens_walk import AGES, SIZES, TABS, WHOLE, Tab, looks_at, walk

FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
CHINESE = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z.]+")
NAMES = re.compile(r"\d+路|\b[A-Z]{1,6}\d[\d-]*|[\u4e00-\u9fff]演示|演示[\u4e00-\u9fff]{2}\d+")
"""Names that exist in one language: bus lines as they are written on buses, numbers of
records, people, enterprises."""
ENGLISH = {
    *("mm", "cm", "km", "mg", "min", "px"),
    *("PM", "AQI", "CO", "NO", "SO", "COD", "HJ", "GB", "WLAN", "CPU"),
    *("SQL", "CSV", "XLSX", "PARQUET"),
    "wall",  # the address at which a screen is paired
}
"""What a Chinese reader writes in Latin letters too: units, pollutants, standards, formats, addresses."""
MOST_NUMBERS = 25

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def tabs(product: str) -> dict[tuple[str, str], Tab]:
    """What the walk through all pages found, by page and language."""
    return {(tab.name, tab.language): tab for tab in walk(product)}


@pytest.fixture(params=TABS, ids="-".join)
def tab(request: pytest.FixtureRequest, tabs: dict[tuple[str, str], Tab]) -> Tab:
    """One page in one language."""
    return tabs[request.param]


def test_every_page_was_looked_at_in_every_way(tab: Tab) -> None:
    seen = {(look.age, look.size, look.theme) for look in tab.looks}
    wanted = {
        (age, size, theme)
        for age in AGES
        for size, themes in looks_at(tab.language, age)
        for theme in themes
    }
    assert seen == wanted
    assert len(wanted) == (len(SIZES) * 3 if WHOLE else len(SIZES) * 2 - 1)
    assert tab.undrawn == []


@pytest.mark.parametrize(
    "kind",
    ["overflow", "clipped", "overlap", "empty", "foreign", "unloaded"],
)
def test_nothing_is_cut_off_covered_empty_or_in_a_foreign_face(tab: Tab, kind: str) -> None:
    assert tab.findings(kind) == []


def test_every_word_is_in_the_language_of_the_page(tab: Tab) -> None:
    strangers = {
        f"{stranger} in “{words}” ({place})"
        for look in tab.looks
        for words, place in written(look.found, tab.language)
        for stranger in strangers_in(words, tab.language)
    }
    assert strangers == set()


def written(found: dict[str, list[dict[str, object]]], language: str) -> Iterator[tuple[str, str]]:
    for one in found["written"]:
        if one["own"]:
            yield str(one["words"]), str(one["place"])


def strangers_in(words: str, language: str) -> list[str]:
    """Words of the other language that are no names, units or formats."""
    own = NAMES.sub("", words)
    if language == "en":
        return CHINESE.findall(own)
    return [word for word in LATIN.findall(own) if word not in ENGLISH]


def test_every_letter_has_a_glyph_in_the_shipped_faces(tab: Tab) -> None:
    letters = {letter for look in tab.looks for letter in look.found["letters"]}
    assert {one for one in letters if one.isprintable() and ord(one) not in shipped()} == set()


@cache
def shipped() -> frozenset[int]:
    """Code points that a browser both asks a shipped file for and finds there."""
    css = (FONTS / "fonts.css").read_text()
    found: set[int] = set()
    for name, ranges in re.findall(r'url\("([^"]+)"\).*?unicode-range: ([^;]+);', css, re.DOTALL):
        found |= set(TTFont(FONTS / name).getBestCmap()) & covered(ranges)
    return frozenset(found)


def covered(ranges: str) -> set[int]:
    ends = [part.strip().removeprefix("U+").partition("-") for part in ranges.split(",")]
    return {
        point
        for first, _, last in ends
        for point in range(int(first, 16), int(last or first, 16) + 1)
    }


def test_no_other_host_is_asked_and_nothing_goes_wrong(tab: Tab, product: str) -> None:
    assert tab.requests <= {urlsplit(product).netloc, ""}
    assert tab.complaints == []


def test_nothing_moves_while_a_page_lives(tab: Tab) -> None:
    """Boxes stand where they stood, but those below a list that got more rows, or below what has
    become late and says so."""
    moved = [
        f"{young}: {name} from {young.found['places'][name]} to {place}"
        for young in tab.looks
        for old in tab.looks
        if (young.age, old.age) == AGES and (young.size, young.theme) == (old.size, old.theme)
        for name, place in still(young.found["places"], old.found["places"])
    ]
    assert moved == []


def still(
    young: dict[str, list[int]], old: dict[str, list[int]]
) -> Iterator[tuple[str, list[int]]]:
    """Boxes that moved, down to the first whose rows, or words of lateness, became more or fewer."""
    for name, place in old.items():
        if name not in young or young[name][4] != place[4]:
            return
        if any(abs(a - b) > 1 for a, b in zip(young[name][:4], place[:4], strict=True)):
            yield name, place


def test_themes_differ_in_colour_only(tab: Tab) -> None:
    for look in tab.looks:
        others = [o for o in tab.looks if (o.age, o.size) == (look.age, look.size)]
        assert {len(other.found["places"]) for other in others} == {len(look.found["places"])}


def test_a_wall_holds_few_numbers(tab: Tab) -> None:
    if tab.name == "wall":
        assert {0 < look.found["numbers"] <= MOST_NUMBERS for look in tab.looks} == {True}


def test_no_text_is_too_small_to_read(tab: Tab) -> None:
    assert tab.findings("small") == []


def test_axe_finds_nothing(tab: Tab) -> None:
    assert tab.axe == []

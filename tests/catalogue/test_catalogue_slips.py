"""Whatever a slipping hand does to a file, loading names it and the city stays whole."""

import random

import pytest
from catalogue_city import ENVIRON, City

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load

ENDINGS = (": x", " &a", " *b", " }", " - [", ' "', "'", " |", " !!python/name:os.system x", "\x07")


def slip(lines: list[str], hand: random.Random) -> None:
    """One slip of the hand, in place."""
    at = hand.randrange(len(lines))
    match hand.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines[at] = "\t" + lines[at].lstrip()
        case 3:
            lines[at] = lines[at].replace("{", "").replace("]", "")
        case 4:
            lines[at] += hand.choice(ENDINGS)
        case _:
            lines[at] = "   " + lines[at]


def assert_whole(catalogue: Catalogue) -> None:
    """Pages and walls show only what there is, and each problem is one line with a place."""
    for page in catalogue.pages.values():
        keys = [*page.numbers, *(key for panel in page.panels for key in panel.indicators)]
        assert all(catalogue.indicator(key) is not None for key in keys)
    for screen in catalogue.screens.values():
        assert catalogue.indicator(screen.focus) is not None
    for department in catalogue.departments.values():
        names = {indicator.dataset for indicator in department.indicators.values()} - {None}
        assert names <= set(department.datasets)
    for problem in catalogue.problems:
        assert problem.line >= 1
        assert "\n" not in str(problem)


@pytest.mark.parametrize("seed", range(25))
def test_a_slip_of_the_hand_darkens_nothing(city: City, seed: int) -> None:
    hand = random.Random(seed)
    good = load(city.folder, ENVIRON)
    name = hand.choice(["departments/parks.yaml", "pages/parks.yaml", "screens.yaml"])
    lines = (city.folder / name).read_text(encoding="utf-8").split("\n")
    for _ in range(hand.choice([1, 1, 2])):
        slip(lines, hand)
    city.write(name, "\n".join(lines))
    assert_whole(load(city.folder, ENVIRON))
    kept = load(city.folder, ENVIRON, good)
    assert_whole(kept)
    assert "water" in kept.departments
    assert set(kept.pages) == {"parks"}

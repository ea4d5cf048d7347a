"""Whether what screens show can be read from the farthest seat."""

from collections.abc import Iterator, Mapping

from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.references import Finding
from dashboard.catalogue.screens import DutyScreen, SafeArea, Screen
from dashboard.seats import Seat, lighter, seats_of, wall_at, worst_of


def seat_findings(
    path: EntryPath, screen: Screen, walls: Mapping[str, DutyScreen]
) -> Iterator[Finding]:
    """Letters that are too small for the farthest seat: a warning, an error below 16 arc minutes. It
    is shown all the same, as large as fits."""
    if screen.millimetres is None and screen.safe_area != SafeArea():
        found = "a safe_area without the size of the picture, so it cannot be kept free"
        yield Finding(
            path, ("safe_area",), found, "`millimetres`, measured", harmless=True, warning=True
        )
    seat = worst_of(seats_of(screen, walls))
    if seat is None or not seat.is_short or seat.sight is None:
        return
    sight = seat.sight
    floor = sight.script.floor
    found = (
        f"labels of {seat.minutes:.0f}′ on {seat.path} from {sight.distance:g} m"
        f" ({seat.font:.0f} px)"
    )
    expected = f"{floor:.0f}′, which is {sight.font(floor):.0f} px"
    mend = _mend(screen, seat, walls)
    where = ("distance",)
    yield Finding(path, where, found, expected, mend, harmless=True, warning=not seat.is_lost)


def _mend(screen: Screen, seat: Seat, walls: Mapping[str, DutyScreen]) -> str:
    """What would make it legible: nearer seats, a larger picture, less on it."""
    ways = [f"seat everybody within {seat.nearest:g} m"]
    if seat.sight is not None:
        larger = seat.sight.distance / (seat.nearest or seat.sight.distance)
        ways.append(f"hang a picture {larger:.1f} times as large")
    wall = wall_at(seat.path, walls)
    if wall is not None and (less := lighter(screen, wall)) is not None:
        leave = " and leave out `layers`" if wall.layers and not less.mapped else ""
        ways.append(f"show at most {less.tiles} numbers in a block{leave}")
    return ", or ".join(ways)

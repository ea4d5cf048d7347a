"""The demo city beside what was published of the real one, for several seeds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.catalogue.load import load
from data_access.intake.places import Places
from data_access.intake.receiver import receive_once
from demo import DELIVERED
from demo.base import published as base
from demo.cases import published as cases
from demo.city import make_city
from demo.counter import published as counter
from demo.courier import Courier
from demo.customs import published as customs
from demo.days import day_of, seconds_of
from demo.grid import published as grid
from demo.health import published as health
from demo.published import CLOSE, Lived, Published
from demo.trade import published as trade
from demo.transit import published as transit
from demo.writing import open_engine

FIGURES: Mapping[str, Sequence[Published]] = {
    "transit": transit.PUBLISHED,
    "customs": customs.PUBLISHED,
    "cases": cases.PUBLISHED,
    "counter": counter.PUBLISHED,
    "grid": grid.PUBLISHED,
    "trade": trade.PUBLISHED,
    "base": base.PUBLISHED,
    "health": health.PUBLISHED,
}
"""Published figures by the department whose rows yield them."""
SEEDS = (1, 2, 3)
CATALOG = Path(__file__).resolve().parents[1] / "catalog"


@dataclass(frozen=True)
class Line:
    """One published figure and what one city of each seed yields."""

    department: str
    figure: Published
    found: Mapping[int, float]

    @property
    def holds(self) -> bool:
        """Whether every seed's city is close enough."""
        return all(self.figure.departs(value) <= CLOSE for value in self.found.values())


def compare(
    folder: Path,
    now: datetime,
    days: int,
    seeds: Sequence[int] = SEEDS,
    say: Callable[[str], None] = lambda _: None,
) -> list[Line]:
    """Make a city of `days` days per seed in `folder` and measure every published figure on it."""
    found: dict[tuple[str, int], dict[int, float]] = {}
    for seed in seeds:
        say(f"seed {seed}: making {days} days")
        urls = {key: f"sqlite:///{folder}/{key}-{seed}.sqlite" for key in FIGURES}
        make_city({k: u for k, u in urls.items() if k not in DELIVERED}, seed, days, now)
        _deliver(folder / f"delivered-{seed}", urls, seed, days, now)
        for key, place, value in _measured(urls, seconds_of(now), days):
            found.setdefault((key, place), {})[seed] = value
    return [Line(key, FIGURES[key][place], by_seed) for (key, place), by_seed in found.items()]


def _deliver(folder: Path, urls: Mapping[str, str], seed: int, days: int, now: datetime) -> None:
    """Lay the files of so many days and take them in, for the departments that send such."""
    incoming, at = folder / "incoming", seconds_of(now)
    incoming.mkdir(parents=True)
    Courier(seed, day_of(at) - days, incoming, folder / "served.json").lay_files(at)
    catalogue = load(CATALOG, {f"{key.upper()}_URL": url for key, url in urls.items()})
    for key in urls.keys() & set(DELIVERED):
        receive_once(catalogue, key, Places({}, folder, "", ""), now)


def _measured(urls: Mapping[str, str], until: int, days: int) -> Iterator[tuple[str, int, float]]:
    for key, figures in FIGURES.items():
        engine = open_engine(urls[key])
        try:
            lived = Lived(engine, days, until)
            for place, figure in enumerate(figures):
                yield key, place, figure.measure(lived)
        finally:
            engine.dispose()


def table(lines: Sequence[Line]) -> str:
    """The comparison as text: row, figure, published, and each seed's with how far it is off."""
    rows = [("row", "where", "published", "seeds", "", "said")]
    for line in sorted(lines, key=lambda one: int(one.figure.row[1:])):
        figure = line.figure
        seeds = "  ".join(f"{_said(v)} ({figure.departs(v):.0%})" for v in line.found.values())
        verdict = "holds" if line.holds else "DEPARTS"
        value = f"{_said(figure.value)} {figure.unit}"
        rows.append((figure.row, figure.where, value, seeds, verdict, figure.said))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join(
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[5]])
        for row in rows
    )


def _said(value: float) -> str:
    """A figure as it was said: whole where it is large, else to four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"

"""The check values of the real data, reproduced through the API and the exports on each engine."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from real_city.loader import City, instants
from real_city.product import Product
from servers import ENGINES

PERMITS = "2010-01-01T00:00:00Z/2013-01-01T00:00:00Z"
CUSTOMS = "2020-01-01T00:00:00+09:00/2021-07-01T00:00:00+09:00"
AIR = "2013-01-01T00:00:00+08:00/2018-01-01T00:00:00+08:00"
CRASHES = "2015-01-01T00:00:00Z/2021-01-01T00:00:00Z"
BUSES = "2026-02-16T00:00:00-05:00/2026-02-17T00:00:00-05:00"
pytestmark = pytest.mark.timeout(900)
Expected = float | Mapping[str, float]


@dataclass(frozen=True)
class Check:
    """What an indicator is over a window: a number, or one per code of `by`. Rounded to `digits`
    where the published value is; otherwise to the last digit, or 1e-9 of what is no count."""

    key: str
    window: str
    expected: Expected
    by: str = ""
    digits: int | None = None

    def holds(self, found: Mapping[str, float]) -> None:
        """Raises AssertionError where a number is another."""
        wanted = self.expected if isinstance(self.expected, Mapping) else {"": self.expected}
        assert found.keys() == wanted.keys(), self
        for code, value in wanted.items():
            if self.digits is not None:
                assert round(found[code], self.digits) == value, self
            elif float(value).is_integer():
                assert found[code] == value, self
            else:
                assert math.isclose(found[code], value, rel_tol=1e-9), self


YEARS = {2015: 6769, 2016: 7639, 2017: 7004, 2018: 6997, 2019: 7135, 2020: 3405}
MISSING = {"pm25": 2395, "pm10": 1784, "so2": 2232, "no2": 2444, "co": 4594, "o3": 3401}
CHANNELS = {"Internet": 1250, "Desk": 109, "Post": 53, "e-mail": 21, "Intern": 1}
CHECKS = [
    Check("permits.cases", PERMITS, 1434),
    Check("permits.cases", PERMITS, CHANNELS, "channel"),
    Check("permits.without_end", PERMITS, 105),
    Check("permits.late_ended", PERMITS, 389),
    Check("permits.ended_before_started", PERMITS, 2),
    Check("permits.duration_median", PERMITS, 50.637, digits=3),
    Check("permits.duration_p90", PERMITS, 105.552, digits=3),
    Check("customs.declarations", CUSTOMS, 54_000),
    Check("customs.declarations", CUSTOMS, {"B": 53_992, "D": 7, "A": 1}, "process"),
    Check("customs.flagged_rate", CUSTOMS, 21.5796, digits=4),
    Check("customs.declarants", CUSTOMS, 1238),
    Check("customs.item_price", CUSTOMS, 189_660_995_242.37),
    Check("air.hours", AIR, 105_192),
    *(Check(f"air.missing_{name}", AIR, missing) for name, missing in MISSING.items()),
    *(
        Check("crashes.crashes", f"{year}-01-01T00:00:00Z/{year + 1}-01-01T00:00:00Z", crashes)
        for year, crashes in YEARS.items()
    ),
    Check("crashes.crashes", CRASHES, {"O": 28_537, "A": 10_332, "K": 80}, "severity"),
    Check("buses.vehicles", BUSES, 31),
    Check("buses.positions", BUSES, {"C53": 11_024, "D40": 6_685, "D96": 3_068}, "route"),
    Check("buses.positions", BUSES, 20_777),
    Check("buses.first_seen", BUSES, pd.Timestamp("2026-02-16T15:58:02Z").timestamp()),
    Check("buses.last_seen", BUSES, pd.Timestamp("2026-02-16T20:59:24Z").timestamp()),
]
"""Every check value of the sources."""
WAYS: dict[str, Callable[[Product, Check], Mapping[str, float]]] = {
    "series": lambda p, c: p.parts(c.key, c.window, c.by),
    "csv": lambda p, c: p.exported(c.key, c.window, c.by),
    "xlsx": lambda p, c: p.in_workbook(c.key, c.window, c.by),
}


def named(check: Check) -> str:
    """A check as a test is called."""
    return " ".join([check.key, check.by, check.window[:4]]).replace("  ", " ")


@pytest.fixture(scope="module", params=ENGINES)
def product(
    request: pytest.FixtureRequest, open_product: Callable[..., Any], real_city: City
) -> Iterator[Product]:
    """The product over the real data on each engine in turn."""
    if request.param == "mariadb":
        request.getfixturevalue("mariadb_server")
    with open_product(real_city, request.param) as opened:
        yield opened


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("check", CHECKS, ids=named)
def test_a_published_value_is_reproduced(product: Product, check: Check, way: str) -> None:
    check.holds(WAYS[way](product, check))


def test_the_traps_are_loaded_as_the_files_have_them(real_city: City) -> None:
    cases = real_city.frames["permits"]
    offsets = {text[-6:] for text in cases["started_at"]}
    assert offsets == {"+01:00", "+02:00"}
    ended = cases.dropna(subset="ended_at")
    assert (ended["started_at"].str[-6:] != ended["ended_at"].str[-6:]).any()
    assert isinstance(real_city.frames["customs"]["declared_on"].iloc[0], str)


DAYS = -100
"""The moved copy lies so many days later."""
MOVED_PERMITS = "2010-01-01T00:00:00Z/2013-01-01T00:00:00Z"
MOVED_CUSTOMS = "2019-09-01T00:00:00+09:00/2021-07-01T00:00:00+09:00"
MOVED_AIR = "2012-01-01T00:00:00+08:00/2018-01-01T00:00:00+08:00"
MOVED_CRASHES = "2014-01-01T00:00:00Z/2021-01-01T00:00:00Z"
MOVED_BUSES = "2025-11-01T00:00:00-05:00/2025-11-30T00:00:00-05:00"


def moved_checks(city: City) -> list[Check]:
    """The same values of a moved copy, as pandas has them."""
    return [
        *_permits(city.frames["permits"]),
        *_customs(city.frames["customs"]),
        *_air(city.frames["air"]),
        *_crashes_and_buses(city.frames["crashes"], city.frames["buses"]),
    ]


def _permits(frame: pd.DataFrame) -> Iterator[Check]:
    started, ended = instants(frame["started_at"]), instants(frame["ended_at"])
    planned = instants(frame["planned_end_at"])
    days = (ended - started).dt.total_seconds().dropna() / 86_400
    channels = frame["channel"].value_counts().to_dict()
    yield Check("permits.cases", MOVED_PERMITS, channels, "channel")
    yield Check("permits.without_end", MOVED_PERMITS, int(ended.isna().sum()))
    yield Check("permits.late_ended", MOVED_PERMITS, int((ended > planned).sum()))
    yield Check("permits.ended_before_started", MOVED_PERMITS, int((ended < started).sum()))
    for name, q in (("duration_median", 0.5), ("duration_p90", 0.9)):
        yield Check(f"permits.{name}", MOVED_PERMITS, float(days.quantile(q)))


def _customs(frame: pd.DataFrame) -> Iterator[Check]:
    processes = frame["process_type"].value_counts().to_dict()
    yield Check("customs.declarations", MOVED_CUSTOMS, processes, "process")
    yield Check("customs.flagged_rate", MOVED_CUSTOMS, float((frame["fraud"] == 1).mean() * 100))
    yield Check("customs.declarants", MOVED_CUSTOMS, frame["declarant_id"].nunique())
    yield Check("customs.item_price", MOVED_CUSTOMS, math.fsum(frame["item_price"]))


def _air(frame: pd.DataFrame) -> Iterator[Check]:
    yield Check("air.hours", MOVED_AIR, len(frame))
    for name in MISSING:
        yield Check(f"air.missing_{name}", MOVED_AIR, int(frame[name].isna().sum()))


def _crashes_and_buses(crashes: pd.DataFrame, buses: pd.DataFrame) -> Iterator[Check]:
    severities = crashes["s"].value_counts().to_dict()
    yield Check("crashes.crashes", MOVED_CRASHES, severities, "severity")
    routes = buses["route_id"].value_counts().to_dict()
    yield Check("buses.positions", MOVED_BUSES, routes, "route")
    yield Check("buses.vehicles", MOVED_BUSES, buses["vehicle_id"].nunique())
    yield Check("buses.first_seen", MOVED_BUSES, int(buses["seen_at"].min()))
    yield Check("buses.last_seen", MOVED_BUSES, int(buses["seen_at"].max()))


@pytest.fixture(scope="module")
def moved(real_city: City) -> City:
    """A shuffled, thinned copy moved by a hundred days into the past."""
    return real_city.shuffled(seed=7, keep=0.7, days=DAYS)


@pytest.fixture(scope="module", params=ENGINES)
def moved_product(
    request: pytest.FixtureRequest, open_product: Callable[..., Any], moved: City
) -> Iterator[Product]:
    """The product over the moved copy on each engine in turn."""
    if request.param == "mariadb":
        request.getfixturevalue("mariadb_server")
    with open_product(moved, request.param) as opened:
        yield opened


@pytest.mark.parametrize("way", WAYS)
def test_a_moved_copy_equals_pandas(moved_product: Product, moved: City, way: str) -> None:
    checks = moved_checks(moved)
    assert len(checks) == 22
    for check in checks:
        check.holds(WAYS[way](moved_product, check))


def test_moved_monthly_prices_equal_pandas(moved_product: Product, moved: City) -> None:
    frame = moved.frames["customs"]
    points = moved_product.series("customs.item_price", MOVED_CUSTOMS, grain="1mo")["points"]
    found = [float(p["value"]) for p in points if p["value"] not in (None, 0)]
    monthly = frame.groupby(frame["declared_on"].str[:7])["item_price"].sum()
    assert len(found) == len(monthly)
    assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(found, monthly, strict=True))


def test_moved_daily_air_equals_pandas(moved_product: Product, moved: City) -> None:
    frame = moved.frames["air"]
    window = "2014-03-01T00:00:00+08:00/2014-04-01T00:00:00+08:00"
    within = frame[(frame["measured_at"] >= "2014-03-01") & (frame["measured_at"] < "2014-04-01")]
    daily = within.groupby(within["measured_at"].dt.date)["pm25"].mean()
    points = moved_product.series("air.pm25_mean", window, grain="1d")["points"]
    found = [float(p["value"]) for p in points if p["value"] is not None]
    expected = [value for value in daily if not pd.isna(value)]
    assert len(found) == len(expected) > 25
    assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(found, expected, strict=True))

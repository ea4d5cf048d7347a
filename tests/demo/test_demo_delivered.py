"""Departments that send files and pushes: what the courier brings lands, and yields what is shown."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from city_dumps import MONDAY

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from data_access.departments.inspection import database_problems
from data_access.departments.source import SqlSource
from data_access.intake.places import Places
from data_access.intake.receiver import receive_once
from demo import DELIVERED, education, health, markets, police
from demo.courier import FILES, PUSHES, Courier, deliver_on
from demo.days import DAY, HOUR, day_of
from demo.health.published import PUBLISHED
from demo.published import Lived

ROOT = Path(__file__).resolve().parents[2]
DAYS = 12
NOON = MONDAY // DAY * DAY + 4 * HOUR
"""Noon in the city, when all that is owed for the day before has come."""
SEED = 3


@pytest.fixture(scope="module")
def prefix(redis_url: str) -> Iterator[str]:
    """A prefix of the module's own in a shared Redis."""
    name = "test-delivered"
    yield name
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter(f"{name}:*"):
            client.delete(key)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, redis_url: str, prefix: str) -> Path:
    """A data folder into which all was delivered and taken in."""
    data = tmp_path_factory.mktemp("delivered")
    courier = Courier(SEED, day_of(NOON) - DAYS, data / "incoming", data / "served.json", prefix)
    courier.lay_files(NOON)
    with redis.Redis.from_url(redis_url) as client:
        courier.push(client, NOON)
    places = Places({}, data, redis_url, prefix)
    now = datetime.fromtimestamp(NOON, UTC)
    for key in DELIVERED:
        receive_once(city(data), key, places, now)
    return data


def city(data: Path) -> Catalogue:
    """The shipped catalogue, with the landing databases of a data folder."""
    return load(ROOT / "catalog", {"COMMAND_CENTER_DATA": str(data)})


def rows(folder: Path, key: str, statement: str) -> list[tuple[object, ...]]:
    """What a statement finds in a department's landing database."""
    engine = sa.create_engine(city(folder).urls[key])
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(statement))]
    engine.dispose()
    return found


def test_every_delivered_department_is_demo_and_served_by_the_courier() -> None:
    assert set(DELIVERED) == set(FILES) | set(PUSHES)
    departments = load(ROOT / "catalog", {"COMMAND_CENTER_DATA": "/srv"}).departments
    assert all(departments[key].demo and departments[key].delivery for key in DELIVERED)


def test_the_catalogue_names_only_what_lands(folder: Path) -> None:
    problems = database_problems(city(folder))
    named = [str(p) for p in problems if any(f"/{key}.yaml" in p.file for key in DELIVERED)]
    assert named == []


def test_most_files_are_taken_in_and_some_are_late(folder: Path) -> None:
    states: Counter[object] = Counter()
    for key in FILES:
        statement = "SELECT state, count(*) FROM deliveries GROUP BY state"
        states.update({state: int(str(n)) for state, n in rows(folder, key, statement)})
    assert states["taken"] >= 25
    assert states["taken"] > 4 * states["refused"]
    late = "SELECT count(*) FROM deliveries WHERE came > due"
    assert sum(int(str(rows(folder, key, late)[0][0])) for key in FILES) >= 1


def test_some_files_are_wrong_at_first_sent_twice_or_corrected() -> None:
    days = range(day_of(NOON) - 60, day_of(NOON))
    names = [p.name for send in FILES.values() for day in days for p in send(SEED, day)]
    for mark in ("_2", "_更正", "_重报"):
        assert 1 <= sum(f"{mark}." in name for name in names) <= 25, mark
    spoiled = police._other_heading(police.sums(SEED, day_of(NOON), 0))
    assert "办结件数".encode() not in spoiled


@pytest.mark.parametrize(
    ("key", "indicator", "low", "high"),
    [
        ("health", "booking_time", 0.85, 1.15),
        ("health", "clinic_wait", 20, 60),
    ],
)
def test_asked_readings_are_plausible(
    folder: Path, key: str, indicator: str, low: float, high: float
) -> None:
    department = city(folder).departments[key]
    now = datetime.fromtimestamp(NOON, UTC)
    source = SqlSource(department, city(folder).urls[key], clock=lambda: now)
    window = department.window_of(department.indicators[indicator], now)
    total = next(one for one in source.asked(indicator, window) if one.code == "")
    source.close()
    assert total.n > 300
    assert total.value is not None
    assert low <= total.value <= high


def test_a_test_result_that_was_pushed_twice_stands_once(folder: Path) -> None:
    pushed = [p for day in range(day_of(NOON) - DAYS, day_of(NOON) + 1)
              for p in markets.pushes_of(SEED, day) if p.feed == "tests" and p.at <= NOON]  # fmt: skip
    sound = [p.fields["test_id"] for p in pushed if p.fields["result"] != "待复核"]
    assert len(sound) > len(set(sound)), "some came twice"
    [(count,)] = rows(folder, "markets", "SELECT count(*) FROM tests")
    assert count == len(set(sound))
    [(aside,)] = rows(
        folder, "markets", "SELECT sum(aside_rows) FROM deliveries WHERE feed = 'tests'"
    )
    assert aside == len([p for p in pushed if p.fields["result"] == "待复核"])


def test_a_complaint_is_closed_by_its_second_push(folder: Path) -> None:
    [(closed, still)] = rows(
        folder, "markets", "SELECT count(closed_at), count(*) - count(closed_at) FROM complaints"
    )
    assert int(str(closed)) > 30
    assert 0 < int(str(still)) < 40


def test_what_was_published_of_booking_holds(folder: Path) -> None:
    engine = sa.create_engine(city(folder).urls["health"])
    lived = Lived(engine, DAYS, NOON)
    for figure in PUBLISHED:
        assert figure.departs(figure.measure(lived)) <= 0.15
    engine.dispose()


def test_equal_seeds_send_equal_files() -> None:
    for sends in (health.files_of, education.files_of, police.files_of):
        one, other = (sends(SEED, day_of(NOON) - 3) for _ in range(2))
        assert [(p.at, p.name) for p in one] == [(p.at, p.name) for p in other]
        assert one[0].content()[-400:] == other[0].content()[-400:] or sends is education.files_of


def test_a_courier_that_starts_again_lays_no_file_twice(tmp_path: Path) -> None:
    for until in (NOON - DAY, NOON):
        courier = Courier(SEED, day_of(NOON) - 3, tmp_path / "incoming", tmp_path / "served.json")
        courier.lay_files(until)
        (tmp_path / "incoming" / "health").rename(tmp_path / f"laid-{until}")
    first, second = (
        {p.name for p in (tmp_path / f"laid-{u}").iterdir()} for u in (NOON - DAY, NOON)
    )
    assert first
    assert second
    assert not first & second
    with pytest.raises(ValueError, match="seed 3, expected 4"):
        Courier(4, day_of(NOON) - 3, tmp_path / "incoming", tmp_path / "served.json")


def test_a_redis_that_is_gone_costs_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    courier = Courier(SEED, day_of(NOON) - 2, tmp_path / "incoming", tmp_path / "served.json")
    stop = threading.Event()
    nowhere = "redis://127.0.0.1:1/0"
    thread = threading.Thread(target=deliver_on, args=(courier, nowhere, lambda: NOON, stop, 0.05))
    thread.start()
    thread.join(2)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert list((tmp_path / "incoming" / "police").iterdir())
    assert capsys.readouterr().out.count("demo city cannot deliver") == 1

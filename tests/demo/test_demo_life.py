"""The demo city lives on: history, catching up and living are one process."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from city_dumps import MONDAY, SEED, differences, dump, simulation_of

from demo.city import PLANS, live_on, make_city
from demo.days import DAY
from demo.simulation import PROGRESS, NotOurs

NAMES = sorted(PLANS)


def urls_in(folder: Path) -> dict[str, str]:
    """A SQLite URL for every department."""
    return {name: f"sqlite:///{folder}/{name}.sqlite" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_gap_is_filled_with_the_rows_of_an_uninterrupted_run(name: str, tmp_path: Path) -> None:
    end = MONDAY + DAY + 5 * 3600
    runs = {
        "uninterrupted": (MONDAY, 1, [*range(MONDAY + 1800, end, 1800), end]),
        "switched off": (MONDAY, 1, [MONDAY + 7, end]),
        "made later": (end, 2, []),
    }
    dumps = {}
    for run, (made, days, steps) in runs.items():
        simulation = simulation_of(name, f"sqlite:///{tmp_path}/{run}.sqlite")
        simulation.build(made, days)
        for step in steps:
            simulation.advance(step)
        dumps[run] = dump(simulation)
        simulation.engine.dispose()
    assert differences(dumps["uninterrupted"], dumps["switched off"]) == []
    assert differences(dumps["uninterrupted"], dumps["made later"]) == []


def test_a_second_make_only_catches_up(tmp_path: Path) -> None:
    urls = urls_in(tmp_path)
    first = make_city(urls, SEED, 1, datetime.fromtimestamp(MONDAY, UTC))
    again = make_city(urls, SEED, 1, datetime.fromtimestamp(MONDAY, UTC))
    later = make_city(urls, SEED, 1, datetime.fromtimestamp(MONDAY + 3600, UTC))
    assert all(rows > 100 for rows in first.values())
    assert set(again.values()) == {0}
    assert all(0 < later[name] < first[name] for name in ("transit", "customs", "cases"))


def test_history_of_many_days_is_made_by_two_processes_alike(tmp_path: Path) -> None:
    now = datetime.fromtimestamp(MONDAY, UTC)
    urls = {name: f"sqlite:///{tmp_path}/{name}.sqlite" for name in ("customs", "cases")}
    make_city(urls, SEED, 8, now)
    alone = simulation_of("customs", f"sqlite:///{tmp_path}/alone.sqlite")
    alone.build(MONDAY, 8)
    together = simulation_of("customs", urls["customs"])
    assert differences(dump(alone), dump(together)) == []
    alone.engine.dispose()
    together.engine.dispose()


def test_an_interrupted_making_is_begun_again(tmp_path: Path) -> None:
    simulation = simulation_of("customs", f"sqlite:///{tmp_path}/c.sqlite")
    simulation.build(MONDAY, 1)
    whole = dump(simulation)
    with simulation.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM decl_head WHERE i_e_flag = 'I'"))
        connection.execute(simulation.plan.metadata.tables[PROGRESS].delete())
    simulation.build(MONDAY, 1)
    assert differences(whole, dump(simulation)) == []
    simulation.engine.dispose()


def test_a_city_of_another_seed_is_refused_and_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/c.sqlite"
    first = simulation_of("customs", url)
    first.build(MONDAY, 1)
    before = dump(first)
    with pytest.raises(ValueError, match=f"seed {SEED}, expected 8"):
        simulation_of("customs", url, seed=8).build(MONDAY + 60, 1)
    assert differences(before, dump(first)) == []
    first.engine.dispose()


def test_a_database_with_tables_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/real.sqlite"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE decl_head (id INTEGER)"))
        connection.execute(sa.text("INSERT INTO decl_head VALUES (7)"))
    for _ in range(2):  # The second try must find no mark that the first one left.
        with pytest.raises(NotOurs, match=r"CUSTOMS_URL: .*decl_head.*expected an empty one"):
            make_city({"customs": url}, SEED, 1, datetime.fromtimestamp(MONDAY, UTC))
    assert sa.inspect(engine).get_table_names() == ["decl_head"]
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id FROM decl_head")).scalar() == 7
    engine.dispose()


def test_other_seeds_are_other_cities(tmp_path: Path) -> None:
    dumps = []
    for seed in (1, 2):
        simulation = simulation_of("cases", f"sqlite:///{tmp_path}/{seed}.sqlite", seed)
        simulation.build(MONDAY, 0)
        dumps.append(dump(simulation))
        simulation.engine.dispose()
    assert {name for name, _ in differences(*dumps)} >= {"T_BJXX", "T_HWJL", "T_GDXX"}


def test_the_city_lives_on_while_one_department_cannot_be_reached(tmp_path: Path) -> None:
    urls = urls_in(tmp_path)
    begin = datetime.fromtimestamp(MONDAY, UTC)
    make_city({n: u for n, u in urls.items() if n != "customs"}, SEED, 0, begin)
    urls["customs"] = f"sqlite:///{tmp_path}/no/such/folder/customs.sqlite"
    started, stop = time.monotonic(), threading.Event()

    def clock() -> datetime:
        return datetime.fromtimestamp(MONDAY + time.monotonic() - started, UTC)

    options = {"time_scale": 60.0, "pause": 0.1}
    city = threading.Thread(target=live_on, args=(urls, SEED, clock, stop), kwargs=options)
    city.start()
    try:
        engine = sa.create_engine(urls["cases"])
        assert _grows(engine, "SELECT count(*) FROM T_HWJL")
        assert _grows(engine, "SELECT max(TBSJ) FROM T_TBRZ")
        assert _grows(
            sa.create_engine(urls["transit"]), "SELECT max(timestamp) FROM vehicle_positions"
        )
    finally:
        stop.set()
        city.join(timeout=30)
    assert not city.is_alive()


def _grows(engine: sa.Engine, question: str) -> bool:
    """Whether an answer rises within a while; readers never wait for the writer."""
    with engine.connect() as connection:
        first = connection.execute(sa.text(question)).scalar_one()
    for _ in range(300):
        with engine.connect() as connection:
            if connection.execute(sa.text(question)).scalar_one() > first:
                return True
        time.sleep(0.1)
    return False

"""Several processes on one store: start together, write together, migrate once."""

import logging
import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from store_ground import COUNT, NOW, SHANGHAI, Store, five_minutes, one_count, row

from dashboard.ports import Unreachable
from data_access.store import open_history
from data_access.store import tables as t

ROUNDS = 10
START = (NOW - timedelta(hours=3)).replace(minute=0, second=0)


def _collect(url: str, department: str, gate: object, answers: object) -> None:
    """What one process does: open, take its lease, then write and read as fast as it can."""
    try:
        gate.wait(60)
        history = open_history(url, lambda: NOW)
        token = history.take_lease(department, department, 600)
        plan = one_count(department)
        window = (START, START + timedelta(hours=2))
        for number in range(1, ROUNDS + 1):
            rows = [row(at, number) for at in five_minutes(START, 24)]
            history.replace(plan, [window], rows, token=token, zone=SHANGHAI)
            history.note_coverage(plan, window, token=token)
            history.set_state(department, "round", number, token=token)
            history.audit(department, "see", "x", {})
            history.sums([COUNT], window, grain="1h", zone=SHANGHAI, department=department)
        history.close()
        answers.put((department, "done"))
    except (Unreachable, sa.exc.SQLAlchemyError) as error:
        answers.put((department, f"{error} {error.__cause__}"))


def test_processes_that_start_and_write_together_do_not_lock_each_other_out(
    database_url: str,
) -> None:
    spawn = multiprocessing.get_context("spawn")
    gate, answers = spawn.Barrier(3), spawn.Queue()
    names = ["transit", "customs", "cases"]
    processes = [
        spawn.Process(target=_collect, args=(database_url, name, gate, answers)) for name in names
    ]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=90) for _ in names)
    for process in processes:
        process.join(30)
    assert found == dict.fromkeys(names, "done")
    history = open_history(database_url, lambda: NOW)
    window = (START, START + timedelta(hours=2))
    for name in names:
        [total] = history.sums([COUNT], window, grain=None, zone=SHANGHAI, department=name)
        assert total[COUNT.name] == 24 * ROUNDS
        assert history.state(name, "round") == ROUNDS
    history.close()


def test_migrations_make_exactly_the_tables(store: Store) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with store.history.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_opening_again_keeps_what_is_there(store: Store) -> None:
    store.history.set_state("cases", "watermark", 7, token=store.token)
    again = open_history(store.url)
    assert again.state("cases", "watermark") == 7
    again.close()


def test_a_store_on_another_engine_is_refused_with_the_right_ones() -> None:
    with pytest.raises(ValueError, match="expected sqlite or postgresql"):
        open_history("mysql+pymysql://root@127.0.0.1/center")


def test_a_store_that_is_away_is_unreachable_and_its_address_stays_hidden() -> None:
    with pytest.raises(Unreachable) as caught:
        open_history("postgresql://center:secret-word@127.0.0.1:9/center")
    assert "secret-word" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_a_damaged_file_is_unreachable_and_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(Unreachable, match="damaged"):
        open_history(f"sqlite:///{file}")


def test_a_store_url_that_cannot_be_read_is_said_without_its_password() -> None:
    with pytest.raises(ValueError, match="URL is not readable") as found:
        open_history("postgresql://cc:se@cr:et@host/db")
    assert "et@host" not in str(found.value)
    assert found.value.__suppress_context__

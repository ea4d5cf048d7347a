"""What is told of a failure is its kind: no host, no account, no value of a row."""

import pytest
import redis
import sqlalchemy as sa
from intake_ground import GOOD, NOW, Ground, visits

from data_access.intake.receiver import Desk, told_of
from data_access.intake.saying import reason_of

ACCOUNT = "clerk:hunter2"


@pytest.mark.parametrize("engine", ["postgresql+psycopg", "mysql+pymysql"])
def test_a_landing_database_that_is_away_is_said_without_its_address(
    ground: Ground, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ground.url = f"{engine}://{ACCOUNT}@127.0.0.1:1/secret"
    desk = Desk(told_of(ground.catalogue)["clinics"], ground.places, "test")
    assert desk.receive(NOW) == 0
    desk.close()
    said = str(desk.landing.reason)
    assert "does not answer (OperationalError" in said
    assert not any(word in said for word in ("clerk", "hunter2", "secret", "127.0.0.1"))
    assert said in capsys.readouterr().out


def test_a_redis_that_is_away_is_said_without_its_address() -> None:
    error = redis.ConnectionError("Error 111 connecting to db.health.gov:6379. Refused.")
    assert reason_of(error) == "Redis does not answer as it should (ConnectionError)"


def test_values_that_the_database_refuses_are_not_quoted(any_ground: Ground) -> None:
    """Two rows of one key are a driver's words of both, where the engine says them."""
    any_ground.receive()
    engine = sa.create_engine(any_ground.url)
    with engine.begin() as connection:
        table = sa.Table("visits", sa.MetaData(), autoload_with=engine)
        connection.execute(sa.schema.CreateIndex(sa.Index("one", table.c.district, unique=True)))
    engine.dispose()
    twice = [(GOOD[0][0], f"诊所{n}", "440604", 1, "") for n in (1, 2)]
    any_ground.put("JZ_20261124.csv", visits(twice))
    any_ground.receive()
    [(state, zh, en)] = any_ground.deliveries("state", "reason_zh", "reason_en")
    assert state == "refused"
    assert "values that the database refuses (" in en
    assert "440604" not in zh + en

"""Pushes land once, however often they come, and what is wrong with one holds up no other."""

import itertools
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import redis
from intake_ground import NOW, TUESDAY, Ground

from data_access.intake.receiver import Desk, told_of
from data_access.intake.stream import GROUP

NOON = int((NOW - timedelta(hours=21)).timestamp() * 1000)
"""Tuesday noon in the city, in milliseconds: the stream's time of the first push."""


ORDER = itertools.count(1)


@pytest.fixture
def client(redis_url: str) -> Iterator["redis.Redis"]:
    """A department's own connection, by which it pushes."""
    with redis.Redis.from_url(redis_url) as opened:
        yield opened


def push(client: "redis.Redis", ground: Ground, number: str, result: str, at: int = 0) -> None:
    """Push one test as the department does."""
    fields = {"id": number, "at": "2026-11-24 11:58:00", "result": result}
    client.xadd(ground.stream, fields, id=f"{NOON + at}-{next(ORDER)}")


def test_a_push_lands_on_every_engine_and_a_duplicate_changes_nothing(
    any_ground: Ground, client: "redis.Redis"
) -> None:
    push(client, any_ground, "T1", "pass")
    push(client, any_ground, "T2", "fail")
    assert any_ground.receive() == 2
    before = any_ground.rows("tests", "number", "tested", "result", "entry_id", "received_at")
    assert [row[:3] for row in before] == [
        ("T1", datetime(2026, 11, 24, 11, 58), "pass"),
        ("T2", datetime(2026, 11, 24, 11, 58), "fail"),
    ]
    push(client, any_ground, "T1", "pass", 60_000)
    assert any_ground.receive(NOW + timedelta(minutes=2)) == 1
    after = any_ground.rows("tests", "number", "tested", "result", "entry_id", "received_at")
    assert after == before
    [told] = any_ground.deliveries("feed", "day", "state", "taken_rows")
    assert told == ("tests", TUESDAY, "taken", 2)


def test_a_push_that_corrects_a_row_replaces_it(ground: Ground, client: "redis.Redis") -> None:
    push(client, ground, "T1", "pass")
    ground.receive()
    push(client, ground, "T1", "fail", 1000)
    ground.receive(NOW + timedelta(minutes=1))
    assert ground.rows("tests", "number", "result") == [("T1", "fail")]


def test_a_time_with_an_offset_lands_as_the_departments_own(
    ground: Ground, client: "redis.Redis"
) -> None:
    declare(ground, "header: at}", 'header: at, format: "%Y-%m-%dT%H:%M%z"}')
    for number, at in (("T1", "2026-11-24T00:30+0000"), ("T2", "2026-11-24T08:30+08:00")):
        client.xadd(ground.stream, {"id": number, "at": at, "result": "pass"})
    ground.receive()
    local = datetime(2026, 11, 24, 8, 30)
    assert ground.rows("tests", "number", "tested") == [("T1", local), ("T2", local)]


def test_a_bad_push_is_set_aside_with_words_and_holds_up_no_other(
    ground: Ground, client: "redis.Redis"
) -> None:
    push(client, ground, "T1", "perhaps")
    client.xadd(ground.stream, {"id": "T2", "at": "yesterday", "result": "pass"})
    client.xadd(ground.stream, {b"\xff": b"\xfe"})
    push_after = {"id": "T3", "at": "2026-11-24 12:00:00", "result": "pass"}
    client.xadd(ground.stream, push_after)
    ground.receive()
    assert ground.rows("tests", "number") == [("T3",)]
    kept = [
        json.loads(line)
        for path in (ground.root / "data" / "incoming" / "clinics" / "refused").iterdir()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [line["en"] for line in kept] == [
        "column result: found 'perhaps', expected one of fail, pass; mend the row and send it again",
        "column at: found 'yesterday', expected a time such as 2026-11-25 08:30:00;"
        " mend the row and send it again",
        "column id: found nothing, expected text of at most 64 characters;"
        " mend the row and send it again",
    ]
    assert kept[0]["zh"].startswith("“result”列：“perhaps”，应为fail、pass之一")
    assert sum(aside for (aside,) in ground.deliveries("aside_rows")) == 3
    pending = client.xpending(ground.stream, GROUP)
    assert pending["pending"] == 0


def test_what_was_read_and_not_acknowledged_comes_again(
    ground: Ground, client: "redis.Redis"
) -> None:
    client.xgroup_create(ground.stream, GROUP, id="0", mkstream=True)
    push(client, ground, "T1", "pass")
    client.xreadgroup(GROUP, "once", {ground.stream: ">"})
    assert client.xpending(ground.stream, GROUP)["pending"] == 1
    assert ground.receive() == 1
    assert ground.rows("tests", "number") == [("T1",)]
    assert client.xpending(ground.stream, GROUP)["pending"] == 0


def test_nothing_is_acknowledged_while_the_landing_database_is_locked(
    ground: Ground, client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.intake.tables._TIMEOUT", 0)
    push(client, ground, "T1", "pass")
    ground.receive()
    import sqlite3

    holder = sqlite3.connect(ground.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    push(client, ground, "T2", "pass", 1000)
    with pytest.raises(RuntimeError, match=r"does not answer \(OperationalError SQLITE_BUSY\)"):
        ground.receive()
    assert client.xpending(ground.stream, GROUP)["pending"] == 1
    holder.execute("COMMIT")
    holder.close()
    assert ground.receive() == 1
    assert ground.rows("tests", "number") == [("T1",), ("T2",)]


def test_a_group_that_is_lost_with_its_redis_is_made_anew(
    ground: Ground, client: "redis.Redis"
) -> None:
    push(client, ground, "T1", "pass")
    desk = Desk(told_of(ground.catalogue)["clinics"], ground.places, "once")
    try:
        assert desk.receive(NOW) == 1
        client.delete(ground.stream)
        push(client, ground, "T2", "pass", 1000)
        assert [desk.receive(NOW) for _ in range(3)].count(1) == 1
        assert desk.pushing["tests"].reason is None
    finally:
        desk.close()
    assert ground.rows("tests", "number") == [("T1",), ("T2",)]


def test_a_redis_that_is_gone_is_said_once_and_stops_no_file(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    from intake_ground import GOOD, visits

    ground.redis_url = "redis://127.0.0.1:1/0"
    desk = Desk(told_of(ground.catalogue)["clinics"], ground.places, "once")
    try:
        ground.put("JZ_20261124.csv", visits(GOOD))
        assert [desk.receive(NOW) for _ in range(4)] == [1, 0, 0, 0]
        assert desk.pushing["tests"].reason is not None
        assert not desk.pushing["tests"].may_try(), "it is tried again after a pause"
        desk.pushing["tests"].due = 0.0
        desk.receive(NOW)
    finally:
        desk.close()
    assert capsys.readouterr().out.count("stream of pushes fails") == 1
    assert len(ground.rows("visits", "clinic")) == 2


def declare(ground: Ground, old: str, new: str) -> None:
    """Change the department's file."""
    path = ground.root / "catalog" / "departments" / "clinics.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_acknowledged_pushes_in_a_departments_redis_are_trimmed_after_their_time(
    ground: Ground, client: "redis.Redis"
) -> None:
    stream = "    stream: ${CLINICS_STREAM}\n"
    declare(ground, stream, f"{stream}    redis: {ground.redis_url}?health_check_interval=0\n")
    for number in range(250):
        push(client, ground, f"T{number}", "pass", number)
    ground.receive()
    assert client.xlen(ground.stream) == 250
    push(client, ground, "last", "pass", 86_400_000)
    ground.receive(NOW + timedelta(days=60))
    assert client.xlen(ground.stream) < 250
    assert len(ground.rows("tests", "number")) == 251


def test_pushes_in_the_centers_own_redis_are_gone_once_they_have_landed(
    ground: Ground, client: "redis.Redis"
) -> None:
    client.xgroup_create(ground.stream, GROUP, id="0", mkstream=True)
    push(client, ground, "T1", "pass")
    push(client, ground, "held", "pass", 1000)
    push(client, ground, "T3", "pass", 2000)
    client.xreadgroup(GROUP, "once", {ground.stream: ">"}, count=1)
    client.xreadgroup(GROUP, "another", {ground.stream: ">"}, count=1)
    ground.receive()
    assert [number for (number,) in ground.rows("tests", "number")] == ["T1", "T3"]
    left = [fields[b"id"] for _, fields in client.xrange(ground.stream)]
    assert left == [b"held", b"T3"], "what another receiver holds stays"
    client.xack(ground.stream, GROUP, *[entry for entry, _ in client.xrange(ground.stream)])
    push(client, ground, "T4", "pass", 3000)
    ground.receive()
    assert client.xlen(ground.stream) == 0


def test_an_entry_dated_beyond_all_years_lands_as_of_now(
    ground: Ground, client: "redis.Redis"
) -> None:
    fields = {"id": "T1", "at": "2026-11-24 11:58:00", "result": "pass"}
    client.xadd(ground.stream, fields, id=f"{2**64 - 1}-{2**64 - 1}")
    assert ground.receive() == 1
    assert ground.rows("tests", "number") == [("T1",)]
    assert ground.deliveries("day", "state") == [(NOW.date(), "taken")]


def test_a_stream_that_fails_holds_up_no_other(
    ground: Ground, client: "redis.Redis", capsys: pytest.CaptureFixture[str]
) -> None:
    other = "  broken:\n    kind: stream\n    title: {zh: 坏, en: Broken}\n    stream: ${CLINICS_STREAM}-broken\n    key: [number]\n    columns:\n      number: {}\n"
    declare(ground, "  tests:\n    kind: stream\n", f"{other}  tests:\n    kind: stream\n")
    client.set(f"{ground.stream}-broken", "no stream")
    desk = Desk(told_of(ground.catalogue)["clinics"], ground.places, "once")
    try:
        push(client, ground, "T1", "pass")
        assert desk.receive(NOW) == 1
        assert desk.pushing["broken"].reason is not None
        assert desk.pushing["tests"].reason is None
    finally:
        desk.close()
        client.delete(f"{ground.stream}-broken")
    assert capsys.readouterr().out.count("stream of pushes fails") == 1
    assert ground.rows("tests", "number") == [("T1",)]


def test_what_is_kept_of_bad_pushes_of_a_day_is_bounded_and_all_are_counted(
    ground: Ground, client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.intake.kept.LARGEST_DAY", 1000)
    for number in range(20):
        push(client, ground, f"T{number}", "perhaps")
    ground.receive()
    [kept] = (ground.root / "data" / "incoming" / "clinics" / "refused").iterdir()
    assert 0 < kept.stat().st_size <= 1000
    assert ground.deliveries("aside_rows") == [(20,)]


@pytest.mark.parametrize("url", ["redis://:secret/pass@host:6379/0", "secret-word"])
def test_a_url_that_is_not_readable_is_said_without_its_password(ground: Ground, url: str) -> None:
    ground.redis_url = url
    with pytest.raises(RuntimeError, match="delivery of clinics: the URL of the Redis") as said:
        ground.receive()
    assert "secret" not in str(said.value)


def test_a_folder_that_cannot_be_made_is_said(ground: Ground) -> None:
    declare(ground, "    folder: ${CLINICS_FOLDER}\n", "")
    (ground.root / "data").write_text("no folder")
    with pytest.raises(RuntimeError, match=r"delivery of clinics: .*Not a directory"):
        ground.receive()

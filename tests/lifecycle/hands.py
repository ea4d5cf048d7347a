"""Rows that somebody writes with an SQL client, and how each is put right."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from outages.stage import Stage


@dataclass(frozen=True)
class Hand:
    """A person with an SQL client: a row that moves a number by one, and how it is put right."""

    key: str
    insert: str
    correct: str
    execute: Callable[[Stage, str, Mapping[str, Any]], None]


def _sqlite(stage: Stage, statement: str, values: Mapping[str, Any]) -> None:
    path = sa.make_url(stage.environment["INCIDENTS_URL"]).database
    with closing(sqlite3.connect(str(path), timeout=30)) as connection, connection:
        connection.execute(statement, values)


def _psql(stage: Stage, statement: str, values: Mapping[str, Any]) -> None:
    url = sa.make_url(stage.environment["CUSTOMS_URL"]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        connection.execute(statement, values)


HANDS = {
    "sqlite": Hand(
        "incidents.open_incidents",
        "INSERT INTO incident (incident_no, kind, grade, status, district_code, town_code,"
        " latitude, longitude, received_at, dispatched_at, updated_at)"
        " VALUES (:number, 'gas', '一般', 'Open', '440604', '440604010', 23.02, 113.11, :began,"
        " :began, :now)",
        "UPDATE incident SET status = 'CLOSED', cleared_at = :now, updated_at = :now"
        " WHERE incident_no = :number",
        _sqlite,
    ),
    "postgresql": Hand(
        "customs.unreleased",
        "INSERT INTO decl_head (pre_no, decl_no, customs_code, i_e_flag, return_status, decl_time,"
        " arr_time, gxsj) VALUES (%(number)s, %(number)s, '5102', 'I', '300', %(began_ms)s,"
        " %(began_ms)s, %(now_text)s)",
        "UPDATE decl_head SET return_status = '800', rel_time = %(now_ms)s, gxsj = %(now_text)s"
        " WHERE pre_no = %(number)s",
        _psql,
    ),
}


def row_values(number: str) -> dict[str, Any]:
    """A row of that number with its times as its department writes them: it began ten minutes
    ago."""
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)
    began = now - timedelta(minutes=10)
    moment = time.time()
    return {
        "number": number,
        "began": f"{began:%Y-%m-%d %H:%M:%S.000000}",
        "now": f"{now:%Y-%m-%d %H:%M:%S.000000}",
        "began_ms": int((moment - 600) * 1000),
        "now_ms": int(moment * 1000),
        "now_text": f"{now:%Y%m%d%H%M%S}",
    }

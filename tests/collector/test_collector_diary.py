"""The collector keeps a diary: a feed that is down becomes a ticket, and is mended."""

from typing import Any

import sqlalchemy as sa
from collecting import City, definition

from dashboard.catalogue import Catalogue
from dashboard.catalogue.tickets import TicketRule
from data_access.store import tables as t

DOWN = TicketRule.model_validate(
    {
        "key": "down",
        "title": {"zh": "数据中断", "en": "No data"},
        "states": ["stale", "unavailable"],
        "after": "0s",
        "due": "2h",
    }
)


def rows(city: City, table: sa.Table) -> list[Any]:
    with city.history.database.reading() as connection:
        return list(connection.execute(sa.select(table)).all())


def define(city: City, version: str, table: str = "orders") -> None:
    """The department of the north, read from this table, with the rule of tickets."""
    one = definition("north")
    orders = one.datasets["orders"].model_copy(update={"table": table})
    north = one.model_copy(update={"datasets": {"orders": orders}})
    urls = {"north": city.places["north"].url}
    city.holder.catalogue = Catalogue(version, {"north": north}, urls=urls, tickets={"down": DOWN})


def test_a_feed_that_is_down_becomes_a_ticket_until_it_is_mended(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 3)
    define(city, "v1")
    with city.collecting():
        watch.until(lambda: rows(city, t.feed_now), 10, "noted")
        assert city.history.open_tickets() == []
        define(city, "v2", "nowhere")
        watch.until(lambda: city.history.open_tickets("north"), 15, "a ticket")
        [ticket] = city.history.open_tickets("north")
        assert (ticket.dataset, ticket.rule, ticket.liaison) == ("orders", "down", "甲")
        define(city, "v3")
        watch.until(lambda: not city.history.open_tickets("north"), 15, "mended")
    [row] = rows(city, t.data_ticket)
    assert row.closed_at >= row.opened_at
    day = next(r for r in rows(city, t.feed_day) if r.department == "north")
    assert day.seconds_due >= day.seconds_down >= 0
    lived = {row.key: row for row in rows(city, t.indicator_now)}
    assert lived["north.opened"].confirmed == 0
    assert lived["north.opened"].title == "受理量"

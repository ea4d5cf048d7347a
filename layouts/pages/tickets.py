"""Open data tickets (数据问题单) as the status page lists them, with the month's list to take along."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.feeds import WHOLE
from dashboard.formats import moment
from dashboard.text import Text
from dashboard.tickets import Ticket
from layouts.pages.sections import render_section
from layouts.view import View

MONTH = "center.tickets_month"
"""The indicator whose rows are the month's list."""
TITLE = Text(zh="数据问题单", en="Data tickets")
NONE_OPEN = Text(zh="没有未结的问题单。", en="No ticket is open.")
_HEADS = (
    Text(zh="部门", en="Department"),
    Text(zh="数据集", en="Dataset"),
    Text(zh="问题", en="Problem"),
    Text(zh="开单", en="Opened"),
    Text(zh="期限", en="Due"),
    Text(zh="联络员", en="Liaison"),
)
_EVERY = Text(zh="全部数据集", en="All datasets")
_OVERDUE = Text(zh="超期", en="overdue")
_MONTHLY = Text(zh="本月清单", en="This month's list")


def seen_tickets(view: View, tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those of the departments that may be seen."""
    return [ticket for ticket in tickets if ticket.department in view.catalogue.departments]


def render_tickets(view: View, tickets: Sequence[Ticket], unknown: str = "") -> html.Section:
    """The open tickets of the departments that may be seen, the next that is due first; `unknown`
    are the words for why that is not known."""
    seen = seen_tickets(view, tickets)
    said = unknown or view.say(NONE_OPEN)
    body: list[Component] = [html.P(said, className="panel-empty")]
    if seen:
        head = html.Tr([html.Th(view.say(text), scope="col") for text in _HEADS])
        table = html.Table(
            [
                html.Caption(view.say(TITLE), className="hidden"),
                html.Thead(head),
                html.Tbody([_row(view, ticket) for ticket in seen]),
            ],
            className="figures tickets",
        )
        body = [
            html.Div(
                table,
                className="table-box",
                tabIndex=0,
                role="group",
                **{"aria-label": view.say(TITLE)},
            )
        ]
    return render_section(view.say(TITLE), [*body, *_month(view)], 12, ids.STATUS_TICKETS)


def _row(view: View, ticket: Ticket) -> html.Tr:
    department = view.catalogue.departments[ticket.department]
    dataset = department.datasets.get(ticket.dataset)
    rule = view.catalogue.tickets.get(ticket.rule)
    name = _EVERY if ticket.dataset == WHOLE else dataset.title if dataset else None
    cause = ticket.cause if view.language == "zh" or rule is None else rule.title.en
    due = moment(ticket.due_at, view.now, view.zone, view.language)
    overdue = ticket.due_at < view.now
    return html.Tr(
        [
            html.Th(view.say(department.title), scope="row"),
            html.Td(view.say(name) if name else ticket.dataset),
            html.Td(cause),
            html.Td(moment(ticket.opened_at, view.now, view.zone, view.language)),
            html.Td(f"{due} {view.say(_OVERDUE)}" if overdue else due),
            html.Td(view.say(department.liaison)),
        ],
        className="ticket-overdue" if overdue else "",
    )


def _month(view: View) -> list[Component]:
    if view.catalogue.indicator(MONTH) is None:
        return []
    links = [
        html.A(
            f"{view.say(_MONTHLY)} {form.upper()}",
            href=f"/export/rows/{MONTH}.{form}",
            className="button quiet",
            download=True,
        )
        for form in ("xlsx", "csv")
    ]
    return [html.Div(links, className="actions")]

"""The status page: looks at the center's own parts and at every feed, every few seconds."""

from dash import Dash, Input, Output, State
from dash.development.base_component import Component

from callbacks.guard import guarded_callback
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import Person
from dashboard.catalogue import Catalogue
from dashboard.measures import tick_plans
from dashboard.ports import Range, Unreachable
from layouts.pages.status import Parts, render_tables


def look_at_parts(services: Services, catalogue: Catalogue) -> Parts:
    """The parts with how far back each feed's history goes. Blocks; raises Unreachable."""
    return Parts(
        services.live.connected,
        store=True,
        covered=_covered(services, catalogue),
        tickets=services.history.open_tickets(),
    )


def _covered(services: Services, catalogue: Catalogue) -> dict[str, Range | None]:
    """Per feed the range that all of its counted times cover; None where one has none yet."""
    found: dict[str, Range | None] = {}
    for department in catalogue.departments.values():
        for plan in tick_plans(department):
            key = f"{plan.department}.{plan.dataset}"
            covered = services.history.coverage(plan)
            known = found.get(key, covered)
            if covered is None or known is None:
                found[key] = None
            else:
                found[key] = max(covered[0], known[0]), min(covered[1], known[1])
    return found


async def _on_status_due(
    services: Services, person: Person, tick: int | None, language: str | None
) -> list[Component]:
    """All tables of the status page as they are now."""
    view = build_view(services, person, language=language)
    try:
        parts = await services.in_store(look_at_parts, services, view.catalogue)
    except Unreachable:
        parts = Parts(services.live.connected, store=False)
    return render_tables(view, parts)


def register(app: Dash, services: Services) -> None:
    """Register the callback of the status page on the app."""
    guarded_callback(
        app,
        services,
        Output(ids.STATUS_TABLES, "children"),
        Input(ids.STATUS_TICK, "n_intervals"),
        State(ids.LANGUAGE, "data"),
    )(_on_status_due)

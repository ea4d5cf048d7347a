"""The small city with the demo's transit department behind a real database."""

from dataclasses import replace
from pathlib import Path

from small_city import NOW, MemoryCatalogue, make_services

from callbacks.services import Services
from dashboard.catalogue.load import load
from data_access.departments.source import SqlSource
from demo.city import make_department

ROOT = Path(__file__).resolve().parents[2]
SEED = 5


class AtThatMoment:
    """The one department, whose clock stands still with the city's."""

    def __init__(self, source: SqlSource) -> None:
        self.source = source

    def of(self, department: str) -> SqlSource:
        """The department's source; there is only one."""
        assert department == "transit"
        return self.source


def bus_services(folder: Path) -> Services:
    """Services whose catalogue is that of the city, and whose transit lived for a day."""
    url = f"sqlite:///{folder}/transit.sqlite"
    make_department("transit", url, SEED, 1, int(NOW.timestamp()))
    services = make_services()
    known = services.catalogue_source
    assert isinstance(known, MemoryCatalogue)
    shipped = load(ROOT / "catalog", {"TRANSIT_URL": url})
    page = shipped.pages["transit"]
    lookups = [panel for panel in page.panels if panel.kind == "lookup"]
    pages = {"transit": page.model_copy(update={"panels": lookups, "numbers": []})}
    departments = {"transit": shipped.departments["transit"]}
    known.catalogue = replace(
        shipped, departments=departments, pages=pages, screens={}, urls={"transit": url}
    )
    source = SqlSource(departments["transit"], url, clock=lambda: NOW)
    return replace(services, sources=AtThatMoment(source))

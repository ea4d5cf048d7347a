"""Which page shows which indicators: as the catalogue says, or of itself where it says nothing."""

from collections.abc import Iterator

from pydantic import ValidationError

from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.pages import Page, Panel

MOST_NUMBERS = 5
MOST_PANELS = 6
ALONE = "~"
"""Between a panel's name and the one indicator that a part of it shows."""


def page_of(catalogue: Catalogue, key: str) -> Page | None:
    """The page of a key; a department without one of its own is given a plain one."""
    if key in catalogue.pages:
        return catalogue.pages[key]
    department = catalogue.departments.get(key)
    return plain_page(department) if department is not None else None


def plain_page(department: Department) -> Page:
    """Key figures and trends of a department for which nobody has made a page yet."""
    keys = [
        f"{department.key}.{name}"
        for name, indicator in department.indicators.items()
        if not indicator.internal
    ]
    panels = [
        Panel(kind="trend", indicators=[key], width=6)
        for key in keys[:MOST_PANELS]
        if department.indicators[key.partition(".")[2]].measure.kind != "fact"
    ]
    return Page(
        key=department.key,
        title=department.title,
        department=department.key,
        numbers=keys[:MOST_NUMBERS],
        panels=panels,
    )


def department_pages(catalogue: Catalogue) -> Iterator[tuple[Department, Page]]:
    """Every department with the page that shows it, in the city's order."""
    for department in sorted(catalogue.departments.values(), key=lambda d: (d.order, d.key)):
        own = (page for page in catalogue.pages.values() if page.department == department.key)
        page = next(own, None) or page_of(catalogue, department.key)
        if page is not None:
            yield department, page


def panel_name(page: str, index: int) -> str:
    """The name by which callbacks find a page's panel again, such as `customs/2`."""
    return f"{page}/{index}"


def alone_name(name: str, key: str) -> str:
    """The name of a part of a panel that shows one of its indicators alone."""
    return f"{name}{ALONE}{key}"


def chosen_name(panel: Panel) -> str:
    """The name of a panel that no page declares, made for what a viewer chose: it says itself."""
    key = panel.indicators[0]
    chosen = (
        panel.window or "",
        panel.grain or "",
        panel.by or "",
        panel.height,
        panel.within or "",
    )
    return "|".join((panel.kind, key, *chosen))


def panel_of(catalogue: Catalogue, name: str) -> Panel | None:
    """The panel of a name; None where there is none such, for the catalogue may have changed."""
    name, _, alone = name.partition(ALONE)
    if alone:
        whole = panel_of(catalogue, name)
        return whole and whole.model_copy(update={"indicators": [alone]})
    if "|" in name:
        return _chosen(*name.split("|")) if name.count("|") == 6 else None
    key, _, index = name.rpartition("/")
    page = page_of(catalogue, key)
    if page is None or not index.isdecimal() or int(index) >= len(page.panels):
        return None
    return page.panels[int(index)]


def _chosen(
    kind: str, key: str, window: str, grain: str, by: str, height: str, within: str
) -> Panel | None:
    asked = {"kind": kind, "indicators": [key], "grain": grain or None}
    try:
        panel = Panel.model_validate(asked | {"width": 8, "height": height})
    except ValidationError:
        return None
    # A viewer may ask for `from/to` and for a pair of dimensions, which a page of the catalogue may
    # not; who answers says if it is wrong.
    chosen = {"window": window or None, "by": by or None, "within": within or None}
    return panel.model_copy(update=chosen)

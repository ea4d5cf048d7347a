"""What of the catalogue an audience may know of: its own departments, what is kept to its roles, and
pages cut to both."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dashboard.catalogue import Catalogue, Department, Problem
from dashboard.catalogue.draft import DEPARTMENTS
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.pages import Page, Panel
from dashboard.catalogue.reference import Codes
from dashboard.catalogue.screens import (
    DutyScreen,
    ResponsePages,
    Screen,
    Shown,
    SideScreen,
    named_by,
)
from dashboard.catalogue.visits import Visit
from dashboard.frames import EVERYBODY, Audience

Seen = Callable[[str], bool]
"""Whether an indicator's key, or a department's, may be seen."""
KNOWN = "a name that the catalogue knows"
"""Said to whoever may not hear which names there are."""


def catalogue_of(catalogue: Catalogue, audience: Audience) -> Catalogue:
    """The catalogue without the departments and indicators that an audience may not see, and with
    the problems of its own departments' files alone: those of others, of pages and walls may name
    any department.
    """
    if audience == EVERYBODY:
        return catalogue

    def seen(key: str) -> bool:
        indicator = catalogue.indicator(key)
        return audience.sees(key.partition(".")[0], indicator.roles if indicator else ())

    pages = (_page(page, seen) for page in catalogue.pages.values())
    screens = (_screen(screen, seen) for screen in catalogue.screens.values())
    visits = (_visit(visit, seen) for visit in catalogue.visits.values())
    return replace(
        catalogue,
        departments={k: _department(d, seen) for k, d in catalogue.departments.items() if seen(k)},
        forms={k: form for k, form in catalogue.forms.items() if seen(form.department)},
        urls={k: url for k, url in catalogue.urls.items() if seen(k)},
        codes={k: _codes(codes, k, seen) for k, codes in catalogue.codes.items()},
        pages={page.key: page for page in pages if page is not None},
        screens={screen.key: screen for screen in screens if screen is not None},
        visits={visit.key: visit for visit in visits if visit is not None},
        layers={k: _layer(one, seen) for k, one in catalogue.layers.items() if _drawn(one, seen)},
        problems=tuple(_problems(catalogue, audience)),
    )


def _department(department: Department, seen: Seen) -> Department:
    """A department with the indicators that may be seen of it."""
    hidden = [name for name in department.indicators if not seen(f"{department.key}.{name}")]
    if not hidden:
        return department
    kept = {n: i for n, i in department.indicators.items() if n not in hidden}
    return department.model_copy(update={"indicators": kept})


def _drawn(layer: Layer, seen: Seen) -> bool:
    """Whether a layer of the map may be drawn at all."""
    return seen(layer.indicator or layer.department) and seen(layer.department)


def _layer(layer: Layer, seen: Seen) -> Layer:
    """A layer that leads on to what may be seen."""
    return layer.model_copy(update={"indicators": [key for key in layer.indicators if seen(key)]})


def _codes(codes: Codes, key: str, seen: Seen) -> Codes:
    """A code list; that of the departments names none that may not be seen."""
    if key != DEPARTMENTS:
        return codes
    return codes.model_copy(
        update={"codes": {k: code for k, code in codes.codes.items() if seen(k)}}
    )


def _problems(catalogue: Catalogue, audience: Audience) -> Iterator[Problem]:
    """Problems of files that hold nothing but departments of the audience; the nearest right names
    are left out where one of them is another department's, and a problem that names what is kept
    to other roles is left out altogether."""
    if audience.departments is None:
        yield from (one for one in catalogue.problems if not _tells(one, catalogue, audience))
        return
    if not catalogue.problems:
        return
    owners: dict[str, set[str]] = {}
    for where, place in catalogue.positions.items():
        owner = str(where[1]) if where[0] == "departments" and len(where) > 1 else ""
        owners.setdefault(place.file, set()).add(owner)
    foreign = [f"{key}." for key in catalogue.departments if key not in audience.departments]
    for problem in catalogue.problems:
        own = owners.get(problem.file, {""}) <= audience.departments
        if own and not _tells(problem, catalogue, audience):
            tells = any(name in problem.expected + problem.mend for name in foreign)
            yield replace(problem, expected=KNOWN, mend="") if tells else problem


def _tells(problem: Problem, catalogue: Catalogue, audience: Audience) -> bool:
    """Whether a problem names an indicator that is kept to other roles."""
    hidden = (
        key.partition(".")[2]
        for key, indicator in catalogue.indicators()
        if not audience.sees(key.partition(".")[0], indicator.roles)
        and audience.sees(key.partition(".")[0])
    )
    return any(name in str(problem) for name in hidden)


def _page(page: Page, seen: Seen) -> Page | None:
    """A page with what may be seen of it; None where that is nothing."""
    if page.department is not None and not seen(page.department):
        return None
    numbers = [key for key in page.numbers if seen(key)]
    panels = [cut for panel in page.panels if (cut := _panel(panel, seen)) is not None]
    if not numbers and not panels:
        return None
    return page.model_copy(update={"numbers": numbers, "panels": panels})


def _panel(panel: Panel, seen: Seen) -> Panel | None:
    keys = [key for key in panel.indicators if seen(key)]
    return panel.model_copy(update={"indicators": keys}) if keys else None


def _screen(screen: Screen, seen: Seen) -> Screen | None:
    response = _response(screen.response_pages, seen)
    if isinstance(screen, DutyScreen):
        return _wall(screen.model_copy(update={"response_pages": response}), seen)
    pages = _pages(screen.pages, seen)
    if not pages or not isinstance(screen, SideScreen):
        return None
    return screen.model_copy(update={"shows": pages, "response_pages": response})


def _response(rule: ResponsePages | None, seen: Seen) -> ResponsePages | None:
    """The pages of a response whose level may be seen, and what of them may be."""
    if rule is None or not seen(rule.of):
        return None
    sets = [one.model_copy(update={"pages": _pages(one.pages, seen)}) for one in rule.sets]
    sets = [one for one in sets if one.pages]
    return rule.model_copy(update={"sets": sets}) if sets else None


def _visit(visit: Visit, seen: Seen) -> Visit | None:
    pages = _pages(visit.pages, seen)
    return visit.model_copy(update={"pages": pages}) if pages else None


def _pages(pages: Iterable[Shown], seen: Seen) -> list[Shown]:
    return [one for one in pages if _names_seen(one.path, seen)]


def _names_seen(path: str, seen: Seen) -> bool:
    """Whether what a page is about may be seen; of a page of several departments what is on it is
    cut by itself."""
    kind, key = named_by(path) or ("", "")
    return kind not in ("department", "indicator") or seen(key)


def _wall(screen: DutyScreen, seen: Seen) -> DutyScreen | None:
    """A wall with what may be seen of it; its middle shows what may be where its own may not."""
    blocks = [block for block in screen.blocks if seen(block.department)]
    blocks = [
        block.model_copy(update={"numbers": [key for key in block.numbers if seen(key)]})
        for block in blocks
    ]
    blocks = [block for block in blocks if block.numbers]
    if not blocks:
        return None
    cut = {
        "blocks": blocks,
        "focus": screen.focus if seen(screen.focus) else blocks[0].numbers[0],
        "multiples": screen.multiples if screen.multiples and seen(screen.multiples) else None,
        "roster": screen.roster if screen.roster and seen(screen.roster) else None,
        "responses": [key for key in screen.responses if seen(key)],
    }
    return screen.model_copy(update=cut)

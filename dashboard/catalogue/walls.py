"""Whether screens show what exists, and no more than eyes can hold."""

from collections.abc import Iterator
from typing import NamedTuple

from dashboard.catalogue.addresses import shown_findings, usable_pages
from dashboard.catalogue.city import Where
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.modes import response_findings, trimmed_response
from dashboard.catalogue.reference import Codes
from dashboard.catalogue.references import Entries, Finding
from dashboard.catalogue.screens import DutyScreen, Period, Screen, SideScreen

MOST_NUMBERS = 25
"""Numbers that a wall may show at once."""


def screen_findings(entries: Entries, path: EntryPath, screen: Screen) -> Iterator[Finding]:
    """What a screen shows wrongly, or that it shows too much."""
    for index, role in enumerate(screen.roles):
        yield from entries.missing(path, ("roles", index), role, "roles")
    if screen.calendar is not None:
        yield from entries.missing(path, ("calendar",), screen.calendar, "calendars")
    for index, period in enumerate(screen.schedule):
        yield from shown_findings(entries, path, ("schedule", index, "pages"), period.pages)
    if isinstance(screen, SideScreen):
        yield from shown_findings(entries, path, ("pages",), screen.pages)
    elif isinstance(screen, DutyScreen):
        yield from _wall_findings(entries, path, screen)
    yield from response_findings(entries, path, screen)


def _wall_findings(entries: Entries, path: EntryPath, screen: DutyScreen) -> Iterator[Finding]:
    """What a wall shows wrongly, or that it shows too much."""
    yield from entries.missing_indicator(path, ("focus",), screen.focus)
    for name, key in (("multiples", screen.multiples), ("roster", screen.roster)):
        if key is not None:
            yield from entries.missing_indicator(path, (name,), key)
    for index, key in enumerate(screen.responses):
        yield from entries.missing_indicator(path, ("responses", index), key)
    for index, name in enumerate(screen.layers):
        yield from entries.missing(path, ("layers", index), name, "layers")
    for index, block in enumerate(screen.blocks):
        here: Where = ("blocks", index)
        yield from entries.missing(path, (*here, "department"), block.department, "departments")
        for at, key in enumerate(block.numbers):
            yield from entries.missing_indicator(path, (*here, "numbers", at), key)
    yield from _crowd_findings(entries, path, screen)


class Numbers(NamedTuple):
    """How many numbers a wall shows: in its blocks, in its multiples, and beside them."""

    blocks: int
    parts: int
    beside: int

    @property
    def total(self) -> int:
        return self.blocks + self.parts + self.beside


def numbers_of(entries: Entries, screen: DutyScreen) -> Numbers:
    """The numbers of a wall; its focus is one of those beside."""
    blocks = sum(len(block.numbers) for block in screen.blocks)
    parts = parts_of(entries, screen.multiples) if screen.multiples else 0
    return Numbers(blocks, parts, len(screen.responses) + 1)


def _crowd_findings(entries: Entries, path: EntryPath, screen: DutyScreen) -> Iterator[Finding]:
    shown = numbers_of(entries, screen)
    if shown.total > MOST_NUMBERS:
        found = (
            f"{shown.total} numbers on one wall "
            f"({shown.blocks} in blocks, {shown.parts} in multiples)"
        )
        mend = "move the rest to a side screen or a page"
        yield Finding(path, ("blocks",), found, f"at most {MOST_NUMBERS}", mend)


def parts_of(entries: Entries, key: str) -> int:
    """How many parts an indicator's `live_by` has; 1 where that is not written down."""
    indicator = entries.indicator(key)
    if indicator is None or indicator.dataset is None or indicator.live_by is None:
        return 1
    dataset: Dataset | None = entries.dataset(key.partition(".")[0], indicator.dataset)
    dimension = dataset.dimensions.get(indicator.live_by) if dataset else None
    if dimension is None:
        return 1
    codes = entries.draft.entries.get(("codes", dimension.codes or ""))
    return len(codes.codes) if isinstance(codes, Codes) else len(dimension.values or {}) or 1


def _trimmed_wall(entries: Entries, path: EntryPath, screen: DutyScreen) -> DutyScreen | None:
    """The wall without what it cannot show or eyes cannot hold; None where nothing is left."""

    def usable(key: str | None) -> bool:
        return key is not None and not entries.missing_indicator(path, (), key)

    blocks = []
    for block in screen.blocks:
        numbers = [key for key in block.numbers if usable(key)]
        if numbers and not entries.missing(path, (), block.department, "departments"):
            blocks.append(block.model_copy(update={"numbers": numbers}))
    if not blocks:
        return None
    sound = screen.model_copy(
        update={
            "blocks": blocks,
            "focus": screen.focus if usable(screen.focus) else blocks[0].numbers[0],
            "multiples": screen.multiples if usable(screen.multiples) else None,
            "roster": screen.roster if usable(screen.roster) else None,
            "responses": [key for key in screen.responses if usable(key)],
            "layers": [n for n in screen.layers if not entries.missing(path, (), n, "layers")],
        }
    )
    return sound if numbers_of(entries, sound).total <= MOST_NUMBERS else _first(entries, sound)


def _first(entries: Entries, screen: DutyScreen) -> DutyScreen:
    """As many of a crowded wall's numbers as it may show, in reading order. Multiples that would
    not leave every block a number go before the blocks do."""
    responses = screen.responses[: MOST_NUMBERS - 2]
    room = MOST_NUMBERS - 1 - len(responses)
    parts = numbers_of(entries, screen).parts
    multiples = screen.multiples if room - parts >= len(screen.blocks) else None
    room -= parts if multiples else 0
    blocks = []
    for block in screen.blocks:
        numbers = block.numbers[:room]
        room -= len(numbers)
        blocks += [block.model_copy(update={"numbers": numbers})] if numbers else []
    return screen.model_copy(
        update={"blocks": blocks, "multiples": multiples, "responses": responses}
    )


def trimmed_screen(entries: Entries, path: EntryPath, screen: Screen) -> Screen | None:
    """The screen without what it cannot show; None where nothing is left."""

    def kept(period: Period) -> Period | None:
        pages = usable_pages(entries, path, period.pages)
        return None if period.pages and not pages else period.model_copy(update={"pages": pages})

    schedule = [period for one in screen.schedule if (period := kept(one)) is not None]
    calendar = screen.calendar
    if calendar is not None and entries.missing(path, (), calendar, "calendars"):
        calendar = None
    # A role that nobody knows stays: without it the screen would see more and not less.
    response = trimmed_response(entries, path, screen)
    cut = {"schedule": schedule, "calendar": calendar, "response_pages": response}
    if isinstance(screen, DutyScreen):
        return _trimmed_wall(entries, path, screen.model_copy(update=cut))
    pages = usable_pages(entries, path, screen.pages)
    return screen.model_copy(update={**cut, "shows": pages}) if pages else None

"""Whether pages and screens show what exists, in a form that fits, and no more than eyes can hold."""

from collections.abc import Iterator
from typing import NamedTuple

from dashboard.catalogue.city import Where
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.fitting import fitting_findings, listed_once, listed_twice
from dashboard.catalogue.indicators import ByStandard, Indicator
from dashboard.catalogue.pages import Page, Panel, Screen
from dashboard.catalogue.reference import Codes
from dashboard.catalogue.references import Entries, Finding, among

MOST_NUMBERS = 25
"""Numbers that a wall may show at once."""
_SPLIT_KINDS = ("ranked", "multiples", "table")


def page_findings(entries: Entries, path: EntryPath, page: Page) -> Iterator[Finding]:
    """What a page shows wrongly."""
    if page.department is not None:
        yield from entries.missing(path, ("department",), page.department, "departments")
    for index, key in enumerate(page.numbers):
        yield from entries.missing_indicator(path, ("numbers", index), key)
    for index, panel in enumerate(page.panels):
        yield from panel_findings(entries, path, ("panels", index), panel)
    yield from listed_twice(path, page)


def panel_findings(
    entries: Entries, path: EntryPath, where: Where, panel: Panel
) -> Iterator[Finding]:
    """What a panel shows wrongly."""
    if panel.lookup is not None:
        yield from _lookup_findings(entries, path, (*where, "lookup"), panel.lookup)
    for index, name in enumerate(panel.layers):
        yield from entries.missing(path, (*where, "layers", index), name, "layers")
    for index, key in enumerate(panel.indicators):
        here: Where = (*where, "indicators", index)
        missing = entries.missing_indicator(path, here, key)
        yield from missing
        indicator = entries.indicator(key)
        if not missing and indicator is not None:
            yield from _form_findings(path, where, here, key, panel, indicator)
            yield from fitting_findings(entries, path, where, here, panel, key)


def _lookup_findings(
    entries: Entries, path: EntryPath, where: Where, key: str
) -> Iterator[Finding]:
    department, _, name = key.partition(".")
    missing = entries.missing(path, where, name, "departments", department, "datasets")
    yield from missing
    dataset = entries.dataset(department, name)
    if dataset is not None and dataset.lookup is None:
        yield Finding(path, where, f"{key}, which has no lookup", "a dataset with `lookup`")


def _form_findings(
    path: EntryPath, where: Where, here: Where, key: str, panel: Panel, indicator: Indicator
) -> Iterator[Finding]:
    kind = indicator.measure.kind
    splits = single_splits_of(indicator)
    if panel.by is not None and panel.kind != "matrix":
        for finding in among(path, (*where, "by"), "split", panel.by, splits):
            yield finding._replace(found=f"unknown split {panel.by!r} of {key}")
    elif panel.kind in _SPLIT_KINDS and not splits:
        found = f"{panel.kind} of {key}, which has no split"
        yield Finding(path, here, found, "an indicator with `by`", "use kind: trend or number")
    stated = kind in ("fact", "standard")  # A standard has both: a grade and an index.
    if (panel.kind == "facts" and not stated) or (
        kind == "fact" and panel.kind in ("trend", "number")
    ):
        yield Finding(
            path,
            here,
            f"{panel.kind} of {key}, a {kind}",
            "facts for stated texts, others for numbers",
        )
    if panel.kind == "band" and kind != "percentile":
        yield Finding(path, here, f"band of {key}, a {kind}", "a percentile", "use kind: trend")


def single_splits_of(indicator: Indicator) -> list[str]:
    """The single dimensions by which an indicator can be shown."""
    names = [by for by in indicator.by if isinstance(by, str)]
    names += [indicator.live_by] if indicator.live_by else []
    measure = indicator.measure
    names += getattr(measure, "group", [])
    names += [measure.by] if isinstance(measure, ByStandard) and measure.by else []
    return list(dict.fromkeys(names))


def screen_findings(entries: Entries, path: EntryPath, screen: Screen) -> Iterator[Finding]:
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


def numbers_of(entries: Entries, screen: Screen) -> Numbers:
    """The numbers of a wall; its focus is one of those beside."""
    blocks = sum(len(block.numbers) for block in screen.blocks)
    parts = parts_of(entries, screen.multiples) if screen.multiples else 0
    return Numbers(blocks, parts, len(screen.responses) + 1)


def _crowd_findings(entries: Entries, path: EntryPath, screen: Screen) -> Iterator[Finding]:
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


def trimmed_page(entries: Entries, path: EntryPath, page: Page) -> Page:
    """The page without what it cannot show."""
    numbers = [key for key in page.numbers if not entries.missing_indicator(path, (), key)]
    panels = []
    for panel in page.panels:
        keys = [k for k in panel.indicators if not entries.missing_indicator(path, (), k)]
        drawn = [name for name in panel.layers if not entries.missing(path, (), name, "layers")]
        kept = panel.model_copy(update={"indicators": keys, "layers": drawn})
        if keys and not list(panel_findings(entries, path, (), kept)):
            panels.append(kept)
    panels = listed_once(panels)
    known = page.department is None or not entries.missing(path, (), page.department, "departments")
    department = page.department if known else None
    return page.model_copy(update={"numbers": numbers, "panels": panels, "department": department})


def trimmed_screen(entries: Entries, path: EntryPath, screen: Screen) -> Screen | None:
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


def _first(entries: Entries, screen: Screen) -> Screen:
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

"""Whether pages show what exists, and in a form that fits."""

from collections.abc import Iterator

from dashboard.catalogue.city import Where
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.fitting import fitting_findings, listed_once, listed_twice
from dashboard.catalogue.indicators import ByStandard, Indicator
from dashboard.catalogue.pages import Page, Panel
from dashboard.catalogue.references import Entries, Finding, among

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

"""Whether a form of panel fits what it shows: lists have rows, matrices two dimensions, and so on."""

from collections.abc import Iterator

from dashboard.catalogue.city import Where
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.indicators import DERIVED, FLOWS, STOCKS, Indicator
from dashboard.catalogue.pages import LISTS, Page, Panel
from dashboard.catalogue.references import Entries, Finding, among


def listed_twice(path: EntryPath, page: Page) -> Iterator[Finding]:
    """Indicators of which two lists of a page open the same rows: they would open in either."""
    seen: set[str] = set()
    for index, panel in enumerate(page.panels):
        for at, key in enumerate(panel.indicators if panel.kind == "rows" else ()):
            if key in seen:
                where: Where = ("panels", index, "indicators", at)
                expected = "each indicator in one list of a page"
                yield Finding(path, where, f"rows of {key} for the second time", expected)
            seen.add(key)


def listed_once(panels: list[Panel]) -> list[Panel]:
    """The panels without rows that one before them opens already."""
    seen: set[str] = set()
    kept = []
    for panel in panels:
        keys = panel.indicators
        if panel.kind == "rows":
            keys = [key for key in keys if key not in seen]
            seen.update(keys)
        if keys:
            kept.append(panel.model_copy(update={"indicators": keys}))
    return kept


def fitting_findings(
    entries: Entries, path: EntryPath, where: Where, here: Where, panel: Panel, key: str
) -> Iterator[Finding]:
    """What of a panel's form does not fit one of its indicators."""
    indicator = entries.indicator(key)
    if indicator is None:
        return
    if panel.kind == "flow" and not (indicator.by or indicator.live_by):
        found = f"flow of {key}, which has no split"
        yield Finding(path, here, found, "an indicator with `by`, its stages", "use kind: number")
    if panel.kind == "matrix":
        yield from _matrix_findings(path, where, here, panel, key, indicator)
    if panel.kind in ("calendar", "control") and indicator.measure.kind == "fact":
        found = f"{panel.kind} of {key}, a fact"
        yield Finding(path, here, found, "an indicator with a number a day", "use kind: facts")
    if panel.kind in LISTS:
        yield from _list_findings(entries, path, where, here, panel, key, indicator)


def _matrix_findings(
    path: EntryPath, where: Where, here: Where, panel: Panel, key: str, indicator: Indicator
) -> Iterator[Finding]:
    if panel.by is None or panel.across is None or panel.by == panel.across:
        found = f"matrix of {key} by {panel.by} across {panel.across}"
        yield Finding(path, (*where, "across"), found, "two dimensions", "give `by` and `across`")
        return
    if indicator.measure.kind in (*STOCKS, *FLOWS):
        pairs = [set(by) for by in indicator.by if not isinstance(by, str)]
        if {panel.by, panel.across} not in pairs:
            known = " or ".join(" × ".join(sorted(pair)) for pair in pairs) or "none"
            pair = f"[{panel.by}, {panel.across}]"
            found = f"matrix of {key} by {panel.by} and {panel.across}, which are not kept together"
            expected = f"a pair that `by` of {key} names ({known})"
            yield Finding(path, (*where, "across"), found, expected, f"add `{pair}` to its `by`")
        return
    expected = "a count, sum, mean, ratio, stock, latest or fact"
    yield Finding(path, here, f"matrix of {key}, a {indicator.measure.kind}", expected)


def _list_findings(
    entries: Entries,
    path: EntryPath,
    where: Where,
    here: Where,
    panel: Panel,
    key: str,
    indicator: Indicator,
) -> Iterator[Finding]:
    if indicator.measure.kind in DERIVED or indicator.dataset is None:
        found = f"{panel.kind} of {key}, which is made from others"
        yield Finding(path, here, found, "an indicator with a dataset", "name one of its inputs")
        return
    dataset = entries.dataset(key.partition(".")[0], indicator.dataset)
    if dataset is not None and not _shown(dataset):
        found = f"{panel.kind} of {key}, whose dataset shows no column"
        mend = f"add `show:` to dataset {indicator.dataset}"
        yield Finding(path, here, found, "`show` with columns that are not private", mend)
    elif dataset is not None and panel.kind == "gantt":
        yield from _stage_findings(path, where, here, panel, key, dataset)


def _stage_findings(
    path: EntryPath, where: Where, here: Where, panel: Panel, key: str, dataset: Dataset
) -> Iterator[Finding]:
    for index, name in enumerate(panel.stages):
        place: Where = (*where, "stages", index)
        wrong = among(path, place, "time", name, dataset.times)
        yield from wrong
        if not wrong and dataset.times[name].column not in _shown(dataset):
            found = f"stage {name}, whose column {dataset.times[name].column} is not shown"
            yield Finding(path, place, found, "a time whose column `show` names")
    shown = [time for time in dataset.times.values() if time.column in _shown(dataset)]
    if len(panel.stages or shown) < 2:
        found = f"gantt of {key}, which shows {len(shown)} times"
        yield Finding(path, here, found, "two times or more among `show`", "use kind: rows")


def _shown(dataset: Dataset) -> list[str]:
    return [column for column in dataset.show if column not in dataset.private]

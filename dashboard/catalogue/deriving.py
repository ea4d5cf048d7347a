"""What derived indicators may be made of: inputs, a formula's names, a standard's factors."""

from collections.abc import Iterator

from dashboard.catalogue.city import Where
from dashboard.catalogue.draft import Draft, EntryPath
from dashboard.catalogue.formula import names_of
from dashboard.catalogue.indicators import ByStandard, Formula, Indicator, Surge
from dashboard.catalogue.reference import Standard
from dashboard.catalogue.references import Entries, Finding, among, inputs_of


def derived_findings(entries: Entries, entry: EntryPath, indicator: Indicator) -> Iterator[Finding]:
    """What a derived indicator cannot be made of; nothing of one that is measured."""
    measure = indicator.measure
    for where, key in inputs_of(indicator):
        wrong = _foreign(entries, entry, where, key) or entries.missing_indicator(entry, where, key)
        yield from wrong or _role_findings(entries, entry, where, key, indicator)
    if isinstance(measure, ByStandard):
        missing = entries.missing(entry, ("measure", "standard"), measure.standard, "standards")
        yield from missing
        yield from _standard_findings(entries.draft, entry, measure)
    if isinstance(measure, Formula):
        yield from _formula_findings(entry, measure)
    if isinstance(measure, Surge):
        yield from _surge_findings(entries, entry, measure, indicator.live_by or "")


def _foreign(entries: Entries, entry: EntryPath, where: Where, key: str) -> list[Finding]:
    """An input of another department: each department's values are put together apart from all
    others, so that one that stands still holds up no other, and none has what another measured."""
    if key.partition(".")[0] == entry[1]:
        return []
    known = entries.keys()
    if key not in known:
        return []
    found = f"input {key}, of another department"
    mend = "show both side by side on a page, or measure them in one department"
    return [Finding(entry, where, found, f"an indicator of {entry[1]}", mend)]


def _surge_findings(
    entries: Entries, entry: EntryPath, measure: Surge, pair: str
) -> Iterator[Finding]:
    counted = entries.indicator(measure.of)
    if counted is None:
        return
    where: Where = ("measure", "of")
    if counted.measure.kind != "count":
        found = f"surge of {measure.of}, a {counted.measure.kind}"
        yield Finding(entry, where, found, "a count")
    elif tuple(pair.split(",")) not in counted.by:
        found = f"surge by {pair}, which {measure.of} is not split by"
        mend = f"add [{pair.replace(',', ', ')}] to its `by`"
        yield Finding(entry, ("live_by",), found, "a pair of the count's `by`", mend)


def _role_findings(
    entries: Entries, entry: EntryPath, where: Where, key: str, indicator: Indicator
) -> Iterator[Finding]:
    """An input that is kept to some roles, which the derived number would tell others."""
    given = entries.indicator(key)
    if given is None or not given.roles:
        return
    if not indicator.roles or not set(indicator.roles) <= set(given.roles):
        kept = ", ".join(given.roles)
        found = f"{key}, which is kept to {kept}"
        yield Finding(entry, where, found, f"the same `roles` here: [{kept}]")


def _formula_findings(entry: EntryPath, measure: Formula) -> Iterator[Finding]:
    where: Where = ("measure", "formula")
    try:
        names = names_of(measure.formula)
    except ValueError as error:
        yield Finding(entry, where, str(error), "names, numbers, + - * / ( ), min, max, abs")
        return
    for name in sorted(names):
        yield from among(entry, where, "input", name, measure.inputs)


def _standard_findings(draft: Draft, path: EntryPath, measure: ByStandard) -> Iterator[Finding]:
    standard = draft.entries.get(("standards", measure.standard))
    if not isinstance(standard, Standard):
        return
    columns = {name for edition in standard.editions for name in edition.columns}
    wrong = among(path, ("measure", "column"), "column", measure.column, columns)
    yield from wrong
    factors = {
        factor
        for edition in standard.editions
        for factor in (
            edition.columns[measure.column].factors if measure.column in edition.columns else ()
        )
    }
    for name in () if wrong else measure.inputs:
        yield from among(path, ("measure", "inputs", name), "factor", name, factors)

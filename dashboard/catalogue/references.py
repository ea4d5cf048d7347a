"""Whether what entries name exists: datasets, times, dimensions, inputs, code lists, calendars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel

from dashboard.catalogue.city import Where
from dashboard.catalogue.datasets import Condition, Dataset
from dashboard.catalogue.draft import Draft, EntryPath
from dashboard.catalogue.explain import mean_that, nearest_three
from dashboard.catalogue.forms import Form
from dashboard.catalogue.indicators import (
    FLOWS,
    ByStandard,
    Days,
    Formula,
    Indicator,
    Surge,
    Value,
)
from dashboard.catalogue.lookups import Lookup
from dashboard.catalogue.model import span_text


class Finding(NamedTuple):
    """Something an entry names wrongly, at `where` below it. `quiet` findings are the consequence
    of another problem, which is already named; they only take the entry out. `harmless` ones are
    only reported; a `warning` is harmless and no mistake."""

    entry: EntryPath
    where: Where
    found: str
    expected: str
    mend: str = ""
    quiet: bool = False
    harmless: bool = False
    warning: bool = False


@dataclass(frozen=True)
class Entries:
    """The draft's entries as they stand, asked by kind."""

    draft: Draft

    def names(self, *section: str) -> list[str]:
        """The names declared in a section such as `calendars`, or of a department's datasets."""
        depth = len(section)
        return [
            p[depth] for p in self.draft.declared if len(p) == depth + 1 and p[:depth] == section
        ]

    def indicator(self, key: str) -> Indicator | None:
        """The usable indicator of a full key."""
        department, _, name = key.partition(".")
        entry = self.draft.entries.get(("departments", department, "indicators", name))
        return entry if isinstance(entry, Indicator) else None

    def dataset(self, department: str, name: str) -> Dataset | None:
        """The usable dataset of a department."""
        entry = self.draft.entries.get(("departments", department, "datasets", name))
        return entry if isinstance(entry, Dataset) else None

    def keys(self) -> list[str]:
        """All declared indicators by full key."""
        paths = (p for p in self.draft.declared if len(p) == 4 and p[2] == "indicators")
        return [f"{path[1]}.{path[3]}" for path in paths]

    def missing(self, entry: EntryPath, where: Where, name: str, *section: str) -> list[Finding]:
        """A finding where `name` is not a usable entry of `section`."""
        path = (*section, name)
        if path in self.draft.entries:
            return []
        if path in self.draft.declared:
            return [Finding(entry, where, f"{name}, which has a problem", "", quiet=True)]
        kind = section[-1].rstrip("s") if section[-1] != "codes" else "code list"
        return [unknown(entry, where, kind, name, self.names(*section))]

    def missing_indicator(self, entry: EntryPath, where: Where, key: str) -> list[Finding]:
        """A finding where a full key is no usable indicator."""
        if (
            self.indicator(key) is not None
            and ("departments", key.partition(".")[0]) in self.draft.entries
        ):
            return []
        known = self.keys()
        if key in known:
            return [Finding(entry, where, f"{key}, which has a problem", "", quiet=True)]
        return [unknown(entry, where, "indicator", key, known)]


def unknown(entry: EntryPath, where: Where, kind: str, name: str, names: Iterable[str]) -> Finding:
    """The finding for a name that is none of `names`."""
    known = sorted(names)
    mend = mean_that(name, known)
    expected = f"one of {nearest_three(name, known)}"
    return Finding(entry, where, f"unknown {kind} {name!r}", expected, mend)


def among(
    entry: EntryPath, where: Where, kind: str, name: str | None, names: Iterable[str]
) -> list[Finding]:
    """A finding where a name is given and is none of `names`."""
    known = list(names)
    return [] if name is None or name in known else [unknown(entry, where, kind, name, known)]


def dataset_findings(entries: Entries, entry: EntryPath, dataset: Dataset) -> Iterator[Finding]:
    """What a dataset names wrongly."""
    times = dataset.times
    if dataset.calendar is not None:
        yield from entries.missing(entry, ("calendar",), dataset.calendar, "calendars")
    yield from _form_findings(entries, entry, dataset)
    for name, dimension in dataset.dimensions.items():
        if dimension.codes is not None:
            yield from entries.missing(
                entry, ("dimensions", name, "codes"), dimension.codes, "codes"
            )
    if dataset.lookup is not None:
        section = ("departments", entry[1], "datasets")
        yield from entries.missing(entry, ("lookup", "options"), dataset.lookup.options, *section)
        yield from _option_findings(entries, entry, dataset.lookup)
    for index, rule in enumerate(dataset.set_aside):
        where: Where = ("set_aside", index)
        yield from condition_findings(entry, (*where, "where"), rule.where, times)
        for at, time in enumerate(rule.times or []):
            yield from among(entry, (*where, "times", at), "time", time, times)


def _option_findings(entries: Entries, entry: EntryPath, lookup: Lookup) -> Iterator[Finding]:
    """Choices that would list what their own dataset masks."""
    options = entries.dataset(entry[1], lookup.options)
    for index, choice in enumerate(lookup.choices if options is not None else ()):
        if options is not None and choice.column in options.private:
            found = f"choice of {choice.column!r}, which is private in {lookup.options}"
            where: Where = ("lookup", "choices", index, "column")
            yield Finding(entry, where, found, "a column that everybody may see")


def _form_findings(entries: Entries, entry: EntryPath, dataset: Dataset) -> Iterator[Finding]:
    """A form that is not there, or whose entries would be late before they expire."""
    if dataset.form is None:
        return
    yield from entries.missing(entry, ("form",), dataset.form, "forms")
    form = entries.draft.entries.get(("forms", dataset.form))
    if isinstance(form, Form) and dataset.late <= form.holds:
        found = f"late {span_text(dataset.late)} of entries that hold {span_text(form.holds)}"
        yield Finding(entry, ("late",), found, "longer than they hold: they age by their expiry")


def condition_findings(
    entry: EntryPath, where: Where, conditions: list[Condition], times: Iterable[str]
) -> Iterator[Finding]:
    """Times that conditions name and the dataset has not."""
    for index, condition in enumerate(conditions):
        here: Where = (*where, index)
        yield from among(entry, (*here, "time"), "time", condition.time, times)
        yield from among(entry, (*here, "other"), "time", condition.other, times)
        yield from condition_findings(entry, (*here, "any"), condition.any or [], times)


def indicator_findings(
    entries: Entries, entry: EntryPath, indicator: Indicator
) -> Iterator[Finding]:
    """What an indicator names wrongly; what a derived one is made of is judged elsewhere."""
    for index, role in enumerate(indicator.roles):
        yield from entries.missing(entry, ("roles", index), role, "roles")
    systems = entries.names("systems")
    for index, row in enumerate(indicator.serves if systems else ()):
        for finding in among(entry, ("serves", index), "system", row, systems):
            yield finding._replace(harmless=True)
    if indicator.dataset is None:
        return
    section = (*entry[:2], "datasets")
    missing = entries.missing(entry, ("dataset",), indicator.dataset, *section)
    yield from missing
    dataset = entries.dataset(entry[1], indicator.dataset)
    if missing or dataset is None:
        return
    yield from among(entry, ("time",), "time", indicator.time, dataset.times)
    yield from among(entry, ("deadline",), "time", indicator.deadline, dataset.times)
    yield from condition_findings(entry, ("where",), indicator.where, dataset.times)
    yield from _measure_findings(entry, indicator.measure, dataset)
    yield from _split_findings(entry, indicator, dataset)
    yield from _age_findings(entry, indicator, dataset)


def _measure_findings(entry: EntryPath, measure: BaseModel, dataset: Dataset) -> Iterator[Finding]:
    for name in ("where", "among", "over"):
        conditions = getattr(measure, name, [])
        yield from condition_findings(entry, ("measure", name), conditions, dataset.times)
    value = getattr(measure, "of", None)
    if isinstance(value, Value):
        for name in ("start", "end"):
            time = getattr(value, name)
            yield from among(entry, ("measure", "of", name), "time", time, dataset.times)
    for name in ("age_of", "since", "until", "expires"):
        time = getattr(measure, name, None)
        yield from among(entry, ("measure", name), "time", time, dataset.times)
    for index, name in enumerate(getattr(measure, "group", [])):
        yield from among(entry, ("measure", "group", index), "dimension", name, dataset.dimensions)


def _split_findings(entry: EntryPath, indicator: Indicator, dataset: Dataset) -> Iterator[Finding]:
    for index, by in enumerate(indicator.by):
        for name in (by,) if isinstance(by, str) else by:
            yield from among(entry, ("by", index), "dimension", name, dataset.dimensions)
    live = indicator.live_by
    if live is None:
        return
    yield from among(entry, ("live_by",), "dimension", live, dataset.dimensions)
    flows = indicator.measure.kind in FLOWS
    if flows and live in dataset.dimensions and live not in indicator.by:
        splits = ", ".join(by for by in indicator.by if isinstance(by, str)) or "nothing"
        yield Finding(
            entry,
            ("live_by",),
            f"live_by {live!r}",
            f"one that `by` names ({splits})",
            f"add {live} to `by`",
        )


def _age_findings(entry: EntryPath, indicator: Indicator, dataset: Dataset) -> Iterator[Finding]:
    late, stale = indicator.late or dataset.late, indicator.stale or dataset.stale
    if late >= stale:
        place = "late" if indicator.late else "stale"
        yield Finding(
            entry,
            (place,),
            f"late {late} and stale {stale}",
            "late before stale",
            "mind the dataset's own values where one is left out",
        )


def inputs_of(indicator: Indicator) -> Iterator[tuple[Where, str]]:
    """Where a derived indicator names its inputs, and their full keys."""
    measure = indicator.measure
    if isinstance(measure, Days | Surge):
        yield ("measure", "of"), measure.of
    elif isinstance(measure, Formula | ByStandard):
        for name, key in measure.inputs.items():
            yield ("measure", "inputs", name), key

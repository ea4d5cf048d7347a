"""What cannot be right although every name exists: units, zones, plans, circles, tables."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, available_timezones

from dashboard.catalogue.datasets import Dataset, TimeColumn
from dashboard.catalogue.delivery_references import delivery_findings
from dashboard.catalogue.departments import Department
from dashboard.catalogue.deriving import derived_findings
from dashboard.catalogue.draft import Draft, EntryPath
from dashboard.catalogue.forms import Form
from dashboard.catalogue.indicators import Indicator
from dashboard.catalogue.layering import layer_findings
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.model import span_text
from dashboard.catalogue.reference import Calendar, Codes, Edition, Role, Standard
from dashboard.catalogue.references import (
    Entries,
    Finding,
    among,
    dataset_findings,
    indicator_findings,
    inputs_of,
    unknown,
)
from dashboard.measures import TickPlan, tick_plans
from dashboard.text import Text
from dashboard.units import Units, known_units, nearest_unit

MOST_DIMENSIONS = 3
"""Single dimensions that one grouped query may carry; more would multiply its rows. A district does
not where its towns are there too."""


def findings_of(draft: Draft) -> Iterator[Finding]:
    """All findings about the entries as they stand; pages and screens are judged afterwards."""
    entries = Entries(draft)
    own = draft.entries.get(("units",))
    units = (*known_units(), *(own.units if isinstance(own, Units) else ()))
    for path, entry in list(draft.entries.items()):
        match entry:
            case Department() | Calendar():
                yield from _zone_findings(path, ("zone",), entry.zone)
            case Dataset():
                yield from dataset_findings(entries, path, entry)
                yield from _time_findings(path, entry)
            case Indicator():
                yield from indicator_findings(entries, path, entry)
                yield from _both_units(path, entry, units)
                yield from derived_findings(entries, path, entry)
            case Layer():
                yield from layer_findings(entries, path, entry)
            case Codes():
                yield from _codes_findings(entries, path, entry)
            case Standard():
                yield from _edition_findings(path, entry)
                yield from _factor_findings(path, entry)
            case Form():
                yield from _form_findings(entries, path, entry, units)
            case Role():
                yield from _role_findings(entries, path, entry)
    yield from delivery_findings(entries)
    yield from _circle_findings(entries)
    yield from _plan_findings(draft)


def _role_findings(entries: Entries, path: EntryPath, role: Role) -> Iterator[Finding]:
    for index, name in enumerate(role.departments if role.departments != "all" else ()):
        known = entries.names("departments")
        yield from among(path, ("departments", index), "department", name, known)


def _form_findings(
    entries: Entries, path: EntryPath, form: Form, units: tuple[Text, ...]
) -> Iterator[Finding]:
    yield from entries.missing(path, ("department",), form.department, "departments")
    if form.per != "city":
        yield from entries.missing(path, ("per",), form.per, "codes")
    for index, name in enumerate(form.roles):
        yield from among(path, ("roles", index), "role", name, entries.names("roles"))
    for name, field in form.fields.items():
        if field.unit is not None:
            for finding in _unit_findings(path, field.unit, units):
                yield finding._replace(where=("fields", name, *finding.where))


def _zone_findings(path: EntryPath, where: tuple[str, ...], zone: str | None) -> Iterator[Finding]:
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        yield unknown(path, where, "zone", zone, available_timezones())._replace(
            expected="an IANA zone such as Asia/Shanghai"
        )


def _time_findings(path: EntryPath, dataset: Dataset) -> Iterator[Finding]:
    times: dict[tuple[str, ...], TimeColumn] = {
        ("times", name): column for name, column in dataset.times.items()
    }
    if dataset.changed is not None:
        times[("changed",)] = dataset.changed
    for where, column in times.items():
        yield from _zone_findings(path, (*where, "zone"), column.zone)


def _both_units(
    path: EntryPath, indicator: Indicator, units: tuple[Text, ...]
) -> Iterator[Finding]:
    yield from _unit_findings(path, indicator.unit, units)
    if indicator.unit_total is not None:
        yield from _unit_findings(path, indicator.unit_total, units)


def _unit_findings(path: EntryPath, unit: Text, units: tuple[Text, ...]) -> Iterator[Finding]:
    if unit in units:
        return
    best = nearest_unit(unit, units)
    mend = f"did you mean {{zh: {best.zh}, en: {best.en}}}?" if best else ""
    yield Finding(
        path,
        ("unit",),
        f"unknown unit {{zh: {unit.zh}, en: {unit.en}}}",
        "a unit of docs/catalog.md or catalog/units.yaml",
        mend,
        harmless=True,  # the number is right; only its label is doubtful
    )


def _codes_findings(entries: Entries, path: EntryPath, codes: Codes) -> Iterator[Finding]:
    if codes.parent is None:
        return
    yield from entries.missing(path, ("parent",), codes.parent, "codes")
    parent = entries.draft.entries.get(("codes", codes.parent))
    if isinstance(parent, Codes):
        for code, meaning in codes.codes.items():
            yield from among(path, ("codes", code, "parent"), "code", meaning.parent, parent.codes)


def _factor_findings(path: EntryPath, standard: Standard) -> Iterator[Finding]:
    judged = {
        factor
        for edition in standard.editions
        for column in edition.columns.values()
        for factor in column.factors
    }
    for name in standard.factors:
        yield from among(path, ("factors", name), "factor", name, judged)


def _edition_findings(path: EntryPath, standard: Standard) -> Iterator[Finding]:
    for index, edition in enumerate(standard.editions):
        for name, column in edition.columns.items():
            for factor_name, factor in column.factors.items():
                values = factor.index or column.index
                where = ("editions", index, "columns", name, "factors", factor_name)
                if len(values) != len(factor.points):
                    found = f"{len(factor.points)} points for {len(values)} index values"
                    yield Finding(path, where, found, "as many of the one as of the other")
                elif sorted(factor.points, reverse=factor.descending) != factor.points:
                    yield Finding(
                        path, where, f"points {factor.points}", "points that get worse", "sort them"
                    )
        yield from _grade_findings(path, index, edition)


def _grade_findings(path: EntryPath, index: int, edition: Edition) -> Iterator[Finding]:
    limits = [grade.upto for grade in edition.grades]
    if limits != sorted(limits):
        where = ("editions", index, "grades")
        yield Finding(path, where, f"grades up to {limits}", "grades from good to bad", "sort them")


def _circle_findings(entries: Entries) -> Iterator[Finding]:
    """Derived indicators that come back to themselves; each circle is named once."""
    done: set[str] = set()
    for key in sorted(entries.keys()):
        trail: list[str] = []
        circle = _circle(entries, key, trail, done)
        if circle:
            department, _, name = circle[0].partition(".")
            path = ("departments", department, "indicators", name)
            yield Finding(
                path,
                ("measure", "inputs"),
                f"a circle {' → '.join(circle)}",
                "inputs that do not depend on it",
                "measure one of them on a dataset",
            )
            done.update(circle)


def _circle(entries: Entries, key: str, trail: list[str], done: set[str]) -> list[str]:
    if key in trail:
        return [*trail[trail.index(key) :], key]
    indicator = entries.indicator(key)
    if key in done or indicator is None:
        return []
    trail.append(key)
    for _, other in inputs_of(indicator):
        if circle := _circle(entries, other, trail, done):
            return circle
    trail.pop()
    done.add(key)
    return []


def _plan_findings(draft: Draft) -> Iterator[Finding]:
    for path, head in list(draft.entries.items()):
        if not isinstance(head, Department):
            continue
        parts = {p[3]: e for p, e in draft.entries.items() if p[:3] == (*path, "indicators")}
        indicators = {name: e for name, e in parts.items() if isinstance(e, Indicator)}
        plans = list(tick_plans(head.model_copy(update={"indicators": indicators})))
        yield from _unseen_moves(draft, path, plans)
        for plan in plans:
            single = _multiplying(draft, path, plan)
            if len(single) > MOST_DIMENSIONS:
                user = _user_of(indicators, plan.dataset, plan.time, single[MOST_DIMENSIONS])
                yield Finding(
                    (*path, "indicators", user),
                    ("by",),
                    f"{len(single)} dimensions on {plan.dataset} by {plan.time}: {', '.join(single)}",
                    f"at most {MOST_DIMENSIONS} over all indicators of that time",
                    "leave one out, or keep two together as a pair",
                )


def _multiplying(draft: Draft, path: EntryPath, plan: TickPlan) -> list[str]:
    """The single dimensions of a plan that multiply its rows: districts beside their own towns do
    not, since every town lies in one of them."""
    single = [split[0] for split in plan.splits if len(split) == 1]
    dataset = draft.entries.get((*path, "datasets", plan.dataset))
    known = dataset.dimensions if isinstance(dataset, Dataset) else {}
    lists = {name: known[name].codes for name in single if name in known}
    codes = (draft.entries.get(("codes", named or "")) for named in lists.values())
    parents = {one.parent for one in codes if isinstance(one, Codes) and one.parent}
    return [name for name in single if lists.get(name) not in parents]


def _unseen_moves(draft: Draft, path: EntryPath, plans: Iterable[TickPlan]) -> Iterator[Finding]:
    """Splits whose rows can move from one part to another without anybody seeing it.

    A row that is rewritten after its tail is found by `changed`. Days are compared by their totals,
    which stay the same when a row only moves.
    """
    splits: dict[str, set[str]] = {}
    for plan in plans:
        splits.setdefault(plan.dataset, set()).update(plan.dimensions)
    for name, dimensions in splits.items():
        dataset = draft.entries.get((*path, "datasets", name))
        if not isinstance(dataset, Dataset) or dataset.changed or not dataset.corrected:
            continue
        # A column of the key cannot change: with another value it is another row.
        known = [(d, dataset.dimensions[d]) for d in sorted(dimensions) if d in dataset.dimensions]
        moving = [d for d, dimension in known if dimension.column not in dataset.key]
        if moving:
            yield Finding(
                (*path, "datasets", name),
                (),
                f"rows of {name} split by {', '.join(moving)} and no `changed`: one that moves to"
                f" another part after its tail of {span_text(dataset.tail)} is not seen, since"
                " only totals are compared",
                "`changed: {column: …}`",
                "or `corrected: false` where rows are only ever added",
                harmless=True,
                warning=True,
            )


def _user_of(indicators: dict[str, Indicator], dataset: str, time: str, dimension: str) -> str:
    return next(
        name
        for name, one in indicators.items()
        if (one.dataset, one.time) == (dataset, time) and dimension in one.by
    )

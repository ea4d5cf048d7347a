"""Whether visits and the pages of a response show what exists, and follow levels that can be stated."""

from collections.abc import Iterator

from dashboard.catalogue.addresses import shown_findings, usable_pages
from dashboard.catalogue.city import Where
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.indicators import Fact, Indicator
from dashboard.catalogue.reference import Codes
from dashboard.catalogue.references import Entries, Finding, among
from dashboard.catalogue.screens import DutyScreen, PageSet, ResponsePages, Screen
from dashboard.catalogue.visits import Visit

RESPONSE = "response_pages"


def visit_findings(entries: Entries, path: EntryPath, visit: Visit) -> Iterator[Finding]:
    """What a visit shows wrongly."""
    yield from shown_findings(entries, path, ("pages",), visit.pages)


def trimmed_visit(entries: Entries, path: EntryPath, visit: Visit) -> Visit | None:
    """The visit without what it cannot show; None where nothing is left."""
    pages = usable_pages(entries, path, visit.pages)
    return visit.model_copy(update={"pages": pages}) if pages else None


def response_findings(entries: Entries, path: EntryPath, screen: Screen) -> Iterator[Finding]:
    """What a screen's pages of a response show or follow wrongly."""
    rule = screen.response_pages
    if rule is None:
        return
    yield from _fact_findings(entries, path, rule)
    yield from _twice(path, rule)
    for index, one in enumerate(rule.sets):
        where: Where = (RESPONSE, "sets", index, "pages")
        yield from shown_findings(entries, path, where, one.pages)
        if isinstance(screen, DutyScreen) and len(one.pages) > 1:
            found = f"{len(one.pages)} pages of a response on a duty wall"
            yield Finding(path, where, found, "one: it never rotates", "use a side screen")


def trimmed_response(entries: Entries, path: EntryPath, screen: Screen) -> ResponsePages | None:
    """The sets without what cannot be shown or followed; None where nothing is left."""
    rule = screen.response_pages
    if rule is None or list(_fact_findings(entries, path, rule, codes=False)):
        return None
    most = 1 if isinstance(screen, DutyScreen) else None
    indicator = entries.indicator(rule.of)
    known = _codes(indicator)
    sets: list[PageSet] = []
    for one in rule.sets:
        before = {code for other in sets for code in other.stated}
        stated = [c for c in one.stated if c not in before and (not known or c in known)]
        pages = usable_pages(entries, path, one.pages)[:most]
        if pages and stated and all(one.key != other.key for other in sets):
            sets.append(one.model_copy(update={"pages": pages, "stated": stated}))
    return rule.model_copy(update={"sets": sets}) if sets else None


def _fact_findings(
    entries: Entries, path: EntryPath, rule: ResponsePages, *, codes: bool = True
) -> Iterator[Finding]:
    """A level that nobody states: no fact, of no place, or a code that it has not."""
    missing = entries.missing_indicator(path, (RESPONSE, "of"), rule.of)
    yield from missing
    indicator = entries.indicator(rule.of)
    if missing or indicator is None:
        return
    if not isinstance(indicator.measure, Fact):
        found = f"{rule.of}, a {indicator.measure.kind}"
        yield Finding(path, (RESPONSE, "of"), found, "a fact, such as response levels")
        return
    yield from _place_findings(entries, path, rule, indicator)
    known = _codes(indicator)
    for index, one in enumerate(rule.sets if codes and known else ()):
        for at, code in enumerate(one.stated):
            where: Where = (RESPONSE, "sets", index, "stated", at)
            yield from among(path, where, "level", code, known)


def _place_findings(
    entries: Entries, path: EntryPath, rule: ResponsePages, indicator: Indicator
) -> Iterator[Finding]:
    where: Where = (RESPONSE, "place")
    if indicator.live_by is None and rule.place is not None:
        found = f"place {rule.place!r} of {rule.of}, which states no places"
        yield Finding(path, where, found, "no place", "remove it")
    if indicator.live_by is None:
        return
    if rule.place is None:
        found = f"no place, of {rule.of} by {indicator.live_by}"
        yield Finding(path, (RESPONSE,), found, "`place`: whose level counts")
        return
    known = _places(entries, rule.of, indicator)
    yield from among(path, where, "place", rule.place, known) if known else ()


def _places(entries: Entries, key: str, indicator: Indicator) -> list[str]:
    """The codes of a fact's places, as far as they are written down."""
    dataset = entries.dataset(key.partition(".")[0], indicator.dataset or "")
    dimension = dataset.dimensions.get(indicator.live_by or "") if dataset else None
    if dimension is None:
        return []
    codes = entries.draft.entries.get(("codes", dimension.codes or ""))
    return list(codes.codes if isinstance(codes, Codes) else dimension.values or {})


def _codes(indicator: Indicator | None) -> list[str]:
    measure = indicator.measure if indicator else None
    return list(measure.values) if isinstance(measure, Fact) else []


def _twice(path: EntryPath, rule: ResponsePages) -> Iterator[Finding]:
    """Keys and levels that two sets share: which one is shown would be a matter of luck."""
    keys: set[str] = set()
    levels: set[str] = set()
    for index, one in enumerate(rule.sets):
        here: Where = (RESPONSE, "sets", index)
        if one.key in keys:
            yield Finding(path, (*here, "key"), f"set {one.key!r} again", "each key once")
        for at, code in enumerate(one.stated):
            if code in levels:
                found = f"level {code!r} again"
                yield Finding(path, (*here, "stated", at), found, "each level in one set")
        keys.add(one.key)
        levels.update(one.stated)

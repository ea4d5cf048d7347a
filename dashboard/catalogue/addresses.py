"""Whether there is a page that a screen can show at an address."""

from collections.abc import Iterable, Iterator

from dashboard.catalogue.city import Where
from dashboard.catalogue.draft import EntryPath
from dashboard.catalogue.references import Entries, Finding, unknown
from dashboard.catalogue.screens import DutyScreen, Shown, named_by


def shown_findings(
    entries: Entries, path: EntryPath, where: Where, pages: Iterable[Shown]
) -> Iterator[Finding]:
    """Pages that a screen cannot show."""
    for index, shown in enumerate(pages):
        yield from _page_findings(entries, path, (*where, index, "path"), shown.path)


def usable_pages(entries: Entries, path: EntryPath, pages: Iterable[Shown]) -> list[Shown]:
    """The pages that a screen can show."""
    return [one for one in pages if not list(_page_findings(entries, path, (), one.path))]


def _page_findings(
    entries: Entries, path: EntryPath, where: Where, address: str
) -> Iterator[Finding]:
    """An address at which there is no page that a screen can show."""
    kind, key = named_by(address) or (None, address)
    if kind == "indicator":
        yield from entries.missing_indicator(path, where, key)
    elif kind == "department":
        # A department without a page of its own is given a plain one.
        if entries.missing(path, where, key, "departments"):
            yield from entries.missing(path, where, key, "pages")
    elif kind == "wall":
        if not isinstance(entries.draft.entries.get(("screens", key)), DutyScreen):
            yield unknown(path, where, "duty wall", key, _duty_walls(entries))
    elif kind is None:
        known = ["/", "/map", *(f"/department/{key}" for key in entries.names("pages"))]
        known += [f"/wall/{key}" for key in _duty_walls(entries)]
        yield unknown(path, where, "page", address, known)


def _duty_walls(entries: Entries) -> list[str]:
    found = entries.draft.entries.items()
    return [p[1] for p, entry in found if isinstance(entry, DutyScreen)]

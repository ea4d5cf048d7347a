"""Load the whole catalogue: every problem in one list, every entry without one in the city.

An entry with a problem is left out, or stays as it last was where a previous catalogue is given;
what refers to it is trimmed, not broken. So one slip of the pen never darkens the city.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from dashboard.catalogue.city import Catalogue, Problem
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.deliveries import Delivery
from dashboard.catalogue.departments import DATA, VARIABLE, Department
from dashboard.catalogue.draft import Draft, EntryPath, Fault, ReadTree, position, read_draft
from dashboard.catalogue.forms import Form
from dashboard.catalogue.indicators import Indicator
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.modes import trimmed_visit, visit_findings
from dashboard.catalogue.pages import Page
from dashboard.catalogue.reference import Calendar, Codes, Role, Standard
from dashboard.catalogue.references import Entries, Finding
from dashboard.catalogue.screens import DutyScreen, Screen
from dashboard.catalogue.seating import seat_findings
from dashboard.catalogue.showing import page_findings, trimmed_page
from dashboard.catalogue.soundness import findings_of
from dashboard.catalogue.systems import System
from dashboard.catalogue.tickets import TicketRule
from dashboard.catalogue.tree import read_tree
from dashboard.catalogue.visits import Visit
from dashboard.catalogue.walls import screen_findings, trimmed_screen

M = TypeVar("M", bound=BaseModel)


def load(
    folder: Path,
    environ: Mapping[str, str],
    previous: Catalogue | None = None,
    read: ReadTree = read_tree,
) -> Catalogue:
    """The city of `folder`; `environ` fills the `${NAME}` of department URLs.

    Never raises for what the files hold: see `Catalogue.problems`. Raises NotADirectoryError where
    there is no such folder. `previous` lends its last good version of entries that are now bad.
    `read` may remember what it read before (`tree.TreeReader`).
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"found no folder {folder}, expected the catalogue's")
    # Taken before the files are read: an edit in between then has another version when read again.
    version = fingerprint(folder)
    draft = read_draft(folder, read)
    earlier = _entries_of(previous) if previous else {}
    _restore_lost(draft, earlier, previous)
    _settle(draft, earlier)
    _settle_shown(draft, earlier)
    _judge_seats(draft)
    urls = _urls(draft, environ, previous.urls if previous else {})
    if not draft.declared:
        empty = Problem(folder.name, 1, "no entries at all", "departments/*.yaml and pages/*.yaml")
        draft.faults.append(Fault(empty, None))
    return _assemble(draft, version, urls)


def fingerprint(folder: Path) -> str:
    """A short hash of the names and contents of all files of the catalogue."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _restore_lost(
    draft: Draft, earlier: Mapping[EntryPath, BaseModel], previous: Catalogue | None
) -> None:
    """Put the last good version in the place of entries that could not be read or validated."""
    places = previous.positions if previous else {}
    for path, entry in earlier.items():
        unread = position(places, path).file in draft.lost_files
        if path in draft.lost or unread:
            draft.entries[path] = entry
            draft.declared.add(path)
            draft.kept.add(path)
            for where, place in places.items() if unread else ():
                if where[: len(path)] == path:
                    draft.positions.setdefault(where, place)


def _settle(draft: Draft, earlier: Mapping[EntryPath, BaseModel]) -> None:
    """Take out what refers to nothing, until all that is left holds together."""
    reported: set[Finding] = set()
    for _ in range(2 * len(draft.entries) + 2):
        findings = [finding for finding in findings_of(draft) if finding not in reported]
        for finding in findings:
            if not finding.quiet and finding.entry not in draft.kept:
                _report(draft, finding)
        reported.update(finding for finding in findings if finding.harmless)
        faulty = {finding.entry for finding in findings if not finding.harmless}
        if not faulty:
            return
        for path in faulty:
            _replace(draft, path, earlier)


def _replace(draft: Draft, path: EntryPath, earlier: Mapping[EntryPath, BaseModel]) -> None:
    """Put the last good version in the place of an entry, else take the entry out.

    An indicator that is as it was suffers from an edit of its dataset: then the dataset goes back.
    """
    for one in (path, _dataset_path(draft, path)):
        last = earlier.get(one)
        if last is not None and one not in draft.kept and last != draft.entries.get(one):
            draft.entries[one] = last
            draft.declared.add(one)
            draft.kept.update((one, path))
            return
    draft.entries.pop(path, None)
    draft.kept.discard(path)


def _dataset_path(draft: Draft, path: EntryPath) -> EntryPath:
    indicator = draft.entries.get(path)
    name = indicator.dataset if isinstance(indicator, Indicator) else None
    return (*path[:2], "datasets", name) if name else ()


def _report(draft: Draft, finding: Finding) -> None:
    where = (*finding.entry, *finding.where)
    severity = "warning" if finding.warning else "error"
    draft.fault(where, finding.found, finding.expected, finding.mend, finding.entry, severity)


def _settle_shown(draft: Draft, earlier: Mapping[EntryPath, BaseModel]) -> None:
    """Judge pages, screens and visits: their last good version stands in, else they are trimmed."""
    entries = Entries(draft)
    for path, entry in list(draft.entries.items()):
        settled: BaseModel | None = entry
        if isinstance(entry, Page):
            page = _shown(draft, path, entry, earlier, partial(page_findings, entries, path))
            settled = trimmed_page(entries, path, page)
        elif isinstance(entry, Screen):
            screen = _shown(draft, path, entry, earlier, partial(screen_findings, entries, path))
            settled = trimmed_screen(entries, path, screen)
        elif isinstance(entry, Visit):
            visit = _shown(draft, path, entry, earlier, partial(visit_findings, entries, path))
            settled = trimmed_visit(entries, path, visit)
        if path not in draft.kept and (settled != entry or path in draft.lost):
            draft.cut.add(path)
        if settled is None:
            del draft.entries[path]
        else:
            draft.entries[path] = settled


def _judge_seats(draft: Draft) -> None:
    """Whether the screens, as they are shown now, can be read. They are shown in any case."""
    screens = [(path, one) for path, one in draft.entries.items() if isinstance(one, Screen)]
    walls = {screen.key: screen for _, screen in screens if isinstance(screen, DutyScreen)}
    for path, screen in screens:
        for finding in seat_findings(path, screen, walls) if path not in draft.kept else ():
            _report(draft, finding)


def _shown(
    draft: Draft,
    path: EntryPath,
    entry: M,
    earlier: Mapping[EntryPath, BaseModel],
    judge: Callable[[M], Iterable[Finding]],
) -> M:
    """The entry to show: itself, or its last good version where it has a problem of its own."""
    findings = [finding for finding in judge(entry) if not finding.quiet]
    if path not in draft.kept:
        for finding in dict.fromkeys(findings):
            _report(draft, finding)
    last = earlier.get(path)
    if findings and isinstance(last, type(entry)) and not list(judge(last)):
        draft.kept.add(path)
        return last
    return entry


def _urls(draft: Draft, environ: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, str]:
    """Each department's URL with its variables filled in; where one is not set its landing database
    or its last good URL, else none."""
    urls = {}
    for path, entry in draft.entries.items():
        if not isinstance(entry, Department):
            continue
        key = path[1]
        unset = [name for name in entry.variables if not environ.get(name)]
        landing = _landing(draft, key, environ)
        if unset and landing:
            urls[key] = landing
            continue
        if not unset:
            urls[key] = VARIABLE.sub(lambda name: environ[name[1]], entry.url)
            continue
        names = " and ".join(unset)
        fate = "" if key in earlier else f", so {key} is unavailable"
        expected = "the department's database URL in the environment"
        found = f"variable {names} not set{fate}"
        draft.fault((*path, "url"), found, expected, f"set {names}", ("url", key))
        if key in earlier:
            urls[key] = earlier[key]
            draft.kept.add(("url", key))
    return urls


def _landing(draft: Draft, key: str, environ: Mapping[str, str]) -> str | None:
    """Where the deliveries of a department land that has no database: in one of the center's own,
    in its data folder. None where nothing is delivered, or the folder is not known."""
    data = environ.get(DATA)
    delivers = any(path[:3] == ("departments", key, "delivery") for path in draft.entries)
    return f"sqlite:///{data}/landing/{key}.sqlite" if delivers and data else None


def _entries_of(catalogue: Catalogue) -> dict[EntryPath, BaseModel]:
    """A catalogue as entries by path, the inverse of assembling it."""
    out: dict[EntryPath, BaseModel] = {}
    sections = (
        "pages",
        "screens",
        "codes",
        "calendars",
        "standards",
        "roles",
        "layers",
        "forms",
        "tickets",
        "systems",
        "visits",
    )
    for section in sections:
        out |= {(section, key): entry for key, entry in getattr(catalogue, section).items()}
    for key, department in catalogue.departments.items():
        path = ("departments", key)
        out[path] = department.model_copy(update={"delivery": {}, "datasets": {}, "indicators": {}})
        out |= {(*path, "delivery", n): feed for n, feed in department.delivery.items()}
        out |= {(*path, "datasets", n): dataset for n, dataset in department.datasets.items()}
        out |= {(*path, "indicators", n): one for n, one in department.indicators.items()}
    return out


def _assemble(draft: Draft, version: str, urls: dict[str, str]) -> Catalogue:
    def section(name: str, model: type[M]) -> dict[str, M]:
        found = draft.entries.items()
        return {p[1]: e for p, e in found if p[0] == name and len(p) == 2 and isinstance(e, model)}

    def parts(key: str, name: str, model: type[M]) -> dict[str, M]:
        root = ("departments", key, name)
        return {p[3]: e for p, e in draft.entries.items() if p[:3] == root and isinstance(e, model)}

    departments = {
        key: head.model_copy(
            update={
                "delivery": parts(key, "delivery", Delivery),
                "datasets": parts(key, "datasets", Dataset),
                "indicators": parts(key, "indicators", Indicator),
            }
        )
        for key, head in section("departments", Department).items()
    }
    return Catalogue(
        version=version,
        departments=departments,
        pages=section("pages", Page),
        screens=section("screens", Screen),
        codes=section("codes", Codes),
        calendars=section("calendars", Calendar),
        standards=section("standards", Standard),
        roles=section("roles", Role),
        layers=section("layers", Layer),
        forms=section("forms", Form),
        tickets=section("tickets", TicketRule),
        systems=section("systems", System),
        visits=section("visits", Visit),
        urls=urls,
        problems=draft.problems(),
        positions=draft.positions,
    )

"""Search from everywhere: indicators, pages, named things, and rows by their number."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from callbacks.answers import UNREACHABLE, bad_question, json_answer, unanswered, words_of
from callbacks.guard import guarded_route
from callbacks.services import Services
from callbacks.shared import Shared
from callbacks.views import seen_catalogue
from dashboard.access import Person, may
from dashboard.catalogue import Catalogue, Dataset, Department
from dashboard.ports import Found, Unreachable
from dashboard.records import record_path
from dashboard.search import LONGEST, Entry, Kind, entries_of, plain, search
from dashboard.text import Text
from layouts.router import PAGES

MOST = 12
"""Answers of one question."""
MOST_NUMBERS = 5
"""Rows of one dataset by their number."""
MOST_NAMED = 2000
"""Named things of one dataset, such as stops."""
NAMES_HOLD = timedelta(minutes=10)
"""How long names are kept before a department is asked for them again."""
NAMES_FAILED = timedelta(minutes=1)
"""How long nobody asks again a department that did not give its names."""
PATIENCE = 2.5
"""Seconds that a search waits for a dataset: whoever types goes on without it."""
_DIGITS = 3
"""A number that a row is known by has at least so many digits."""


Place = tuple[Department, str, Dataset]
"""A dataset with its department and its name there."""
Answer = tuple[str, list[Entry] | Text]
"""A department, and what it has or why it said nothing."""


@dataclass(frozen=True)
class _Names:
    """Named things of one dataset as last read, or why there are none, and until when that holds."""

    until: datetime
    entries: tuple[Entry, ...] = ()
    failure: Text | None = None


class Finder:
    """Answers what somebody types. Names of things are read once for all who search, and kept."""

    def __init__(self, services: Services, patience: float = PATIENCE) -> None:
        """`patience` is in seconds, for each dataset."""
        self.services = services
        self._patience = patience
        self._names: dict[tuple[str, str], _Names] = {}
        self._version = ""
        self._reading = Shared()
        self._known: tuple[object, list[Entry]] | None = None

    async def find(self, person: Person, typed: str) -> dict[str, Any]:
        """Answers, best first, as JSON; `silent` names the departments that did not answer.

        Raises Busy where as many questions as can be are ranked already.
        """
        catalogue = seen_catalogue(self.services, person)
        named, numbers, silent = await self._ask_all(catalogue, person, typed)
        entries = [*self._entries(catalogue, person), *named]
        # Pinyin and likeness of thousands of names take long enough for every stream to feel it.
        found = await self.services.in_ranking(search, entries, typed, MOST)
        return {
            "asked": typed,
            "found": [_json(entry) for entry in (*numbers[:MOST], *found)],
            "silent": [
                {"title": catalogue.departments[key].title.model_dump(), "why": why.model_dump()}
                for key, why in silent.items()
            ],
        }

    async def _ask_all(
        self, catalogue: Catalogue, person: Person, typed: str
    ) -> tuple[list[Entry], list[Entry], dict[str, Text]]:
        """Named things, rows by their number, and who was silent why."""
        names, numbers = await asyncio.gather(
            asyncio.gather(*(self._named(p) for p in _findable(catalogue, person, names=True))),
            self._numbered(person, typed, list(_numbered(catalogue, person, typed))),
        )
        silent = {key: told for key, told in (*names, *numbers) if isinstance(told, Text)}
        return _entries_in(names), _entries_in(numbers), silent

    def _entries(self, catalogue: Catalogue, person: Person) -> list[Entry]:
        """Indicators and pages, made anew only for another catalogue or other departments."""
        mark = (catalogue.version, person.audience)
        if self._known is None or self._known[0] != mark:
            pages = [(r.pattern, r.title) for r in PAGES if "{" not in r.pattern]
            self._known = (mark, entries_of(catalogue, pages))
        return self._known[1]

    async def _named(self, place: Place) -> Answer:
        department, name, _ = place
        version = self.services.catalogue.version
        if self._version != version:
            # What is a name, and of which dataset, may be said otherwise now.
            self._version, self._names = version, {}
        kept = self._names.get((department.key, name))
        if kept is None or kept.until < self.services.clock():
            asked = (version, department.key, name)
            try:
                async with asyncio.timeout(self._patience):
                    kept = await self._reading.get(asked, lambda: self._read_names(version, place))
            except TimeoutError:
                # The reading goes on, for whoever searches next.
                return department.key, UNREACHABLE
        return department.key, kept.failure or list(kept.entries)

    async def _read_names(self, version: str, place: Place) -> _Names:
        department, name, _ = place
        now = self.services.clock()
        try:
            rows = await self.services.ask_source(
                department.key, lambda source: source.named(name, MOST_NAMED)
            )
            read = _Names(now + NAMES_HOLD, tuple(_entry("thing", place, row) for row in rows))
        except Unreachable as error:
            read = _Names(now + NAMES_FAILED, failure=words_of(error))
        if version == self._version:
            self._names[department.key, name] = read
        return read

    async def _numbered(self, person: Person, typed: str, places: list[Place]) -> list[Answer]:
        """Rows by their number, asked of the departments and noted in the audit, once for all."""
        if not places:
            return []
        detail = {"typed": typed.strip(), "in": [f"{d.key}.{name}" for d, name, _ in places]}
        history = self.services.history
        try:
            await self.services.in_store(history.audit, person.name, "find", "search", detail)
        except Unreachable as error:
            return [(department.key, words_of(error)) for department, _, _ in places]
        return await asyncio.gather(*(self._rows(typed, place) for place in places))

    async def _rows(self, typed: str, place: Place) -> Answer:
        department, name, _ = place
        try:
            async with asyncio.timeout(self._patience):
                rows = await self.services.ask_source(
                    department.key, lambda source: source.find(name, typed, MOST_NUMBERS)
                )
        except TimeoutError:
            return department.key, UNREACHABLE
        except Unreachable as error:
            return department.key, words_of(error)
        return department.key, [_entry("number", place, row) for row in rows]


def _entries_in(answers: Iterable[Answer]) -> list[Entry]:
    return [one for _, found in answers if not isinstance(found, Text) for one in found]


def _numbered(catalogue: Catalogue, person: Person, typed: str) -> Iterator[Place]:
    """Datasets in which what was typed may be the beginning of a number."""
    if sum(letter.isdigit() for letter in typed) < _DIGITS:
        return
    for place in _findable(catalogue, person, names=False):
        told = place[2].find
        if told is not None and len(typed.strip()) >= told.at_least:
            yield place


def _findable(catalogue: Catalogue, person: Person, *, names: bool) -> Iterator[Place]:
    """Datasets in which somebody may find a named thing, or a row by its number."""
    for department in catalogue.departments.values():
        if not may(person, "rows", department.key):
            continue
        for name, dataset in department.datasets.items():
            told = dataset.find
            if told is not None and (told.name is not None if names else bool(told.numbers)):
                yield department, name, dataset


def _entry(kind: Kind, place: Place, row: Found) -> Entry:
    """A row of a department as it is found: a thing also by its key, a number by itself alone."""
    department, name, dataset = place
    assert dataset.find is not None
    href = record_path(f"{department.key}.{name}", row.key)
    words = row.key if kind == "thing" else ()
    return Entry(kind, Text(zh=row.called, en=row.called), dataset.find.title, href, words)


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "title": entry.title.model_dump(),
        "under": entry.under.model_dump(),
        "href": entry.href,
    }


def register(server: Starlette, services: Services) -> None:
    """Register the route."""
    finder = Finder(services)

    async def _on_search(_: Services, person: Person, request: Request) -> Response:
        """What fits the words somebody typed."""
        typed = request.query_params.get("q", "")
        if not plain(typed) or len(typed) > LONGEST:
            said = f"found q of {len(typed)} characters, expected one of 1 to {LONGEST}"
            return bad_question(ValueError(said), {"q": typed[:LONGEST]})
        try:
            return json_answer(await finder.find(person, typed))
        except Unreachable as error:
            return unanswered(error)

    guarded_route(server, services, "/api/search")(_on_search)

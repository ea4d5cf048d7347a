"""All departments' databases, for questions of people; each follows its part of the catalogue."""

import threading
from dataclasses import dataclass

import structlog

from dashboard.catalogue import Department
from dashboard.ports import CatalogueSource, Source, Unanswered
from data_access.departments.gate import Gate
from data_access.departments.gated import GatedSource
from data_access.departments.source import SqlSource

log = structlog.get_logger()


@dataclass(frozen=True)
class _Open:
    department: Department
    url: str
    source: GatedSource


class SqlSources:
    """Opens a department's source with the first question and anew once its definition or URL has
    changed; the old one lets its connections go as they become free. Each has a gate of its own,
    so that a silent department costs little and no other department anything."""

    def __init__(self, catalogue_source: CatalogueSource) -> None:
        self._catalogue_source = catalogue_source
        self._open: dict[str, _Open] = {}
        self._unopened: dict[str, str] = {}
        """What was last said of a department that cannot even be asked."""
        self._lock = threading.Lock()

    def of(self, department: str) -> Source:
        """The department's source. Raises KeyError where there is no such department, Unanswered
        where its URL is missing or none."""
        catalogue = self._catalogue_source.current()
        definition = catalogue.departments[department]
        url = catalogue.urls.get(department, "")
        with self._lock:
            held = self._open.get(department)
            if held is None or (held.department, held.url) != (definition, url):
                fresh = _Open(definition, url, self._opened(definition, url))
                self._open[department] = fresh
                if held is not None:
                    held.source.close()
                held = fresh
            self._close_gone(set(catalogue.departments))
            return held.source

    def _opened(self, department: Department, url: str) -> GatedSource:
        try:
            source = SqlSource(department, url, connections=department.limits.concurrent)
        except ValueError as error:
            self._note_unopened(department.key, str(error))
            raise Unanswered(str(error)) from error
        self._unopened.pop(department.key, None)
        return GatedSource(source, Gate(department.key, department.limits.concurrent))

    def _note_unopened(self, department: str, reason: str) -> None:
        """Once per reason: every panel of every page comes by here."""
        if self._unopened.get(department) != reason:
            log.warning("cannot ask the department", department=department, reason=reason)
        self._unopened[department] = reason

    def _close_gone(self, departments: set[str]) -> None:
        for name in set(self._open) - departments:
            self._open.pop(name).source.close()

    def close(self) -> None:
        """Let all connections go."""
        with self._lock:
            for held in self._open.values():
                held.source.close()
            self._open.clear()

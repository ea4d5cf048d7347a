"""The whole catalogue as one value, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.departments import Department
from dashboard.catalogue.forms import Form
from dashboard.catalogue.indicators import STOCKS, Indicator
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.pages import Page
from dashboard.catalogue.reference import Calendar, Codes, Role, Standard
from dashboard.catalogue.screens import DutyScreen, Screen
from dashboard.catalogue.systems import System
from dashboard.catalogue.tickets import TicketRule
from dashboard.catalogue.visits import Visit

Where = tuple[str | int, ...]
"""A path in the catalogue: `("departments", "customs", "datasets", "declarations", "key", 0)`."""


class Position(NamedTuple):
    """A place in the catalogue's files."""

    file: str
    line: int


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the catalogue, in one line with where it is and how to mend it."""

    file: str
    line: int
    found: str
    expected: str
    mend: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        tail = f"; {self.mend}" if self.mend else ""
        return f"{self.file}:{self.line}: {self.severity}: {self.found}; expected {self.expected}{tail}"


@dataclass(frozen=True)
class Catalogue:
    """The city as last read without error; entries with problems are left out and named.

    `version` is a short hash of the files: each reading carries the version it was made under.
    `urls` holds each department's database URL with its variables filled in; it is never shown.
    `positions` says where each path was read, so that whoever finds something wrong with it later
    (a column that the database has not) can name file and line: see `check.problem_at`.
    """

    version: str
    departments: dict[str, Department] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    standards: dict[str, Standard] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    tickets: dict[str, TicketRule] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
    positions: Mapping[Where, Position] = field(default_factory=dict, repr=False)

    @property
    def duty_walls(self) -> dict[str, DutyScreen]:
        """The screens that show one picture, in their order."""
        return {key: one for key, one in self.screens.items() if isinstance(one, DutyScreen)}

    def layers_of(self, department: str) -> tuple[Layer, ...]:
        """The layers of the map that the collector reads from a department."""
        return tuple(
            layer
            for layer in self.layers.values()
            if layer.sampled and layer.department == department
        )

    def lists_of(self, department: str) -> tuple[str, ...]:
        """The indicators of a department of which pages list rows, by full key."""
        keys = (key for page in self.pages.values() for key in page.listed)
        known = (key for key in keys if key.partition(".")[0] == department)
        return tuple(key for key in dict.fromkeys(known) if self.dataset_of(key) is not None)

    def crossed_of(self, department: str) -> tuple[tuple[str, str], ...]:
        """The states of a department that pages show by two dimensions: full key and the pair,
        joined by a comma. What is counted over time is answered from history."""
        found: dict[tuple[str, str], None] = {}
        for page in self.pages.values():
            for key, pair in page.crossed:
                indicator = self.indicator(key)
                own = key.partition(".")[0] == department
                if own and indicator is not None and indicator.measure.kind in STOCKS:
                    found[key, pair] = None
        return tuple(found)

    def indicators(self) -> Iterator[tuple[str, Indicator]]:
        """Every (full key, indicator), in the departments' order."""
        for department in sorted(self.departments.values(), key=lambda d: (d.order, d.key)):
            for name, indicator in department.indicators.items():
                yield f"{department.key}.{name}", indicator

    def indicator(self, key: str) -> Indicator | None:
        """The indicator of a full key, None where there is none."""
        department, _, name = key.partition(".")
        owner = self.departments.get(department)
        return owner.indicators.get(name) if owner else None

    def department_of(self, key: str) -> Department:
        """The department that owns a full indicator key. Raises KeyError where unknown."""
        return self.departments[key.partition(".")[0]]

    def dataset_of(self, key: str) -> Dataset | None:
        """The dataset an indicator is measured on; None for derived ones."""
        indicator = self.indicator(key)
        if indicator is None or indicator.dataset is None:
            return None
        return self.department_of(key).datasets.get(indicator.dataset)

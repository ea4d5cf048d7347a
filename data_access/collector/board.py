"""The board of a department: the newest of everything measured, and the sections made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.catalogue import Catalogue, Dataset, Indicator, Problem
from dashboard.catalogue.indicators import DERIVED
from dashboard.catalogue.reference import Calendar
from dashboard.catalogue.told import problem_facts
from dashboard.derived import Derived
from dashboard.feeds import Feed
from dashboard.frames import POINTS, SHARED, Entry
from dashboard.geography.sampling import Sampled
from dashboard.judge import (
    Circumstances,
    Freshness,
    Measured,
    is_ahead,
    judge,
    shown_ages,
    state_of,
)
from dashboard.matters import Matter
from dashboard.opening import Open, open_matters
from dashboard.ports import GroupValue, Listed
from dashboard.readings import Part, Reading, State, instant
from dashboard.reasons import Reason
from data_access.collector.agenda import Agenda, slack_of
from data_access.collector.derive import derive
from data_access.collector.feed_states import FeedStates
from data_access.collector.layers import layer_sections
from data_access.collector.lists import list_section
from data_access.collector.measure import Report
from data_access.collector.refusals import Refusals
from data_access.collector.work import Outcome

Sections = dict[str, dict[str, Entry]]


@dataclass(frozen=True)
class Said:
    """A department as the screens were told of it last."""

    catalogue: Catalogue
    readings: tuple[Reading, ...]
    feeds: tuple[Feed, ...]
    matters: tuple[Matter, ...]


@dataclass
class Board:
    """What is known of a department. Only its desk's own thread touches it."""

    agenda: Agenda
    refusals: Refusals = field(default_factory=Refusals)
    measured: dict[str, Measured] = field(default_factory=dict)
    windows: dict[tuple[str, str], Part] = field(default_factory=dict)
    unsummed: dict[str, str | None] = field(default_factory=dict)
    """Why a flow could not be summed of late, though the department answered; None where it was."""
    reports: dict[str, Report] = field(default_factory=dict)
    set_aside: dict[str, Mapping[str, int]] = field(default_factory=dict)
    unreadable: dict[str, Mapping[str, int]] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    """Rows of the last day, of datasets that set some aside."""
    drift: dict[str, int] = field(default_factory=dict)
    compare: dict[str, Mapping[str, float | None]] = field(default_factory=dict)
    begun: dict[str, datetime | None] = field(default_factory=dict)
    """The first row of indicators whose window begins before it."""
    baselines: dict[str, Mapping[tuple[str, str], float | None]] = field(default_factory=dict)
    sparks: dict[str, Mapping[str, object]] = field(default_factory=dict)
    counted: dict[str, Derived] = field(default_factory=dict)
    layers: dict[str, tuple[Sampled, datetime]] = field(default_factory=dict)
    lists: dict[str, tuple[Listed | list[GroupValue], datetime]] = field(default_factory=dict)
    derived: dict[str, Reading] = field(default_factory=dict)
    """Derived readings as last judged; replaced as a whole, never changed."""
    cost: dict[str, float] = field(default_factory=dict)
    """Milliseconds of each dataset's newest tick."""
    skipped: dict[str, int] = field(default_factory=dict)
    progress: dict[str, float] = field(default_factory=dict)
    """Share of the history that is read, of datasets whose is not."""
    failures: dict[str, str] = field(default_factory=dict)
    """Why a dataset or an asked indicator fails, by its name."""
    problems: tuple[Problem, ...] = ()
    """What the database has against the catalogue."""
    whole: str | None = None
    """Why the whole department fails."""
    said: "Said | None" = None
    """What was put together for the screens last; replaced as a whole, never changed."""
    opened: dict[str, Open] = field(default_factory=dict)
    feed_states: FeedStates = field(default_factory=FeedStates)

    def take(self, outcome: Outcome) -> None:
        """Put up what a piece of work brought."""
        self.measured |= outcome.measured
        self.windows |= outcome.windows
        self.unsummed |= outcome.unsummed
        self.reports |= outcome.reports
        self.set_aside |= outcome.set_aside
        self.unreadable |= outcome.unreadable
        self.arrived |= outcome.arrived
        self.compare |= outcome.compare
        self.begun |= outcome.begun
        self.baselines |= outcome.baselines
        self.sparks |= outcome.sparks
        self.counted |= outcome.counted
        self.layers |= outcome.layers
        self.lists |= outcome.lists
        if outcome.problems is not None:
            self.problems = outcome.problems
        for name, buckets in outcome.drift.items():
            self.drift[name] = self.drift.get(name, 0) + buckets

    def readings(self, catalogue: Catalogue, now: datetime) -> dict[str, Reading]:
        """All readings as they are now; derived ones after what they are made of."""
        found: dict[str, Reading] = {}
        for name, indicator in self.agenda.department.indicators.items():
            if indicator.measure.kind not in DERIVED:
                key = f"{self.agenda.department.key}.{name}"
                found[key] = self._reading(key, indicator, catalogue, now)

        def seen(key: str) -> Circumstances:
            return self._seen(key, now, catalogue)

        self.derived = derive(self.agenda, found, catalogue, seen, self.counted)
        return found | self.derived

    def _reading(
        self, key: str, indicator: Indicator, catalogue: Catalogue, now: datetime
    ) -> Reading:
        dataset = self.agenda.department.datasets[str(indicator.dataset)]
        calendar = _calendar(catalogue, dataset)
        freshness = Freshness.of(indicator, dataset, calendar, slack_of(indicator))
        measured = self.measured.get(key)
        if measured is not None:
            aside = self._left_out(indicator, dataset)
            windows = {
                w: self.windows[key, w] for w in indicator.windows if (key, w) in self.windows
            }
            measured = _with(measured, aside, windows)
        return judge(indicator, key, measured, freshness, self._seen(key, now, catalogue))

    def _seen(self, key: str, now: datetime, catalogue: Catalogue) -> Circumstances:
        """Under which a reading is judged now."""
        usual = self.baselines.get(key, {})
        indicator = catalogue.indicator(key)
        failure = self.whole or self.refusals.of_reading(key) or self.failures.get(key)
        if failure is None and indicator is not None and indicator.dataset is not None:
            failure = self.failures.get(indicator.dataset) or self.unsummed.get(key)
        return Circumstances(
            now,
            self.agenda.department.zone,
            catalogue.version,
            failure,
            self.compare.get(key, {}),
            lambda against, code: usual.get((against, code)),
            self.begun.get(key),
        )

    def _left_out(self, indicator: Indicator, dataset: Dataset) -> int:
        counted = self.set_aside.get(str(indicator.dataset), {})
        return sum(
            counted.get(rule.name, 0)
            for rule in dataset.set_aside
            if not rule.keep and (rule.times is None or indicator.time in rule.times)
        )

    def feeds(self, catalogue: Catalogue, now: datetime) -> list[Feed]:
        """Every dataset's feed as it is now."""
        return [
            self._feed(name, dataset, catalogue, now)
            for name, dataset in self.agenda.department.datasets.items()
        ]

    def _feed(self, name: str, dataset: Dataset, catalogue: Catalogue, now: datetime) -> Feed:
        report = self.reports.get(name)
        as_of = report.as_of if report else None
        collected_at = report.collected_at if report else None
        freshness = Freshness(dataset.late, dataset.stale, _calendar(catalogue, dataset))
        state = state_of(as_of, freshness, now, collected_at)
        reason = self._why(name, state, now)
        late, stale = shown_ages(as_of, freshness, now)
        return Feed(
            department=self.agenda.department.key,
            dataset=name,
            state=state,
            as_of=as_of,
            collected_at=collected_at,
            late_after=late,
            stale_after=stale,
            since=self.feed_states.since(name, state, reason, now, reported=report is not None),
            reason=reason,
            tick_ms=self.cost.get(name),
            skipped=self.skipped.get(name, 0),
            drift=self.drift.get(name, 0),
            set_aside=dict(self.set_aside.get(name, {})),
            unreadable={time: n for time, n in self.unreadable.get(name, {}).items() if n},
            progress=self.progress.get(name),
            arrived=self.arrived.get(name),
        )

    def _why(self, name: str, state: State, now: datetime) -> str | None:
        """Why a feed is not as it should be: what fails first, then what its report lacks."""
        failure, report = self.whole or self.failures.get(name), self.reports.get(name)
        failure = failure or self.refusals.of_dataset(name)
        if failure is not None:
            return failure
        if report is None:
            return Reason.NOT_READ.value
        if state is State.UNAVAILABLE:
            return Reason.NO_REPORT.value
        return Reason.CLOCK_AHEAD.value if is_ahead(report.as_of, now) else None

    def sections(self, catalogue: Catalogue, now: datetime) -> Sections:
        """Everything that screens are sent of this department, by section and key."""
        readings = self.readings(catalogue, now)
        feeds = self.feeds(catalogue, now)
        self.opened = open_matters(self.opened, readings.values(), feeds, catalogue, now)
        key = self.agenda.department.key
        layers, points = layer_sections(key, self.agenda.layers, self.layers)
        self.said = Said(
            catalogue,
            tuple(readings.values()),
            tuple(feeds),
            tuple(opened.matter for opened in self.opened.values()),
        )
        return {
            "readings": {key: reading.wire() for key, reading in readings.items()},
            "sparks": {key: dict(spark) for key, spark in self.sparks.items()},
            "matters": {name: opened.matter.wire() for name, opened in self.opened.items()},
            "feeds": {f"{feed.department}.{feed.dataset}": feed.wire() for feed in feeds},
            "facts": facts_of(self.agenda, catalogue)
            | problem_facts(key, self.problems, self.agenda.department.indicators),
            "layers": layers,
            "lists": list_section(self.agenda.department, self.lists),
            POINTS: points,
        }


def facts_of(agenda: Agenda, catalogue: Catalogue) -> dict[str, Entry]:
    """The catalogue's version, for everyone, and what a department is."""
    department = agenda.department
    about: dict[str, Any] = {
        "department": department.key,
        "title": department.title.model_dump(),
        "owner": department.owner.model_dump(),
        "demo": department.demo,
        "zone": department.zone,
    }
    return {
        "catalogue": {"department": SHARED, "version": catalogue.version},
        f"department/{department.key}": about,
    }


def collector_fact(department: str, counters: Mapping[str, Any], now: datetime) -> Entry:
    """What the collector says of its own work on a department."""
    return {"department": department, "at": instant(now), **counters}


def _calendar(catalogue: Catalogue, dataset: Dataset) -> Calendar | None:
    return catalogue.calendars.get(dataset.calendar) if dataset.calendar else None


def _with(measured: Measured, set_aside: int, windows: Mapping[str, Part]) -> Measured:
    if not set_aside and not windows:
        return measured
    return Measured(**{**measured.__dict__, "set_aside": set_aside, "windows": windows})

"""The roster: which jobs a department has, how often, in which lane, and what each is about."""

from collections.abc import Iterator
from datetime import datetime

from dashboard.geography.sampling import Ground
from dashboard.ports import Sample
from dashboard.readings import Reading, State
from dashboard.windows import bucket_start
from data_access.collector.board import Board
from data_access.collector.diary import DiaryKeeper
from data_access.collector.filling import Filling
from data_access.collector.histograms import Histograms
from data_access.collector.house import Pace
from data_access.collector.inspection import Inspection
from data_access.collector.layers import LAYER, LayerSample
from data_access.collector.lists import LIST, CrossedSample, ListSample
from data_access.collector.measure import sample_window
from data_access.collector.memory import Memory
from data_access.collector.past import Past
from data_access.collector.question import Question
from data_access.collector.reconcile import Reconciler
from data_access.collector.remember import Remember
from data_access.collector.timetable import ASK, TICK, Job, Lane, Timetable
from data_access.collector.usual import UsualValues
from data_access.collector.work import DatasetTick, Desk, Outcome, SetAside

LATER = 5.0
"""Seconds after the start at which windows beside an indicator's own are asked for, so that the
numbers of screens come first."""


class Roster:
    """Makes the jobs of one department and knows their names."""

    def __init__(
        self,
        desk: Desk,
        pace: Pace,
        board: Board,
        memory: Memory,
        usual: UsualValues,
        remember: Remember,
        histograms: Histograms,
        inspection: Inspection,
        ground: Ground,
    ) -> None:
        self._desk = desk
        self._pace = pace
        self.memory = memory
        self.remember = remember
        self.histograms = histograms
        self._inspection = inspection
        self._ticks = {
            entry.name: DatasetTick(desk, entry, histograms.changed)
            for entry in desk.agenda.datasets
        }
        self.reconciler = Reconciler(desk, self._ticks, histograms)
        self._past = Past(desk, usual, remember)
        self._derived = DerivedSamples(desk, board)
        self.diary = DiaryKeeper(desk, board)
        self._layers = [LayerSample(desk, layer, ground) for layer in desk.agenda.layers]
        self._lists: list[ListSample | CrossedSample] = [
            *(ListSample(desk, key) for key in desk.agenda.lists),
            *(CrossedSample(desk, *one) for one in desk.agenda.crossed),
        ]

    def jobs(self, now: float) -> Iterator[Job[Outcome]]:
        """All jobs; ticks are due at once."""
        agenda, pace = self._desk.agenda, self._pace
        for entry in agenda.datasets:
            every = entry.dataset.refresh.total_seconds()
            yield Job(TICK + entry.name, Lane.TICK, every, self._ticks[entry.name], now)
        for item in agenda.asked:
            question = Question(self._desk, item)
            first = now if item.main else now + min(LATER, item.every)
            yield Job(question.name, Lane.SLOW, item.every, question, first)
        for layer in self._layers:
            every = self._shown_every(layer.dataset, 0.0 if layer.moves else pace.shown)
            yield Job(layer.name, Lane.TICK, every, layer, now + min(1.0, every))
        for listed in self._lists:
            every = self._shown_every(listed.dataset, pace.shown)
            yield Job(listed.name, Lane.SLOW, every, listed, now + min(1.0, every))
        fill = Filling(self._desk, self._ticks, self.histograms.changed)
        yield Job("fill", Lane.SLOW, pace.fill, fill, now + pace.fill)
        yield Job(
            "remember", Lane.SLOW, pace.remember, self.remember, now + min(2.0, pace.remember)
        )
        aside = SetAside(self._desk, agenda.datasets)
        yield Job("set_aside", Lane.SLOW, pace.set_aside, aside, now + min(3.0, pace.set_aside))
        yield Job("histograms", Lane.SLOW, pace.histograms, self.histograms, now + pace.histograms)
        yield Job("inspect", Lane.SLOW, pace.inspect, self._inspection, now + pace.inspect)
        yield Job("reconcile", Lane.SLOW, pace.sweep, self.reconciler.sweep, now + pace.sweep)
        yield Job("past", Lane.HOUSE, pace.past, self._past, now + min(1.0, pace.past))
        yield Job("derived", Lane.HOUSE, pace.derived, self._derived, now + pace.derived)
        yield Job("diary", Lane.HOUSE, pace.diary, self.diary, now + pace.diary)
        yield Job("memory", Lane.HOUSE, pace.memory, self.memory, now + pace.memory)

    def _shown_every(self, dataset: str, least: float) -> float:
        """How often rows of a dataset are read to be shown: with its refresh, but not more often
        than `least` seconds, since they are read whole and not only where they changed."""
        refresh = self._desk.agenda.department.datasets[dataset].refresh
        return max(refresh.total_seconds(), least)

    def subject(self, job: str) -> str:
        """What a failure of a job is about: a dataset, an asked indicator, else the job itself."""
        if job.startswith(TICK):
            return job.removeprefix(TICK)
        if job.startswith(ASK):
            return job.removeprefix(ASK).rpartition("/")[0]
        if job.startswith(LAYER):
            return next((one.dataset for one in self._layers if one.name == job), job)
        if job.startswith(LIST):
            return next((one.dataset for one in self._lists if one.name == job), job)
        return job

    def skipped(self, times: Timetable[Outcome]) -> dict[str, int]:
        """Ticks left out, by dataset."""
        return {name: times.jobs[TICK + name].skipped for name in self._ticks}

    def is_read(self) -> bool:
        """Whether the whole history of every plan is read, of which the department declines
        nothing."""
        flows = self._desk.answered_flows()
        return all(flow.ticked_to is not None and flow.waiting is None for flow in flows)

    def progress(self) -> dict[str, float]:
        """Share of the history that is read and told, of each dataset whose is not: its slowest
        plan's."""
        found = self.remember.progress()
        for flow in self._desk.flows.values():
            if flow.progress is not None:
                name = flow.plan.dataset
                found[name] = min(found.get(name, 1.0), flow.progress)
        return found


class DerivedSamples:
    """Keeps derived readings every five minutes, as they were last judged, while there is anything
    new to them: what goes on standing through an outage of their inputs was seen by nobody."""

    def __init__(self, desk: Desk, board: Board) -> None:
        self._desk = desk
        self._board = board
        self._sampled: dict[str, datetime] = {}
        self._as_of: dict[str, datetime | None] = {}

    def __call__(self) -> Outcome:
        """Raises Unreachable or Fenced."""
        now = self._desk.clock()
        slot = bucket_start(now, "5m", self._desk.zone)
        readings = self._board.derived
        known = {
            key: reading
            for key, reading in readings.items()
            if self._sampled.get(key) != slot and self._is_news(key, reading)
        }
        kept: list[Sample] = []
        for key, indicator in self._desk.agenda.derived:
            if key in known:
                kept += _samples(known[key], sample_window(indicator), now)
        if kept:
            self._desk.history.add_samples(self._desk.key, kept, token=self._desk.token())
            self._sampled |= dict.fromkeys(known, slot)
        self._as_of |= {key: reading.as_of for key, reading in readings.items()}
        return Outcome()

    def _is_news(self, key: str, reading: Reading) -> bool:
        """Whether a value is of now, or of a moment that has moved since it was looked at last."""
        if reading.value is None or reading.state is State.FRESH:
            return reading.value is not None
        return reading.as_of != self._as_of.get(key, reading.as_of)


def _samples(reading: Reading, window: str, now: datetime) -> list[Sample]:
    """A derived reading and its parts as samples."""
    key, by = reading.key, reading.parts_by or ""
    parts = reading.parts.items() if by else ()
    return [
        Sample(key, window, "", "", now, reading.value, reading.n),
        *(Sample(key, window, by, code, now, part.value, part.n) for code, part in parts),
    ]

"""Day histograms of closed days, by which percentiles of long windows are told."""

import threading
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from dashboard.catalogue import Dataset, Indicator
from dashboard.measures import TickPlan
from dashboard.ports import Fenced, Unreachable
from dashboard.windows import day_range, local_day
from data_access.collector.long_work import Urgency
from data_access.collector.refusals import Topic
from data_access.collector.work import Desk, Outcome

KEPT = 800
"""Days remembered to have a histogram."""
JOB = "histograms"
PASSED_OVER = 600.0
"""Seconds until a day that was not answered is asked for again; meanwhile the others are made."""
Made = dict[str, set[date]]
"""Days that have one, by what is made of them."""
Missing = tuple[str, str, str, date]
"""What is made (its name in the store), of which indicator, by which split, of which day."""


@dataclass
class Histograms:
    """One histogram per closed day, percentile and split, made in quiet moments, newest first."""

    desk: Desk
    done: Made | None = None
    _making: tuple[str, date] | None = None
    _passed: dict[tuple[str, date], float] = field(default_factory=dict)
    """Until when each day is passed over that was not answered (of a monotonic clock)."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> Outcome:
        """One day of one indicator and split. Raises SourceDown, Unreachable (store) or Fenced."""
        missing = next(self._missing(self._made()), None)
        if missing is None:
            return Outcome()
        return self.desk.in_turn(JOB, Urgency.FURTHER, partial(self._make, missing))

    def _make(self, missing: Missing) -> Outcome:
        name, key, by, day = self._making_now(missing)
        window = day_range(day, self.desk.zone)
        own = key.partition(".")[2]
        topic = Topic(JOB, name, str(self._indicator(key).dataset))
        # Taken for not answered until it is: what hangs is given up, and a successor goes on.
        self._passed[name, day] = time.monotonic() + PASSED_OVER
        counts = self.desk.refusals.attempt(
            topic, lambda: self.desk.door().ask(lambda s: s.histogram(own, window, by or None))
        )
        del self._passed[name, day]
        if counts is None:
            return Outcome(again=True)
        token = self.desk.token()
        self.desk.history.put_histograms(self.desk.key, key, day, by, counts, token=token)
        made = self._note_made(name, day).get(name, set())
        if next(self._missing_of(name, made, self._history_of(key)), None) is None:
            self._remember(name, token)
        return Outcome(again=True)

    def handed_over(self, desk: Desk) -> "Histograms":
        """The same for a successor."""
        with self._lock:
            done = self.done and {name: set(days) for name, days in self.done.items()}
        return Histograms(desk, done, _passed=self._passed.copy())

    def changed(self, plan: TickPlan, buckets: Iterable[datetime]) -> None:
        """Buckets of a plan have changed. Raises like `forget`."""
        self.forget(plan, {local_day(at, self.desk.zone) for at in buckets})

    def forget(self, plan: TickPlan, days: Collection[date]) -> None:
        """These days have changed by a plan's time: make their histograms again, after a restart
        too. Raises Unreachable (the store) or Fenced."""
        if not days:
            return
        made = self._made()
        for name, key, _, _ in self._wanted():
            indicator = self._indicator(key)
            if (indicator.dataset, indicator.time) == (plan.dataset, plan.time):
                with self._lock:
                    lost = made.setdefault(name, set()).intersection(days)
                    made[name] -= lost
                    # Today's rows, which every tick brings, are not of the closed day being made.
                    if self._making and self._making[0] == name and self._making[1] in days:
                        self._making = None
                if lost:
                    self._remember_loss(name, lost)

    def _remember_loss(self, name: str, lost: set[date]) -> None:
        """Where the store does not answer the days are not forgotten here either, so that whoever
        tells of them again finds them."""
        try:
            self._remember(name, self.desk.token())
        except (Unreachable, Fenced):
            made = self._made()
            with self._lock:
                made[name] |= lost
            raise

    def _making_now(self, missing: Missing) -> Missing:
        """Note what is being made, so that a correction meanwhile is not lost."""
        with self._lock:
            self._making = missing[0], missing[3]
        return missing

    def _note_made(self, name: str, day: date) -> Made:
        made = self._made()
        with self._lock:
            if self._making == (name, day):
                made.setdefault(name, set()).add(day)
            self._making = None
        return made

    def _made(self) -> Made:
        """The days that have their histogram, by name."""
        with self._lock:
            if self.done is None:
                self.done = self._load()
            return self.done

    def _wanted(self) -> Iterator[tuple[str, str, str, Dataset]]:
        datasets = self.desk.agenda.department.datasets
        for key in dict.fromkeys(item.key for item in self.desk.agenda.asked):
            indicator = self._indicator(key)
            if indicator.measure.kind != "percentile" or indicator.dataset is None:
                continue
            for by in ["", *(name for name in indicator.by if isinstance(name, str))]:
                yield f"histograms/{key}/{by}", key, by, datasets[indicator.dataset]

    def _indicator(self, key: str) -> Indicator:
        return self.desk.agenda.department.indicators[key.partition(".")[2]]

    def _history_of(self, key: str) -> Dataset:
        return self.desk.agenda.department.datasets[str(self._indicator(key).dataset)]

    def _missing(self, made: Made) -> Iterator[Missing]:
        for name, key, by, dataset in self._wanted():
            if not self.desk.refusals.lets(JOB, name):
                continue
            for day in self._missing_of(name, made.get(name, set()), dataset):
                yield name, key, by, day

    def _missing_of(self, name: str, made: set[date], dataset: Dataset) -> Iterator[date]:
        """Closed days without a histogram, the newest first, but those that are passed over; a day
        closes when its tail has."""
        now, zone = self.desk.clock(), self.desk.zone
        last = local_day(now - dataset.tail, zone) - timedelta(days=1)
        first = local_day(now - dataset.history, zone) + timedelta(days=1)
        days = (last - timedelta(days=number) for number in range((last - first).days + 1))
        asked = time.monotonic()
        return (
            day for day in days if day not in made and self._passed.get((name, day), asked) <= asked
        )

    def _load(self) -> Made:
        kept = {
            name: self.desk.history.state(self.desk.key, name) or []
            for name, _, _, _ in self._wanted()
        }
        return {name: {date.fromisoformat(day) for day in days} for name, days in kept.items()}

    def _remember(self, name: str, token: int) -> None:
        with self._lock:
            days = sorted(day.isoformat() for day in (self.done or {}).get(name, set()))
        self.desk.history.set_state(self.desk.key, name, days[-KEPT:], token=token)

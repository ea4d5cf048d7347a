"""Which moments derived readings are sampled at: those at which there was something new to see."""

from datetime import UTC, datetime, timedelta

from collecting import City
from working import Bench, bench

from dashboard.readings import State
from data_access.collector.board import Board
from data_access.collector.roster import DerivedSamples

KEY = "north.share"


class Clock:
    """A clock that goes on so far ahead of the real one."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Watched:
    """A board whose derived readings are judged and sampled at a moment."""

    def __init__(self, city: City, work: Bench, clock: Clock) -> None:
        self.board = Board(work.desk.agenda)
        self._city, self._work, self._clock = city, work, clock
        self.samples = DerivedSamples(work.desk, self.board)

    def sampled(self) -> int:
        """How many samples there are after one more look."""
        now = self._clock()
        self.board.readings(self._city.holder.catalogue, now)
        self.samples()
        span = (now - timedelta(days=1), now + timedelta(hours=1))
        return len(self._city.history.samples(KEY, span, sample_window="", zone="Asia/Shanghai"))


def test_an_outage_leaves_a_gap_and_no_flat_line(city: City) -> None:
    clock = Clock()
    city.places["north"].add(1, 3)
    with bench(city, city.places["north"], clock) as work:
        watched = Watched(city, work, clock)
        watched.board.take(work.tick())
        assert watched.sampled() == 1
        for _ in range(3):
            clock.ahead += timedelta(minutes=5)
            assert watched.sampled() == 1
        assert watched.board.derived[KEY].state is State.STALE
        # It comes in again, but old: it is what there was to see at that time.
        watched.board.take(work.tick())
        assert watched.sampled() == 2
        assert watched.board.derived[KEY].state is State.STALE
        clock.ahead += timedelta(minutes=5)
        assert watched.sampled() == 2


def test_after_a_restart_what_was_stale_already_is_no_news(city: City) -> None:
    clock = Clock()
    city.places["north"].add(1, 3)
    with bench(city, city.places["north"], clock) as work:
        watched = Watched(city, work, clock)
        watched.board.take(work.tick())
        clock.ahead += timedelta(minutes=5)
        assert watched.sampled() == 0

"""Questions that are shared while they are answered: which are the same, and who is noted."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from small_city import NOW, MemoryHistory, MemorySeries, until

from callbacks.services import Services
from dashboard.access import Person, Refused
from dashboard.ports import Range, Series, SeriesRequest

HOUR = timedelta(hours=1)
ASKS = frozenset({"see", "ask"})
LI, WANG = Person("li", None, ASKS), Person("wang", None, ASKS)  # type: ignore[arg-type]


class SlowSeries(MemorySeries):
    """Asks the department, before it waits or after, and answers when it may."""

    def __init__(self, *, asks_first: bool) -> None:
        super().__init__()
        self.asks_department = {"cases.lodged"}
        self._asks_first = asks_first
        self.goes_on = threading.Event()

    def answer(self, request: SeriesRequest) -> Series:
        if self._asks_first:
            answer = super().answer(request)
            self.goes_on.wait(5)
            return answer
        self.asked.append(request)
        self.goes_on.wait(5)
        return super().answer(request)


def asking(window: Range) -> SeriesRequest:
    return SeriesRequest("cases.lodged", window)


async def both(services: Services, *windows: Range) -> list[Any]:
    """Two people, each with a window, at the same time; answered once both wait."""
    series: Any = services.series
    first = asyncio.create_task(services.answer(asking(windows[0]), LI))
    await until(lambda: series.asked)
    second = asyncio.create_task(services.answer(asking(windows[1]), WANG))
    await asyncio.sleep(0.1)
    series.goes_on.set()
    return await asyncio.gather(first, second)


def slow(services: Services, *, asks_first: bool = True) -> SlowSeries:
    series = SlowSeries(asks_first=asks_first)
    object.__setattr__(services, "series", series)
    return series


async def test_windows_that_differ_in_seconds_are_two_questions(services: Services) -> None:
    slow(services)
    end = NOW - HOUR
    ends = end + timedelta(seconds=1), end + timedelta(seconds=31)
    found = await both(services, *((end - HOUR, at) for at in ends))
    assert [one.request.window[1] for one in found] == list(ends)


async def test_windows_until_now_are_one_question(services: Services) -> None:
    series = slow(services)
    # The minute of NOW has just begun, so both lie in the one before.
    nows = NOW - timedelta(seconds=1), NOW - timedelta(seconds=1.3)
    await both(services, *((NOW - HOUR, at) for at in nows))
    assert len(series.asked) == 1


async def test_beginnings_that_differ_are_two_questions(services: Services) -> None:
    series = slow(services)
    starts = NOW - HOUR, NOW - HOUR + timedelta(seconds=30)
    await both(services, *((start, NOW) for start in starts))
    assert len(series.asked) == 2


@pytest.mark.parametrize("asks_first", [True, False])
async def test_everybody_who_shares_a_question_is_in_the_audit(
    services: Services, asks_first: bool
) -> None:
    """Whether the department was asked before the second one came, or after."""
    series = slow(services, asks_first=asks_first)
    history: Any = services.history
    assert isinstance(history, MemoryHistory)
    await both(services, (NOW - HOUR, NOW), (NOW - HOUR, NOW))
    assert len({id(request.permit) for request in series.asked}) == 1
    assert sorted(note[:3] for note in history.notes) == [
        ("li", "ask", "cases.lodged"),
        ("wang", "ask", "cases.lodged"),
    ]


async def test_a_shared_question_that_fails_names_everybody_too(services: Services) -> None:
    series = slow(services)
    series.answer = _failing(series)  # type: ignore[method-assign]
    with pytest.raises(ValueError, match="too much"):
        await both(services, (NOW - HOUR, NOW), (NOW - HOUR, NOW))
    await until(lambda: len(services.history.notes) == 2)  # type: ignore[attr-defined]


def _failing(series: SlowSeries) -> Any:
    def answer(request: SeriesRequest) -> Series:
        SlowSeries.answer(series, request)
        raise ValueError("found too much")

    return answer


async def test_nobody_without_the_right_shares_with_who_has_it(services: Services) -> None:
    slow(services).goes_on.set()
    with pytest.raises(Refused):
        await services.answer(asking((NOW - HOUR, NOW)), Person("zhou", None, frozenset({"see"})))
    assert services.history.notes == []  # type: ignore[attr-defined]

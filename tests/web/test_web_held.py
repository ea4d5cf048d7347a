"""What is held for a while: given to all who ask the same, bounded, and asked for once at a time."""

import asyncio
from datetime import timedelta

import pytest
from small_city import NOW

from callbacks.held import Held
from dashboard.ports import Unreachable

HOLD = timedelta(minutes=10)


class Asked:
    """Answers what it is asked, slowly, and counts."""

    def __init__(self) -> None:
        self.now = NOW
        self.count = 0

    async def __call__(self) -> list[int]:
        self.count += 1
        await asyncio.sleep(0.01)
        return [0] * 10


async def test_who_asks_the_same_meanwhile_is_given_the_same() -> None:
    asked = Asked()
    held = Held[list[int]](lambda: asked.now, HOLD, 100, len)
    await asyncio.gather(*(held.get("a", asked) for _ in range(5)))
    await held.get("a", asked)
    assert asked.count == 1
    asked.now += HOLD
    await held.get("a", asked)
    assert asked.count == 2
    assert held.size == 10


async def test_all_that_is_held_is_bounded_and_the_oldest_goes_first() -> None:
    asked = Asked()
    held = Held[list[int]](lambda: asked.now, HOLD, 30, len)
    for key in range(50):
        await held.get(key, asked)
        assert held.size <= 30
    await held.get(49, asked)
    assert asked.count == 50
    await held.get(0, asked)
    assert asked.count == 51


async def test_a_failure_is_not_held() -> None:
    async def fail() -> list[int]:
        raise Unreachable("silent")

    asked = Asked()
    held = Held[list[int]](lambda: asked.now, HOLD, 30, len)
    with pytest.raises(Unreachable):
        await held.get("a", fail)
    assert len(await held.get("a", asked)) == 10

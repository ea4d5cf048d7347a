"""Questions in flight: those who ask the same at the same time put one question and hold one thread."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from callbacks.permits import Permit

T = TypeVar("T")


@dataclass(frozen=True)
class _Question:
    task: asyncio.Task[Any]
    permit: Permit | None


class Shared:
    """Answers are shared while they are waited for and forgotten once they are there, failures
    too. Used from the event loop alone."""

    def __init__(self) -> None:
        self._asking: dict[Hashable, _Question] = {}

    def permit_of(self, key: Hashable) -> Permit | None:
        """The permit of a question that is on its way and has one; who shares it joins that."""
        question = self._asking.get(key)
        return question.permit if question else None

    async def get(
        self,
        key: Hashable,
        ask: Callable[[], Coroutine[Any, Any, T]],
        permit: Permit | None = None,
    ) -> T:
        """The answer that is on its way, else that of `ask`, which asks by `permit`. Who gives up
        leaves it to the others."""
        question = self._asking.get(key)
        if question is None:
            task = asyncio.get_running_loop().create_task(ask())
            self._asking[key] = question = _Question(task, permit)
            task.add_done_callback(lambda ended: self._forget(key, ended))
        found: T = await asyncio.shield(question.task)
        return found

    def _forget(self, key: Hashable, ended: asyncio.Task[Any]) -> None:
        self._asking.pop(key, None)
        if not ended.cancelled():
            # Looked at here, or asyncio complains where all who waited have gone.
            ended.exception()

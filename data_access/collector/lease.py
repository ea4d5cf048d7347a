"""The lease under which a department is read, renewed in a thread of its own.

The desk's own thread judges and publishes, and on a busy machine that may take longer than a lease
lasts; so it is not the one that keeps it.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.ports import Fenced, History, Unreachable

RENEWALS = 5
"""Times a lease is renewed before it would end."""

A_MOMENT = 2.0
"""Seconds that a desk waits for the store to outdo what it gave up."""


class Lease:
    """The right to read one department. While the store is silent it is kept: nobody else can take
    it there, and what is written later carries its token."""

    def __init__(self, history: History, department: str, holder: str, seconds: float) -> None:
        self._history = history
        self._department = department
        self._holder = holder
        self._seconds = seconds
        self._lock = threading.Lock()
        self.token: int | None = None
        self.answered = 0.0
        """When the store last answered, in seconds of a monotonic clock."""

    def take(self) -> bool:
        """Try to get it; false while another collector has it. Raises Unreachable."""
        with self._lock:
            return self._ask()

    def held(self) -> int:
        """The token to write with. Raises Fenced where another collector has the lease."""
        token = self.token
        if token is None:
            raise Fenced("the lease is another's")
        return token

    def outdo(self) -> None:
        """Take the lease anew, so that the store refuses what still writes with the token before.
        While the store is silent nothing can be written either way: the desk, which has screens to
        tell, waits a moment only, and the token changes when the store answers."""
        name = f"outdo-{self._department}"
        outdoing = threading.Thread(target=self._outdo, name=name, daemon=True)
        outdoing.start()
        outdoing.join(A_MOMENT)

    def _outdo(self) -> None:
        with self._lock:
            if self.token is None:
                return
            try:
                self._history.release_lease(self._department, self._holder)
                self._ask()
            except Unreachable:
                return  # Kept as it was; the next renewal takes it again.

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Have it renewed while the block runs; `token` is None once another collector has it."""
        ended = threading.Event()
        name = f"lease-{self._department}"
        threading.Thread(target=self._renew, args=(ended,), name=name, daemon=True).start()
        try:
            yield
        finally:
            ended.set()

    def _renew(self, ended: threading.Event) -> None:
        while not ended.wait(self._seconds / RENEWALS):
            with self._lock:
                # One that has been let go meanwhile must not be taken again.
                if self.token is None or ended.is_set():
                    return
                try:
                    self._ask()
                except Unreachable:
                    continue

    def _ask(self) -> bool:
        self.token = self._history.take_lease(self._department, self._holder, self._seconds)
        self.answered = time.monotonic()
        return self.token is not None

    def give_back(self) -> None:
        """Let it go, so that a waiting collector need not wait for its end. Taken again it has a
        new token, which outdoes whatever fenced the old one."""
        with self._lock:
            self.token = None
            try:
                self._history.release_lease(self._department, self._holder)
            except Unreachable:
                return  # It ends by itself.

"""Where a collector lives: a name by which its successor may take over from it at once.

A collector that was killed has not given its leases back. Whoever holds the lock of its data folder
after it knows that it is dead, since the kernel frees the lock with the last breath of a process.
"""

import fcntl
import hashlib
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
"""What this run of the kernel is called; the same in all its containers."""


@contextmanager
def holder_of(lock: Path) -> Iterator[str]:
    """The name that a collector holds leases by, `place/life`, while the lock file is held; without
    a place where another process holds it, or where places cannot be told apart."""
    life = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
    with lock.open("w") as held:
        file = held.fileno()
        alone = BOOT.exists() and _locked(file)
        yield f"{_place(file)}/{life}" if alone else life


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _place(file: int) -> str:
    """One file of one running kernel: a copy of the folder elsewhere is another place."""
    known = os.fstat(file)
    name = f"{BOOT.read_text()}:{known.st_dev}:{known.st_ino}"
    return hashlib.sha256(name.encode()).hexdigest()[:12]

"""`python -m benchmarks [live] [ticks] [screen] [map] [outage] [soak]`: run them and print their tables.

Without a name all but the long ones run; `outage` and `soak` take `--minutes`.
"""

import sys
from collections.abc import Callable

from benchmarks import live, map, outage, screen, soak, ticks

ALL = {"live": live.main, "ticks": ticks.main, "screen": screen.main, "map": map.main}
LONG = {"outage": outage.main, "soak": soak.main}


def work_of(arguments: list[str]) -> dict[str, Callable[[], str]]:
    """What is to be run, by name; what follows the name of a long one is its own."""
    if arguments and (long := LONG.get(arguments[0])) is not None:
        return {arguments[0]: lambda: long(arguments[1:])}
    return {name: ALL[name] for name in arguments or ALL}


if __name__ == "__main__":
    for name, work in work_of(sys.argv[1:]).items():
        print(f"\n## {name}\n\n{work()}\n", flush=True)

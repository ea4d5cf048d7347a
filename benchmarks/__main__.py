"""`python -m benchmarks [live] [ticks] [screen] [map]`: run them and print their tables."""

import sys

from benchmarks import live, map, screen, ticks

ALL = {"live": live.main, "ticks": ticks.main, "screen": screen.main, "map": map.main}

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        print(f"\n## {name}\n\n{ALL[name]()}\n", flush=True)

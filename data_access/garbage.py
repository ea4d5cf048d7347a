"""How often a process that runs for weeks looks for garbage that reference counts do not find."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 20
"""New objects between two looks at the young ones, and how many such looks between those at older
ones. With Python's own figures (700, 10, 10) the collector spent a sixth of its time in them, and
one look at everything held up all threads for half a second to a second and a half."""


def settle() -> None:
    """Leave alone for ever what is loaded by now, and look seldom. Call it once, when a process has
    loaded what it works with."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

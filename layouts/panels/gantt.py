"""What is open over time, each by its own stages, from the rows that the collector keeps ready."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.catalogue import Dataset
from dashboard.catalogue.pages import Panel
from dashboard.figures import Bar, Drawing, Figure, Step, build_empty, build_gantt, plain
from dashboard.formats import age, moment
from dashboard.readings import parse_instant
from layouts.panels.lists import cell_words, listed_of, may_see_rows, moment_of
from layouts.panels.said import Said
from layouts.view import View

BARS = {"short": 6, "normal": 10, "tall": 18}
LONGEST = 4
"""What is open longer than so many times the median begins at the edge, or the others would be too
short to see."""
_AIR = 0.02


def draw_gantt(
    view: View, panel: Panel, drawing: Drawing, *, narrow: bool = False
) -> tuple[Figure, str]:
    """The figure of a panel's one indicator; an empty one with the reason where there is nothing."""
    key = panel.indicators[0]
    dataset, entry = view.catalogue.dataset_of(key), listed_of(view, key)
    if not may_see_rows(view, key):
        return build_empty(drawing), Said.LIST_REFUSED.of(view.language)
    if dataset is None or entry is None:
        return build_empty(drawing), Said.LIST_WAITING.of(view.language)
    if not entry["rows"]:
        return build_empty(drawing), Said.LIST_EMPTY.of(view.language)
    stages = stages_of(panel, dataset, entry["columns"])
    rows = [dict(zip(entry["columns"], row, strict=True)) for row in entry["rows"]]
    # What is open was so when the rows were read, which may be long ago; nobody knows of it now.
    read_at = min(parse_instant(entry["at"]), view.now)
    made = [_bar(view, key, dataset, stages, row, read_at) for row in rows]
    bars = [bar for bar in made if bar.steps][: BARS[panel.height]]
    if not bars:
        return build_empty(drawing), Said.GANTT_NO_TIMES.of(view.language)
    names = [_stage_name(view, dataset, stage) for stage in stages]
    begun = sorted(bar.steps[0].start for bar in bars)
    middle = view.now - begun[len(begun) // 2]
    start = max(begun[0], view.now - middle * LONGEST)
    window = (start, view.now + (view.now - start) * _AIR)
    return build_gantt(bars, names, window, drawing, ticks=2 if narrow else 5), ""


def stages_of(panel: Panel, dataset: Dataset, known: Sequence[str]) -> list[str]:
    """The times that are stages: those that the panel names, else all that are shown, in order."""
    named = panel.stages or list(dataset.times)
    return [name for name in named if dataset.times[name].column in known]


def _stage_name(view: View, dataset: Dataset, stage: str) -> str:
    column = dataset.times[stage].column
    return view.say(dataset.show[column]) if column in dataset.show else stage


def _bar(
    view: View,
    key: str,
    dataset: Dataset,
    stages: Sequence[str],
    row: Mapping[str, Any],
    read_at: datetime,
) -> Bar:
    """A row's stages that it had reached when it was read; times out of order are passed over, as is one that never
    came, whose stage then lasted until the next."""
    name = " ".join(cell_words(view, key, column, row.get(column)) for column in dataset.key)
    reached: list[tuple[int, datetime]] = []
    for place, stage in enumerate(stages):
        at = moment_of(row.get(dataset.times[stage].column))
        if at is not None and at <= read_at and (not reached or at >= reached[-1][1]):
            reached.append((place, at))
    steps = []
    later = [*reached[1:], None] if reached else []
    for (place, start), after in zip(reached, later, strict=True):
        end = after[1] if after else read_at
        words = _words(view, name, _stage_name(view, dataset, stages[place]), start, end)
        steps.append(Step(place, start, end, words, open=after is None))
    return Bar(name, steps)


def _words(view: View, name: str, stage: str, start: datetime, end: datetime) -> str:
    at = moment(start, view.now, view.zone, view.language)
    return f"{plain(name)}<br>{stage} {at}　<b>{age(end - start, view.language)}</b>"

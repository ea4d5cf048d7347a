"""Opening and closing matters: from the readings and feeds of a department to what is open.

Pure. A matter opens with the first breach, keeps its `since` as long as it is open, waits unchanged
while its reading cannot be had, and closes with the second normal tick in a row; one of silence
with the first report, since it would contradict the live value beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.definitions import Limit
from dashboard.catalogue.indicators import Fact
from dashboard.clerk import CITY, code_text, edge_of, limit_sentence, summary_sentence
from dashboard.feeds import WHOLE, Feed
from dashboard.judge import COMPARE, SEVERITY, is_judged
from dashboard.matters import Matter, excess_of
from dashboard.readings import Level, Part, Reading, State, instant, parse_instant
from dashboard.silence import (
    best,
    by_department,
    is_told_by,
    matter_id,
    silent_matters,
    taken_over,
)
from dashboard.text import Text
from dashboard.windows import zone_of

MANY = 5
"""Parts of one indicator that get a matter each; those beyond share one."""


@dataclass(frozen=True)
class Open:
    """A matter that is open. `calm` is the tick that first found it normal again, if one has."""

    matter: Matter
    calm: datetime | None = None

    def state(self) -> dict[str, Any]:
        """As JSON, for the collector to remember over a restart."""
        return {"matter": self.matter.wire(), "calm": instant(self.calm)}

    @classmethod
    def parse(cls, state: Mapping[str, Any]) -> "Open":
        """The inverse of `state`."""
        wire = dict(state["matter"])
        calm, due = state["calm"], wire["due"]
        matter = Matter(
            **wire
            | {
                "level": Level(wire["level"]),
                "title": Text(**wire["title"]),
                "place": Text(**wire["place"]),
                "since": parse_instant(wire["since"]),
                "due": parse_instant(due) if due else None,
            }
        )
        return cls(matter, parse_instant(calm) if calm else None)


@dataclass(frozen=True)
class _Subject:
    """What can be said about a matter whose breach is not seen: known normal at a tick, or not."""

    tick: datetime | None
    closed: bool = False


def open_matters(
    previous: Mapping[str, Open],
    readings: Iterable[Reading],
    feeds: Sequence[Feed],
    catalogue: Catalogue,
    now: datetime,
) -> dict[str, Open]:
    """What is open now, by matter id, of the departments whose readings and feeds are given."""
    wanted: dict[str, Matter] = {}
    subjects: dict[str, _Subject] = {}
    for reading in readings:
        indicator = catalogue.indicator(reading.key)
        # What waits to be dealt with is everybody's, and so is the news that it no longer does.
        if indicator is None or indicator.roles:
            continue
        subjects[reading.key.replace(".", "/", 1)] = _subject(reading)
        held = frozenset(previous)
        wanted |= {m.id: m for m in _breaches(reading, indicator, catalogue, held, now)}
    wanted |= {matter.id: matter for matter in silent_matters(feeds, catalogue, now)}
    for department, own in by_department(feeds):
        subjects |= {matter_id(department, feed.dataset): _fed(feed) for feed in own}
        subjects[matter_id(department, WHOLE)] = _fed(best(own))
    return _held(previous, wanted, subjects)


def _fed(feed: Feed) -> _Subject:
    tick = feed.collected_at if feed.state is State.FRESH else None
    return _Subject(tick, feed.state is State.NOT_DUE)


def _held(
    previous: Mapping[str, Open], wanted: Mapping[str, Matter], subjects: Mapping[str, _Subject]
) -> dict[str, Open]:
    found: dict[str, Open] = {}
    for name, matter in wanted.items():
        told = [previous[one] for one in (name, *taken_over(name, previous)) if one in previous]
        since = min((before.matter.since for before in told), default=matter.since)
        found[name] = Open(_since(matter, since))
    for name, before in previous.items():
        if name not in wanted and not is_told_by(name, wanted):
            kept = _calmed(
                before, subjects.get("/".join(name.split("/")[:3])) or _of(name, subjects)
            )
            if kept is not None:
                found[name] = kept
    return found


def _of(name: str, subjects: Mapping[str, _Subject]) -> _Subject | None:
    return subjects.get("/".join(name.split("/")[:2]))


def _since(matter: Matter, since: datetime) -> Matter:
    due = since + (matter.due - matter.since) if matter.due else None
    return replace(matter, since=since, due=due)


def _calmed(before: Open, subject: _Subject | None) -> Open | None:
    if subject is None or subject.closed:
        return None
    if subject.tick is None:
        return before
    if before.matter.kind == "feed":
        return None
    if before.calm is None:
        return replace(before, calm=subject.tick)
    return None if subject.tick > before.calm else before


def _subject(reading: Reading) -> _Subject:
    known = reading.state in (State.FRESH, State.LATE)
    return _Subject(reading.collected_at if known else None, reading.state is State.NOT_DUE)


def _breaches(
    reading: Reading,
    indicator: Indicator,
    catalogue: Catalogue,
    held: frozenset[str],
    now: datetime,
) -> Iterator[Matter]:
    base = reading.key.replace(".", "/", 1)
    parts = [(c, p) for c, p in reading.parts.items() if p.level is not Level.NORMAL]
    if not parts:
        if reading.level is not Level.NORMAL:
            yield _matter(base, reading, indicator, reading, None, catalogue, now)
        return
    rising = _rising(indicator)

    def rank(item: tuple[str, Part]) -> tuple[bool, int, float]:
        code, part = item
        return (
            f"{base}/{code}" not in held,
            -SEVERITY[part.level],
            (-1 if rising else 1) * (part.value or 0.0),
        )

    parts.sort(key=rank)
    for code, part in parts[:MANY]:
        yield _matter(f"{base}/{code}", reading, indicator, part, code, catalogue, now)
    if len(parts) > MANY:
        yield _summary(base, reading, indicator, parts[MANY:], catalogue, now)


def _rising(indicator: Indicator) -> bool:
    return not indicator.limits or indicator.limits[0].op in (">", ">=")


def _matter(
    name: str,
    reading: Reading,
    indicator: Indicator,
    value: Part | Reading,
    code: str | None,
    catalogue: Catalogue,
    now: datetime,
) -> Matter:
    place = None if code is None else code_text(catalogue, reading.key, reading.parts_by, code)
    limit = _limit(indicator, value, _hour(reading, catalogue, now))
    return Matter(
        id=name,
        department=reading.department,
        kind="limit",
        level=value.level,
        title=limit_sentence(indicator, value, limit, place),
        place=place or CITY,
        since=now,
        due=now + limit.due if limit and limit.due else None,
        indicator=reading.key,
        part=code,
        excess=excess_of(value.value, edge_of(limit, value)),
    )


def _hour(reading: Reading, catalogue: Catalogue, now: datetime) -> int:
    """The local hour, as readings are judged by it."""
    return now.astimezone(zone_of(catalogue.departments[reading.department].zone)).hour


def _limit(indicator: Indicator, value: Part | Reading, hour: int) -> Limit | None:
    """The limit a value was found to breach: the first of its level that it can have breached."""
    if isinstance(indicator.measure, Fact):
        return None
    level = [limit for limit in indicator.limits if limit.level == value.level.value]
    # A total that has its level from its parts may be judged by none of them itself.
    same = [limit for limit in level if is_judged(limit, value.n, hour)] or level
    for limit in same:
        if limit.against is not None or COMPARE[limit.op](value.value or 0.0, limit.value):
            return limit
    return same[0] if same else None


def _summary(
    name: str,
    reading: Reading,
    indicator: Indicator,
    parts: Sequence[tuple[str, Part]],
    catalogue: Catalogue,
    now: datetime,
) -> Matter:
    code, worst = parts[0]
    title = code_text(catalogue, reading.key, reading.parts_by, code)
    limit = _limit(indicator, worst, _hour(reading, catalogue, now))
    return Matter(
        id=name,
        department=reading.department,
        kind="limit",
        level=worst.level,
        title=summary_sentence(indicator, len(parts), title, worst, others=True),
        place=CITY,
        since=now,
        due=now + limit.due if limit and limit.due else None,
        indicator=reading.key,
        excess=excess_of(worst.value, edge_of(limit, worst)),
    )

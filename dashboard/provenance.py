"""Provenance: where the numbers of an export come from, in words that go with every file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.catalogue import Catalogue, Dataset, Department, Indicator
from dashboard.catalogue.indicators import ByStandard
from dashboard.catalogue.references import inputs_of
from dashboard.feeds import unreadable_columns
from dashboard.ports import Series
from dashboard.readings import parse_instant
from dashboard.text import Text
from dashboard.windows import zone_of

Fact = tuple[Text, str | int]
DEMO = Text(zh="演示数据", en="demo data")
_BASES = {"live": "实时口径 live", "assessed": "考核口径 assessed"}
_ORIGINS = {
    "history": "指挥中心历史 the center's history",
    "department": "部门数据库 asked of the department",
}


@dataclass(frozen=True)
class Asked:
    """Who asked for an export, when, in which words and at which address."""

    who: str
    when: datetime
    window: str
    permalink: str


@dataclass(frozen=True)
class Provenance:
    """`as_of` is the source's own time of its newest report, None where it is not known; `facts`
    are all there is to say, in the order in which people ask. `demo` says that it is simulated."""

    as_of: datetime | None
    source: str
    version: str
    facts: tuple[Fact, ...]
    unit: str = ""
    demo: bool = False


def provenance_of(
    catalogue: Catalogue,
    series: Series,
    asked: Asked,
    sections: Mapping[str, Mapping[str, Mapping[str, Any]]],
    zone: str,
) -> Provenance:
    """What is to be said of a series. `sections` is the newest frame; times are written in `zone`.

    Raises KeyError for an indicator that the catalogue has not.
    """
    which = _which(series, asked, zone)
    key, step = series.request.key, series.step
    return provenance_about(catalogue, key, which, asked, sections, zone, step)


def provenance_about(
    catalogue: Catalogue,
    key: str,
    which: Iterable[Fact],
    asked: Asked,
    sections: Mapping[str, Mapping[str, Mapping[str, Any]]],
    zone: str,
    step: str | timedelta = "",
) -> Provenance:
    """The same of an indicator; `which` says which of its values these are, `step` over what each
    is summed where that is not its own window."""
    indicator = catalogue.indicator(key)
    if indicator is None:
        raise KeyError(key)
    reading = _newest(key, indicator, sections)
    as_of = parse_instant(reading["as_of"]) if reading.get("as_of") else None
    department = catalogue.department_of(key)
    facts = (
        *_what(catalogue, key, indicator, indicator.unit_over(step)),
        *which,
        (Text(zh="数据截至", en="as-of"), _local(as_of, zone)),
        (Text(zh="采集时间", en="collected-at"), _collected(reading, zone)),
        *_set_aside(catalogue, key, sections),
        *_who(catalogue, asked, zone),
        *_demo(department.demo),
    )
    source = "; ".join(
        f"{owner.title.zh} {owner.title.en} / {name}"
        for owner, name, _ in datasets_behind(catalogue, key)
    )
    unit = _both(indicator.unit_over(step))
    return Provenance(as_of, source, catalogue.version, facts, unit, department.demo)


def datasets_behind(catalogue: Catalogue, key: str) -> list[tuple[Department, str, Dataset]]:
    """The datasets that an indicator rests on with their departments and names, each once: its own,
    or those of its inputs and of their inputs."""
    found: dict[tuple[str, str], tuple[Department, str, Dataset]] = {}
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        name = waiting.pop(0)
        indicator, dataset = catalogue.indicator(name), catalogue.dataset_of(name)
        if name in seen or indicator is None:
            continue
        seen.add(name)
        waiting += [given for _, given in inputs_of(indicator)]
        if dataset is not None and indicator.dataset is not None:
            owner = catalogue.department_of(name)
            found[owner.key, indicator.dataset] = owner, indicator.dataset, dataset
    return list(found.values())


def _newest(
    key: str, indicator: Indicator, sections: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Mapping[str, Any]:
    """The indicator's reading, or its dataset's feed where there is none: both say their as-of."""
    reading = sections.get("readings", {}).get(key)
    department = key.partition(".")[0]
    return reading or sections.get("feeds", {}).get(f"{department}.{indicator.dataset}", {})


def _what(catalogue: Catalogue, key: str, indicator: Indicator, unit: Text) -> Iterator[Fact]:
    department = catalogue.department_of(key)
    definition = indicator.definition
    yield Text(zh="指标", en="indicator"), _both(indicator.title)
    yield Text(zh="键", en="key"), key
    yield Text(zh="单位", en="unit"), _both(unit)
    yield Text(zh="部门", en="department"), f"{_both(department.title)}，{_both(department.owner)}"
    named = [f"{_both(d.title)} ({name})" for _, name, d in datasets_behind(catalogue, key)]
    if named:
        yield Text(zh="数据集", en="dataset"), "; ".join(named)
    yield Text(zh="口径", en="basis"), _BASES[indicator.basis]
    yield Text(zh="定义", en="definition"), _both(definition.text)
    confirmed = "待确认 not yet confirmed"
    if definition.confirmed_by is not None:
        confirmed = f"{_both(definition.confirmed_by)} {definition.confirmed_on}"
    yield Text(zh="口径确认", en="confirmed by"), confirmed
    measure = indicator.measure
    if isinstance(measure, ByStandard) and measure.standard in catalogue.standards:
        editions = catalogue.standards[measure.standard].editions
        names = "; ".join(f"{e.name} ({e.valid_from} →)" for e in editions)
        yield Text(zh="标准版本", en="standard edition"), names


def _which(series: Series, asked: Asked, zone: str) -> Iterator[Fact]:
    start, end = series.span
    yield Text(zh="窗口", en="window"), asked.window
    yield Text(zh="起", en="from"), _local(start, zone)
    yield Text(zh="止", en="to (excluded)"), _local(end, zone)
    yield Text(zh="粒度", en="grain"), series.grain
    yield Text(zh="分组", en="by"), series.request.by or "—"
    yield Text(zh="时区", en="zone"), zone
    yield Text(zh="来源", en="origin"), _ORIGINS.get(series.origin, series.origin)
    if series.covered is not None:
        covered = f"{_local(series.covered[0], zone)} → {_local(series.covered[1], zone)}"
        yield Text(zh="数据覆盖", en="covered"), covered
    if series.approximate:
        yield Text(zh="近似", en="approximate"), "≈ 由日直方图计算 from day histograms"


def which_fact(reading: Mapping[str, Any], zone: str) -> Iterator[Fact]:
    """Which statements these are: those of the newest reading, and how far it can be trusted."""
    yield Text(zh="窗口", en="window"), "now"
    yield Text(zh="分组", en="by"), str(reading.get("parts_by") or "—")
    yield Text(zh="时区", en="zone"), zone
    yield Text(zh="状态", en="state"), str(reading.get("state", "unavailable"))
    yield Text(zh="来源", en="origin"), "最新读数 the newest reading"


def which_rows(
    window: str, zone: str, most: int, where: Mapping[str, str] | None = None
) -> Iterator[Fact]:
    """Which rows these are: of a window or the newest, of which part, as many as are given at most."""
    yield Text(zh="窗口", en="window"), window or "—"
    for dimension, code in (where or {}).items():
        yield Text(zh="筛选", en="filter"), f"{dimension} = {code}"
    yield Text(zh="时区", en="zone"), zone
    yield Text(zh="来源", en="origin"), _ORIGINS["department"]
    yield Text(zh="最多行数", en="at most rows"), most


def _set_aside(
    catalogue: Catalogue, key: str, sections: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Iterator[Fact]:
    indicator, dataset = catalogue.indicator(key), catalogue.dataset_of(key)
    if indicator is None or dataset is None:
        return
    department = key.partition(".")[0]
    feed = sections.get("feeds", {}).get(f"{department}.{indicator.dataset}", {})
    counts: Mapping[str, int] = feed.get("set_aside", {})
    for rule in dataset.set_aside:
        if rule.name in counts:
            zh, en = f"剔除：{rule.title.zh}", f"set aside: {rule.title.en}"
            yield Text(zh=zh, en=en), counts[rule.name]
    for column, count in unreadable_columns(feed, dataset).items():
        zh, en = f"剔除：时间无法识别（{column}）", f"set aside: no readable time ({column})"
        yield Text(zh=zh, en=en), count


def _who(catalogue: Catalogue, asked: Asked, zone: str) -> Iterator[Fact]:
    yield Text(zh="目录版本", en="definition version"), catalogue.version
    yield Text(zh="导出人", en="who"), asked.who
    yield Text(zh="导出时间", en="when"), _local(asked.when, zone)
    yield Text(zh="链接", en="permalink"), asked.permalink


def _demo(demo: bool) -> Iterator[Fact]:
    if demo:
        yield DEMO, "是，模拟数据 yes, simulated"


def _collected(reading: Mapping[str, Any], zone: str) -> str:
    found = reading.get("collected_at")
    return _local(parse_instant(found) if found else None, zone)


def _local(at: datetime | None, zone: str) -> str:
    return at.astimezone(zone_of(zone)).isoformat(timespec="seconds") if at else "—"


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"

"""The sentences of matters: what a clerk would write on the board, with the number in it."""

from datetime import date, datetime

from dashboard.catalogue import Catalogue, Indicator
from dashboard.catalogue.datasets import Dimension
from dashboard.catalogue.definitions import Limit, Signs
from dashboard.catalogue.indicators import Fact
from dashboard.catalogue.places import dimension_named, title_on
from dashboard.feeds import Feed
from dashboard.formats import moment, quantity, rounded
from dashboard.measures import JOINT
from dashboard.readings import Part, Reading, State
from dashboard.reasons import reason_text
from dashboard.text import LANGUAGES, Language, Text, folded
from dashboard.words import Word

CITY = Text(zh=Word.CITY.of("zh"), en=Word.CITY.of("en"))
_BEYOND = {">": Text(zh="超过", en="over"), "<": Text(zh="低于", en="below")}
_AT = {">": Text(zh="达到", en="at"), "<": Text(zh="降到", en="down to")}
_AGAINST = {
    "four_weeks": Text(zh="四周常值", en="the four-week usual"),
    "weekday_hour": Text(zh="同期常值", en="the usual for the hour"),
    "day_before": Text(zh="昨日同期", en="the same time yesterday"),
    "week_before": Text(zh="上周同期", en="the same time last week"),
}
POINTS = Text(zh=Word.POINTS.of("zh"), en=Word.POINTS.of("en"))
_FEED = {
    State.LATE: Text(zh="数据迟报", en="data is late"),
    State.STALE: Text(zh="数据已过期", en="data is stale"),
    State.UNAVAILABLE: Text(zh="没有数据", en="no data"),
}


def code_text(
    catalogue: Catalogue, key: str, by: str | None, code: str, on: date | None = None
) -> Text:
    """What a code of an indicator's split is called (`on` a day, else today); the code itself where
    nobody named it."""
    names = (by or "").split(",")
    codes = code.split(JOINT)
    texts = [
        dimension_text(catalogue, dimension_named(catalogue, key, name), one, on)
        for name, one in zip(names, codes, strict=False)
    ]
    return Text(zh=" ".join(t.zh for t in texts), en=" ".join(t.en for t in texts))


def dimension_text(
    catalogue: Catalogue, dimension: Dimension | None, code: str, on: date | None = None
) -> Text:
    """What one code of a dimension is called; the code itself where nobody named it."""
    if code == "":
        return Text(zh=Word.UNKNOWN_CODE.of("zh"), en=Word.UNKNOWN_CODE.of("en"))
    if dimension is not None and dimension.values:
        known = folded(code) if dimension.fold else code
        if known in dimension.values:
            return dimension.values[known]
    listed = catalogue.codes.get(dimension.codes or "") if dimension else None
    if listed and code in listed.codes:
        return title_on(listed.codes[code], on)
    for entry in listed.codes.values() if listed else ():
        if code in entry.spellings:
            return title_on(entry, on)
    alike = dimension.like.title_of(code) if dimension and dimension.like else None
    return alike or Text(zh=code, en=code)


def limit_sentence(
    indicator: Indicator, value: Part | Reading, limit: Limit | None, place: Text | None
) -> Text:
    """`容奇(二) 水位 2.88 m，超警戒`: place, short title, value and which limit it breaks."""

    def said(language: Language) -> str:
        title = (indicator.short or indicator.title).of(language)
        where = f"{place.of(language)}{' ' if language == 'zh' else ': '}" if place else ""
        words = _limit_words(indicator, value, limit, language)
        comma = "，" if language == "zh" else ", "
        return f"{where}{title} {_value(indicator, value, language, limit)}" + (
            f"{comma}{words}" if words else ""
        )

    return Text(zh=said("zh"), en=said("en"))


def summary_sentence(
    indicator: Indicator, count: int, worst: Text, worst_value: Part, *, others: bool
) -> Text:
    """One line for many parts: how many are beyond the limit, and the worst of them."""
    title = indicator.short or indicator.title
    more = "另有 " if others else "", "more " if others else ""
    return Text(
        zh=f"{title.zh} {more[0]}{count} 处超限，最重 {worst.zh} {_value(indicator, worst_value, 'zh')}",
        en=f"{title.en}: {count} {more[1]}over the limit, worst {worst.en}"
        f" {_value(indicator, worst_value, 'en')}",
    )


def feed_sentence(title: Text, feed: Feed, now: datetime, zone: str) -> Text:
    """`车辆位置 数据迟报，截至 16:40，数据库连接失败`: which data, how it is, since when, why."""
    said = {language: [_FEED[feed.state].of(language)] for language in LANGUAGES}
    reason = reason_text(feed.reason)
    for language in LANGUAGES:
        if feed.as_of is not None:
            at = moment(feed.as_of, now, zone, language)
            said[language].append(f"截至 {at}" if language == "zh" else f"as of {at}")
        if reason is not None:
            said[language].append(reason.of(language))
    return Text(zh=f"{title.zh} {'，'.join(said['zh'])}", en=f"{title.en}: {', '.join(said['en'])}")


def _value(
    indicator: Indicator, value: Part | Reading, language: Language, limit: Limit | None = None
) -> str:
    if isinstance(indicator.measure, Fact):
        stated = indicator.measure.values.get(value.text or "")
        return stated.of(language) if stated else value.text or ""
    decimals = indicator.decimals
    if limit is not None and limit.against is None and value.value != limit.value:
        # "10 min, below the limit of 10 min" would read like a mistake.
        decimals += rounded(value.value, decimals) == rounded(limit.value, decimals)
    if indicator.signs is not None and value.value:
        return _over_or_under(indicator.signs, indicator.unit, value.value, decimals, language)
    return quantity(value.value, indicator.unit, decimals, language)


def _over_or_under(
    signs: Signs, unit: Text, value: float, decimals: int, language: Language
) -> str:
    """`警戒以上 0.18 m`, `0.18 m above warning`: the word stands for the sign."""
    word = (signs.over if value > 0 else signs.under).of(language)
    size = quantity(abs(value), unit, decimals, language)
    return f"{word} {size}" if language == "zh" else f"{size} {word}"


def edge_of(limit: Limit | None, value: Part | Reading) -> float | None:
    """The number that a value breaches: a fixed one as the catalogue has it, one of the past as it
    was judged by; None where it is not known."""
    if limit is None:
        return None
    return value.limit if limit.against is not None else limit.value


def _verb(limit: Limit, value: Part | Reading, language: Language) -> str:
    """超过 and 低于 for what lies beyond a limit, 达到 and 降到 only for what is equal to it."""
    at = value.value is not None and value.value == edge_of(limit, value)
    return (_AT if at else _BEYOND)[limit.op[0]].of(language)


def _limit_words(
    indicator: Indicator, value: Part | Reading, limit: Limit | None, language: Language
) -> str:
    """The words of a limit: its note, nothing where any at all is too many, else the number."""
    if limit is None:
        return ""
    if limit.note is not None:
        return limit.note.of(language)
    over = _verb(limit, value, language)
    if limit.against is not None:
        usual = _AGAINST[limit.against].of(language)
        if limit.as_ != "quotient":
            return _difference_words(indicator, limit, usual, language)
        usual = _past_words(limit, usual, language)
        return f"{over}{usual}" if language == "zh" else f"{over} {usual}"
    if limit.op in (">", ">=") and limit.value <= 1 and indicator.decimals == 0:
        return ""
    if indicator.signs is not None and limit.value == 0:
        return ""  # On which side of zero it is has been said.
    decimals = 0 if float(limit.value).is_integer() else max(1, indicator.decimals)
    edge = quantity(limit.value, indicator.unit, decimals, language)
    return f"{over}限值 {edge}" if language == "zh" else f"{over} {edge}"


def _difference_words(indicator: Indicator, limit: Limit, usual: str, language: Language) -> str:
    """`比四周常值低 5 个百分点以上`: shares differ by points, everything else by its own unit."""
    below = limit.value < 0
    unit = POINTS if indicator.unit.zh == "%" else indicator.unit
    digits = 0 if float(limit.value).is_integer() else max(1, indicator.decimals)
    amount = quantity(abs(limit.value), unit, digits, language)
    if language == "zh":
        return f"比{usual}{'低' if below else '高'} {amount}以上"
    return f"more than {amount} {'below' if below else 'above'} {usual}"


def _past_words(limit: Limit, usual: str, language: Language) -> str:
    """`四周常值 1.2 倍`; the past value alone where the limit is just that."""
    if limit.value == 1:
        return usual
    return f"{usual} {limit.value:g} 倍" if language == "zh" else f"{limit.value:g}× {usual}"

"""How numbers, times and comparisons are written: CLDR grouping, true minus, the city's zone."""

from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.plural import PluralRule

from dashboard.i18n import NO_VALUE
from dashboard.plurals import SINGULARS
from dashboard.text import Language, Text
from dashboard.words import Word

LOCALES: dict[Language, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}
MINUS = "\u2212"
SPACE = "\u00a0"
"""Between a number and its unit: they stay on one line."""
Number = int | float | Decimal
_DAY_PATTERNS: dict[Language, str] = {"zh": "y年M月d日 EEEE", "en": "EEEE d MMMM y"}


def rounded(value: Number | None, decimals: int) -> Decimal | None:
    """A number as it is shown: half away from zero on its shortest spelling, as browsers round.

    None where there is no number (None, NaN, infinite); never a negative zero.
    """
    if value is None:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return None
    shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(shown) if shown == 0 else shown


def number(value: Number | None, decimals: int = 0, language: Language = "zh") -> str:
    """A number with grouping and exactly `decimals` digits after the point; a dash for none."""
    shown = rounded(value, decimals)
    if shown is None:
        return NO_VALUE
    pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    text = str(format_decimal(shown, format=pattern, locale=LOCALES[language]))
    return text.replace("-", MINUS)


def signed(value: Number | None, decimals: int = 0, language: Language = "zh") -> str:
    """A number with its sign always written, `+0.18` or `−4`; zero has none."""
    shown = rounded(value, decimals)
    plus = "+" if shown is not None and shown > 0 else ""
    return plus + number(value, decimals, language)


def quantity(
    value: Number | None, unit: Text | str, decimals: int = 0, language: Language = "zh"
) -> str:
    """A number with its unit: `38.6 h`, `97.1 %`, `1 order`; a bare dash where there is none."""
    shown = number(value, decimals, language)
    return shown if shown == NO_VALUE else shown + _unit(unit, value, decimals, language)


def counted(
    unit: Text | str, value: Number | None, decimals: int = 0, language: Language = "zh"
) -> str:
    """The unit as it stands beside a value, by the CLDR's plural: `order` beside 1, else `orders`."""
    text = unit if isinstance(unit, str) else unit.of(language)
    shown = rounded(value, decimals)
    if shown is None or text not in SINGULARS:
        return text
    return SINGULARS[text] if _plurals(language)(abs(shown)) == "one" else text


@cache
def _plurals(language: Language) -> PluralRule:
    return Locale.parse(LOCALES[language]).plural_form


def _unit(unit: Text | str, value: Number | None, decimals: int, language: Language) -> str:
    text = counted(unit, value, decimals, language)
    return f"{SPACE}{text}" if text else ""


def sample(n: int | None, language: Language = "zh") -> str:
    """How many rows a value rests on, `n 62`; empty where unknown."""
    return "" if n is None else Word.SAMPLE.fill(language, number(n, 0, language))


def age(delta: timedelta, language: Language = "zh") -> str:
    """A span in words, rounded down: `45 秒`, `12 分`, `2 小时`, `3 天`.

    A unit is taken from two of it on, so that 100 minutes are not called an hour. A negative span
    (a source whose clock is ahead) is called 0 seconds.
    """
    seconds = max(0, int(delta.total_seconds()))
    if seconds < 60:
        return _span(Word.SECONDS, seconds, language)
    if seconds < 2 * 3600:
        return _span(Word.MINUTES, seconds // 60, language)
    if seconds < 2 * 86400:
        return _span(Word.HOURS, seconds // 3600, language)
    return _span(Word.DAYS, seconds // 86400, language)


def _span(unit: Word, count: int, language: Language) -> str:
    return unit.fill(language, number(count, 0, language)).replace(" ", SPACE)


def ago(delta: timedelta, language: Language = "zh") -> str:
    """How long something is past: `24 秒前`, `3 分钟前`, `3 min ago`."""
    if 60 <= delta.total_seconds() < 2 * 3600:
        return _span(Word.MINUTES_AGO, int(delta.total_seconds()) // 60, language)
    return Word.AGO.fill(language, age(delta, language))


def clock(at: datetime, zone: tzinfo | str, seconds: bool = True) -> str:
    """The time of day in the city's zone: `16:42:07`, or `16:42`."""
    return _local(at, zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(at: datetime, zone: tzinfo | str, language: Language = "zh") -> str:
    """The day in the city's zone: `2026年11月22日 星期日`, `Sunday 22 November 2026`."""
    pattern = _DAY_PATTERNS[language]
    return str(format_date(_local(at, zone).date(), pattern, locale=LOCALES[language]))


def short_day(at: datetime, now: datetime, zone: tzinfo | str, language: Language = "zh") -> str:
    """The day as short as can be understood: `11-23`, `23 Nov`, with its year where that is not
    this one."""
    local = _local(at, zone)
    year = local.year == _local(now, zone).year
    if language == "zh":
        return f"{local:%m-%d}" if year else f"{local:%Y-%m-%d}"
    pattern = "d MMM" if year else "d MMM y"
    return str(format_date(local.date(), pattern, locale=LOCALES[language]))


def moment(at: datetime, now: datetime, zone: tzinfo | str, language: Language = "zh") -> str:
    """A time as short as can be understood: `16:40` today, `11-21 18:00` this year, else with the
    year. (`language` is taken so that callers need not know that both write it alike.)"""
    local, today = _local(at, zone), _local(now, zone)
    if local.date() == today.date():
        return clock(at, zone, seconds=False)
    pattern = "MM-dd HH:mm" if local.year == today.year else "y-MM-dd HH:mm"
    return str(format_datetime(local.replace(tzinfo=None), pattern, locale=LOCALES[language]))


def _local(at: datetime, zone: tzinfo | str) -> datetime:
    return at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


FEW = 20
"""Whole numbers below this are compared by their difference (`assets/live-1-text.js` too)."""


MOST_PERCENT = 300
"""A larger change is said as a difference: +3,085 % tells nobody anything (`assets/` too)."""


def comparison(
    now: Number | None,
    then: Number | None,
    unit: Text | str,
    decimals: int,
    basis_word: str,
    language: Language = "zh",
) -> str:
    """The change against an earlier value in words: `比上周同期 −4 %`.

    Percentages differ by points, other values by percent of what they were; by their own unit
    where they were zero or below, and where few are counted: three cases instead of one are not
    +200 %. Empty where either value is missing.
    """
    before, after = rounded(then, decimals), rounded(now, decimals)
    if before is None or after is None or now is None or then is None:
        return ""
    if before == after:
        return Word.SAME_AS.fill(language, basis_word)
    change = _change(Decimal(str(now)), Decimal(str(then)), unit, decimals, language)
    return Word.COMPARED.fill(language, basis_word, change)


def _change(
    now: Decimal, then: Decimal, unit: Text | str, decimals: int, language: Language
) -> str:
    name = unit if isinstance(unit, str) else unit.zh
    if name == "%":
        return signed(now - then, decimals, language) + f"{SPACE}{Word.POINTS.of(language)}"
    if then >= (FEW if decimals == 0 else 0) and then > 0:
        share = (now - then) / then * 100
        if abs(share) < MOST_PERCENT:
            return signed(share, 0 if abs(share) >= 1 else 1, language) + f"{SPACE}%"
    differs = now - then
    return signed(differs, decimals, language) + _unit(unit, differs, decimals, language)

"""Words of levels and windows in the language of whoever looks."""

import re

from dashboard.readings import Level
from dashboard.text import Language
from dashboard.words import Word

NO_VALUE = "—"
"""Stands where there is no number; unknown is never shown as zero."""

_LEVELS = {Level.NORMAL: Word.NORMAL, Level.WARNING: Word.WARNING, Level.ALARM: Word.ALARM}
_PERIODS = {
    "now": Word.NOW,
    "hour": Word.THIS_HOUR,
    "today": Word.TODAY,
    "month": Word.THIS_MONTH,
    "year": Word.THIS_YEAR,
}
_SPANS = {"m": Word.LAST_MINUTES, "h": Word.LAST_HOURS, "d": Word.LAST_DAYS}


def level_word(level: Level | str, language: Language) -> str:
    """What a level is called: 正常, 关注, 告警."""
    return _LEVELS[Level(level)].of(language)


def window_word(window: str, language: Language) -> str:
    """What a window is called: 今日, 近 7 天 … Raises ValueError where it is no window."""
    if window in _PERIODS:
        return _PERIODS[window].of(language)
    found = re.fullmatch(r"(\d+)([mhd])", window)
    if not found:
        raise ValueError(f"found window {window!r}, expected one such as today, 24h or 7d")
    if found[0] == "1d":
        return Word.LAST_DAY.of(language)
    return _SPANS[found[2]].fill(language, found[1])

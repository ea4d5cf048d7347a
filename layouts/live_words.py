"""The words that living numbers are said with, handed to the browser in one language.

Python writes the first text of a leaf and `assets/live*.js` every later one, with the same words.
"""

from dashboard.text import Language
from dashboard.words import Word

LIVE_WORDS = (
    Word.FRESH,
    Word.LATE,
    Word.STALE,
    Word.UNAVAILABLE,
    Word.UNAVAILABLE_BECAUSE,
    Word.NOT_DUE,
    Word.WAITING_FOR_DATA,
    Word.NORMAL,
    Word.WARNING,
    Word.ALARM,
    Word.JUST_NOW,
    Word.LATE_BY,
    Word.LATE_OF,
    Word.LATE_NAMED,
    Word.LIST_STOP,
    Word.ONE_NUMBER_LATE,
    Word.NUMBERS_LATE,
    Word.AS_OF,
    Word.SILENT_FOR,
    Word.SECONDS,
    Word.MINUTES,
    Word.HOURS,
    Word.DAYS,
    Word.AGO,
    Word.MINUTES_AGO,
    Word.COMPARED,
    Word.SAME_AS,
    Word.DAY_BEFORE,
    Word.WEEK_BEFORE,
    Word.POINTS,
    Word.SAMPLE,
    Word.CONNECTING,
    Word.CONNECTION_LOST,
    Word.CONNECTION_LOST_EMPTY,
    Word.PENDING_SUMMARY,
    Word.NOTHING_PENDING,
    Word.MORE_PENDING,
    Word.OVERDUE_BY,
    Word.REMAINING,
    Word.ELAPSED,
    Word.FEEDS_UP,
    Word.ALL_FEEDS_UP,
    Word.USUAL_RANGE,
    Word.USUALLY,
    Word.USUALLY_ONE,
    Word.PAST_HOUR,
    Word.PAST_HOUR_SAME,
    Word.NO_HISTORY,
    Word.TREND_SILENT,
    Word.LAST_DAY_TREND,
    Word.MORE_SIDEWAYS,
)


def words_of(language: Language) -> dict[str, str]:
    """All of them in one language, by their names in lower case."""
    return {word.name.lower(): word.of(language) for word in LIVE_WORDS}

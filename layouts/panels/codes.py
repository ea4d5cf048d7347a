"""What the dimensions of an indicator, their codes and the signs of limits are called on a page."""

from dashboard.catalogue import Catalogue
from dashboard.catalogue.places import dimension_named
from dashboard.clerk import code_text
from dashboard.i18n import window_word
from dashboard.measures import JOINT, OTHER
from dashboard.text import Language
from dashboard.words import Word

SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "in": "∈", "not_in": "∉"}
"""Comparisons as people write them."""
AGAINST = {
    "four_weeks": Word.FOUR_WEEKS,
    "weekday_hour": Word.SAME_HOUR_P99,
    "day_before": Word.DAY_BEFORE,
    "week_before": Word.WEEK_BEFORE,
}
"""What of its own past a limit compares with."""

EVERY = {
    "5m": Word.EVERY_5M,
    "15m": Word.EVERY_15M,
    "1h": Word.EVERY_1H,
    "1d": Word.EVERY_1D,
    "1mo": Word.EVERY_1MO,
}
"""How often a grain has a value, in words."""


def window_title(window: str, language: Language) -> str:
    """What a window is called; dates, and what is no window, are written as they are."""
    try:
        return window_word(window, language)
    except ValueError:
        return window.replace("/", "–")


def dimension_title(catalogue: Catalogue, key: str, by: str, language: Language) -> str:
    """What a split is called; pairs are joined. The bare name where nothing is declared."""
    names = []
    for part in by.split(","):
        dimension = dimension_named(catalogue, key, part)
        names.append(dimension.title.of(language) if dimension else part)
    return " × ".join(names)


def code_title(catalogue: Catalogue, key: str, by: str, code: str, language: Language) -> str:
    """What one code of a split is called; the code itself where the catalogue does not say."""
    if OTHER in code.split(JOINT):
        return Word.OTHER.of(language)
    return code_text(catalogue, key, by, code).of(language)


def declared_codes(catalogue: Catalogue, key: str, by: str) -> list[str]:
    """The codes of a dimension in the catalogue's own order, such as the steps of a process."""
    dimension = dimension_named(catalogue, key, by)
    if dimension is None:
        return []
    if dimension.values:
        return list(dimension.values)
    listed = catalogue.codes.get(dimension.codes) if dimension.codes else None
    return list(listed.codes) if listed else []

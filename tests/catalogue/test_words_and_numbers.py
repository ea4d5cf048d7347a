"""How numbers, ages and comparisons are written, and that no word lacks a language."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.formats import (
    age,
    ago,
    clock,
    comparison,
    counted,
    day,
    moment,
    number,
    quantity,
    sample,
    signed,
)
from dashboard.i18n import NO_VALUE, level_word, window_word
from dashboard.plurals import SINGULARS
from dashboard.readings import Level
from dashboard.text import LANGUAGES, Text
from dashboard.units import known_units
from dashboard.words import Word

ROOT = Path(__file__).resolve().parents[2]

CITY = "Asia/Shanghai"
CASES = Text(zh="票", en="declarations")
SUNDAY = datetime(2026, 11, 22, 8, 42, 7, tzinfo=UTC)  # 16:42:07 in the city


@pytest.mark.parametrize("one", list(Word), ids=lambda one: one.name)
def test_every_word_has_both_languages(one: Word) -> None:
    chinese, english = one.value
    assert chinese.strip()
    assert english.strip()
    places = [sorted(re.findall(r"\{\d*\}", text)) for text in one.value]
    assert len(places[0]) == len(places[1]), "the same places to fill in"
    if one is not Word.LANGUAGE:  # the switch names the other language, in that language
        assert not re.search(r"[\u4e00-\u9fff]", english)


def test_every_word_is_said_somewhere() -> None:
    """A word that nobody says any more is a line that somebody translates for nothing."""
    folders = ("callbacks", "layouts", "dashboard")
    code = "".join(path.read_text() for name in folders for path in (ROOT / name).rglob("*.py"))
    said = set(re.findall(r"\bWord\.([A-Z0-9_]+)\b", code))
    assert set(Word.__members__) - said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_has_a_word(language: str) -> None:
    assert len({level_word(level, language) for level in Level}) == len(Level)  # type: ignore[arg-type]


NUMBERS = [
    (1284, 0, "1,284"),
    (-4, 0, "\u22124"),
    (-1234567.005, 2, "\u22121,234,567.01"),
    (0, 0, "0"),
    (-0.04, 1, "0.0"),
    (1.005, 2, "1.01"),
    (2.5, 0, "3"),
    (-2.5, 0, "\u22123"),
    (Decimal("12345678901234567890.12"), 2, "12,345,678,901,234,567,890.12"),
    (1e21, 0, "1,000,000,000,000,000,000,000"),
    (None, 1, NO_VALUE),
    (float("nan"), 1, NO_VALUE),
    (float("inf"), 0, NO_VALUE),
]


@pytest.mark.parametrize(("value", "decimals", "shown"), NUMBERS)
def test_numbers_are_grouped_with_a_true_minus(
    value: float | None, decimals: int, shown: str
) -> None:
    assert number(value, decimals) == shown
    assert number(value, decimals, "en") == shown


def test_unknown_is_never_zero_and_zero_is_never_unknown() -> None:
    assert quantity(None, CASES) == NO_VALUE
    assert quantity(0, CASES) == "0\u00a0票"
    assert quantity(38.64, "h", 1) == "38.6\u00a0h"
    assert quantity(0, CASES, 0, "en") == "0\u00a0declarations"
    assert quantity(5, "") == "5"


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (1, 0, "declaration"),
        (-1, 0, "declaration"),
        (0.6, 0, "declaration"),
        (1.0, 1, "declarations"),
        (0, 0, "declarations"),
        (2, 0, "declarations"),
        (None, 0, "declarations"),
    ],
)
def test_exactly_one_of_a_thing_is_written_in_the_singular(
    value: float | None, decimals: int, said: str
) -> None:
    assert counted(CASES, value, decimals, "en") == said
    assert counted(CASES, value, decimals, "zh") == "票"


def test_a_quantity_and_a_difference_of_one_are_singular() -> None:
    assert quantity(1, CASES, 0, "en") == "1\u00a0declaration"
    assert quantity(1, "min", 0, "en") == "1\u00a0min"
    assert comparison(3, 2, CASES, 0, "yesterday", "en") == "+1\u00a0declaration vs yesterday"


def test_every_known_unit_of_things_has_a_singular() -> None:
    plurals = {unit.en for unit in known_units() if re.fullmatch(r"[A-Za-z ]{3,}s", unit.en)}
    assert plurals - set(SINGULARS) == {"Mbps", "class"}
    assert {"people", "calls/h", "aircraft"} <= set(SINGULARS)


def test_signs_are_written() -> None:
    assert [signed(v, 2) for v in (0.18, -0.18, 0, None)] == [
        "+0.18",
        "\u22120.18",
        "0.00",
        NO_VALUE,
    ]


AGES = [
    (timedelta(seconds=-5), "0 秒", "0 s"),
    (timedelta(seconds=59.9), "59 秒", "59 s"),
    (timedelta(minutes=12, seconds=59), "12 分", "12 min"),
    (timedelta(minutes=100), "100 分", "100 min"),
    (timedelta(hours=2), "2 小时", "2 h"),
    (timedelta(hours=47), "47 小时", "47 h"),
    (timedelta(days=3, hours=23), "3 天", "3 d"),
]


@pytest.mark.parametrize(("span", "chinese", "english"), AGES)
def test_ages_in_words_are_rounded_down(span: timedelta, chinese: str, english: str) -> None:
    assert age(span, "zh").replace("\u00a0", " ") == chinese
    assert age(span, "en").replace("\u00a0", " ") == english


def test_ago() -> None:
    spans = (timedelta(seconds=24), timedelta(minutes=3), timedelta(hours=5))
    assert [ago(s, "zh").replace("\u00a0", " ") for s in spans] == [
        "24 秒前",
        "3 分钟前",
        "5 小时前",
    ]
    assert [ago(s, "en").replace("\u00a0", " ") for s in spans] == [
        "24 s ago",
        "3 min ago",
        "5 h ago",
    ]


def test_times_are_the_citys() -> None:
    assert clock(SUNDAY, CITY) == "16:42:07"
    assert clock(SUNDAY, CITY, seconds=False) == "16:42"
    assert day(SUNDAY, CITY, "zh") == "2026年11月22日 星期日"
    assert day(SUNDAY, CITY, "en") == "Sunday 22 November 2026"
    late = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)  # midnight in the city
    assert day(late, CITY, "zh") == "2026年11月22日 星期日"


def test_a_moment_is_as_short_as_can_be_understood() -> None:
    assert moment(SUNDAY - timedelta(minutes=2), SUNDAY, CITY) == "16:40"
    assert moment(SUNDAY - timedelta(hours=17), SUNDAY, CITY) == "11-21 23:42"
    assert moment(SUNDAY - timedelta(days=400), SUNDAY, CITY) == "2025-10-18 16:42"


def test_comparisons_are_in_words_with_signed_numbers() -> None:
    assert comparison(96, 100, CASES, 0, "上周同期") == "比上周同期 \u22124\u00a0%"
    assert comparison(104, 100, CASES, 0, "last week", "en") == "+4\u00a0% vs last week"
    assert comparison(100, 100, CASES, 0, "上周同期") == "与上周同期持平"
    assert comparison(399, 100, CASES, 0, "上周同期") == "比上周同期 +299\u00a0%"
    assert comparison(400, 100, CASES, 0, "上周同期") == "比上周同期 +300\u00a0票"
    assert comparison(3, 0, CASES, 0, "昨日同期") == "比昨日同期 +3\u00a0票"
    assert comparison(0.3, -0.2, "m", 2, "昨日同期") == "比昨日同期 +0.50\u00a0m"


def test_percentages_differ_by_points() -> None:
    assert comparison(97.1, 96.3, "%", 1, "上周日") == "比上周日 +0.8\u00a0个百分点"
    assert comparison(96.3, 97.1, "%", 1, "last Sunday", "en") == "\u22120.8\u00a0pp vs last Sunday"


def test_nothing_is_compared_with_nothing() -> None:
    assert comparison(None, 5, CASES, 0, "上周同期") == ""
    assert comparison(5, None, CASES, 0, "上周同期") == ""


def test_sample_sizes_are_shown() -> None:
    assert sample(62) == "n 62"
    assert sample(12345, "en") == "n 12,345"
    assert sample(None) == ""


def test_windows_in_words() -> None:
    assert window_word("7d", "zh") == "近 7 天"
    assert window_word("24h", "en") == "Last 24 h"
    assert window_word("today", "zh") == "今日"
    with pytest.raises(ValueError, match="7w"):
        window_word("7w", "zh")

"""Python and the browser say the same of a reading at the same moment."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from face_city import city
from face_frame import feed, matter, reading, sample
from playwright.sync_api import Browser

from dashboard import formats
from dashboard.access import EVERYTHING, Person
from dashboard.catalogue.datasets import Likeness
from dashboard.plurals import SINGULARS
from dashboard.readings import instant
from dashboard.text import LANGUAGES, Language, Text
from layouts import live_ages, live_matters, live_text
from layouts.live_words import words_of
from layouts.view import View

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).resolve().parents[2] / "assets"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 8, 42, 7, tzinfo=UTC)
KEY = "transit.road_index"
MS = int(NOW.timestamp() * 1000)
Ask = Callable[[str, Any], Any]


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    return "zh" if request.param == "zh" else "en"


@pytest.fixture(scope="module")
def ask(chromium: Browser, language: Language) -> Iterator[Ask]:
    """Evaluate `text.<expression>` in a page that holds nothing but the words."""
    page = chromium.new_page()
    page.add_script_tag(content=(ASSETS / "live-1-text.js").read_text())
    context = {
        "language": language,
        "zone": ZONE.key,
        "version": "v",
        "words": words_of(language),
        "singulars": dict(SINGULARS) if language == "en" else {},
    }
    page.evaluate("c => window.CommandCenter.text.setContext(c)", context)
    yield lambda expression, given: page.evaluate(
        f"a => {{ const text = window.CommandCenter.text; return {expression}; }}", given
    )
    page.close()


NUMBERS = (0, 0.5, -0.5, 1, 2.5, 0.18, -0.049, 0.05, 12.345, 999.95, 1234.5, -98765.4321, 1e7, None)


def test_numbers_are_written_alike(ask: Ask, language: Language) -> None:
    cases = list(product(NUMBERS, (0, 1, 2)))
    expected = [formats.number(v, d, language) for v, d in cases]
    assert ask("a.map(([v, d]) => text.number(v, d))", cases) == expected
    expected = [formats.signed(v, d, language) for v, d in cases]
    assert ask("a.map(([v, d]) => text.number(v, d, true))", cases) == expected


def test_what_is_counted_is_written_alike(ask: Ask, language: Language) -> None:
    units = ("orders", "calls/h", "people", "min", "%", "")
    cases = list(product((*NUMBERS, -1, 0.96, 1.04), (0, 1), units))
    expected = [formats.quantity(v, u, d, language) for v, d, u in cases]
    assert ask("a.map(([v, d, u]) => text.quantity(v, u, d))", cases) == expected
    assert ("1\u00a0order" in expected) == (language == "en")


def test_ages_are_said_alike(ask: Ask, language: Language) -> None:
    seconds = [0, 1, 59, 60, 119, 3599, 7199, 7200, 172799, 172800, 10**6]
    expected = [formats.age(timedelta(seconds=s), language) for s in seconds]
    assert ask("a.map((s) => text.span(s))", seconds) == expected


def test_days_and_moments_are_said_alike(ask: Ask, language: Language) -> None:
    hours = [0, 1, 7, 8.8, 20, 24 * 40, 24 * 400]
    moments = [NOW - timedelta(hours=h) for h in hours]
    given = [int(at.timestamp() * 1000) for at in moments]
    assert ask("a.map((at) => text.day(at))", given) == [
        formats.day(at, ZONE, language) for at in moments
    ]
    written = ask(f"a.map((at) => text.moment(at, {MS}, false))", given)
    assert written == [formats.moment(at, NOW, ZONE, language) for at in moments]


def readings() -> list[dict[str, Any] | None]:
    states = ("fresh", "late", "stale", "unavailable", "not_due")
    ages = (0, 20, 301, 360, 1801, 90000)
    found: list[dict[str, Any] | None] = [None]
    for state, level, age in product(states, ("normal", "warning", "alarm"), ages):
        found.append(reading(KEY, 5.25, NOW, age=age, state=state, level=level))
    found.append(reading(KEY, None, NOW, state="unavailable", reason="timeout"))
    found.append(reading(KEY, None, NOW, as_of=None))
    found.append(reading(KEY, 0, NOW, n=None))
    return found


def test_readings_are_judged_and_said_alike(ask: Ask, language: Language) -> None:
    entries = readings()
    expected = []
    for entry in entries:
        state = live_text.state_of(entry, NOW)
        expected.append(
            [
                state,
                live_text.mark_of(entry, state),
                live_text.state_text(state, language),
                live_text.value_text(entry, state, 1, language),
                live_text.unit_text("orders", entry, state, 1, language),
                live_text.as_of_text(entry, NOW, ZONE),
                live_text.age_text(entry, NOW, language),
                formats.sample(entry.get("n") if entry else None, language),
            ]
        )
    said = ask(
        f"""a.map((e) => {{
          const state = text.stateOf(e, {MS});
          return [state, text.markOf(e, state), text.stateWord(state), text.value(e, state, 1, false),
            text.unit("orders", e, state, 1), text.asOf(e, {MS}), text.age(e, {MS}), text.sample(e)];
        }})""",
        entries,
    )
    for entry, left, right in zip(entries, said, expected, strict=True):
        assert left == right, json.dumps(entry)


def test_comparisons_are_said_alike(ask: Ask, language: Language) -> None:
    pairs = [
        (5, 5),
        (5, 4),
        (4, 5),
        (0, 0),
        (3, 0),
        (0.04, 0.05),
        (97.1, 96),
        (1, -2),
        (1001, 1000),
        (400, 100),
        (399, 100),
    ]
    cases = list(product(pairs, ("%", "件", "orders", "h"), (0, 1), ("day_before", "week_before")))
    entries = [
        (reading(KEY, now, NOW, compare={against: then}), against, unit, decimals, None)
        for (now, then), unit, decimals, against in cases
    ]
    entries += [
        (reading(KEY, 80, NOW, n=n, compare={"week_before": 5}), "week_before", "%", 1, 10)
        for n in (None, 0, 9, 10)
    ]
    expected = [
        live_text.compare_text(e, a, u, d, language, least)  # type: ignore[arg-type]
        for e, a, u, d, least in entries
    ]
    assert [bool(said) for said in expected[-4:]] == [False, False, False, True]
    assert ask("a.map((c) => text.compare(...c))", [list(e) for e in entries]) == expected


def test_matters_are_said_alike(ask: Ask, language: Language) -> None:
    dues = [None, -600, -12, -1, 0, 5, 9, 10, 11, 119, 121, 5000]
    items = [matter("cases/x", "alarm", "事", "处", NOW, due=due) for due in dues]
    expected = [list(live_matters.due_text(item, NOW, language)) for item in items]
    said = ask(
        f"a.map((m) => {{ const d = text.due(m, {MS}); return [d.urgency, d.text]; }})", items
    )
    assert said == expected


def test_of_matters_due_in_the_same_minute_the_one_farthest_over_its_limit_is_first(
    chromium: Browser,
) -> None:
    items = [
        matter("transit/index/440604", "warning", "指数 6.3", "禅城", NOW, due=30, excess=0.05),
        matter("transit/index/440605", "warning", "指数 7.4", "南海", NOW, due=30.05, excess=0.23),
        matter("transit/index/440606", "warning", "指数 9", "顺德", NOW, due=33, excess=0.5),
        matter("cases/a", "warning", "事", "全市", NOW, excess=2),
        matter("cases/b", "alarm", "事", "全市", NOW, due=90),
        matter("cases/feed/x", "alarm", "数据迟报", "全市", NOW, kind="feed"),
    ]
    wanted = [items[n]["id"] for n in (4, 1, 0, 2, 3, 5)]
    assert [m["id"] for m in sorted(items, key=live_matters.order_of)] == wanted
    page = chromium.new_page()
    for name in ("live-1-text", "live-2-draw", "live-3-stream", "live-4-board"):
        page.add_script_tag(content=(ASSETS / f"{name}.js").read_text())
    shown = page.evaluate(
        "a => window.CommandCenter.board.orderedMatters({matters: new Map(a.map(m => [m.id, m]))})"
        ".map(m => m.id)",
        items,
    )
    page.close()
    assert shown == wanted


def test_codes_are_named_alike(chromium: Browser) -> None:
    like = Likeness(code="(.+)路", called=Text(zh="{}路", en="Bus {}"))
    codes = ["253路", "K3路", "路", "253路 ", "高峰快线"]
    page = chromium.new_page()
    for name in ("live-1-text", "map-1-ground", "map-2-marks"):
        page.add_script_tag(content=(ASSETS / f"{name}.js").read_text())
    for language in LANGUAGES:
        config = {"labels": {}, "like": [like.code, like.called.of(language)]}
        said = page.evaluate(
            "([c, codes]) => codes.map((one) => window.CommandCenter.marks.nameOf(c, one))",
            [config, codes],
        )
        titles = [like.title_of(code) for code in codes]
        assert said == [
            title.of(language) if title else code for title, code in zip(titles, codes, strict=True)
        ]
    page.close()


def test_times_are_read_as_they_are_sent(ask: Ask, language: Language) -> None:
    assert ask("Date.parse(a)", instant(NOW)) == MS


def test_what_is_stated_and_what_decided_it_are_said_alike(ask: Ask) -> None:
    values = {"良": "Good", "pm25": "primary pollutant PM2.5"}
    entries: list[dict[str, Any] | None] = [
        None,
        reading(KEY, 40, NOW),
        reading(KEY, 40, NOW, text="优"),
        reading(KEY, 62, NOW, text="良", worst="pm25"),
        reading(KEY, 62, NOW, text="良", worst="co"),
    ]
    stated = ask("a[0].map((e) => text.stated(e, a[1]))", [entries, values])
    assert stated == [live_text.stated_text(entry, values) for entry in entries]
    assert stated == ["", "", "优", "Good", "Good"]
    worst = ask("a[0].map((e) => text.worst(e, a[1]))", [entries, values])
    assert worst == [live_text.worst_text(entry, values) for entry in entries]
    assert worst == ["", "", "", "primary pollutant PM2.5", ""]


def test_of_several_is_told_alike_as_of_when_they_are_and_how_many_are_late(
    ask: Ask, language: Language
) -> None:
    """Whichever it is now: a page was opened while another one was the oldest."""
    newer, older = reading(KEY, 5, NOW, age=20), reading(KEY, 5, NOW, age=200)
    late, stale = reading(KEY, 5, NOW, age=900), reading(KEY, 5, NOW, age=90000)
    silent = reading(KEY, None, NOW, state="unavailable", reason="timeout")
    shut, timeless = reading(KEY, None, NOW, state="not_due"), reading(KEY, 5, NOW, as_of=None)
    every: list[dict[str, Any] | None] = [newer, older, late, stale, silent, shut, timeless, None]
    groups = [[one] for one in every]
    groups += [list(pair) for pair in product(every, every)]
    groups += [[newer, late, stale], [late, stale, silent], []]
    expected = [list(live_text.ages_of(group, NOW, ZONE, language)) for group in groups]
    said = ask(
        f"a.map((g) => {{ const s = text.ages(g, {MS}); return [s.state, s.asOf, s.age, s.late]; }})",
        groups,
    )
    for group, left, right in zip(groups, said, expected, strict=True):
        assert left == right, json.dumps(group)


def test_parts_are_late_alike_and_named(ask: Ask, language: Language) -> None:
    names = {"a": "湾梁", "b": "苏岗", "c": "孔堂"}
    ages = [(20, 20, 20), (20, 900, 20), (900, 20, 901), (900, 901, 2000), (None, 900, 20)]
    whole = [
        ("fresh", 20, None),
        ("late", 900, None),
        ("stale", 2000, None),
        ("late", 20, "partly_lapsed"),
        ("unavailable", 20, "no_answer"),
    ]
    entries = [
        reading(KEY, 62, NOW, state=state, age=age, reason=reason, parts=parts_of(*each))
        for (state, age, reason), each in product(whole, ages)
    ]
    expected = [
        [
            [live_text.state_of(live_text.part_of(e, code), NOW) for code in ("a", "b", "none")],
            live_text.late_parts(e, NOW),
            live_text.late_text(e, NOW, names, language),
            live_text.late_parts_text(e, NOW, names, language),
        ]
        for e in entries
    ]
    said = ask(
        f"""a[0].map((e) => [["a", "b", "none"].map((c) => text.stateOf(text.partOf(e, c), {MS})),
          text.lateParts(e, {MS}), text.late(e, {MS}, a[1]), text.latePartsText(e, {MS}, a[1])])""",
        [entries, names],
    )
    for entry, left, right in zip(entries, said, expected, strict=True):
        assert left == right, json.dumps(entry)


def parts_of(*ages: float | None) -> dict[str, dict[str, Any]]:
    """Parts that are so old each; None has no time of its own."""
    given = {
        code: {} if age is None else {"as_of": instant(NOW - timedelta(seconds=age))}
        for code, age in zip("abc", ages, strict=True)
    }
    return {code: {"value": 5.0, "n": 1, "level": "normal"} | own for code, own in given.items()}


@pytest.mark.parametrize(
    ("down", "late"),
    [((), ()), ((), (KEY,)), ((), (KEY, "cases.overdue_open")), (("customs.more",), (KEY,))],
)
def test_the_strip_says_alike_what_is_late_and_leads_to_it(
    chromium: Browser, language: Language, down: tuple[str, ...], late: tuple[str, ...]
) -> None:
    frame = sample(NOW)
    for key, entry in frame["readings"].items():
        frame["readings"][key] = entry | {"as_of": instant(NOW - timedelta(seconds=20))}
    for n, key in enumerate(late):
        frame["readings"][key] |= {"as_of": instant(NOW - timedelta(seconds=900 + n))}
    for key in frame["feeds"]:
        frame["feeds"][key] = feed(*key.split("."), NOW, age=900 if key in down else 20)
    view = View(city(), frame, Person("a", actions=EVERYTHING), language, "auto", NOW, ZONE)
    told = live_ages.strip_text(view)
    known = getattr(live_ages.render_feeds(view), "data-feeds")
    page = chromium.new_page()
    for name in ("live-1-text", "live-2-draw", "live-3-stream", "live-4-board"):
        page.add_script_tag(content=(ASSETS / f"{name}.js").read_text())
    context = {"language": language, "zone": ZONE.key, "version": "v", "words": words_of(language)}
    page.evaluate("c => window.CommandCenter.text.setContext(c)", context)
    said = page.evaluate(
        """([known, sections, now]) => {
          const node = document.createElement("div");
          node.dataset.feeds = known;
          node.innerHTML = '<a><i class="mark"></i><b class="feeds-summary"></b><b class="feeds-late"></b></a><a></a>';
          const maps = Object.fromEntries(Object.entries(sections).map(([k, v]) => [k, new Map(Object.entries(v))]));
          window.CommandCenter.board.feeds(node, maps, now);
          const [line, worst] = node.children;
          return [line.children[0].dataset.mark, line.children[1].textContent, line.children[2].textContent,
            worst.textContent, line.getAttribute("href"), worst.getAttribute("href")];
        }""",
        [known, {"feeds": frame["feeds"], "readings": frame["readings"]}, MS],
    )
    page.close()
    assert said == list(told)

"""An edit is seen without a restart; a bad one keeps what was good and says so."""

import threading
from pathlib import Path

import pytest
from catalogue_city import ENVIRON, City
from structlog.testing import capture_logs

from dashboard.catalogue.load import load
from dashboard.catalogue.watch import WatchedCatalogue

PARKS = "departments/parks.yaml"


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def watched(city: City, seconds: Seconds) -> WatchedCatalogue:
    return WatchedCatalogue(city.folder, ENVIRON, seconds)


def test_an_edit_is_seen_at_the_next_look(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    before = watched.current()
    city.edit(PARKS, "en: Stay}", "en: How long they stay}")
    assert watched.current() is before, "files are looked at once a second at most"
    seconds.pass_by(1.1)
    after = watched.current()
    stay = after.indicator("parks.stay")
    assert stay is not None
    assert stay.title.en == "How long they stay"
    assert after.version != before.version


def test_nothing_is_read_again_while_nothing_changes(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    before = watched.current()
    seconds.pass_by(5)
    assert watched.current() is before
    (city.folder / PARKS).touch()
    seconds.pass_by(5)
    assert watched.current() is before, "the same contents are the same city"


BAD = [
    ("    time: left\n", "\ttime: left\n"),
    ("    time: left\n", "    time: lft\n"),
    ("    time: left\n", ""),
    ("q: 0.5", "q: 5"),
]


@pytest.mark.parametrize(("old", "new"), BAD)
def test_a_bad_edit_keeps_the_last_good_indicator(
    city: City, watched: WatchedCatalogue, seconds: Seconds, old: str, new: str
) -> None:
    good = watched.current().indicator("parks.stay")
    city.edit(PARKS, old, new)
    city.edit(PARKS, "en: Entries}\n    dataset", "en: Visitors}\n    dataset")
    seconds.pass_by(2)
    after = watched.current()
    assert good is not None
    assert after.indicator("parks.stay") == good
    entries = after.indicator("parks.entries")
    assert entries is not None
    assert entries.title.en == "Visitors", "what is right in the same edit takes effect"
    assert after.problems
    assert all("last good version is kept" in problem.mend for problem in after.problems)
    assert after.pages["parks"].numbers == ["parks.entries", "parks.stay"]


def test_a_mended_edit_ends_the_problem(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    city.edit(PARKS, "q: 0.5", "q: 5")
    seconds.pass_by(2)
    assert watched.current().problems
    city.edit(PARKS, "q: 5", "q: 0.9")
    seconds.pass_by(2)
    after = watched.current()
    assert after.problems == ()
    stay = after.indicator("parks.stay")
    assert stay is not None
    assert getattr(stay.measure, "q", None) == 0.9


@pytest.mark.parametrize(
    "text", ["key: parks\n  title: [", "\tkey: parks\n", "- a\n- b\n", "a: b: c\n"]
)
def test_an_unreadable_file_keeps_all_its_entries_over_many_looks(
    city: City, watched: WatchedCatalogue, seconds: Seconds, text: str
) -> None:
    before = watched.current()
    city.write(PARKS, text)
    for look in range(3):
        seconds.pass_by(2)
        city.edit(
            "pages/parks.yaml", "title: {zh: 公园" + "园" * look, "title: {zh: 公园园" + "园" * look
        )
        after = watched.current()
        assert after.departments == before.departments
        assert len(after.problems) == 1, "\n".join(map(str, after.problems))
        assert "last good version is kept" in after.problems[0].mend


def test_a_page_with_a_bad_panel_stays_whole(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    before = watched.current().pages["parks"]
    city.edit("pages/parks.yaml", "  - kind: trend", "  - kind: trent")
    seconds.pass_by(2)
    after = watched.current()
    assert after.pages["parks"] == before
    assert "last good version is kept" in after.problems[0].mend


def test_a_wall_that_became_too_crowded_stays_as_it_was(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    before = watched.current().screens["duty"]
    block = "      - department: water\n        numbers: [water.readings]\n"
    city.edit("screens.yaml", block, block * 30)
    seconds.pass_by(2)
    after = watched.current()
    assert after.screens["duty"] == before
    assert len(after.problems) == 1


def test_a_dataset_edit_that_breaks_an_indicator_is_undone(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    before = watched.current().departments["parks"]
    city.edit(PARKS, "      left: {column: left_at", "      gone: {column: left_at")
    seconds.pass_by(2)
    after = watched.current()
    assert after.departments["parks"].indicators == before.indicators
    assert after.departments["parks"].datasets == before.datasets
    assert "unknown time 'left'" in after.problems[0].found


def test_a_url_whose_variable_is_not_set_stays_as_it_was(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    before = watched.current().urls
    city.edit(PARKS, "url: ${PARKS_URL}", "url: ${PARK_URL}")
    seconds.pass_by(2)
    for look in ("", "园"):
        city.edit("pages/parks.yaml", "title: {zh: 公园", f"title: {{zh: 公园{look}")
        seconds.pass_by(2)
        after = watched.current()
        assert after.urls == before
        [problem] = after.problems
        assert problem.found == "variable PARK_URL not set"
        assert problem.mend == "set PARK_URL; the last good version is kept until then"
    assert "parks" not in load(city.folder, ENVIRON).urls, "a process that starts anew has none"


def test_an_entry_taken_out_is_gone(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    (city.folder / "departments/water.yaml").unlink()
    city.edit("screens.yaml", "      - department: water\n        numbers: [water.readings]\n", "")
    seconds.pass_by(2)
    after = watched.current()
    assert list(after.departments) == ["parks"]
    assert after.problems == ()


def test_a_folder_gone_for_a_moment_changes_nothing_and_is_said_once(
    city: City, watched: WatchedCatalogue, seconds: Seconds, tmp_path: Path
) -> None:
    before = watched.current()
    away = city.folder.rename(tmp_path / "away")
    with capture_logs() as logs:
        for _ in range(3):
            seconds.pass_by(2)
            assert watched.current() is before
    assert len(logs) == 1
    away.rename(city.folder)
    seconds.pass_by(2)
    assert watched.current() is before


def test_a_problem_is_logged_when_it_appears_and_not_again(
    city: City, watched: WatchedCatalogue, seconds: Seconds
) -> None:
    city.edit(PARKS, "q: 0.5", "q: 5")
    with capture_logs() as logs:
        for _ in range(4):
            seconds.pass_by(2)
            watched.current()
            (city.folder / PARKS).touch()
    assert sum(entry["event"] == "catalogue problem" for entry in logs) == 1


def test_many_threads_read_while_files_change(city: City, seconds: Seconds) -> None:
    watched = WatchedCatalogue(city.folder, ENVIRON, seconds)
    versions: set[str] = set()
    failures: list[BaseException] = []

    def look() -> None:
        for _ in range(200):
            try:
                catalogue = watched.current()
                versions.add(catalogue.version)
                assert catalogue.indicator("parks.entries") is not None
            except AssertionError as failure:
                failures.append(failure)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    city.edit(PARKS, "en: Stay}", "en: Length}")
    seconds.pass_by(2)
    for thread in threads:
        thread.join()
    watched.current()
    assert not failures
    assert watched.current().version == load(city.folder, ENVIRON).version

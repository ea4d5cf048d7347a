"""`roles:` of an indicator: which mistakes are named, and what opens no matter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from catalogue_city import ENVIRON, City

from dashboard.catalogue.load import load
from dashboard.diary import indicator_notes
from dashboard.feeds import Feed
from dashboard.frames import Audience
from dashboard.judge import Circumstances, Freshness, Measured, judge
from dashboard.opening import open_matters
from dashboard.readings import Level, State
from dashboard.reasons import Reason
from dashboard.seen import catalogue_of

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ROLES = "roles:\n  - {key: keeper, title: {zh: 园丁, en: Keeper}, actions: [see]}\n"
TITLE = "title: {zh: 入园人次, en: Entries}\n"
LIMIT = '    limits: [{level: alarm, op: ">", value: 1}]\n'
KEPT = TITLE + "    roles: [keeper]\n"
CROWDING = "title: {zh: 拥挤, en: Crowding}\n"


def test_a_role_that_there_is_not_keeps_the_indicator_out(city: City) -> None:
    city.write("roles.yaml", ROLES)
    city.edit("departments/parks.yaml", TITLE, TITLE + "    roles: [keepr]\n")
    found = load(city.folder, ENVIRON)
    [problem] = [one for one in found.problems if "unknown role" in one.found]
    assert problem.mend == "did you mean keeper?"
    assert found.indicator("parks.entries") is None


def test_what_is_derived_from_a_kept_number_is_kept_to_the_same_roles(city: City) -> None:
    city.write("roles.yaml", ROLES)
    city.edit("departments/parks.yaml", TITLE, KEPT)
    found = load(city.folder, ENVIRON)
    [problem] = [one for one in found.problems if "kept to keeper" in one.found]
    assert problem.expected == "the same `roles` here: [keeper]"
    assert found.indicator("parks.crowding") is None
    city.edit("departments/parks.yaml", CROWDING, CROWDING + "    roles: [keeper]\n")
    assert load(city.folder, ENVIRON).problems == ()


def test_a_choice_is_not_read_where_its_column_is_private(city: City) -> None:
    lookup = """\
    lookup:
      options: gates
      choices: [{column: gate, title: {zh: 门, en: Gate}}]
      shown: [{column: ticket, title: {zh: 票种, en: Ticket}}]
      order: id
      nothing: {zh: 没有, en: None}
  gates:
    title: {zh: 门, en: Gates}
    table: gates
    key: [id]
    times: {seen: {column: seen_at, kind: local}}
"""
    calendar = "    calendar: gates\n"
    city.edit("departments/parks.yaml", calendar, calendar + lookup)
    assert load(city.folder, ENVIRON).problems == ()
    city.edit("departments/parks.yaml", lookup, lookup + "    private: [gate]\n")
    said = [str(problem) for problem in load(city.folder, ENVIRON).problems]
    assert any("choice of 'gate', which is private in gates" in one for one in said), said


def test_the_center_puts_down_no_indicator_that_is_kept(city: City) -> None:
    city.write("roles.yaml", ROLES)
    whole = load(city.folder, ENVIRON)
    age, then = (
        Freshness(timedelta(minutes=2), timedelta(minutes=15)),
        Circumstances(NOW, "UTC", "v"),
    )
    readings = [
        judge(indicator, key, Measured(key, 5.0, 5, NOW, NOW), age, then)
        for key, indicator in whole.indicators()
        if key in ("parks.stay", "parks.entries")
    ]
    notes = indicator_notes(whole, readings)
    assert [note.state for note in notes] == ["fresh", "fresh"]
    reading = replace(readings[0], state=State.UNAVAILABLE, reason=Reason.READING_HISTORY.value)
    assert indicator_notes(whole, [reading])[0].state == "starting", "no fault of its department"
    city.edit("departments/parks.yaml", TITLE, KEPT)
    kept = load(city.folder, ENVIRON)
    assert [note.key for note in indicator_notes(kept, readings)] == ["parks.stay"]


def test_pages_and_walls_are_cut_to_the_roles_held(city: City) -> None:
    city.write("roles.yaml", ROLES)
    city.edit("departments/parks.yaml", TITLE, KEPT)
    city.edit("departments/parks.yaml", CROWDING, CROWDING + "    roles: [keeper]\n")
    whole = load(city.folder, ENVIRON)
    cut = catalogue_of(whole, Audience(None, frozenset()))
    assert set(cut.departments["parks"].indicators) == {"stay"}
    assert cut.pages["parks"].numbers == ["parks.stay"]
    assert cut.pages["parks"].panels == []
    assert cut.screens["duty"].focus == "parks.stay"
    keeper = catalogue_of(whole, Audience(None, frozenset({"keeper"})))
    assert keeper.pages == whole.pages


def test_a_problem_of_a_kept_indicator_is_not_told_to_others(city: City) -> None:
    city.write("roles.yaml", ROLES)
    city.edit("departments/parks.yaml", TITLE, KEPT)
    whole = load(city.folder, ENVIRON)
    assert any("parks.entries" in str(one) for one in whole.problems)
    told = catalogue_of(whole, Audience(None, frozenset())).problems
    assert not any("entries" in str(one) for one in told)


def test_its_breach_is_judged_and_opens_no_matter_for_the_room(city: City) -> None:
    city.write("roles.yaml", ROLES)
    city.edit("departments/parks.yaml", TITLE, KEPT + LIMIT)
    found = load(city.folder, ENVIRON)
    indicator = found.indicator("parks.entries")
    assert indicator is not None
    measured = Measured("parks.entries", 5.0, 5, NOW, NOW)
    dataset = found.departments["parks"].datasets["visits"]
    freshness = Freshness(dataset.late, dataset.stale)
    circumstances = Circumstances(NOW, "Asia/Shanghai", "v")
    reading = judge(indicator, "parks.entries", measured, freshness, circumstances)
    assert reading.level is Level.ALARM
    assert reading.wire()["roles"] == ["keeper"]
    no_feeds: list[Feed] = []
    assert open_matters({}, [reading], no_feeds, found, NOW) == {}
    shown = replace(found, departments={**found.departments})
    free = indicator.model_copy(update={"roles": []})
    shown.departments["parks"].indicators["entries"] = free
    assert open_matters({}, [reading], no_feeds, shown, NOW)

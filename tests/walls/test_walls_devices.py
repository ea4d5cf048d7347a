"""Who a device is, whether it is alive, and what it may say of itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from catalogue.catalogue_city import ENVIRON, sound_city
from pydantic import ValidationError

from dashboard.access import Refused, authorise
from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.devices import (
    Beat,
    Device,
    Heard,
    life_of,
    name_of,
    person_of_device,
    silent_screens,
)

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
BEAT: dict[str, Any] = {"page": "/", "version": "v", "width": 1920, "height": 1080, "uptime": 1}
ROLES = """\
roles:
  - {key: all_eyes, title: {zh: 全, en: All}, actions: [see, rows], private: true}
  - {key: parks_eyes, title: {zh: 园, en: Parks}, departments: [parks], actions: [see]}
"""


def device(name: str = "a", screen: str = "duty", **more: Any) -> Device:
    return Device(name, screen, name, "李明", NOW - timedelta(hours=1), **more)


def heard(seconds: float) -> Heard:
    return Heard(NOW - timedelta(seconds=seconds), Beat.model_validate(BEAT))


@pytest.fixture
def city(tmp_path: Path) -> Catalogue:
    made = sound_city(tmp_path)
    made.write("roles.yaml", ROLES)
    return load(made.folder, ENVIRON)


def with_roles(city: Catalogue, *roles: str) -> Catalogue:
    screen = city.screens["duty"].model_copy(update={"roles": list(roles)})
    city.screens["duty"] = screen
    return city


def test_a_device_sees_all_departments_and_may_do_nothing_else(city: Catalogue) -> None:
    person = person_of_device(device(), city)
    authorise(person, "see", "parks")
    for action in ("rows", "export", "ask", "enter", "operate", "configure"):
        with pytest.raises(Refused):
            authorise(person, action)  # type: ignore[arg-type]
    assert not person.private
    assert not person.audience.sees("parks", ["all_eyes"]), "what is kept to roles is kept from it"


def test_a_screen_with_roles_sees_as_they_do_and_still_only_sees(city: Catalogue) -> None:
    person = person_of_device(device(), with_roles(city, "parks_eyes"))
    authorise(person, "see", "parks", ["parks_eyes"])
    with pytest.raises(Refused):
        authorise(person, "see", "water")
    both = person_of_device(device(), with_roles(city, "parks_eyes", "all_eyes"))
    authorise(both, "see", "water")
    assert (both.actions, both.private) == (frozenset({"see"}), False)


def test_a_role_or_screen_that_is_gone_sees_nothing_rather_than_all(city: Catalogue) -> None:
    for one in (
        person_of_device(device(screen="gone"), city),
        person_of_device(device(), with_roles(city, "gone")),
    ):
        with pytest.raises(Refused):
            authorise(one, "see", "parks")


def test_a_device_is_alive_while_it_is_heard() -> None:
    assert life_of(device(), heard(29), NOW) == "alive"
    assert life_of(device(), heard(30), NOW) == "silent"
    assert life_of(device(), None, NOW) == "never"
    assert life_of(device(last_seen=NOW - timedelta(days=1)), None, NOW) == "silent"
    assert life_of(device(), None, NOW, known=False) == "unknown"


def test_a_screen_is_silent_when_none_of_its_devices_is_heard() -> None:
    devices = [device("a"), device("b"), device("c", "side")]
    assert silent_screens(devices, {"a": heard(99), "b": heard(3)}, NOW) == {
        "duty": False,
        "side": True,
    }
    new = Device("n", "side", "n", "李明", NOW - timedelta(seconds=29))
    assert silent_screens([new], {}, NOW) == {"side": False}, "it has its time to say something"


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": "x" * 201},
        {"width": 0},
        {"width": "wide"},
        {"dpr": 0},
        {"frame_age": -1},
        {"frame_age": float("inf")},
        {"clock_offset": float("nan")},
        {"dropped": -1},
        {"errors": ["x"] * 11},
        {"token": "mine"},
    ],
)
def test_a_heartbeat_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    Beat.model_validate(BEAT)
    with pytest.raises(ValidationError):
        Beat.model_validate(BEAT | wrong)


def test_a_name_is_a_line_of_text() -> None:
    assert name_of("  大厅\n 左侧 ") == "大厅 左侧"
    for wrong in ("", "  ", "长" * 61, None, 7):
        with pytest.raises(ValueError, match="expected a name of 1 to 60"):
            name_of(wrong)

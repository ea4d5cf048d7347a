"""Manual entry over HTTP: who may enter, what is kept, and what is said of bad input."""

import json
from typing import Any

import httpx
import pytest
from plotly.utils import PlotlyJSONEncoder
from small_city import text

import callbacks.identity
from callbacks.entry import enter, kept_of, withdraw
from callbacks.services import Services
from callbacks.views import build_view
from dashboard import ids
from dashboard.access import EVERYTHING, Person, Refused
from dashboard.catalogue.forms import Form

FORM = Form.model_validate(
    {
        "key": "boats",
        "title": text("渔船回港", "Boats"),
        "department": "cases",
        "per": "city",
        "holds": "3h",
        "roles": ["duty_officer"],
        "fields": {
            "due": {"title": text("应回港", "due")},
            "returned": {"title": text("已回港", "returned"), "at_most": "due"},
        },
    }
)
OFFICER = Person("officer", None, EVERYTHING, roles=frozenset({"duty_officer"}))
TYPED = {"due": "40", "returned": "38"}


@pytest.fixture(autouse=True)
def _a_form(services: Services) -> None:
    services.catalogue.forms["boats"] = FORM


def body(typed: dict[str, str], place: str = "city") -> dict[str, Any]:
    """What the browser sends when the button is pressed."""
    fields = [ids.entry_field(name) for name in typed]
    said = [
        {"id": ids.ENTRY_SAID, "property": "children"},
        {"id": ids.ENTRY_KEPT, "property": "children"},
        [{"id": field, "property": "value"} for field in fields],
    ]
    values = [
        {"id": field, "property": "value", "value": value}
        for field, value in zip(fields, typed.values(), strict=True)
    ]
    return {
        "output": '..entry-said.children...entry-kept.children@0...{"name":["ALL"],"type":"entry-field"}.value..',
        "outputs": said,
        "inputs": [{"id": ids.ENTRY_SEND, "property": "n_clicks", "value": 1}, []],
        "changedPropIds": [f"{ids.ENTRY_SEND}.n_clicks"],
        "state": [
            {"id": ids.ENTRY_FORM, "property": "data", "value": "boats"},
            {"id": ids.ENTRY_PLACE, "property": "value", "value": place},
            values,
            [{"id": field, "property": "id", "value": field} for field in fields],
            {"id": ids.ENTRY_AUTHOR, "property": "value", "value": "李明"},
            {"id": ids.LANGUAGE, "property": "data", "value": "zh"},
        ],
    }


async def send(
    web: Any, client: httpx.AsyncClient, typed: dict[str, str], place: str = "city"
) -> httpx.Response:
    asked = body(typed, place)
    [output] = [s["output"] for s in web._callback_list if ids.ENTRY_SAID in s["output"]]
    asked["output"] = output
    return await client.post("/_dash-update-component", json=asked)


async def test_an_entry_is_kept_with_its_author_and_the_page_shows_it(
    web: Any, client: httpx.AsyncClient, services: Services
) -> None:
    answer = await send(web, client, TYPED)
    assert answer.status_code == 200, answer.text
    assert "已保存：全市" in answer.text
    [kept] = services.history.entries("boats", 9)
    assert kept.statement.values == {"due": 40.0, "returned": 38.0}
    assert (kept.statement.author, kept.statement.who) == ("李明", "loopback")
    assert kept.statement.entered_at == services.clock()
    assert "李明" in answer.text


async def test_bad_input_is_said_and_nothing_is_kept(
    web: Any, client: httpx.AsyncClient, services: Services
) -> None:
    answer = await send(web, client, {"due": "40", "returned": "41"})
    assert "“已回港”41 大于“应回港”40，请核对。" in answer.text
    answer = await send(web, client, TYPED, place="440699")
    assert "请选择填报的地区。" in answer.text
    assert services.history.entries("boats", 9) == []


@pytest.mark.parametrize(
    "person",
    [
        Person("onlooker", None, frozenset({"see"})),
        Person("clerk", None, EVERYTHING, roles=frozenset({"clerk"})),
        Person("customs", frozenset({"customs"}), EVERYTHING),
    ],
    ids=["without the right", "of another role", "of another department"],
)
async def test_who_may_not_enter_is_refused_whatever_the_browser_sends(
    web: Any,
    client: httpx.AsyncClient,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    person: Person,
) -> None:
    monkeypatch.setattr(callbacks.identity, "person_of", lambda *_, **__: person)
    answer = await send(web, client, TYPED)
    assert answer.status_code == 403 or "已保存" not in answer.text
    assert services.history.entries("boats", 9) == []
    view = build_view(services, person)
    with pytest.raises(Refused):
        await enter(services, view, FORM, TYPED, "city", "李明")
    with pytest.raises(Refused):
        await withdraw(services, view, FORM, ids.entry_withdraw("city", "0"), "李明")


async def test_who_has_the_role_enters(services: Services) -> None:
    view = build_view(services, OFFICER)
    await enter(services, view, FORM, TYPED, "city", "李明")
    assert len(services.history.entries("boats", 9)) == 1


async def test_the_button_withdraws_the_entry_that_is_seen(services: Services) -> None:
    view = build_view(services, OFFICER)
    _, taken = await enter(services, view, FORM, TYPED, "city", "李明")
    assert taken
    shown = json.dumps(
        [part.to_plotly_json() for part in await kept_of(services, view, FORM)],
        cls=PlotlyJSONEncoder,
    )
    button = ids.entry_withdraw("city", services.history.entries("boats", 1)[0].id)
    assert json.dumps(button) in shown
    said = await withdraw(services, view, FORM, button, "李明")
    assert services.history.withdrawn == [("boats", "city", button["entry"])]
    assert "不再有效" in str(said)


async def test_what_is_not_taken_is_said_not_to_be(services: Services) -> None:
    view = build_view(services, OFFICER)
    _, taken = await enter(services, view, FORM, TYPED | {"due": "x"}, "city", "李明")
    assert not taken


async def test_the_pages_of_entry_are_pages(client: httpx.AsyncClient) -> None:
    from small_city import router_question

    for path, words in (
        ("/entry", "渔船回港"),
        ("/entry/boats", "填报人"),
        ("/entry/boat", "没有这个页面"),
    ):
        answer = await client.post("/_dash-update-component", json=router_question(path))
        assert words in answer.text, path

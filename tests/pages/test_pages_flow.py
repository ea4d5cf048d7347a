"""Flows: how many stand in each stage, how old they are, and where it waits."""

import pytest
from dash.development.base_component import Component
from pages_city import sections, view_of
from test_pages_render import components, panel, words

from dashboard.text import LANGUAGES, Language
from layouts.panels.frame import render_split
from layouts.panels.needs import Answers

FLOW = panel("flow")


def stages(language: Language = "zh") -> list[str]:
    made = render_split(view_of(language), FLOW, Answers({}))
    return [words(one) for one in components(made) if type(one).__name__ == "Li"]


def foot(language: Language = "zh") -> Component:
    """The sentence under the stages."""
    made = render_split(view_of(language), FLOW, Answers({}))
    [found] = [one for one in components(made) if getattr(one, "className", "") == "panel-foot"]
    return found


def test_stages_stand_in_their_declared_order_with_count_age_and_part() -> None:
    found = stages()
    names = ["已申报", "审单", "查验", "缴税", "放行未提"]
    assert [name for name, said in zip(names, found, strict=True) if name in said] == names
    assert all(part in found[0] for part in ("402", "9", "3.5", "32"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_waits_where_things_are_oldest_and_says_so(language: Language) -> None:
    badge = "等得最久" if language == "zh" else "waits longest"
    assert [badge in said for said in stages(language)] == [False, False, True, False, False]
    whole = "等得最久的是“查验”：中位 正常 31.0 h"
    if language == "en":
        whole = "It waits longest at Inspection: Median Normal 31.0 h"
    assert " ".join(words(foot(language)).split()) == whole


def test_the_number_in_the_sentence_lives_as_that_of_the_stage_does() -> None:
    living = [one for one in components(foot()) if getattr(one, "data-live", "")]
    assert {getattr(one, "data-live", "") for one in living} == {"customs.age_median"}
    assert len({getattr(one, "data-part", "") for one in living}) == 1


def test_a_flow_without_ages_names_no_stage() -> None:
    frame = sections()
    for key in ("customs.age_median", "customs.age_oldest"):
        frame["readings"].pop(key)
    said = words(render_split(view_of(sections=frame), FLOW, Answers({})))
    assert "等得最久" not in said
    assert "查验" in said

"""What is said of the mode that a screen is in: on its stage in its own language, and at the desk."""

from dashboard.catalogue import Catalogue
from dashboard.catalogue.indicators import Fact
from dashboard.catalogue.screens import Screen
from dashboard.screens import Showing
from dashboard.text import Language, Text
from layouts.panels.codes import code_title

DRILL = Text(zh="演练", en="DRILL")
BY_LEVEL = Text(
    zh="应急响应　{}　页面随响应级别切换", en="Response: {} — pages follow the level that is set"
)
BY_HAND = Text(zh="应急响应　{}　由值班台手动启用", en="Response: {} — put on by the desk")


def stage_words(catalogue: Catalogue, screen: Screen, shown: Showing) -> dict[str, str]:
    """The words of a stage by their place; empty where there is nothing to say."""
    language = screen.language
    shows_response = shown.mode == "response"
    return {
        "drill": drill_words(shown, both=True),
        "response": response_words(catalogue, screen, shown, language) if shows_response else "",
    }


def drill_words(shown: Showing, language: Language = "zh", *, both: bool = False) -> str:
    """演练, and what is drilled. A screen says it in both languages: nobody in the room may take it
    for the real thing."""
    if shown.drill is None:
        return ""
    word = f"{DRILL.zh} {DRILL.en}" if both else DRILL.of(language)
    return f"{word}　{shown.drill}" if shown.drill else word


def response_words(catalogue: Catalogue, screen: Screen, shown: Showing, language: Language) -> str:
    """Which response a screen follows; empty where none is in force that may be known of."""
    rule, following = screen.response_pages, shown.response
    if rule is None or following is None:
        return ""
    if following.by_hand:
        return BY_HAND.of(language).format(following.pages.title.of(language))
    indicator = catalogue.indicator(rule.of)
    measure = indicator.measure if indicator else None
    named = measure.values if isinstance(measure, Fact) else {}
    stated = following.stated or ""
    level = named[stated].of(language) if stated in named else stated
    by = (indicator.live_by if indicator else None) or ""
    place = code_title(catalogue, rule.of, by, rule.place, language) if rule.place else ""
    return BY_LEVEL.of(language).format(" ".join(one for one in (place, level) if one))

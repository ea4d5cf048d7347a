"""The one Plotly template: quiet axes and the colours of `assets/tokens.css`, light and dark.

Plotly cannot read CSS variables, so the colours stand here a second time; a test compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dashboard.text import Language

Theme = Literal["light", "dark"]
Figure = dict[str, Any]
FONT = '"Noto Sans SC Variable", "Noto Sans SC", sans-serif'


@dataclass(frozen=True)
class Palette:
    """The design tokens that charts use, named as in the style sheet."""

    panel: str
    raised: str
    line: str
    ink: str
    ink_2: str
    ink_3: str
    series: str
    band: str
    warn: str
    alarm: str


PALETTES: dict[Theme, Palette] = {
    "dark": Palette(
        panel="#171d24",
        raised="#1e262f",
        line="#2a343f",
        ink="#e9eef3",
        ink_2="#a8b3be",
        ink_3="#84909c",
        series="#8fb3d1",
        band="#25313d",
        warn="#f0b429",
        alarm="#ff6a45",
    ),
    "light": Palette(
        panel="#ffffff",
        raised="#eef1f4",
        line="#d8dee4",
        ink="#15202b",
        ink_2="#4a5763",
        ink_3="#66727d",
        series="#2f6690",
        band="#e6edf3",
        warn="#a15c00",
        alarm="#c43d12",
    ),
}


@dataclass(frozen=True)
class Drawing:
    """How a figure is drawn: colours, the zone and language of its dates, how it says a number.

    `scale` is the size of text against that of a desk, for walls; `whole` values are counts, of
    which there are no halves; `narrow` is a screen with no room beside anything. `keep` names what the figure
    shows: while it stays the same, a refresh leaves the viewer's zoom alone.
    """

    theme: Theme
    language: Language
    zone: ZoneInfo
    say: Callable[[float], str]
    keep: str = ""
    whole: bool = False
    scale: float = 1.0
    narrow: bool = False

    @property
    def palette(self) -> Palette:
        return PALETTES[self.theme]

    def px(self, size: float) -> float:
        """A size of a desk in pixels of this drawing."""
        return round(size * self.scale, 1)


def layout(
    drawing: Drawing, *, left: float = 44, top: float = 12, right: float = 10
) -> dict[str, Any]:
    """The layout every figure starts from: no title, no bar, nothing that moves or can be lost.

    Margins are in pixels of a desk.
    """
    colours = drawing.palette
    return {
        # What the browser compares with how it shows the page now (assets/pages.js).
        "meta": f"{drawing.theme} {drawing.scale:.2f}{' narrow' if drawing.narrow else ''}",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": drawing.px(12), "color": colours.ink_3},
        "margin": {
            "l": drawing.px(left),
            "r": drawing.px(right),
            "t": drawing.px(top),
            "b": drawing.px(26),
            "pad": 0,
        },
        "showlegend": False,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
            "font": {"size": drawing.px(12), "color": colours.ink_2},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "hovermode": "closest",
        "dragmode": False,
        "autosize": True,
        "uirevision": drawing.keep,
        "hoverlabel": {
            "bgcolor": colours.raised,
            "bordercolor": colours.line,
            "font": {"family": FONT, "size": drawing.px(13), "color": colours.ink},
            "align": "left",
        },
        "shapes": [],
        "annotations": [],
    }


def caption(words: str, drawing: Drawing, height: float = 0.5) -> dict[str, Any]:
    """Words at the left of a drawing where it has nothing to show, at a share of its height."""
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": height,
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": drawing.px(6),
        "text": words,
        "showarrow": False,
        "font": {"size": drawing.px(12), "color": drawing.palette.ink_3},
        "bgcolor": drawing.palette.panel,
    }


def build_empty(drawing: Drawing) -> Figure:
    """A figure without axes, under the words that say why there is nothing to draw."""
    hidden = {"visible": False, "fixedrange": True}
    return {"data": [], "layout": layout(drawing) | {"xaxis": hidden, "yaxis": hidden}}

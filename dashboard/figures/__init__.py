"""Charts as plain dicts that Plotly draws: pure functions of series, words and a palette.

Builders know nothing of the catalogue: they are given finished words and a function that says a
number, so that both languages and every zone are served by the same code.
"""

from dashboard.figures.band import build_band
from dashboard.figures.calendar import Class, DayCell, build_calendar
from dashboard.figures.control import build_control
from dashboard.figures.gantt import Bar, Step, build_gantt
from dashboard.figures.heatmap import build_heatmap
from dashboard.figures.markup import plain
from dashboard.figures.met import Met, build_met
from dashboard.figures.multiples import build_multiples
from dashboard.figures.rules import Rule
from dashboard.figures.theme import PALETTES, Drawing, Figure, Theme, build_empty, caption
from dashboard.figures.traces import Line, Spot
from dashboard.figures.trend import build_trend

__all__ = [
    "PALETTES",
    "Bar",
    "Class",
    "DayCell",
    "Drawing",
    "Figure",
    "Line",
    "Met",
    "Rule",
    "Spot",
    "Step",
    "Theme",
    "build_band",
    "build_calendar",
    "build_control",
    "build_empty",
    "build_gantt",
    "build_heatmap",
    "build_met",
    "build_multiples",
    "build_trend",
    "caption",
    "plain",
]

"""Series: an indicator over a window in a grain, from the center's history or the department."""

from dashboard.series.desk import SeriesDesk

__all__ = ["SeriesDesk"]

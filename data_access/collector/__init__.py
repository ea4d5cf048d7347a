"""The collector: the only thing that queries departments on a schedule. `Collector` is the way in."""

from data_access.collector.collector import Collector
from data_access.collector.house import Pace

__all__ = ["Collector", "Pace"]

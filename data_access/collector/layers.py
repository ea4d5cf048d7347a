"""Layers of the map: each is sampled now and then and published beside the frame."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dashboard.catalogue.layers import Layer
from dashboard.frames import Entry
from dashboard.geography.sampling import Ground, Sampled, sample
from dashboard.readings import instant
from data_access.collector.sampling import Sampling
from data_access.collector.work import Desk, Outcome

LAYER = "layer/"
"""How the jobs of layers are called."""


class LayerSample(Sampling):
    """Reads one layer's rows and makes of them what is drawn."""

    def __init__(self, desk: Desk, layer: Layer, ground: Ground) -> None:
        super().__init__(desk, LAYER + layer.key, str(layer.dataset).partition(".")[2])
        self._layer = layer
        self._ground = ground
        self.moves = layer.moves

    def _read(self) -> Outcome:
        rows = self._desk.door().ask(lambda source: source.map_rows(self._layer))
        drawn = sample(self._layer, rows, self._ground)
        return Outcome(layers={self._layer.key: (drawn, self._desk.clock())})


def layer_sections(
    department: str,
    layers: Iterable[Layer],
    sampled: Mapping[str, tuple[Sampled, datetime]],
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """The sections `layers` and `points`: what every screen is told, and what is drawn."""
    told: dict[str, Entry] = {}
    points: dict[str, Entry] = {}
    for layer in layers:
        if layer.key not in sampled:
            continue
        found, at = sampled[layer.key]
        key = f"{department}.{layer.key}"
        told[key] = {"department": department, "at": instant(at), **found.counts}
        points[key] = {"department": department, **found.body}
    return told, points

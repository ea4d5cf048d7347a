"""Makes assets/geo/*.geojson of the facts in deploy/geography.yaml. Run it from the project's root.

Districts are rings of borders that meet in nodes, so that neighbours leave no gap. Towns are what is
nearest to each seat within its district: schematic, and every file says so.
"""

import itertools
import json
import math
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
FACTS, TARGET = ROOT / "deploy" / "geography.yaml", ROOT / "assets" / "geo"
CODES = ROOT / "catalog" / "codes" / "towns.yaml"
WIDTH = math.cos(math.radians(23.0))
"""A degree of longitude beside one of latitude, where Foshan is."""
Point = tuple[float, float]
PROVENANCE = {
    "zh": "本项目依据公开常识（镇街驻地、河流交汇、道路与界线走向）手工绘制的简化示意图，未使用任何地图厂商数据，不作为界线依据",
    "en": "Simplified drawing of this project's own from publicly known places (seats, confluences, the"
    " run of roads and borders); no map vendor's data; no authority on any border",
    "made_by": "deploy/geography.py from deploy/geography.yaml",
}


def main() -> None:
    """Write all files."""
    yaml = YAML(typ="safe")
    facts = yaml.load(FACTS)
    towns = yaml.load(CODES)["codes"]
    TARGET.mkdir(exist_ok=True)
    districts = {code: ring_of(facts, one["borders"]) for code, one in facts["districts"].items()}
    write(facts, "city", [area("440600", "佛山", "Foshan", [ring_of(facts, facts["city"])])])
    write(
        facts,
        "districts",
        [
            area(code, one["zh"], one["en"], [districts[code]])
            for code, one in facts["districts"].items()
        ],
    )
    write(facts, "towns", [*town_areas(facts, towns, districts)])
    for name in ("water", "roads"):
        write(facts, name, [*lines_of(facts, name)])


def ring_of(facts: dict[str, Any], names: list[str]) -> list[Point]:
    """The closed ring of borders, each begun where the one before ended."""
    ring: list[Point] = []
    for name in names:
        border = line_of(facts, facts["borders"][name.removeprefix("-")])
        border = border[::-1] if name.startswith("-") else border
        if ring and ring[-1] != border[0]:
            raise SystemExit(f"{name} begins at {border[0]}, the border before ends at {ring[-1]}")
        ring += border[1:] if ring else border
    if ring[0] != ring[-1]:
        raise SystemExit(f"{names} do not close: {ring[0]} and {ring[-1]}")
    return ring if turned_left(ring) else ring[::-1]


def line_of(facts: dict[str, Any], points: list[Any]) -> list[Point]:
    """A line of points and names of nodes as positions."""
    found = [facts["nodes"][point] if isinstance(point, str) else point for point in points]
    return [(float(east), float(north)) for east, north in found]


def turned_left(ring: list[Point]) -> bool:
    """Whether a ring runs against the clock, as the outer ones of GeoJSON do."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) > 0


def town_areas(
    facts: dict[str, Any], towns: dict[str, Any], districts: dict[str, list[Point]]
) -> list[dict[str, Any]]:
    """Each town as what is nearer to its seat than to any other of its district."""
    seats = {code: (float(x), float(y)) for code, (x, y) in facts["seats"].items()}
    if set(seats) != set(towns):
        raise SystemExit(f"seats and codes differ in {sorted(set(seats) ^ set(towns))}")
    found = []
    for code, seat in seats.items():
        parts = [districts[code[:6]][:-1]]
        for other, place in seats.items():
            if other != code and other[:6] == code[:6]:
                parts = [piece for part in parts for piece in nearer(part, seat, place)]
        rings = [[*part, part[0]] for part in parts]
        title = towns[code]["title"]
        made = area(code, title["zh"], title["en"], rings)
        made["properties"]["seat"] = list(seat)
        found.append(made)
    return found


def nearer(ring: list[Point], seat: Point, other: Point) -> list[list[Point]]:
    """The parts of an open ring that are nearer to one seat than to the other.

    Where the bisector crosses the ring, crossings in their order along it pair up: between the first
    and the second lies land, between the second and the third none.
    """
    toward = ((other[0] - seat[0]) * WIDTH**2, other[1] - seat[1])
    middle = ((seat[0] + other[0]) / 2, (seat[1] + other[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - middle[0]) * toward[0] + (point[1] - middle[1]) * toward[1]

    chains: list[list[Point]] = []
    walked: list[tuple[Point, bool]] = []
    for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
        walked.append((here, beyond(here) <= 0))
        first, second = beyond(here), beyond(there)
        if (first <= 0) != (second <= 0):
            share = first / (first - second)
            at = (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))
            walked.append((at, True))
    if all(within for _, within in walked):
        return [ring]
    start = next((i for i, (_, within) in enumerate(walked) if not within), 0)
    for point, within in [*walked[start:], *walked[:start]]:
        if not within:
            chains.append([])
        elif chains:
            chains[-1].append(point)
    kept = [list(dict.fromkeys(chain)) for chain in chains if len(set(chain)) > 1]
    along = (-toward[1], toward[0])
    return joined(kept, lambda p: p[0] * along[0] + p[1] * along[1])


def joined(chains: list[list[Point]], along: Any) -> list[list[Point]]:
    """Chains that begin and end on the bisector, joined to rings."""
    ends = sorted({point for chain in chains for point in (chain[0], chain[-1])}, key=along)
    partner = {
        a: b for pair in zip(ends[::2], ends[1::2], strict=True) for a, b in (pair, pair[::-1])
    }
    by_start = {chain[0]: chain for chain in chains}
    rings = []
    while by_start:
        first, chain = by_start.popitem()
        ring = list(chain)
        while partner[ring[-1]] != first:
            ring += by_start.pop(partner[ring[-1]])
        rings.append(ring)
    return rings


def area(code: str, zh: str, en: str, rings: list[list[Point]]) -> dict[str, Any]:
    """A feature of one or several areas."""
    polygons = [[[rounded(point) for point in ring]] for ring in rings]
    one = len(polygons) == 1
    geometry = {
        "type": "Polygon" if one else "MultiPolygon",
        "coordinates": polygons[0] if one else polygons,
    }
    properties = {"code": code, "name": {"zh": zh, "en": en}}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def lines_of(facts: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Rivers or roads as features."""
    return [
        {
            "type": "Feature",
            "properties": {
                "code": code,
                "name": {"zh": one["zh"], "en": one["en"]},
                "rank": one["rank"],
            },
            "geometry": {
                "type": "LineString",
                "coordinates": [rounded(p) for p in line_of(facts, one["line"])],
            },
        }
        for code, one in facts[name].items()
    ]


def rounded(point: Point) -> list[float]:
    """A position to about ten metres, which is finer than anything drawn here."""
    return [round(point[0], 4), round(point[1], 4)]


def write(facts: dict[str, Any], name: str, features: list[dict[str, Any]]) -> None:
    """One file, a feature a line."""
    head = {
        "type": "FeatureCollection",
        "schematic": True,
        "provenance": {**PROVENANCE, "drawn": str(facts["drawn"])},
    }
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    text = f'{opening}, "features": [\n{lines}\n]}}\n'
    (TARGET / f"{name}.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

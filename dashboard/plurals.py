"""English words for one of what is counted: `1 order` beside `2 orders`.

Units are written in the plural, as they stand over a column or an axis. `formats.counted` takes
the other word where exactly one is counted; `assets/live-1-text.js` does the same with this table.
A unit that is not in it is written alike for any number: min, %, and a city's own of
`catalog/units.yaml`.
"""

from collections.abc import Mapping

_IRREGULAR = {
    "access points": "access point",
    "aircraft": "aircraft",
    "batches": "batch",
    "buses": "bus",
    "children": "child",
    "companies": "company",
    "copies": "copy",
    "crashes": "crash",
    "entries": "entry",
    "people": "person",
}
_REGULAR = """
alerts applications appointments boats bookings calls cameras cars cases changes complaints
datasets days declarations delays enterprises events feeds files fines gaps hazards hours
households incidents indicators issues items jobs junctions kinds lines lots machines markets
matters messages notices orders persons pieces places plants points projects pupils questions
records reports requests rows scans screens sections services sets shelters shipments ships signals sites
sources stages stations terminals tickets times tonnes trains trips units users uses vehicles
vessels visits years
"""
_RATES = ("calls", "declarations", "gaps", "incidents")
"""Of which there is a unit by the hour too."""


def _singulars() -> dict[str, str]:
    known = _IRREGULAR | {word: word.removesuffix("s") for word in _REGULAR.split()}
    return known | {f"{word}/h": f"{known[word]}/h" for word in _RATES}


SINGULARS: Mapping[str, str] = _singulars()
"""The English word for one by the unit as it is written for any other number."""

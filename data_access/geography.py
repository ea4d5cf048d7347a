"""The map's files: the city's official ones where there are any, else those of this project."""

from pathlib import Path

import orjson

from dashboard.geography.files import NAMES, BadLayer, GeoFile, Geography, mistakes

OWN = Path(__file__).resolve().parents[1] / "assets" / "geo"


def load_geography(official: Path | None = None) -> Geography:
    """All files; one in the folder `official` stands in for ours of the same name.

    Raises BadLayer naming every mistake, also a file of another name: nobody would draw it.
    """
    found: list[str] = []
    files: dict[str, GeoFile] = {}
    if official is not None:
        found += _strangers(official)
    for name in NAMES:
        theirs = official / f"{name}.geojson" if official is not None else None
        path = theirs if theirs is not None and theirs.is_file() else OWN / f"{name}.geojson"
        try:
            body = path.read_bytes()
            document = orjson.loads(body)
        except (OSError, orjson.JSONDecodeError) as error:
            found.append(f"{path.name}: cannot be read ({error})")
            continue
        wrong = mistakes(name, document)
        found += wrong
        if not wrong:
            files[name] = GeoFile(name, body, document)
    if found:
        raise BadLayer("\n".join(found))
    return Geography(files)


def _strangers(official: Path) -> list[str]:
    if not official.is_dir():
        return [f"found no folder {official}, expected one with the city's *.geojson"]
    expected = ", ".join(f"{name}.geojson" for name in NAMES)
    strange = [p for p in sorted(official.glob("*.geojson")) if p.stem not in NAMES]
    return [
        f"{path.name}: nothing is drawn from it, expected one of {expected}" for path in strange
    ]

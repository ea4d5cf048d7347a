"""Puts the interface's face into `assets/fonts/`.

`python deploy/fonts.py` makes the city's own file again, after words with new characters were
added. `python deploy/fonts.py PACKAGE` takes everything anew from the unpacked npm package
`@fontsource-variable/noto-sans-sc` (OFL).

The package cuts Noto Sans SC into a hundred files by Unicode range, of which a page of ours would
need thirty. So the characters that our own words and catalogue use are gathered into one file,
which is asked first; the others stay for whatever else the departments' rows hold.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from glyphs import PARTS, add_glyph, add_made, set_order

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "assets" / "fonts"
Files = list[tuple[Path, str]]
"""Files with their `unicode-range`, in the order of the style rules."""
FAMILY = "Noto Sans SC Variable"
CITY = "noto-sans-sc-city.woff2"
SPOKEN = ("dashboard", "layouts", "callbacks", "catalog", "demo", "assets/geo")
"""Folders whose Python, YAML and GeoJSON hold what is shown."""
ALWAYS = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))} | set(
    "—–−…·×≤≥≈→，。：；、（）％“”‘’《》\u3000℃"
)

RULE = """@font-face {{
  font-family: "{family}";
  font-style: normal;
  font-display: swap;
  font-weight: 100 900;
  src: url("{file}") format("woff2");
  unicode-range: {ranges};
}}
"""


def spoken_characters() -> set[str]:
    """Every character that occurs in our own words and catalogue, with Latin and punctuation."""
    found: set[str] = set()
    for folder in SPOKEN:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".yaml", ".geojson"):
                found |= set(path.read_text(encoding="utf-8"))
    # Spaces count as unprintable, and are in ALWAYS.
    return ALWAYS | {character for character in found if character.isprintable()}


def parse_ranges(text: str) -> set[int]:
    """The code points of a CSS `unicode-range`."""
    points: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def write_ranges(points: Iterable[int]) -> str:
    """The shortest CSS `unicode-range` of some code points."""
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ",".join(f"U+{a:x}" if a == b else f"U+{a:x}-{b:x}" for a, b in runs)


def package_files(package: Path) -> list[tuple[Path, str]]:
    """Each file of the package with its `unicode-range`."""
    ranges = json.loads((package / "unicode.json").read_text())
    names = {subset: f"noto-sans-sc-{subset.strip('[]')}-wght-normal.woff2" for subset in ranges}
    return [(package / "files" / names[subset], text) for subset, text in ranges.items()]


def shipped_files() -> list[tuple[Path, str]]:
    """The same of the files that are already in place."""
    css = (TARGET / "fonts.css").read_text()
    found = re.findall(r'url\("([^"]+)"\).*?unicode-range: ([^;]+);', css, re.DOTALL)
    return [(TARGET / name, ranges) for name, ranges in found if name != CITY]


def part_of(path: Path, points: set[int], prefix: str) -> TTFont:
    """Only these characters of one file, its glyphs named apart from those of other files."""
    font = TTFont(path)
    options = Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "HVAR", "VVAR", "vmtx", "vhea", "MVAR", "STAT"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    order = font.getGlyphOrder()
    renamed = {name: name if name == ".notdef" else f"{prefix}{i}" for i, name in enumerate(order)}
    _rename(font, renamed)
    return font


def _rename(font: TTFont, renamed: dict[str, str]) -> None:
    glyphs, variations, metrics = font["glyf"].glyphs, font["gvar"].variations, font["hmtx"].metrics
    for glyph in glyphs.values():
        glyph.expand(font["glyf"])
        for component in getattr(glyph, "components", []):
            component.glyphName = renamed[component.glyphName]
    font["glyf"].glyphs = {renamed[name]: glyph for name, glyph in glyphs.items()}
    font["gvar"].variations = {renamed[name]: v for name, v in variations.items()}
    font["hmtx"].metrics = {renamed[name]: m for name, m in metrics.items()}
    for table in font["cmap"].tables:
        table.cmap = {code: renamed[name] for code, name in table.cmap.items()}
    set_order(font, [renamed[name] for name in font.getGlyphOrder()])


def add_part(base: TTFont, other: TTFont) -> None:
    """Add another part's glyphs, their variations and their characters."""
    added = [name for name in other.getGlyphOrder() if name != ".notdef"]
    for name in added:
        base["glyf"].glyphs[name] = other["glyf"].glyphs[name]
        base["gvar"].variations[name] = other["gvar"].variations.get(name, [])
        base["hmtx"].metrics[name] = other["hmtx"].metrics[name]
    set_order(base, base.getGlyphOrder() + added)
    for code, name in other.getBestCmap().items():
        add_glyph(base, code, name)


def latin_range(files: Files) -> set[int]:
    """The code points of the Latin part, which the city's own file covers whole: a browser would
    ask for that part on every page, were it only for a line break."""
    return next(parse_ranges(ranges) for path, ranges in files if "-latin-wght" in path.name)


def build_city(files: Files, characters: set[str]) -> TTFont:
    """One file with all these characters, as far as the face has them."""
    wanted = latin_range(files) | {ord(character) for character in characters}
    wanted |= {ord(character) for character in PARTS}
    base: TTFont | None = None
    # The last rule wins where ranges overlap, in CSS as here.
    for index, (path, ranges) in enumerate(reversed(files)):
        points = wanted & parse_ranges(ranges)
        wanted -= points
        if points:
            part = part_of(path, points, f"p{index}.")
            if base is None:
                base = part
            else:
                add_part(base, part)
    if base is None:
        raise SystemExit("no character of ours is in these files")
    add_made(base)
    return base


def write_city(files: Files) -> None:
    """Write the city's own file and the style rules of all files."""
    city = build_city(files, spoken_characters())
    covered = set(city.getBestCmap()) | latin_range(files)
    city.flavor = "woff2"
    city.save(TARGET / CITY)
    rules = [RULE.format(family=FAMILY, file=path.name, ranges=text) for path, text in files]
    rules.append(RULE.format(family=FAMILY, file=CITY, ranges=write_ranges(covered)))
    head = "/* Written by deploy/fonts.py. The last rule wins where ranges overlap. */\n"
    (TARGET / "fonts.css").write_text(head + "\n".join(rules))


def take(package: Path) -> None:
    """Take the files and the licence from the package."""
    for old in TARGET.glob("*"):
        old.unlink()
    for path, _ in package_files(package):
        shutil.copy(path, TARGET / path.name)
    shutil.copy(package / "LICENSE", TARGET / "LICENSE")
    version = json.loads((package / "package.json").read_text())["version"]
    (TARGET / "README.md").write_text(
        "Noto Sans SC, variable weight, from the npm package @fontsource-variable/noto-sans-sc"
        f" {version}, under the SIL Open Font License 1.1 (LICENSE).\n"
        f"`{CITY}` holds the characters of our own words and catalogue, with a few signs made of"
        " its letters. `python deploy/fonts.py` makes it again when words were added.\n"
    )


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        take(Path(sys.argv[1]))
        write_city([(TARGET / path.name, text) for path, text in package_files(Path(sys.argv[1]))])
    else:
        write_city(shipped_files())

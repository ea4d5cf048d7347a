"""A small city on disk, and edits of it by text, as a person with an editor makes them."""

from pathlib import Path

DEPARTMENT = """\
key: parks
title: {zh: 公园, en: Parks}
owner: {zh: 城管局, en: Urban Management}
url: ${PARKS_URL}
liaison: {zh: 信息科, en: Information section}
datasets:
  visits:
    title: {zh: 入园, en: Entries}
    table: park_entries
    key: [id]
    times:
      entered: {column: entered_at, kind: local}
      left: {column: left_at, kind: local}
    dimensions:
      district: {column: district, title: {zh: 区, en: District}, codes: districts}
      gate: {column: gate, title: {zh: 门, en: Gate}}
      ticket: {column: ticket, title: {zh: 票种, en: Ticket}}
      park: {column: park, title: {zh: 公园, en: Park}}
    changed: {column: written_at, kind: local}
    calendar: gates
indicators:
  entries:
    title: {zh: 入园人次, en: Entries}
    dataset: visits
    measure: {kind: count}
    time: entered
    by: [district]
    live_by: district
    unit: {zh: 人次, en: visits}
    basis: live
    definition: {text: {zh: 闸机人次。, en: Entries at the gates.}}
  stay:
    title: {zh: 停留, en: Stay}
    dataset: visits
    measure: {kind: percentile, q: 0.5, of: {start: entered, end: left, unit: min}}
    time: left
    unit: {zh: 分钟, en: min}
    basis: live
    definition: {text: {zh: 入园到离园。, en: From entry to exit.}}
  crowding:
    title: {zh: 拥挤, en: Crowding}
    measure: {kind: formula, formula: "entries / 100", inputs: {entries: parks.entries}}
    unit: {zh: 指数, en: index}
    basis: live
    definition: {text: {zh: 人次除以一百。, en: Entries by a hundred.}}
"""
OTHER = """\
key: water
title: {zh: 水务, en: Water}
owner: {zh: 水利局, en: Water Bureau}
url: sqlite:///water.sqlite
liaison: {zh: 值班室, en: Duty room}
datasets:
  levels:
    title: {zh: 水位, en: Levels}
    table: levels
    key: [id]
    times:
      measured: {column: measured_at, kind: epoch}
indicators:
  readings:
    title: {zh: 水位条数, en: Readings}
    dataset: levels
    measure: {kind: count}
    time: measured
    unit: {zh: 条, en: records}
    basis: live
    definition: {text: {zh: 测得的条数。, en: Readings taken.}}
"""
PAGE = """\
key: parks
title: {zh: 公园, en: Parks}
department: parks
numbers: [parks.entries, parks.stay]
panels:
  - kind: trend
    indicators: [parks.entries]
  - kind: ranked
    indicators: [parks.entries]
    by: district
"""
SCREENS = """\
screens:
  - key: duty
    title: {zh: 值班, en: Duty}
    focus: parks.entries
    multiples: parks.entries
    blocks:
      - department: parks
        numbers: [parks.entries, parks.stay]
      - department: water
        numbers: [water.readings]
"""
DISTRICTS = """\
key: districts
title: {zh: 区, en: District}
codes:
  "440604": {title: {zh: 禅城, en: Chancheng}}
  440605: {title: {zh: 南海, en: Nanhai}}
"""
GATES = """\
key: gates
title: {zh: 开放时间, en: Opening hours}
workdays: [{start: "06:00", end: "22:00"}]
"""
ENVIRON = {"PARKS_URL": "sqlite:///parks.sqlite"}


class City:
    """A catalogue folder that a test edits; files are named as problems name them."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "catalog"

    def write(self, name: str, text: str) -> None:
        """Write a whole file, such as `pages/parks.yaml`."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace one passage; the line where the new text begins (1 is the first)."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1


def sound_city(root: Path) -> City:
    """A city of two departments, a page and a wall, without a fault."""
    made = City(root)
    made.write("departments/parks.yaml", DEPARTMENT)
    made.write("departments/water.yaml", OTHER)
    made.write("pages/parks.yaml", PAGE)
    made.write("screens.yaml", SCREENS)
    made.write("codes/districts.yaml", DISTRICTS)
    made.write("calendars/gates.yaml", GATES)
    return made

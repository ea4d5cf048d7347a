"""A draft of the city: every entry of every file read and validated alone.

Entries are kept by path, such as `("departments", "customs", "indicators", "unreleased")`, so that
a bad one can be left out, or replaced by its last good version, without touching the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter, ValidationError

from dashboard.catalogue.city import Position, Problem, Where
from dashboard.catalogue.datasets import Dataset
from dashboard.catalogue.deliveries import Delivery
from dashboard.catalogue.departments import Department
from dashboard.catalogue.explain import problems_of
from dashboard.catalogue.forms import Form
from dashboard.catalogue.indicators import Indicator
from dashboard.catalogue.layers import Layer, Layers
from dashboard.catalogue.model import Name
from dashboard.catalogue.pages import Page, Panel
from dashboard.catalogue.reference import Calendar, Code, Codes, Role, Roles, Standard
from dashboard.catalogue.rest import rest_of
from dashboard.catalogue.screens import Screen, Screens, screen_model
from dashboard.catalogue.systems import System, Systems
from dashboard.catalogue.tickets import TicketRule, TicketRules
from dashboard.catalogue.tree import Tree
from dashboard.catalogue.visits import Visit, Visits
from dashboard.text import Text
from dashboard.units import Units

EntryPath = tuple[str, ...]
ReadTree = Callable[[Path, str], Tree]
FOLDERS: dict[str, type[BaseModel]] = {
    "departments": Department,
    "pages": Page,
    "codes": Codes,
    "calendars": Calendar,
    "standards": Standard,
    "forms": Form,
}
"""Folders of the catalogue: each file is one entry, named by its `key`."""
LISTS: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "screens": (Screens, Screen),
    "roles": (Roles, Role),
    "layers": (Layers, Layer),
    "tickets": (TicketRules, TicketRule),
    "systems": (Systems, System),
    "visits": (Visits, Visit),
}
"""Files that list entries, each named by its `key`."""
_FILES = {"layers": "map"}
"""What a file is called where not as what it lists."""
_PARTS: dict[str, type[BaseModel]] = {
    "delivery": Delivery,
    "datasets": Dataset,
    "indicators": Indicator,
}
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_SHOWN = (Page, Panel, Screen, Visit)
DEPARTMENTS = "departments"
"""Key of the code list that is made of the departments themselves."""
SCREENS = "screens"
"""Key of the code list that is made of the screens themselves."""
_KEPT = "the last good version is kept until then"
_CUT = "the rest of it is shown until then"


class Fault(NamedTuple):
    """A problem and the entry that it concerns; None where it concerns no single one."""

    problem: Problem
    entry: EntryPath | None


@dataclass
class Draft:
    """What was read. `declared` are all entries that the files name, right or not; `lost` those
    of them that cannot be used as they stand; `lost_files` files of which nothing can. For a lost
    entry its last good version is `kept`; of one that is `cut` the sound rest is shown."""

    entries: dict[EntryPath, BaseModel] = field(default_factory=dict)
    declared: set[EntryPath] = field(default_factory=set)
    lost: set[EntryPath] = field(default_factory=set)
    lost_files: set[str] = field(default_factory=set)
    positions: dict[Where, Position] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    kept: set[EntryPath] = field(default_factory=set)
    cut: set[EntryPath] = field(default_factory=set)

    def fault(
        self,
        where: Where,
        found: str,
        expected: str,
        mend: str,
        entry: EntryPath,
        severity: str = "error",
    ) -> None:
        """Note one fault at the deepest known place of `where`."""
        file, line = position(self.positions, where)
        self.faults.append(Fault(Problem(file, line, found, expected, mend, severity), entry))

    def problems(self) -> tuple[Problem, ...]:
        """All problems by place, each with what is shown until it is mended."""
        out = [self._told(problem, entry) for problem, entry in self.faults]
        return tuple(sorted(dict.fromkeys(out), key=lambda p: (p.file, p.line, p.found)))

    def _told(self, problem: Problem, entry: EntryPath | None) -> Problem:
        meanwhile = _KEPT if entry in self.kept else _CUT if entry in self.cut else None
        if meanwhile is None or problem.severity == "warning":
            return problem
        return replace(problem, mend="; ".join(filter(None, (problem.mend, meanwhile))))


def position(positions: Mapping[Where, Position], where: Where) -> Position:
    """File and line of the deepest known part of a path of the catalogue."""
    for length in range(len(where), 0, -1):
        if where[:length] in positions:
            return positions[where[:length]]
    return Position("catalog", 1)


def read_draft(folder: Path, read_tree: ReadTree) -> Draft:
    """Read every file of the catalogue's folder. Raises OSError where it cannot be read."""
    draft = Draft()
    for section in FOLDERS:
        for path in sorted((folder / section).glob("*.yaml")):
            tree = read_tree(path, f"{folder.name}/{section}/{path.name}")
            _take_file(draft, section, path.stem, tree)
    for section in LISTS:
        if (path := folder / f"{_FILES.get(section, section)}.yaml").is_file():
            _take_list(draft, section, read_tree(path, f"{folder.name}/{path.name}"))
    if (path := folder / "units.yaml").is_file():
        _take_units(draft, read_tree(path, f"{folder.name}/{path.name}"))
    _name_own(draft, DEPARTMENTS, Text(zh="部门", en="Department"))
    _name_own(draft, SCREENS, Text(zh="大屏", en="Screen"))
    return draft


def _name_own(draft: Draft, section: str, title: Text) -> None:
    """The departments, or the screens, as a code list by which the center's rows are split."""
    titles = {
        path[1]: Code(title=entry.title)
        for path, entry in draft.entries.items()
        if len(path) == 2 and path[0] == section and isinstance(entry, Department | Screen)
    }
    path: EntryPath = ("codes", section)
    draft.entries.setdefault(path, Codes(key=section, title=title, codes=titles))
    draft.declared.add(path)


def _take_file(draft: Draft, section: str, stem: str, tree: Tree) -> None:
    key = tree.value.get("key", stem)
    entry: EntryPath = (section, str(key))
    repeated = entry in draft.declared
    _note_tree(draft, tree, entry)
    if not tree.readable:
        draft.lost_files.add(tree.file)
        draft.declared.add(entry)
        return
    if repeated:
        first = draft.positions[entry].file
        again = Problem(
            tree.file,
            tree.line(("key",)),
            f"key {key!r} again",
            f"a key other than in {first}",
            "give each file a key of its own; the first one counts until then",
        )
        draft.faults.append(Fault(again, None))
        return
    draft.declared.add(entry)
    if section == "departments":
        _take_department(draft, entry, tree)
    elif section == "pages":
        _take_page(draft, entry, tree)
    elif not tree.broken:  # a table with a hole would be judged by wrongly
        _validate(draft, FOLDERS[section], tree.value, tree, (), entry)
    if entry in draft.lost and not _is_name(tree.value.get("key")):
        draft.lost_files.add(tree.file)  # no one can say whose entries these are


def _is_name(key: object) -> bool:
    try:
        _NAME.validate_python(key)
    except ValidationError:
        return False
    return True


def _note_tree(draft: Draft, tree: Tree, root: EntryPath) -> None:
    """Take over the tree's problems and broken entries, and its lines as positions."""
    owners = {id(p): _broken_entry(root, broken) for broken, p in tree.broken.items()}
    draft.faults += [Fault(p, owners.get(id(p), root)) for p in tree.problems]
    draft.declared.update(owners.values())
    draft.lost.update(owners.values())
    listed = root[0] in LISTS
    draft.positions.setdefault(root, Position(tree.file, tree.line(root if listed else ("key",))))
    for where, line in () if listed else tree.lines.items():
        draft.positions.setdefault((*root, *where), Position(tree.file, line))


def _broken_entry(root: EntryPath, broken: tuple[str, str]) -> EntryPath:
    """The entry that a broken part of a file belongs to: itself where it is an entry of its own."""
    section, name = broken
    if root[0] == "departments":
        return (*root, section, name) if section in _PARTS else root
    return (section, name) if root == (section,) else root


def _take_department(draft: Draft, entry: EntryPath, tree: Tree) -> None:
    head = tree.value | {section: {} for section in _PARTS}
    _validate(draft, Department, head, tree, (), entry)
    for section, model in _PARTS.items():
        parts = tree.value.get(section) or {}
        if not isinstance(parts, dict):
            draft.fault((*entry, section), f"{section} as a list", "`name:` entries", "", entry)
            continue
        for name, value in parts.items():
            _take_part(draft, (*entry, section, name), model, value, tree)


def _take_part(
    draft: Draft, part: EntryPath, model: type[BaseModel], value: Any, tree: Tree
) -> None:
    section, name = part[-2:]
    draft.declared.add(part)
    if not _is_name(name):
        expected = "a name of lower-case letters, digits and underscores"
        draft.fault(part, f"name {name!r}", expected, "rename it", part)
        draft.lost.add(part)
        return
    _validate(draft, model, value, tree, (section, name), part)


def _take_page(draft: Draft, entry: EntryPath, tree: Tree) -> None:
    panels = tree.value.get("panels") or []
    good = []
    for index, value in enumerate(panels if isinstance(panels, list) else []):
        panel = _checked(draft, Panel, value, tree, ("panels", index), entry)
        good += [panel] if panel is not None else []
    page = _validate(draft, Page, {**tree.value, "panels": []}, tree, (), entry)
    if page is not None:
        draft.entries[entry] = page.model_copy(update={"panels": good})


def _take_list(draft: Draft, section: str, tree: Tree) -> None:
    _note_tree(draft, tree, (section,))
    if not tree.readable:
        draft.lost_files.add(tree.file)
        return
    items = tree.value.get(section) or []
    extra = [name for name in tree.value if name != section]
    if extra or not isinstance(items, list):
        draft.fault((section,), f"keys {extra}", f"`{section}:` and a list", "", (section,))
    for index, value in enumerate(items if isinstance(items, list) else []):
        key = value.get("key", index) if isinstance(value, dict) else index
        entry: EntryPath = (section, str(key))
        for where, line in tree.lines.items():
            if where[:2] == (section, index):
                draft.positions.setdefault((*entry, *where[2:]), Position(tree.file, line))
        if entry in draft.declared:
            draft.fault((*entry, "key"), f"key {key!r} again", "each key once", "", entry)
            continue
        draft.declared.add(entry)
        model = screen_model(value) if section == "screens" else LISTS[section][1]
        _validate(draft, model, value, tree, (section, index), entry)


def _take_units(draft: Draft, tree: Tree) -> None:
    entry: EntryPath = ("units",)
    _note_tree(draft, tree, entry)
    if tree.readable:
        _validate(draft, Units, tree.value, tree, (), entry)


def _validate(
    draft: Draft, model: type[BaseModel], value: Any, tree: Tree, where: Where, entry: EntryPath
) -> BaseModel | None:
    """Validate one entry and keep it; where it is bad, note its faults and count it lost. Of what
    is shown the sound rest is kept even then."""
    checked = _checked(draft, model, value, tree, where, entry)
    if checked is not None:
        draft.entries[entry] = checked
    return checked


def _checked(
    draft: Draft, model: type[BaseModel], value: Any, tree: Tree, where: Where, entry: EntryPath
) -> BaseModel | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        draft.faults += [Fault(p, entry) for p in problems_of(error, tree, where, model)]
        draft.lost.add(entry)
        return rest_of(model, value) if issubclass(model, _SHOWN) else None

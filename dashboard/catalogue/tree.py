"""YAML into plain values, with the line of every key and item, and every fault of syntax at once.

A fault inside one entry (two blanks deep under a section such as `indicators:`) costs that entry
only: its lines are blanked and the rest is read again, so that the rest of the city still runs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dashboard.catalogue.city import Problem, Where
from dashboard.catalogue.nodes import compose

_TABBED = re.compile(r"^ *\t")
_ENTRY = re.compile(r"^ {2}(?:- (?:key: *)?)?['\"]?([\w-]+)")
_SECTION = re.compile(r"^(\w+):\s*(?:#.*)?$")
_TAG = "tag:yaml.org,2002:"
_DEPTH = 40


@dataclass
class Tree:
    """One file as read. `broken` names entries (section, name) whose lines could not be read,
    and why; `readable` is false where nothing of the file could be."""

    file: str
    value: dict[str, Any] = field(default_factory=dict)
    lines: dict[Where, int] = field(default_factory=dict)
    broken: dict[tuple[str, str], Problem] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True

    def line(self, where: Where) -> int:
        """The line of the deepest part of `where` that the file has; parts that it has not, such
        as the branch names in pydantic's locations, are passed over."""
        return self.lines.get(self.known(where), 1)

    def known(self, where: Where) -> Where:
        """`where` without the parts that the file has not."""
        known: Where = ()
        for part in where:
            if (*known, part) in self.lines:
                known = (*known, part)
        return known


class TreeReader:
    """Reads files, each again only when its bytes have changed: parsing is what costs.

    The trees are shared between calls; do not change them.
    """

    def __init__(self) -> None:
        self._read: dict[str, tuple[bytes, Tree]] = {}

    def __call__(self, path: Path, name: str) -> Tree:
        """As `read_tree`. Raises OSError where the file cannot be read."""
        raw = path.read_bytes()
        known = self._read.get(name)
        if known is None or known[0] != raw:
            known = self._read[name] = (raw, tree_of(raw, name))
        return known[1]


def read_tree(path: Path, name: str) -> Tree:
    """Read one file. `name` is what problems call it. Raises OSError where it cannot be read."""
    return tree_of(path.read_bytes(), name)


def tree_of(raw: bytes, name: str) -> Tree:
    """The tree of a file's bytes; never raises for what is in it."""
    tree = Tree(name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        tree.problems.append(
            Problem(name, line, "bytes that are no UTF-8", "UTF-8 text", "save the file as UTF-8")
        )
        tree.readable = False
        return tree
    _compose(tree, text.replace("\r\n", "\n").split("\n"))
    return tree


def _compose(tree: Tree, lines: list[str]) -> None:
    for _ in range(len(lines) + 1):
        try:
            node = compose("\n".join(lines) + "\n")
        except YAMLError as error:
            problem = _syntax_problem(tree.file, lines, error)
        else:
            tab = _first_tab(lines, node)
            if tab is None:
                _take(tree, node)
                return
            problem = _tab_problem(tree.file, tab + 1)
        tree.problems.append(problem)
        if not _blank_entry(tree, lines, problem):
            tree.readable = False
            return


def _take(tree: Tree, node: Node | None) -> None:
    if node is None:
        return
    if not isinstance(node, MappingNode):
        tree.problems.append(
            Problem(tree.file, 1, "no mapping of keys", "a file of `key: value` lines")
        )
        tree.readable = False
        return
    tree.value = _value(tree, node, (), _DEPTH)


def _syntax_problem(file: str, lines: list[str], error: YAMLError) -> Problem:
    if not isinstance(error, MarkedYAMLError):  # a character that YAML does not allow
        at = "\n".join(lines)[: getattr(error, "position", 0)].count("\n")
        found = "a character that cannot be shown"
        return Problem(file, at + 1, found, "printable text", "remove it from this line")
    opened = re.search(r"flow|quoted", str(error.context or ""))
    mark = (error.context_mark if opened else error.problem_mark) or error.context_mark
    at = min(mark.line if mark else 0, max(len(lines) - 1, 0))
    for index in (at, at - 1):
        if 0 <= index < len(lines) and _TABBED.match(lines[index]):
            return _tab_problem(file, index + 1)
    found = " ".join(str(error.problem or error.context or "no YAML").split())
    return Problem(
        file, at + 1, found, "valid YAML", "check indentation, colons, quotes and brackets here"
    )


def _tab_problem(file: str, line: int) -> Problem:
    return Problem(
        file, line, "a tab in the indentation", "spaces", "replace the tab by spaces (2 a level)"
    )


def _first_tab(lines: list[str], node: Node | None) -> int | None:
    """The first line indented by a tab. In a block text (`|`, `>`) a tab after the block's own
    spaces is part of the text."""
    texts = [(n.start_mark.line, n.end_mark.line) for n in _block_texts(node)]
    for index, line in enumerate(lines):
        if _TABBED.match(line) and not any(a < index < b for a, b in texts):
            return index
    return None


def _block_texts(node: Node | None, depth: int = _DEPTH) -> Iterator[Node]:
    if depth and isinstance(node, MappingNode):
        for _, value in node.value:
            yield from _block_texts(value, depth - 1)
    elif depth and isinstance(node, SequenceNode):
        for item in node.value:
            yield from _block_texts(item, depth - 1)
    elif isinstance(node, ScalarNode) and node.style in ("|", ">"):
        yield node


def _blank_entry(tree: Tree, lines: list[str], problem: Problem) -> bool:
    """Blank the entry that the problem's line lies in; False where it lies in none."""
    at = problem.line - 1
    start = next(
        (i for i in range(min(at, len(lines) - 1), -1, -1) if _ENTRY.match(lines[i])), None
    )
    if start is None or any(line[:1].strip() not in ("", "#") for line in lines[start : at + 1]):
        return False
    section = next(
        (m[1] for i in range(start - 1, -1, -1) if (m := _section_at(lines[i])) is not None), None
    )
    if not section or (name := _ENTRY.match(lines[start])) is None:
        return False
    end = start + 1
    while end < len(lines) and (end <= at or not re.match(r" {0,2}[^\s#]", lines[end])):
        end += 1
    lines[start:end] = [""] * (end - start)
    tree.broken[(section, name[1])] = problem
    return True


def _section_at(line: str) -> re.Match[str] | None:
    """A line that opens a section. Any other unindented key ends the search with no name."""
    if not line[:1].strip() or line.startswith("#"):
        return None
    return _SECTION.match(line) or re.match(r"()", line)


def _value(tree: Tree, node: Node, where: Where, depth: int) -> Any:
    if depth == 0:
        tree.problems.append(
            Problem(
                tree.file,
                node.start_mark.line + 1,
                "values nested too deeply",
                "an entry that does not contain itself",
                "remove the alias",
            )
        )
        return None
    if isinstance(node, MappingNode):
        return _mapping(tree, node, where, depth)
    if isinstance(node, SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            tree.lines[(*where, index)] = item.start_mark.line + 1
            items.append(_value(tree, item, (*where, index), depth - 1))
        return items
    return _scalar(node)


def _mapping(tree: Tree, node: MappingNode, where: Where, depth: int) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in out:
            tree.problems.append(
                Problem(
                    tree.file,
                    line,
                    f"key {key!r} again (first in line {tree.lines[(*where, key)]})",
                    "each key once",
                    "rename or remove one of the two; the first one counts until then",
                )
            )
            continue
        tree.lines[(*where, key)] = line
        out[key] = _value(tree, value_node, (*where, key), depth - 1)
    return out


def _scalar(node: Node) -> Any:
    """A scalar by YAML 1.2; dates stay texts, which the models read themselves."""
    kind = str(node.tag).removeprefix(_TAG)
    if kind in ("int", "float", "bool", "null"):
        return getattr(_constructor(), f"construct_yaml_{kind}")(node)
    return str(node.value)


@cache
def _constructor() -> SafeConstructor:
    constructor: SafeConstructor = YAML(typ="safe", pure=True).constructor
    return constructor

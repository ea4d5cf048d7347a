"""The fast reader of YAML and the slow one see the same."""

from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from servers import ROOT

from dashboard.catalogue.nodes import compose

FILES = sorted((ROOT / "catalog").rglob("*.yaml"))
TRICKY = [
    "a: [yes, no, on, off, y, n, True, false, null, ~, '', Null]",
    "a: [0o17, 017, 0x1F, 1_000, 12:30, 1e3, .5, 5., .inf, -.INF, .nan, +1, '5', \"6\", !!str 7]",
    "a: [2026-11-30, 2026-11-30T10:00:00Z, '440604', 440604010, =, <<]",
    "base: &b {x: 1, y: [1, 2]}\nmore: *b\nagain: {<<: *b, z: 3}",
    "long: |\n  one\n   two\n\n  three\nfold: >-\n  a\n  b\n\n  c\nlast: 1",
    "zh: 道路运行指数 # 说明\n'键': \"值：一\\n二\"",
    "",
    "# nothing\n",
    "- 1\n- {a: 2}\n-\n",
    "a: 1\na: 2",
]


def _told(node: Node | None) -> Any:
    """All that the catalogue takes of a node."""
    if node is None:
        return None
    known: Any = node.value
    if isinstance(node, MappingNode):
        known = [(_told(key), _told(value)) for key, value in node.value]
    elif isinstance(node, SequenceNode):
        known = [_told(item) for item in node.value]
    return str(node.tag), known, node.start_mark.line


def _slowly(text: str) -> Node | None:
    found: Node | None = YAML(typ="safe", pure=True).compose(text)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_of_the_catalogue_reads_the_same(path: Any) -> None:
    text = path.read_text()
    assert _told(compose(text)) == _told(_slowly(text))


@pytest.mark.parametrize("text", TRICKY)
def test_what_versions_of_yaml_differ_in_reads_as_yaml_1_2(text: str) -> None:
    assert _told(compose(text)) == _told(_slowly(text))


@pytest.mark.parametrize("text", ["a: [1", "a: 'x", "a: b: c", "\ta: 1", "a: *none", "a: \x07"])
def test_a_mistake_is_told_in_the_words_of_the_slow_reader(text: str) -> None:
    with pytest.raises(YAMLError) as slow:
        _slowly(text)
    with pytest.raises(YAMLError) as fast:
        compose(text)
    assert str(fast.value) == str(slow.value)


def test_an_entry_that_contains_itself_is_one_node() -> None:
    node = compose("a: &a\n  b: *a\n")
    assert isinstance(node, MappingNode)
    inner = node.value[0][1]
    assert inner.value[0][1] is inner

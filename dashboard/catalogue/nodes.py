"""A text of YAML as nodes, which know their lines.

libyaml reads it, some twenty times as fast as YAML written in Python, so that a process is up
seconds earlier; scalars are told apart by YAML 1.2 all the same. What libyaml does not take is read
once more by the slow reader, whose words about a mistake are the better ones.
"""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import implicit_resolvers
from yaml import YAMLError as Refused
from yaml.cyaml import CParser
from yaml.resolver import BaseResolver

_VERSION = (1, 2)


class _Resolver(BaseResolver):  # type: ignore[misc]
    """What a plain scalar is."""


for _versions, _tag, _pattern, _first in implicit_resolvers:
    if _VERSION in _versions:
        _Resolver.add_implicit_resolver(_tag, _pattern, _first)


class _Loader(CParser, _Resolver):  # type: ignore[misc]
    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        _Resolver.__init__(self)


def compose(text: str) -> Node | None:
    """The node of a text's one document, None where it has none. Raises ruamel.yaml.YAMLError."""
    try:
        found = _Loader(text).get_single_node()
    except Refused:
        slowly: Node | None = YAML(typ="safe", pure=True).compose(text)
        return slowly
    return None if found is None else _same(found, {})


def _same(node: Any, made: dict[int, Node]) -> Node:
    """A node as the slow reader makes it; one that is named more than once (an alias) stays one."""
    if id(node) in made:
        return made[id(node)]
    marks = node.start_mark, node.end_mark
    if node.id == "scalar":
        scalar: Node = ScalarNode(node.tag, node.value, *marks, style=node.style)
        return scalar
    kind = MappingNode if node.id == "mapping" else SequenceNode
    made[id(node)] = found = kind(node.tag, [], *marks, flow_style=node.flow_style)
    found.value += [
        (_same(item[0], made), _same(item[1], made)) if node.id == "mapping" else _same(item, made)
        for item in node.value
    ]
    return found

"""Reads a small, foreign YAML file into nodes that keep their lines, and builds no object of it.

Refused before anything is composed: files that are large or deeply nested, aliases, tags and duplicate keys. A plain
scalar is taken as the text that stands there, so that `language: no` is Norwegian and not false.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from docsfy_action.errors import Problem

MAX_BYTES = 65_536
_MAX_DEPTH = 12
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq"))


class UnusableYaml(Exception):
    """The file cannot be read as YAML; says why and in which line (from 1, 0 where it is unknown)."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlText:
    """A text as it stands in the file; `is_null` where nothing, `~` or `null` stands there."""

    text: str
    line: int
    is_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlList:
    """A list."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlMap:
    """A mapping; `entries` in the order of the file, each key once."""

    entries: "tuple[tuple[YamlText, Node], ...]"
    line: int


Node = YamlText | YamlList | YamlMap


def read_yaml(content: bytes) -> tuple[Node | None, tuple[Problem, ...]]:
    """The file's only document, None for an empty one, and the keys that stand there twice. Raises UnusableYaml."""
    if len(content) > MAX_BYTES:
        raise UnusableYaml(f"it is larger than {MAX_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableYaml("it is not UTF-8", content[: error.start].count(b"\n") + 1) from None
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UnusableYaml(f"it is not valid YAML, {error.problem or 'it cannot be read'}", line) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # ValueError: escapes beyond Unicode and absurd version numbers, which PyYAML does not guard.
        raise UnusableYaml("it is not valid YAML, it holds characters that YAML does not allow") from None
    problems: list[Problem] = []
    return (None if node is None else _node(node, problems)), tuple(problems)


def _check_events(text: str) -> None:
    """Refuses what could make composing expensive or endless. The stream of events itself uses no recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise UnusableYaml("aliases (*name) are not allowed", line)
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in {None, "!", *_PLAIN_TAGS}:
            raise UnusableYaml("tags (!name) are not allowed", line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise UnusableYaml("it is nested too deeply", line)


def _node(node: yaml.Node, problems: list[Problem]) -> Node:
    line = node.start_mark.line + 1
    match node:
        case yaml.ScalarNode():
            return YamlText(text=str(node.value), line=line, is_null=node.tag == "tag:yaml.org,2002:null")
        case yaml.SequenceNode():
            return YamlList(items=tuple(_node(item, problems) for item in node.value), line=line)
        case yaml.MappingNode():
            return YamlMap(entries=tuple(_entries(node, problems)), line=line)
        case _:
            raise UnusableYaml("it holds something that is neither text, list nor mapping", line)


def _entries(node: yaml.MappingNode, problems: list[Problem]) -> Iterator[tuple[YamlText, Node]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = _node(key_node, problems)
        if not isinstance(key, YamlText):
            raise UnusableYaml("a key must be text", key.line)
        if key.text in seen:
            message = f"the key stands there twice, first in line {seen[key.text]}."
            problems.append(Problem(message=message, line=key.line))
            continue
        seen[key.text] = key.line
        yield key, _node(value_node, problems)

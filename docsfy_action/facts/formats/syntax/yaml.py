"""YAML with line numbers, built from the parser's events: nothing is constructed, and no plain word becomes a boolean,
so that the key `on:` of a workflow stays a key and the version `3.10` keeps its zero."""

from dataclasses import dataclass, field, replace

import yaml

from docsfy_action.facts.formats.syntax.text import MAX_DEPTH, Unreadable
from docsfy_action.facts.formats.syntax.tree import MISSING, Node, TreeBuilder

_NULL = ("", "~", "null", "Null", "NULL")
_MERGE = "<<"
# The parser takes some 50 µs for each of them; a workflow of a thousand lines has five thousand.
MAX_YAML_NODES = 20_000


def parse_yaml(text: str) -> Node:
    """The first document as a tree, with aliases and merge keys resolved. Raises `Unreadable`.

    PyYAML's own parser is used even where libyaml is there: the same text is read the same way on every machine.
    """
    composer = _Composer()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.DocumentEndEvent):
                break
            composer.take(event)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = "" if mark is None else f"line {mark.line + 1}: "
        raise Unreadable(f"not YAML: {where}{problem.problem or problem.context or 'malformed'}") from problem
    except (yaml.YAMLError, ValueError, OverflowError) as problem:
        # The latter two: escapes such as "\UFFFFFFFF" and version numbers of thousands of digits.
        raise Unreadable("not YAML: it holds characters or numbers that YAML forbids") from problem
    return composer.builder.root


@dataclass(slots=True)
class _Composer:
    builder: TreeBuilder = field(default_factory=TreeBuilder)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    opened: list[tuple[str | None, int]] = field(default_factory=list)
    nodes: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if self.builder.wants_key:
                    raise Unreadable(f"not read: a list or mapping is used as a key on line {line}")
                self.builder.open(is_list=isinstance(event, yaml.SequenceStartEvent), line=line)
                self.opened.append((event.anchor, self.nodes))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                node = self.builder.close(merge_key=_MERGE)
                anchor, before = self.opened.pop()
                self._remember(anchor, node, self.nodes - before + 1)
            case yaml.ScalarEvent() if self.builder.wants_key:
                self.builder.key(event.value, line)
            case yaml.ScalarEvent():
                is_null = event.style is None and event.value in _NULL
                node = self.builder.scalar("" if is_null else event.value, line=line, is_text=not is_null)
                self._remember(event.anchor, node, 1)
            case yaml.AliasEvent():
                self._alias(event.anchor, line)
        self.nodes += 1
        if self.nodes > MAX_YAML_NODES or self.builder.depth > MAX_DEPTH:
            raise Unreadable("YAML nested too deeply or expanded too far to be read")

    def _remember(self, anchor: str | None, node: Node, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, size)

    def _alias(self, anchor: str | None, line: int) -> None:
        # A name that is not known yet is one that would hold itself.
        node, size = self.anchors.get(anchor or "", (MISSING, 1))
        self.nodes += size  # what is repeated counts each time: this stops documents that expand without end
        if self.builder.wants_key:
            self.builder.key(node.scalar, line)
        else:
            self.builder.add(replace(node, line=self.builder.line_for(line)))

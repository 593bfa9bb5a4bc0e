"""Struct fields with their tags, as Go's reflect package and the libraries built on it read them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from docsfy_action.facts.languages.go.comments import comment_text, documented
from docsfy_action.facts.languages.go.strings import unquote
from docsfy_action.facts.languages.go.symbols import base_name
from docsfy_action.facts.treesitter import folded_text, text

_PAIR = re.compile(r'([^\s":`]+):"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
# A bare word between pairs counts as a key without value, as in `cmd help:"…"`.
_BARE = re.compile(r"(?:^|\s)([a-z]+)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Field:
    """A named field, or an embedded one, whose `name` is then the name of its type."""

    name: str
    type: Node
    node: Node
    tags: Mapping[str, str]
    doc: str
    embedded: bool

    @property
    def type_name(self) -> str:
        """The named type behind pointers; empty for types without a name."""
        return base_name(self.type)

    @property
    def struct(self) -> Node | None:
        """The struct type written in place."""
        return self.type if self.type.type == "struct_type" else None


def parse_tag(tag: Node | None) -> dict[str, str]:
    """Keys and values of a tag; the first of several equal keys counts."""
    raw = (unquote(tag) if tag is not None else None) or ""
    found: dict[str, str] = {}
    for match in _PAIR.finditer(raw):
        value = _ESCAPED.sub(_unescaped, match[2])
        # go-flags names each choice on its own.
        known = found.get(match[1]) if match[1] == "choice" else None
        found[match[1]] = f"{known},{value}" if known is not None else found.get(match[1], value)
    for match in _BARE.finditer(_PAIR.sub("", raw)):
        found.setdefault(match[1], "")
    return found


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(match[1], match[1])


def struct_fields(struct: Node) -> Iterator[Field]:
    """Fields of a struct type in source order."""
    body = next((child for child in struct.children if child.type == "field_declaration_list"), None)
    for node, above, trailing in documented(body.children if body is not None else ()):
        kind = node.child_by_field_name("type")
        if node.type != "field_declaration" or kind is None:
            continue
        tags = parse_tag(node.child_by_field_name("tag"))
        doc = comment_text(above) or comment_text(trailing)
        names = [text(name) for name in node.children_by_field_name("name") if name.is_named]
        for name in names or [base_name(kind).rpartition(".")[2]]:
            yield Field(name, kind, node, tags, doc, not names)


def named_structs(root: Node) -> dict[str, Node]:
    """Struct types declared at the top level, by name."""
    found: dict[str, Node] = {}
    for declaration in root.children:
        if declaration.type != "type_declaration":
            continue
        for spec in declaration.named_children:
            kind = spec.child_by_field_name("type")
            if kind is not None and kind.type == "struct_type":
                found[text(spec.child_by_field_name("name"))] = kind
    return found


def type_text(field: Field) -> str:
    """The type as written, empty for a struct written in place."""
    return "" if field.struct is not None else folded_text(field.type)

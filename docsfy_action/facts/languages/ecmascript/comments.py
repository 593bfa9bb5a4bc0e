"""JSDoc comments of a script: their text, the definition that each belongs to, and the comment on the whole file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from docsfy_action.facts.treesitter import text

_STAR = re.compile(r"^[ \t]*\*(?!/) ?", re.MULTILINE)
_FILE_TAG = re.compile(r"^@(file|fileoverview|fileOverview|overview|module|packageDocumentation)\b", re.MULTILINE)
_PRIVATE_TAG = re.compile(r"^@(internal|private|hidden|ignore|access private)\b", re.MULTILINE)
_NO_PROSE = re.compile(
    r"copyright|licen[sc]ed?\b|@preserve|SPDX|eslint|@ts-|@flow|prettier-ignore|istanbul|jshint|globals? |use strict"
    r"|sourceMappingURL|<reference|@jest|@vitest|generated|@jsx|region\b",
    re.IGNORECASE,
)
# Code that was put out of use by slashes in front of it.
_CODE = re.compile(
    r"\A\s*(?:import|export|const|let|var|function|return|type|interface)\b[^\n]*[;{,(]\s*$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Documented:
    """A node with the JSDoc comment above it and the decorators between the two."""

    node: Node
    doc: str
    decorators: tuple[Node, ...]


def documented(nodes: Iterable[Node]) -> Iterator[Documented]:
    """Nodes that are no comment, each with the last JSDoc comment above it; comments on the whole file aside."""
    comment: Node | None = None
    decorators: list[Node] = []
    for node in nodes:
        if node.type == "comment":
            if (node.text or b"").startswith(b"/**"):
                comment = node
        elif node.type == "decorator":
            decorators.append(node)
        elif node.is_named and node.type != "empty_statement":
            doc = jsdoc_text(comment) if comment is not None else ""
            yield Documented(node, "" if _FILE_TAG.search(doc) else doc, tuple(decorators))
            comment, decorators = None, []


def jsdoc_text(comment: Node) -> str:
    """The text of a block comment without its stars."""
    source = text(comment)[2:].removesuffix("*/").lstrip("*")
    lines = [entry.rstrip() for entry in _STAR.sub("", source).split("\n")]
    lines[0] = lines[0].strip()
    return "\n".join(lines).strip("\n").strip(" ")


def is_internal(doc: str) -> bool:
    """Whether a comment says that the definition is not for users."""
    return bool(_PRIVATE_TAG.search(doc))


def file_comment(root: Node) -> str:
    """The comment on the whole file: one that says so, or prose at the top, apart from the first statement."""
    groups = list(_leading_groups(root))
    for group, _ in groups:
        if _FILE_TAG.search(found := _group_text(group)):
            return found
    for group, attached in groups:
        found = _group_text(group)
        is_block = (group[0].text or b"").startswith(b"/*")
        is_prose = not _NO_PROSE.search(found) and not _CODE.search(found)
        if not attached and is_prose and (is_block or len(found.split()) > 3):
            return found
    return ""


def _leading_groups(root: Node) -> Iterator[tuple[list[Node], bool]]:
    """Groups of comments before the first statement, each with whether it is attached to that statement."""
    group: list[Node] = []
    for node in root.children:
        if node.type == "hash_bang_line" or text(node).strip("\"';") == "use strict":
            continue
        row = node.start_point.row
        gap = bool(group) and row - group[-1].end_point.row > 1
        block = bool(group) and (group[-1].text or b"").startswith(b"/*")
        if group and (gap or block or node.type != "comment"):
            # What stands above an import is about the file: nobody documents an import.
            belongs = not gap and node.type not in ("comment", "import_statement")
            yield group, belongs
            group = []
        if node.type != "comment":
            return
        group.append(node)
    if group:
        yield group, False


def _group_text(group: Sequence[Node]) -> str:
    if (group[0].text or b"").startswith(b"/*"):
        return jsdoc_text(group[0])
    return "\n".join(text(node)[2:].removeprefix(" ").rstrip() for node in group).strip("\n")

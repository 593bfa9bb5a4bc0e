"""Comment groups of Go source, and their text as go/ast reads it: markers and directives taken off."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tree_sitter import Node

from docsfy_action.facts.treesitter import text

# go/ast leaves these out of a comment's text: https://pkg.go.dev/go/ast#CommentGroup.Text
_DIRECTIVE = re.compile(r"(line |extern |export |[a-z0-9]+:[a-z0-9])")


def comment_text(group: Sequence[Node]) -> str:
    """The text of a comment group."""
    lines: list[str] = []
    for node in group:
        source = text(node)
        if source.startswith("/*"):
            lines.extend(source[2:].removesuffix("*/").lstrip(" ").split("\n"))
        elif not _DIRECTIVE.match(source[2:]):
            lines.append(source[2:].removeprefix(" "))
    kept: list[str] = []
    for current in (entry.rstrip() for entry in lines):
        if current or (kept and kept[-1]):
            kept.append(current)
    return "\n".join(kept).strip("\n")


def documented(nodes: Iterable[Node]) -> Iterator[tuple[Node, list[Node], list[Node]]]:
    """Each node that is no comment, with the comment group right above it and the one that follows on its last line."""
    pending: list[Node] = []
    waiting: tuple[Node, list[Node]] | None = None
    trailing: list[Node] = []
    token_row = -1
    for node in nodes:
        if node.type == "comment":
            if node.start_point.row == token_row:
                # A comment behind code belongs to that code, or, behind a bracket, to nothing.
                trailing = trailing or [node]
            elif pending and node.start_point.row - _last_row(pending) <= 1:
                pending.append(node)
            else:
                pending = [node]
            continue
        if node.is_named:
            if waiting is not None:
                yield *waiting, trailing
            adjacent = bool(pending) and node.start_point.row - _last_row(pending) <= 1
            waiting, pending, trailing = (node, pending if adjacent else []), [], []
        if node.type != "\n":
            token_row = node.end_point.row
    if waiting is not None:
        yield *waiting, trailing


def _last_row(group: Sequence[Node]) -> int:
    return group[-1].end_point.row

"""Go string literals and format verbs, read without running anything."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from docsfy_action.facts.treesitter import text

HOLE = "…"
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_VERB = re.compile(r"%(?:%|[-+# 0]*\d*(?:\.\d+)?(?:\[(\d+)\])?([a-zA-Z]))")
_INDENT = re.compile(r"^[ \t]*(?=\S)", re.MULTILINE)


def unquote(node: Node) -> str | None:
    """Value of a string or rune literal; None for any other node."""
    source = text(node)
    if node.type == "raw_string_literal":
        return source[1:-1].replace("\r", "")
    if node.type in ("interpreted_string_literal", "rune_literal"):
        return _ESCAPE.sub(_escaped, source[1:-1])
    return None


def _escaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits or match[4]:
        code = int(digits, 16) if digits else int(match[4], 8)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _SIMPLE.get(match[5], match[5])


def formatted(template: str, arguments: Sequence[str | None]) -> str:
    """What `fmt.Sprintf` makes of strings; a verb whose argument is unknown becomes a hole."""
    position = 0

    def fill(match: re.Match[str]) -> str:
        nonlocal position
        if match[0] == "%%":
            return "%"
        if match[1]:
            position = int(match[1]) - 1
        value = arguments[position] if 0 <= position < len(arguments) else None
        position += 1
        if value is None:
            return HOLE
        return f'"{value}"' if match[2] == "q" else value

    return _VERB.sub(fill, template)


def dedented(source: str) -> str:
    """Text without the indentation that all its lines share, and without blank lines around it."""
    source = source.strip("\n")
    margins = [match.group() for match in _INDENT.finditer(source)]
    margin = min(margins, key=len, default="")
    lines = (entry.removeprefix(margin).rstrip() for entry in source.split("\n"))
    return "\n".join(lines).strip("\n")

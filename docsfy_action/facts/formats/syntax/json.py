"""JSON with line numbers, and the comments and trailing commas that `deno.jsonc` and its like allow."""

import json
import re

from docsfy_action.facts.formats.syntax.text import MAX_DEPTH, MAX_NODES, Unreadable
from docsfy_action.facts.formats.syntax.tree import Node, TreeBuilder

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n\r]+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\[^\n])*+")"""
    r"""|(?P<mark>[\[\]{}:,])"""
    r"""|(?P<word>-?\d[\d.eE+-]*+|true|false|null)""",
    re.DOTALL,
)


def parse_json(text: str) -> Node:
    """The document as a tree; `null` is a missing value. Raises `Unreadable`."""
    builder = TreeBuilder()
    closers: list[str] = []
    position, line, nodes = 0, 1, 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise Unreadable(f"not JSON: line {line} holds something unexpected")
        position = token.end()
        match token.lastgroup, token.group():
            case "space", space:
                line += space.count("\n")
                continue
            case "mark", ("{" | "[") as opener:
                builder.open(is_list=opener == "[", line=line)
                closers.append("]" if opener == "[" else "}")
            case "mark", ("}" | "]") as closer:
                if not closers or closers.pop() != closer:
                    raise Unreadable(f"not JSON: line {line} closes what is not open")
                builder.close()
            case "string", literal if builder.wants_key:
                builder.key(_unquoted(literal), line)
            case "string", literal:
                builder.scalar(_unquoted(literal), line=line)
            case "word", word:
                builder.scalar("" if word == "null" else word, line=line, is_text=False)
        nodes += 1
        if nodes > MAX_NODES * 4 or builder.depth > MAX_DEPTH:
            raise Unreadable("JSON nested too deeply or too long to be read")
    if closers:
        raise Unreadable("not JSON: the document ends too early")
    return builder.root


def _unquoted(literal: str) -> str:
    if "\\" not in literal:
        return literal[1:-1]
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return literal[1:-1]

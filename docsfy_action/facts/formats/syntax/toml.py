"""TOML with line numbers: values come from `tomllib`, lines from a scan that finds where keys and items start."""

import re
import tomllib
from collections.abc import Iterator

from docsfy_action.facts.formats.syntax.text import MAX_DEPTH, Unreadable
from docsfy_action.facts.formats.syntax.tree import Node, TreeBuilder

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)"""
    r'''|(?P<long>"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^']|'(?!''))*+'{3,5})'''
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
    r"""|(?P<mark>[\[\]{}=,.\n])"""
    r"""|(?P<bare>[^\s\[\]{}=,."'\#]++)""",
    re.DOTALL,
)


def parse_toml(text: str) -> Node:
    """The document as a tree. Raises `Unreadable`."""
    tokens = list(_tokens(text))
    _check_depth(tokens)
    try:
        data = tomllib.loads(text)
    except ValueError as problem:
        raise Unreadable(f"not TOML: {problem}") from problem
    builder = TreeBuilder()
    _add(builder, data, (), _Scan(tokens).lines())
    return builder.root


def _check_depth(tokens: list[tuple[str, str, int]]) -> None:
    """Nesting is recursion, and the parts of a dotted key cost their square in time, so both are bounded beforehand."""
    depth = dots = 0
    for kind, mark, _ in tokens:
        if kind == "mark":
            depth += (mark in ("[", "{")) - (mark in ("]", "}"))
            dots = dots + 1 if mark == "." else 0
            if max(depth, dots) > MAX_DEPTH // 2:
                raise Unreadable("TOML nested too deeply to be read")


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position, line = 0, 1
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:  # tomllib will say what is wrong
            return
        position = token.end()
        kind, value = str(token.lastgroup), token.group()
        if kind != "skip":
            yield kind, value, line
        line += value.count("\n")


class _Scan:
    """Walks the tokens of a valid document and notes the line of each key and item. Recursion is bounded by the depth
    that the caller has checked."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self._tokens = [*tokens, ("end", "", tokens[-1][2] if tokens else 1)]
        self._at = 0
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}

    def lines(self) -> dict[Path, int]:
        table: Path = ()
        while self._kind() != "end":
            if self._skip("\n"):
                continue
            if self._skip("["):
                double = self._skip("[")
                table = self._header(double=double)
                continue
            self._pair(table)
        return self._found

    def _kind(self) -> str:
        return self._tokens[self._at][0]

    def _skip(self, mark: str) -> bool:
        kind, value, _ = self._tokens[self._at]
        if kind == "mark" and value == mark:
            self._at += 1
            return True
        return False

    def _line(self) -> int:
        return self._tokens[self._at][2]

    def _key(self) -> tuple[str, ...]:
        parts = [self._part()]
        while self._skip("."):
            parts.append(self._part())
        return tuple(parts)

    def _part(self) -> str:
        kind, value, _ = self._tokens[self._at]
        # Nothing but the end of the tokens stays where it is: the scan ends even if it were to lose its way.
        self._at += kind != "end"
        return _key_text(value) if kind == "string" else value

    def _header(self, *, double: bool) -> Path:
        line = self._line()
        path: Path = ()
        keys = self._key()
        for place, key in enumerate(keys):
            path = (*path, key)
            self._found.setdefault(path, line)
            if double and place == len(keys) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
                self._found.setdefault(path, line)
        while not (self._skip("\n") or self._kind() == "end"):
            self._at += 1
        return path

    def _pair(self, table: Path) -> None:
        line, path = self._line(), table
        for key in self._key():
            path = (*path, key)
            self._found.setdefault(path, line)
        self._skip("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._skip("["):
            place = 0
            while not self._skip("]") and self._kind() != "end":
                if self._skip(",") or self._skip("\n"):
                    continue
                self._found.setdefault((*path, place), self._line())
                before = self._at
                self._value((*path, place))
                self._at += self._at == before
                place += 1
        elif self._skip("{"):
            while not self._skip("}") and self._kind() != "end":
                before = self._at
                if not (self._skip(",") or self._skip("\n")):
                    self._pair(path)
                self._at += self._at == before
        else:
            # A date with a blank, a float: several tokens, none of which opens anything.
            while self._kind() in ("bare", "string", "long") or self._tokens[self._at][1] == ".":
                self._at += 1


def _key_text(literal: str) -> str:
    return next(iter(tomllib.loads(f"{literal} = 0"))) if "\\" in literal else literal[1:-1]


def _add(builder: TreeBuilder, value: object, path: Path, lines: dict[Path, int]) -> None:
    line = next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), 1)
    if isinstance(value, dict):
        builder.open(is_list=False, line=line)
        for key, item in value.items():
            inner = (*path, key)
            builder.key(key, lines.get(inner, line))
            _add(builder, item, inner, lines)
        builder.close()
    elif isinstance(value, list):
        builder.open(is_list=True, line=line)
        for place, item in enumerate(value):
            _add(builder, item, (*path, place), lines)
        builder.close()
    elif isinstance(value, bool):
        builder.scalar("true" if value else "false", line=line, is_text=False)
    else:
        builder.scalar(str(value), line=line, is_text=isinstance(value, str))

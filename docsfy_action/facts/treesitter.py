"""Reading blobs with tree-sitter: grammars and queries, loaded on first use, and nodes as the text that facts keep."""

import hashlib
import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from tree_sitter import Language, Node, Parser, Query, QueryCursor

from docsfy_action.facts.extractor import MAX_BLOB_BYTES, MAX_NAME_LENGTH
from docsfy_action.facts.model import Span

# Grammar name → module of the wheel and its function that hands out the grammar.
_GRAMMARS = {
    "go": ("tree_sitter_go", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "python": ("tree_sitter_python", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}
_INSIDE_BRACKETS = re.compile(r"(?<=[(\[]) | (?=[)\]])")
_UTF8_MARK = b"\xef\xbb\xbf"
# Damage to real code leaves some tokens without a place, not thousands.
MAX_LOOSE_TOKENS = 1_000
# Why a file that makes no sense to the grammar has no facts.
NO_CODE = "no code that the grammar understands"
_DIGEST_LENGTH = 16
_CHUNK = 65_536
_SHORT = 40


@cache
def _language(grammar: str) -> Language:
    module, function = _GRAMMARS[grammar]
    return Language(getattr(importlib.import_module(module), function)())


@cache
def _query(package: str, name: str, grammar: str) -> Query:
    source = files(package).joinpath("queries", f"{name}.scm").read_text(encoding="utf-8")
    return Query(_language(grammar), source)


def unreadable(blob: bytes) -> str:
    """Why a blob is not worth parsing; empty where it is."""
    if len(blob) > MAX_BLOB_BYTES:
        return f"larger than {MAX_BLOB_BYTES:,} bytes"
    return "binary" if b"\0" in blob else ""


def parse(grammar: str, blob: bytes) -> Node:
    """The root of the syntax tree; line ends are made uniform first, and a byte order mark is not part of the text."""
    return Parser(_language(grammar)).parse(blob.removeprefix(_UTF8_MARK).replace(b"\r\n", b"\n")).root_node


def parse_bounded(grammar: str, blob: bytes) -> Node | None:
    """Like `parse`; None where the parser would need out of proportion long, as for text that is no code at all.

    Recovery from errors takes quadratic time: some 40 KB keep the parser busy for minutes. It reports its progress about
    once for 50 bytes of sound source, so that a bound on the reports stops it at the same place on every machine.
    """
    source = blob.removeprefix(_UTF8_MARK).replace(b"\r\n", b"\n")
    reports = 0

    def is_enough(_offset: int, _has_error: bool) -> bool:
        nonlocal reports
        reports += 1
        return reports > 1_000 + len(source) // 20

    try:
        # Progress is reported only where the source is handed over piece by piece.
        tree = Parser(_language(grammar)).parse(
            lambda offset, _: source[offset : offset + _CHUNK], progress_callback=is_enough
        )
    except ValueError:
        return None
    # Parsed again with all of it at hand, which reuses the tree: its nodes then know their text.
    return Parser(_language(grammar)).parse(source, tree).root_node


def captures(package: str, name: str, grammar: str, node: Node) -> dict[str, list[Node]]:
    """What the query `queries/<name>.scm` of `package` captures below `node`, by capture name in source order."""
    found = QueryCursor(_query(package, name, grammar)).captures(node)
    return {capture: sorted(nodes, key=lambda n: (n.start_byte, -n.end_byte)) for capture, nodes in found.items()}


def is_wreck(root: Node) -> bool:
    """Whether the grammar only listed tokens over a long stretch: text that is no code, and slow to search as such."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "ERROR" and node.child_count > MAX_LOOSE_TOKENS:
            return True
        if node.has_error:
            stack.extend(node.children)
    return False


def syntax_error(root: Node) -> str:
    """Where a file stops making sense to the grammar; empty where all of it does."""
    node: Node = root
    inner: Node | None = root
    while inner is not None:
        node = inner
        broken = (child for child in node.children if child.has_error or child.is_missing)
        inner = next(broken, None) if node.type != "ERROR" else None
    return f"syntax error on line {line(node)}" if root.has_error else ""


def count_lines(blob: bytes) -> int:
    """Lines of a blob; a last line without an end counts."""
    return blob.count(b"\n") + (not blob.endswith(b"\n") if blob else 0)


def text(node: Node | None) -> str:
    """Source text of a node; empty for no node."""
    if node is None or node.text is None:
        return ""
    return shared(node.text.decode("utf-8", "replace"))


def shared(text: str) -> str:
    """The same text; a short one as one object wherever it occurs, since names and types occur all over a repository."""
    return sys.intern(text) if len(text) <= _SHORT else text


def folded(source: str) -> str:
    """Source on one line: white space folded to one blank, none left inside brackets that ran over several lines."""
    if "\n" not in source:
        return " ".join(source.split())
    return _INSIDE_BRACKETS.sub("", " ".join(source.split()))


def folded_text(node: Node | None) -> str:
    """Source text of a node with white space folded."""
    return folded(text(node))


def head(node: Node, end: Node | None, start: Node | None = None) -> str:
    """Folded source text of a node without comments, from `start` and up to `end`, both inside it, where given."""
    source = node.text or b""
    stop = node.end_byte if end is None else end.start_byte
    position = node.start_byte if start is None else start.start_byte
    parts: list[bytes] = []
    for comment in _comments(node, stop):
        if comment.start_byte >= position:
            parts.append(source[position - node.start_byte : comment.start_byte - node.start_byte])
            position = comment.end_byte
    parts.append(source[position - node.start_byte : stop - node.start_byte])
    return folded(b" ".join(parts).decode("utf-8", "replace"))


def _comments(node: Node, stop: int) -> Iterator[Node]:
    if b"//" not in (source := (node.text or b"")[: stop - node.start_byte]) and b"/*" not in source:
        return
    stack = [node]
    while stack:
        current = stack.pop()
        if current.start_byte >= stop:
            continue
        if current.type == "comment":
            yield current
        else:
            stack.extend(reversed(current.children))


def line(node: Node) -> int:
    """First line of a node, counted from 1."""
    return node.start_point.row + 1


def span(start: Node, end: Node | None = None) -> Span:
    """Lines from the first node to the end of the last."""
    last = end or start
    # A node may end at column 0 of the line after its last character.
    end_row = (
        last.end_point.row
        if last.end_point.column or last.end_point.row == start.start_point.row
        else (last.end_point.row - 1)
    )
    return Span(start=line(start), end=end_row + 1)


def digest(nodes: Iterable[Node]) -> str:
    """A short hash of the source text of nodes."""
    total = hashlib.sha256()
    for node in nodes:
        total.update(node.text or b"")
    return total.hexdigest()[:_DIGEST_LENGTH]


def is_name(name: str) -> bool:
    """Whether a name is one that facts keep: neither empty nor overlong, on one line."""
    return 0 < len(name) <= MAX_NAME_LENGTH and "\n" not in name


def ancestors(node: Node) -> Iterator[Node]:
    """The parents of a node, nearest first."""
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def walk(node: Node) -> Iterator[Node]:
    """The node and all named nodes below it, in source order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.named_children))

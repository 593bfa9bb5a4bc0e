"""Python source text as a tree-sitter tree: parsing, queries, and what a node's text says."""

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from docsfy_action.facts import treesitter

# Formats that are Python files, such as setup.py, read them with this module, too.
line_of = treesitter.line
_PACKAGE = "docsfy_action.facts.languages.python"
_CODING_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
# Only encodings that decode every byte the same way on every machine.
_LEGACY_ENCODINGS = frozenset({"iso8859-1", "iso8859-2", "iso8859-15", "cp1250", "cp1251", "cp1252", "koi8-r"})
_ESCAPE = re.compile(r"\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}]+\}|.)", re.DOTALL)
_SIMPLE_ESCAPES: Mapping[str, str] = {
    "\n": "", "\\": "\\", "'": "'", '"': '"',
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_OPENING_BLANK = re.compile(r"(?<=[(\[{]) | (?=[)\]}])")


@dataclass(frozen=True, slots=True)
class Source:
    """One parsed file: its bytes with Unix line ends, and the root of its tree."""

    data: bytes
    root: Node

    def text(self, node: Node) -> str:
        """The node's source text as it stands."""
        return treesitter.shared(self.data[node.start_byte : node.end_byte].decode("utf-8", "replace"))

    def folded(self, node: Node | None) -> str:
        """The node's source text on one line: comments taken out, white space folded; empty for None."""
        if node is None:
            return ""
        return self.folded_between(node.start_byte, node.end_byte, (node,))

    def folded_between(self, start: int, end: int, nodes: Sequence[Node]) -> str:
        """The text from byte `start` to `end` on one line; `nodes` are the nodes in there that may hold comments."""
        data = self.data[start:end]
        if b"#" in data and b"\n" in data:
            for comment in sorted((c for n in nodes for c in comments_in(n)), key=lambda c: -c.start_byte):
                if start <= comment.start_byte < end:
                    data = data[: comment.start_byte - start] + data[comment.end_byte - start :]
        text = data.decode("utf-8", "replace")
        if "\n" not in text:
            return treesitter.shared(text.strip())
        return _OPENING_BLANK.sub("", " ".join(text.replace("\\\n", " ").split()))

    def digest(self, node: Node) -> str:
        """A short hash of the node's source text, read from the bytes: the tree fetches its text piece by piece."""
        return hashlib.sha256(self.data[node.start_byte : node.end_byte]).hexdigest()[:16]


def captures(name: str, node: Node) -> dict[str, list[Node]]:
    """What the query `queries/<name>.scm` captures under `node`, each capture in source order."""
    return treesitter.captures(_PACKAGE, name, "python", node)


def parse(data: bytes) -> Source | None:
    """Parses the bytes of a `.py` file; byte order mark and Windows line ends are dropped. None for text that is so far
    from Python that reading it would take minutes."""
    data = _as_utf8(data).replace(b"\r\n", b"\n")
    root = treesitter.parse_bounded("python", data)
    return None if root is None else Source(data, root)


def _as_utf8(data: bytes) -> bytes:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        cookie = _CODING_COOKIE.search(b"\n".join(data.split(b"\n", 2)[:2]))
        name = cookie.group(1).decode("ascii").lower().replace("_", "-") if cookie else ""
        name = {"latin-1": "iso8859-1", "iso-8859-1": "iso8859-1", "iso-8859-15": "iso8859-15"}.get(name, name)
        encoding = name if name in _LEGACY_ENCODINGS else "utf-8"
        return data.decode(encoding, "replace").encode("utf-8")
    return data


def comments_in(node: Node) -> Iterator[Node]:
    """All comments at or below `node`."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.type == "comment":
            yield current
        pending.extend(current.children)


def string_parts(source: Source, node: Node) -> Iterator[str | Node]:
    """The text of one `string` node with its escapes read, and the expressions between the braces of an f-string."""
    raw = "r" in source.text(node.children[0]).lower() if node.children else False
    for child in node.children[1:]:
        if child.type == "interpolation":
            expression = child.child_by_field_name("expression")
            yield expression if expression is not None else child
        elif child.type == "string_content":
            text = source.text(child)
            yield text if raw or "\\" not in text else _ESCAPE.sub(_unescape, text)


def string_prefix(source: Source, node: Node) -> str:
    """The letters before the opening quote, in lower case."""
    return source.text(node.children[0]).rstrip("'\"").lower() if node.children else ""


def _unescape(match: re.Match[str]) -> str:
    body = match.group(1)
    if body in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[body]
    if body[0] == "N" and len(body) > 1:
        # The Unicode 3.2 table is frozen in every Python; later names would depend on the interpreter.
        try:
            return unicodedata.ucd_3_2_0.lookup(body[2:-1])
        except KeyError:
            return match.group(0)
    if body[0] in "xuU" and len(body) > 1:
        code = int(body[1:], 16)
    elif body[0] in "01234567":
        code = int(body, 8)
    else:
        return match.group(0)
    # Surrogates cannot be stored as UTF-8.
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group(0)


def clean_docstring(text: str) -> str:
    """A docstring without its indentation and outer blank lines; tabs inside lines survive."""
    # Only blanks: click ends its help text at a form feed.
    lines = [line.rstrip(" \t\r") for line in text.split("\n")]
    rest = [line for line in lines[1:] if line.strip(" \t")]
    margin = _common_indent(rest)
    if margin is None:
        lines[1:] = [line.expandtabs() for line in lines[1:]]
        margin = " " * min(len(line) - len(line.lstrip(" ")) for line in lines[1:] if line)
    cleaned = [lines[0].lstrip(" \t"), *(line.removeprefix(margin) for line in lines[1:])]
    return "\n".join(cleaned).strip("\n")


def _common_indent(lines: Sequence[str]) -> str | None:
    """The white space all lines begin with; None where tabs and blanks are mixed differently on the lines."""
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines]
    if not indents:
        return ""
    shortest = min(indents, key=len)
    return shortest if all(indent.startswith(shortest) for indent in indents) else None


def docstring(source: Source, holder: Node) -> str:
    """The cleaned docstring of a module, class or function; empty where there is none."""
    body = holder if holder.type == "module" else holder.child_by_field_name("body")
    first = next((c for c in body.named_children if c.type != "comment"), None) if body is not None else None
    if first is None or first.type != "expression_statement" or first.named_child_count != 1:
        return ""
    return literal_text(source, first.named_children[0])


def literal_text(source: Source, node: Node) -> str:
    """The cleaned text of a string that stands as a statement; f-strings, bytes and other nodes say nothing."""
    texts: list[str] = []
    for piece in node.named_children if node.type == "concatenated_string" else [node]:
        if piece.type == "comment":
            continue
        if piece.type != "string" or set(string_prefix(source, piece)) & set("bft"):
            return ""
        texts.extend(part for part in string_parts(source, piece) if isinstance(part, str))
    return clean_docstring("".join(texts))


def parameter_names(function: Node) -> list[Node]:
    """The nodes that name a function's parameters, stars included, in order."""
    parameters = function.child_by_field_name("parameters")
    found: list[Node] = []
    for child in parameters.named_children if parameters is not None else []:
        name = child.child_by_field_name("name")
        if child.type in ("identifier", "list_splat_pattern", "dictionary_splat_pattern"):
            name = child
        elif child.type == "typed_parameter":
            name = child.named_children[0]
        if name is not None:
            found.append(name)
    return found

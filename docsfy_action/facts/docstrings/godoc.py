"""Go doc comments as `ParsedDoc`, by the syntax that go.dev/doc/comment describes."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docsfy_action.facts.docstrings.blocks import Block, Fence, Items, Paragraph, render
from docsfy_action.facts.docstrings.inline import code_span, convert, escape, link, paragraph
from docsfy_action.facts.docstrings.model import ParsedDoc
from docsfy_action.facts.docstrings.summary import split_summary
from docsfy_action.facts.treesitter import parse as parse_source

_DEFINITION = re.compile(r"\[([^\]\n]+)\]:[ \t]+(\S+)[ \t]*\Z")
_MARKER = re.compile(r"(?:([-*+•])|(\d{1,3})[.)])[ \t]+(?=\S)")
_DEPRECATED = re.compile(r"Deprecated:\s*")
_IDENTIFIER = r"[A-Za-z_]\w*"
_TOKEN = re.compile(
    rf"""
      `(?P<code> [^`\n]+ )`
    | (?<![\w\]]) \[ (?P<name> \*? (?: [\w.~-]+(?:/[\w.~-]+)* \. )? [A-Z]\w* (?: \. {_IDENTIFIER} )? ) \] (?![\w(\[:])
    | \[ (?P<label> [^\[\]\n]+ ) \] (?! \( )
    | (?P<url> \b https?://[^\s<>"'`|\\]+ )
    """,
    re.VERBOSE,
)
_HEADING_STOP = re.compile(r"[.;:!?+*/=\[\]{}_^°&§~%#@<\">\\]")


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines of one kind: `text` at the margin, or `block`, indented ones."""

    indented: bool
    lines: tuple[str, ...]


def parse(doc: str) -> ParsedDoc:
    """Takes the text of a comment apart. Never fails: what has no special form is a paragraph."""
    lines, definitions = _definitions(doc.split("\n"))
    notes: list[tuple[str, str]] = []
    blocks: list[Block] = []
    spans = list(_spans(lines))
    for index, span in enumerate(spans):
        following = spans[index + 1] if index + 1 < len(spans) else None
        if span.indented:
            blocks.extend(_indented(span.lines, definitions))
        elif (match := _DEPRECATED.match(span.lines[0])) is not None:
            rest = (span.lines[0][match.end() :], *span.lines[1:])
            notes.append(("Deprecated", render(_at_margin(rest, definitions))))
        elif _is_heading(span, index, following):
            blocks.append(Paragraph(f"**{_inline(span.lines[0].removeprefix('#').strip(), definitions)}**"))
        else:
            blocks.extend(_at_margin(span.lines, definitions))
    summary, body = split_summary(blocks)
    return ParsedDoc(summary=paragraph(summary), body=render(body), notes=tuple(notes))


def _definitions(lines: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The lines without link definitions, and the definitions."""
    kept: list[str] = []
    found: dict[str, str] = {}
    for line in lines:
        match = _DEFINITION.match(line)
        if match is None:
            kept.append(line)
        else:
            found[match[1]] = match[2]
    return kept, found


def _spans(lines: Sequence[str]) -> Iterator[_Span]:
    """Groups of lines: blank lines end those at the margin, but not indented ones."""
    group: list[str] = []
    indented = False
    for line in [*lines, ""]:
        if not line.strip():
            if group and not indented:
                yield _Span(indented, tuple(group))
                group = []
            elif group:
                group.append("")
            continue
        deep = line[0] in " \t"
        # An indented line right below running text that is no list only continues it, as gofmt joins them.
        if group and deep != indented:
            yield _Span(indented, _trimmed(group))
            group = []
        indented = deep
        group.append(line)
    if group and any(group):
        yield _Span(indented, _trimmed(group))


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    found = list(lines)
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _is_heading(span: _Span, index: int, following: _Span | None) -> bool:
    """`# Heading`, or a line of its own that looks like one between two paragraphs."""
    line = span.lines[0].strip()
    if len(span.lines) != 1:
        return False
    if line.startswith("# "):
        return True
    if index == 0 or following is None or following.indented or not line[:1].isupper() or not line[-1:].isalnum():
        return False
    plain = line.replace("'s ", "")
    return not _HEADING_STOP.search(plain) and "'" not in plain and ". " not in plain and len(line) <= 80


def _at_margin(lines: Sequence[str], definitions: Mapping[str, str]) -> Iterator[Block]:
    """A paragraph; lines in it that begin like list items are a list, as their authors mean them."""
    starts = [index for index, line in enumerate(lines) if _MARKER.match(line)]
    if len(starts) > 1 or (starts and starts[0] == 0 and len(lines) > 1 and lines[0][0] in "-*•"):
        before = lines[: starts[0]]
        if before:
            yield Paragraph(_inline(" ".join(before), definitions))
        yield from _lists(lines[starts[0] :], definitions)
        return
    converted = _inline(" ".join(line.strip() for line in lines), definitions)
    if converted:
        yield Paragraph(converted)


def _indented(lines: Sequence[str], definitions: Mapping[str, str]) -> Iterator[Block]:
    """A list where the first line begins like an item, else code."""
    if _MARKER.match(lines[0].lstrip()):
        yield from _lists([line.strip() for line in lines], definitions)
        return
    text = textwrap.dedent("\n".join(lines))
    yield Fence(_language(text), text)


def _lists(lines: Sequence[str], definitions: Mapping[str, str]) -> Iterator[Items]:
    """Items in a row; where bullets follow numbers or the other way round, another list begins."""
    start = 0
    for index, line in enumerate(lines):
        match, first = _MARKER.match(line), _MARKER.match(lines[start])
        if match is not None and first is not None and bool(match[1]) != bool(first[1]):
            yield _items(lines[start:index], definitions)
            start = index
    yield _items(lines[start:], definitions)


def _items(lines: Sequence[str], definitions: Mapping[str, str]) -> Items:
    first = _MARKER.match(lines[0])
    ordered = first is not None and first[1] is None
    groups: list[list[list[str]]] = []
    for line in lines:
        match = _MARKER.match(line)
        if match is not None:
            groups.append([[line[match.end() :]]])
        elif not line:
            groups[-1].append([])
        else:
            groups[-1][-1].append(line)
    items = []
    for paragraphs in groups:
        found = [Paragraph(_inline(" ".join(parts), definitions)) for parts in paragraphs if parts]
        items.append(tuple(found))
    return Items(tuple(item for item in items if item), ordered)


def _language(code: str) -> str:
    """`go` for what parses as Go, `console` for a shell session, else `text`."""
    first = code.lstrip().partition("\n")[0]
    if first.startswith("$ "):
        return "console"
    if not any(sign in code for sign in ("(", "=", "{", "func ", "import ", "type ", "var ")):
        return "text"
    for template in ("package p\n{}\n", "package p\nfunc _() {{\n{}\n}}\n", "package p\nvar _ = T{{\n{}\n}}\n"):
        source = code if first.startswith("package ") else template.format(code.replace("...\n", "\n"))
        if not parse_source("go", source.encode()).has_error:
            return "go"
    return "text"


def _inline(text: str, definitions: Mapping[str, str]) -> str:
    """Running text as Markdown: names in brackets become code, defined links and addresses links."""
    text = " ".join(text.replace("``", "“").replace("''", "”").split())
    parts: list[str] = []
    position = 0
    for match in _TOKEN.finditer(text):
        piece = _piece(match, definitions)
        if piece is None:
            continue
        parts += [escape(text[position : match.start()]), piece]
        position = match.end()
    parts.append(escape(text[position:]))
    return "".join(parts)


def _piece(match: re.Match[str], definitions: Mapping[str, str]) -> str | None:
    if match["code"]:
        return code_span(match["code"]) or None
    if match["url"]:
        return convert(match["url"])
    label = match["name"] or match["label"]
    if label in definitions:
        return link(escape(label), definitions[label])
    return code_span(match["name"].lstrip("*")) if match["name"] else None

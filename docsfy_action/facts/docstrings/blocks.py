"""Blocks of a doc comment, and how they are written in the page format (`docs/page-format.md`)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from docsfy_action.facts.docstrings.inline import escape, paragraph, strong

# Names that Pygments knows and that people write; any other language is shown as plain text.
LANGUAGES = frozenset(
    "bash bat c c++ cfg console cpp csharp css csv cython diff docker dockerfile elixir fish go graphql haskell hcl html "
    "http ini ipython java javascript jinja js json json5 jsx kotlin latex lua make makefile markdown md mermaid nginx "
    "perl php postgresql powershell proto protobuf pycon pytb python python3 r rst ruby rust scala scss sh shell sql "
    "svg swift terraform tex text toml ts tsx typescript vue xml yaml zsh".split()
)
_ALIASES = {
    "py": "python", "py3": "python", "python2": "python", "pydocstring": "python", "doctest": "pycon", "default": "python",
    "pytest": "python", "python-console": "pycon", "none": "text", "txt": "text", "plain": "text", "plaintext": "text",
    "output": "text", "shell-session": "console", "shellsession": "console", "terminal": "console", "yml": "yaml",
    "golang": "go", "rs": "rust", "rb": "ruby", "cmd": "bat", "jsonc": "json", "conf": "ini", "restructuredtext": "rst",
    "ipython3": "ipython", "ipythonconsole": "ipython", "node": "javascript", "mjs": "javascript", "django": "jinja",
    "jinja2": "jinja", "html+jinja": "html", "html+django": "html", "sourcecode": "text", "env": "bash", "dotenv": "bash",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Inline Markdown; it may hold hard line breaks (two blanks and a line end)."""

    text: str


@dataclass(frozen=True, slots=True)
class Title:
    """A heading inside a doc comment; pages have their own, so it is shown as a bold line."""

    text: str


@dataclass(frozen=True, slots=True)
class Fence:
    """Code, shown character for character."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is a sequence of blocks."""

    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of inline Markdown; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Note:
    """An admonition such as "Warning" or "Changed in version 2.0"."""

    title: str
    blocks: "tuple[Block, ...]"


Block = Paragraph | Title | Fence | Items | Table | Quote | Note


def language_name(name: str) -> str:
    """A fence language that highlighters know, `text` for all others; empty stays empty."""
    name = name.strip().lower().strip("{}.")
    name = _ALIASES.get(name, name)
    return name if name in LANGUAGES or not name else "text"


def render(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown, one blank line between them, without a line end at the end."""
    return "\n\n".join(text for block in _flat(blocks) if (text := _block(block)))


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Two lists in a row would be read as one: the second one's items join the first, where they are of a kind."""
    previous: Block | None = None
    for block in _readable(blocks):
        if isinstance(previous, Items) and isinstance(block, Items) and previous.ordered == block.ordered:
            previous = Items(previous.items + block.items, previous.ordered)
            continue
        if previous is not None:
            yield previous
        previous = block
    if previous is not None:
        yield previous


def _readable(blocks: Iterable[Block]) -> Iterator[Block]:
    """Items that begin with a fence, table or list are no items: no reader recognises these beside a marker."""
    for block in blocks:
        if not isinstance(block, Items):
            yield block
            continue
        kept: list[tuple[Block, ...]] = []
        for item in block.items:
            if item and isinstance(item[0], Paragraph):
                kept.append(item)
                continue
            if kept:
                yield Items(tuple(kept), block.ordered)
                kept = []
            yield from _readable(item)
        if kept:
            yield Items(tuple(kept), block.ordered)


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return "  \n".join(paragraph(line) for line in text.split("  \n") if line.strip())
        case Title(text):
            return paragraph(strong(text))
        case Fence(language, text):
            return fence(language, text)
        case Items():
            return _items(block)
        case Table():
            return table(block.header, block.rows)
        case Quote(blocks):
            inner = render(blocks)
            return "\n".join(f"> {line}".rstrip() for line in inner.split("\n")) if inner else ""
        case Note(title, blocks):
            return render(titled(title, blocks))
    return ""


def titled(title: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks that begin with a bold title, on the line of the first paragraph where there is one."""
    if blocks and isinstance(blocks[0], Paragraph):
        return (Paragraph(f"**{title}:** {blocks[0].text}"), *blocks[1:])
    return (Paragraph(f"**{title}**"), *blocks) if title else tuple(blocks)


def fence(language: str, text: str) -> str:
    """A fenced code block; the language is guessed from the code where none is given."""
    body = text.strip("\n")
    if not body.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"^[ \t]*(`{3,})", body, re.MULTILINE)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language_name(language) or guess_language(body)}\n{body}\n{ticks}"


def _items(block: Items) -> str:
    """List markers are four wide, further blocks of an item are indented by four."""
    written: list[str] = []
    loose = any(len([b for b in item if _block(b)]) > 1 for item in block.items)
    number = 0
    for item in block.items:
        text = render(item)
        if not text:
            continue
        number += 1
        marker = f"{number}.".ljust(3) + " " if block.ordered else "-   "
        lines = text.split("\n")
        body = "\n".join(f"    {line}" if line.strip() else "" for line in lines[1:])
        written.append(marker + lines[0] + (f"\n{body}" if body else ""))
    return ("\n\n" if loose else "\n").join(written)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; pipes in cells are escaped."""
    lines = [_row(header), "|" + " --- |" * len(header), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """Text of a cell: readers disagree on pipes in code spans, so such a span becomes plain text."""
    flat = " ".join(text.split())
    if "|" not in flat:
        return flat
    flat = re.sub(r"(?<![`\\])(`+)(?!`)([^`]*\|[^`]*)\1(?!`)", lambda span: escape(span[2].strip()), flat)
    return re.sub(r"(?<!\\)\|", r"\\|", flat)


_PYTHON = re.compile(
    r"^(?:import \w|from [\w.]+ import |@\w|(?:async )?def \w+\(|class \w+.*:$|(?:with|for|while|if|elif|try|else)\b.*:$|"
    r"return\b|await \w|\w[\w.]*(?:\[[^\]]*\])? = |\w[\w.]*\(.*\)$|print\()",
    re.MULTILINE,
)


_SHELL = re.compile(r"(?:export \w+=|(?:sudo |\w+=\S+ )?(?:pip3?|git|cd|curl|docker|npm|apt|brew|python3?) [\w./-])")


def guess_language(code: str) -> str:
    """The language of unlabelled code as far as its look says it, `text` otherwise."""
    first = code.lstrip("\n").split("\n", 1)[0].strip()
    if first.startswith(">>> "):
        return "pycon"
    if re.match(r"[$%] \S", first):
        return "console"
    if _SHELL.match(first):
        return "bash"
    if first.startswith("<") and code.rstrip().endswith(">"):
        return "html"
    if first[:1] in "{[" and code.rstrip()[-1:] in "}]" and re.search(r'"\s*:', code):
        return "json"
    return "python" if _PYTHON.search(code) else "text"

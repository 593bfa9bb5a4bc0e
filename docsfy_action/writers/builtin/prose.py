"""The page format as functions: code spans, citations, tables, quotations and plain English enumeration."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from docsfy_action.verify.citations import citation, encoded
from docsfy_action.verify.markdown import code, escape, quotation

# An escaped character, a code span with its text, backticks that open none, or a bare pipe.
CELL_PART = re.compile(r"\\.|(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)|`+|\|")
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Fact(Protocol):
    """Something that has a name in a file."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def literal(self) -> str:
        """The text that finds it, empty where the name does."""


def plain(text: str) -> str:
    """Running text that shows as it stands: Markdown's own characters are escaped."""
    return escape(text)


def file_link(path: str, text: str = "") -> str:
    """A link to a file or, with a trailing slash, a folder."""
    return f"[{text or code(path)}]({citation(path)})"


def literal_link(path: str, literal: str, text: str = "") -> str:
    """A link to the first line of `path` that holds `literal`."""
    return f"[{text or code(literal)}]({citation(path, literal=literal)})"


def fact_link(path: str, fact: Fact, text: str = "") -> str:
    """A link to the line on which a fact stands, shown by its name; a name that code puts together stands beside it."""
    if not text and fact.literal and fact.name not in fact.literal:
        return f"{code(fact.name)} ({literal_link(path, fact.literal, 'source')})"
    return literal_link(path, fact.literal or fact.name, text or code(fact.name))


def source_link(path: str, name: str, text: str = "") -> str:
    """A link to the definition of `name`."""
    return f"[{text or code(name)}]({citation(path, symbol=name)})"


def symbol_link(path: str, name: str, text: str = "") -> str:
    """A link to where the site documents `name`."""
    return f"[{text or code(name)}]({citation(path, symbol=name, documented=True)})"


def page_link(slug: str, title: str, anchor: str = "") -> str:
    """A link to another page of the site."""
    return f"[{title}]({slug}.md{f'#{anchor}' if anchor else ''})"


def document(*blocks: str | Iterable[str]) -> str:
    """Blocks with one blank line between them; empty ones are left out."""
    flat: list[str] = []
    for block in blocks:
        parts = [block] if isinstance(block, str) else list(block)
        flat.extend(part.strip("\n") for part in parts if part.strip())
    return "\n\n".join(flat) + "\n"


def heading(level: int, text: str) -> str:
    """A heading line that shows `text` as it stands."""
    # A line of nothing but number signs is a heading without a text.
    shown = re.sub(r"^#", r"\\#", escape(text, cell=True))
    return f"{'#' * level} {shown}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns in which every row is empty are left out, and so is a table without rows."""
    body = [[cell(value) for value in row] for row in rows]
    if not body:
        return ""
    used = [index for index in range(len(headers)) if any(row[index] for row in body)]
    lines = ["| " + " | ".join(headers[index] for index in used) + " |", "|" + " --- |" * len(used)]
    lines += ["| " + " | ".join(row[index] or "–" for index in used) + " |" for row in body]
    return "\n".join(lines)


def cell(text: str) -> str:
    """Markdown for a table cell: one line, with pipes where no reader takes them for the end of the cell."""
    flat = " ".join(text.split())
    return CELL_PART.sub(_cell_part, flat) if "|" in flat else flat


def _cell_part(match: re.Match[str]) -> str:
    if match["code"] is not None:
        return code(match["code"], cell=True)
    return r"\|" if match[0] == "|" else match[0]


def bullets(items: Iterable[str]) -> str:
    """A bullet list; an item may hold further lines, which are indented below it."""
    return "\n".join("-   " + item.strip().replace("\n", "\n    ").replace("\n    \n", "\n\n") for item in items)


def fence(language: str, text: str) -> str:
    """A code block that shows `text` byte for byte."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    body = text.strip("\n")
    return f"{ticks}{language}\n{body}\n{ticks}"


def quoted(markdown: str) -> str:
    """A quotation inside a line; for one paragraph of Markdown in the page format."""
    flat = " ".join(markdown.split())
    return f"<q>{flat}</q>" if flat else ""


def listing(items: Iterable[str], limit: int = 0, word: str = "and") -> str:
    """`a, b and c`; beyond `limit` items the rest is counted."""
    known = list(items)
    if limit and len(known) > limit:
        rest = len(known) - limit
        known = [*known[:limit], f"{spell(rest)} more"]
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} {word} {known[-1]}"


def spell(number: int) -> str:
    """Small numbers as words."""
    return NUMBER_WORDS[number] if 0 <= number < len(NUMBER_WORDS) else f"{number:,}"


def count(number: int, noun: str, plural: str = "") -> str:
    """`one file`, `three files`, `1,200 files`."""
    return f"{spell(number)} {noun if number == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph of Markdown, never cut inside a code span or a link."""
    flat = " ".join(text.split())
    for match in re.finditer(r"[.!?](?=\s+[A-Z`*\"(\[])", flat):
        head = flat[: match.end()]
        balanced = (
            head.count("`") % 2 == 0 and head.count("[") == head.count("]") and head.count("(") == head.count(")")
        )
        abbreviated = re.search(r"\b(e\.g|i\.e|etc|vs|cf|[A-Z])\.$", head)
        if balanced and not abbreviated:
            return head
    return flat


__all__ = [
    "bullets", "capital", "cell", "code", "count", "document", "encoded", "fact_link", "fence", "file_link", "first_sentence",
    "heading", "listing", "literal_link", "page_link", "plain", "quotation", "quoted", "source_link", "spell", "symbol_link",
    "table",
]  # fmt: skip

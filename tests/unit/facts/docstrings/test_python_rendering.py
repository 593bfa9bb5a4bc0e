"""Whatever a docstring holds, its Markdown is safe, reads the same everywhere, and loses no words."""

import html
import re
import time
from collections import Counter
from collections.abc import Iterator

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from docsfy_action.facts.docstrings import ParsedDoc
from docsfy_action.facts.docstrings.python import parse

EXTENSIONS = ["admonition", "attr_list", "def_list", "footnotes", "sane_lists", "tables", "toc", "pymdownx.details",
              "pymdownx.superfences", "pymdownx.highlight", "pymdownx.tasklist", "pymdownx.tilde"]  # fmt: skip
PYTHON_MARKDOWN = markdown.Markdown(
    extensions=EXTENSIONS,
    extension_configs={"pymdownx.highlight": {"use_pygments": False}, "pymdownx.tilde": {"subscript": False}},
)
COMMONMARK = MarkdownIt("commonmark").enable("table").enable("strikethrough")
FORBIDDEN = {"html_block", "html_inline", "heading_open", "code_block", "hr"}
PIECES = [
    "a", "word", "Two words", "_", "__init__", "*", "**", "***", "`", "``", "```", "[", "](", ")", "](http://x.y/z)",
    "[1]_", "]", "{", "}", "<", ">", "<T>", "</b>", "&", "&amp;", "\\", "\\*", "|", "!", "#", "-", "+", "1.", "2)", "~~",
    "=", "===", "---", '"', "'", ":", ":class:`x`", "::", "`t <http://u.v>`_", ".. note::", ".. code-block:: py", ">>> x",
    "- ", "* ", "  ", "    ", "\n", "\n\n", "\n    ", "$x^2$", ".", "(", ")", "?", "Args:\n    x: y", "Returns:\n    z",
    "Parameters\n----------\nx : int\n    y\n", ":param x: y\n", "|a|", "+---+\n", "=== ===\n", "| a | b |\n|---|---|\n",
    "[TOC]", "!!! note\n", "[^1]", "[x]: http://q", "$ ls", " : ", "é", "中", "\t", "\x08\n", "\f",
]  # fmt: skip


def texts(doc: ParsedDoc) -> Iterator[str]:
    """All Markdown of a parsed docstring."""
    yield doc.summary
    yield doc.body
    yield from (item.text for items in (doc.parameters, doc.returns, doc.yields, doc.raises) for item in items)
    yield from (item.text for item in doc.attributes)
    yield from doc.examples
    yield from (text for _, text in doc.notes)


def tokens(found: list[Token]) -> Iterator[Token]:
    """All tokens, those inside others too."""
    for token in found:
        yield token
        yield from tokens(token.children or [])


def words(page: str) -> str:
    """What a reader sees of HTML, white space aside."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def marks(page: str) -> Counter[str]:
    """How often each element that matters stands in HTML."""
    return Counter(re.findall(r"<(em|strong|a|ul|ol|li|table|pre|blockquote|del|td)\b", page))


def check(text: str) -> None:
    """Asserts what must hold for any Markdown that comes out of a docstring."""
    for token in tokens(COMMONMARK.parse(text)):
        assert token.type not in FORBIDDEN, text
        assert token.type != "fence" or token.info, text
    quoted = "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
    here, there = PYTHON_MARKDOWN.reset().convert(quoted), COMMONMARK.render(quoted)
    assert words(here) == words(there), text
    assert marks(here) == marks(there), text


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " ", "\n"]))
def test_markdown_is_safe_and_reads_the_same_for_two_renderers(pieces: list[str], joiner: str) -> None:
    """No HTML, no headings, no unlabelled code, whatever the docstring; Python-Markdown and CommonMark agree."""
    for text in texts(parse(joiner.join(pieces))):
        check(text)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(doc: str) -> None:
    """Parsing never raises and is the same each time."""
    assert parse(doc) == parse(doc)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), min_size=1, max_size=40), st.integers(20, 60))
def test_plain_words_are_neither_lost_nor_reordered(found: list[str], width: int) -> None:
    """Text without any markup comes out word by word."""
    lines, line = [], ""
    for word in found:
        if len(line) + len(word) > width:
            lines.append(line.strip())
            line = ""
        line += f" {word}"
    doc = parse("\n".join([*lines, line.strip()]))
    assert f"{doc.summary} {doc.body}".split() == found


@pytest.mark.parametrize("style", ["google", "numpy", "sphinx"])
def test_code_in_fences_survives_byte_for_byte(style: str) -> None:
    """Tabs, stars, angle brackets and indentation inside a fence are left alone in every section."""
    code = "\tif x:\n    y = *a, <T>\n\n\n  # `` and _x_ [a](b)"
    body = "\n".join(f"    {line}" for line in ["```text", *code.split("\n"), "```"])
    doc = parse({
        "google": f"Sum.\n\nNote:\n{body}",
        "numpy": f"Sum.\n\nNotes\n-----\n{body}",
        "sphinx": f"Sum.\n\n.. note::\n\n{body}",
    }[style])  # fmt: skip
    assert doc.notes[0][1] == f"```text\n{code}\n```"


def test_deep_nesting_ends_somewhere() -> None:
    """Lists and quotations nested a hundred deep are cut off, not followed to the end of Python's stack."""
    check(parse("Sum.\n\n" + "\n".join(f"{'  ' * depth}- item" for depth in range(100))).body.split("\n\n")[0])
    assert "x" in parse("> " * 300 + "x").body


@pytest.mark.parametrize("piece", ["[", "*", "`", "**a", "<", ":x:`", "$", "\\", "![", "_", "|", "[a](", "    \n", ":p x:",
                                   ".. note:: ", "x[a], ", "or", "or ", "\n- ", "> ", "+-", "(a, "])  # fmt: skip
def test_reading_takes_time_that_grows_with_the_length(piece: str) -> None:
    """A hostile docstring of thousands of openers is read in a moment; anything worse than linear takes minutes."""
    start = time.process_time()
    parse(piece * 4_000)
    parse(f"Returns:\n    {piece * 4_000}: x")
    assert time.process_time() - start < 2.5

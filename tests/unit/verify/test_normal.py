"""Blocks that stand in the page format already are recognised, and are what parsing and writing them would give."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.normal import settle
from docsfy_action.verify.reading import Headings, read
from docsfy_action.verify.writing import write

INLINE = (
    "word", " ", " ", ".", ",", ":", "://", "http://x.org", "www.x.org", "a@b.org", "@param ", "(", ")", "{", "}", "_",
    "\\_", "*", "\\*", "**", "`", "``", "`code`", "`a_b`", "``a `b` c``", "[", "]", "\\[", "[x]", "[ ]", "[^1]", "[toc]",
    "!", "&lt;", "&amp;", "<q>", "</q>", "<q>said</q>", "<br>", "<", ">", "=", "|", "\\|", "#", "~", "é", "–", "\u200b",
    "\xa0", "\\", "1.", "-", "__init__", "[text](src:a/b.py#C.d)", "[`code`](doc:a.py#b)", "[t](other.md#x)",
    "[t](javascript:x)", "[https://x.org](https://x.org)",
)  # fmt: skip
STARTS = (
    "", "", "", "", "word ", "# ", "## ", "> ", "> > ", "-   ", "- ", "*   ", "1.  ", "| ", "    ", "  ", "```python",
    "```", "````text", "> ```sh", "~~~", ">", "---", "***", "| a | b |", "| --- | --- |", "| :--- | ---: |", "<div>",
    "| x | `y` |", "<pre>", "</pre>", "<!--", "-->", "[word]: x", "[!NOTE]", "> [!NOTE]", "**Bold**", "<ul><li>a</li></ul>",
)  # fmt: skip
LINES = st.builds(
    lambda start, rest: start + "".join(rest), st.sampled_from(STARTS), st.lists(st.sampled_from(INLINE), max_size=5)
)
DOCUMENTS = st.lists(
    st.tuples(LINES, st.sampled_from(("\n", "\n\n", "\n\n", "\n\n\n", " \n\n", "\n>\n"))), max_size=8
).map(lambda parts: "".join(line + end for line, end in parts))


def rewritten(markdown: str, headings: Headings = "keep") -> str:
    """What the parser and the writer make of it."""
    return write(read(markdown, headings=headings))


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, st.booleans())
def test_recognised_or_rewritten_is_the_same(source: str, keep: bool) -> None:
    """Whatever is recognised, the result is that of rewriting the whole document."""
    headings: Headings = "keep" if keep else "bold"
    settled = settle(source, lambda part: rewritten(part, headings), titles=keep, links=True)
    assert settled == rewritten(source, headings)


@pytest.mark.parametrize(
    "block",
    [
        "# Module shop.cart\\_",
        "Class · extends [`Base`](doc:shop/base.py#Base) · [source](src:shop/cart.py#Cart), since 2.0.",
        "**Attributes**",
        "| Name | Type |\n| --- | ---: |\n| `a` | `int` \\| `None` |\n| – | <q>said</q> |",
        "-   `a`: one\n-   `b`: two",
        "```python\ndef add(self):\n\n    ...\n```",
        "> Says L{this} of a_b, [int] and @param.\n>\n> ```text\n> x\n> ```",
        '``struct { Name string `json:"name"` }`` and &lt;T> of \\*args',
    ],
)
def test_what_writers_write_is_not_parsed(block: str) -> None:
    """Titles, lines, tables, lists, fences and quotations of the page format stay as they are, unparsed."""

    def refuse(part: str) -> str:
        raise AssertionError(part)

    assert settle(f"{block}\n\nmore\n", refuse, titles=True, links=True) == f"{block}\n\nmore\n"
    assert rewritten(f"{block}\n\nmore\n") == f"{block}\n\nmore\n"


def test_only_what_is_unknown_is_parsed() -> None:
    """Between known blocks only the others are handed on, together where they may belong together."""
    asked: list[str] = []

    def note(part: str) -> str:
        asked.append(part)
        return rewritten(part)

    assert (
        settle("One\n\n- a\n\n- b\n\nTwo\n\n*x*\n", note, titles=True, links=True)
        == "One\n\n-   a\n\n-   b\n\nTwo\n\n*x*\n"
    )
    assert asked == ["- a\n\n- b", "*x*"]


def test_blank_lines_between_unknown_blocks_are_kept_for_the_parser() -> None:
    """After an item without a text, two of them mean another thing than one."""
    for source in ("One\n\n-   \n\n\n-   \n", "One\n\n-   \n\n-   \n"):
        assert settle(source, rewritten, titles=True, links=True) == rewritten(source)


def test_links_and_headings_are_left_to_those_who_change_them() -> None:
    """Where links or headings are to be changed, blocks that have some are not known."""
    asked: list[str] = []

    def note(part: str) -> str:
        asked.append(part)
        return part

    settle("Plain\n\n[a](b.md)\n\nPlain\n\n# Title\n\nPlain\n", note, titles=False, links=False)
    assert asked == ["[a](b.md)", "# Title"]


@pytest.mark.parametrize(
    "piece", ["`", "``a `", "[a", "[a](", "<q>", "a_", "\\_", "a ", "> ", "| ", "```\n", "```python\n", "-   a\n"]
)
def test_hostile_text_takes_bounded_time(piece: str) -> None:
    """Repeated openings do not make recognition slow."""
    started = time.perf_counter()
    settle(piece * 5_000, lambda part: part, titles=True, links=True)
    assert time.perf_counter() - started < 2

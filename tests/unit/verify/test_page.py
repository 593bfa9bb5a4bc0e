"""A stored page is taken apart into what can be checked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.page import anchors_of, parse_page
from tests.unit.verify.shop import PAGE


def sources(page: str) -> list[str]:
    """The source that each quotation of a page is attributed to."""
    return [quotation.source for quotation in parse_page(page).quotations]


def test_headings_and_anchors() -> None:
    """Headings have the anchor of what readers see of them, in order, with their lines."""
    page = parse_page("# T\n\ntext\n\n## The `x` of [y](z.md)\n\n> ## quoted\n")
    assert [(one.level, one.text, one.anchor, one.place.line) for one in page.headings] == [
        (1, "T", "t", 1),
        (2, "The x of y", "the-x-of-y", 5),
        (2, "quoted", "quoted", 7),
    ]
    assert page.anchors == {"t", "the-x-of-y", "quoted"}


@pytest.mark.parametrize("page", [PAGE, "# a *b*\n\n- # c\n\nd\n---\n", "## `x`\\\nfoo\n===\n", ""])
def test_anchors_alone_are_those_of_the_whole(page: str) -> None:
    """The fast way gives the same anchors."""
    assert anchors_of(page) == parse_page(page).anchors


def test_links_and_code_spans() -> None:
    """A code span that is a link's whole text knows the link; one among other words does not."""
    page = parse_page("[`a`](x.md) [`b` c](y.md) `d`\n`e` <https://x.org>\n")
    assert [(one.target, one.text, one.is_code, one.place.line) for one in page.links] == [
        ("x.md", "a", True, 1),
        ("y.md", "b c", False, 1),
        ("https://x.org", "https://x.org", False, 2),
    ]
    assert [(one.text, one.target, one.place.line) for one in page.spans] == [
        ("a", "x.md", 1), ("b", "", 1), ("d", "", 1), ("e", "", 2),
    ]  # fmt: skip


def test_what_lies_in_quotations() -> None:
    """Block quotations and `<q>`, also in each other, in lists and in cells; callouts are none."""
    page = parse_page(
        "# T\n\n`a` <q>`b`</q>\n\n> `c`\n>\n> > `d`\n\n> [!TIP]\n> `e`\n\n| `f` |\n| --- |\n| <q>`g`</q> |\n\n"
        "-   x\n\n    > `h`\n\n> - [!NOTE] `i`\n"
    )
    assert {span.text: span.place.quoted for span in page.spans} == {
        "a": False, "b": True, "c": True, "d": True, "e": False, "f": False, "g": True, "h": True, "i": True,
    }  # fmt: skip
    assert [quotation.text for quotation in page.quotations] == ["b", "d", "c d", "g", "h", "[!NOTE] i"]


def test_fences_know_the_symbol_cited_before_them() -> None:
    """Only the heading or paragraph right before a fence counts, and of it the last citation of a symbol."""
    cite = "[a](src:x.py#A) and [b](doc:x.py#B) in [x](src:x.py)"
    fence = "\n\n```python\ncode\n```\n"
    assert [one.cites for one in parse_page(f"{cite}{fence}").fences] == ["doc:x.py#B"]
    assert [one.cites for one in parse_page(f"## {cite}{fence}").fences] == ["doc:x.py#B"]
    assert [one.cites for one in parse_page(f"{cite}\n\ntext{fence}{fence}").fences] == ["", ""]
    assert [one.cites for one in parse_page(f"{cite}\n\n***{fence}").fences] == [""]
    assert [one.cites for one in parse_page(f"{cite}{fence}{fence}").fences] == ["doc:x.py#B", ""]
    assert [one.cites for one in parse_page(f"> {cite}{fence}").fences] == [""]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("[a](src:a)\n\n> q", ["src:a"]),
        ("[a](src:a)\n\n[b](doc:b#c)\n\n> q", ["doc:b#c"]),
        ("[a](src:a)\n\n> q\n\n— [b](src:b)", ["src:b"]),
        ("[a](src:a)\n\n> q\n\n- x\n\n— [b](src:b)", ["src:a"]),
        ("> q\n\n[b](src:b)", ["src:b"]),
        ("> q\n\n## H\n\n[b](src:b)", [""]),
        ("> q [x](src:x)\n\n<q>r</q>", ["", ""]),
        ("[a](src:a)\n\nx <q>q</q> [b](commit:b)", ["commit:b"]),
        ("[a](src:a)\n\n[b](src:b) <q>q</q> [c](src:c)", ["src:b"]),
        ("[a](src:a)\n\nx <q>q</q>\n\n[c](src:c)", ["src:a"]),
        (
            "[a](src:a)\n\n| x | y |\n| - | - |\n| <q>q</q> | [b](src:b) |\n| [c](src:c) | <q>r</q> |",
            ["src:b", "src:c"],
        ),
        ("[a](https://x.org)\n\n> q", [""]),
    ],
)
def test_the_source_of_a_quotation(page: str, expected: list[str]) -> None:
    """Attribution behind it; else in the same line or row; else the nearest before; else the next in the section."""
    assert sources(page) == expected


def test_markup_outside_the_format() -> None:
    """Raw HTML, images, indented code and quotation marks that do not pair up are handed out as foreign."""
    page = parse_page("<div>\n\n![a](b)\n\n    code\n\nx <b>y</b> </q>\n\n<q>open\n\n| <q>a |\n| --- |\n")
    assert [one.text for one in page.foreign] == ["<div>", "![a]", "code", "<b>", "</b>", "</q>", "<q>", "<q>"]
    assert [quotation.text for quotation in page.quotations] == ["open", "a"]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="#> `[](){}<q>/-|\n1.a\\*!\t", max_size=80))
def test_any_text_is_taken_apart(text: str) -> None:
    """No page raises, and the fast way to its anchors agrees."""
    page = parse_page(text)
    assert anchors_of(text) == page.anchors
    assert not any(quotation.text is None for quotation in page.quotations)

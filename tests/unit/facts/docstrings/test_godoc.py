"""Go doc comments as structure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.facts.docstrings.godoc import parse
from tests.unit.facts.docstrings.page_format import texts, violations


def test_the_first_paragraph_is_the_summary() -> None:
    """A short first paragraph is the summary, on one line; what follows is the body."""
    doc = parse("Get asks for\none level.\n\nIt may fail.\n")
    assert (doc.summary, doc.body) == ("Get asks for one level.", "It may fail.")


def test_a_long_first_paragraph_is_cut_after_its_first_sentence() -> None:
    """Abbreviations do not end a sentence, and nothing is lost."""
    rest = "word " * 45
    doc = parse(f"Get asks, e.g. `a. B`. Then {rest}ends.")
    assert doc.summary == "Get asks, e.g. `a. B`."
    assert doc.body == f"Then {rest}ends."
    assert parse(f"No end {rest}").body == ""


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("See [Client], [*Client.Get] and [net/http.Handler].", "See `Client`, `Client.Get` and `net/http.Handler`."),
        ("See [strings] and a[Index].", "See [strings] and a[Index]."),
        ("Code `a | b` and ``quotes''.", "Code `a | b` and “quotes”."),
        ("At https://go.dev/doc.", "At [https://go.dev/doc](https://go.dev/doc)."),
        ("See [the site].\n\n[the site]: https://example.com/x", "See [the site](https://example.com/x)."),
        ("Not *emphasis*, not <b>, not snake_case.", "Not \\*emphasis\\*, not &lt;b>, not snake_case."),
        ("An empty ` ` span.", "An empty \\` \\` span."),
    ],
)
def test_running_text_becomes_markdown(source: str, markdown: str) -> None:
    """Names in brackets are code, addresses are links, and what Markdown would read as its own is escaped."""
    assert parse(source).summary == markdown


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("S.\n\n# A heading\n\nText.", "**A heading**\n\nText."),
        ("S.\n\nOld Heading\n\nText.", "**Old Heading**\n\nText."),
        ("S.\n\nNot a heading:\n\nText.", "Not a heading:\n\nText."),
        ("S.\n\nDon't take this\n\nText.", "Don't take this\n\nText."),
        ("S.\n\nlower case\n\nText.", "lower case\n\nText."),
        ("S.\n\nLast line", "Last line"),
        ("S.\n\nBefore code\n\n\tx := 1", "Before code\n\n```go\nx := 1\n```"),
        ("S.\n\n\tfunc f() {\n\t\treturn\n\t}\n\n\tg()", "```go\nfunc f() {\n\treturn\n}\n\ng()\n```"),
        ("S.\n\n\tif x {\n\t\t...\n\t}", "```go\nif x {\n\t...\n}\n```"),
        ('S.\n\n\tpackage main\n\n\timport "fmt"', '```go\npackage main\n\nimport "fmt"\n```'),
        ("S.\n\n\tplain words", "```text\nplain words\n```"),
        ("S.\n\n\t$ go run .", "```console\n$ go run .\n```"),
        ("S.\n\n\tkey = value (", "```text\nkey = value (\n```"),
        ("S.\n\nOne of:\n  - one\n  - two\n    more\n\n  - three", "One of:\n\n-   one\n-   two more\n-   three"),
        ("S.\n\n 1. one\n 2) two\n\n  - dash", "1.  one\n2.  two\n\n-   dash"),
        ("S.\n\n  - one\n\n    more of it\n  - two", "-   one\n\n    more of it\n\n-   two"),
        ("S.\n\nEither\n- one\n- two", "Either\n\n-   one\n-   two"),
        ("S.\n\n- one\nmore", "-   one more"),
    ],
)
def test_blocks(source: str, body: str) -> None:
    """Headings, code and lists are told apart as go.dev/doc/comment says."""
    assert parse(source).body == body


def test_deprecation_is_a_note() -> None:
    """A paragraph that says so is no part of the description."""
    doc = parse("Get asks.\n\nDeprecated: use [Client.Levels]\ninstead.")
    assert doc.notes == (("Deprecated", "use `Client.Levels` instead."),)
    assert doc.body == ""
    assert parse("Deprecated: gone.").summary == ""


def test_nothing_gives_nothing() -> None:
    """An empty comment, or one of definitions only, has no text."""
    assert list(filter(None, texts(parse("")))) == []
    assert list(filter(None, texts(parse("[a]: https://example.com")))) == []
    assert parse("\n\n\tcode()").summary == ""


@settings(max_examples=150, deadline=1000)
@given(st.text(alphabet="aB #*-1.[]()`_<>&:/\\|\n\tDeprecated:", max_size=200))
def test_every_comment_keeps_to_the_page_format(source: str) -> None:
    """No comment makes the parser fail, and what comes out can stand in a page."""
    doc = parse(source)
    assert "\n" not in doc.summary
    assert [violations(text) for text in texts(doc)] == [[] for _ in texts(doc)]

"""What the page format's functions write is what a Markdown reader shows."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from docsfy_action.verify.page import parse_page
from docsfy_action.writers.builtin import prose
from tests.unit.samples import STEADY

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# Blank characters other than these are not folded by Markdown readers, and no reader shows control characters.
TEXTS = st.text(
    alphabet=st.sampled_from("ab Z09 \n`|*_~[](){}<>&#!\\-+=.:;,'\"/@^$%?éß–“”漢 ")
    | st.characters(categories=["L", "P", "S"]),
    max_size=40,
)
SAID = TEXTS.filter(str.strip)


def shown(tokens: list[Token] | None) -> str:
    """The text that inline tokens show."""
    parts = []
    for token in tokens or ():
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        else:
            parts.append(f"<{token.type}>")
    return "".join(parts)


def blocks(markdown: str) -> list[str]:
    """Types of the block tokens."""
    return [token.type for token in READER.parse(markdown)]


def inline(markdown: str) -> list[str]:
    """What each inline token of the text shows."""
    return [shown(token.children) for token in READER.parse(markdown) if token.type == "inline"]


def folded(text: str) -> str:
    """White space as Markdown shows it."""
    return " ".join(text.split())


@STEADY
@given(SAID)
@example("`")
@example("a``b")
@example(" `x` ")
def test_code_shows_its_text(text: str) -> None:
    """Whatever the text, the span holds it and nothing else."""
    (token,) = [token for token in READER.parse(prose.code(text)) if token.type == "inline"]
    assert [(child.type, child.content) for child in token.children or ()] == [("code_inline", folded(text))]


def test_code_of_nothing_is_nothing() -> None:
    """An empty span would show its backticks."""
    assert prose.code("") == prose.code(" \n ") == ""


@STEADY
@given(SAID)
@example("# no heading")
@example("1. no list")
@example("*no* _emphasis_ [no](link) <b>")
def test_plain_text_shows_as_it_stands(text: str) -> None:
    """Markdown's own characters mean nothing in plain text, at the start of a line or inside it."""
    assert blocks(prose.plain(text)) == ["paragraph_open", "inline", "paragraph_close"]
    assert inline(prose.plain(text)) == [folded(text)]


@STEADY
@given(SAID)
def test_a_heading_shows_its_text(text: str) -> None:
    """A name with underscores is no emphasis in a heading either."""
    written = prose.heading(2, text)
    assert blocks(written) == ["heading_open", "inline", "heading_close"]
    assert inline(written) == [folded(text)]


ROWS = st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=3)


@settings(STEADY, max_examples=150)
@given(ROWS)
@example([("a|b", "`|`", True)])
@example([("||", "a\\|b", False)])
def test_a_table_shows_every_cell(rows: list[tuple[str, str, bool]]) -> None:
    """A pipe never ends a cell, in code or in text; what is empty in every row has no column."""
    written = prose.table(
        ("Name", "Text", "Always"),
        ((prose.code(code) if is_code else "", prose.plain(text), "x") for code, text, is_code in rows),
    )
    names = any(is_code and code.strip() for code, _, is_code in rows)
    texts = any(text.strip() for _, text, _ in rows)
    heads = [*(["Name"] if names else []), *(["Text"] if texts else []), "Always"]
    expected = [*heads]
    for code, text, is_code in rows:
        if names:
            expected.append(folded(code) if is_code and code.strip() else "–")
        if texts:
            expected.append(folded(text) or "–")
        expected.append("x")
    assert blocks(written)[0] == "table_open"
    assert inline(written) == expected


def test_a_table_without_rows_is_nothing() -> None:
    """A head alone says nothing."""
    assert prose.table(("A", "B"), []) == ""


@STEADY
@given(SAID, SAID)
def test_a_cell_keeps_code_and_text_apart(code: str, text: str) -> None:
    """Text with pipes beside code with pipes stays in one cell."""
    written = f"| A |\n| --- |\n| {prose.cell(f'{prose.code(code)} {prose.plain(text)}')} |"
    assert inline(written) == ["A", folded(f"{code} {text}")]


@STEADY
@given(TEXTS.filter(lambda text: text.strip("\n")), st.sampled_from(["", "python", "text"]))
@example("```\n````\n```", "text")
@example("~~~", "")
def test_a_fence_shows_its_text_byte_for_byte(text: str, language: str) -> None:
    """Backticks inside do not end the block, blank lines around it are left out."""
    (token,) = READER.parse(prose.fence(language, text))
    assert (token.type, token.info, token.content) == ("fence", language, text.strip("\n") + "\n")


@STEADY
@given(st.lists(SAID, min_size=1, max_size=3))
def test_a_quotation_holds_all_its_paragraphs(texts: list[str]) -> None:
    """Everything quoted stands inside one quotation, paragraph by paragraph."""
    written = prose.quotation(prose.document(prose.plain(text) for text in texts))
    assert blocks(written)[0] == "blockquote_open"
    assert blocks(written)[-1] == "blockquote_close"
    assert inline(written) == [folded(text) for text in texts]


@STEADY
@given(SAID)
def test_words_quoted_in_a_line_are_known_as_a_quotation(text: str) -> None:
    """Verification sees the same words as the reader, attributed to the link before."""
    page = parse_page(f"# T\n\n{prose.file_link('a.py')} says {prose.quoted(prose.plain(text))}\n")
    assert [(q.text, q.source) for q in page.quotations if q.text.strip()] == [(folded(text), "src:a.py")]


@STEADY
@given(st.lists(SAID, min_size=1, max_size=4))
def test_bullets_show_their_items(items: list[str]) -> None:
    """One item each, in order."""
    written = prose.bullets(map(prose.plain, items))
    assert blocks(written).count("list_item_open") == len(items)
    assert inline(written) == [folded(item) for item in items]


def test_an_item_may_hold_a_block() -> None:
    """Further lines of an item belong to it, and blank lines stay blank."""
    written = prose.bullets(["one\n\n```text\ncode\n```", "two"])
    assert written == "-   one\n\n    ```text\n    code\n    ```\n-   two"
    assert [token.content for token in READER.parse(written) if token.type == "fence"] == ["code\n"]


@STEADY
@given(st.lists(st.sampled_from("abcdefgh"), max_size=8), st.integers(0, 6))
def test_a_listing_names_or_counts_everything(items: list[str], limit: int) -> None:
    """All items in order, or the first ones and how many are left."""
    written = prose.listing(items, limit=limit)
    named = written.replace(" and ", ", ").split(", ") if items else []
    if limit and len(items) > limit:
        assert named == [*items[:limit], f"{prose.spell(len(items) - limit)} more"]
    else:
        assert named == items
    assert written.count(" and ") == (len(named) > 1)


def test_a_listing_may_end_in_another_word() -> None:
    """Choices are joined by `or`."""
    assert prose.listing(["a", "b", "c"], word="or") == "a, b or c"
    assert prose.listing([]) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "no files"), (1, "one file"), (10, "ten files"), (11, "11 files"), (1200, "1,200 files"), (-1, "-1 files")],
)
def test_small_numbers_are_words(number: int, text: str) -> None:
    """Up to ten as a writer would; a plural that is not made with an s is given."""
    assert prose.count(number, "file") == text
    assert prose.count(2, "entry", "entries") == "two entries"


def test_only_the_first_letter_is_raised() -> None:
    """Names further on keep their case."""
    assert prose.capital("one File") == "One File"
    assert prose.capital("") == ""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Only one", "Only one"),
        ("Uses e.g. This one. Then more.", "Uses e.g. This one."),
        ("By J. Smith. Later.", "By J. Smith."),
        ("See `a. B` here. More.", "See `a. B` here."),
        ("A [link. To](x) it. More.", "A [link. To](x) it."),
        ("Really? (Yes.) No.", "Really?"),
        ("v1.2 is out. Good.", "v1.2 is out."),
        ("two\nlines. Next.", "two lines."),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_stop(text: str, first: str) -> None:
    """Not in code, not in a link, not after an abbreviation or an initial."""
    assert prose.first_sentence(text) == first


def test_links_name_what_they_lead_to() -> None:
    """Each kind of link in the page format, with its usual text and with another."""
    assert prose.file_link("a b/c.py") == "[`a b/c.py`](src:a%20b/c.py)"
    assert prose.file_link("src/", "sources") == "[sources](src:src/)"
    assert prose.literal_link("a.py", "--x y") == "[`--x y`](src:a.py?--x%20y)"
    assert prose.literal_link("a.py", "x", "here") == "[here](src:a.py?x)"
    assert prose.source_link("a.py", "A.b") == "[`A.b`](src:a.py#A.b)"
    assert prose.symbol_link("a.py", "A.b", "`b`") == "[`b`](doc:a.py#A.b)"
    assert prose.page_link("usage", "Usage") == "[Usage](usage.md)"
    assert prose.page_link("usage", "Usage", "part") == "[Usage](usage.md#part)"


def test_a_document_is_its_blocks_with_blank_lines_between() -> None:
    """Empty blocks leave no gap, and the text ends in one newline."""
    assert prose.document("# T", ["", "a\n"], "  ", ["b"]) == "# T\n\na\n\nb\n"

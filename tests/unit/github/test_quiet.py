"""Foreign text in a comment: it stays text, notifies nobody and refers to nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docsfy_action.github import quiet

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MENTION = re.compile(r"(?<![\w/])@\w|\w@\w")
REFERENCE = re.compile(r"#\d|\bgh-\d|https?://|\bwww\.\w", re.IGNORECASE)
ANY = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["@octocat", "fixes #1", "GH-12", "a/b#3", "https://github.com/a/b/pull/1", "www.evil.example",
         "`", "``", "|", "<img src=x>",
         "<!--", "-->", "[a](b)", "![a](b)", "\n", "\\", "$x$",
         "*", "_", "~", "&#64;", "# ", "> ", "- ", "1. ", "```", "a@b.c", "\u202e"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


def seen(markdown: str) -> str:
    """What a reader sees of it outside code, which is where GitHub looks for mentions and references."""
    tokens = [child for token in PARSER.parse(markdown) for child in token.children or ()]
    assert {child.type for child in tokens} <= {"text", "code_inline", "html_inline", "softbreak", "text_special"}, (
        markdown
    )
    html = [child.content for child in tokens if child.type == "html_inline"]
    assert set(html) <= {"<code>", "</code>"}
    depth, shown = 0, []
    for child in tokens:
        depth += {"<code>": 1, "</code>": -1}.get(child.content, 0) if child.type == "html_inline" else 0
        shown.append(child.content if child.type.startswith("text") and not depth else " ")
    return "".join(shown)


@given(ANY)
def test_no_text_mentions_or_refers(value: str) -> None:
    """Whatever it holds: no mention, no reference, no link, image or element, on one line."""
    written = quiet.text(value)
    assert "\n" not in written
    shown = seen(f"x {written} x")
    assert not MENTION.search(shown), shown
    assert not REFERENCE.search(shown), shown


@given(ANY)
def test_no_text_breaks_a_table(value: str) -> None:
    """A cell stays one cell, as text and as code."""
    table = f"| a | b |\n| --- | --- |\n| {quiet.text(value)} | {quiet.code(value)} |\n"
    html = PARSER.render(table)
    assert (html.count("<tr>"), html.count("<td>"), html.count("<th>")) == (2, 2, 2)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("@octocat did it", "@\u200boctocat did it"),
        ("fixes #1", "fixes #\u200b1"),
        ("see GH-12", "see GH\u200b-12"),
        ("at https://a.b", "at https:\u200b//a.b"),
        ("at www.a.b", "at www.\u200ba.b"),
        ("plain words", "plain words"),
    ],
)
def test_what_begins_a_reference_is_parted_from_it(value: str, shown: str) -> None:
    """By a character that nobody sees; the words stay what they are."""
    assert seen(quiet.text(value)) == shown


def test_code_stays_code() -> None:
    """GitHub looks for nothing there, so that names stay as they can be copied."""
    assert quiet.text("`@app.get` is new") == "`@app.get` is new"


@given(ANY, st.integers(5, 40))
def test_a_cut_leaves_no_code_open(value: str, limit: int) -> None:
    """The rest of the line would become code."""
    line = quiet.shortened(value, limit)
    assert len(line) <= limit + 3
    if len(value) > 80:
        assert line.count("`") % 2 == 0


@given(st.lists(ANY, max_size=6))
def test_nothing_ends_a_block_of_code_but_its_own_end(lines: list[str]) -> None:
    """Lines that look like fences stay lines."""
    clean = [quiet.shortened_line(line, 200) for line in lines]
    tokens = PARSER.parse(quiet.fenced(clean, "diff"))
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == "".join(f"{line}\n" for line in clean)

"""Links and headings change, code does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docsfy_action.site.rewrite import rewrite


def mark(target: str) -> str:
    """Makes a changed link visible."""
    return f"<{target}>".replace("<", "{").replace(">", "}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a](b.md)", "[a]({b.md})"),
        ("[a](b.md 'title')", "[a]({b.md} 'title')"),
        ("[a](<b c.md>)", "[a](<{b c.md}>)"),
        ("[a](b_(c).md) and [d](e)", "[a]({b_(c).md}) and [d]({e})"),
        ("![a](b.png)", "![a]({b.png})"),
        ("[a]: b.md", "[a]: {b.md}"),
        ("`[a](b.md)` [c](d)", "`[a](b.md)` [c]({d})"),
        ("`` [a](b) ` [a](b) `` [c](d)", "`` [a](b) ` [a](b) `` [c]({d})"),
        ("`open [a](b)", "`open [a]({b})"),
        (r"\`[a](b)\`", r"\`[a]({b})\`"),
        (r"[a\](b)", r"[a\](b)"),
        ("a `span over\ntwo [a](b)` [c](d)", "a `span over\ntwo [a](b)` [c]({d})"),
        ("```\n[a](b)\n```\n[c](d)", "```\n[a](b)\n```\n[c]({d})"),
        ("````\n```\n[a](b)\n````\n[c](d)", "````\n```\n[a](b)\n````\n[c]({d})"),
        ("~~~\n[a](b)\n```\n~~~\n", "~~~\n[a](b)\n```\n~~~\n"),
        ("```\n[a](b)", "```\n[a](b)"),
        ("> ```\n> [a](b)\n> ```\n> [c](d)", "> ```\n> [a](b)\n> ```\n> [c]({d})"),
        (
            "-   item\n\n    ```\n    [a](b)\n    ```\n\n    [c](d)",
            "-   item\n\n    ```\n    [a](b)\n    ```\n\n    [c]({d})",
        ),
        ("text\n\n    [a](b)\n\ntext", "text\n\n    [a](b)\n\ntext"),
        ("-   item\n\n    [a](b)", "-   item\n\n    [a]({b})"),
    ],
)
def test_links_change_outside_code_only(before: str, after: str) -> None:
    """Targets of links, images and definitions are rewritten; fences, code spans and indented code stay as they are."""
    assert rewrite(before, link=mark) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a\n\n## b", "## a\n\n### b"),
        ("###### a", "###### a"),
        ("#hash\n#\n", "#hash\n##\n"),
        ("```\n# a\n```", "```\n# a\n```"),
        ("> # a", "> # a"),
    ],
)
def test_headings_move_down_outside_code(before: str, after: str) -> None:
    """A heading moves down by a level, at most to the sixth; lines of code that look like headings do not."""
    assert rewrite(before, link=str, deeper=1) == after


PIECES = st.sampled_from(
    [
        "[a](b)",
        "`",
        "``",
        "```",
        "~~~",
        "\n",
        "\n\n",
        "    ",
        "# ",
        "> ",
        "-   ",
        "](",
        "\\",
        "text",
        "[a]: b",
        "<",
        ">",
        " ",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_without_a_change_every_page_comes_back_byte_for_byte(text: str) -> None:
    """Whatever the page holds, rewriting with the identity gives it back."""
    assert rewrite(text, link=lambda target: target) == text


@given(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_fenced_code_survives_every_rewriting(text: str, code: str) -> None:
    """A fence that a Markdown parser sees is still there, with the same text, after links and headings were changed."""
    body = code.replace("`", "").replace("\r", "").replace("\x00", "")
    page = f"```text\n{body}\n```\n\n{text}"
    parse = MarkdownIt().parse
    expected = parse(page)[0].content
    assert parse(rewrite(page, link=mark, deeper=1))[0].content == expected

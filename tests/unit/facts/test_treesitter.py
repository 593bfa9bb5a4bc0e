"""Nodes of syntax trees as the text that facts keep."""

import pytest

from docsfy_action.facts.model import Span
from docsfy_action.facts.treesitter import (
    ancestors,
    count_lines,
    digest,
    folded,
    head,
    is_name,
    parse,
    parse_bounded,
    span,
    syntax_error,
    text,
    unreadable,
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a  b\t c ", "a b c"),
        ("( a, b )", "( a, b )"),
        ("f(\n\ta,\n\tb,\n) x", "f(a, b,) x"),
        ("[\n 1 ]", "[1]"),
    ],
)
def test_white_space_is_folded_to_one_blank(source: str, expected: str) -> None:
    """Text that ran over lines stands on one, without the blanks that brackets would get by that."""
    assert folded(source) == expected


def test_a_signature_is_text_without_comments() -> None:
    """The text between two nodes is the source's own; comments in it are left out."""
    function = parse(
        "go", b"package p\nfunc f(a int, // first\n\tb int /* second */) error { return nil } // tail\n"
    ).named_children[1]
    body = function.child_by_field_name("body")
    assert head(function, body) == "func f(a int, b int) error"
    assert head(function, body, function.child_by_field_name("name")) == "f(a int, b int) error"
    assert head(function, None).endswith("{ return nil }")


def test_a_byte_order_mark_and_line_ends_are_not_text() -> None:
    """The same code gives the same tree, whatever editor wrote it."""
    plain, marked = (
        parse("go", b"package p\n\n// A\nvar x = 1\n"),
        parse("go", b"\xef\xbb\xbfpackage p\r\n\r\n// A\r\nvar x = 1\r\n"),
    )
    assert text(plain) == text(marked)
    assert digest([plain]) == digest([marked])


@pytest.mark.parametrize(("blob", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"\n\n", 2)])
def test_lines_are_counted_as_editors_do(blob: bytes, lines: int) -> None:
    """A last line without an end counts; nothing has no lines."""
    assert count_lines(blob) == lines


def test_spans_end_on_the_last_line_of_the_code() -> None:
    """A node that ends at the very start of a line does not reach into it."""
    root = parse("go", b"package p\nvar (\n\tx = 1\n)\n")
    assert span(root.named_children[1]) == Span(start=2, end=4)
    assert span(root) == Span(start=1, end=4)
    assert span(root.named_children[0], root.named_children[1]) == Span(start=1, end=4)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"package p\nvar x = 1\n", ""),
        (b"package p\n\nfunc f() { x := ( }\n", "syntax error on line 3"),
        (b"package p\nfunc f() {\n", "syntax error on line 2"),
        (b")(", "syntax error on line 1"),
    ],
)
def test_damage_is_named_by_its_line(source: bytes, error: str) -> None:
    """A file that the grammar does not understand says on which line that begins."""
    assert syntax_error(parse("go", source)) == error


def test_blobs_that_are_no_text_are_not_parsed() -> None:
    """Binary and huge blobs are refused with the reason."""
    assert unreadable(b"package p") == ""
    assert unreadable(b"a\0b") == "binary"
    assert unreadable(b"x" * 1_000_001) == "larger than 1,000,000 bytes"


def test_names_are_short_and_on_one_line() -> None:
    """What is no name in any language is not kept as one."""
    assert is_name("Client.get")
    assert not is_name("")
    assert not is_name("a\nb")
    assert not is_name("x" * 81)


def test_parents_come_nearest_first() -> None:
    """Walking up ends at the root."""
    identifier = parse("go", b"package p\n").named_children[0].named_children[0]
    assert [node.type for node in ancestors(identifier)] == ["package_clause", "source_file"]
    assert text(None) == ""


def test_a_bounded_parse_is_the_same_for_sound_source() -> None:
    """Whatever is code gives the same tree with the same text, also where it is longer than a piece."""
    source = b"\xef\xbb\xbf" + b"const value = { name: 'x' }\r\n" * 5000
    plain, bounded = parse("typescript", source), parse_bounded("typescript", source)
    assert bounded is not None
    assert str(bounded) == str(plain)
    assert text(bounded.named_children[4999]) == text(plain.named_children[4999]) == "const value = { name: 'x' }"


def test_text_that_overwhelms_the_parser_is_given_up() -> None:
    """Some texts have so many readings that a parser would need gigabytes; it stops early, always at the same place."""
    assert parse_bounded("typescript", b"f<a,b>(c)<" * 30_000) is None

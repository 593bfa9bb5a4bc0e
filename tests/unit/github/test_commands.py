"""Our workflow commands, and foreign text that must never be one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.github.commands import (
    MESSAGE_LIMIT,
    Annotation,
    Level,
    annotation_command,
    command,
    cut,
    inert,
    one_line,
    visible,
)

# How the runner finds a command in a line (ActionCommand.cs): `::` after white space, or `##[` anywhere. White space is
# what .NET calls so, and lines end at carriage returns too.
_WHITE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"


def obeyed(output: str) -> list[str]:
    """The lines of an output that the runner would take for a command."""
    lines = re.split(r"\r\n|\r|\n", output)
    return [line for line in lines if line.lstrip(_WHITE).startswith("::") or "##[" in line]


ATTACKS = [
    "::error::x",
    "  ::set-output name=x::y",
    "\t::add-mask::a",
    "fine\n::error::x",
    "fine\r::error::x",
    "fine\r\n::error::x",
    "a\u2028::error::x",
    "a\x85::error::x",
    "\xa0::error::x",
    "\u3000::error::x",
    "\x1b[31m::error::x",
    "\x1b]0;title\x07::error::x",
    "\x1b[31m\x1b[0m ::error::x",
    "\x0b::error::x",
    "\x1f::error::x",
    "x ##[error]y",
    "##[add-path]/tmp",
    "###[group]x",
    "\x1b#\x1b#[error]",
    "#\x1b[0m#[error]x",
    ":\x1b[0m:error::x",
    "::stop-commands::x\n::x::",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_inert_text_is_never_a_command(attack: str) -> None:
    """Whatever a file name, a page title or a model says, the runner shows it and does nothing."""
    assert obeyed(inert(attack)) == []
    assert obeyed(command("error", attack, {"title": attack})) == [command("error", attack, {"title": attack})]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from(f":#[]\x1b\r\n{_WHITE}"), st.characters()), max_size=60))
def test_no_text_at_all_is_a_command_once_inert(text: str) -> None:
    """Searched for, not only listed."""
    assert obeyed(inert(text)) == []
    line = command("notice", text)
    assert "\n" not in line
    assert "\r" not in line


def test_inert_text_stays_readable() -> None:
    """Only what would be a command is changed."""
    assert inert("std::vector and a::b, see #[1] and [x]") == "std::vector and a::b, see #[1] and [x]"
    assert inert("a\n ::error::b") == "a\n : :error::b"
    assert inert("a ##[x] b") == "a ## [x] b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ünïcode 漢字", "plain ünïcode 漢字"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("bell\x07", "bell\\x07"),
        ("over\bwrite", "over\\x08write"),
        ("reversed \u202etxt.exe", "reversed \\u202etxt.exe"),
        ("name\udcff", "name\\xff"),
        ("half\ud800", "half\\ud800"),
        ("tab\tstays", "tab\tstays"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("lone \x1b", "lone \\x1b"),
    ],
)
def test_visible_text_shows_what_a_terminal_would_obey(text: str, expected: str) -> None:
    """Terminal sequences go, other control and direction characters and undecodable bytes are shown as codes."""
    assert visible(text) == expected


def test_one_line() -> None:
    """White space of any kind becomes one blank."""
    assert one_line(" a\r\n\tb  c ") == "a b c"


def test_commands_are_escaped_as_the_toolkit_does() -> None:
    """`%`, carriage return and line feed in the message; in properties colon and comma as well."""
    assert command("endgroup") == "::endgroup::"
    assert command("warning", "50%\r\nof: a,b") == "::warning::50%25%0D%0Aof: a,b"
    assert command("error", "m", {"file": "a:b,c%", "line": "3", "title": ""}) == "::error file=a%3Ab%2Cc%25,line=3::m"


def test_annotations() -> None:
    """File and line only where they are known, and a line never without its file."""
    full = Annotation(level=Level.ERROR, message="m", title="t: x", path="a b.yml", line=3)
    assert annotation_command(full) == "::error title=t%3A x,file=a b.yml,line=3::m"
    assert annotation_command(Annotation(level=Level.NOTICE, message="m", line=3)) == "::notice::m"
    assert annotation_command(Annotation(level=Level.WARNING, message="m", path="f")) == "::warning file=f::m"


def test_a_long_annotation_is_cut_to_what_is_shown() -> None:
    """4,096 UTF-16 units, an astral character counting as two and never cut in half."""
    assert cut("x" * MESSAGE_LIMIT, MESSAGE_LIMIT) == "x" * MESSAGE_LIMIT
    assert cut("x" * 5000, MESSAGE_LIMIT) == "x" * (MESSAGE_LIMIT - 1) + "…"
    for text in ("😀" * 5000, "x" + "😀" * 5000):
        shortened = cut(text, MESSAGE_LIMIT)
        assert shortened.endswith("😀…")
        assert MESSAGE_LIMIT - 3 < len(shortened.encode("utf-16-le")) // 2 <= MESSAGE_LIMIT

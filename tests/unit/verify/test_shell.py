"""Fences with shell commands are taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.shell import command_lines, simple_commands

FENCES: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "all lines": ("make\n\n# comment\nmake test", [("make", 0), ("make test", 3)]),
    "prompts and output": ("$ make\nok\n$ make test\n", [("make", 0), ("make test", 2)]),
    "other prompts": ("(venv) user@host:~/x$ ls\nC:\\Users> dir\nPS C:\\> dir", [("ls", 0), ("dir", 1), ("dir", 2)]),
    "continued": ("docker run \\\n  -p 80 \\\n  img", [("docker run -p 80 img", 0)]),
    "continued with a prompt": ("$ curl \\\n> -X POST", [("curl -X POST", 0)]),
    "open quotation mark": ("python -c 'import a\nb()'\nls", [("python -c 'import a b()'", 0), ("ls", 2)]),
    "here document": ("cat <<EOF > x\nnot a command\nEOF\nls", [("cat <<EOF > x", 0), ("ls", 3)]),
    "here document without end": ("cat <<'EOF'\nx", [("cat <<'EOF'", 0)]),
    "apostrophe in a comment": ("make # don't\nls", [("make # don't", 0), ("ls", 1)]),
    "apostrophe in a comment line": ("# don't\nls", [("ls", 1)]),
    "nothing": ("\n", []),
}


@pytest.mark.parametrize("name", FENCES)
def test_command_lines(name: str) -> None:
    """Commands with their line in the fence; what is output, comment or document is none."""
    text, expected = FENCES[name]
    assert [(line.text, line.line) for line in command_lines(text)] == expected


def test_a_command_keeps_its_lines() -> None:
    """A command over several lines can be looked up line by line."""
    (command,) = command_lines("$ docker run \\\n  img")
    assert command.lines == ("docker run \\", "img")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a && b || c; d | e & f", (("a",), ("b",), ("c",), ("d",), ("e",), ("f",))),
        ("a 'b c' \"d\"", (("a", "b c", "d"),)),
        ("a > out 2>&1 < in", (("a", "2"),)),
        ("X=1 a", (("X=1", "a"),)),
        ("if a; then b; fi", (("a",), ("b",))),
        ("for x in 1; do a; done", (("a",),)),
        ("a # b", (("a",),)),
        ("echo $(a b)", (("echo", "$"), ("a", "b"))),
        ("", ()),
        ("a 'b", None),
        ("x" * 5_000, None),
    ],
)
def test_simple_commands(line: str, expected: tuple[tuple[str, ...], ...] | None) -> None:
    """Words of each command, without operators, redirections and keywords; unreadable lines are none."""
    assert simple_commands(line) == expected


@given(st.text(alphabet="ab '\"\\$()&|;<>#\n`{}=", max_size=60))
def test_any_fence_is_read(text: str) -> None:
    """No text raises, and every line counts from the fence's start."""
    for line in command_lines(text):
        simple_commands(line.text)
        assert 0 <= line.line < text.count("\n") + 1

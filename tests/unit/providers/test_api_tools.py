"""The read-only tools of models in process: what they say, and what they never give out."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsfy_action.providers.api import tools
from docsfy_action.providers.api.tools import TOOLS, Explorer, tool_names


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small export, and beside it a file that nobody may read."""
    root = tmp_path / "export"
    files = {
        "README.md": "# Title\n\nSome text.\n",
        "src/app.py": "import os\n\n\ndef main():\n    return os.name\n",
        "src/deep/er/core.py": "VALUE = 1\n",
        "src/window.txt": "one\r\ntwo\r\n",
        "data.bin": "a\0b",
        "empty.txt": "",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode("utf-8"))
    (tmp_path / "secret.txt").write_text("sk-secret", "utf-8")
    return root


def _use(export: Path, name: str, **arguments: object) -> str:
    return Explorer(export, stop=lambda: False).use(name, arguments)


# --- list_files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        ({}, "README.md data.bin empty.txt src/app.py src/deep/er/core.py src/window.txt"),
        ({"folder": "src/deep"}, "src/deep/er/core.py"),
        ({"folder": "/src/deep/"}, "src/deep/er/core.py"),
        ({"folder": "."}, "README.md data.bin empty.txt src/app.py src/deep/er/core.py src/window.txt"),
        ({"pattern": "*.py"}, "src/app.py src/deep/er/core.py"),
        ({"pattern": "src/*.txt"}, "src/window.txt"),
        ({"pattern": "app.py", "folder": "src"}, "src/app.py"),
        ({"pattern": "*.rs"}, "no files"),
        ({"folder": "sr"}, "no files"),
    ],
)
def test_files_are_listed(export: Path, arguments: Mapping[str, object], listed: str) -> None:
    """All files below a folder, sorted, by a pattern of the path or of the name."""
    expected = listed if listed == "no files" else listed.replace(" ", "\n")
    assert _use(export, "list_files", **arguments) == expected


def test_a_large_list_is_told_by_folder(export: Path) -> None:
    """More files than a list may hold are counted by folder, so that the model can look closer."""
    for number in range(500):
        (export / "src" / "many" / f"f{number:03}.py").parent.mkdir(exist_ok=True)
        (export / "src" / "many" / f"f{number:03}.py").write_text("x", "utf-8")
    assert _use(export, "list_files").split("\n") == [
        "506 files; list a folder to see more",
        "README.md",
        "data.bin",
        "empty.txt",
        "src/ (503 files)",
    ]
    assert "src/many/ (500 files)" in _use(export, "list_files", folder="src")


# --- read_file ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ({"path": "README.md"}, "1\t# Title\n2\t\n3\tSome text."),
        ({"path": "./src//window.txt"}, "1\tone\n2\ttwo"),
        ({"path": "src/app.py", "first_line": 4}, "4\tdef main():\n5\t    return os.name"),
        ({"path": "src/app.py", "first_line": 1, "last_line": 1}, "1\timport os"),
        ({"path": "src/app.py", "first_line": 4, "last_line": 2}, "4\tdef main():"),
        ({"path": "src/app.py", "first_line": 4.0, "last_line": 99}, "4\tdef main():\n5\t    return os.name"),
        ({"path": "src/app.py", "first_line": -5, "last_line": 1}, "1\timport os"),
        ({"path": "src/app.py", "first_line": 9}, "the file has 5 lines"),
        ({"path": "empty.txt"}, "the file has 0 lines"),
    ],
)
def test_files_are_read_with_line_numbers(export: Path, arguments: Mapping[str, object], answer: str) -> None:
    """A file, or a range of its lines; a range beyond the end is cut to what there is."""
    assert _use(export, "read_file", **arguments) == answer


def test_a_long_file_is_read_in_parts(export: Path) -> None:
    """An answer ends at a whole line, says how long the file is, and the next part begins where it is told to."""
    (export / "long.txt").write_text("".join(f"line {number}\n" for number in range(1, 20_001)), "utf-8")
    answer = _use(export, "read_file", path="long.txt")
    assert len(answer) < tools.MAX_ANSWER + 100
    *shown, note = answer.split("\n")
    assert note == "(cut off here; the file has 20000 lines: read on with first_line)"
    last = int(shown[-1].split("\t")[0])
    assert shown[-1] == f"{last}\tline {last}"
    assert _use(export, "read_file", path="long.txt", first_line=last + 1).startswith(f"{last + 1}\tline {last + 1}\n")


def test_a_long_line_is_shortened(export: Path) -> None:
    """One line cannot fill the answer."""
    (export / "min.js").write_text("x" * 50_000, "utf-8")
    answer = _use(export, "read_file", path="min.js")
    assert len(answer) < 1_100
    assert answer.endswith("(line of 50000 characters)")


def test_what_was_read_is_remembered(export: Path) -> None:
    """`opened` has the files that were given out, each once, in their order, by their path from the root."""
    explorer = Explorer(export, stop=lambda: False)
    for path in ("src/app.py", "README.md", "./src/app.py", "nowhere.py", "data.bin", "../secret.txt"):
        explorer.use("read_file", {"path": path})
    explorer.use("search", {"text": "VALUE"})
    assert explorer.opened == ("src/app.py", "README.md")


# --- search ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ({"text": "os.name"}, "src/app.py:5: return os.name"),
        ({"text": r"^(import|VALUE) ?", "regex": True}, "src/app.py:1: import os\nsrc/deep/er/core.py:1: VALUE = 1"),
        ({"text": "o.", "folder": "src/deep"}, "nothing found"),
        ({"text": "t", "pattern": "*.md"}, "README.md:1: # Title\nREADME.md:3: Some text."),
        ({"text": "("}, "src/app.py:4: def main():"),
        ({"text": "VALUE", "folder": "README.md"}, "nothing found"),
    ],
)
def test_lines_are_found(export: Path, arguments: Mapping[str, object], answer: str) -> None:
    """Literally unless a regular expression is asked for; every hit with its path and line."""
    assert _use(export, "search", **arguments) == answer


def test_hits_are_bounded(export: Path) -> None:
    """A text that is everywhere fills no prompt."""
    (export / "many.txt").write_text("needle\n" * 10_000, "utf-8")
    lines = _use(export, "search", text="needle").split("\n")
    assert len(lines) == 81
    assert lines[-1] == "there are more: narrow the search"


def test_an_expression_that_never_ends_is_ended(export: Path) -> None:
    """A pattern that would take ages on a line is given up within seconds, and the model is told."""
    (export / "evil.txt").write_text("a" * 5_000 + "!\n", "utf-8")
    start = time.monotonic()
    answer = _use(export, "search", text="(a|a)*(a|aa)+$", regex=True)
    assert answer == "error: the regular expression takes too long; write a simpler one"
    assert time.monotonic() - start < 10


def test_a_search_ends_when_the_run_is_stopped(export: Path) -> None:
    """Between files the search asks whether it should go on."""
    answer = Explorer(export, stop=lambda: True).use("search", {"text": "VALUE"})
    assert answer == "the search took too long and was ended: look in a folder"


def test_a_bad_expression_is_explained(export: Path) -> None:
    """The model can correct itself."""
    assert _use(export, "search", text="(", regex=True).startswith(
        "error: the regular expression cannot be used: missing )"
    )


# --- bounds ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/../secret.txt", "src/../../secret.txt", "..", "a\0b", "src\\..\\..\\a"]
)
@pytest.mark.parametrize(("name", "argument"), [("read_file", "path"), ("list_files", "folder"), ("search", "folder")])
def test_nothing_leads_out(export: Path, name: str, argument: str, path: str) -> None:
    """A path with `..` is refused wherever it points, with every tool."""
    answer = _use(export, name, **{argument: path, "text": "sk-"})
    assert answer.endswith("is not a path of the repository")


@pytest.mark.parametrize("target", ["../secret.txt", "README.md"])
def test_links_are_not_followed(export: Path, target: str) -> None:
    """A link is no file, wherever it points: neither read, nor listed, nor searched, nor gone through."""
    (export / "link.txt").symlink_to(target)
    (export / "out").symlink_to("..")
    assert "not a path" in _use(export, "read_file", path="link.txt")
    assert "not a path" in _use(export, "read_file", path="out/secret.txt")
    assert "link" not in _use(export, "list_files")
    assert "secret" not in _use(export, "list_files", folder="out")
    assert _use(export, "search", text="sk-secret") == "nothing found"


def test_only_text_is_read(export: Path) -> None:
    """Binary files, folders, what is not there and what is too large are said to be so."""
    (export / "large.txt").write_bytes(b"x" * 4_000_001)
    os.mkfifo(export / "pipe")
    answers = [_use(export, "read_file", path=path) for path in ("data.bin", "src", "no.txt", "large.txt", "pipe")]
    assert answers == [
        "error: the file is binary (3 bytes)",
        "error: it is not a file",
        "error: there is no file 'no.txt'; list_files shows what there is",
        "error: the file is too large to be read (4000001 bytes)",
        "error: it is not a file",
    ]


def test_one_call_cannot_read_without_end(export: Path) -> None:
    """All answers of a call together are bounded; then the model is told to write."""
    (export / "long.txt").write_text("word " * 4 + "\n" + "some text\n" * 9_000, "utf-8")
    explorer = Explorer(export, stop=lambda: False)
    answers = [explorer.use("read_file", {"path": "long.txt"}) for _ in range(20)]
    assert answers[-1] == "error: enough has been read for one answer; write it from what you know now"
    assert sum(len(answer) for answer in answers if not answer.startswith("error")) == tools.MAX_ANSWERS


def test_every_tool_that_is_described_is_there(export: Path) -> None:
    """Names and parameters of the descriptions are those that work; an unknown tool is explained."""
    assert tool_names() == {"list_files", "read_file", "search"}
    for tool in TOOLS:
        assert "there is no tool" not in _use(export, tool.name)
        schema = tool.schema()
        assert schema["required"] == list(tool.required)
        assert schema["additionalProperties"] is False
    assert _use(export, "write_file").startswith("error: there is no tool 'write_file'; there are list_files, ")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["list_files", "read_file", "search"]),
    st.dictionaries(
        st.sampled_from(["path", "folder", "pattern", "text", "regex", "first_line", "last_line"]),
        st.one_of(
            st.just("a"),
            st.none(),
            st.text(max_size=8),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.just([1]),
            st.just({}),
        ),
    ),
)
def test_any_arguments_get_an_answer(export: Path, name: str, arguments: Mapping[str, object]) -> None:
    """Whatever a model passes, the tool answers with bounded text and never raises."""
    answer = _use(export, name, **arguments)
    assert answer
    assert len(answer) <= tools.MAX_ANSWER + 200
    assert "sk-secret" not in answer

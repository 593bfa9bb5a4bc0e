"""Cursor's program, which no registry offers, through a stub that behaves as its documentation says."""

import json
import sys
import time
from pathlib import Path
from threading import Event, Timer

import pytest

from docsfy_action.providers.calls import Setup
from docsfy_action.providers.cursor import CursorProvider
from docsfy_action.providers.environment import Access
from docsfy_action.providers.model import Completion, Failure, FailureKind, Request, Usage
from docsfy_action.providers.programs import NoProgram, Program, ProgramName, find_program
from tests.contract.programs import NEVER, SCHEMA, alive, completed, failed, host, place, request

STUB = Path(__file__).parent / "stubs/cursor_agent.py"
KEY = "key_of_the_tests_0123"


@pytest.fixture
def made(tmp_path: Path) -> Setup:
    """A setup whose program is the stub, found on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "cursor-agent").write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{STUB}" "$@"\n', "utf-8")
    (folder / "cursor-agent").chmod(0o755)
    machine = host(tmp_path / "workspace")
    machine = host(tmp_path / "workspace", PATH=f"{folder}:{machine.path}", GITHUB_TOKEN="ghs_secret")
    program = find_program(ProgramName.CURSOR, tmp_path / "programs", machine, cancelled=NEVER)
    assert isinstance(program, Program)
    assert (program.version, program.origin) == ("2026.10.30", "PATH")
    access = Access(variable="CURSOR_API_KEY", key=KEY)
    where = place(tmp_path / "work", {"README.md": "# Hello\n", "src/app.py": "x = 1\n"})
    return Setup(program=program, model="composer-1", access=access, place=where, host=machine)


def _ask(made: Setup, what: Request, cancelled: Event = NEVER) -> Completion | Failure:
    answer = CursorProvider(made).complete(what, cancelled=cancelled)
    assert KEY not in repr(answer)
    assert list(made.place.home.iterdir()) == []
    return answer


def test_without_the_program_the_user_is_told_to_install_it(tmp_path: Path) -> None:
    """Its vendor offers nothing that could be pinned, so nothing is downloaded, and no address is made up."""
    found = find_program(ProgramName.CURSOR, tmp_path, host(tmp_path / "workspace"), cancelled=NEVER)
    assert isinstance(found, NoProgram)
    assert "`cursor-agent` is not on the PATH" in found.reason
    assert found.hint == "Install `cursor-agent` 2026.1.16 or newer and put it on the PATH."
    assert list(tmp_path.iterdir()) == []


def test_a_call_is_made_as_documented(made: Setup) -> None:
    """Print mode, reading only, prompt on standard input, a home and settings of its own, that one key."""
    answer = completed(_ask(made, request("Tell me.\nsay")))
    assert answer.text == "The page."
    assert answer.usage == Usage(requests=1, input_tokens=100, output_tokens=20, cached_tokens=10, cost_usd=None)
    seen = json.loads((made.place.export.parent / "seen.json").read_text("utf-8"))
    flags = ["--print", "--trust", "--mode", "ask", "--output-format", "stream-json", "--model", "composer-1"]
    assert seen["argv"] == flags
    assert seen["prompt"] == "You write pages.\n\nTell me.\nsay"
    assert seen["cwd"] == str(made.place.export)
    assert seen["environ"]["CURSOR_API_KEY"] == KEY
    assert seen["environ"]["HOME"].startswith(str(made.place.home))
    assert seen["environ"]["CURSOR_CONFIG_DIR"] == seen["environ"]["HOME"] + "/.cursor"
    assert "GITHUB_TOKEN" not in seen["environ"]


def test_the_schema_is_told_in_words(made: Setup) -> None:
    """The program has no structured output."""
    _ask(made, request("say", schema=SCHEMA))
    seen = json.loads((made.place.export.parent / "seen.json").read_text("utf-8"))
    assert SCHEMA in seen["prompt"]


def test_opened_files_are_told_and_announcements_are_no_part_of_the_answer(made: Setup) -> None:
    """Relative to the export, each once, without what could not be read or lies outside."""
    paths = f"{made.place.export}/src/app.py README.md src/app.py missing /etc/hostname"
    answer = completed(_ask(made, request(f"read {paths}", explore=True)))
    assert answer.text == "The page."
    assert answer.opened == ("src/app.py", "README.md")


@pytest.mark.parametrize(
    ("doing", "kind"),
    [
        ("key", FailureKind.KEY),
        ("model", FailureKind.MODEL),
        ("rate", FailureKind.RATE_LIMIT),
        ("quota", FailureKind.QUOTA),
        ("overloaded", FailureKind.OVERLOADED),
        ("network", FailureKind.UNREACHABLE),
        ("cut", FailureKind.UNREACHABLE),
        ("odd", FailureKind.BROKEN),
    ],
)
def test_failures_are_told_apart_by_their_words(made: Setup, doing: str, kind: FailureKind) -> None:
    """The program says what went wrong on standard error only; a key in it is not repeated."""
    answer = failed(_ask(made, request(doing)), kind)
    assert answer.message.startswith("`cursor-agent` failed: ")
    assert "key_0123456789" not in answer.message


def test_an_empty_answer_is_empty(made: Setup) -> None:
    """Nothing said is a completion without text."""
    assert completed(_ask(made, request("empty"))).text == ""


def test_deadline_and_cancelling_end_the_program(made: Setup) -> None:
    """Nothing is left running after either."""
    failed(_ask(made, request("hang", deadline=1)), FailureKind.TIMEOUT)
    cancelled = Event()
    Timer(0.7, cancelled.set).start()
    started = time.monotonic()
    failed(_ask(made, request("hang"), cancelled), FailureKind.CANCELLED)
    assert time.monotonic() - started < 5
    assert alive() == set()

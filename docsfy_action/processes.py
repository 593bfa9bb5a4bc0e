"""Starts the programs of model vendors and installers: the whole process group ends with the call, output is bounded
while it grows, and nothing of ours is inherited."""

import atexit
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from threading import Event
from typing import IO

# Inherited by every descendant, also by one that left the process group; found again through /proc.
MARK = "DOCSFY_PROCESS"

_PROC = Path("/proc")
_LOOK = 0.05  # seconds between two looks at the clock and at `cancelled`
_GRACE = 1.5  # from SIGTERM to SIGKILL; a cancelled runner kills us 7.5 seconds after the first signal
_DRAIN = 1.0  # for errors that are still in the pipe when the program has ended
_CHUNK = 1 << 16
_STDERR_BYTES = 200_000
_numbers = count(1)


class Ending(StrEnum):
    """How a program came to its end."""

    EXITED = "exited"
    NOT_STARTED = "not started"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"
    FLOODED = "flooded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is started: no shell, no variable beyond `environment`. `deadline` is in seconds; a program that writes
    more than `max_output` bytes to standard output is ended."""

    argv: tuple[str, ...]
    cwd: Path
    environment: Mapping[str, str] = field(repr=False)
    stdin: bytes = field(default=b"", repr=False)
    deadline: float = 600.0
    max_output: int = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A program that has ended, with everything it started. `status` is its exit status, negative for a signal, -1
    where it did not start; of `stderr` only the end is kept. `reason` is the system's word on why it did not start."""

    ending: Ending
    status: int = -1
    stdout: bytes = b""
    stderr: bytes = b""
    reason: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.ending is Ending.EXITED and self.status == 0


def run(command: Command, *, cancelled: Event) -> Finished:
    """Start a program and wait for it; it, its group and, where /proc shows them, all its descendants end with it.

    Never raises for what the program does. An exception raised meanwhile, as by a signal handler, ends the program too.
    """
    if cancelled.is_set():
        return Finished(ending=Ending.CANCELLED)
    # A file, not a pipe: programs on Node that end before all of a pipe has been read lose the rest of what they said.
    with tempfile.TemporaryFile(prefix="docsfy-") as output:
        return _run(command, output, cancelled)


def _run(command: Command, output: IO[bytes], cancelled: Event) -> Finished:
    mark = f"{os.getpid()}-{next(_numbers)}"
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the arguments are ours
            command.argv,
            cwd=command.cwd,
            env={**command.environment, MARK: mark},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Finished(ending=Ending.NOT_STARTED, reason=reason)
    _GUARD.watch(process.pid)
    with process:
        streams = _Streams(process, command, output)
        try:
            ending = _wait(process, streams, command, cancelled)
        finally:
            _end(process, mark, streams)
            _GUARD.forget(process.pid)
    return Finished(ending=ending, status=process.returncode, stdout=streams.output, stderr=streams.errors)


class _Streams:
    """The two pipes and the output file of a process, served by one thread without ever waiting for one alone."""

    def __init__(self, process: "subprocess.Popen[bytes]", command: Command, output: IO[bytes]) -> None:
        assert process.stdin is not None
        assert process.stderr is not None
        self._stdin, self._stderr, self._output = process.stdin, process.stderr, output
        self._left = memoryview(command.stdin)
        self._limit = command.max_output
        self._kept_errors = bytearray()
        self._selector = selectors.DefaultSelector()
        for stream in (self._stdin, self._stderr):
            os.set_blocking(stream.fileno(), False)
        self._selector.register(self._stdin, selectors.EVENT_WRITE)
        self._selector.register(self._stderr, selectors.EVENT_READ)

    @property
    def output(self) -> bytes:
        """Standard output, up to the limit."""
        self._output.seek(0)
        return self._output.read(self._limit)

    @property
    def errors(self) -> bytes:
        """The end of standard error."""
        return bytes(self._kept_errors[-_STDERR_BYTES:])

    @property
    def flooded(self) -> bool:
        """Whether there was more output than is allowed."""
        return os.fstat(self._output.fileno()).st_size > self._limit

    @property
    def open(self) -> bool:
        """Whether something can still come or go."""
        return bool(self._selector.get_map())

    def serve(self, seconds: float) -> None:
        """Move what can be moved, waiting at most so long for the first byte."""
        if not self.open:
            time.sleep(seconds)
            return
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._stdin:
                self._write()
            else:
                self._read()

    def drop_input(self) -> None:
        """Stop writing."""
        if not self._stdin.closed:
            self._selector.unregister(self._stdin)
            self._stdin.close()

    def close(self) -> None:
        """Stop listening; `Popen` closes the pipes."""
        self._selector.close()

    def _write(self) -> None:
        try:
            written = os.write(self._stdin.fileno(), self._left[:_CHUNK]) if self._left else 0
        except BlockingIOError:
            return
        except OSError:  # the program does not want to hear it all
            written = len(self._left)
        self._left = self._left[written:]
        if not self._left:
            self.drop_input()

    def _read(self) -> None:
        try:
            data = os.read(self._stderr.fileno(), _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(self._stderr)
        self._kept_errors += data
        del self._kept_errors[: -2 * _STDERR_BYTES]


def _wait(process: "subprocess.Popen[bytes]", streams: _Streams, command: Command, cancelled: Event) -> Ending:
    until = time.monotonic() + command.deadline
    while process.poll() is None:
        if cancelled.is_set():
            return Ending.CANCELLED
        if time.monotonic() >= until:
            return Ending.TIMED_OUT
        if streams.flooded:
            return Ending.FLOODED
        streams.serve(_LOOK)
    return Ending.EXITED


def _end(process: "subprocess.Popen[bytes]", mark: str, streams: _Streams) -> None:
    """End the group, politely first where the program itself still runs, and take what is left in the pipes."""
    streams.drop_input()
    if process.poll() is None:
        _signal(process.pid, mark, signal.SIGTERM)
        _serve_until(streams, _GRACE, lambda: process.poll() is not None)
    # The id of a group is not given away while a member lives, and otherwise nobody had time to take it.
    _signal(process.pid, mark, signal.SIGKILL)
    process.wait()
    _serve_until(streams, _DRAIN, lambda: not streams.open)
    # Once more: what was being started while the others were killed. A killed process needs a moment to be gone.
    _signal(process.pid, mark, signal.SIGKILL)
    _serve_until(streams, _DRAIN, lambda: not marked(mark))
    streams.close()


def _serve_until(streams: _Streams, seconds: float, done: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        streams.serve(_LOOK)


def _signal(group: int, mark: str, number: signal.Signals) -> None:
    # Who is gone cannot be signalled, and macOS says of a group of zombies that it is not permitted.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
    for pid in marked(mark):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def marked(mark: str) -> tuple[int, ...]:
    """Living processes that were started with this mark, or, where it ends in `-`, with one that begins so; empty where the
    system has no /proc."""
    wanted = f"{MARK}={mark}".encode()
    try:
        names = [entry.name for entry in _PROC.iterdir() if entry.name.isdecimal()]
    except OSError:
        return ()
    begins = mark.endswith("-")
    return tuple(
        int(name)
        for name in names
        if any(one == wanted or (begins and one.startswith(wanted)) for one in _environment(name))
    )


def _environment(pid: str) -> list[bytes]:
    try:
        return (_PROC / pid / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


# --- when this process is killed and cannot end what it has started -------------------------------------------------------


class _Guard:
    """A process of its own, begun with the first program, that lives as long as this one: it learns of our end by the end of
    its input, and then ends the groups that are left. On a runner that ends by taking its container away it has nothing to do.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def watch(self, group: int) -> None:
        """From now on."""
        self._say(f"+{group}\n")

    def forget(self, group: int) -> None:
        """It has ended."""
        self._say(f"-{group}\n")

    def close(self) -> None:
        """At our own, orderly end."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None and self._owner == os.getpid() and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
            process.wait()

    def _say(self, line: str) -> None:
        with self._lock:
            if self._process is None or self._owner != os.getpid():
                self._process, self._owner = _begun(), os.getpid()
            if self._process is not None and self._process.stdin is not None:
                with suppress(OSError):  # it was killed as well: then all goes on without it
                    self._process.stdin.write(line.encode())


def _begun() -> "subprocess.Popen[bytes] | None":
    """This file as a program; no variable of ours, and none of the marks, goes to it."""
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; the arguments are ours
            (sys.executable, "-I", "-S", __file__, str(os.getpid())),
            cwd="/",
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
    except (OSError, ValueError):
        return None


def _guard(owner: str) -> None:
    """Listens until the other end is gone; then kills the groups that were not forgotten, and what bears our marks."""
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        groups.add(group) if line.startswith("+") else groups.discard(group)
    for _ in range(2):  # once more for what was being started meanwhile
        for group in groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        for pid in marked(f"{owner}-"):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_LOOK)


_GUARD = _Guard()

if __name__ == "__main__":
    _guard(sys.argv[1])
else:
    atexit.register(_GUARD.close)

"""The lock that keeps two runs at one variant apart: held by the operating system, so that death releases it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from docsfy_action.errors import StateLocked
from docsfy_action.state.files import state_errors

_MAX_HOLDER_BYTES = 1000


@contextmanager
def locked(path: Path, *, what: str, now: datetime) -> Iterator[None]:
    """Hold the lock file `path` for the block. Raises StateLocked where another process holds it, naming that process.

    The file stays: removing it would let two processes lock two files of one name.
    """
    with state_errors(f"make the lock `{path}`"):
        if path.is_symlink():
            path.unlink()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        if not _taken(descriptor, path):
            raise _refused(descriptor, what)
        _sign(descriptor, now)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int, path: Path) -> bool:
    with state_errors(f"lock `{path}`"):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _sign(descriptor: int, now: datetime) -> None:
    """Say who holds the lock. Only for people: on a full disk the lock is as good without."""
    holder = {"pid": os.getpid(), "host": os.uname().nodename, "started": now.isoformat(timespec="seconds")}
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode("ascii"), 0)
    except OSError:
        return


def _refused(descriptor: int, what: str) -> StateLocked:
    try:
        holder = json.loads(os.pread(descriptor, _MAX_HOLDER_BYTES, 0))
        who = f"process {int(holder['pid'])} on {ascii(holder['host'])[1:-1]}, started {ascii(holder['started'])[1:-1]}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        who = "another process"
    return StateLocked(
        f"Another run is at work on {what}: {who}.",
        hint="Wait until it has ended, or give this run a state folder of its own with `cache-dir`.",
    )

"""Reading and writing files of a state folder: whole or not at all, and through no link that somebody planted there."""

import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from docsfy_action.errors import StateError

TEMPORARY = ".tmp-"
KEPT_ASIDE = 3
"""So many damaged versions of a file or folder stay to be looked at; older ones go."""
_HINTS = {
    errno.ENOSPC: "Free some space on the disk, or name a folder on another one with `cache-dir`.",
    errno.EDQUOT: "Your disk quota is used up: free some space, or name another folder with `cache-dir`.",
    errno.EFBIG: "A limit on the size of files is in force (`ulimit -f`): raise it.",
    errno.EROFS: "The file system is read-only: name a folder that can be written with `cache-dir`.",
    errno.EACCES: "Make the folder writable for this user, or name another one with `cache-dir`.",
    errno.EPERM: "Make the folder writable for this user, or name another one with `cache-dir`.",
    errno.ENOTDIR: "A file stands where a folder should be: remove it, or name another folder with `cache-dir`.",
    errno.ENOLCK: "The file system knows no locks: name a folder on a local disk with `cache-dir`.",
    errno.ENOTSUP: "The file system lacks what a state folder needs: name a folder on a local disk with `cache-dir`.",
}
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Planted(Exception):
    """Something that this program never makes lies in the state folder: a link, a device, a pipe."""


def place_aside(path: Path) -> tuple[Path, list[Path]]:
    """Where beside `path` what is damaged is set aside, and what was set aside there so long ago that it can go."""
    numbers = re.compile(re.escape(path.name) + r"\.damaged-([1-9]\d{0,8})")
    found = sorted(int(match[1]) for entry in path.parent.iterdir() if (match := numbers.fullmatch(entry.name)))
    places = [path.with_name(f"{path.name}.damaged-{number}") for number in [*found, (found or [0])[-1] + 1]]
    return places[-1], places[:-KEPT_ASIDE]


def remove_tree(path: Path) -> None:
    """Remove a file, link or folder that nobody needs; what cannot be removed does no harm."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


@contextmanager
def state_errors(doing: str) -> Iterator[None]:
    """Turn trouble with files into a StateError that says what failed, on what, and what to do."""
    try:
        yield
    except OSError as error:
        raise state_error(error, doing) from error


def state_error(error: OSError, doing: str) -> StateError:
    """The StateError for a failed operation on files."""
    hint = _HINTS.get(error.errno or 0, "Look at the folder, or name another one with `cache-dir`.")
    return StateError(f"The state folder cannot be used: failed to {doing}: {error.strerror or error}.", hint=hint)


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that a reader, or a crash at any instant, sees the old bytes or the new ones.

    The folder must exist. On failure the old file is intact and nothing else is left behind. Raises StateError.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name[:100]}")
    with state_errors(f"write `{path}`"):
        temporary.unlink(missing_ok=True)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)  # noqa: PTH105 - a `Path` method of another name, no gain
        finally:
            with suppress(OSError):
                temporary.unlink()


def append_whole(path: Path, line: bytes) -> None:
    """Append one line, durably; a failure takes back what was written of it. Raises StateError."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with state_errors(f"write `{path}`"):
        descriptor = os.open(path, flags, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            # A run that was killed while writing left half a line: what follows must not become part of it.
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            try:
                _write_all(descriptor, b"\n" + line if torn else line)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_regular(path: Path, limit: int) -> bytes | None:
    """The file's bytes, at most `limit` and one; None where there is none. A link or anything but a plain file that has
    no other name raises Planted; trouble with the disk raises StateError."""
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK, errno.ENXIO}:
            raise Planted(f"`{path.name}` is a link or no file") from None
        raise state_error(error, f"read `{path}`") from error
    try:
        check_plain(os.fstat(descriptor), path.name)
        with state_errors(f"read `{path}`"), os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(descriptor)


def check_plain(status: os.stat_result, name: str) -> None:
    """Raise Planted unless this is the status of a plain file that has no second name elsewhere."""
    if not stat.S_ISREG(status.st_mode):
        raise Planted(f"`{name}` is no plain file")
    if status.st_nlink > 1:
        raise Planted(f"`{name}` is the same file as another one")


def make_folders(root: Path, folder: Path) -> tuple[Path, ...]:
    """Make `folder` below `root`, and give the links that were removed from the way, because they would have led out of
    the state folder. Raises StateError."""
    removed = []
    with state_errors(f"make the folder `{folder}`"):
        root.mkdir(parents=True, exist_ok=True)
        current = root
        for part in folder.relative_to(root).parts:
            current /= part
            if current.is_symlink():
                current.unlink()
                removed.append(current)
            current.mkdir(exist_ok=True)
    return tuple(removed)


def first_link(root: Path, folder: Path) -> Path | None:
    """The first symbolic link on the way from `root` (exclusive) to `folder` (inclusive)."""
    current = root
    for part in folder.relative_to(root).parts:
        current /= part
        if current.is_symlink():
            return current
    return None


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]

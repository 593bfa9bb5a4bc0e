"""The output folder: whose it is, and how a finished site takes the place of the last one."""

import contextlib
import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from docsfy_action.errors import OutputError
from docsfy_action.site.model import SiteSpec

MARKER = "docsfy.json"
SCHEMA = 1

_HINT = "Choose another output-dir, or empty this one."


def marker(spec: SiteSpec) -> str:
    """The file that says that a folder is ours, from which commit it was made, and what an index of sites tells of it."""
    return (
        json.dumps(
            {
                "schema": SCHEMA,
                "name": spec.name,
                "commit": spec.commit,
                "date": spec.commit_date,
                "commit_url": spec.commit_url,
                "pages": len(spec.pages),
                "program": spec.program_version,
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def check_output(folder: Path) -> None:
    """Raise OutputError unless the folder is missing, empty or a site of ours."""
    if not folder.exists():
        if folder.is_symlink():
            raise OutputError(f"The output folder {folder} is a link that leads nowhere.", hint=_HINT)
        return
    if not folder.is_dir():
        raise OutputError(f"The output folder {folder} is a file.", hint=_HINT)
    with reported(folder):
        names = sorted(entry.name for entry in folder.iterdir())
    if names and not _is_ours(folder):
        raise OutputError(
            f"The output folder {folder} holds files that are not a site of docsfy-action, such as {names[0]}.",
            hint=_HINT,
        )


def prepare(folder: Path) -> Path:
    """A new empty folder beside the output folder, on the same file system; what killed runs left is cleared away."""
    with reported(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        new, old = _beside(folder, "new"), _beside(folder, "old")
        if old.exists():
            if not folder.exists():
                old.rename(folder)
            else:
                shutil.rmtree(old)
        if new.exists():
            shutil.rmtree(new)
        new.mkdir()
    return new


def swap(new: Path, folder: Path) -> None:
    """Put the new folder in the place of the output folder; the old one goes away last."""
    old = _beside(folder, "old")
    with reported(folder):
        if not folder.exists():
            new.rename(folder)
            return
        if _exchange(new, folder):
            new.rename(old)
        else:
            folder.rename(old)
            try:
                new.rename(folder)
            except OSError:
                old.rename(folder)
                raise
        shutil.rmtree(old)


def discard(new: Path) -> None:
    """Remove an unfinished build."""
    shutil.rmtree(new, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    try:
        content = json.loads((folder / MARKER).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and isinstance(content.get("schema"), int)


def _beside(folder: Path, role: str) -> Path:
    return folder.parent / f".{folder.name}.docsfy-{role}"


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step, so that no moment is without a site; False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    at_current_folder, exchange = -100, 2
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(renameat2(at_current_folder, os.fsencode(first), at_current_folder, os.fsencode(second), exchange) == 0)


@contextlib.contextmanager
def reported(folder: Path) -> Iterator[None]:
    """Turn errors of the file system into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        hint = "Free some space and run again." if error.errno == errno.ENOSPC else _HINT
        raise OutputError(f"The output folder {folder} cannot be written: {error.strerror}.", hint=hint) from error

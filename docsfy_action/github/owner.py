"""Gives what a root container wrote to the owner of the workspace, so that later steps can change and delete it."""

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

logger = logging.getLogger(__name__)


def give_to_owner(workspace: Path, paths: Iterable[Path]) -> int:
    """Changes the owner of `paths` and all below them to that of `workspace`; gives the number of changed entries.

    Does nothing unless this process is root and the workspace belongs to somebody else. Links are changed, never
    followed; missing paths are passed over; what cannot be changed is logged, since this runs last and must not fail.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return 0
    try:
        owner = workspace.stat()
    except OSError:
        return 0
    if owner.st_uid == 0:
        return 0
    changed, failed = 0, ""
    for path in _entries(paths):
        try:
            about = path.lstat()
            if (about.st_uid, about.st_gid) != (owner.st_uid, owner.st_gid):
                os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
                changed += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            failed = failed or f"{path}: {error.strerror}"
    if failed:
        logger.warning("Not everything could be given to the owner of the workspace: %s", failed)
    return changed


def _entries(paths: Iterable[Path]) -> Iterator[Path]:
    for start in paths:
        yield start
        for folder, folders, files in os.walk(start, followlinks=False):
            yield from (Path(folder, name) for name in (*folders, *files))

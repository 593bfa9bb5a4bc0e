"""The commit as a read-only folder for model programs: without git's own folder, without anything that configures or
instructs such programs, without secrets by name, links and names that are no plain text."""

import errno
import os
import re
import shutil
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from docsfy_action.errors import StateError
from docsfy_action.repository.snapshot import BlobReader, Entry, Snapshot
from docsfy_action.repository.tree import is_regular


class LeftOut(StrEnum):
    """Why a path of the commit is not in its export."""

    STEERING = "configures or instructs model programs"
    SECRET = "may hold secrets"  # noqa: S105 - a reason, no password
    LINK = "symbolic link or submodule"
    NAME = "unsafe name"
    BINARY = "no text"
    SIZE = "too large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of an export, in bytes and files; what is nearest to the root comes first."""

    file_bytes: int = 2_000_000
    total_bytes: int = 500_000_000
    files: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The folder, the paths that are in it, and how many were left out for which reason."""

    folder: Path
    paths: frozenset[str] = frozenset()
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)


DEFAULT_LIMITS = Limits()

# What claude, gemini, cursor and their relatives read from a working directory, as their programs and documentation
# name it; compared with every part of a path after `_folded`. A trailing `*` stands for any ending.
_STEERING = (
    ".git", ".git-*", ".claude*", ".gemini*", ".cursor*", ".codex*", ".vscode*", ".idea", ".zed", ".agent", ".agents",
    ".mcp*", "mcp.json", ".lsp.json", ".aider*", ".cline*", ".roo*", ".windsurf*", ".continue*", ".kiro",
    ".qwen*", ".copilot*", ".amazonq", ".junie", ".augment*", ".opencode*", "opencode.json", "opencode.jsonc", ".goose*",
    ".trae", ".crush*", ".factory", ".openhands", ".aiexclude", ".aiignore", ".ignore", ".rgignore", ".worktreeinclude",
    ".rules", "gemini-extension.json", "claude.md", "claude.local.md", "gemini.md", "agents.md", "agents.override.md", "agent.md",
    "qwen.md",
)  # fmt: skip
# Below `.github` only: what Copilot and its relatives read there.
_GITHUB_STEERING = (
    "hooks", "mcp.json", "copilot*", "instructions", "prompts", "chatmodes", "agents", "skills", "extensions",
)  # fmt: skip
_SECRET = (".env*", ".netrc", "_netrc", ".npmrc", ".pypirc", ".dockercfg", ".pgpass", ".htpasswd", ".ssh", ".aws")

_MAX_PART_BYTES = 255
_MAX_PATH_BYTES = 1000
_IMPOSSIBLE_NAME = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EISDIR})
_LOOKED_AT = 8000  # as git does, when it tells text from binary
_READ_ONLY_FILE = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
_READ_ONLY_FOLDER = _READ_ONLY_FILE | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in names), re.DOTALL)


_IS_STEERING = _pattern(_STEERING)
_IS_GITHUB_STEERING = _pattern(_GITHUB_STEERING)
_IS_SECRET = _pattern(_SECRET)


def why_left_out(path: str) -> LeftOut | None:
    """Why a path may not be exported whatever it holds; None where it may."""
    parts = path.split("/")
    if not all(map(_is_safe, parts)) or len(path.encode("utf-8", "surrogateescape")) > _MAX_PATH_BYTES:
        return LeftOut.NAME
    folded = [_folded(part) for part in parts]
    if any(map(_IS_STEERING.fullmatch, folded)):
        return LeftOut.STEERING
    below_github = (below for above, below in pairwise(folded) if above == ".github")
    if any(map(_IS_GITHUB_STEERING.fullmatch, below_github)):
        return LeftOut.STEERING
    return LeftOut.SECRET if any(map(_IS_SECRET.fullmatch, folded)) else None


def write_export(snapshot: Snapshot, reader: BlobReader, folder: Path, *, limits: Limits = DEFAULT_LIMITS) -> Export:
    """Write the commit into the new folder `folder`, read-only. Raises StateError where it cannot be written, or exists.

    The same commit always gives the same files: of paths that a file system takes for one, the first is kept.
    """
    written: set[str] = set()
    left_out: Counter[LeftOut] = Counter()
    total = 0
    try:
        folder.mkdir(parents=True, mode=0o700)
        for entry in sorted(snapshot.entries.values(), key=lambda entry: (entry.path.count("/"), entry.path)):
            reason = _refusal(entry, limits)
            data = reader.read(entry.path) if reason is None else None
            if data is None:
                left_out[reason or LeftOut.LINK] += 1
                continue
            full = len(written) >= limits.files or total + len(data) > limits.total_bytes
            reason = LeftOut.SIZE if full or len(data) > limits.file_bytes else _refused_content(data)
            if reason is None and not _write(folder, entry.path, data):
                reason = LeftOut.NAME
            if reason is not None:
                left_out[reason] += 1
                continue
            written.add(entry.path)
            total += len(data)
        _make_read_only(folder)
    except OSError as error:
        raise StateError(
            f"The files that a model may read could not be written to `{folder}`: {error.strerror}.",
            hint="Make room there, or name another folder with `cache-dir`.",
        ) from error
    return Export(folder=folder, paths=frozenset(written), left_out=dict(sorted(left_out.items())))


def remove_export(folder: Path) -> None:
    """Remove an export; one that is not there, or that cannot be removed, is left alone."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for place, _, _ in os.walk(folder):
        Path(place).chmod(0o700)  # without this, nobody but root can remove what is inside
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def exported(
    snapshot: Snapshot, reader: BlobReader, folder: Path, *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Export]:
    """An export for the length of a block; what a killed run left at `folder` is removed first."""
    remove_export(folder)
    try:
        yield write_export(snapshot, reader, folder, limits=limits)
    finally:
        remove_export(folder)


def _refusal(entry: Entry, limits: Limits) -> LeftOut | None:
    if not is_regular(entry):
        return LeftOut.LINK
    return why_left_out(entry.path) or (LeftOut.SIZE if entry.size > limits.file_bytes else None)


def _refused_content(data: bytes) -> LeftOut | None:
    return LeftOut.BINARY if b"\0" in data[:_LOOKED_AT] else None


def _is_safe(part: str) -> bool:
    """Whether a part of a path is plain text that means itself on every file system."""
    try:
        size = len(part.encode("utf-8"))
    except UnicodeEncodeError:
        return False
    return (
        0 < size <= _MAX_PART_BYTES and part not in {".", ".."} and not any(map(_is_odd, part)) and not part.isspace()
    )


def _is_odd(character: str) -> bool:
    return character in "\\\0" or unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"}


def _folded(part: str) -> str:
    """A name as the most forgiving file system would read it: letter case, compatibility forms, invisible characters
    and what stands at its end make no difference."""
    visible = "".join(character for character in part if unicodedata.category(character) not in {"Cf", "Mn"})
    folded = unicodedata.normalize("NFKC", visible).casefold()
    return unicodedata.normalize("NFKC", folded).partition(":")[0].rstrip(". ")


def _write(folder: Path, path: str, data: bytes) -> bool:
    """Write one file; False where its name is taken or impossible on this file system."""
    target = folder.joinpath(*path.split("/"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except (FileExistsError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno in _IMPOSSIBLE_NAME:
            return False
        raise
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return True


def _make_read_only(folder: Path) -> None:
    for place, _, files in os.walk(folder, topdown=False):
        for name in files:
            Path(place, name).chmod(_READ_ONLY_FILE)
        Path(place).chmod(_READ_ONLY_FOLDER)

"""Differences between two versions of files as text, cut into portions of which none is lost."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

CONTEXT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file before and after; None where it did not exist, or where its old text can no longer be had."""

    path: str
    old: str | None
    new: str | None
    old_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A piece of a diff that is shown in one call: its text and the files it is about."""

    text: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    path: str
    text: str


def unified(change: FileChange, *, context: int = CONTEXT) -> tuple[str, ...]:
    """The hunks of a file's difference, each with the file's name above it."""
    head = f"--- {change.path if change.old is not None else '(did not exist)'}"
    head += f"\n+++ {change.path if change.new is not None else '(removed)'}\n"
    if not change.old_known:
        return (f"{head}(the old text of this file is not available; this is the whole new text)\n{change.new or ''}",)
    lines = difflib.unified_diff(_lines(change.old), _lines(change.new), n=context)
    hunks: list[list[str]] = []
    for line in list(lines)[2:]:
        if line.startswith("@@"):
            hunks.append([])
        hunks[-1].append(line if line.endswith("\n") else f"{line}\n")
    return tuple(head + "".join(hunk) for hunk in hunks) or (f"{head}(no line differs)\n",)


def portions(changes: Iterable[FileChange], *, size: int) -> tuple[Portion, ...]:
    """All hunks of all changes in portions of at most about `size` characters. A hunk larger than that is cut between
    lines, and every piece says so; a line is cut only where it is longer than a portion. Joined, nothing is missing."""
    out: list[Portion] = []
    texts: list[str] = []
    paths: list[str] = []
    used = 0
    for piece in _pieces(changes, size):
        if texts and used + len(piece.text) > size:
            out.append(Portion(text="\n".join(texts), paths=tuple(dict.fromkeys(paths))))
            texts, paths, used = [], [], 0
        texts.append(piece.text)
        paths.append(piece.path)
        used += len(piece.text) + 1
    if texts:
        out.append(Portion(text="\n".join(texts), paths=tuple(dict.fromkeys(paths))))
    return tuple(out)


def _pieces(changes: Iterable[FileChange], size: int) -> Iterator[_Piece]:
    for change in changes:
        for hunk in unified(change):
            if len(hunk) <= size:
                yield _Piece(path=change.path, text=hunk)
                continue
            parts = tuple(_cut(hunk, max(size, 400) - 200))
            for number, part in enumerate(parts, 1):
                note = f"(part {number} of {len(parts)} of a change of {change.path[:80]})\n"
                yield _Piece(path=change.path, text=note + part)


def _cut(text: str, size: int) -> Iterator[str]:
    taken: list[str] = []
    used = 0
    for line in _short_lines(text.splitlines(keepends=True), size):
        if taken and used + len(line) > size:
            yield "".join(taken)
            taken, used = [], 0
        taken.append(line)
        used += len(line)
    if taken:
        yield "".join(taken)


def _short_lines(lines: Sequence[str], size: int) -> Iterator[str]:
    for line in lines:
        for start in range(0, len(line), size):
            yield line[start : start + size]


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines(keepends=True)

"""A commit as values: which paths it holds, which blob each is, and what differs between two of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a tree. `mode` is git's octal text, `120000` for a symbolic link, `160000` for a submodule."""

    path: str
    blob: str
    mode: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The tree of one commit. Paths are repository-relative with `/`; bytes that are no UTF-8 are surrogate-escaped."""

    commit: str
    committed: datetime
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Where the repository lives on the web, for links: `https://HOST/OWNER/NAME`, without credentials."""

    url: str
    host: str
    owner: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit of the first-parent history, newest first where they come in a sequence."""

    sha: str
    date: datetime
    author: str
    subject: str
    body: str = ""
    paths: tuple[str, ...] = ()


class BlobReader(Protocol):
    """Reads file contents out of a commit; the only way any room sees the repository's bytes."""

    def read(self, path: str) -> bytes | None:
        """The blob at `path` in the documented commit; None where there is no such regular file."""

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Path and blob of every regular file among `paths`, in their order; faster than one by one."""

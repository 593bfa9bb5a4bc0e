"""Reads blobs of one commit through a single `git cat-file --batch` that lives as long as the reader."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from threading import Lock
from types import TracebackType
from typing import Self

from docsfy_action.errors import SourceError
from docsfy_action.repository.git import GitCommands, GitProcess
from docsfy_action.repository.snapshot import Entry, Snapshot
from docsfy_action.repository.tree import is_regular

# So many requests fit into a pipe (64 KiB) before git has read one: neither side ever waits for the other.
_REQUESTS_AT_ONCE = 500
_BYTES_AT_ONCE = 8_000_000


class CommitReader:
    """A `BlobReader` of one commit, for use from several threads; close it, or use it in a `with` block.

    A path that is no regular file of the commit is None. An object that should be there and is not (partial clone,
    damaged repository) is a SourceError: a page written without it would be silently incomplete.
    """

    def __init__(self, git: GitCommands, snapshot: Snapshot) -> None:
        self._git = git
        self._entries = snapshot.entries
        self._lock = Lock()
        self._stack = ExitStack()
        self._process: GitProcess | None = None

    def read(self, path: str) -> bytes | None:
        """The blob at `path`; None where there is no such regular file."""
        entry = self._entries.get(path)
        if entry is None or not is_regular(entry):
            return None
        with self._lock:
            self._request([entry])
            return self._answer(entry)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Path and blob of every regular file among `paths`, in their order; faster than reading one by one."""
        entries = [entry for entry in map(self._entries.get, paths) if entry is not None and is_regular(entry)]
        for batch in _batches(entries):
            with self._lock:
                self._request(batch)
                texts = [self._answer(entry) for entry in batch]
            yield from zip((entry.path for entry in batch), texts, strict=True)

    def close(self) -> None:
        """End git. Reading again starts it anew."""
        with self._lock:
            self._process = None
            self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _request(self, entries: list[Entry]) -> None:
        if self._process is None:
            self._process = self._stack.enter_context(self._git.process("cat-file", "--batch"))
        try:
            self._process.stdin.write(b"".join(entry.blob.encode("ascii") + b"\n" for entry in entries))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failure(entries[0]) from None

    def _answer(self, entry: Entry) -> bytes:
        assert self._process is not None
        stream = self._process.stdout
        header = stream.readline().split()
        if len(header) != 3 or not header[2].isdigit():
            raise self._failure(entry)
        size = int(header[2])
        data = stream.read(size + 1)
        if len(data) != size + 1:
            raise self._failure(entry)
        return data[:size]

    def _failure(self, entry: Entry) -> SourceError:
        self._process = None
        self._stack.close()
        return SourceError(
            f"Git could not read `{entry.path!s}` (object {entry.blob[:12]}) of the commit.",
            hint="Objects are missing or damaged: clone the repository anew, without `filter:` and `sparse-checkout:`.",
        )


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Portions that fit into a pipe as requests and into memory as answers."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == _REQUESTS_AT_ONCE or size + entry.size > _BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += max(entry.size, 0)
    if batch:
        yield batch

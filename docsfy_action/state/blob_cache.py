"""A cache of bytes by namespace and key in one SQLite file, shared by processes and never worth an error.

What it holds can always be made again: a damaged file is set aside with a warning and a new one begun.
"""

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from docsfy_action.errors import StateError
from docsfy_action.state.files import place_aside, remove_tree, state_errors

T = TypeVar("T")

KEEP_RUNS = 20
MAX_ENTRY_BYTES = 64_000_000
# Waiting for another process that writes; it holds the file for moments only.
_PATIENCE_SECONDS = 30.0
_AT_ONCE = 400
_CHECKSUM_BYTES = 16
# What an entry's use costs to note must not depend on its size: hence the second table.
_TABLES = (
    "entries (id INTEGER PRIMARY KEY, namespace TEXT, key TEXT, data BLOB, UNIQUE (namespace, key))",
    "uses (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, size INTEGER NOT NULL)",
    "runs (last INTEGER NOT NULL)",
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH,
                      sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_TOOBIG})  # fmt: skip
_HINTS = {
    sqlite3.SQLITE_FULL: "Free some space on the disk, or name a folder on another one with `cache-dir`.",
    sqlite3.SQLITE_READONLY: "Make the folder writable for this user, or name another one with `cache-dir`.",
    sqlite3.SQLITE_CANTOPEN: "Make the folder writable for this user, or name another one with `cache-dir`.",
    sqlite3.SQLITE_BUSY: "Another run has been writing for too long: wait for it, or name another `cache-dir`.",
}


class _Unusable(Exception):
    """The file is not what it should be."""


class BlobCache:
    """Bytes by namespace and key, for one thread of one process at a time; close it, or use it in a `with` block.

    Keys are digests of all that the bytes depend on, so an entry never changes. Entries that no run has asked for
    during `keep_runs` runs go, and beyond `max_bytes` (as stored) those that were not asked for longest. `warnings`
    says what was damaged. Trouble with the disk raises StateError.
    """

    def __init__(self, path: Path, *, keep_runs: int = KEEP_RUNS, max_bytes: int | None = None) -> None:
        self.warnings: list[str] = []
        self._path = path
        self._keep_runs = keep_runs
        self._max_bytes = max_bytes
        self._used: set[int] = set()
        self._connection: sqlite3.Connection | None = None

    def get_many(self, namespace: str, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of `keys` that are known."""
        if not keys or (self._connection is None and not self._path.exists()):
            return {}
        return self._guarded(lambda connection: self._get(connection, namespace, keys), {})

    def put_many(self, namespace: str, entries: Mapping[str, bytes]) -> None:
        """Remember entries; all of them, or in case of trouble none."""
        if entries:
            rows = [(namespace, key, _packed(namespace, key, data)) for key, data in entries.items()]
            self._guarded(lambda connection: self._put(connection, rows), None, again=True)

    def prune(self) -> None:
        """Once, at the end of a run: note what it used, and forget what has not been used for long."""
        if self._connection is not None or self._path.exists():
            self._guarded(self._prune, None)

    def close(self) -> None:
        """Close the file. Using the cache again opens it anew."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _get(self, connection: sqlite3.Connection, namespace: str, keys: Collection[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for some in portions(sorted(keys)):
            marks = ",".join("?" * len(some))
            rows = connection.execute(
                f"SELECT id, key, data FROM entries WHERE namespace = ? AND key IN ({marks})",  # noqa: S608 - marks only
                (namespace, *some),
            )
            for number, key, stored in rows:
                data = _unpacked(namespace, key, stored)
                if data is None:
                    raise _Unusable("an entry cannot be read")
                found[key] = data
                self._used.add(number)
        return found

    def _put(self, connection: sqlite3.Connection, rows: Sequence[tuple[str, str, bytes]]) -> None:
        with _transaction(connection):
            run = _last_run(connection) + 1
            for row in rows:
                cursor = connection.execute(
                    "INSERT OR IGNORE INTO entries (namespace, key, data) VALUES (?, ?, ?)", row
                )
                if cursor.rowcount == 1:
                    connection.execute("INSERT INTO uses VALUES (?, ?, ?)", (cursor.lastrowid, run, len(row[2])))

    def _prune(self, connection: sqlite3.Connection) -> None:
        with _transaction(connection):
            run = _last_run(connection) + 1
            connection.execute("UPDATE runs SET last = ?", (run,))
            numbers = ((run, number) for number in sorted(self._used))
            connection.executemany("UPDATE uses SET run = ? WHERE id = ?", numbers)
            connection.execute("DELETE FROM uses WHERE run <= ?", (run - self._keep_runs,))
            if self._max_bytes is not None:
                # Newest first, and within a run the last one written first: what comes after the limit goes.
                connection.execute(
                    "DELETE FROM uses WHERE id IN (SELECT id FROM"
                    " (SELECT id, sum(size) OVER (ORDER BY run DESC, id DESC) AS total FROM uses) WHERE total > ?)",
                    (self._max_bytes,),
                )
            connection.execute("DELETE FROM entries WHERE id NOT IN (SELECT id FROM uses)")
        connection.execute("PRAGMA incremental_vacuum").fetchall()
        self._used.clear()

    def _guarded(self, work: Callable[[sqlite3.Connection], T], otherwise: T, *, again: bool = False) -> T:
        """The result of `work`. A damaged file is set aside, and `work` done with a new one if `again`."""
        try:
            return work(self._open())
        except _Unusable as error:
            reason = str(error)
        except UnicodeDecodeError:
            # Names of tables that are no Unicode, quoted in SQLite's message, which Python then cannot make into an error.
            reason = "it holds text that is no Unicode"
        except sqlite3.Error as error:
            reason = self._reason(error)
        self._set_aside(reason)
        return self._guarded(work, otherwise) if again else otherwise

    def _reason(self, error: sqlite3.Error) -> str:
        if isinstance(error, sqlite3.ProgrammingError):
            raise error  # used from another thread: no fault of the file
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        # A damaged head of the file can claim that it is for reading only.
        claimed = code == sqlite3.SQLITE_READONLY and os.access(self._path, os.W_OK)
        if claimed or code in _DAMAGED:
            return str(error)
        hint = _HINTS.get(code, "Look at the folder, or name another one with `cache-dir`.")
        raise StateError(f"The state folder cannot be used: `{self._path}`: {error}.", hint=hint) from error

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            for part in self._parts(self._path):
                if part.is_symlink() or (part.exists() and not part.is_file()):
                    raise _Unusable("it is a link or no file")
            with state_errors(f"make the folder of `{self._path}`"):
                self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=_PATIENCE_SECONDS, isolation_level=None)
            self._connection = connection
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ENTRY_BYTES)
            for pragma in (
                "trusted_schema = OFF",
                "cell_size_check = ON",
                "journal_mode = DELETE",
                "synchronous = NORMAL",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            _prepare(connection)
        return self._connection

    def _set_aside(self, reason: str) -> None:
        """Move the file, and the journal that belongs to it, out of the way."""
        self.close()
        self._used.clear()
        with state_errors(f"set aside `{self._path}`"):
            place, outdated = place_aside(self._path)
            for old in outdated:
                for part in self._parts(old):
                    remove_tree(part)
            for part, aside in zip(self._parts(self._path), self._parts(place), strict=True):
                if part.exists() or part.is_symlink():
                    part.rename(aside)
        done = f"It was set aside as `{place.name}` and is made anew."
        self.warnings.append(f"The state file `{self._path.name}` is damaged ({reason}). {done}")

    @staticmethod
    def _parts(path: Path) -> tuple[Path, ...]:
        """The file and those that SQLite makes beside it."""
        return tuple(path.with_name(path.name + suffix) for suffix in ("", "-journal", "-wal", "-shm"))


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file; raise _Unusable where an old one has others, triggers or views included."""
    schema = _schema(connection)
    if schema == sorted(f"CREATE TABLE {table}" for table in _TABLES):
        return
    if schema:
        raise _Unusable("it has other tables than this version of the program makes")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with _transaction(connection):
        # Another process may have been faster.
        for table in _TABLES:
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        connection.execute("INSERT INTO runs SELECT 0 WHERE NOT EXISTS (SELECT * FROM runs)")


def _schema(connection: sqlite3.Connection) -> list[object]:
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex%' ORDER BY sql")
    return [sql for (sql,) in rows]


def _last_run(connection: sqlite3.Connection) -> int:
    rows = connection.execute("SELECT last FROM runs").fetchall()
    if len(rows) != 1 or type(rows[0][0]) is not int or not 0 <= rows[0][0] < 1 << 40:
        raise _Unusable("its count of runs is no number")
    last: int = rows[0][0]
    return last


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _packed(namespace: str, key: str, data: bytes) -> bytes:
    compressed = zlib.compress(data, 3)
    return _checksum(namespace, key, compressed) + compressed


def _checksum(namespace: str, key: str, compressed: bytes) -> bytes:
    """Ties an entry to its key: in a damaged file an index can lead to the row of another one."""
    name = f"{len(namespace)} {namespace} {key}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(compressed, digest_size=_CHECKSUM_BYTES, key=hashlib.blake2b(name).digest()).digest()


def _unpacked(namespace: str, key: object, stored: object) -> bytes | None:
    """The bytes of an entry; None where they are damaged or far larger than anything that was put in."""
    if not isinstance(stored, bytes) or not isinstance(key, str):
        return None
    compressed = stored[_CHECKSUM_BYTES:]
    if _checksum(namespace, key, compressed) != stored[:_CHECKSUM_BYTES]:
        return None
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(compressed, MAX_ENTRY_BYTES)
    except zlib.error:
        return None
    return data if unpacker.eof and not unpacker.unused_data else None


def portions(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The keys in portions that one question to the database, and the memory for its answer, can bear."""
    source = iter(keys)
    while some := tuple(islice(source, _AT_ONCE)):
        yield some

"""What rendering remembers between runs: the protocol of the store, and two simple stores."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Protocol


class RenderCache(Protocol):
    """Bytes by namespace and key. Keys are digests of everything the bytes depend on, so entries never change."""

    def get_many(self, namespace: str, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of the keys that are known."""
        ...

    def put_many(self, namespace: str, entries: Mapping[str, bytes]) -> None:
        """Remember entries, and that keys read or written in this run are in use."""
        ...


class MemoryCache:
    """A cache that lives as long as the process."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], bytes] = {}

    def get_many(self, namespace: str, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of the keys that are known."""
        found = ((key, self._entries.get((namespace, key))) for key in keys)
        return {key: value for key, value in found if value is not None}

    def put_many(self, namespace: str, entries: Mapping[str, bytes]) -> None:
        """Remember entries."""
        for key, value in entries.items():
            self._entries[namespace, key] = value


class DirectoryCache:
    """A cache of one file an entry; a file that does not match its checksum counts as unknown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_many(self, namespace: str, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of the keys that are known and whole."""
        return dict(self._read(namespace, keys))

    def put_many(self, namespace: str, entries: Mapping[str, bytes]) -> None:
        """Remember entries."""
        folder = self._folder / namespace
        folder.mkdir(parents=True, exist_ok=True)
        for key, value in entries.items():
            (folder / key).write_bytes(hashlib.blake2b(value, digest_size=16).digest() + value)

    def _read(self, namespace: str, keys: Collection[str]) -> Iterator[tuple[str, bytes]]:
        for key in keys:
            try:
                stored = (self._folder / namespace / key).read_bytes()
            except OSError:
                continue
            if hashlib.blake2b(stored[16:], digest_size=16).digest() == stored[:16]:
                yield key, stored[16:]

"""Keeps one value a branch, such as its history, in a file of its own: checked when read, whole when written."""

import json
import logging
import zlib
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from docsfy_action.state.files import Planted, make_folders, read_regular, write_whole
from docsfy_action.state.variant import folder_name

logger = logging.getLogger(__name__)
T = TypeVar("T")

MAX_STORED_BYTES = 64_000_000
MAX_BYTES = 512_000_000


class HistoryStore(Generic[T]):
    """Values of one type (`History`) below `folder`, one a branch. `warnings` says what was damaged."""

    def __init__(self, folder: Path, kind: type[T]) -> None:
        self.warnings: list[str] = []
        self._folder = folder
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def load(self, *branches: str) -> T | None:
        """The value of the first of these branches that has one; None where none has a usable one."""
        for branch in branches:
            value = self._load(branch)
            if value is not None:
                return value
        return None

    def save(self, branch: str, value: T) -> None:
        """Keep the value; bytes are written only when they differ. Raises StateError."""
        # The plain JSON writer escapes the surrogates of paths that are no UTF-8; pydantic would lose them.
        text = json.dumps(self._adapter.dump_python(value, mode="python"), default=_as_text, separators=(",", ":"))
        data = zlib.compress(text.encode("ascii"), 6)
        path = self._path(branch)
        make_folders(self._folder.parent, self._folder)
        try:
            same = read_regular(path, MAX_STORED_BYTES) == data
        except Planted:
            path.unlink()
            same = False
        if not same:
            write_whole(path, data)

    def _load(self, branch: str) -> T | None:
        path = self._path(branch)
        try:
            stored = read_regular(path, MAX_STORED_BYTES)
            return None if stored is None else self._adapter.validate_python(json.loads(_unpacked(stored)))
        except (Planted, zlib.error, ValueError, RecursionError, ValidationError) as error:
            logger.debug("%s: %s", path, error)
            self.warnings.append(f"The state file `{path.name}` is damaged and is made anew.")
            return None

    def _path(self, branch: str) -> Path:
        return self._folder / f"{folder_name(branch)}.z"


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot be stored")


def _unpacked(stored: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(stored, MAX_BYTES)
    if not unpacker.eof:
        raise ValueError("cut off, or too large")
    return data

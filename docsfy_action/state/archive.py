"""Files of a state as one compressed tar, as the toolkit of GitHub Actions makes and reads them; one that comes from
elsewhere is foreign: its headers are read here, bounded, and only plain files and folders come out."""

import gzip
import io
import os
import stat
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

_BLOCK = 512
_CHUNK = 1 << 16
_MAX_NAME = 1_000
_MAX_DEPTH = 16
_MAX_EXTENSION = 65_536
# 128 MiB: what `zstd` without `--long` needs at most; more would be reserved on the word of a stranger.
_WINDOW_LOG = 27
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_GZIP_MAGIC = b"\x1f\x8b"


class Method(StrEnum):
    """How an archive is compressed, in the toolkit's words."""

    ZSTD = "zstd-without-long"
    GZIP = "gzip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file that goes into an archive under `name`."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an archive may hold: so many entries, so many bytes in all, and at most `ratio` times what it has itself (small
    ones excepted)."""

    entries: int = 60_000
    total: int = 600_000_000
    ratio: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What came out of an archive, by name."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An archive of which nothing is used, and why."""

    reason: str


class _Bad(Exception):
    """The archive is not one that can be used."""


def best_method() -> Method:
    """What the toolkit takes where it can, as far as this Python can do it too."""
    try:
        _zstd_reader(io.BytesIO())
    except ImportError:
        return Method.GZIP
    return Method.ZSTD


def pack(members: Sequence[Member], into: Path, method: Method) -> int:
    """Write the archive `into`, and give its size in bytes. The same files give the same bytes. Raises OSError."""
    with into.open("wb") as raw:
        with _writer(raw, method) as file, tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for member in sorted(members, key=lambda member: member.name):
                descriptor = os.open(member.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
                with os.fdopen(descriptor, "rb") as content:
                    status = os.fstat(descriptor)
                    if not stat.S_ISREG(status.st_mode):
                        raise OSError(f"`{member.path.name}` is no plain file")
                    entry = tarfile.TarInfo(member.name)
                    entry.size = status.st_size
                    tar.addfile(entry, content)
        return raw.tell()


def unpack(
    archive: Path, into: Path, wanted: Callable[[str], bool], limits: Limits | None = None
) -> Unpacked | Refused:
    """Put the files whose names are `wanted` into the new folder `into`. Never raises for what the archive holds; where it
    is refused, what is in `into` must not be used. Raises OSError only for trouble with the disk that is found before
    anything is read."""
    limits = limits or Limits()
    compressed = archive.stat().st_size
    into.mkdir()
    most = min(limits.total, max(8_000_000, compressed * limits.ratio))
    try:
        with archive.open("rb") as raw, _reader(raw) as file:
            names = tuple(_files(_Bounded(file, most), into, wanted, limits.entries))
    except _Bad as bad:
        return Refused(reason=str(bad))
    except OSError as error:
        return Refused(reason=f"it is damaged, or could not be written out ({error.strerror or 'bad data'})")
    except _damage():
        return Refused(reason="it is cut off or damaged")
    return Unpacked(names=names)


class _Bounded:
    """Reads exactly, and no more than was agreed."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._left = most

    def exactly(self, size: int) -> bytes:
        """So many bytes; for small pieces only."""
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[bytes]:
        """So many bytes, piece by piece."""
        if size > self._left:
            raise _Bad("it holds more than it may")
        self._left -= size
        while size:
            data = self._file.read(min(size, _CHUNK))
            if not data:
                raise _Bad("it is cut off")
            size -= len(data)
            yield data


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: str
    size: int
    kind: bytes


def _files(source: _Bounded, into: Path, wanted: Callable[[str], bool], most: int) -> Iterator[str]:
    seen: set[str] = set()
    for number, entry in enumerate(_entries(source)):
        if number >= most:
            raise _Bad(f"it holds more than {most:,} entries")
        parts = _checked(entry.name)
        if entry.kind == b"5":
            if entry.size:
                raise _Bad("a folder has content")
            continue
        if entry.kind not in {b"0", b"\0"}:
            raise _Bad("it holds a link or a device")
        name = "/".join(parts)
        if name in seen:
            raise _Bad("two files have the same name")
        seen.add(name)
        pieces = source.pieces(entry.size)
        if wanted(name):
            _write(into.joinpath(*parts), pieces)
            yield name
        else:
            for _ in pieces:
                pass
        source.exactly(-entry.size % _BLOCK)


def _checked(name: str) -> tuple[str, ...]:
    if len(name) > _MAX_NAME or "\0" in name or "\\" in name or not name.isprintable():
        raise _Bad("a name in it is none that this program gives")
    if name.startswith("/") or ".." in name.split("/"):
        raise _Bad("a name in it leads out of its folder")
    parts = PurePosixPath(name).parts
    if not parts or len(parts) > _MAX_DEPTH or any(len(part.encode()) > 255 for part in parts):
        raise _Bad("a name in it is none that this program gives")
    return parts


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)


def _entries(source: _Bounded) -> Iterator[_Entry]:
    """The headers; whoever takes one reads the content after it before the next. POSIX.1-2001 (pax), and GNU's long names."""
    name, size = "", -1
    extensions = 0
    while (block := source.exactly(_BLOCK)) != bytes(_BLOCK):
        kind, stated = block[156:157], _number(block[124:136])
        if _number(block[148:156]) != sum(block) - sum(block[148:156]) + 8 * ord(" "):
            raise _Bad("the checksum of a header is wrong")
        if kind in {b"x", b"g", b"L"}:
            extensions += 1
            if stated > _MAX_EXTENSION or extensions > 4:
                raise _Bad("a header in it is too long")
            data = source.exactly(stated + -stated % _BLOCK)[:stated]
            if kind == b"x":
                records = dict(_records(data))
                name = _text(records["path"]) if "path" in records else name
                size = _decimal(records["size"]) if "size" in records else size
                if any(key.startswith("GNU.sparse") for key in records):
                    raise _Bad("it holds a file with holes")
            elif kind == b"L":
                name = _text(data.rstrip(b"\0"))
            continue
        yield _Entry(name=name or _name(block), size=stated if size < 0 else size, kind=kind)
        name, size, extensions = "", -1, 0


def _name(block: bytes) -> str:
    name = _text(block[:100].split(b"\0")[0])
    prefix = _text(block[345:500].split(b"\0")[0]) if block[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _records(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The records of an extended header: length, blank, key, `=`, value, line break."""
    at = 0
    while at < len(data):
        blank = data.find(b" ", at, at + 8)
        length = _decimal(data[at:blank]) if blank > at else 0
        record = data[blank + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if at + length > len(data) or not equals or not record.endswith(b"\n"):
            raise _Bad("an extended header cannot be read")
        yield _text(key), value[:-1]
        at += length


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _Bad("a name in it is no UTF-8") from None


def _decimal(data: bytes) -> int:
    if not data.isdigit() or len(data) > 12:
        raise _Bad("a number in it cannot be read")
    return int(data)


def _number(field: bytes) -> int:
    """An octal number, ended by a blank or a zero byte."""
    digits = field.rstrip(b"\0 ").lstrip(b" ")
    if not digits or digits.strip(b"01234567"):
        raise _Bad("a header in it cannot be read")
    return int(digits, 8)


def _reader(raw: BinaryIO) -> AbstractContextManager[BinaryIO]:
    magic = raw.read(4)
    raw.seek(0)
    if magic == _ZSTD_MAGIC:
        try:
            return _zstd_reader(raw)
        except ImportError:
            raise _Bad("it is compressed with zstd, which this Python cannot read") from None
    if magic[:2] == _GZIP_MAGIC:
        return cast("AbstractContextManager[BinaryIO]", gzip.GzipFile(fileobj=raw, mode="rb"))
    raise _Bad("it is no archive of a known kind")


def _writer(raw: BinaryIO, method: Method) -> AbstractContextManager[BinaryIO]:
    if method is Method.GZIP:
        # Without name and time, so that the same files give the same bytes.
        return cast("AbstractContextManager[BinaryIO]", gzip.GzipFile("", "wb", 6, raw, 0))
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return cast("AbstractContextManager[BinaryIO]", zstd.ZstdFile(raw, "wb", level=9))


def _damage() -> tuple[type[Exception], ...]:
    """What reading compressed data raises where it is damaged."""
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError:
        return (EOFError, zlib.error)
    return (EOFError, zlib.error, zstd.ZstdError)


def _zstd_reader(raw: BinaryIO) -> AbstractContextManager[BinaryIO]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    options = {int(zstd.DecompressionParameter.window_log_max): _WINDOW_LOG}
    return cast("AbstractContextManager[BinaryIO]", zstd.ZstdFile(raw, "rb", options=options))

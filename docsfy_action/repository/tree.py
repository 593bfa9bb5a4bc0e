"""Reads what git prints about trees: `ls-tree` into entries."""

from collections.abc import Mapping
from datetime import UTC, datetime

from docsfy_action.repository.snapshot import Entry

SYMBOLIC_LINK = "120000"
SUBMODULE = "160000"
# `ls-tree --long` prints BAD where the object is not there, as in a partial clone.
UNKNOWN_SIZE = -1


def parse_tree(output: bytes) -> Mapping[str, Entry]:
    """Entries of `ls-tree -r -z`, with or without `--long`, in git's order.

    A submodule has size 0; where no size is told, because the blob is not there or nobody asked, it is -1.
    """
    entries: dict[str, Entry] = {}
    for record in output.split(b"\0"):
        head, tab, name = record.partition(b"\t")
        fields = head.decode("ascii", "replace").split()
        if not tab or len(fields) not in {3, 4}:
            continue
        mode, kind, blob, *size = fields
        path = decode_path(name)
        entries[path] = Entry(path=path, blob=blob, mode=mode, size=0 if kind == "commit" else _size(*size))
    return entries


def decode_path(name: bytes) -> str:
    """A path as text; bytes that are no UTF-8 are surrogate-escaped."""
    return name.decode("utf-8", "surrogateescape")


def utc_time(seconds: bytes | str) -> datetime:
    """The moment of a commit's time stamp. Stamps that no calendar holds, as forged commits have them, become 1970."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def is_regular(entry: Entry) -> bool:
    """Whether the entry is a plain file, executable or not: no symbolic link and no submodule."""
    return entry.mode.startswith("100")


def _size(text: str = "") -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else UNKNOWN_SIZE

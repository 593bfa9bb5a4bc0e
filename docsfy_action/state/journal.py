"""The pages that a run has finished, written down one by one, so that a run that dies loses none of them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.state.files import append_whole, read_regular, state_errors, write_whole
from docsfy_action.state.model import MAX_MANIFEST_BYTES, PageRecord, Unreadable, dump, parse

_CHECKSUM = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a journal tells: the pages, the last one of each slug, and how many of its lines could not be believed."""

    pages: tuple[PageRecord, ...] = ()
    damaged: int = 0


class Journal:
    """An append-only file of page records on top of the manifest whose digest is `base`.

    Once a newer manifest is in place the pages are in there, and a journal on the older one says nothing any more.
    """

    def __init__(self, path: Path, base: str) -> None:
        self._path = path
        self._head = _line(json.dumps({"base": base}).encode("ascii"))

    def begin(self) -> None:
        """Go on with the journal if it is on the same manifest, without lines that cannot be believed; else start a new
        one. Raises StateError."""
        pages = b"".join(_line(dump(page)) for page in self.read().pages)
        if not pages:
            with state_errors(f"remove `{self._path}`"):
                self._path.unlink(missing_ok=True)
        elif self._head + pages != read_regular(self._path, MAX_MANIFEST_BYTES):
            write_whole(self._path, self._head + pages)

    def append(self, page: PageRecord) -> None:
        """Write down that the page is finished. Raises StateError."""
        if not self._path.exists():
            append_whole(self._path, self._head)
        append_whole(self._path, _line(dump(page)))

    def read(self) -> Finished:
        """The pages written down; half a last line is what a killed run leaves, and is no damage."""
        lines = self._lines()
        if not self._is_current(lines):
            return Finished()
        pages: dict[str, PageRecord] = {}
        damaged = 0
        for number, line in enumerate(lines[1:], 2):
            page = _page(line)
            if page is not None:
                pages.pop(page.slug, None)
                pages[page.slug] = page
            elif number < len(lines):
                damaged += 1
        return Finished(pages=tuple(pages.values()), damaged=damaged)

    def _lines(self) -> list[bytes]:
        return (read_regular(self._path, MAX_MANIFEST_BYTES) or b"").split(b"\n")

    def _is_current(self, lines: list[bytes]) -> bool:
        return lines[0] + b"\n" == self._head


def _line(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest()[:_CHECKSUM].encode("ascii") + b" " + data + b"\n"


def _page(line: bytes) -> PageRecord | None:
    data = line[_CHECKSUM + 1 :]
    if _line(data) != line + b"\n":
        return None
    page = parse(PageRecord, data)
    return None if isinstance(page, Unreadable) else page

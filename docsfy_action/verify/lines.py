"""The lines of a commit that hold a word: what is known of names for which there are no facts."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

from docsfy_action.facts.model import Role, SourceFile
from docsfy_action.repository.words import is_document

_SKIPPED = frozenset({Role.VENDORED, Role.GENERATED})
_CONTINUES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
_BLANKS = bytes(byte if byte in _CONTINUES else 32 for byte in range(256))
_BINARY_PROBE = 8_000
_LARGEST_FILE = 1_000_000
# Files that are kept in memory together; of larger commits, files are read again where a word stands in them.
_MOST_KEPT = 48_000_000


class Lines:
    """The text files of a commit, indexed by the words in them when first asked."""

    def __init__(self, files: Mapping[str, SourceFile], read: Callable[[str], bytes | None]) -> None:
        self._paths = tuple(path for path in sorted(files) if files[path].role not in _SKIPPED)
        self._read = read
        self._kept: dict[int, bytes] = {}
        self._found: dict[str, Mapping[str, tuple[str, ...]]] = {}

    def of(self, word: str) -> Mapping[str, tuple[str, ...]]:
        """Lines, without the blanks around them, that hold `word` whole, by path: those of code and settings, or of documents
        where no others do."""
        if word not in self._found:
            found = dict(self._search(word))
            code = {path: lines for path, lines in found.items() if not is_document(path)}
            self._found[word] = code or found
        return self._found[word]

    def holding(self, text: str) -> tuple[str, ...]:
        """The files in which `text` stands, character for character."""
        wanted = text.encode("utf-8", "surrogateescape")
        return tuple(self._paths[number] for number in self._candidates(wanted) if wanted in self._data(number))

    def _search(self, word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        wanted = word.strip().encode("utf-8", "surrogateescape")
        for number in self._candidates(wanted) if wanted else ():
            data = self._data(number)
            lines = dict.fromkeys(data[start:end] for start, end in _places(wanted, data))
            if lines:
                yield self._paths[number], tuple(line.decode("utf-8", "replace").strip() for line in lines)

    def _candidates(self, wanted: bytes) -> Collection[int]:
        """Files that hold every part of a text."""
        atoms = wanted.translate(_BLANKS).split()
        if not atoms:
            return range(len(self._paths))
        return min((self._index.get(atom, ()) for atom in atoms), key=len)

    @cached_property
    def _index(self) -> Mapping[bytes, tuple[int, ...]]:
        found: dict[bytes, list[int]] = {}
        kept = 0
        for number, path in enumerate(self._paths):
            data = self._read(path) or b""
            if len(data) > _LARGEST_FILE or b"\0" in data[:_BINARY_PROBE]:
                continue
            if kept + len(data) <= _MOST_KEPT:
                kept += len(data)
                self._kept[number] = data
            for atom in set(data.translate(_BLANKS).split()):
                found.setdefault(atom, []).append(number)
        return {atom: tuple(numbers) for atom, numbers in found.items()}

    def _data(self, number: int) -> bytes:
        data = self._kept.get(number)
        return data if data is not None else self._read(self._paths[number]) or b""


def _places(word: bytes, data: bytes) -> Iterator[tuple[int, int]]:
    """The lines of `data` with the word in it, as start and end."""
    inside = _CONTINUES + b"-" if b"-" in word else _CONTINUES
    before_counts, after_counts = word[:1] in inside, word[-1:] in inside
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        stop = data.find(b"\n", end)
        stop = stop if stop >= 0 else len(data)
        before = before_counts and at > 0 and data[at - 1] in inside
        after = after_counts and end < len(data) and data[end] in inside
        if before or after:
            at = data.find(word, at + 1)
        else:
            yield data.rfind(b"\n", 0, at) + 1, stop
            at = data.find(word, stop + 1)

"""Which words stand in a set of files: the weak check that a name exists, fast enough for thousands of names at
once."""

import re
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

# A file that has a NUL byte so early is binary to git as well.
_BINARY_PROBE = 8_000
MAX_TEXT_BYTES = 4_000_000
_CONTINUES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
_ATOM = re.compile(rb"[A-Za-z0-9_]+")
_SEPARATORS_TO_BLANKS = bytes(byte if byte in _CONTINUES else 32 for byte in range(256))
_DOCUMENT_SUFFIXES = frozenset(
    {".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc", ".asc", ".org", ".textile", ".pod", ".wiki", ".rdoc"}
)
_DOCUMENT_NAMES = frozenset(
    {"authors", "changelog", "changes", "contributing", "copying", "history", "licence", "license", "news", "notice"}
    | {"readme"}
)
_DOCUMENT_FOLDERS = frozenset({"doc", "docs", "documentation"})


def is_document(path: str) -> bool:
    """Whether a file is prose for people, by its name alone: such text may speak of things that do not exist."""
    place = PurePosixPath(path.lower())
    if place.suffix in _DOCUMENT_SUFFIXES:
        return True
    if place.suffix in {"", ".txt"} and place.name.partition(".")[0] in _DOCUMENT_NAMES:
        return True
    return place.suffix in {".txt", ".html"} and not _DOCUMENT_FOLDERS.isdisjoint(place.parts[:-1])


def find_words(words: Collection[str], texts: Iterable[bytes]) -> frozenset[str]:
    """Those of `words` that occur in at least one of `texts` as whole words.

    A word is whole where no letter, digit or `_` continues it, and, if it holds a dash, no dash either: `--dry` is not
    found in `--dry-run`, `os.path` is found in `os.path.join`. Binary texts hold no words.
    """
    search = _Search(words)
    for text in texts:
        if b"\0" not in text[:_BINARY_PROBE]:
            search.read(text)
        if not search.missing:
            break
    return frozenset(search.found)


class _Search:
    """Words by the atoms (runs of letters, digits and `_`) they are made of.

    Splitting a text into its set of atoms is one pass in C whatever the number of words. Only words of several atoms,
    all of which the text holds, are then looked for in it one by one.
    """

    def __init__(self, words: Collection[str]) -> None:
        self.found: set[str] = set()
        self._plain: dict[bytes, str] = {}
        self._compound: dict[bytes, list[_Compound]] = {}
        self._without_atom: list[_Compound] = []
        for word in sorted(set(words)):
            data = _bytes(word)
            atoms = frozenset(_ATOM.findall(data))
            if not data.strip():
                continue
            if atoms == {data}:
                self._plain[data] = word
            elif atoms:
                longest = max(atoms, key=lambda atom: (len(atom), atom))
                self._compound.setdefault(longest, []).append(_Compound(word, atoms))
            else:
                self._without_atom.append(_Compound(word, atoms))

    @property
    def missing(self) -> bool:
        """Whether there is a word left to be found."""
        return bool(self._plain or self._compound or self._without_atom)

    def read(self, text: bytes) -> None:
        """Take note of the words in one text."""
        atoms = set(text.translate(_SEPARATORS_TO_BLANKS).split())
        for atom in self._plain.keys() & atoms:
            self.found.add(self._plain.pop(atom))
        for key in self._compound.keys() & atoms:
            rest = self._look_for(self._compound[key], atoms, text)
            if rest:
                self._compound[key] = rest
            else:
                del self._compound[key]
        self._without_atom = self._look_for(self._without_atom, atoms, text)

    def _look_for(self, candidates: list["_Compound"], atoms: set[bytes], text: bytes) -> list["_Compound"]:
        rest = []
        for candidate in candidates:
            if candidate.atoms <= atoms and candidate.occurs_in(text):
                self.found.add(candidate.word)
            else:
                rest.append(candidate)
        return rest


def _bytes(word: str) -> bytes:
    """A word as it would stand in a file. Half of a surrogate pair that stands for no byte stands in none."""
    try:
        return word.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return word.encode("utf-8", "surrogatepass")


class _Compound:
    """A word of several atoms, or one with marks around its atom."""

    __slots__ = ("_bytes", "_not_after", "_not_before", "atoms", "word")

    def __init__(self, word: str, atoms: frozenset[bytes]) -> None:
        self.word = word
        self.atoms = atoms
        self._bytes = _bytes(word)
        around = _CONTINUES + b"-" if b"-" in self._bytes else _CONTINUES
        self._not_before = around if self._bytes[0] in around else b""
        self._not_after = around if self._bytes[-1] in around else b""

    def occurs_in(self, text: bytes) -> bool:
        """Whether the word stands in the text with nothing that continues it on either side."""
        start = text.find(self._bytes)
        while start >= 0:
            end = start + len(self._bytes)
            before, after = text[max(start - 1, 0) : start], text[end : end + 1]
            if not (before and before in self._not_before) and not (after and after in self._not_after):
                return True
            start = text.find(self._bytes, start + 1)
        return False

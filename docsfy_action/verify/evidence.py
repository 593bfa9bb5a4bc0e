"""What verification may look at: a commit's blobs, read afresh and never through the store that made the pages."""

import html
import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from docsfy_action.facts.extractor import MAX_BLOB_BYTES, extractor_for
from docsfy_action.facts.model import BlobFacts, Span
from docsfy_action.repository.snapshot import BlobReader, Commit, Remote, Snapshot
from docsfy_action.verify.files import Files
from docsfy_action.verify.folding import fold
from docsfy_action.verify.offers import CommandFacts, command_facts

T = TypeVar("T")
# Bytes of files of which words, folded text or facts are kept; facts take some ten times as much memory.
KEPT_BYTES = 2_000_000
ENTRY_BYTES = 200
# Extractors of prose, which defines nothing that could be run.
_DOCUMENTS = frozenset({"markdown", "restructuredtext"})
# A folder with this file is a program, called as the folder, by the habit of Go.
_GO_MAIN = re.compile(r"(?:^|/)main\.go$")
_WORD = re.compile(r"\w+")
_DASHED = re.compile(r"[\w-]*-[\w-]*")
# A word that the source breaks in two: `"any" "thing"`, `"any" + "thing"`.
_BROKEN = re.compile(r"(?<!\w)(\w++)([\"'`])\s*+\+?\s*+[rRbBuUfF]{0,2}\2(\w++)")
_ESCAPES = re.compile(r"\\(?:[abfnrtv0]|\r?\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")


class Evidence(Protocol):
    """A commit as verification sees it. All of it is read-only and gives the same answer each time."""

    @property
    def files(self) -> Files:
        """All tracked paths."""

    @property
    def anchors(self) -> Mapping[str, AbstractSet[str]]:
        """The anchors of every page of the site, by slug."""

    @property
    def commands(self) -> CommandFacts:
        """What the commit's manifests offer."""

    def read(self, path: str) -> bytes | None:
        """The blob at a path, None where there is no such file."""

    def words(self, path: str) -> AbstractSet[str]:
        """Every run of letters, digits and `_` in a file, and every one with dashes (`--dry-run`, `some-name`)."""

    def folded(self, path: str) -> str:
        """The text of a file as `fold` makes it."""

    def facts(self, path: str) -> BlobFacts | None:
        """What the file says, extracted afresh; None where no extractor claims it."""

    def definitions(self, path: str) -> Mapping[str, Span]:
        """Qualified names of the definitions in a file with their lines."""

    def commit_text(self, sha: str) -> str | None:
        """Subject and body of a commit of the known history, None for any other."""

    def words_present(self, words: Collection[str]) -> AbstractSet[str]:
        """Those of `words` that occur as whole words in tracked text that is no document."""

    def lines_present(self, lines: Collection[str]) -> AbstractSet[str]:
        """Those of `lines` that stand character for character in any tracked text, documents included."""


class GrepWords(Protocol):
    """Looks for words in the text files of the commit, as `Repository.grep_words` does."""

    def __call__(self, words: Collection[str], *, exclude_documents: bool) -> frozenset[str]:
        """Those of `words` that occur as whole words."""


@dataclass(kw_only=True)
class CommitEvidence:
    """Evidence from a commit's blobs. What was read or looked up once is remembered for the other pages of the run.

    `anchors` of the pages may be filled in as they are written. `commits` is the history that pages speak of. `extracted` are
    facts that this run took from the commit's blobs already; nothing that was stored may be among them.
    """

    snapshot: Snapshot
    reader: BlobReader
    grep_words: GrepWords
    anchors: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    remote: Remote | None = None
    commits: Collection[Commit] = ()
    extracted: Mapping[str, BlobFacts] = field(default_factory=dict)
    _facts: "Recent[BlobFacts | None]" = field(default_factory=lambda: Recent(KEPT_BYTES))
    _words: "Recent[frozenset[str]]" = field(default_factory=lambda: Recent(KEPT_BYTES))
    _folded: "Recent[str]" = field(default_factory=lambda: Recent(KEPT_BYTES))
    _present: dict[tuple[str, bool], bool] = field(default_factory=dict)

    @cached_property
    def files(self) -> Files:
        """All tracked paths."""
        return Files(self.snapshot.entries)

    @cached_property
    def commands(self) -> CommandFacts:
        """What manifests, task files and container files of the commit offer."""
        found = []
        for path in sorted(self.snapshot.entries):
            extractor = extractor_for(path)
            if extractor is None or extractor.is_code or extractor.name in _DOCUMENTS:
                continue
            found.append((path, self.facts(path) or BlobFacts()))
        folders = (path.removesuffix("main.go").rstrip("/") for path in self.snapshot.entries if _GO_MAIN.search(path))
        return command_facts(found, self.remote, go_programs=frozenset(folders))

    def read(self, path: str) -> bytes | None:
        """The blob at a path, None where there is no such file."""
        return self.reader.read(path) if path in self.snapshot.entries else None

    def words(self, path: str) -> frozenset[str]:
        """Every word of a file; also those that only show once escapes and entities are read."""
        return self._words.get(path, lambda: self._weighed(path, words_of))

    def folded(self, path: str) -> str:
        """The text of a file as `fold` makes it."""
        return self._folded.get(path, lambda: self._weighed(path, lambda text: fold(text, path)))

    def facts(self, path: str) -> BlobFacts | None:
        """What the file says, extracted afresh."""
        if (known := self.extracted.get(path)) is not None:
            return known
        return self._facts.get(path, lambda: self._extracted(path))

    def definitions(self, path: str) -> Mapping[str, Span]:
        """Qualified names of the definitions in a file with their lines."""
        facts = self.facts(path)
        if facts is None:
            return MappingProxyType({})
        found: dict[str, Span] = {}
        for symbol in facts.symbols:
            found.setdefault(symbol.name, symbol.span)
        return MappingProxyType(found)

    def commit_text(self, sha: str) -> str | None:
        """Subject and body of a commit of the known history."""
        return next((f"{one.subject}\n{one.body}" for one in self.commits if one.sha == sha), None)

    def words_present(self, words: Collection[str]) -> frozenset[str]:
        """Those of `words` that occur as whole words in tracked text that is no document."""
        return self._grep(words, exclude_documents=True)

    def lines_present(self, lines: Collection[str]) -> frozenset[str]:
        """Those of `lines` that stand in any tracked text."""
        return self._grep(lines, exclude_documents=False)

    def _grep(self, words: Collection[str], *, exclude_documents: bool) -> frozenset[str]:
        missing = {word for word in words if (word, exclude_documents) not in self._present}
        if missing:
            found = self.grep_words(sorted(missing), exclude_documents=exclude_documents)
            for word in missing:
                self._present[(word, exclude_documents)] = word in found
        return frozenset(word for word in words if self._present[(word, exclude_documents)])

    def _extracted(self, path: str) -> tuple[BlobFacts | None, int]:
        extractor = extractor_for(path)
        data = self.read(path) if extractor is not None else None
        if extractor is None or data is None or len(data) > MAX_BLOB_BYTES:
            return None, 0
        return extractor.extract(data), len(data)

    def _weighed(self, path: str, read: Callable[[str], T]) -> tuple[T, int]:
        data = self.read(path) or b""
        return read(data.decode("utf-8", "replace")), len(data)


class Recent(Generic[T]):
    """What was made of the files that were asked for last; at most `limit` bytes of files, however many pages ask, from
    however many threads. Two threads may make the same at the same time; one of both is kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, path: str, make: Callable[[], tuple[T, int]]) -> T:
        """What was made of a file, by `make` where it is not there any more, which also tells the file's bytes."""
        with self._lock:
            if (found := self._kept.get(path)) is not None:
                self._kept.move_to_end(path)
                return found[0]
        made, size = make()
        with self._lock:
            if (found := self._kept.get(path)) is not None:
                return found[0]
            self._kept[path] = made, size + ENTRY_BYTES
            self._bytes += size + ENTRY_BYTES
            while self._bytes > self._limit and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1][1]
        return made


def words_of(text: str) -> frozenset[str]:
    """Runs of letters, digits and `_`, and runs with dashes; also those that show once escapes are read and adjacent string
    literals joined."""
    found = _words_in(text)
    if "\\" in text:
        found |= _words_in(_ESCAPES.sub(_unescaped, text))
    if "&" in text and (plain := html.unescape(text)) != text:
        found |= _words_in(plain)
    found |= {first + second for first, _, second in _BROKEN.findall(text)}
    return frozenset(found)


def _words_in(text: str) -> set[str]:
    return {*_WORD.findall(text), *_DASHED.findall(text)}


def _unescaped(match: re.Match[str]) -> str:
    escape = match.group()
    return chr(int(f"0x{escape[2:]}", 0)) if escape[1] in "xu" else " "

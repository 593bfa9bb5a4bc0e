"""Notes which files a verdict rests on, so that it can be kept until one of them changes."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from docsfy_action.facts.model import BlobFacts, Span
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.files import Files
from docsfy_action.verify.offers import CommandFacts


class Recording:
    """Evidence that remembers in `used` every path whose presence or content was part of an answer."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.used: set[str] = set()
        self.files: Files = _RecordingFiles(evidence.files, self.used)

    @property
    def anchors(self) -> Mapping[str, AbstractSet[str]]:
        """The anchors of every page of the site, by slug."""
        return self._evidence.anchors

    @cached_property
    def commands(self) -> CommandFacts:
        """What the commit's manifests offer."""
        commands = self._evidence.commands
        self.used.update(commands.sources)
        return commands

    def read(self, path: str) -> bytes | None:
        """The blob at a path."""
        self.used.add(path)
        return self._evidence.read(path)

    def words(self, path: str) -> AbstractSet[str]:
        """Every word of a file."""
        self.used.add(path)
        return self._evidence.words(path)

    def folded(self, path: str) -> str:
        """The text of a file as `fold` makes it."""
        self.used.add(path)
        return self._evidence.folded(path)

    def facts(self, path: str) -> BlobFacts | None:
        """What the file says."""
        self.used.add(path)
        return self._evidence.facts(path)

    def definitions(self, path: str) -> Mapping[str, Span]:
        """Qualified names of the definitions in a file with their lines."""
        self.used.add(path)
        return self._evidence.definitions(path)

    def commit_text(self, sha: str) -> str | None:
        """Subject and body of a commit, which never change."""
        return self._evidence.commit_text(sha)

    def words_present(self, words: Collection[str]) -> AbstractSet[str]:
        """Words that occur somewhere; which file they were found in is not known."""
        return self._evidence.words_present(words)

    def lines_present(self, lines: Collection[str]) -> AbstractSet[str]:
        """Lines that stand somewhere; which file they were found in is not known."""
        return self._evidence.lines_present(lines)


class _RecordingFiles(Files):
    """Answers from the files that it is made from, and notes one file for each positive answer."""

    def __init__(self, files: Files, used: set[str]) -> None:
        super().__init__(files.paths)
        self._files = files
        self._used = used

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a tracked file."""
        return self._files.folders

    def holds(self, path: str) -> bool:
        """Whether `path` is a tracked file or folder."""
        return self._noted((path,)) if self._files.holds(path) else False

    def ending(self, path: str) -> tuple[str, ...]:
        """Tracked files and folders that end in `path`."""
        found = self._files.ending(path)
        self._noted(found[:1])
        return found

    def module(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Source files or folders that a dotted name may mean."""
        found = self._files.module(parts)
        self._noted(found[:1])
        return found

    def match(self, pattern: str) -> str:
        """The first file or folder that a pattern fits."""
        found = self._files.match(pattern)
        self._noted((found,) if found else ())
        return found

    def with_suffix(self, suffix: str) -> str:
        """The first file whose name ends in `suffix`."""
        found = self._files.with_suffix(suffix)
        self._noted((found,) if found else ())
        return found

    def first_in(self, folder: str) -> str:
        """The first tracked file below a folder."""
        return self._files.first_in(folder)

    def _noted(self, paths: tuple[str, ...]) -> bool:
        for path in paths:
            # A folder is there as long as a file in it is.
            self._used.add(path if path in self.paths else self._files.first_in(path))
        return bool(paths)

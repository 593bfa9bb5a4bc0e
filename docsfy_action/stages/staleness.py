"""What a pull request takes away that documents people wrote still mention: only the files that it changes are read, and of
all others only whether a word stands in them."""

import difflib
import logging
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from docsfy_action.facts.model import Role, SourceFile
from docsfy_action.facts.reading import REGULAR_MODES, FactsStore, read_facts
from docsfy_action.facts.roles import is_ignored, parse_gitattributes, roles_of
from docsfy_action.lifecycle import Mention, StaleName
from docsfy_action.repository.base import Proposal, at_commit, base_commit
from docsfy_action.repository.changes import Changes, changes
from docsfy_action.repository.deepen import with_files
from docsfy_action.repository.git import Credentials
from docsfy_action.repository.reader import CommitReader
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.words import MAX_TEXT_BYTES, find_words
from docsfy_action.verify.stale.documents import DOCUMENT_SUFFIXES, tells_of_the_past
from docsfy_action.verify.stale.mentions import Document, find_mentions
from docsfy_action.verify.stale.names import GoneName, Side, gone_files, gone_names

logger = logging.getLogger(__name__)

MOST_NAMES = 200
MOST_MENTIONS = 50
_MOST_DOCUMENT_BYTES = 1_000_000
# Where a word in a file says nothing on whether the program still has what it names.
_SAYS_NOTHING = frozenset({Role.DOCUMENT, Role.TEST, Role.EXAMPLE})
_MANIFESTS = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "package.json", "Cargo.toml", "go.mod"})
_ATTRIBUTES = ".gitattributes"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A pull request: the repository at its commit, what is proposed, what the project is called, and which paths (patterns of
    `.gitignore`) are left out."""

    repository: Repository
    proposal: Proposal
    name: str
    exclude: tuple[str, ...] = ()
    credentials: Credentials | None = None


@dataclass(frozen=True, kw_only=True)
class _Commit:
    """One side: what it holds, what its files are for, and how they are read."""

    repository: Repository
    roles: Mapping[str, Role]
    reader: CommitReader

    def text(self, path: str) -> str | None:
        """A file as text."""
        data = self.reader.read(path)
        return data.decode("utf-8", "replace") if data is not None else None


@dataclass(frozen=True, kw_only=True)
class _Sides:
    """The commit before, and after."""

    old: _Commit
    new: _Commit


def stale_names(question: Question, store: FactsStore) -> tuple[StaleName, ...] | None:
    """The names, by the first document that mentions them; None where the base commit cannot be had. Raises SourceError
    where files of the commit cannot be read."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsfy-")))
        repository, credentials = question.repository, question.credentials
        commit = base_commit(repository, question.proposal)
        base = at_commit(repository, commit, into=scratch / "base.git", credentials=credentials)
        if base is None:
            return None
        changed = changes(base.snapshot(), repository.snapshot())
        if not changed:
            return ()
        old_paths = (*changed.modified, *changed.removed)
        old = _open(base, old_paths, question, scratch / "before.git", stack)
        documents = _documents(question)
        new_paths = (*changed.modified, *changed.added)
        new = _open(repository, (*new_paths, *documents), question, scratch / "after.git", stack)
        was = _facts(old, old_paths, store, question)
        now = _facts(new, (*new_paths, *_manifests(question)), store, question)
        is_new = frozenset(new_paths)
        gone = gone_names(
            Side(files=was, text=old.text),
            Side(files={path: file for path, file in now.items() if path in is_new}, text=new.text),
        )
        gone += _gone_files(changed, old.roles)
        return _told(gone, documents, _programs(question, was, now), changed, _Sides(old=old, new=new))


def _facts(commit: _Commit, paths: Iterable[str], store: FactsStore, question: Question) -> Mapping[str, SourceFile]:
    """Facts of some files of a commit."""
    snapshot = commit.repository.snapshot()
    wanted = {path: snapshot.entries[path] for path in paths if path in snapshot.entries}
    reading = read_facts(replace(snapshot, entries=wanted), commit.reader, store, exclude=question.exclude)
    # What a file is for is told from all of the commit's attributes, which were not among these.
    return {path: replace(file, role=commit.roles.get(path, file.role)) for path, file in reading.files.items()}


def _open(repository: Repository, paths: Iterable[str], question: Question, into: Path, stack: ExitStack) -> _Commit:
    entries = repository.snapshot().entries
    attributes = [path for path in entries if path.rpartition("/")[2] == _ATTRIBUTES]
    found = with_files(repository, {*paths, *attributes}, into=into, credentials=question.credentials)
    reader = stack.enter_context(found.reader())
    said = parse_gitattributes({path: reader.read(path) or b"" for path in attributes})
    regular = {path: entry for path, entry in entries.items() if entry.mode in REGULAR_MODES}
    return _Commit(repository=found, roles=roles_of(regular, said), reader=reader)


def _documents(question: Question) -> tuple[str, ...]:
    """Paths of what may be a document that people wrote about the present."""
    exclude = question.exclude
    return tuple(
        path
        for path, entry in sorted(question.repository.snapshot().entries.items())
        if path.lower().endswith(DOCUMENT_SUFFIXES)
        and (not path.lower().endswith(".txt") or PurePosixPath(path).stem.lower() == "readme")
        and entry.mode in REGULAR_MODES
        and entry.size <= _MOST_DOCUMENT_BYTES
        and not tells_of_the_past(path)
        and not (exclude and is_ignored(path, exclude))
    )


def _manifests(question: Question) -> tuple[str, ...]:
    return tuple(path for path in question.repository.snapshot().entries if path.rpartition("/")[2] in _MANIFESTS)


def _gone_files(changed: Changes, roles: Mapping[str, Role]) -> tuple[GoneName, ...]:
    def counts(path: str) -> bool:
        return roles.get(path) not in {Role.GENERATED, Role.VENDORED}

    renamed = {rename.old: rename.new for rename in changed.renamed if counts(rename.old)}
    return gone_files(filter(counts, changed.removed), renamed)


def _programs(question: Question, was: Mapping[str, SourceFile], now: Mapping[str, SourceFile]) -> frozenset[str]:
    """What the project's programs may be called on a command line."""
    found = {question.name}
    for files in (was, now):
        for path, file in files.items():
            found |= {entry.name for entry in file.facts.entry_points}
            found |= {manifest.name for manifest in file.facts.manifests if manifest.name}
            if file.facts.options or file.facts.commands:
                place = PurePosixPath(path)
                found |= {place.stem, place.parent.name}
    return frozenset(found - {""})


def _told(
    gone: Sequence[GoneName],
    documents: Sequence[str],
    programs: frozenset[str],
    changed: Changes,
    sides: _Sides,
) -> tuple[StaleName, ...]:
    if not gone:
        return ()
    new = sides.new
    prose = [path for path in documents if new.roles.get(path) is Role.DOCUMENT]
    texts = (Document(path=path, text=data.decode("utf-8", "replace")) for path, data in new.reader.read_many(prose))
    mentions = find_mentions(gone, texts, programs)
    there = _words_there(mentions, new)
    found = [
        _stale(name, places, changed, sides) for name, places in mentions.items() if not there.intersection(name.absent)
    ]
    found.sort(key=lambda one: (one.mentions[0].path, one.mentions[0].line, one.name))
    return tuple(found[:MOST_NAMES])


def _words_there(names: Iterable[GoneName], new: _Commit) -> frozenset[str]:
    """Which words that must be gone stand in the code all the same."""
    words = {word for name in names for word in name.absent}
    if not words:
        return frozenset()
    entries = new.repository.snapshot().entries
    paths = [
        path
        for path, role in new.roles.items()
        if role not in _SAYS_NOTHING and 0 <= entries[path].size <= MAX_TEXT_BYTES
    ]
    return find_words(words, (data for _, data in new.reader.read_many(paths)))


def _stale(name: GoneName, places: Sequence[Mention], changed: Changes, sides: _Sides) -> StaleName:
    line = 0
    if name.line and name.path in changed.modified:
        was, now = sides.old.text(name.path), sides.new.text(name.path)
        line = line_now(was, now, name.line) if was is not None and now is not None else 0
    return StaleName(
        kind=name.label,
        name=name.name,
        path=name.path,
        mentions=tuple(places[:MOST_MENTIONS]),
        line=line,
        renamed_to=name.renamed_to,
    )


def line_now(old: str, new: str, line: int) -> int:
    """The line, from 1, at which a line of the old text went, or stands now."""
    before, after = old.split("\n"), new.split("\n")
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=len(before) > 2000)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        if start < line <= end:
            return min(other_start + min(line - start, max(other_end - other_start, 1)), max(len(after), 1))
    return 1

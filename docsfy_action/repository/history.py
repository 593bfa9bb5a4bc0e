"""What the first-parent history says: the commit that gave each file its present content, and the newest commits.

One walk over `git log --raw` answers both; the next run continues from where this one began.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from docsfy_action.errors import SourceError
from docsfy_action.repository.deepen import Deepened, deepen
from docsfy_action.repository.git import Credentials, GitCommands
from docsfy_action.repository.remembered import borne_out
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.snapshot import Commit
from docsfy_action.repository.tree import decode_path, utc_time

# Every setting of the user's that could change the output is overruled. `-m --first-parent`: a merge is compared with
# its first parent, so that what stands in HEAD is what the newest change of a path on this line put there.
_LOG = (
    "log", "--first-parent", "-m", "--raw", "--root", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv",
    "--no-color", "--ignore-submodules=none", "-O/dev/null", "-z",
)  # fmt: skip
_WALK_FORMAT = "--format=%H%x00%ct"
_COMMIT_FORMAT = "--format=%H%x00%ct%x00%aN%x00%s%x00%b"
_CHUNK = 1 << 16
_COMMIT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """For each file of a commit, the newest first-parent commit at which it got the content it has.

    `files` maps paths to commit ids and `commits` those ids to their dates, newest commit first. Where the history is
    too short to say, that commit is the documented one, and `complete` is False. A change of the file mode is no
    change.
    """

    commit: str
    complete: bool
    commits: Mapping[str, datetime] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def of(self, path: str) -> str | None:
        """The commit that gave `path` its content; None where the commit holds no such path."""
        return self.files.get(path)

    def newest(self, paths: Iterable[str]) -> str | None:
        """The newest of the commits of `paths`; None where none of them is known."""
        wanted = {self.files[path] for path in paths if path in self.files}
        return next((sha for sha in self.commits if sha in wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that a run needs to know of a repository's past, and all that the next run needs in order to continue it.

    `recent` holds the newest commits, at most `limit`; it is empty where the history is cut off, and `reason` then
    says in one sentence why it could not be completed.
    """

    last_change: LastChange
    recent: tuple[Commit, ...] = ()
    limit: int = 0
    reason: str = ""

    @property
    def is_plausible(self) -> bool:
        """Whether every commit id has the form of one: a history from disk ends up in links."""
        change = self.last_change
        named = (change.commit, *change.commits, *(commit.sha for commit in self.recent))
        return change.commits.keys() >= set(change.files.values()) and all(map(_COMMIT_ID.fullmatch, named))

    def answers(self, commit: str, limit: int) -> bool:
        """Whether this is, without any reading, the history of `commit`."""
        return (
            self.last_change.commit == commit and self.last_change.complete and self.limit == limit and not self.reason
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The repository to read files from, which lacks no blob if that can be helped, and its history."""

    repository: Repository
    history: History


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobChange:
    """One path in a commit: the blob ids before and after, all zeros where there is none."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCommit:
    """One commit of the walk. `changes` of a commit at which a shallow history ends cannot be known and are empty."""

    sha: str
    date: datetime
    changes: tuple[BlobChange, ...] = ()


def read_source(
    repository: Repository,
    previous: History | None,
    *,
    limit: int,
    into: Path,
    credentials: Credentials | None = None,
    foreign: bool = False,
) -> Source:
    """The history of the repository's commit, continued from `previous` where that is possible; one that is `foreign` is
    held against the repository, and not used where it does not stand.

    A shallow or partial clone is completed in the bare repository `into` (see `deepen`), but not when `previous`
    already is the answer and no file is missing. Nothing raises because history cannot be had: `History.reason` says
    so.
    """
    previous = previous if previous is not None and previous.is_plausible else None
    answers = previous is not None and not foreign and previous.answers(repository.commit, limit)
    known = previous if answers else None
    if known is not None and not repository.missing_blobs():
        return Source(repository=repository, history=known)
    deepened = deepen(repository, into=into, credentials=credentials)
    if known is not None:
        return Source(repository=deepened.repository, history=known)
    found = _history(deepened, previous, limit)
    change = found.last_change
    if foreign and previous is not None and not borne_out(change.files, change.commits, deepened.repository):
        found = _history(deepened, None, limit)
    return Source(repository=deepened.repository, history=found)


def _history(deepened: Deepened, previous: History | None, limit: int) -> History:
    repository = deepened.repository
    try:
        found = last_change(repository, previous.last_change if previous is not None else None)
        recent = () if repository.is_shallow else recent_commits(repository, limit)
    except SourceError as error:
        unknown = unknown_history(repository)
        return History(last_change=unknown, limit=limit, reason=deepened.reason or error.message)
    return History(last_change=found, recent=recent, limit=limit, reason=deepened.reason)


def unknown_history(repository: Repository) -> LastChange:
    """What is said of a history of which nothing can be read: every file has its content from the documented commit."""
    snapshot = repository.snapshot()
    return LastChange(
        commit=repository.commit,
        complete=False,
        commits={repository.commit: snapshot.committed},
        files=dict.fromkeys(snapshot.entries, repository.commit),
    )


def last_change(repository: Repository, previous: LastChange | None = None) -> LastChange:
    """The last change of every file of the repository's commit.

    `previous` is the result of an earlier run; where its commit lies on the first-parent line the walk ends there, and
    the result is the same as that of a walk to the root. A shallow history is always walked afresh: what it cannot tell
    is the documented commit and never a remembered one, so that every run over it says the same.
    """
    usable = previous if previous is not None and previous.complete and not repository.is_shallow else None
    blobs = {path: entry.blob for path, entry in repository.snapshot().entries.items()}
    head = Head(sha=repository.commit, date=repository.snapshot().committed)
    with repository.git.process(*_LOG, _WALK_FORMAT, repository.commit) as process:
        walk = parse_log(cut(process.stdout), repository.boundary)
        found = find_last_changes(walk, blobs, head, usable)
        if not found.complete and not repository.is_shallow and process.wait():
            raise repository.git.error("read the history", process.stderr.read().decode("utf-8", "replace"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The documented commit and its date."""

    sha: str
    date: datetime


def find_last_changes(
    walk: Iterable[LoggedCommit], blobs: Mapping[str, str], head: Head, previous: LastChange | None
) -> LastChange:
    """Assign each path of `blobs` to the first commit of `walk` (newest first) that changed it; stops as soon as it
    can."""
    missing = set(blobs)
    files: dict[str, str] = {}
    commits: dict[str, datetime] = {}
    for commit in walk:
        if previous is not None and commit.sha == previous.commit and missing <= previous.files.keys():
            files |= {path: previous.files[path] for path in missing}
            used = {previous.files[path] for path in missing}
            commits |= {sha: date for sha, date in previous.commits.items() if sha in used}
            missing = set()
            break
        for change in commit.changes:
            if change.path in missing and change.old != change.new:
                missing.discard(change.path)
                # Anything else in HEAD than what the newest change put there: the history was tampered with.
                files[change.path] = commit.sha if change.new == blobs[change.path] else head.sha
                commits.setdefault(commit.sha, commit.date)
        if not missing:
            break
    files |= dict.fromkeys(missing, head.sha)
    named = set(files.values())
    ordered = {head.sha: head.date} | {sha: date for sha, date in commits.items() if sha in named}
    return LastChange(
        commit=head.sha,
        complete=not missing,
        commits={sha: date for sha, date in ordered.items() if sha in named},
        files={path: files[path] for path in blobs},
    )


def recent_commits(repository: Repository, limit: int) -> tuple[Commit, ...]:
    """The newest `limit` commits of the first-parent line, newest first; names as `.mailmap` of the commit says.

    Paths are sorted. A commit at which a shallow history ends has none, because what it changed is not known.
    """
    configured = GitCommands(repository.git.git_dir, configuration=(("mailmap.blob", f"{repository.commit}:.mailmap"),))
    with configured.process(*_LOG, _COMMIT_FORMAT, f"--max-count={limit}", repository.commit) as process:
        commits = tuple(parse_commits(cut(process.stdout), repository.boundary))
        if process.wait():
            raise repository.git.error("read the history", process.stderr.read().decode("utf-8", "replace"))
    return commits


def parse_log(tokens: Iterator[bytes], boundary: frozenset[str]) -> Iterator[LoggedCommit]:
    """Commits out of the NUL-separated fields of `git log --raw -z` in the walk's format."""
    for fields, changes in _records(tokens, 2):
        sha = fields[0].decode("ascii", "replace")
        known = () if sha in boundary else changes
        yield LoggedCommit(sha=sha, date=utc_time(fields[1]), changes=known)


def parse_commits(tokens: Iterator[bytes], boundary: frozenset[str]) -> Iterator[Commit]:
    """Commits with author and message out of the NUL-separated fields of `git log --raw -z`."""
    for fields, changes in _records(tokens, 5):
        sha, date, author, subject, body = (field.decode("utf-8", "replace") for field in fields)
        paths = () if sha in boundary else tuple(sorted(change.path for change in changes))
        yield Commit(
            sha=sha, date=utc_time(date), author=author.strip(), subject=subject.strip(), body=body.strip(), paths=paths
        )


def _records(tokens: Iterator[bytes], width: int) -> Iterator[tuple[list[bytes], tuple[BlobChange, ...]]]:
    """Groups of `width` fields with the raw lines that follow them. A raw line begins with `:`, an id never does."""
    fields: list[bytes] = []
    changes: list[BlobChange] = []
    for token in tokens:
        if len(fields) < width:
            fields.append(token)
            continue
        line = token.lstrip(b"\n")
        if line.startswith(b":"):
            path = next(tokens, b"")
            parts = line.split()
            if len(parts) == 5:
                old, new = parts[2].decode("ascii", "replace"), parts[3].decode("ascii", "replace")
                changes.append(BlobChange(path=decode_path(path), old=old, new=new))
        elif line:
            yield fields, tuple(changes)
            fields, changes = [line], []
    if len(fields) == width:
        yield fields, tuple(changes)


def cut(stream: IO[bytes]) -> Iterator[bytes]:
    """The NUL-separated parts of a stream, without reading further than asked for by more than one chunk."""
    rest = b""
    while chunk := stream.read1(_CHUNK):  # type: ignore[attr-defined]  # a pipe's reader is a BufferedReader
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest

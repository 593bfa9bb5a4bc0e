"""Puts sites on a branch and takes them away, each time with one commit, by git's plumbing in a bare repository of its own; files
of others stay."""

import os
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import IO

from docsfy_action.errors import PublishError
from docsfy_action.repository.addresses import redact, split_credentials
from docsfy_action.repository.branch_files import (
    MAX_NOTE,
    NOTE,
    Beside,
    Besides,
    Changes,
    OnBranch,
    Published,
    changes,
    note,
    read_note,
)
from docsfy_action.repository.clone import remote_commands
from docsfy_action.repository.git import Credentials, Failure, GitCommands
from docsfy_action.repository.snapshot import Entry
from docsfy_action.repository.tree import SYMBOLIC_LINK, decode_path, is_regular, parse_tree

ATTEMPTS = 6
# The account that GitHub shows for what workflows do.
_COMMITTER = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"
_FETCHED, _NEW = "refs/docsfy/published", "refs/docsfy/new"
_LOST_RACE = re.compile(
    r"stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists"
)
_HINTS = (
    (
        r"error: 40[13]|Authentication failed|could not read Username|prompts disabled|[Pp]ermission .*denied|not allowed",
        "Give the job `permissions: contents: write`, or a `github-token` that may push to this repository.",
    ),
    (
        r"protected branch|GH006|GH013|rule violations|pre-receive hook declined",
        "The branch is protected: let the workflow's account push to it, or name another one with `pages-branch`.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchSite:
    """The files of `folder`, made from a commit of the documented repository. `at` is where they go on the branch: empty for its
    top, else a folder with a slash at the end."""

    folder: Path
    commit: str
    committed: datetime
    at: str = ""


def _never(_: Published) -> bool:
    return False


def _nothing(_: OnBranch) -> Beside:
    return Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to become of the branch, in a commit with this `message`: it gets a site, or none, and what `besides` decides.
    `is_newer` says whether what was published in the place of the site is newer than it."""

    message: str
    site: BranchSite | None = None
    is_newer: Callable[[Published], bool] = _never
    besides: Besides = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where to: a branch of the repository at `address`. `history` is how many commits the branch keeps, 0 for all."""

    address: str = field(repr=False)
    branch: str
    credentials: Credentials | None = None
    history: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time and chance: `now` dates the commit, `pause` waits so many seconds, `jitter` gives numbers from 0 to 1."""

    now: Callable[[], datetime]
    jitter: Callable[[], float]
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """The branch has a new commit. `replaced` are files of others that the site took the place of."""

    tip: str
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The branch holds this site already."""

    tip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """A newer commit is published, so nothing was done."""

    published: Published


def publish_branch(
    change: Change, destination: Destination, *, into: Path, clock: Clock
) -> Pushed | Unchanged | Superseded:
    """Make the change; the bare repository `into` is made anew.

    Another publisher at the same time is no error: its commit becomes the parent of ours, unless what it published in the same
    place is newer. PublishError where the branch cannot be read or pushed; nothing has then changed there.
    """
    remote = _repository(into, destination)
    git = GitCommands(into)  # all that needs no network is done without the token
    for attempt in range(1, ATTEMPTS + 1):
        tip = _fetch(remote, destination)
        made = _commit(git, _Branch(git, remote, tip), change, clock.now())
        if isinstance(made, Superseded | Unchanged):
            return made
        new, replaced = made
        if destination.history:
            new = _shortened(git, new, destination.history)
        failed = _push(remote, new, tip, destination)
        if failed is None:
            return Pushed(tip=new, replaced=replaced)
        if attempt == ATTEMPTS or not (_LOST_RACE.search(failed.message) or _tip(remote, destination) != tip):
            raise _error(remote, f"push to the branch {destination.branch}", failed)
        clock.pause((2 ** (attempt - 1)) * (0.5 + clock.jitter()))
    raise AssertionError("the last attempt returns or raises")


def push_refused(destination: Destination, *, into: Path) -> PublishError | None:
    """Why the server would take no push, None where it would; the bare repository `into` is made anew.

    A push that is not carried out asks: servers check the right to push before they tell what a push starts from. What the
    web API says of a job's token is that of its app, not of its job.
    """
    remote = _repository(into, destination)
    asked = remote.attempt("push", "--dry-run", "--quiet", "origin", ":refs/docsfy/none")
    return _error(remote, f"push to {redact(destination.address)}", asked) if isinstance(asked, Failure) else None


def read_branch_file(path: str, destination: Destination, *, into: Path, limit: int) -> bytes | None:
    """A file at the head of the branch; None where there is no branch, no such file, or one of more than `limit` bytes. The
    bare repository `into` is made anew. PublishError where the branch cannot be read."""
    remote = _repository(into, destination)
    return _Branch(GitCommands(into), remote, _fetch(remote, destination)).read(path, limit=limit)


class _Branch:
    """The branch at a commit, `tip`, empty where there is none."""

    def __init__(self, git: GitCommands, remote: GitCommands, tip: str) -> None:
        self._git = git
        self._remote = remote
        self.tip = tip

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        listed = self._git.run("ls-tree", "-r", "-z", self.tip, doing="read the branch") if self.tip else b""
        return parse_tree(listed)

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(self._entries)

    def read(self, path: str, *, limit: int = MAX_NOTE) -> bytes | None:
        """The content of a file, fetched if need be; None where there is none, or one of more than `limit` bytes."""
        entry = self._entries.get(path)
        if entry is None or not is_regular(entry):
            return None
        doing = f"read {path} of the branch"
        size = self._git.attempt("cat-file", "-s", entry.blob)
        if isinstance(size, Failure):
            fetched = self._remote.attempt(
                "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
                "origin", entry.blob,
            )  # fmt: skip
            if isinstance(fetched, Failure):
                raise _error(self._remote, doing, fetched)
            size = self._git.run("cat-file", "-s", entry.blob, doing=doing)
        return self._git.run("cat-file", "blob", entry.blob, doing=doing) if int(size) <= limit else None


def _repository(into: Path, destination: Destination) -> GitCommands:
    if into.exists():
        shutil.rmtree(into)
    into.mkdir(parents=True)
    address, userinfo = split_credentials(destination.address)
    # Lazily, because a push compares files with their last versions, which are not fetched with the branch.
    git = remote_commands(into, address, userinfo=userinfo, credentials=destination.credentials, lazy=True)
    git.run("init", "--quiet", "--bare", "--template=", str(into), doing="make a repository for publishing")
    git.run("config", "remote.origin.url", address, doing="note the address")
    return git


def _tip(git: GitCommands, destination: Destination) -> str:
    """The commit at the head of the branch, empty where there is no such branch."""
    listed = git.attempt("ls-remote", "origin", f"refs/heads/{destination.branch}")
    if isinstance(listed, Failure):
        raise _error(git, f"read {redact(destination.address)}", listed)
    return decode_path(listed).partition("\t")[0].strip()


def _fetch(git: GitCommands, destination: Destination) -> str:
    """The head of the branch, fetched with as much of its history as is needed, without files that nobody reads."""
    if not _tip(git, destination):
        return ""
    # Copied commits are pushed with all that they hold.
    content = () if destination.history else ("--filter=blob:none",)
    fetched = git.attempt(
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", f"--depth={max(destination.history, 1)}",
        *content, "origin", f"+refs/heads/{destination.branch}:{_FETCHED}",
    )  # fmt: skip
    if isinstance(fetched, Failure):
        raise _error(git, f"fetch the branch {destination.branch}", fetched)
    return _commit_id(git, _FETCHED)


def _commit(
    git: GitCommands, branch: _Branch, change: Change, now: datetime
) -> tuple[str, tuple[str, ...]] | Superseded | Unchanged:
    """The new commit on the branch, and the files of others that it replaces. Only files of ours are named, so the content of
    all others need not be here."""
    site, beside = change.site, change.besides(branch)
    found = Changes(write=(), remove=(), replaced=())
    if site is not None:
        said = branch.read(f"{site.at}{NOTE}")
        published = read_note(said) if said is not None else None
        if published is not None and change.is_newer(published):
            return Superseded(published=published)
        ours = published.files if published is not None else ()
        found = changes(_files(site.folder), there=branch.files, ours=ours, folder=site.at)
    elif not beside:
        return Unchanged(tip=branch.tip)
    with git.process("fast-import", "--quiet", "--force", "--done", "--date-format=raw") as process:
        try:
            stream = process.stdin
            _write_head(stream, branch.tip, change.message, now)
            for path in (*found.remove, *beside.remove):
                stream.write(b"D " + _quoted(path.rstrip("/")) + b"\n")
            if site is not None:
                _write_site(stream, site, found.write)
            for path, content in beside.write.items():
                _write_file(stream, path, content)
            for path, target in beside.links.items():
                _write_file(stream, path, target.encode("utf-8", "surrogateescape"), mode=SYMBOLIC_LINK)
            stream.write(b"\ndone\n")
            stream.close()
        except BrokenPipeError:
            pass  # git says why on its standard error
        message = process.stderr.read().decode("utf-8", "replace")
        if status := process.wait():
            raise _error(git, "write the commit", Failure(status=status, message=message))
    new = _commit_id(git, _NEW)
    if branch.tip and _tree(git, new) == _tree(git, branch.tip):
        return Unchanged(tip=branch.tip)
    return new, found.replaced


def _write_site(stream: IO[bytes], site: BranchSite, write: Sequence[str]) -> None:
    names = [path.removeprefix(site.at) for path in write]
    for path, name in zip(write, names, strict=True):
        _write_file(stream, path, (site.folder / name).read_bytes())
    published = Published(commit=site.commit, committed=site.committed, files=frozenset(names))
    _write_file(stream, f"{site.at}{NOTE}", note(published))


def _write_head(stream: IO[bytes], tip: str, message: str, now: datetime) -> None:
    text = message.encode("utf-8", "surrogateescape")
    stream.write(f"commit {_NEW}\ncommitter {_COMMITTER} {int(now.timestamp())} +0000\ndata {len(text)}\n".encode())
    stream.write(text + b"\n")
    if tip:
        stream.write(f"from {tip}\n".encode("ascii"))


def _write_file(stream: IO[bytes], path: str, content: bytes, *, mode: str = "100644") -> None:
    stream.write(f"M {mode} inline ".encode("ascii") + _quoted(path) + f"\ndata {len(content)}\n".encode("ascii"))
    stream.write(content + b"\n")


def _quoted(path: str) -> bytes:
    plain = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + plain.encode("utf-8", "surrogateescape") + b'"'


def _files(folder: Path) -> frozenset[str]:
    """The paths of the regular files below a folder; no link is followed."""
    return frozenset(
        path.relative_to(folder).as_posix()
        for place, _, names in os.walk(folder)
        for name in names
        if (path := Path(place, name)).is_file() and not path.is_symlink()
    )


def _shortened(git: GitCommands, new: str, limit: int) -> str:
    """The same head with no more than `limit` commits behind and including it; younger ones are copied onto a new root."""
    listed = git.run("rev-list", "--first-parent", new, doing="read the branch's history")
    line = listed.decode("ascii").split()
    if len(line) <= limit:
        return new
    parent = ""
    for commit in reversed(line[:limit]):
        raw = git.run("cat-file", "commit", commit, doing="read a commit of the branch")
        with git.process("hash-object", "-t", "commit", "-w", "--stdin") as process:
            process.stdin.write(_with_parent(raw, parent))
            process.stdin.close()
            parent = process.stdout.read().decode("ascii").strip()
    return parent


def _with_parent(raw: bytes, parent: str) -> bytes:
    """A commit object with this parent alone, empty for none; a signature, which would no longer fit, goes."""
    head, separator, message = raw.partition(b"\n\n")
    kept: list[bytes] = []
    signature = False
    for line in head.split(b"\n"):
        signature = line.startswith((b"gpgsig", b"mergetag")) or (signature and line.startswith(b" "))
        if not signature and not line.startswith(b"parent "):
            kept.append(line)
    if parent:
        kept.insert(1, b"parent " + parent.encode("ascii"))
    return b"\n".join(kept) + separator + message


def _push(git: GitCommands, new: str, tip: str, destination: Destination) -> Failure | None:
    """Push on the condition that the branch is still where it was; None where that went well."""
    branch = f"refs/heads/{destination.branch}"
    pushed = git.attempt("push", "--quiet", f"--force-with-lease={branch}:{tip}", "origin", f"{new}:{branch}")
    return pushed if isinstance(pushed, Failure) else None


def _tree(git: GitCommands, commit: str) -> str:
    return decode_path(git.run("rev-parse", "--verify", f"{commit}^{{tree}}", doing="read a commit")).strip()


def _commit_id(git: GitCommands, name: str) -> str:
    return decode_path(git.run("rev-parse", "--verify", f"{name}^{{commit}}", doing="find a commit")).strip()


def _error(git: GitCommands, doing: str, failure: Failure) -> PublishError:
    found = git.error(doing, failure.message)
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, failure.message)), found.hint)
    return PublishError(found.message, hint=hint)

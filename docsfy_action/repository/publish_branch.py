"""Puts a site on a branch with one commit, by git's plumbing in a bare repository of its own; files of others stay."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from docsfy_action.errors import PublishError
from docsfy_action.repository.addresses import redact, split_credentials
from docsfy_action.repository.branch_files import MAX_NOTE, NOTE, Published, changes, note, read_note
from docsfy_action.repository.clone import remote_commands
from docsfy_action.repository.git import Credentials, Failure, GitCommands
from docsfy_action.repository.tree import decode_path, is_regular, parse_tree

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
    """The files of `folder`, made from a commit of the documented repository; `message` is that of the new commit."""

    folder: Path
    commit: str
    committed: datetime
    message: str


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
    site: BranchSite,
    destination: Destination,
    *,
    into: Path,
    is_newer: Callable[[Published], bool],
    clock: Clock,
) -> Pushed | Unchanged | Superseded:
    """Publish; the bare repository `into` is made anew. `is_newer` says whether what is published is newer than the site.

    Another publisher at the same time is no error: its commit becomes the parent of ours, unless it is newer. PublishError
    where the branch cannot be read or pushed; nothing has then changed there.
    """
    remote = _repository(into, destination)
    git = GitCommands(into)  # all that needs no network is done without the token
    for attempt in range(1, ATTEMPTS + 1):
        tip = _fetch(remote, destination)
        published = _published(git, remote, tip)
        if published is not None and is_newer(published):
            return Superseded(published=published)
        new, replaced = _commit(git, tip, site, published, clock.now())
        if tip and _tree(git, new) == _tree(git, tip):
            return Unchanged(tip=tip)
        if destination.history:
            new = _shortened(git, new, destination.history)
        failed = _push(remote, new, tip, destination)
        if failed is None:
            return Pushed(tip=new, replaced=replaced)
        if attempt == ATTEMPTS or not (_LOST_RACE.search(failed.message) or _tip(remote, destination) != tip):
            raise _error(remote, f"push to the branch {destination.branch}", failed)
        clock.pause((2 ** (attempt - 1)) * (0.5 + clock.jitter()))
    raise AssertionError("the last attempt returns or raises")


def read_branch_file(path: str, destination: Destination, *, into: Path, limit: int) -> bytes | None:
    """A file at the head of the branch; None where there is no branch, no such file, or one of more than `limit` bytes. The
    bare repository `into` is made anew. PublishError where the branch cannot be read."""
    remote = _repository(into, destination)
    git = GitCommands(into)
    return _content(git, remote, _fetch(remote, destination), path, limit)


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


def _published(git: GitCommands, remote: GitCommands, tip: str) -> Published | None:
    """What the note in the branch says; None where there is none."""
    content = _content(git, remote, tip, NOTE, MAX_NOTE)
    return None if content is None else read_note(content)


def _content(git: GitCommands, remote: GitCommands, tip: str, path: str, limit: int) -> bytes | None:
    """A file at the tip, fetched where it is not there yet; None where there is none, or a larger one."""
    listed = git.run("ls-tree", "-z", tip, "--", path, doing="read the branch") if tip else b""
    entry = parse_tree(listed).get(path)
    if entry is None or not is_regular(entry):
        return None
    size = git.attempt("cat-file", "-s", entry.blob)
    if isinstance(size, Failure):
        fetched = remote.attempt(
            "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
            "origin", entry.blob,
        )  # fmt: skip
        if isinstance(fetched, Failure):
            raise _error(remote, f"read {path} of the branch", fetched)
        size = git.run("cat-file", "-s", entry.blob, doing=f"read {path} of the branch")
    if int(size) > limit:
        return None
    return git.run("cat-file", "blob", entry.blob, doing=f"read {path} of the branch")


def _commit(
    git: GitCommands, tip: str, site: BranchSite, published: Published | None, now: datetime
) -> tuple[str, tuple[str, ...]]:
    """The new commit on `tip`, and the files of others that it replaces. Only files of ours are named, so the content of
    all others need not be here."""
    there = parse_tree(git.run("ls-tree", "-r", "-z", tip, doing="read the branch")).keys() if tip else ()
    files = {path.relative_to(site.folder).as_posix(): path for path in _files(site.folder)}
    found = changes(files, there=there, ours=published.files if published is not None else ())
    said = note(Published(commit=site.commit, committed=site.committed, files=frozenset(found.write)))
    with git.process("fast-import", "--quiet", "--force", "--done", "--date-format=raw") as process:
        try:
            stream = process.stdin
            _write_head(stream, tip, site.message, now)
            for path in found.remove:
                stream.write(b"D " + _quoted(path) + b"\n")
            for path in found.write:
                _write_file(stream, path, files[path].read_bytes())
            _write_file(stream, NOTE, said)
            stream.write(b"\ndone\n")
            stream.close()
        except BrokenPipeError:
            pass  # git says why on its standard error
        message = process.stderr.read().decode("utf-8", "replace")
        if status := process.wait():
            raise _error(git, "write the commit", Failure(status=status, message=message))
    return _commit_id(git, _NEW), found.replaced


def _write_head(stream: IO[bytes], tip: str, message: str, now: datetime) -> None:
    text = message.encode("utf-8", "surrogateescape")
    stream.write(f"commit {_NEW}\ncommitter {_COMMITTER} {int(now.timestamp())} +0000\ndata {len(text)}\n".encode())
    stream.write(text + b"\n")
    if tip:
        stream.write(f"from {tip}\n".encode("ascii"))


def _write_file(stream: IO[bytes], path: str, content: bytes) -> None:
    stream.write(b"M 100644 inline " + _quoted(path) + f"\ndata {len(content)}\n".encode("ascii"))
    stream.write(content + b"\n")


def _quoted(path: str) -> bytes:
    plain = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + plain.encode("utf-8", "surrogateescape") + b'"'


def _files(folder: Path) -> Iterator[Path]:
    """The regular files below a folder; no link is followed."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path


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

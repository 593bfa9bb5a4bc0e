"""Completes a shallow or partial clone in a bare repository beside it; the clone itself is only read."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from docsfy_action.errors import SourceError
from docsfy_action.repository.addresses import remote_of, split_credentials
from docsfy_action.repository.clone import remote_commands
from docsfy_action.repository.git import Credentials, Failure, GitCommands
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.tree import decode_path

_TIP = "refs/docsfy/tip"
# Blob ids go on the command line, which holds at least 128 KiB.
_BLOBS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deepened:
    """The repository to read from now on, and in one sentence why it is not complete; empty if it is."""

    repository: Repository
    reason: str = ""


def deepen(repository: Repository, *, into: Path, credentials: Credentials | None = None) -> Deepened:
    """The same commit with its whole first-parent history and all its blobs.

    A complete repository is returned as it is. Otherwise commits and trees without blobs, and blobs that the commit
    needs and the clone lacks, are fetched into a new bare repository `into`, which then names the clone's objects as
    its alternates. `into` is emptied first: what a restored cache might hold there is never trusted. Whatever goes
    wrong, the result is a value with the reason and the repository as it was.
    """
    targets = _cut_off_at(repository)
    missing = repository.missing_blobs()
    if not targets and not missing:
        # Only lines of history that were merged in are cut off, and nobody walks those.
        return Deepened(repository=replace(repository, boundary=frozenset()) if repository.is_shallow else repository)
    address = address_of(repository, credentials)
    if not address:
        return Deepened(
            repository=repository, reason="The clone is not whole and names no remote to fetch the rest from."
        )
    try:
        git = _fresh(into, address, credentials)
        _fetch(git, targets, missing)
        link_objects(repository, into)
        reader = GitCommands(into)
        _check(reader, repository.commit)
    except SourceError as error:
        return Deepened(repository=repository, reason=error.message)
    except OSError as error:
        return Deepened(repository=repository, reason=f"The history could not be stored in `{into}`: {error.strerror}.")
    return Deepened(repository=replace(repository, git=reader, boundary=frozenset()))


def with_files(
    repository: Repository, paths: Collection[str], *, into: Path, credentials: Credentials | None = None
) -> Repository:
    """The same commit with these of its files, fetched as `deepen` does where the clone lacks them.

    For what must be read before it is known where a whole repository may be put. Where nothing is missing, or nothing
    can be fetched, the repository is returned as it is.
    """
    entries = repository.snapshot().entries
    missing = repository.missing_blobs() & {entries[path].blob for path in paths if path in entries}
    address = address_of(repository, credentials) if missing else ""
    if not address:
        return repository
    try:
        git = _fresh(into, address, credentials)
        _fetch(git, (), missing)
        link_objects(repository, into)
    except SourceError:
        return repository  # reading the file says what is wrong
    return replace(repository, git=GitCommands(into))


def _cut_off_at(repository: Repository) -> tuple[str, ...]:
    """The commits from which history is missing: where the first-parent line of a shallow clone ends, or HEAD itself in
    a clone without trees. Other lines that were cut off are never walked."""
    if repository.is_shallow:
        line = repository.git.run("rev-list", "--first-parent", repository.commit, doing="read the history")
        last = line.decode("ascii").split()[-1]
        return (last,) if last in repository.boundary else ()
    filters = repository.git.attempt("config", "-z", "--local", "--get-regexp", r"^remote\..*\.partialclonefilter$")
    values = () if isinstance(filters, Failure) else decode_path(filters).split("\0")
    treeless = any("tree:" in value.partition("\n")[2] for value in values)
    return (repository.commit,) if treeless else ()


def address_of(repository: Repository, credentials: Credentials | None) -> str:
    """Where to fetch from. With a token for the remote's server, its web address: keys for ssh are not at hand in a
    container. A folder is taken from the top of the work tree, as git would."""
    remote = remote_of(repository.origin)
    if (
        remote
        and credentials
        and credentials.token
        and credentials.server.lower().rstrip("/").endswith(f"://{remote.host}")
    ):
        return f"{remote.url}.git"
    if remote or not repository.origin or "://" in repository.origin or "::" in repository.origin:
        return repository.origin
    folder = (repository.top or repository.git.git_dir) / repository.origin
    return str(folder) if folder.is_dir() else repository.origin


def fetch_commit(commit: str, address: str, *, into: Path, credentials: Credentials | None) -> None:
    """One commit with its trees and nothing else, in a new bare repository `into`. Raises SourceError."""
    git = _fresh(into, address, credentials)
    git.run(
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1", "--filter=blob:none", "origin",
        f"+{commit}:{_TIP}/{commit}", doing="fetch the commit to compare with",
    )  # fmt: skip


def _fresh(into: Path, address: str, credentials: Credentials | None) -> GitCommands:
    if into.is_symlink() or into.is_file():
        into.unlink()
    elif into.exists():
        shutil.rmtree(into)
    into.mkdir(parents=True)
    address, userinfo = split_credentials(address)
    git = remote_commands(into, address, userinfo=userinfo, credentials=credentials)
    git.run("init", "--quiet", "--bare", "--template=", str(into), doing="make a repository for the history")
    git.run("config", "remote.origin.url", address, doing="note the address")
    return git


def _fetch(git: GitCommands, targets: tuple[str, ...], blobs: frozenset[str]) -> None:
    """Fetch without alternates: git would tell the server that it has everything behind the shallow clone's commits."""
    if targets:
        _fetch_history(git, targets)
    for first in range(0, len(wanted := sorted(blobs)), _BLOBS_AT_ONCE):
        batch = wanted[first : first + _BLOBS_AT_ONCE]
        fetched = git.attempt(
            "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
            "--filter=blob:none", "origin", *batch,
        )  # fmt: skip
        if isinstance(fetched, Failure):
            raise git.error("fetch the files that the partial clone lacks", fetched.message)


def _fetch_history(git: GitCommands, targets: tuple[str, ...]) -> None:
    options = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "origin")
    direct = git.attempt(*options, *(f"+{sha}:{_TIP}/{sha}" for sha in targets))
    if not isinstance(direct, Failure):
        return
    # Some servers give out no commit by its id: then every branch, one of which has it unless history was rewritten.
    branches = git.attempt(*options, "+refs/heads/*:refs/docsfy/heads/*")
    if isinstance(branches, Failure):
        raise git.error("fetch the history", branches.message)
    for sha in targets:
        if isinstance(git.attempt("cat-file", "-e", f"{sha}^{{commit}}"), Failure):
            raise git.error("fetch the history", direct.message)


def link_objects(repository: Repository, into: Path) -> None:
    """Let the bare repository `into` see the objects of the clone."""
    place = repository.git.run("rev-parse", "--git-path", "objects", doing="find the objects")
    objects = (repository.git.git_dir / decode_path(place).rstrip("\n")).resolve()
    target = into / "objects" / "info" / "alternates"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(str(objects).encode("utf-8", "surrogateescape") + b"\n")


def _check(git: GitCommands, commit: str) -> None:
    """Whether the whole first-parent line can be read; a remote that is shallow itself would leave it cut off."""
    git.run("rev-list", "--first-parent", "--count", commit, doing="read the fetched history")

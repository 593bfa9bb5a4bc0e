"""The commit that a pull request is compared with: which one it is, and how to get at its tree without its history."""

from dataclasses import dataclass, replace
from pathlib import Path

from docsfy_action.errors import SourceError
from docsfy_action.repository.deepen import address_of, fetch_commit, link_objects
from docsfy_action.repository.git import Credentials, Failure, GitCommands
from docsfy_action.repository.order import is_commit_id
from docsfy_action.repository.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the event says of a pull request: the commit it proposes and the tip of the branch that it is to go into."""

    head: str
    base: str


def base_commit(repository: Repository, proposal: Proposal) -> str:
    """The commit without the pull request's changes: the first parent of GitHub's merge commit, else where the two lines
    part. Empty where this clone cannot tell."""
    parents = _parents(repository)
    if len(parents) == 2 and parents[1] == proposal.head:
        return parents[0]
    if not is_commit_id(proposal.base):
        return ""
    found = repository.git.attempt("merge-base", proposal.base, repository.commit)
    return "" if isinstance(found, Failure) else found.decode("ascii", "replace").strip()


def at_commit(
    repository: Repository, commit: str, *, into: Path, credentials: Credentials | None = None
) -> Repository | None:
    """The same repository at another commit. Where this clone lacks it, its tree, without files and without history, is
    fetched into a new bare repository `into`. None where it cannot be had."""
    if not is_commit_id(commit):
        return None
    if _has_tree(repository.git, commit):
        return replace(repository, commit=commit)
    address = address_of(repository, credentials)
    if not address:
        return None
    try:
        fetch_commit(commit, address, into=into, credentials=credentials)
        link_objects(repository, into)
    except (SourceError, OSError):
        return None
    git = GitCommands(into)
    return replace(repository, git=git, commit=commit) if _has_tree(git, commit) else None


def _parents(repository: Repository) -> tuple[str, ...]:
    """As the commit itself names them: git shows none where a shallow clone ends."""
    found = repository.git.attempt("cat-file", "commit", repository.commit)
    if isinstance(found, Failure):
        return ()
    head = found.partition(b"\n\n")[0].decode("ascii", "replace")
    return tuple(line.removeprefix("parent ") for line in head.split("\n") if line.startswith("parent "))


def _has_tree(git: GitCommands, commit: str) -> bool:
    return not isinstance(
        git.attempt("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}"), Failure
    ) and not isinstance(git.attempt("ls-tree", "-r", "--name-only", commit), Failure)

"""Which of two commits came first."""

import re

from docsfy_action.repository.branch_files import Published
from docsfy_action.repository.git import Failure
from docsfy_action.repository.repository import Repository

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def is_commit_id(text: str) -> bool:
    """Whether the text is a whole commit id."""
    return _COMMIT.fullmatch(text) is not None


def comes_before(repository: Repository, commit: str, other: str) -> bool | None:
    """Whether `commit` is part of the history of `other`; None where one of them is not in the repository."""
    if not is_commit_id(commit) or not is_commit_id(other):
        return None
    if commit == other:
        return False
    found = repository.git.attempt("merge-base", "--is-ancestor", commit, other)
    if not isinstance(found, Failure):
        return True
    return False if found.status == 1 else None


def is_newer(published: Published, repository: Repository) -> bool:
    """Whether a published site was made from a newer commit than the repository is opened at: by history where that tells,
    else by date."""
    if published.commit == repository.commit or comes_before(repository, published.commit, repository.commit):
        return False
    if comes_before(repository, repository.commit, published.commit):
        return True
    return published.committed > repository.snapshot().committed

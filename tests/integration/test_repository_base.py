"""The commit that a pull request is compared with, in every shape of a checkout, with real git."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from docsfy_action.repository.base import Proposal, at_commit, base_commit
from docsfy_action.repository.changes import changes
from docsfy_action.repository.deepen import with_files
from tests.integration.gitbuild import commit, git, make, opened


@dataclass(frozen=True, kw_only=True)
class Request:
    """A repository with a pull request: the commit that it starts from, the tip of its base branch, its head, GitHub's merge."""

    folder: Path
    start: str
    tip: str
    head: str
    merge: str


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    """The base branch has gone on since the pull request began."""
    folder = make(tmp_path / "origin", {"a": "1", "b": "1", "c": "1"})
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    start = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "--quiet", "-b", "feature")
    head = commit(folder, {"a": "2"}, number=1)
    git(folder, "checkout", "--quiet", "main")
    tip = commit(folder, {"b": "2"}, number=2)
    git(folder, "checkout", "--quiet", "--detach")
    git(folder, "merge", "--quiet", "--no-ff", "--no-edit", head)
    merge = git(folder, "rev-parse", "HEAD")
    git(folder, "update-ref", "refs/pull/7/merge", merge)
    git(folder, "update-ref", "refs/pull/7/head", head)
    return Request(folder=folder, start=start, tip=tip, head=head, merge=merge)


def checkout(request: Request, into: Path, ref: str, *options: str) -> Path:
    """What `actions/checkout` does."""
    git(request.folder.parent, "init", "--quiet", str(into))
    git(into, "remote", "add", "origin", request.folder.as_uri())
    git(into, "fetch", "--quiet", "--no-tags", *options, "origin", f"+{ref}:refs/remotes/origin/it")
    git(into, "checkout", "--quiet", "--detach", "refs/remotes/origin/it")
    return into


@pytest.mark.parametrize("options", [(), ("--depth=1",), ("--depth=1", "--filter=blob:none")])
def test_the_merge_commit_knows_what_it_merged_into(
    request_: Request, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Its first parent is the base, also where the clone ends with it; its tree is fetched where the clone lacks it, and so
    are the files that are asked for; the clone itself stays as it is."""
    repository = opened(checkout(request_, tmp_path / "clone", "refs/pull/7/merge", *options))
    objects = git(tmp_path / "clone", "count-objects", "-v")
    found = base_commit(repository, Proposal(head=request_.head, base=request_.tip))
    assert found == request_.tip
    base = at_commit(repository, found, into=tmp_path / "base.git")
    assert base is not None
    assert changes(base.snapshot(), repository.snapshot()).modified == ("a",)
    whole = with_files(base, ["a"], into=tmp_path / "files.git")
    with whole.reader() as reader:
        assert reader.read("a") == b"1"
    assert git(tmp_path / "clone", "count-objects", "-v") == objects


def test_a_head_is_compared_with_where_it_began(request_: Request, tmp_path: Path) -> None:
    """Not with the tip of the base branch: what only that has was not taken away."""
    repository = opened(checkout(request_, tmp_path / "clone", "refs/pull/7/head"))
    git(tmp_path / "clone", "fetch", "--quiet", "origin", "main")
    found = base_commit(repository, Proposal(head=request_.head, base=request_.tip))
    assert found == request_.start


@pytest.mark.parametrize("base", ["", "main", "--all", "0" * 40])
def test_what_cannot_be_told_is_not_guessed(request_: Request, tmp_path: Path, base: str) -> None:
    """A shallow head, or an event that names no commit."""
    repository = opened(checkout(request_, tmp_path / "clone", "refs/pull/7/head", "--depth=1"))
    assert base_commit(repository, Proposal(head=request_.head, base=base)) == ""
    assert at_commit(repository, base, into=tmp_path / "base.git") is None


def test_a_commit_that_nobody_has_is_none(request_: Request, tmp_path: Path) -> None:
    """The server says no, or there is no server."""
    clone = checkout(request_, tmp_path / "clone", "refs/pull/7/merge", "--depth=1")
    assert at_commit(opened(clone), "1" * 40, into=tmp_path / "base.git") is None
    git(clone, "remote", "remove", "origin")
    assert at_commit(opened(clone), request_.tip, into=tmp_path / "other.git") is None

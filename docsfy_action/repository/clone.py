"""Clones a repository by its address: shallow, bare, one commit of a branch, tag or commit id."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.errors import InputError, SourceError
from docsfy_action.repository.addresses import check_clone_url, redact, split_credentials
from docsfy_action.repository.git import Credentials, Failure, GitCommands, authorization
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.tree import decode_path
from docsfy_action.repository.workspace import open_repository

_FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ABBREVIATED_ID = re.compile(r"[0-9a-f]{7,63}")
# What git itself refuses in the name of a reference, and a leading dash.
_BAD_REF = re.compile(r"^-|[\0-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|\.$|\.lock$")
_FETCHED = "refs/docsfy/source"
_NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What to fetch: `name` is a reference or commit id on the other side, `branch` what the run belongs to."""

    name: str
    branch: str


def clone(url: str, ref: str, *, into: Path, credentials: Credentials | None = None) -> Repository:
    """Fetch one commit of `url` into the bare repository `into`, which is made if need be.

    `ref` is a branch, a tag, a full reference, a commit id, or empty for the default branch. Credentials written in the
    address, or `credentials` where it is for their server, are sent with the request and stored nowhere. SourceError
    where the repository cannot be had or has no such ref.
    """
    address, userinfo = split_credentials(check_clone_url(url))
    if _BAD_REF.search(ref):
        raise InputError(
            f"`ref` is no name of a branch or tag and no commit id: `{redact(ref)!a}`.", hint="Correct `ref`."
        )
    git = remote_commands(into, address, userinfo=userinfo, credentials=credentials)
    into.mkdir(parents=True, exist_ok=True)
    git.run("init", "--quiet", "--bare", "--template=", str(into), doing="make a repository for the clone")
    source = _resolve(git, address, ref)
    fetched = git.attempt(
        "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--update-shallow", "--",
        address, f"+{source.name}:{_FETCHED}",
    )  # fmt: skip
    if isinstance(fetched, Failure):
        if _FULL_ID.fullmatch(source.name) and _is_unknown(fetched):
            raise _missing(address, ref, ())
        raise git.error(f"fetch {redact(ref) or 'the default branch'} of {redact(address)}", fetched.message)
    parsed = git.run("rev-parse", "--verify", f"{_FETCHED}^{{commit}}", doing=f"find a commit at `{ref or 'HEAD'}`")
    commit = parsed.decode("ascii").strip()
    git.run("update-ref", "--no-deref", "HEAD", commit, doing="check the commit out")
    git.run("config", "remote.origin.url", address, doing="note the address")
    opened = open_repository(into, top=None, shown=redact(address), environment={})
    return Repository(
        git=opened.git, commit=commit, origin=address, checked_out=source.branch, boundary=opened.boundary
    )


def remote_commands(
    git_dir: Path, address: str, *, userinfo: str = "", credentials: Credentials | None = None, lazy: bool = False
) -> GitCommands:
    """Git with network access for `address`, and with credentials if they are meant for its server; `lazy` as for
    `GitCommands`."""
    configuration: tuple[tuple[str, str], ...] = ()
    if userinfo:
        user, _, password = userinfo.partition(":")
        configuration = authorization(_server(address), user, password)
    elif credentials and credentials.token and _server(address) == credentials.server.lower().rstrip("/"):
        configuration = authorization(_server(address), "x-access-token", credentials.token)
    return GitCommands(git_dir, network=True, lazy=lazy, configuration=configuration)


def _server(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}".lower() if separator else ""


def _resolve(git: GitCommands, address: str, ref: str) -> _Source:
    if _FULL_ID.fullmatch(ref):
        return _Source(name=ref, branch="")
    if not ref:
        return _default_branch(git, address)
    if ref.startswith("refs/"):
        return _Source(name=ref, branch=re.sub(r"^refs/(heads|tags)/", "", ref))
    refs = _list_refs(git, address)
    for prefix in ("refs/heads/", "refs/tags/"):
        if prefix + ref in refs:
            return _Source(name=prefix + ref, branch=ref)
    if _ABBREVIATED_ID.fullmatch(ref):
        matching = {commit for commit in refs.values() if commit.startswith(ref)}
        if len(matching) == 1:
            return _Source(name=matching.pop(), branch="")
        raise SourceError(
            f"`ref` `{ref}` is no branch or tag of {redact(address)}, and too short a commit id to be fetched.",
            hint="Give the commit id in full (40 characters).",
        )
    names = sorted({re.sub(r"^refs/(heads|tags)/", "", name) for name in refs})
    raise _missing(address, ref, difflib.get_close_matches(ref, names, n=_NEAR, cutoff=0.5) or names[:_NEAR])


def _default_branch(git: GitCommands, address: str) -> _Source:
    listed = git.run("ls-remote", "--symref", "--", address, "HEAD", doing=f"read {redact(address)}")
    lines = decode_path(listed).splitlines()
    if not lines:
        raise SourceError(
            f"{redact(address)} has no default branch: it is empty, or its HEAD leads nowhere.",
            hint="Commit something there first, or name a branch with `ref`.",
        )
    target = next((line.removeprefix("ref: ").partition("\t")[0] for line in lines if line.startswith("ref: ")), "")
    return _Source(name="HEAD", branch=target.removeprefix("refs/heads/"))


def _list_refs(git: GitCommands, address: str) -> Mapping[str, str]:
    """Commit id by name of every branch and tag; an annotated tag stands for the commit it is on."""
    listed = git.run("ls-remote", "--heads", "--tags", "--", address, doing=f"read {redact(address)}")
    refs: dict[str, str] = {}
    for line in decode_path(listed).splitlines():
        sha, _, name = line.partition("\t")
        refs[name.removesuffix("^{}")] = sha
    return refs


def _is_unknown(failure: Failure) -> bool:
    unknown = r"not our ref|couldn't find remote ref|unadvertised object|bad object"
    return re.search(unknown, failure.message) is not None


def _missing(address: str, ref: str, near: Sequence[str]) -> SourceError:
    names = ", ".join(f"`{name}`" for name in near)
    there = f"there are for example {names}" if names else "leave it empty for the default branch"
    return SourceError(f"{redact(address)} has no branch, tag or commit `{ref}`.", hint=f"Correct `ref`; {there}.")

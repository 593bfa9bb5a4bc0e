"""Opens the repository in the workspace as it is: every shape a checkout can have, or a clear word on why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docsfy_action.errors import InputError, SourceError
from docsfy_action.repository.git import Failure, GitCommands
from docsfy_action.repository.repository import Repository
from docsfy_action.repository.tree import decode_path

_CHECKOUT_HINT = (
    "Run `actions/checkout` before this step, or run inside a clone. "
    "(On a runner without git, `actions/checkout` downloads the files alone and makes no `.git`.)"
)
_MAX_GITFILE_BYTES = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a repository is: its git directory, and its work tree unless it is bare."""

    git_dir: Path
    top: Path | None


def open_workspace(path: Path, *, workspace: Path, environment: Mapping[str, str]) -> Repository:
    """The repository at `path`, read at its HEAD; a relative path is taken from the workspace.

    Raises InputError where the path leaves the workspace or is not the top of a repository, SourceError where there
    is no repository or no commit. Nothing is written: neither to the repository nor to any configuration of git.
    """
    folder = _inside(path, workspace)
    place = _find(folder, path)
    return open_repository(place.git_dir, top=place.top, shown=str(path), environment=environment)


def open_repository(git_dir: Path, *, top: Path | None, shown: str, environment: Mapping[str, str]) -> Repository:
    """The repository with this git directory at its HEAD; `shown` names it in messages."""
    git = GitCommands(git_dir)
    if isinstance(failure := git.attempt("rev-parse", "--git-dir"), Failure):
        raise SourceError(f"`{shown}` cannot be opened as a git repository: {failure.message}", hint=_CHECKOUT_HINT)
    commit = git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if isinstance(commit, Failure):
        raise _no_commit(git, shown)
    branch = git.attempt("symbolic-ref", "--quiet", "HEAD")
    return Repository(
        git=git,
        commit=commit.decode("ascii").strip(),
        top=top,
        environment=dict(environment),
        origin=_origin(git),
        checked_out="" if isinstance(branch, Failure) else decode_path(branch).strip().removeprefix("refs/heads/"),
        boundary=shallow_boundary(git),
    )


def shallow_boundary(git: GitCommands) -> frozenset[str]:
    """The commits at which a shallow clone was cut off; none for a whole one."""
    place = git.run("rev-parse", "--git-path", "shallow", doing="find out whether the clone is shallow")
    try:
        return frozenset((git.git_dir / decode_path(place).rstrip("\n")).read_text("ascii", "replace").split())
    except FileNotFoundError:
        return frozenset()


def _inside(path: Path, workspace: Path) -> Path:
    root = workspace.resolve()
    folder = (root / path).resolve()
    if not folder.is_relative_to(root):
        raise InputError(
            f"`repository-path` leaves the workspace: `{path}` is `{folder}`, outside `{root}`.",
            hint="Check it out below the workspace (`path:` of `actions/checkout`), or name its `repository-url`.",
        )
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise InputError(
            f"`repository-path` {what}: `{path}`.", hint="Give the folder of a checkout, relative to the workspace."
        )
    return folder


def _find(folder: Path, shown: Path) -> _Place:
    dot_git = folder / ".git"
    if dot_git.is_dir():
        return _Place(git_dir=dot_git.resolve(), top=folder)
    if dot_git.is_file():
        return _Place(git_dir=_linked(dot_git, shown), top=folder)
    if _looks_bare(folder):
        return _Place(git_dir=folder, top=None)
    enclosing = next((parent for parent in folder.parents if (parent / ".git").exists()), None)
    if enclosing is not None:
        raise InputError(
            f"`{shown}` is a folder inside the repository `{enclosing}`; only a whole repository can be documented.",
            hint="Name the top folder of the repository, and leave parts out with `.docsfy.yml`.",
        )
    raise SourceError(f"`{shown}` is not a git repository.", hint=_CHECKOUT_HINT)


def _linked(dot_git: Path, shown: Path) -> Path:
    """Where the `.git` file of a worktree or submodule points to."""
    with dot_git.open("rb") as file:
        content = decode_path(file.read(_MAX_GITFILE_BYTES))
    keyword, _, target = content.partition(":")
    git_dir = (dot_git.parent / target.strip()).resolve() if keyword == "gitdir" and "\0" not in target else dot_git
    if not git_dir.is_dir():
        raise SourceError(
            f"`{shown}` is a worktree or submodule whose repository is not there: `{target.strip()}`.",
            hint="Make the main repository available at that path as well, or check out a clone of its own.",
        )
    return git_dir


def _looks_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _no_commit(git: GitCommands, shown: str) -> SourceError:
    objects = git.attempt("rev-list", "--all", "--max-count=1")
    name = git.attempt("symbolic-ref", "--quiet", "HEAD")
    if not isinstance(objects, Failure) and not objects.strip():
        return SourceError(
            f"`{shown}` is an empty repository: it has no commits.",
            hint="Commit something first; only what is committed is documented.",
        )
    branch = "" if isinstance(name, Failure) else decode_path(name).strip().removeprefix("refs/heads/")
    head = f"the branch `{branch}`" if branch else "HEAD"
    return SourceError(
        f"`{shown}`: {head} leads to no commit that can be read.",
        hint="Check out a branch or commit that exists; if the clone is damaged, make a new one.",
    )


def _origin(git: GitCommands) -> str:
    """The address of `origin`, else of the first remote by name; as configured, without the user's rewriting rules."""
    listed = git.attempt("config", "-z", "--local", "--get-regexp", r"^remote\..*\.url$")
    addresses: dict[str, str] = {}
    for record in () if isinstance(listed, Failure) else listed.split(b"\0"):
        key, _, value = decode_path(record).partition("\n")
        if value:
            addresses.setdefault(key.removeprefix("remote.").removesuffix(".url"), value)
    return addresses.get("origin") or next((addresses[name] for name in sorted(addresses)), "")

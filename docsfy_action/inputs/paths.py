"""Keeps the folders that a run reads and writes inside the workspace, symbolic links resolved."""

from pathlib import Path

# The folder of the workspace that belongs to the action: report and default place of the site.
OWN_FOLDER = "_docsfy"


def inside(workspace: Path, text: str) -> Path:
    """The absolute, link-free path of `text` below the (resolved) workspace; ValueError says why it is none."""
    if not text.isprintable():
        raise ValueError("it holds a line break or a control character")
    try:
        path = (workspace / text).resolve()
    except (OSError, RuntimeError, ValueError):
        raise ValueError("it cannot be resolved") from None
    if not path.is_relative_to(workspace):
        raise ValueError(f"it leaves the workspace {workspace}")
    if any(part.lower() == ".git" for part in path.relative_to(workspace).parts):
        raise ValueError("nothing below .git can be used")
    return path


def repository_folder(workspace: Path, text: str) -> Path:
    """The folder to document: it is in the workspace and exists."""
    path = inside(workspace, text)
    if not (_is_there(path) and path.is_dir()):
        raise ValueError("there is no such folder in the workspace")
    return path


def output_folder(workspace: Path, text: str) -> Path:
    """The folder for the site: in the workspace, but neither the workspace nor the folder that holds the report."""
    path = inside(workspace, text)
    if path == workspace:
        raise ValueError("the site would replace the workspace itself; name a folder below it")
    if path == workspace / OWN_FOLDER:
        raise ValueError("this folder also holds the report; name a folder below it")
    _check_folder(path)
    if _is_there(path / ".git"):
        raise ValueError("it is a git repository, which the site would replace")
    return path


def state_folder(workspace: Path, text: str) -> Path:
    """The folder for the state, anywhere on the machine; `~` is the home folder, the workspace the start."""
    if not text.isprintable():
        raise ValueError("it holds a line break or a control character")
    try:
        path = (workspace / Path(text).expanduser()).resolve()
    except (OSError, RuntimeError, ValueError):
        raise ValueError("it cannot be resolved") from None
    if path in (workspace, Path(path.anchor)) or workspace.is_relative_to(path):
        raise ValueError("the state needs a folder of its own")
    if any(part.lower() == ".git" for part in path.parts):
        raise ValueError("nothing below .git can be used")
    _check_folder(path)
    return path


def overlap(first: Path, second: Path) -> bool:
    """Whether one of two folders holds the other, or both are the same."""
    return first.is_relative_to(second) or second.is_relative_to(first)


def _check_folder(path: Path) -> None:
    """A folder, or a name that can become one: what is there on the way to it is folders."""
    there = next((place for place in (path, *path.parents) if _is_there(place)), None)
    if there is not None and not there.is_dir():
        raise ValueError(f"{there.name} is a file and not a folder")


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ValueError(f"it cannot be looked at, {error.strerror}") from None
    return True

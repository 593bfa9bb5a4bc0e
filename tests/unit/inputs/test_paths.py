"""Folders stay inside the workspace, whatever links and dots a path is made of."""

from collections.abc import Callable
from pathlib import Path

import pytest

from docsfy_action.inputs.paths import inside, output_folder, overlap, repository_folder, state_folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with links out of it, to itself and inside it."""
    root = (tmp_path / "work").resolve()
    (root / "inner").mkdir(parents=True)
    (root / "file").write_text("x")
    (tmp_path / "outside").mkdir()
    (root / "escape").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root / "loop")
    (root / "alias").symlink_to(root / "inner")
    (root / "other" / ".git").mkdir(parents=True)
    return root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("inner", "inner"),
        ("./inner/../inner", "inner"),
        ("alias", "inner"),
        ("alias/new", "inner/new"),
        ("new/deep", "new/deep"),
        ("", "."),
    ],
)
def test_a_path_in_the_workspace_is_resolved(workspace: Path, text: str, expected: str) -> None:
    """Links are followed once, here, so that nobody else has to think of them."""
    assert inside(workspace, text) == (workspace / expected).resolve()


def test_an_absolute_path_in_the_workspace_is_accepted(workspace: Path) -> None:
    """The runner rewrites mapped host paths in inputs to absolute ones."""
    assert inside(workspace, str(workspace / "inner")) == workspace / "inner"


@pytest.mark.parametrize(
    "text", ["..", "../work2", "/etc", "escape", "escape/x", "inner/../../x", "inner/.git/x", ".GIT", "a\0b", "a\nb"]
)
def test_a_path_that_leaves_the_workspace_is_refused(workspace: Path, text: str) -> None:
    """Neither dots nor links nor an absolute path lead out of it, nor into git's own folder."""
    with pytest.raises(ValueError, match=r".+"):
        inside(workspace, text)


def test_a_loop_of_links_is_refused_or_harmless(workspace: Path) -> None:
    """Python 3.13 resolves a loop to itself, older ones raise; as an output folder it is refused by both."""
    with pytest.raises(ValueError, match=r".+"):
        repository_folder(workspace, "loop")


def test_a_path_too_long_for_the_system_is_refused(workspace: Path) -> None:
    """A name of 100,000 characters is the user's mistake, not a bug."""
    for rule in (repository_folder, output_folder, state_folder):
        with pytest.raises(ValueError, match="it cannot be"):
            rule(workspace, "x" * 100_000)


@pytest.mark.parametrize("text", [".", "_docsfy", "other", "file", "file/below", "inner/..", "escape"])
def test_an_output_folder_that_would_destroy_something_is_refused(workspace: Path, text: str) -> None:
    """The site replaces the whole folder, so it can be neither the workspace, nor a repository, nor a file."""
    with pytest.raises(ValueError, match=r".+"):
        output_folder(workspace, text)


@pytest.mark.parametrize("text", ["_docsfy/site", "public", "inner", "alias/site"])
def test_an_output_folder_may_be_new_or_there(workspace: Path, text: str) -> None:
    """Whose files are in it is decided where it is written."""
    assert output_folder(workspace, text).is_relative_to(workspace)


def test_a_repository_folder_exists(workspace: Path) -> None:
    """A missing folder is told before anything is read."""
    assert repository_folder(workspace, "alias") == workspace / "inner"
    for text in ("missing", "file"):
        with pytest.raises(ValueError, match="no such folder"):
            repository_folder(workspace, text)


def test_the_state_folder_may_be_anywhere_but_needs_to_be_its_own(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`~` is the home folder; the workspace, its parents and the root of the disk are refused."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert state_folder(workspace, "~/state") == (tmp_path / "home" / "state").resolve()
    assert state_folder(workspace, "inner/state") == workspace / "inner" / "state"
    assert state_folder(workspace, str(tmp_path / "outside")) == (tmp_path / "outside").resolve()
    for text in (".", "..", "/", "file", ".git/state", "a\0"):
        with pytest.raises(ValueError, match=r".+"):
            state_folder(workspace, text)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("a", "a", True), ("a", "a/b", True), ("a/b", "a", True), ("a", "b", False), ("ab", "a", False)],
)
def test_overlap(first: str, second: str, expected: bool) -> None:
    """Two folders overlap when one holds the other; a common beginning of their names is none."""
    compare: Callable[[Path, Path], bool] = overlap
    assert compare(Path("/w", first), Path("/w", second)) is expected

"""Files of the state: whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from docsfy_action.errors import StateError
from docsfy_action.state.files import (
    Planted,
    append_whole,
    first_link,
    make_folders,
    place_aside,
    read_regular,
    remove_tree,
    state_error,
    write_whole,
)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """New bytes take the place of old ones and nothing else is left in the folder."""
    path = tmp_path / "file"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_failure_while_writing_leaves_the_old_file(
    broken: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the disk fails, the old bytes are intact, no half file is left, and the error says what to do."""
    path = tmp_path / "file"
    write_whole(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(StateError, match="file") as failure:
        write_whole(path, b"new")
    assert "`cache-dir`" in failure.value.hint
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_what_a_killed_process_left_is_no_obstacle(tmp_path: Path) -> None:
    """A half-written temporary file of the same process number is replaced."""
    (tmp_path / f".tmp-{os.getpid()}-file").write_bytes(b"half")
    write_whole(tmp_path / "file", b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_writing_does_not_follow_links(tmp_path: Path) -> None:
    """A link planted where a file is written is replaced, appending to one is refused; its target is untouched."""
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    for name in ("file", "journal"):
        (tmp_path / name).symlink_to(target)
    write_whole(tmp_path / "file", b"new")
    with pytest.raises(StateError):
        append_whole(tmp_path / "journal", b"line\n")
    assert target.read_bytes() == b"precious"
    assert (tmp_path / "file").read_bytes() == b"new"


def test_lines_are_appended_and_never_to_half_a_line(tmp_path: Path) -> None:
    """Each line is a line of its own, also after a process that died while writing one."""
    path = tmp_path / "journal"
    append_whole(path, b"one\n")
    with path.open("ab") as file:
        file.write(b"half")
    append_whole(path, b"two\n")
    append_whole(path, b"three\n")
    assert path.read_bytes() == b"one\nhalf\ntwo\nthree\n"


def test_a_line_that_did_not_fit_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fills up in the middle of a line, the journal is what it was before."""
    path = tmp_path / "journal"
    append_whole(path, b"one\n")
    write = os.write

    def short(descriptor: int, data: bytes) -> int:
        if len(data) < 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[:-3])

    monkeypatch.setattr(os, "write", short)
    with pytest.raises(StateError, match="No space left") as failure:
        append_whole(path, b"second\n")
    assert "Free some space" in failure.value.hint
    assert path.read_bytes() == b"one\n"


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    """Links, pipes, folders and files with a second name are reported; a missing file is none."""
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert read_regular(tmp_path / "file", 9) == b"12345"
    assert read_regular(tmp_path / "file", 3) == b"1234", "one more than the limit tells that there is more"
    assert read_regular(tmp_path / "absent", 9) is None
    for name in ("link", "dangling", "folder", "pipe"):
        with pytest.raises(Planted, match=name):
            read_regular(tmp_path / name, 9)
    with pytest.raises(StateError, match="too long"):
        read_regular(tmp_path / ("x" * 300), 9)
    os.link(tmp_path / "file", tmp_path / "twin")
    with pytest.raises(Planted, match="same file as another"):
        read_regular(tmp_path / "file", 9)


def test_folders_are_made_and_links_in_the_way_removed(tmp_path: Path) -> None:
    """A link below the state folder would lead the run elsewhere; it goes, its target stays."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = tmp_path / "root"
    assert make_folders(root, root / "a" / "b") == ()
    (root / "a" / "c").symlink_to(elsewhere)
    assert first_link(root, root / "a" / "c" / "d") == root / "a" / "c"
    assert first_link(root, root / "a" / "b") is None
    assert make_folders(root, root / "a" / "c" / "d") == (root / "a" / "c",)
    assert list(elsewhere.iterdir()) == []
    assert (root / "a" / "c" / "d").is_dir()


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    """The error names the folder and says what to do."""
    (tmp_path / "root").write_text("x")
    with pytest.raises(StateError, match="root") as failure:
        make_folders(tmp_path / "root", tmp_path / "root" / "a")
    assert failure.value.hint


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO])
def test_every_trouble_has_a_hint(code: int) -> None:
    """The message holds the system's words, the hint what the user does."""
    error = state_error(OSError(code, os.strerror(code)), "write `x`")
    assert os.strerror(code) in error.message
    assert error.hint.endswith(".")


def test_of_what_was_set_aside_the_newest_stay(tmp_path: Path) -> None:
    """Three versions can be looked at; a state that is damaged again and again does not fill the disk."""
    path = tmp_path / "state"
    for other in ("state", "state.damaged-x", "state.damaged-01", "other.damaged-7", "state.damaged-1-wal"):
        (tmp_path / other).write_text("")
    assert place_aside(path) == (tmp_path / "state.damaged-1", [])
    seen = []
    for _ in range(12):
        place, outdated = place_aside(path)
        place.mkdir()
        seen.append(place.name)
        for old in outdated:
            remove_tree(old)
    assert seen == [f"state.damaged-{number}" for number in range(1, 13)]
    assert {entry.name for entry in tmp_path.iterdir() if entry.is_dir()} == {*seen[-3:]}


def test_what_is_removed_leads_nowhere_else(tmp_path: Path) -> None:
    """A link goes, what it leads to stays; what is not there is no trouble."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(kept)
    (tmp_path / "link").symlink_to(kept)
    for name in ("folder", "link", "none"):
        remove_tree(tmp_path / name)
    assert [entry.name for entry in tmp_path.iterdir()] == ["kept"]
    assert (kept / "file").exists()

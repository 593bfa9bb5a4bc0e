"""Whose folder it is, and how a site takes another's place."""

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from docsfy_action.errors import OutputError
from docsfy_action.site import output
from docsfy_action.site.output import MARKER, check_output, discard, marker, prepare, reported, swap
from tests.unit.site.sites import page, site


def make_site(folder: Path, text: str = "old") -> Path:
    """A folder that is ours, with one page."""
    folder.mkdir(parents=True)
    (folder / MARKER).write_text(marker(site(page("a"))))
    (folder / "index.html").write_text(text)
    return folder


def names(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}


def test_missing_empty_and_own_folders_may_be_used(tmp_path: Path) -> None:
    """Nothing of anybody else's is in them."""
    check_output(tmp_path / "missing" / "deeper")
    (tmp_path / "empty").mkdir()
    check_output(tmp_path / "empty")
    check_output(make_site(tmp_path / "ours"))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": "1"}', "\xff"])
def test_a_folder_with_foreign_files_is_refused(tmp_path: Path, content: str) -> None:
    """Without our marker the folder is somebody else's; the error names a file."""
    (tmp_path / MARKER).write_text(content, "latin-1")
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(OutputError, match=r"holds files that are not a site") as caught:
        check_output(tmp_path)
    assert caught.value.hint


def test_a_file_and_a_dangling_link_are_refused(tmp_path: Path) -> None:
    """Only a folder can hold a site."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file"):
        check_output(tmp_path / "file")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(OutputError, match="leads nowhere"):
        check_output(tmp_path / "link")


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("before", ["missing", "empty", "ours"])
def test_the_new_site_takes_the_place_whole(
    tmp_path: Path, before: str, atomic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the swap the new files are there, the old ones are gone, and nothing lies beside."""
    folder = tmp_path / "deep" / "site"
    if before == "ours":
        make_site(folder)
    elif before == "empty":
        folder.mkdir(parents=True)
    if not atomic:
        monkeypatch.setattr(output, "_exchange", lambda *_: False)
    new = prepare(folder)
    (new / "index.html").write_text("new")
    swap(new, folder)
    assert (folder / "index.html").read_text() == "new"
    assert names(folder.parent) == {"site"}
    assert names(folder) == {"index.html"}


def test_folders_are_readable_by_everybody_the_umask_allows(tmp_path: Path) -> None:
    """The site is published by other programs, often under another user."""
    ordinary = tmp_path / "ordinary"
    ordinary.mkdir()
    assert prepare(tmp_path / "site").stat().st_mode == ordinary.stat().st_mode


def test_a_failed_swap_puts_the_old_site_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where folders cannot be exchanged in one step, a failure of the second step undoes the first."""
    folder = make_site(tmp_path / "site")
    new = prepare(folder)
    monkeypatch.setattr(output, "_exchange", lambda *_: False)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self == new:
            raise OSError(errno.EIO, "input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OutputError, match="input/output error"):
        swap(new, folder)
    assert (folder / "index.html").read_text() == "old"


def test_what_a_killed_run_left_is_cleared_or_put_back(tmp_path: Path) -> None:
    """A half-built folder goes; a site that was set aside comes back when nothing took its place."""
    folder = tmp_path / "site"
    make_site(tmp_path / ".site.docsfy-old")
    (tmp_path / ".site.docsfy-new" / "x").mkdir(parents=True)
    new = prepare(folder)
    assert (folder / "index.html").read_text() == "old"
    assert names(new) == set()
    make_site(tmp_path / ".site.docsfy-old", "older")
    prepare(folder)
    assert (folder / "index.html").read_text() == "old"
    assert names(tmp_path) == {"site", ".site.docsfy-new"}


def test_a_discarded_build_leaves_nothing(tmp_path: Path) -> None:
    """Also when it is gone already."""
    new = prepare(tmp_path / "site")
    discard(new)
    discard(new)
    assert names(tmp_path) == set()


def test_a_full_disk_is_reported_as_such(tmp_path: Path) -> None:
    """The hint says what helps: space."""
    with pytest.raises(OutputError, match="No space left") as caught, reported(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert "space" in caught.value.hint


def test_the_marker_holds_the_commit_and_nothing_of_the_machine() -> None:
    """Name, commit with date and address, number of pages, program and schema: the same on every machine."""
    spec = site(page("a"), commit="abc", commit_date="2026-03-04", commit_url="https://e.org/abc", name="Näme")
    assert json.loads(marker(replace(spec, program_version="1.2.3"))) == {
        "schema": 1,
        "name": "Näme",
        "commit": "abc",
        "date": "2026-03-04",
        "commit_url": "https://e.org/abc",
        "pages": 2,
        "program": "1.2.3",
    }

"""Whose the files of the published branch are."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.repository.branch_files import (
    Beside,
    Changes,
    OnBranch,
    Published,
    changes,
    note,
    preview_folder,
    previews,
    read_note,
    together,
)
from tests.unit.repository.branches import MemoryBranch

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PUBLISHED = Published(commit="a" * 40, committed=NOON, files=frozenset({"index.html", "é.html"}))


def test_a_note_says_what_was_published() -> None:
    """What is written is what is read, and the same files give the same bytes."""
    assert read_note(note(PUBLISHED)) == PUBLISHED
    assert note(PUBLISHED) == note(
        Published(commit="a" * 40, committed=NOON, files=frozenset({"é.html", "index.html"}))
    )


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../b", "a//b", ".git/config", "a/.GIT/x", "./a", "a\nb", 7, None]
)
def test_a_note_cannot_name_what_is_no_file_of_a_site(path: object) -> None:
    """The note lies where others can write; such a path would be removed or refused by git."""
    content = {"schema": 1, "commit": "a", "committed": "2026-11-23T12:00:00+00:00", "files": [path, "ok.html"]}
    published = read_note(json.dumps(content).encode())
    assert published is not None
    assert published.files == {"ok.html"}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"schema": 2}', b'{"schema": 1, "commit": 1, "files": []}',
        b'{"schema": 1, "commit": "a", "committed": "2026-11-23T12:00:00", "files": []}',
        b'{"schema": 1, "commit": "a", "committed": "0001-01-01T00:00:00+14:00", "files": []}',
    ],
)  # fmt: skip
def test_a_file_of_that_name_that_says_something_else(data: bytes) -> None:
    """It is somebody else's: nothing of ours is known to be in the branch."""
    assert read_note(data) is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_can_be_read(data: bytes) -> None:
    """No note raises."""
    read_note(data)


def test_files_of_others_stay() -> None:
    """Only what was published before and is still there is removed."""
    found = changes(
        {"a.html", "new.html"}, there={"a.html", "old.html", "other.html"}, ours={"a.html", "old.html", "x"}
    )
    assert found == Changes(write=("a.html", "new.html"), remove=("old.html",), replaced=())


@pytest.mark.parametrize(
    ("there", "ours", "written"),
    [
        (set(), set(), True),
        ({"CNAME"}, set(), False),
        ({"CNAME"}, {"CNAME"}, True),
    ],
)
def test_a_custom_domain_that_somebody_set_stays(there: set[str], ours: set[str], *, written: bool) -> None:
    """A site that brings one sets it where there is none, or where it set the last one."""
    assert ("CNAME" in changes({"CNAME"}, there=there, ours=ours).write) is written


def test_previews_are_never_touched() -> None:
    """Neither written over nor removed, whatever the note says."""
    preview = "pr-preview/pr-1/index.html"
    assert changes({preview, "a"}, there={preview}, ours={preview}) == Changes(write=("a",), remove=(), replaced=())


def test_what_is_in_the_way_is_named() -> None:
    """A file of the same name, one where a folder is needed, one below what becomes a file."""
    found = changes({"a", "b/c", "d"}, there={"a", "b", "d/e", "f"}, ours=set())
    assert found.replaced == ("a", "b", "d/e")


def test_a_site_in_a_folder_keeps_to_it() -> None:
    """What is written, removed and replaced lies below the folder, and what lies there at the top means nothing."""
    found = changes(
        {"a.html", "CNAME"},
        there={"a.html", "old.html", "CNAME", "1.0/old.html", "1.0/other.html", "1.0/a.html"},
        ours={"old.html", "a.html"},
        folder="1.0/",
    )
    assert found == Changes(write=("1.0/CNAME", "1.0/a.html"), remove=("1.0/old.html",), replaced=())


def test_a_preview_is_a_site_in_a_folder() -> None:
    """Only a site at the top leaves the previews alone."""
    folder = preview_folder(7)
    found = changes({"a"}, there={f"{folder}b", f"{folder}c"}, ours={"b"}, folder=folder)
    assert found == Changes(write=("pr-preview/pr-7/a",), remove=("pr-preview/pr-7/b",), replaced=())


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("pr-preview/pr-7/.docsfy-files", {7}),
        ("pr-preview/pr-7/index.html", set()),
        ("pr-preview/pr-07/.docsfy-files", set()),
        ("pr-preview/pr-7/sub/.docsfy-files", set()),
        ("docs/pr-preview/pr-7/.docsfy-files", set()),
        (f"pr-preview/pr-{'9' * 30}/.docsfy-files", set()),
    ],
)
def test_previews_are_known_by_their_note(path: str, found: set[int]) -> None:
    """A folder without one is another program's."""
    assert previews([path, "index.html"]) == found


def test_changes_are_put_together() -> None:
    """Each looks at the branch as it is; nothing is removed twice."""

    def one(branch: OnBranch) -> Beside:
        return Beside(write={"a": branch.read("x") or b""}, remove=("old", "b"))

    def two(_: OnBranch) -> Beside:
        return Beside(write={"b": b"2"}, links={"latest": "1.0"}, remove=("old",))

    assert together(one, two)(MemoryBranch({"x": b"1"})) == Beside(
        write={"a": b"1", "b": b"2"}, links={"latest": "1.0"}, remove=("old", "b")
    )
    assert not together()(MemoryBranch({}))

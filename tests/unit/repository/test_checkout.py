"""A commit's files as files."""

from datetime import UTC, datetime
from pathlib import Path

from docsfy_action.repository.checkout import check_out
from docsfy_action.repository.snapshot import Entry, Snapshot
from tests.unit.samples import MemoryReader


def test_regular_files_stand_where_the_commit_has_them_and_nothing_else_is_written(tmp_path: Path) -> None:
    """A link, a submodule and a path that a hostile tree holds are left out."""
    modes = {
        "a/b.txt": "100644",
        "run.sh": "100755",
        "caf\udce9": "100644",
        "link": "120000",
        "module": "160000",
        "../out": "100644",
        "/absolute": "100644",
        "a//b": "100644",
        "x/.git/config": "100644",
    }
    entries = {path: Entry(path=path, blob="0" * 40, mode=mode, size=1) for path, mode in modes.items()}
    snapshot = Snapshot(commit="1" * 40, committed=datetime(2026, 1, 1, tzinfo=UTC), entries=entries)
    target = tmp_path / "in" / "here"
    check_out(snapshot, MemoryReader({path: path for path in modes}), into=target)
    written = {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert written == {"a/b.txt": b"a/b.txt", "run.sh": b"run.sh", "caf\udce9": b"caf\xe9"}
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(target)] == []

"""Histories between runs."""

import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.repository.history import History, LastChange
from docsfy_action.repository.snapshot import Commit
from docsfy_action.state.history_store import HistoryStore

DATE = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
HISTORY = History(
    last_change=LastChange(
        commit="b" * 40,
        complete=True,
        commits={"b" * 40: DATE, "a" * 40: datetime(2020, 1, 1, tzinfo=UTC)},
        files={"caf\udce9.py": "a" * 40, "src/ü.py": "b" * 40},
    ),
    recent=(Commit(sha="b" * 40, date=DATE, author="Ada", subject="s", body="b\n\nc", paths=("src/ü.py", "\udcff")),),
    limit=50,
)


def _store(folder: Path) -> HistoryStore[History]:
    return HistoryStore(folder / "history", History)


def test_a_history_comes_back_as_it_was(tmp_path: Path) -> None:
    """Dates, the order of commits and paths that are no UTF-8 survive; each branch has its own."""
    store = _store(tmp_path)
    store.save("feature/x", HISTORY)
    found = _store(tmp_path).load("feature/x")
    assert found == HISTORY
    assert found is not None
    assert list(found.last_change.commits) == ["b" * 40, "a" * 40]
    assert store.load("main") is None
    assert store.load("main", "feature/x") == HISTORY
    assert store.warnings == []


def test_the_same_history_is_not_written_again(tmp_path: Path) -> None:
    """Nothing changes on disk when nothing changed."""
    store = _store(tmp_path)
    store.save("main", HISTORY)
    (file,) = (tmp_path / "history").iterdir()
    before = file.stat().st_mtime_ns, file.stat().st_ino
    store.save("main", HISTORY)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


@pytest.mark.parametrize(
    "data",
    [b"", b"x", zlib.compress(b"{"), zlib.compress(b"{}"), zlib.compress(b"[]"), zlib.compress(b"[" * 100_000),
     zlib.compress(b'{"last_change":{"commit":"c","complete":"maybe"}}'), zlib.compress(b"\xff")],
)  # fmt: skip
def test_a_damaged_history_is_named_and_made_anew(data: bytes, tmp_path: Path) -> None:
    """It counts as none, and the next one takes its place."""
    store = _store(tmp_path)
    store.save("main", HISTORY)
    (file,) = (tmp_path / "history").iterdir()
    file.write_bytes(data)
    assert store.load("main") is None
    assert store.warnings == [f"The state file `{file.name}` is damaged and is made anew."]
    store.save("main", HISTORY)
    assert store.load("main") == HISTORY


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    """Neither reading nor writing goes through a link."""
    store = _store(tmp_path)
    store.save("main", HISTORY)
    (file,) = (tmp_path / "history").iterdir()
    file.rename(tmp_path / "target")
    file.symlink_to(tmp_path / "target")
    before = (tmp_path / "target").read_bytes()
    assert store.load("main") is None
    store.save("main", HISTORY)
    assert not file.is_symlink()
    assert store.load("main") == HISTORY
    assert (tmp_path / "target").read_bytes() == before


@settings(deadline=None)
@given(data=st.binary(max_size=80))
def test_no_bytes_whatever_raise(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any file is a history or none."""
    folder = tmp_path_factory.mktemp("history")
    store = _store(folder)
    (folder / "history").mkdir()
    for content in (data, zlib.compress(data)):
        (folder / "history" / "main.z").write_bytes(content)
        assert store.load("main") is None


def test_a_value_that_cannot_be_written_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    """Only what comes back as it was is stored."""
    with pytest.raises(TypeError, match="bytes"):
        HistoryStore(tmp_path / "history", bytes).save("main", b"x")

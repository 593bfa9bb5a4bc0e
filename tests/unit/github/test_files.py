"""The files that the runner reads back."""

import itertools
import logging
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.github.files import (
    SUMMARY_LIMIT,
    cut_bytes,
    key_value_lines,
    save_state,
    write_outputs,
    write_summary,
)
from docsfy_action.github.owner import give_to_owner


def runner_reads(content: str) -> dict[str, str]:
    """The values as the runner reads such a file (FileCommandManager.cs)."""
    values = {}
    lines = iter(content.split("\n"))
    for line in lines:
        if not line:
            continue
        name, _, mark = line.partition("<<")
        value = list(itertools.takewhile(lambda text, mark=mark: text != mark, lines))  # type: ignore[misc]
        values[name] = "\n".join(value)
    return values


def test_outputs_are_appended_in_order_with_a_final_line_break(tmp_path: Path) -> None:
    """The runner's format, after whatever the file holds already."""
    path = tmp_path / "output"
    path.write_text("x<<E\ny\nE\n", encoding="utf-8")
    assert write_outputs(path, {"status": "ready", "matrix": "a\nb", "preview-url": ""}, token=lambda: "t")
    assert path.read_text(encoding="utf-8") == (
        "x<<E\ny\nE\n"
        "status<<ghadelimiter_t\nready\nghadelimiter_t\n"
        "matrix<<ghadelimiter_t\na\nb\nghadelimiter_t\n"
        "preview-url<<ghadelimiter_t\n\nghadelimiter_t\n"
    )


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b-c", "d"]), st.text(), max_size=3))
def test_the_runner_reads_back_what_was_written(values: dict[str, str]) -> None:
    """No value can end itself, add an output, or break the file's encoding."""
    written = key_value_lines(values, "token")
    assert runner_reads(written) == {
        name: value.encode("utf-8", "backslashreplace").decode() for name, value in values.items()
    }


def test_a_value_with_the_mark_is_refused() -> None:
    """It cannot happen with a random mark; where it does, nothing is written."""
    with pytest.raises(ValueError, match="the value of a"):
        key_value_lines({"a": "x\nghadelimiter_t\nb<<ghadelimiter_t"}, "t")


def test_a_missing_file_is_no_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without a file nothing is written; with one that cannot be, there is a warning and the run goes on."""
    assert not write_outputs(None, {"a": "b"}, token=lambda: "t")
    assert not save_state(tmp_path / "missing" / "state", {"a": "b"}, token=lambda: "t")
    assert not write_summary(tmp_path, "text")
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.WARNING]
    assert "state could not be written" in caplog.text


def test_a_summary_is_cut_by_bytes_at_a_whole_line(tmp_path: Path) -> None:
    """The runner drops a summary of more than 1 MiB whole, so a long one loses its end instead."""
    path = tmp_path / "summary"
    assert write_summary(path, "short")
    assert path.read_text(encoding="utf-8") == "short\n"
    assert write_summary(path, "ü" * 99 + "\n" + "| äöü |\n" * 200_000)
    content = path.read_bytes()
    assert SUMMARY_LIMIT - 20 < len(content) <= SUMMARY_LIMIT
    lines = content.decode().splitlines()
    assert lines[-1].startswith("_This summary was cut")
    assert set(lines[2:-2]) == {"| äöü |"}
    assert not write_summary(path, "no room left")


def test_cutting_gives_whole_characters_within_the_limit() -> None:
    """For every limit, also one below the notice's own length."""
    text = "ü€😀\n" * 100
    for limit in range(0, 400, 7):
        shortened = cut_bytes(text, limit)
        assert len(shortened.encode()) <= limit
        assert "\ufffd" not in shortened


def test_nothing_changes_its_owner_where_the_workspace_is_roots_own(tmp_path: Path) -> None:
    """On a laptop and on a runner without containers there is nothing to give back."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert give_to_owner(tmp_path, [tmp_path, tmp_path / "missing"]) == 0
    assert give_to_owner(tmp_path / "missing", [tmp_path]) == 0


class Owners:
    """Stands in for the system's calls: records who was given what."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, refuse: str = "") -> None:
        self.given: list[tuple[str, int, int, bool]] = []
        self._refuse = refuse
        monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
        monkeypatch.setattr(os, "chown", self._chown, raising=False)

    def _chown(self, path: Path, uid: int, gid: int, *, follow_symlinks: bool) -> None:
        if path.name == self._refuse:
            raise PermissionError(1, "Operation not permitted")
        self.given.append((path.name, uid, gid, follow_symlinks))


@pytest.fixture
def foreign_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of user 1001 with a folder of ours that holds a file and a link out of it."""
    ours = tmp_path / "work" / "ours"
    (ours / "deep").mkdir(parents=True)
    (ours / "deep" / "file").write_text("x", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("x", encoding="utf-8")
    (ours / "link").symlink_to(tmp_path / "outside")
    stat = Path.stat

    def as_foreign(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        result = stat(self, follow_symlinks=follow_symlinks)
        if self != tmp_path / "work":
            return result
        return os.stat_result((*result[:4], 1001, 1002, *result[6:]))

    monkeypatch.setattr(Path, "stat", as_foreign)
    return tmp_path / "work"


def test_what_root_wrote_is_given_to_the_owner_without_following_links(
    foreign_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later steps of the job run as another user and must be able to change and delete it."""
    owners = Owners(monkeypatch)
    assert give_to_owner(foreign_workspace, [foreign_workspace / "ours", foreign_workspace / "missing"]) == 4
    assert sorted(owners.given) == [(name, 1001, 1002, False) for name in ("deep", "file", "link", "ours")]


def test_what_cannot_be_given_is_a_warning(
    foreign_workspace: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """This is the last thing a run does; it must neither fail nor stop half way."""
    owners = Owners(monkeypatch, refuse="deep")
    assert give_to_owner(foreign_workspace, [foreign_workspace / "ours"]) == 3
    assert len(owners.given) == 3
    assert "Operation not permitted" in caplog.text


def test_only_root_gives_away(foreign_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user could not, and need not."""
    owners = Owners(monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert give_to_owner(foreign_workspace, [foreign_workspace]) == 0
    assert owners.given == []

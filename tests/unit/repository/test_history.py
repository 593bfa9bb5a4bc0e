"""The walk over commits, as a pure function of what git prints."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.repository.history import (
    BlobChange,
    Head,
    History,
    LastChange,
    LoggedCommit,
    cut,
    find_last_changes,
    parse_commits,
    parse_log,
)

DATE = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
HEAD = Head(sha="head", date=DATE)
NONE, ONE, TWO = "0" * 40, "1" * 40, "2" * 40


def _logged(sha: str, *changed: tuple[str, str, str]) -> LoggedCommit:
    return LoggedCommit(
        sha=sha, date=DATE, changes=tuple(BlobChange(path=path, old=old, new=new) for path, old, new in changed)
    )


def _tokens(*fields: str) -> Sequence[bytes]:
    return [field.encode("utf-8", "surrogateescape") for field in fields]


def test_gits_log_becomes_commits() -> None:
    """Commits without changes, paths that look like commits, and odd names come through."""
    tokens = _tokens(
        "c3", "1700000000", "c2", "1700000000", f"\n:100644 100644 {ONE} {TWO} M", f":{ONE}",
        f":000000 100644 {NONE} {ONE} A", "caf\udce9\nx",
        "c1", "1700000000", f"\n:100644 000000 {ONE} {NONE} D", "gone", "",
    )  # fmt: skip
    assert list(parse_log(iter(tokens), frozenset())) == [
        _logged("c3"),
        _logged("c2", (f":{ONE}", ONE, TWO), ("caf\udce9\nx", NONE, ONE)),
        _logged("c1", ("gone", ONE, NONE)),
    ]


def test_a_stream_is_cut_at_its_nuls_wherever_it_breaks() -> None:
    """Fields may be spread over several reads, and the last one need not be closed."""
    text = b"one\0two\0\0" + b"x" * 70_000 + b"\0last"
    assert list(cut(io.BufferedReader(io.BytesIO(text)))) == [b"one", b"two", b"", b"x" * 70_000, b"last"]
    assert list(cut(io.BytesIO(b""))) == []


def test_an_odd_line_is_no_change() -> None:
    """A raw line of another form is passed over with its path."""
    assert next(parse_log(iter(_tokens("c1", "0", ":odd", "path")), frozenset())).changes == ()


def test_what_a_cut_off_commit_changed_is_not_known() -> None:
    """At the boundary of a shallow history git says that every file was added; that is dropped."""
    tokens = _tokens("c1", "1700000000", f"\n:000000 100644 {NONE} {ONE} A", "a")
    assert list(parse_log(iter(tokens), frozenset({"c1"}))) == [_logged("c1")]


def test_commits_are_read_with_empty_fields_and_foreign_bytes() -> None:
    """Empty messages and bytes that are no UTF-8 do not shift the fields."""
    changed = f":100644 100644 {ONE} {TWO} M".encode()
    tokens = [b"c2", b"1700000000", b"J\xf6rg", b"subject", b"body\n\nmore\n"]
    tokens += [b"c1", b"x", b" A ", b"", b"", b"\n" + changed, b"z", changed, b"a"]
    second, first = parse_commits(iter(tokens), frozenset())
    assert (second.sha, second.date, second.author, second.subject, second.body, second.paths) == (
        "c2", DATE, "J\ufffdrg", "subject", "body\n\nmore", (),
    )  # fmt: skip
    assert (first.author, first.subject, first.body, first.paths) == ("A", "", "", ("a", "z"))


@given(st.lists(st.one_of(st.binary(max_size=9), st.just(b":1 1 a b M"), st.just(b"sha")), max_size=12))
def test_no_output_whatever_breaks_the_reading(tokens: list[bytes]) -> None:
    """Odd output gives fewer commits, never an exception."""
    assert all(isinstance(commit, LoggedCommit) for commit in parse_log(iter(tokens), frozenset()))
    list(parse_commits(iter(tokens), frozenset()))


def test_the_newest_change_of_the_content_counts() -> None:
    """A change of the mode alone is none, later ones hide earlier ones, and files nobody changed get HEAD."""
    walk = [
        _logged("head", ("a", ONE, ONE), ("gone", ONE, NONE)),
        _logged("c2", ("b", NONE, TWO)),
        _logged("c1", ("a", NONE, ONE), ("b", NONE, ONE)),
    ]
    change = find_last_changes(walk, {"a": ONE, "b": TWO, "never": ONE}, HEAD, None)
    assert change.files == {"a": "c1", "b": "c2", "never": "head"}
    assert list(change.commits) == ["head", "c2", "c1"]
    assert not change.complete


def test_a_history_that_does_not_lead_to_the_commit_is_not_believed() -> None:
    """Where the newest change put something else there than the commit holds, the file gets HEAD."""
    change = find_last_changes([_logged("c1", ("a", NONE, TWO))], {"a": ONE}, HEAD, None)
    assert change.files == {"a": "head"}


def test_a_remembered_result_that_lacks_a_file_is_not_used() -> None:
    """The walk goes on past the remembered commit when the memory cannot answer for every file."""
    remembered = LastChange(commit="c2", complete=True, files={"a": "old"}, commits={"old": DATE})
    walk = [_logged("c2"), _logged("c1", ("a", NONE, ONE), ("b", NONE, ONE))]
    assert find_last_changes(walk, {"a": ONE, "b": ONE}, HEAD, remembered).files == {"a": "c1", "b": "c1"}
    assert find_last_changes(walk, {"a": ONE}, HEAD, remembered).files == {"a": "old"}


def test_the_walk_stops_when_every_file_is_known() -> None:
    """Nothing older is asked for once the last file is decided."""

    def walk() -> Iterator[LoggedCommit]:
        yield _logged("c1", ("a", NONE, ONE))
        raise AssertionError("walked too far")

    change = find_last_changes(walk(), {"a": ONE}, HEAD, None)
    assert change.complete


def test_only_a_complete_history_of_the_same_commit_and_length_is_the_answer() -> None:
    """Anything less is read again."""
    complete = LastChange(commit="c", complete=True)
    assert History(last_change=complete, limit=3).answers("c", 3)
    assert not History(last_change=complete, limit=3).answers("c", 4)
    assert not History(last_change=complete, limit=3).answers("d", 3)
    assert not History(last_change=complete, limit=3, reason="no network").answers("c", 3)
    assert not History(last_change=LastChange(commit="c", complete=False), limit=3).answers("c", 3)

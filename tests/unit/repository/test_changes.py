"""The difference between two trees."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.repository.changes import Changes, Rename, blobs_of, changes
from docsfy_action.repository.snapshot import Entry, Snapshot

trees = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("1234"))


def test_each_kind_of_change_is_told() -> None:
    """A file that only moved is a rename; equal contents are paired in the order of their paths."""
    old = {"same": "1", "edited": "2", "gone": "3", "one": "4", "two": "4", "three": "4"}
    new = {"same": "1", "edited": "9", "new": "8", "x": "4", "y": "4"}
    found = changes(old, new)
    assert found == Changes(
        added=("new",),
        removed=("gone", "two"),
        modified=("edited",),
        renamed=(Rename(old="one", new="x"), Rename(old="three", new="y")),
    )
    assert found.paths == {"edited", "gone", "new", "one", "two", "three", "x", "y"}
    assert found


def test_snapshots_are_compared_by_their_blobs() -> None:
    """A snapshot and the blob ids remembered of it are the same tree."""
    entry = Entry(path="a", blob="1", mode="100644", size=3)
    snapshot = Snapshot(commit="c", committed=datetime(2026, 1, 1, tzinfo=UTC), entries={"a": entry})
    assert blobs_of(snapshot) == {"a": "1"}
    assert not changes(snapshot, {"a": "1"})
    assert changes({"a": "2"}, snapshot).modified == ("a",)


@given(old=trees, new=trees)
def test_changes_applied_to_the_old_tree_give_the_new_one(old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Nothing is missing from the difference, nothing is told twice, and its order does not depend on the input's."""
    found = changes(old, new)
    tree = dict(old)
    for rename in found.renamed:
        tree[rename.new] = tree.pop(rename.old)
    for path in found.removed:
        del tree[path]
    for path in (*found.added, *found.modified):
        tree[path] = new[path]
    assert tree == new
    told = [*found.added, *found.removed, *found.modified]
    told += [path for rename in found.renamed for path in (rename.old, rename.new)]
    assert len(told) == len(set(told)) == len(found.paths)
    assert changes(dict(sorted(old.items(), reverse=True)), dict(sorted(new.items(), reverse=True))) == found

"""The comment as a file, from a run that may not write to one that may."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.github.comment import Comment, PageRow, Spent
from docsfy_action.github.message import MOST_BYTES, Message, read_message, write_message
from docsfy_action.lifecycle import Mention, StaleName

COMMENT = Comment(
    site="shop",
    head="a" * 40,
    branch="main",
    base="b" * 40,
    total=3,
    pages=(PageRow(slug="a", title="A \udce4", action="new", reason="new page", diff=("+x",)),),
    stale=(StaleName(kind="flag", name="--x", path="a.py", mentions=(Mention(path="README.md", line=1),)),),
    spent=Spent(calls=1, tokens=2, dollars=None),
)
MESSAGE = Message(pull_request=7, head_sha="a" * 40, key="0123456789ab", comment=COMMENT)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["pages", "stale", "comment", "key", "x"]), inner)
    ),
    max_leaves=8,
)


def test_what_is_written_is_read_again() -> None:
    """With names that are no Unicode, too."""
    assert read_message(write_message(MESSAGE)) == MESSAGE


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_nothing_else_is_taken_for_one(data: bytes) -> None:
    """Whatever the bytes are, the answer is a reason and no exception."""
    assert isinstance(read_message(data), str)


@given(st.sampled_from(["pull_request", "head_sha", "key", "comment", "schema_version"]), JSON)
def test_no_part_is_taken_on_trust(field: str, value: object) -> None:
    """A value of the wrong kind in any place is a reason, or harmless; numbers and ids keep their form."""
    found = read_message(json.dumps({**json.loads(write_message(MESSAGE)), field: value}).encode())
    if not isinstance(found, str):
        assert found.pull_request > 0
        assert len(found.head_sha) == 40
        assert len(found.key) == 12


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{}" + b" " * MOST_BYTES, b'{"schema_version": 2}', b"\xff"])
def test_what_is_too_deep_or_too_large_is_refused(data: bytes) -> None:
    """Before it costs anything."""
    assert isinstance(read_message(data), str)

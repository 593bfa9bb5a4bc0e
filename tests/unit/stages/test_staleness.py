"""Where a line of a file is after a change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.stages.staleness import line_now

OLD = "one\ntwo\nthree\nfour\nfive\n"


@pytest.mark.parametrize(
    ("new", "line", "now"),
    [
        (OLD, 3, 3),
        ("one\ntwo\nfour\nfive\n", 3, 3),
        ("new\none\ntwo\nthree\nfour\nfive\n", 3, 4),
        ("one\ntwo\nDREI\nfour\nfive\n", 3, 3),
        ("one\ntwo\nfive\n", 4, 3),
        ("", 5, 1),
    ],
)
def test_a_line_that_went_is_looked_for_where_it_went(new: str, line: int, now: int) -> None:
    """The line that stands in its place, or behind it; one that is there still has its new number."""
    assert line_now(OLD, new, line) == now


@given(st.text(alphabet="ab\n", max_size=30), st.text(alphabet="ab\n", max_size=30), st.integers(1, 40))
def test_it_is_a_line_of_the_file(old: str, new: str, line: int) -> None:
    """Whatever changed, an annotation there can be shown."""
    assert 1 <= line_now(old, new, line) <= new.count("\n") + 1

"""Folder names of variants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.state.variant import Variant, folder_name

text = st.one_of(st.text(max_size=8), st.text("aA./%~-_[]", max_size=8), st.text("aé", min_size=140, max_size=160))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("main", "main"),
        ("claude-opus-4-6[1m]", "claude-opus-4-6%5b1m%5d"),
        ("gpt-4.1", "gpt-4.1"),
        ("feature/x", "feature%2fx"),
        ("Main", "%4dain"),
        ("", "%-"),
        (".", "%2e"),
        ("..", "%2e%2e"),
        (".git", "%2egit"),
        ("x.lock", "x%2elock"),
        ("x.damaged-1", "x%2edamaged-1"),
        ("x.damaged-1x", "x.damaged-1x"),
        ("a~b", "a%7eb"),
        ("\udcff", "%ed%b3%bf"),
    ],
)
def test_usual_names_stay_readable_and_odd_ones_become_safe(said: str, name: str) -> None:
    """Letters in upper case, slashes, brackets and names that mean something to the store or the system are escaped."""
    assert folder_name(said) == name


@given(one=text, other=text)
def test_no_two_names_share_a_folder(one: str, other: str) -> None:
    """Different texts have different folders, also where upper and lower case are the same, and each is a safe name."""
    names = [folder_name(one), folder_name(other)]
    assert (names[0].lower() == names[1].lower()) == (one == other)
    for name in names:
        assert 0 < len(name.encode()) <= 250
        assert "/" not in name
        assert "\0" not in name
        assert not name.startswith(".")
        assert not name.endswith(".lock")


@given(st.lists(text, min_size=5, max_size=5), st.lists(text, min_size=5, max_size=5))
def test_no_two_variants_share_a_folder(one: list[str], other: list[str]) -> None:
    """Parts cannot run into each other, and no variant lies inside another one."""
    first, second = (
        Variant(owner=said[0], project=said[1], branch=said[2], provider=said[3], model=said[4])
        for said in (one, other)
    )
    assert (first.folder == second.folder) == (first == second)
    assert len(first.folder.parts) == len(second.folder.parts) == 6
    assert first.folder.is_relative_to(first.project_folder)


def test_another_branch_changes_only_the_branch() -> None:
    """The variant a branch is seeded from has the same repository, provider and model."""
    variant = Variant(owner="o", project="p", branch="x", provider="claude", model="m")
    assert variant.on_branch("main") == Variant(owner="o", project="p", branch="main", provider="claude", model="m")

"""Anchors are those that GitHub and the site give a heading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.markdown import escape, slugify
from tests.unit.verify.rendering import anchors


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Getting started", "getting-started"),
        ("Client.get", "clientget"),
        ("What's new?", "whats-new"),
        ("`--dry-run` and  `-v`", "--dry-run-and---v"),
        ("snake_case_name", "snake_case_name"),
        ("A & B", "a--b"),
        ("Größe des Ärmels", "größe-des-ärmels"),
        ("日本語 の 見出し", "日本語-の-見出し"),
        ("3.11", "311"),
        ("  blanks  ", "blanks"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_anchor_of_a_heading(heading: str, anchor: str) -> None:
    """Lower case, nothing but letters, digits, `_`, `-`; every blank a dash."""
    assert slugify(heading) == anchor


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"], exclude_characters="<>&"), min_size=1
    )
)
def test_anchors_are_those_of_the_site(heading: str) -> None:
    """What a link names after `#` is the id that the site's Markdown writes into the page."""
    anchor = slugify(heading)
    if anchor:
        assert anchors(f"# {escape(heading)}\n") == [anchor]

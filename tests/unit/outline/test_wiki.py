"""`.devin/wiki.json`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.outline.model import SLUG
from docsfy_action.outline.wiki import WikiPage, read_wiki
from tests.unit.samples import STEADY


def test_notes_and_pages_are_read() -> None:
    """Notes become instructions, pages keep title, purpose, notes and parent."""
    data = {
        "repo_notes": [{"content": "The core is in pkg/.", "author": "me"}, {"content": ""}, "plain"],
        "pages": [
            {"title": "Data flow", "purpose": "How data moves.", "page_notes": [{"content": "Start at main."}]},
            {"title": "Queues", "purpose": "", "parent": "Data flow"},
        ],
    }
    wiki = read_wiki(json.dumps(data).encode())
    assert wiki.notes == ("The core is in pkg/.", "plain")
    assert wiki.pages == (
        WikiPage(slug="data-flow", title="Data flow", brief="How data moves.\nStart at main."),
        WikiPage(slug="queues", title="Queues", brief="", parent="Data flow"),
    )
    assert not wiki.problem


def test_the_first_page_of_a_title_counts() -> None:
    """Two pages never share a slug."""
    data = {"pages": [{"title": "A b", "purpose": "one"}, {"title": "a B", "purpose": "two"}, {"title": ""}, 3]}
    assert [page.brief for page in read_wiki(json.dumps(data).encode()).pages] == ["one"]


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"{", "no JSON"), (b"[]", "no JSON object"), (b"[" * 90_000, "no JSON"), (b" " * 200_001, "larger than")],
)
def test_what_cannot_be_used_says_why(data: bytes, said: str) -> None:
    """A file that is no steering is named as such, and steers nothing."""
    wiki = read_wiki(data)
    assert said in wiki.problem
    assert not wiki.pages


@STEADY
@given(
    st.binary(max_size=100)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["pages", "repo_notes", "title", "purpose", "page_notes", "content", "parent"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=14,
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_file_is_read(data: bytes) -> None:
    """Whatever the repository holds, slugs are safe and nothing raises."""
    wiki = read_wiki(data)
    assert all(SLUG.fullmatch(page.slug) and page.title.isprintable() for page in wiki.pages)

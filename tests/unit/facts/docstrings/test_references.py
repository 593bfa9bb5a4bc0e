"""Reference links of Markdown in doc comments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.facts.docstrings import parse_doc
from docsfy_action.facts.docstrings.references import without_references
from tests.unit.samples import STEADY


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        ("See [Streams][0].\n\n[0]: /guide#streams\n", "See Streams.\n\n"),
        ("See [S][s] and [Cookies][].\n\n[S]: https://x.org/s\n[cookies]: <https://x.org/c>",
         "See [S](https://x.org/s) and [Cookies](https://x.org/c).\n\n"),
        ("Takes a[x][0].\n\n[0]: /guide", "Takes a[x][0].\n\n[0]: /guide"),
        ("See [Streams][1].\n\n[0]: /guide", "See [Streams][1].\n\n[0]: /guide"),
        ("See [Streams][0].", "See [Streams][0]."),
        ("`[x][0]` is code.\n\n[0]: /guide", "`[x][0]` is code.\n\n[0]: /guide"),
    ],
)  # fmt: skip
def test_references_are_resolved_where_the_comment_defines_them(doc: str, expected: str) -> None:
    """Web addresses become links, paths of the project's own site become text; everything else stays as it is."""
    assert without_references(doc) == expected


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_a_reader_sees_no_labels(language: str) -> None:
    """Neither brackets with a label nor the line that defines it are left."""
    parsed = parse_doc("Sends.\n\nSee also: [Streaming Responses][0]\n\n[0]: /quickstart#streaming\n", language)
    assert (parsed.summary, parsed.body) == ("Sends.", "See also: Streaming Responses")


@STEADY
@given(st.text("[]:<>/ab0 \n`h", max_size=60))
def test_any_comment_can_be_resolved(doc: str) -> None:
    """Brackets of any kind raise nothing, and text without a definition is left alone."""
    assert "]:" in doc or without_references(doc) == doc

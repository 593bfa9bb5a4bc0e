"""Link targets of the page format are taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.citations import Citation, citation, is_inside, parse_citation


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("src:a/b.py", Citation(scheme="src", path="a/b.py")),
        ("src:a/b/", Citation(scheme="src", path="a/b", folder=True)),
        ("src:a/b.py#C.get", Citation(scheme="src", path="a/b.py", symbol="C.get")),
        ("doc:a%20b.py#C", Citation(scheme="doc", path="a b.py", symbol="C")),
        ("src:a.py?x%20%3D%201%23%3F", Citation(scheme="src", path="a.py", literal="x = 1#?")),
        ("commit:abc", Citation(scheme="commit", path="abc")),
        ("https://x.org/src:a", None),
        ("page.md#src", None),
        ("", None),
    ],
)
def test_targets_are_taken_apart(target: str, expected: Citation | None) -> None:
    """Path, symbol and literal are decoded; other links are none of ours."""
    assert parse_citation(target) == expected


names = st.text(min_size=1, max_size=20).filter(lambda text: not text.endswith("/"))


@given(path=names, symbol=names, literal=names)
def test_whatever_is_cited_is_read_back(path: str, symbol: str, literal: str) -> None:
    """Any path, symbol or literal, also with `#`, `?`, `%` or blanks in it, survives the way through a link."""
    assert parse_citation(citation(path)) == Citation(scheme="src", path=path)
    assert parse_citation(citation(f"{path}/")) == Citation(scheme="src", path=path, folder=True)
    assert parse_citation(citation(path, symbol=symbol)) == Citation(scheme="src", path=path, symbol=symbol)
    cited = parse_citation(citation(path, literal=literal, documented=True))
    assert cited == Citation(scheme="doc", path=path, literal=literal)


def test_bytes_that_are_no_utf8_survive() -> None:
    """Paths that git has as raw bytes are cited by those bytes."""
    path = b"caf\xe9.py".decode("utf-8", "surrogateescape")
    assert citation(path) == "src:caf%E9.py"
    assert parse_citation("src:caf%E9.py") == Citation(scheme="src", path=path)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../b", "a//b", "./a", ".."])
def test_paths_that_git_does_not_write_are_refused(path: str) -> None:
    """A citation cannot leave the repository."""
    assert not is_inside(path)
    assert is_inside("a/b.c")

"""Where the published site is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.stages.recovery import addresses, usable
from docsfy_action.state.published import FILE


@pytest.mark.parametrize(
    ("said", "api", "guessed", "expected"),
    [
        ("https://a", "https://b", "https://c", ["https://b"]),
        ("https://a", "", "https://c", ["https://a"]),
        ("https://a", None, "https://c", ["https://a"]),
        ("", None, "https://c", ["https://c"]),
        ("", "", "https://c", []),
        ("", "", "", []),
    ],
)
def test_what_github_says_comes_first(said: str, api: str | None, guessed: str, expected: list[str]) -> None:
    """Then what the workflow says; the usual address only where GitHub does not say that there is no site."""
    assert list(addresses(said, api, guessed)) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://o.github.io/p/", f"https://o.github.io/p/{FILE}"),
        ("http://docs.example.org", f"https://docs.example.org/{FILE}"),
        ("http://127.0.0.1:8000/x?y#z", f"http://127.0.0.1:8000/x/{FILE}"),
        ("file:///etc", ""),
        ("https://user:secret@example.org/", ""),
        ("https://", ""),
        ("https://[", ""),
    ],
)
def test_nothing_is_asked_for_without_encryption(address: str, expected: str) -> None:
    """But of this machine; other things than web addresses are none."""
    assert usable(address) == expected


@given(st.text(max_size=30) | st.text(max_size=20).map("https://".__add__))
def test_any_text_is_an_address_or_none(text: str) -> None:
    """What GitHub answers is foreign."""
    found = usable(text)
    assert not found or found.startswith(("https://", "http://"))

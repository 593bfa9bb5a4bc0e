"""Words in texts."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.repository.words import find_words, is_document

TEXT = b"""
os.path.join(base, "--dry-run")  # set MY_TOKEN, see --output=FILE; -v
import client-go/v2 @scope/pkg.name C++ naive foo_bar Client.get() "--no-color".
caf\xc3\xa9 $HOME %s!
"""


WHOLE = """os os.path os.path.join --dry-run --output MY_TOKEN -v client client-go client-go/v2 @scope/pkg
@scope/pkg.name pkg.name C++ foo_bar Client.get Client.get() --no-color café $HOME run %s! !""".split()
NOT_WHOLE = """o path.joi --dry dry-ru MY TOKEN --out --output-dir -client foo get_ --no no-color s.path os.path.joined
pkg.names Client.set path.os ??""".split()


@pytest.mark.parametrize("word", WHOLE)
def test_whole_words_are_found(word: str) -> None:
    """Names with dots, dashes, slashes and marks are found as they stand in the text."""
    assert find_words([word], [TEXT]) == {word}


@pytest.mark.parametrize("word", [*NOT_WHOLE, "", " ", "caf\udce9", "\ud800", "a-\udfff"])
def test_parts_of_words_and_invented_names_are_not_found(word: str) -> None:
    """A prefix of a longer name is no occurrence, and with a dash in the word a further dash continues it."""
    assert find_words([word], [TEXT]) == frozenset()


def test_several_texts_are_searched_and_binary_ones_are_not() -> None:
    """A word need stand in one text only; a text with an early NUL byte holds no words."""
    texts = [b"alpha", b"\0 gamma beta.two", b"x beta.two"]
    assert find_words(["alpha", "beta.two", "gamma"], texts) == {"alpha", "beta.two"}


def test_texts_are_read_only_until_everything_is_found() -> None:
    """The search stops as soon as no word is missing."""

    def texts() -> Iterator[bytes]:
        yield b"alpha"
        raise AssertionError("read too far")

    assert find_words(["alpha"], texts()) == {"alpha"}


ALPHABET = "ab-._ /é"


@given(
    words=st.lists(st.text(ALPHABET, min_size=1, max_size=5), max_size=6), text=st.text(ALPHABET + "\n", max_size=40)
)
def test_the_fast_search_agrees_with_a_plain_one(words: list[str], text: str) -> None:
    """The same words are found as by one regular expression a word."""

    def occurs(word: str) -> bool:
        around = r"[A-Za-z0-9_-]" if "-" in word else r"[A-Za-z0-9_]"
        before = f"(?<!{around})" if re.match(around, word) else ""
        after = f"(?!{around})" if re.match(around, word[-1]) else ""
        return bool(word.strip()) and re.search(before + re.escape(word) + after, text) is not None

    assert find_words(words, [text.encode()]) == {word for word in words if occurs(word)}


@pytest.mark.parametrize(
    "path",
    ["README.md", "README", "docs/guide.rst", "docs/notes.txt", "LICENSE.txt", "CHANGES", "a/b/CONTRIBUTING.MD",
     "doc/manual.html", "x.adoc"],
)  # fmt: skip
def test_prose_is_known_by_its_name(path: str) -> None:
    """Files for people to read, wherever they lie."""
    assert is_document(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/app.py",
        "requirements.txt",
        "CMakeLists.txt",
        "docs/conf.py",
        "docs/example.go",
        "templates/a.html",
        "notice.py",
    ],
)
def test_code_and_data_are_no_prose(path: str) -> None:
    """What is read by machines counts, also when it lies beside the documentation."""
    assert not is_document(path)

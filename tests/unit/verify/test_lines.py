"""Which lines of a commit hold a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.lines import Lines
from tests.unit.samples import STEADY, MemoryReader, code_base

TEXTS = {
    "a.py": "x = word  \n  word_more = 1\n\nword(word)\n# --dry-run, --dry\n",
    "b/c.txt": "the word\n",
    "README.md": "A word and only_here.\n",
    "vendor/x.py": "word = only_vendored\n",
    "data.bin": "word\0",
    "é.py": "größe = 1\n",
}


def _lines(texts: dict[str, str] = TEXTS) -> Lines:
    return Lines(code_base(texts).files, MemoryReader(texts).read)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("word", {"a.py": ("x = word", "word(word)"), "b/c.txt": ("the word",)}),
        ("word_more", {"a.py": ("word_more = 1",)}),
        ("--dry", {"a.py": ("# --dry-run, --dry",)}),
        ("only_here", {"README.md": ("A word and only_here.",)}),
        ("only_vendored", {}),
        ("größe", {"é.py": ("größe = 1",)}),
        ("nothing", {}),
        ("é", {}),
    ],
)
def test_whole_words_are_found_with_their_lines(word: str, found: dict[str, tuple[str, ...]]) -> None:
    """Letters, digits and `_` continue a word, dashes one that has dashes; documents count where nothing else holds it."""
    lines = _lines()
    assert lines.of(word) == found
    assert lines.of(word) == found


def test_texts_are_found_character_for_character() -> None:
    """A command line stands in these files, documents included."""
    assert _lines().holding("the word") == ("b/c.txt",)
    assert _lines().holding("and only_here") == ("README.md",)
    assert _lines().holding("word   (") == ()


def test_files_beyond_what_is_kept_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that is too large for memory gives the same answers."""
    monkeypatch.setattr("docsfy_action.verify.lines._MOST_KEPT", 0)
    assert _lines().of("word") == {"a.py": ("x = word", "word(word)"), "b/c.txt": ("the word",)}


@STEADY
@given(st.lists(st.text(alphabet="ab_- \n\0é", max_size=30), max_size=4), st.text(alphabet="ab_-é ", max_size=4))
def test_any_word_is_looked_up(texts: list[str], word: str) -> None:
    """Whatever the word is, every line given holds it."""
    files = {f"{number}.py": text for number, text in enumerate(texts)}
    lines = _lines(files)
    assert all(word.strip() in line for held in lines.of(word).values() for line in held)
    assert set(lines.holding(word)) <= {path for path, text in files.items() if word in text}

"""Quick highlighting changes the time, not the result."""

from contextlib import suppress

import pytest
from pymdownx import highlight

from docsfy_action.site.highlight import quick_highlighting


def highlighted(language: str, code: str, **options: object) -> str:
    """HTML of one block of code."""
    return str(highlight.Highlight(None, **options).highlight(code, language))


@pytest.mark.parametrize("language", ["python", "console", "go", "yaml", "", "no-such-language"])
@pytest.mark.parametrize("options", [{}, {"noclasses": True}, {"linenums": True}, {"pygments_lang_class": True}])
def test_code_looks_the_same(language: str, options: dict[str, object]) -> None:
    """For known and unknown languages, with classes, inline styles and line numbers."""
    code = "$ x = 'a' # é\nfor y in x: pass\n"
    expected = highlighted(language, code, **options)
    with quick_highlighting():
        assert highlighted(language, code, **options) == expected


def test_afterwards_everything_is_as_it_was() -> None:
    """The change to pymdownx ends with the block, also when the block fails."""
    before = highlight.get_lexer_by_name, vars(highlight.BlockHtmlFormatter).copy()
    with suppress(ZeroDivisionError), quick_highlighting():
        assert highlight.get_lexer_by_name is not before[0]
        raise ZeroDivisionError
    assert (highlight.get_lexer_by_name, vars(highlight.BlockHtmlFormatter).copy()) == before

"""Highlighting with the same result for less: style tables and lexer classes are looked up once, not per code block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from pymdownx import highlight


@contextmanager
def quick_highlighting() -> Iterator[None]:
    """While this lasts, pymdownx's formatters share style tables, and lexers are found without a search.

    Pygments fills two tables of the style for every formatter it makes, and pymdownx makes one for every code block;
    with class names in the output nothing ever reads them.
    """
    formatters = (highlight.BlockHtmlFormatter, highlight.InlineHtmlFormatter)
    lookup = highlight.get_lexer_by_name
    highlight.get_lexer_by_name = _lexer
    for formatter in formatters:
        formatter._create_stylesheet = _share_stylesheet  # noqa: SLF001 - the one hook between options and tables
    try:
        yield
    finally:
        highlight.get_lexer_by_name = lookup
        for formatter in formatters:
            del formatter._create_stylesheet  # noqa: SLF001 - the inherited method shows again


def _share_stylesheet(formatter: highlight.HtmlFormatter) -> None:
    if formatter.noclasses:
        highlight.HtmlFormatter._create_stylesheet(formatter)  # noqa: SLF001 - styles in the HTML do need the tables
    else:
        formatter.ttype2class, formatter.class2style = {}, {}


def _lexer(name: str, **options: object) -> object:
    return _lexer_class(name)(**options)


@cache
def _lexer_class(name: str) -> Callable[..., object]:
    return type(_find_lexer(name))


_find_lexer = highlight.get_lexer_by_name

"""Doc comments as structure: Google, NumPy, Sphinx, JSDoc and Go styles all become a `ParsedDoc` with Markdown text."""

from functools import lru_cache

from docsfy_action.facts.docstrings.model import DocItem, ParsedDoc

__all__ = ["DocItem", "ParsedDoc", "parse_doc"]


@lru_cache(maxsize=4096)
def parse_doc(doc: str, language: str) -> ParsedDoc:
    """Take a doc comment apart by the habits of its language."""
    # Each parser is loaded only where a page of its language is written.
    if language == "python":
        from docsfy_action.facts.docstrings import python

        return python.parse(doc)
    if language == "go":
        from docsfy_action.facts.docstrings import godoc

        return godoc.parse(doc)
    from docsfy_action.facts.docstrings import jsdoc

    return jsdoc.parse(doc)

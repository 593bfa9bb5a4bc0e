"""Doc comments as structure: Google, NumPy, Sphinx, JSDoc and Go styles all become a `ParsedDoc` with Markdown text."""

from functools import lru_cache

from docsfy_action.facts.docstrings.model import DocItem, ParsedDoc
from docsfy_action.facts.docstrings.references import without_references

__all__ = ["DocItem", "ParsedDoc", "parse_doc"]


@lru_cache(maxsize=1024)
def parse_doc(doc: str, language: str) -> ParsedDoc:
    """Take a doc comment apart by the habits of its language."""
    # Each parser is loaded only where a page of its language is written.
    if language == "python":
        from docsfy_action.facts.docstrings.python import parse as parse_python

        return parse_python(without_references(doc))
    if language == "go":
        from docsfy_action.facts.docstrings.godoc import parse as parse_go

        return parse_go(doc)
    from docsfy_action.facts.docstrings.jsdoc import parse as parse_script

    return parse_script(without_references(doc))
